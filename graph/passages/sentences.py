"""The sentences of a text, as spans of code points."""

import re
from typing import NamedTuple

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|\n+")
"""Tried once for each run of signs, and never again from within it: a text may be a million full stops."""
_SHORT = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rep|Sen|Gen|Col|Lt|Sgt|Gov|Pres|St|No|vs|etc|approx|Inc|Ltd|Co|Corp|Jr|Sr"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|cf|al)|\b[A-Z](?:\.[A-Z])*)\.$"
)
"""A full stop after one of these ends an abbreviation; whether it ends the sentence too the next word tells."""
_GOES_ON = re.compile(r"\s+[a-z0-9]")


class Stretch(NamedTuple):
    """A part of a text, in code points; `end` is one past the last."""

    start: int
    end: int

    def overlaps(self, other: "Stretch") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def sentences_of(text: str, within: Stretch | None = None) -> list[Stretch]:
    """The sentences of a text or of a part of it, without the blanks around them; a line end always ends one.

    O(characters). Where an abbreviation ends a sentence and the next one begins with a capital letter, as in
    "of the U.S. The", the two are told apart by nothing and stay together.
    """
    found: list[Stretch] = []
    start, stop = within or Stretch(0, len(text))
    for match in _END.finditer(text, start, stop):
        if not match[0].startswith("\n") and _continues(text, match):
            continue
        _add(text, found, start, match.end())
        start = match.end()
    _add(text, found, start, stop)
    return found


def _continues(text: str, end: re.Match[str]) -> bool:
    if _GOES_ON.match(text, end.end()):
        return True
    return end[0] == "." and _SHORT.search(text, max(0, end.start() - 12), end.end()) is not None


def _add(text: str, found: list[Stretch], start: int, end: int) -> None:
    part = text[start:end]
    bare = part.strip()
    if bare:
        first = start + len(part) - len(part.lstrip())
        found.append(Stretch(first, first + len(bare)))
