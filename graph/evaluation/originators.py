"""Originators: how many witnesses are behind the passages that say a thing, however many outlets print it."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from graph.snapshot.argument_graph import ArgumentGraph
from schemas.actor import Actor
from schemas.vocabulary import Relation

KEY = "originators"
_SAME: tuple[Relation, ...] = ("same_as",)
_KIN: tuple[Relation, ...] = ("same_as", "affiliated_with")
_STORY: tuple[Relation, ...] = ("repeats", "same_as")
_DOCUMENT: tuple[Relation, ...] = ("repeats", "same_as", "cited_in")
_WIDE = frozenset({"state", "alliance"})
"""Actors that so many are affiliated with that it says nothing of these."""
_CARRIERS = frozenset({"outlet", "group"})
"""Actors that pass on what they do not say from whom they have, or that may be anybody."""


class Originator(NamedTuple):
    """One witness, through whatever places."""

    places: tuple[int, ...]
    """Assertions by number, in the order given."""
    actors: tuple[int, ...]
    """The actors that are, or perhaps are, this witness; none where nobody is named."""
    is_traced: bool
    """Whether it is known who says it: somebody named who is no outlet and no nameless group."""


class _Place(NamedTuple):
    number: int
    source: int | None
    cited: int | None
    origin: int | None
    alternative: int | None
    own_voice: bool
    """Whether an outlet says it without saying from whom it has it."""


class Originators:
    """Tells the witnesses of one view apart; what it finds out about actors and sources is worked out once.

    Two bounds. At most as many as are not known to be one: places are one witness where the same actor is committed to
    them, or two that are probably the same; where they rely on the same source; and where an outlet says in its own
    voice what a source says that it repeats, or that another repeats which it repeats too. At least as many as are
    shown to be independent: of those whose speaker is known by name, such as are neither affiliated, by whatever way
    but a state or an alliance, nor rely on a document that goes back to the same one.
    """

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._classes: dict[tuple[tuple[Relation, ...], int], int] = {}
        self._sizes: dict[tuple[tuple[Relation, ...], int], int] = {}

    def behind(self, places: Sequence[int]) -> list[Originator]:
        """The witnesses behind places that assert one thing: as many as there may be; O(places)."""
        return [self._originator(group) for group in self._groups([self._place(n) for n in places])]

    def independent(self, originators: Iterable[Originator]) -> list[list[Originator]]:
        """Those that are shown to be independent, each with the ones that it is not shown to be independent of.

        None where nobody is known by name: then there is at least one all the same.
        """
        traced = [one for one in originators if one.is_traced]
        speaking = {self.same(actor) for one in traced for actor in one.actors}
        sets = Sets()
        for one in traced:
            sets.join([one.places[0], *self._ties(one, speaking)])
        found: dict[Hashable, list[Originator]] = {}
        for one in traced:
            found.setdefault(sets.root(one.places[0]), []).append(one)
        return list(found.values())

    def bounds(self, places: Sequence[int]) -> tuple[int, int]:
        """How many witnesses there are at least and at most behind places that assert one thing."""
        found = self.behind(places)
        return min(len(found), max(1, len(self.independent(found)))), len(found)

    def origin(self, place: int) -> int | None:
        """The actor with whom a passage originates, as far as the view tells."""
        graph = self._graph
        chain = graph.references("may_originate_with", place) or graph.references("spoken_by", place)
        return chain[-1] if chain else None

    def same(self, actor: int) -> int:
        """One number for an actor and all that are probably the same."""
        return self._class(actor, _SAME)

    # --- inside -----------------------------------------------------------------------------------

    def _place(self, number: int) -> _Place:
        graph = self._graph
        source, cited = (_first(graph.references(name, number)) for name in ("found_in", "cites"))
        origin = self.origin(number)
        may_be = graph.references("may_be_spoken_by", number)
        publisher = None if source is None else _first(graph.references("published_by", source))
        own_voice = origin is None or origin == publisher or self._kind(origin) == "outlet"
        return _Place(number, source, cited, origin, may_be[-1] if may_be else None, own_voice)

    def _groups(self, places: Sequence[_Place]) -> list[list[_Place]]:
        if len(places) == 1:
            return [list(places)]
        sets = Sets()
        for place in places:
            sets.join([place.number, *self._marks(place)])
        for one, other in self._retold(places):
            sets.join([one.number, other.number])
        found: dict[Hashable, list[_Place]] = {}
        for place in places:
            found.setdefault(sets.root(place.number), []).append(place)
        return list(found.values())

    def _marks(self, place: _Place) -> list[Hashable]:
        """What a place shares with others of the same witness."""
        marks: list[Hashable] = []
        if place.origin is not None:
            marks.append(("actor", self.same(place.origin)))
        if place.cited is not None:
            marks.append(("story", self._class(place.cited, _STORY)))
        if not marks and place.source is not None:
            marks.append(("story", self._class(place.source, _STORY)))
        return marks

    def _retold(self, places: Sequence[_Place]) -> Iterator[tuple[_Place, _Place]]:
        """Pairs of which one is the other told again: by outlets in their own voice, in sources of one story."""
        stories: dict[int, list[_Place]] = {}
        for place in places:
            if place.source is not None and self._is_shared(place.source):
                stories.setdefault(self._class(place.source, _STORY), []).append(place)
        for told in stories.values():
            own = [place for place in told if place.own_voice]
            yield from pairwise(own) if len({place.source for place in own}) > 1 else ()
            quoting = [place for place in told if not place.own_voice and own and place.source != own[0].source]
            if quoting and len({place.source for place in own}) == 1:
                yield from ((place, quoting[0]) for place in own)

    def _originator(self, group: Sequence[_Place]) -> Originator:
        named = [place.origin for place in group if place.origin is not None]
        actors = sorted(set(named), key=self._graph.id)
        traced = any(self._kind(actor) not in _CARRIERS for actor in actors)
        return Originator(tuple(place.number for place in group), tuple(actors), traced)

    def _ties(self, one: Originator, speaking: set[int]) -> Iterator[Hashable]:
        """What makes it possible that two named witnesses have it from one another or from a third."""
        graph = self._graph
        for actor in one.actors:
            yield "kin", self._class(actor, _KIN)
            yield from (
                ("wide", self.same(a))
                for a in (actor, *graph.references("affiliated_with", actor))
                if self._is_wide(a) and self.same(a) in speaking
            )
        for place in map(self._place, one.places):
            if place.alternative is not None:
                yield "kin", self._class(place.alternative, _KIN)
            if place.cited is not None:
                yield "document", self._class(place.cited, _DOCUMENT)
                for author in graph.references("written_by", place.cited):
                    if self._kind(author) not in _CARRIERS:
                        yield "kin", self._class(author, _KIN)

    def _class(self, number: int, relations: tuple[Relation, ...]) -> int:
        """One number for all that hang together by some relations, in whatever direction; O(these), once."""
        known = self._classes.get((relations, number))
        if known is not None:
            return known
        seen, todo = {number}, [number]
        for at in todo:  # grows while it is read
            for other in self._near(at, relations):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        found = min(seen, key=self._graph.id)
        for member in seen:
            self._classes[relations, member] = found
        self._sizes[relations, found] = len(seen)
        return found

    def _near(self, number: int, relations: tuple[Relation, ...]) -> Iterator[int]:
        for relation in relations:
            narrow = relation == "affiliated_with"
            if narrow and self._is_wide(number):
                continue
            for other in (*self._graph.references(relation, number), *self._graph.referrers(relation, number)):
                if not (narrow and self._is_wide(other)):
                    yield other

    def _is_shared(self, source: int) -> bool:
        """Whether a source repeats others or is repeated."""
        return self._sizes[_STORY, self._class(source, _STORY)] > 1

    def _is_wide(self, number: int) -> bool:
        return self._kind(number) in _WIDE

    def _kind(self, number: int) -> str | None:
        node = self._graph.at(number)
        return node.actor_kind if isinstance(node, Actor) else None


def originators_of(graph: ArgumentGraph) -> Originators:
    """The witnesses of a snapshot, kept with it."""
    found = graph.memo.get(KEY)
    if not isinstance(found, Originators):
        found = graph.memo[KEY] = Originators(graph)
    return found


def _first(numbers: Sequence[int]) -> int | None:
    return numbers[0] if numbers else None


class Sets:
    """Disjoint sets of anything that hashes."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def root(self, item: Hashable) -> Hashable:
        """What stands for the set that an item is in."""
        while (parent := self._parent.setdefault(item, item)) != item:
            self._parent[item] = item = self._parent[parent]
        return item

    def join(self, items: Sequence[Hashable]) -> None:
        """Make the sets of all these one."""
        for one, other in pairwise(items):
            self._parent[self.root(one)] = self.root(other)
