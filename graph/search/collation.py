"""The order in which people look words up: the Unicode Collation Algorithm with its root table (UTS #10)."""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

_KEPT = 1 << 17
"""Keys kept: those of the texts that lists were sorted by of late."""
_LATIN = frozenset(map(chr, (*range(0x250), *range(0x300, 0x370)))) - {"·", "̷"}
"""Letters and marks that the table has one by one, so that a text of them alone is translated and not searched."""

CollationKey = tuple[str, ...]
"""Comparing keys is comparing texts: by letters, then marks, then case, and texts that differ in none by code point."""


@lru_cache(_KEPT)
def collation_key(text: str) -> CollationKey:
    """What texts are sorted by, the same on every machine: apple, Äpfel, eclair, Élan, Zebra; O(text)."""
    decomposed = unicodedata.normalize("NFD", text)
    if _LATIN.issuperset(decomposed):
        levels = _levels()
        return (*(decomposed.translate(level) for level in levels), text)
    elements = _collator().collation_elements(decomposed)
    return (*("".join(chr(e[level]) for e in elements if e[level]) for level in range(3)), text)


class _Levels(NamedTuple):
    """The weights of single letters and marks by code point."""

    letters: dict[int, str]
    marks: dict[int, str]
    cases: dict[int, str]


@cache
def _levels() -> _Levels:
    found = _Levels({}, {}, {})
    for letter in _LATIN:
        elements = _collator().collation_elements(letter)
        for level, table in enumerate(found):
            table[ord(letter)] = "".join(chr(e[level]) for e in elements if len(e) > level and e[level])
    return found


@cache
def _collator() -> Any:
    from pyuca.collator import Collator_10_0_0  # noqa: PLC0415 - reading its table takes some tenths of a second

    collator = Collator_10_0_0()
    collator.build_lookup_key = lambda text: _Rest([ord(letter) for letter in text])
    return collator


class _Rest:
    """What is left of a text to look up: the collator cuts the front off for every letter, which copies nothing here.

    Each cut leaves the one before behind, which is not looked at again.
    """

    def __init__(self, codes: list[int], start: int = 0) -> None:
        self._codes = codes
        self._start = start

    def __bool__(self) -> bool:
        return self._start < len(self._codes)

    def __iter__(self) -> Iterator[int]:
        return (self._codes[place] for place in range(self._start, len(self._codes)))

    def __getitem__(self, part: slice) -> Any:
        if part.start is None:  # the front: a letter with what belongs to it
            return self._codes[self._start : self._start + part.stop]
        return _Rest(self._codes, self._start + part.start)

    def __radd__(self, front: list[int]) -> "_Rest":
        """The front put back, without the mark between, which was taken with the letter before."""
        start = self._start - len(front)
        self._codes[start : self._start] = front
        return _Rest(self._codes, start)

    def pop(self, _: int) -> int:
        self._start += 1
        return self._codes[self._start - 1]
