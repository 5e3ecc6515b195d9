"""A summary as Markdown: every sentence with the ids behind it, and no text able to be more than text."""

import re

from schemas.summary import Clause, Sentence, Summary

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
            text = f"{body} [{len(behind)}]{text[len(body) :]}"
        told += text
    return escaped(told)


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
