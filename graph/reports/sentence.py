"""Phrases that remember what they rest on, and the sentences made of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from graph.reports.words import capital, count, joined, number, one_line
from schemas.summary import Section, Sentence

_ENDS = (".", "!", "?", "…", "?”", "!”", "…”")


class Phrase(NamedTuple):
    """A piece of a sentence with the ids of the nodes and sources behind it, in the order of mention."""

    text: str
    ids: tuple[str, ...] = ()

    def on(self, *ids: str) -> "Phrase":
        """The phrase, resting on these too."""
        return Phrase(self.text, (*self.ids, *ids))


def say(template: str, *parts: Phrase | str | int) -> Phrase:
    """Fill the places `{}` of a template; the outcome rests on all that the parts rest on."""
    texts = [part.text if isinstance(part, Phrase) else str(part) for part in parts]
    ids = [node_id for part in parts if isinstance(part, Phrase) for node_id in part.ids]
    return Phrase(template.format(*texts), tuple(ids))


def together(parts: Sequence[Phrase], separator: str | None = None) -> Phrase:
    """The parts as a list in words, or with a separator between them."""
    texts = [part.text for part in parts]
    ids = tuple(node_id for part in parts for node_id in part.ids)
    return Phrase(joined(texts) if separator is None else separator.join(texts), ids)


def first_of(parts: Sequence[Phrase], most: int, noun: str) -> Phrase:
    """The first parts as a list in words and the number of the rest; it rests on all of them."""
    if len(parts) <= most + 1:
        return together(parts)
    rest = len(parts) - most
    behind = tuple(node_id for part in parts[most:] for node_id in part.ids)
    return together([*parts[:most], Phrase(count(rest, f"more {noun}"), behind)])


def at_most(phrases: Iterable[Phrase], most: int, rest: str) -> Iterator[Phrase]:
    """The first phrases, and one on how many more there are, which rests on all of those; `rest` is its template."""
    told = list(phrases)
    shown = told if len(told) <= most + 1 else told[:most]
    yield from shown
    if behind := told[len(shown) :]:
        yield say(rest, number(len(behind))).on(*(node_id for phrase in behind for node_id in phrase.ids))


class Writer:
    """Makes sections of phrases; which ids are of sources is asked of the view."""

    def __init__(self, is_source: Callable[[str], bool]) -> None:
        self._is_source = is_source

    def sentence(self, phrase: Phrase) -> Sentence:
        """A whole sentence: capital, full stop, and each id once under what it is."""
        text = capital(one_line(phrase.text)).rstrip(",")
        if not text.endswith(_ENDS):
            text += "."
        ids = dict.fromkeys(phrase.ids)
        sources = dict.fromkeys(i for i in ids if self._is_source(i))
        return Sentence(text, tuple(i for i in ids if i not in sources), tuple(sources))

    def section(self, heading: str, phrases: Iterable[Phrase]) -> Section:
        """A section of sentences."""
        return Section(heading, tuple(self.sentence(phrase) for phrase in phrases))


def filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections that say something."""
    return tuple(section for section in sections if section.sentences)
