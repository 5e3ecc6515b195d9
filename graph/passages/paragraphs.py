"""Counts the paragraphs of an article's text as the locators of the seed do."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Self

_SENTENCE_ENDS = (".", "!", "?", "…")
_CLOSING_MARKS = "\"'”’»)"
_HEAD = 0


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The lines of a text and the number of the paragraph that each of them is.

    A body paragraph is a line that ends like a sentence, counted from 1; a caption that ends with its credit
    in brackets is none. A line before the first of them (headline, byline, caption) is paragraph 0. A heading
    or a credit after it is of no paragraph.
    """

    starts: tuple[int, ...]
    numbers: tuple[int | None, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Number the lines of a text; offsets count Unicode code points."""
        starts: list[int] = []
        numbers: list[int | None] = []
        body, offset = 0, 0
        for line in text.split("\n"):
            starts.append(offset)
            if _is_body(line):
                body += 1
                numbers.append(body)
            else:
                numbers.append(None if body else _HEAD)
            offset += len(line) + 1
        return cls(tuple(starts), tuple(numbers))

    def line_of(self, offset: int) -> int:
        """The index of the line in which an offset lies."""
        return bisect_right(self.starts, offset) - 1

    def number_of(self, start: int, end: int) -> int | None:
        """The paragraph in which a whole span lies; none if it crosses lines or lies in a heading."""
        first = self.line_of(start)
        return self.numbers[first] if self.line_of(max(start, end - 1)) == first else None


def _is_body(line: str) -> bool:
    bare = line.strip()
    if bare.endswith(")"):  # a sentence closes inside its brackets, a credit does not
        bare = bare.removesuffix(")")
    return bare.rstrip(_CLOSING_MARKS).endswith(_SENTENCE_ENDS)
