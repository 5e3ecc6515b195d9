"""A summary: a report in sentences, each with the ids of everything that it rests on."""

import msgspec


class Sentence(msgspec.Struct, frozen=True):
    """One sentence and its receipts."""

    text: str
    nodes: tuple[str, ...] = ()
    """Ids of the actors, motives, statements, arguments and assertions behind it, in the order of mention."""
    sources: tuple[str, ...] = ()
    """Ids of the sources behind it."""


class Section(msgspec.Struct, frozen=True):
    """Sentences under one heading."""

    heading: str
    sentences: tuple[Sentence, ...]


class Summary(msgspec.Struct, frozen=True):
    """What a view of a map says of one subject, or of the whole."""

    map: str
    revision: int
    title: str
    sections: tuple[Section, ...]
