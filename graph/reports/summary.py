"""Summaries: what a view says of a map or of one of its nodes, in brief or at length; as Markdown and as a page."""

import re
from html import escape

from graph.budgets import StepBudget
from graph.errors import NotFound
from graph.reports import actor, claim, map, source
from graph.reports.briefs import brief_of, brief_of_map
from graph.reports.names import Names
from graph.reports.reading import Reading
from graph.reports.words import bare, capital, words_in
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import Actor, AnyNode, Motive, Source, Statement
from schemas.query import SummaryDetail
from schemas.summary import Clause, Section, Sentence, Summary
from schemas.vocabulary import Kind

SUBJECTS: tuple[Kind, ...] = ("actor", "motive", "source", "statement")
"""Kinds of node that a summary can be of."""


def summary_of_map(graph: ArgumentGraph, detail: SummaryDetail = "normal", budget: StepBudget | None = None) -> Summary:
    """What a view says as a whole; O(nodes + links), and of a brief a bounded search."""
    reading = Reading(graph, detail, budget or StepBudget())
    told = (brief_of_map(reading),) if detail == "brief" else map.sections(reading)
    return _summary(reading, graph.header.title, told)


def summary_of(
    graph: ArgumentGraph, kind: Kind, node_id: str, detail: SummaryDetail = "normal", budget: StepBudget | None = None
) -> Summary:
    """What a view says of one actor, motive, source or statement.

    Raises `NotFound` where the view has no such node; nodes of other kinds have no summary.
    """
    number = graph.find(node_id)
    node = graph.at(number) if number is not None else None
    if node is None or node.kind != kind or kind not in SUBJECTS:
        there = f"; {node_id!r} is of kind {node.kind}" if node is not None else ""
        raise NotFound(f"this view of map {graph.map!r} has no {kind} {node_id!r}{there}", code="node_not_found")
    reading = Reading(graph, detail, budget or StepBudget())
    title, sections = _told(reading, node)
    return _summary(reading, title, sections)


def _summary(reading: Reading, title: str, sections: tuple[Section, ...]) -> Summary:
    graph = reading.graph
    words = sum(words_in(sentence.text) for section in sections for sentence in section.sentences)
    return Summary(graph.map, graph.revision, capital(bare(title)), reading.detail, words, sections)


def _told(reading: Reading, node: AnyNode) -> tuple[str, tuple[Section, ...]]:
    brief = (brief_of(reading, node.id),) if reading.detail == "brief" else None
    match node:
        case Actor():
            return actor.actor_title(node), brief or actor.actor_sections(reading, node)
        case Motive():
            return claim.motive_title(node), brief or claim.motive_sections(reading, node)
        case Source():
            return source.source_title(node), brief or source.source_sections(reading, node)
        case Statement():
            return claim.statement_title(reading, node), brief or claim.statement_sections(reading, node)
        case _:
            raise TypeError(f"a {node.kind} has no summary")


# --- as Markdown: no text is able to be more than text ------------------------------------------

_MARKS = re.compile(r"([\\`*_\[\]#|~!$]|:(?=//|[a-z0-9_+-]+:)|(?<=www)\.)")
"""What Markdown does something with, on GitHub also formulas, pictures by name and addresses."""
_OPENING = re.compile(r"^(\d{1,9})([.)])|^([-+=])")


def markdown(summary: Summary) -> str:
    """The summary as CommonMark: headings, and a list item for each sentence that ends with its receipts.

    A brief has no id among its words: a number stands behind each clause, and the receipts by number at the end.
    """
    if summary.detail == "brief":
        return _brief(summary)
    parts = [f"# {escaped(summary.title)}"]
    for section in summary.sections:
        parts.append(f"## {escaped(section.heading)}")
        parts.append("\n".join(f"- {_item(sentence)}" for sentence in section.sentences))
    return "\n\n".join(parts) + "\n"


def _brief(summary: Summary) -> str:
    behind: list[str] = []
    parts = [f"# {escaped(summary.title)}"]
    parts += ["\n".join(f"- {_numbered(one, behind)}" for one in section.sentences) for section in summary.sections]
    if behind:
        parts.append("## Receipts")
        parts.append("\n".join(f"{n}. {_MARKS.sub(_literal, ids)}" for n, ids in enumerate(behind, 1)))
    return "\n\n".join(parts) + "\n"


