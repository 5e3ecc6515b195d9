"""A summary as a web page of its own: to read, print and link to, without a script; every text of a map escaped."""

from collections.abc import Callable
from html import escape

from schemas.summary import Clause, Sentence, Summary

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
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_page(summary: Summary, called: Callable[[str], str], question: str = "") -> str:
    """The page; `called` gives what to print for an id, and `question` is the map's.

    Each section, sentence and receipt has an anchor: `#s1`, `#s1-2`, `#r3`.
    """
    behind: list[Clause] = []
    parts = [f'<h1 dir="auto">{escape(summary.title)}</h1>']
    if question.strip():
        parts.append(f'<p class="quiet" dir="auto">{escape(question)}</p>')
    for n, section in enumerate(summary.sections, 1):
        parts.append(f'<section id="s{n}"><h2 dir="auto">{escape(section.heading)}</h2>')
        for m, sentence in enumerate(section.sentences, 1):
            parts.append(f'<p id="s{n}-{m}" dir="auto">{_sentence(sentence, behind)}</p>')
        parts.append("</section>")
    if behind:
        rows = (f'<li id="r{n}">{_receipt(clause, called)}</li>' for n, clause in enumerate(behind, 1))
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


def _receipt(clause: Clause, called: Callable[[str], str]) -> str:
    """The nodes and sources behind a clause, each by its id and what it is called."""
    named = [
        f'<span dir="auto">{escape(called(node_id))}</span> <code>{escape(node_id)}</code>'
        for node_id in (*clause.nodes, *clause.sources)
    ]
    return "; ".join(named)
