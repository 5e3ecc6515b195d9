"""A summary as Markdown: every sentence with the ids behind it, and no text able to be more than text."""

import re

from schemas.summary import Sentence, Summary

_MARKS = re.compile(r"([\\`*_\[\]#|~!])")
_OPENING = re.compile(r"^(\d{1,9})([.)])|^([-+=])")


def markdown(summary: Summary) -> str:
    """The summary as CommonMark: headings, and a list item for each sentence that ends with its receipts."""
    parts = [f"# {escaped(summary.title)}"]
    for section in summary.sections:
        parts.append(f"## {escaped(section.heading)}")
        parts.append("\n".join(f"- {_item(sentence)}" for sentence in section.sentences))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """The text so that Markdown shows each of its characters and does nothing else with it."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _OPENING.sub(_kept, _MARKS.sub(r"\\\1", plain))


def receipts(sentence: Sentence) -> str:
    """The ids behind a sentence: nodes, a semicolon, sources."""
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
