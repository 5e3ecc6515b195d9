"""The actors of a map where a text names them."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from graph.search.folding import folded
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.actor import Actor

_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_POSSESSIVE = re.compile(r"[’']s?$")
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_SHORTEST_PART = 3


class Mention(NamedTuple):
    """An actor where the text names it."""

    actor: str
    start: int
    end: int


class _Word(NamedTuple):
    key: str
    start: int
    end: int


class NameIndex:
    """Names and aliases of a map's actors, by their first words."""

    def __init__(self, graph: ArgumentGraph) -> None:
        actors = [actor for n in graph.numbers("actor") if isinstance(actor := graph.at(n), Actor)]
        self.people = {actor.id for actor in actors if actor.actor_kind == "person"}
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        taken: set[str] = set()
        for actor in actors:
            for name in (actor.name, *actor.aliases):
                for form in dict.fromkeys((name, _BRACKETS.sub("", name), _ARTICLE.sub("", name))):
                    taken.add(self._add(form, actor.id))
        parts = [(part, actor.id) for actor in actors if actor.actor_kind == "person" for part in _parts(actor.name)]
        often = Counter(part for part, _ in parts)
        for part, actor_id in parts:  # "Smith" for John Smith, where nobody else is called so
            if often[part] == 1 and part.casefold() not in taken:
                self._add(part, actor_id)
        for names in self._names.values():
            names.sort(key=lambda one: (-len(one[0]), one))

    def _add(self, name: str, actor: str) -> str:
        words = tuple(word.key for word in _words(name))
        if words:
            self._names.setdefault(words[0], []).append((words, actor))
        return " ".join(words)

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> list[Mention]:
        """Where a part of a text names actors, in order and without overlap, the longest name first.

        A name counts where it is written with a capital letter, or
        has none itself.
        """
        words = list(_words(text, start, end))
        found: list[Mention] = []
        place = 0
        while place < len(words):
            length = self._at(text, words, place, found)
            place += length or 1
        return found

    def _at(self, text: str, words: list[_Word], place: int, found: list[Mention]) -> int:
        for name, actor in self._names.get(words[place].key, ()):
            here = words[place : place + len(name)]
            if tuple(word.key for word in here) != name:
                continue
            said = text[here[0].start : here[-1].end]
            if any(c.isupper() for c in said) or not _is_proper(name):
                found.append(Mention(actor, here[0].start, here[-1].end))
                return len(name)
        return 0


def _is_proper(name: Iterable[str]) -> bool:
    """Whether a name of one word would be mistaken for a word of the language where it is written small."""
    return len(tuple(name)) == 1


def _parts(name: str) -> list[str]:
    """The first and the last word of a person's name: which of them is the family's differs from place to place."""
    words = [word for word in _BRACKETS.sub("", name).split() if len(word) >= _SHORTEST_PART]
    return list(dict.fromkeys((words[0], words[-1]))) if len(words) > 1 else []


def _words(text: str, start: int = 0, end: int | None = None) -> Iterable[_Word]:
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        bare = _POSSESSIVE.sub("", match[0])
        yield _Word(folded(bare), match.start(), match.start() + len(bare))
