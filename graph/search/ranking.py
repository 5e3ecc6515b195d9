"""The order of an answer: what is called so, what has the id, what begins so, what says it, and where it matched.

It rests on a node's own texts alone, never on how often a word occurs elsewhere; so every store gives the same order,
and a write moves only what it writes.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from graph.search.question import Candidate, SearchWords, line_of
from graph.search.words import (
    CALLED,
    NAMES,
    TAGGED,
    Field,
    Identified,
    Searched,
    fields,
    folded,
    label_of,
    name_key,
    read_texts,
    tokens,
    words_of_token,
)
from schemas.vocabulary import Kind

_EXACT, _ID, _BEGINNING = 0, 1, 2
_TIERS = TAGGED + 1
_LONGEST_NAME = 2_000
"""Characters of a text that may be called as a question is, which has 500."""
_AROUND = 80
"""Characters of a snippet before and behind the first word that matches."""


class Rank(NamedTuple):
    """The place of a node in an answer: total, and the node's own."""

    tier: int
    length: int
    """Characters of the words among which the question was found."""
    map: str
    id: str


class Match(NamedTuple):
    """A node of the answer."""

    rank: Rank
    kind: Kind
    texts: Searched
    field: str
    """Where it was found."""


def ranked(question: SearchWords, candidates: Iterable[Candidate]) -> list[Match]:
    """Those that have every word, best first; O(characters of their texts)."""
    found = []
    for candidate in candidates:
        texts = read_texts(candidate.document)
        where = _where(question, texts)
        if where is not None:
            tier, length, field = where
            found.append(Match(Rank(tier, length, candidate.map, candidate.id), candidate.kind, texts, field))
    return sorted(found, key=lambda match: match.rank)


def is_found(question: SearchWords, node: Identified) -> bool:
    """Whether a node would be in the answer."""
    return not question.is_empty and _where(question, node) is not None


def score(question: SearchWords, match: Match) -> float:
    """From 0 to 1, a share for each tier: falls through the answer."""
    share = min(1.0, max(1, len(question.plain)) / max(1, match.rank.length))
    return round((_TIERS - 1 - match.rank.tier + share) / _TIERS, 4)


def snippet(question: SearchWords, match: Match) -> str:
    """The text around the first word that matches."""
    found = next((field for field in fields(match.texts) if field.name == match.field), None)
    texts = found.texts if found is not None else (label_of(match.texts),)
    wanted = tuple(f" {word}" for word in question.tags) if match.field == "tags" else question.wanted
    for text in texts:
        middle = _first(text, wanted)
        if middle is not None:
            return _around(text, middle)
    return _around(texts[0], 0)


def _where(question: SearchWords, texts: Identified) -> tuple[int, int, str] | None:
    held = list(fields(texts))
    if question.tags:
        line = line_of(text for field in held if field.tier == TAGGED for text in field.texts)
        if not all(f" {word}" in line for word in question.tags):
            return None
        if not question.wanted:
            return TAGGED, len(line) - 2, "tags"
    return _called(question, texts, held) or _said(question, held)


def _called(question: SearchWords, texts: Identified, held: list[Field]) -> tuple[int, int, str] | None:
    """Where a node is called as the question is, has that id, or has a name that begins so."""
    if not question.plain:
        return None
    names = [(field.name, text) for field in held if field.tier == NAMES for text in field.texts]
    keys = [(name, text, name_key(text)) for name, text in names if len(text) <= _LONGEST_NAME]
    for name, _, key in keys:
        if key == question.key:
            return _EXACT, len(question.plain), name
    if folded(texts.id) == question.plain:
        return _ID, len(question.plain), "id"
    begun = [
        (len(key), name)
        for name, text, key in keys
        if name in CALLED and (key.startswith(question.key) or folded(text).startswith(question.plain))
    ]
    if begun and question.is_met_by(text for _, text in names):
        length, name = min(begun)
        return _BEGINNING, length, name
    return None


def _said(question: SearchWords, held: list[Field]) -> tuple[int, int, str] | None:
    """The first tier up to which the fields have every word, and the field that has most of them."""
    missing, most, told, length = set(question.wanted), 0, "", 0
    for field in held:
        if field.tier == TAGGED:
            break
        line = line_of(field.texts)
        here = sum(word in line for word in question.wanted)
        if here > most:
            most, told, length = here, field.name, len(line) - 2
        missing.difference_update([word for word in missing if word in line])
        if not missing:
            return field.tier, length, told
    return None


def _first(text: str, wanted: Iterable[str]) -> int | None:
    """Where the first word stands that matches."""
    for token in tokens(text):
        line = f" {' '.join(words_of_token(token))} "
        for word in wanted:
            if word in line:
                return token.start + (line.index(word) - 1 if token.form == "run" else 0)
    return None


def _around(text: str, middle: int) -> str:
    first, last = max(0, middle - _AROUND), min(len(text), middle + _AROUND)
    lines = re.split(r"[\r\n\u2028\u2029]+", text[first:last])
    cut = lines[0] if len(lines) == 1 else " · ".join(filter(None, map(str.strip, lines)))
    return f"{'…' if first else ''}{cut}{'…' if last < len(text) else ''}"
