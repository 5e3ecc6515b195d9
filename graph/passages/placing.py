"""Where the assertions of a source stand in its text."""

from collections.abc import Iterator
from typing import NamedTuple

from graph.passages.paragraphs import Paragraphs
from graph.passages.sentences import Stretch
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import Number
from schemas.node import Assertion, Locator
from schemas.vocabulary import PassageFit, Stance


class Placed(NamedTuple):
    """An assertion with the passage of the text that it points at."""

    assertion: str
    of: str
    """The statement or argument that is asserted."""
    fit: PassageFit
    place: Stretch | None
    paragraph: int | None
    stance: Stance | None
    """Of an argument its own; of a statement that of all its arguments, where they agree."""


def passages_in(graph: ArgumentGraph, source: str, text: str) -> list[Placed]:
    """The assertions found in a source that point at a place, in the order of the text, lost ones last.

    O(characters + assertions, and characters again for each whose offsets do not fit).
    """
    paragraphs = Paragraphs.of(text)
    held = (graph.at(n) for n in graph.referrers("found_in", graph.number(source)))
    found = [_placed(graph, one, text, paragraphs) for one in held if isinstance(one, Assertion) and _points(one)]
    return sorted(found, key=lambda one: (one.place is None, one.place or Stretch(0, 0), one.assertion))


def stretches_of(text: str) -> Iterator[tuple[int | None, Stretch]]:
    """The paragraphs of a text with their numbers as locators count them, without empty lines."""
    paragraphs = Paragraphs.of(text)
    for number, start, end in zip(
        paragraphs.numbers, paragraphs.starts, (*paragraphs.starts[1:], len(text) + 1), strict=True
    ):
        if text[start : end - 1].strip():
            yield number, Stretch(start, end - 1)


def _points(assertion: Assertion) -> bool:
    return assertion.locator is not None or assertion.quote is not None


def _placed(graph: ArgumentGraph, assertion: Assertion, text: str, paragraphs: Paragraphs) -> Placed:
    locator = assertion.locator or Locator()
    fit, place = _fit(locator, assertion.quote, text, paragraphs)
    number = locator.paragraph if place is None else paragraphs.number_of(*place)
    stance = _stance(graph, graph.number(assertion.of))
    return Placed(assertion.id, assertion.of, fit, place, number, stance)


def _fit(locator: Locator, quote: str | None, text: str, paragraphs: Paragraphs) -> tuple[PassageFit, Stretch | None]:
    start, end = locator.start, locator.end
    if start is not None and end is not None and start < end <= len(text):
        here = Stretch(start, end)
        if _agrees(locator, quote, text, here):
            return "exact", here
    for words in filter(None, (quote, _around(locator))):
        place = _nearest(text, words, start or 0)
        if place is not None:
            return "found", Stretch(place, place + len(words))
    if locator.paragraph is not None and locator.paragraph in paragraphs.numbers:
        line = paragraphs.numbers.index(locator.paragraph)
        ends = (*paragraphs.starts[1:], len(text) + 1)
        return "paragraph", Stretch(paragraphs.starts[line], ends[line] - 1)
    return "lost", None


def _agrees(locator: Locator, quote: str | None, text: str, here: Stretch) -> bool:
    if quote is not None and quote not in text[here.start : here.end]:
        return False
    if locator.prefix and not text[: here.start].endswith(locator.prefix):
        return False
    return not locator.suffix or text.startswith(locator.suffix, here.end)


def _around(locator: Locator) -> str | None:
    """Words to look for where there is no quote; a few letters alone would be found anywhere."""
    words = locator.suffix or locator.prefix
    return words if words and len(words) >= 12 else None


def _nearest(text: str, words: str, start: int) -> int | None:
    """Where words stand nearest to a place."""
    behind, before = text.find(words, start), text.rfind(words, 0, start + len(words))
    places = [place for place in (behind, before) if place >= 0]
    return min(places, key=lambda place: abs(place - start), default=None)


def _stance(graph: ArgumentGraph, number: Number) -> Stance | None:
    signs = {graph.sign(number)} - {0} or {graph.sign(step) for step in graph.outgoing(number)}
    return None if len(signs) != 1 else "supporting" if signs == {1} else "opposing"
