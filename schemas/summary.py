"""A summary: a report in sentences, each with the ids of everything that it rests on."""

import msgspec

from schemas.query import SummaryDetail


class Clause(msgspec.Struct, frozen=True):
    """A part of a sentence and its receipts."""

    text: str
    nodes: tuple[str, ...] = ()
    """Ids of the actors, motives, statements, arguments and assertions behind it, in the order of mention."""
    sources: tuple[str, ...] = ()
    """Ids of the sources behind it."""


class Sentence(msgspec.Struct, frozen=True):
    """One sentence and its receipts."""

    text: str
    nodes: tuple[str, ...] = ()
    """Ids of the actors, motives, statements, arguments and assertions behind it, in the order of mention."""
    sources: tuple[str, ...] = ()
    """Ids of the sources behind it."""
    clauses: tuple[Clause, ...] = ()
    """The sentence in its parts, each with its own receipts; one after the other they are its text."""


class Section(msgspec.Struct, frozen=True):
    """Sentences under one heading."""

    heading: str
    sentences: tuple[Sentence, ...]


class Summary(msgspec.Struct, frozen=True):
    """What a view of a map says of one subject, or of the whole."""

    map: str
    revision: int
    title: str
    detail: SummaryDetail
    """How much of it is told."""
    words: int
    """How many words the sentences have."""
    sections: tuple[Section, ...]