def _numbered(sentence: Sentence, behind: list[str]) -> str:
    """A sentence with the number of its receipts behind each clause, which are added to those before."""
    told = ""
    for clause in sentence.clauses:
        found = receipts(clause)
        text = clause.text
        if found:
            behind.append(found)
            body = text.rstrip(".,;:…")
            text = f"{body} \x02{len(behind)}\x03{text[len(body) :]}"
        told += text
    # A number is ours and no text's, so its brackets are marks of nothing: texts hold none of these two characters.
    return escaped(told).replace("\x02", "[").replace("\x03", "]")


def escaped(text: str) -> str:
    """The text so that Markdown shows each of its characters and does nothing else with it."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _OPENING.sub(_kept, _MARKS.sub(r"\\\1", plain))


def receipts(sentence: Sentence | Clause) -> str:
    """The ids behind a sentence or clause: nodes, a semicolon, sources."""
    return "; ".join(", ".join(ids) for ids in (sentence.nodes, sentence.sources) if ids)


def _item(sentence: Sentence) -> str:
    behind = receipts(sentence)
    return f"{escaped(sentence.text)} [{_MARKS.sub(_literal, behind)}]" if behind else escaped(sentence.text)


def _kept(match: re.Match[str]) -> str:
    """What would open a list or underline a heading at the beginning of a line."""
    if match[3]:
        return f"\\{match[3]}"
    return f"{match[1]}\\{match[2]}"


def _literal(match: re.Match[str]) -> str:
    return f"\\{match[1]}"


# --- as a web page of its own, to read, print and link to, without a script ---------------------

_STYLE = """
:root { color-scheme: light dark; }
body { font: 17px/1.55 Georgia, serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
p { margin: .5rem 0; }
sup a { text-decoration: none; padding: 0 .1rem; font: .7rem system-ui, sans-serif; }
.receipts { font: .85rem/1.4 system-ui, sans-serif; }
.receipts li { margin: .3rem 0; }
.quiet { opacity: .75; }
:target { outline: 2px solid; outline-offset: 2px; }
@media print {
  body { max-width: none; margin: 0; font-size: 11pt; }
  h2 { break-after: avoid; }
  p { break-inside: avoid; }
}
"""
_RECEIPTS = 500
"""Of one clause that a page names."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_page(summary: Summary, graph: ArgumentGraph) -> str:
    """The page of a view's summary, every text of the map escaped; under its title stands the map's question.

    Each section, sentence and receipt has an anchor: `#s1`, `#s1-2`, `#r3`.
    """
    behind: list[Clause] = []
    question, names = graph.header.question, Names(graph)
    parts = [f'<h1 dir="auto">{escape(summary.title)}</h1>']
    if question.strip():
        parts.append(f'<p class="quiet" dir="auto">{escape(question)}</p>')
    for n, section in enumerate(summary.sections, 1):
        parts.append(f'<section id="s{n}"><h2 dir="auto">{escape(section.heading)}</h2>')
        for m, sentence in enumerate(section.sentences, 1):
            parts.append(f'<p id="s{n}-{m}" dir="auto">{_sentence(sentence, behind)}</p>')
        parts.append("</section>")
    if behind:
        rows = (f'<li id="r{n}">{_receipt(clause, names)}</li>' for n, clause in enumerate(behind, 1))
        parts.append(f'<section class="receipts" id="receipts"><h2>Receipts</h2><ol>{"".join(rows)}</ol></section>')
    foot = f"Map {escape(summary.map)}, revision {summary.revision:,}; {summary.words:,} words."
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(summary.title)}</title><style>{_STYLE}</style></head>"
        f'<body><main>{"".join(parts)}</main><footer class="quiet receipts"><p>{foot}</p></footer></body></html>\n'
    )


def _sentence(sentence: Sentence, behind: list[Clause]) -> str:
    told = []
    for clause in sentence.clauses or (Clause(sentence.text, sentence.nodes, sentence.sources),):
        told.append(escape(clause.text))
        if clause.nodes or clause.sources:
            behind.append(clause)
            n = len(behind)
            told.append(f'<sup><a href="#r{n}" aria-label="Receipt {n}">{n}</a></sup>')
    return "".join(told)


def _receipt(clause: Clause, names: Names) -> str:
    """The nodes and sources behind a clause, each by its id and what it is called, as many as anybody reads."""
    every = (*clause.sources, *clause.nodes) if len(clause.nodes) > _RECEIPTS else (*clause.nodes, *clause.sources)
    told = [
        f'<span dir="auto">{escape(names.any(node_id))}</span> <code>{escape(node_id)}</code>'
        for node_id in every[:_RECEIPTS]
    ]
    if rest := len(every[_RECEIPTS:]):
        told.append(f"and {rest:,} more, which the summary as JSON names")
    return "; ".join(told)
