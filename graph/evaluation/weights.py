"""Weights: what an analyst graded, as one number for every argument and for every own ground."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from networkx.utils.union_find import UnionFind

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import ORIGIN_CODE, Arrays, Floats, arrays_of, entries_of
from graph.snapshot.columns import ARGUMENT, STATEMENT
from graph.snapshot.relations import NONE, Ints, Number
from schemas.evaluation import Defaults
from schemas.evaluation_query import Reading
from schemas.node import Argument, Statement
from schemas.vocabulary import CONFIDENCE_RANK, Modality, Relation, Reliability, SourceStatus
from schemas.weights import DEFAULT_WEIGHTS, WeightTable, scale_of

KEY = "weights"
_SCALE = 1e12
"""Weights are kept to twelve digits: those that are equal on paper are equal, however they were multiplied."""
_TOGETHER = 1_000


class Weights(NamedTuple):
    """By compact number."""

    own: Floats
    """The weight of an argument, or of the own ground of a statement; 0 where there is none, NaN of what never has."""
    base: Floats
    """From where the strength starts: the weight, or what stands in for it."""


def table_of(graph: ArgumentGraph) -> WeightTable:
    """What grades count for in a map."""
    return graph.header.weights or DEFAULT_WEIGHTS


def weights_of(graph: ArgumentGraph) -> Weights:
    """The weights of a snapshot, kept with it; O(nodes + links), vectorised but for what several passages say."""
    found = graph.memo.get(KEY)
    if not isinstance(found, Weights):
        found = graph.memo[KEY] = _weighed(graph, arrays_of(graph))
    return found


def _weighed(graph: ArgumentGraph, arrays: Arrays) -> Weights:
    table = table_of(graph)
    argument, given = arrays.kinds == ARGUMENT, ~np.isnan(arrays.credence)
    by_confidence = np.asarray([table.of_confidence(name) for name in CONFIDENCE_RANK])
    own = np.where(arrays.constructed, np.nan, table.author)
    own[argument] = by_confidence[arrays.confidence[argument]]
    own[given & ~arrays.constructed] = arrays.credence[given & ~arrays.constructed]
    open_ = (arrays.kinds == STATEMENT) & ~given
    _attribute(graph, table, arrays, open_, own)
    own = np.rint(own * _SCALE) / _SCALE
    stands_in = np.where(given, arrays.credence, table.constructed)
    return Weights(own, np.where(np.isnan(own), stands_in, own))


def _attribute(
    graph: ArgumentGraph, table: WeightTable, arrays: Arrays, open_: npt.NDArray[np.bool_], own: Floats
) -> None:
    """Fill in what attributed statements weigh: nothing at first, then what their passages come to."""
    attributed = open_ & (arrays.origin == ORIGIN_CODE["attributed"])
    own[attributed] = 0.0
    # A statement whose origin was left out is attributed where somebody asserts it.
    attributed |= open_ & (arrays.origin == ORIGIN_CODE[None])
    place = arrays.compact(graph.size)
    assertions, of = entries_of(graph, "of")
    at = place[of]
    said = (at != NONE) & attributed[at]
    assertions, at = assertions[said], at[said]
    order = np.argsort(at, kind="stable")
    assertions, at = assertions[order], at[order]
    heads = np.flatnonzero(np.diff(at, prepend=NONE))
    alone = np.diff(heads, append=len(at)) == 1
    weights = _of_passages(graph, table, assertions)
    own[at[heads[alone]]] = np.minimum(weights[heads[alone]], table.most)
    ends = np.append(heads[1:], len(at))
    for first, last in zip(heads[~alone].tolist(), ends[~alone].tolist(), strict=True):
        several = dict(zip(assertions[first:last].tolist(), weights[first:last].tolist(), strict=True))
        own[at[first]] = _together(graph, table, several)


def weight_of(graph: ArgumentGraph, number: Number) -> tuple[float | None, float]:
    """The weight of one node, None of what never has one, and from where its strength starts; O(its assertions).

    The same bits as `weights_of`, without working out those of the others.
    """
    node, table = graph.at(number), table_of(graph)
    if isinstance(node, Argument):
        own = table.of_confidence(node.confidence or "medium") if node.credence is None else node.credence
    elif isinstance(node, Statement) and node.origin != "constructed":
        own = _of_statement(graph, number, node) if node.credence is None else node.credence
    else:
        credence = getattr(node, "credence", None)
        return None, table.constructed if credence is None else credence
    own = rounded(own)
    return own, own


def weight_without(graph: ArgumentGraph, number: Number, gone: Collection[str]) -> float:
    """What an own ground would weigh without some actors or sources, named by id; O(its assertions)."""
    node = graph.at(number)
    if not isinstance(node, Statement) or node.credence is not None:
        return weight_of(graph, number)[1]
    return rounded(_of_statement(graph, number, node, {n for n in map(graph.find, gone) if n is not None}))


def _of_statement(graph: ArgumentGraph, number: Number, node: Statement, gone: Collection[Number] = ()) -> float:
    table = table_of(graph)
    places = sorted(graph.referrers("of", number), key=graph.id) if is_by_assertions(node) else []
    if not places:
        return 0.0 if node.origin == "attributed" else table.author
    weights = {n: passage_of(graph, n).weight(table) for n in places if not _is_taken(graph, n, gone)}
    return _together(graph, table, weights) if weights else 0.0


def _is_taken(graph: ArgumentGraph, assertion: Number, gone: Collection[Number]) -> bool:
    if not gone:
        return False
    sources = (*graph.references("found_in", assertion), *graph.references("cites", assertion))
    return not set(gone).isdisjoint((*sources, *graph.references("spoken_by", assertion)[-1:]))


def is_by_assertions(node: Statement) -> bool:
    """Whether a statement weighs what its assertions do, where it has some."""
    return node.origin == "attributed" or node.is_open_about_its_origin


def rounded(weight: float) -> float:
    """A weight as a decimal: those that are equal on paper are equal."""
    return float(round(weight * _SCALE)) / _SCALE


# --- passages ---------------------------------------------------------------------------------------


class _Said(msgspec.Struct, gc=False):
    """The part of an assertion that says how firmly."""

    modality: Modality = "asserted"
    credibility: int | None = None


class _Kept(msgspec.Struct, gc=False):
    """The part of a source that says how far it can be relied on."""

    reliability: Reliability | None = None
    status: SourceStatus = "current"


class _Known(msgspec.Struct, gc=False):
    """The part of an actor that says what it is; nothing else of it is read."""

    actor_kind: str | None = None


_read_said = msgspec.json.Decoder(_Said).decode
_read_kept = msgspec.json.Decoder(_Kept).decode
_read_known = msgspec.json.Decoder(_Known).decode
_read_several = msgspec.json.Decoder(list[_Said]).decode


class GradedPassage(NamedTuple):
    """What is graded of one passage."""

    said: _Said
    source: _Kept
    cited: _Kept | None

    @property
    def is_retracted(self) -> bool:
        """Whether the source, or the one that it relies on, has been taken back."""
        return "retracted" in (self.source.status, self.cited.status if self.cited else "")

    def weight(self, table: WeightTable) -> float:
        """Manner, times reliability of the source, times credibility; nothing where a source was retracted."""
        if self.is_retracted:
            return 0.0
        said = table.of_manner(self.said.modality) * table.of_credibility(self.said.credibility)
        return rounded(said * table.of_reliability(self.source.reliability))


def passage_of(graph: ArgumentGraph, assertion: Number) -> GradedPassage:
    """What is graded of a passage."""
    [source], cited = (
        [_read_kept(graph.stored(n)) for n in graph.references(name, assertion)] for name in ("found_in", "cites")
    )
    return GradedPassage(_read_said(graph.stored(assertion)), source, cited[0] if cited else None)


def _of_passages(graph: ArgumentGraph, table: WeightTable, assertions: Ints) -> Floats:
    """The weights of many passages at once, with the same bits."""
    documents = [graph.stored(n) for n in assertions.tolist()]
    found = np.full(len(assertions), table.of_manner("asserted") * table.of_credibility(None))
    # A quote inside a JSON text is escaped, so these bytes are a key, or rarely a value, which decodes as well.
    said = [i for i, d in enumerate(documents) if b'"modality"' in d or b'"credibility"' in d]
    manner = scale_of(table.manner)
    for start in range(0, len(said), _TOGETHER):
        some = said[start : start + _TOGETHER]
        read = _read_several(b"[" + b",".join([documents[i] for i in some]) + b"]")
        found[some] = [manner[one.modality] * table.of_credibility(one.credibility) for one in read]
    factor, retracted = np.ones(graph.size), np.zeros(graph.size, dtype=np.bool_)
    for number in graph.numbers("source"):
        source = _read_kept(graph.stored(number))
        factor[number] = table.of_reliability(source.reliability)
        retracted[number] = source.status == "retracted"
    gone = np.zeros(graph.size, dtype=np.bool_)
    by_source = np.ones(graph.size)
    for relation in ("found_in", "cites"):
        holders, named = entries_of(graph, relation)
        gone[holders[retracted[named]]] = True
        if relation == "found_in":
            by_source[holders] = factor[named]
    return np.where(gone[assertions], 0.0, np.rint(found * by_source[assertions] * _SCALE) / _SCALE)


def _together(graph: ArgumentGraph, table: WeightTable, weights: dict[Number, float]) -> float:
    """What the passages of one statement weigh: the best, or what independent witnesses come to together."""
    best = _best(graph, weights) if len(weights) > 1 else ()
    return _joined(best, max(weights.values()), table)


def _best(graph: ArgumentGraph, weights: dict[Number, float]) -> list[float]:
    """The best passage of each of the witnesses that are shown to be independent, in order."""
    witnesses = originators_of(graph)
    independent = witnesses.independent(witnesses.behind(list(weights)))
    return [max(weights[n] for one in together for n in one.places) for together in independent]


def _joined(independent: Iterable[float], best: float, table: WeightTable) -> float:
    left = 1.0
    for weight in independent:
        left *= 1.0 - weight
    return min(table.most, max(best, 1.0 - left))


# --- witnesses -------------------------------------------------------------------------------------


_ORIGINATORS = "originators"
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

    places: tuple[Number, ...]
    """Assertions by number, in the order given."""
    actors: tuple[Number, ...]
    """The actors that are, or perhaps are, this witness; none where nobody is named."""
    is_traced: bool
    """Whether it is known who says it: somebody named who is no outlet and no nameless group."""


class _Place(NamedTuple):
    number: Number
    source: Number | None
    cited: Number | None
    origin: Number | None
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
        self._classes: dict[tuple[tuple[Relation, ...], Number], Number] = {}
        self._sizes: dict[tuple[tuple[Relation, ...], Number], int] = {}
        self._behind: dict[tuple[Number, ...], list[Originator]] = {}
        self._relatives: dict[Number, tuple[Number, list[Number]]] = {}
        self._kinds: dict[Number, str | None] = {}

    def behind(self, places: Sequence[Number]) -> list[Originator]:
        """The witnesses behind places that assert one thing: as many as there may be; O(places), once."""
        found = self._behind.get(key := tuple(places))
        if found is None:
            if len(key) == 1:  # nothing to tell apart, so nothing but its speaker is looked up
                found = [self._originator(key, [self.origin(key[0])])]
            else:
                groups = self._groups([self._place(n) for n in key])
                found = [self._originator([p.number for p in group], [p.origin for p in group]) for group in groups]
            self._behind[key] = found
        return found

    def independent(self, originators: Iterable[Originator]) -> list[list[Originator]]:
        """Those that are shown to be independent, each with the ones that it is not shown to be independent of.

        None where nobody is known by name: then there is at least one all the same.
        """
        traced = [one for one in originators if one.is_traced]
        speaking = {self.same(actor) for one in traced for actor in one.actors}
        sets: UnionFind[Hashable] = UnionFind()
        for one in traced:
            sets.union(one.places[0], *self._ties(one, speaking))
        found: dict[Hashable, list[Originator]] = {}
        for one in traced:
            found.setdefault(sets[one.places[0]], []).append(one)
        return list(found.values())

    def bounds(self, places: Sequence[Number]) -> tuple[int, int]:
        """How many witnesses there are at least and at most behind places that assert one thing."""
        found = self.behind(places)
        return min(len(found), max(1, len(self.independent(found)))), len(found)

    def origin(self, place: Number) -> Number | None:
        """The actor with whom a passage originates, as far as the view tells."""
        graph = self._graph
        chain = graph.references("may_originate_with", place) or graph.references("spoken_by", place)
        return chain[-1] if chain else None

    def same(self, actor: Number) -> Number:
        """One number for an actor and all that are probably the same."""
        return self._class(actor, _SAME)

    # --- inside -----------------------------------------------------------------------------------

    def _place(self, number: Number) -> _Place:
        graph = self._graph
        source, cited = (_first(graph.references(name, number)) for name in ("found_in", "cites"))
        origin = self.origin(number)
        publisher = None if source is None else _first(graph.references("published_by", source))
        own_voice = origin is None or origin == publisher or self._kind(origin) == "outlet"
        return _Place(number, source, cited, origin, own_voice)

    def _groups(self, places: Sequence[_Place]) -> list[list[_Place]]:
        sets: UnionFind[Hashable] = UnionFind()
        for place in places:
            sets.union(place.number, *self._marks(place))
        for one, other in self._retold(places):
            sets.union(one.number, other.number)
        found: dict[Hashable, list[_Place]] = {}
        for place in places:
            found.setdefault(sets[place.number], []).append(place)
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
        stories: dict[Number, list[_Place]] = {}
        for place in places:
            if place.source is not None and self._is_shared(place.source):
                stories.setdefault(self._class(place.source, _STORY), []).append(place)
        for told in stories.values():
            own = [place for place in told if place.own_voice]
            yield from pairwise(own) if len({place.source for place in own}) > 1 else ()
            quoting = [place for place in told if not place.own_voice and own and place.source != own[0].source]
            if quoting and len({place.source for place in own}) == 1:
                yield from ((place, quoting[0]) for place in own)

    def _originator(self, places: Sequence[Number], origins: Iterable[Number | None]) -> Originator:
        actors = sorted({origin for origin in origins if origin is not None}, key=self._graph.id)
        traced = any(self._kind(actor) not in _CARRIERS for actor in actors)
        return Originator(tuple(places), tuple(actors), traced)

    def _ties(self, one: Originator, speaking: set[Number]) -> Iterator[Hashable]:
        """What makes it possible that two named witnesses have it from one another or from a third."""
        graph = self._graph
        for actor in one.actors:
            kin, wide = self._related(actor)
            yield "kin", kin
            yield from (("wide", other) for other in wide if other in speaking)
        for place in one.places:
            if may_be := graph.references("may_be_spoken_by", place):
                yield "kin", self._class(may_be[-1], _KIN)
            if (cited := _first(graph.references("cites", place))) is not None:
                yield "document", self._class(cited, _DOCUMENT)
                for author in graph.references("written_by", cited):
                    if self._kind(author) not in _CARRIERS:
                        yield "kin", self._class(author, _KIN)

    def _related(self, actor: Number) -> tuple[Number, list[Number]]:
        """The class of an actor's kin, and the wide ones among it and what it is affiliated with; worked out once."""
        found = self._relatives.get(actor)
        if found is None:
            near = (actor, *self._graph.references("affiliated_with", actor))
            found = self._class(actor, _KIN), [self.same(one) for one in near if self._is_wide(one)]
            self._relatives[actor] = found
        return found

    def _class(self, number: Number, relations: tuple[Relation, ...]) -> Number:
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

    def _near(self, number: Number, relations: tuple[Relation, ...]) -> Iterator[Number]:
        for relation in relations:
            narrow = relation == "affiliated_with"
            if narrow and self._is_wide(number):
                continue
            for other in (*self._graph.references(relation, number), *self._graph.referrers(relation, number)):
                if not (narrow and self._is_wide(other)):
                    yield other

    def _is_shared(self, source: Number) -> bool:
        """Whether a source repeats others or is repeated."""
        return self._sizes[_STORY, self._class(source, _STORY)] > 1

    def _is_wide(self, number: Number) -> bool:
        return self._kind(number) in _WIDE

    def _kind(self, actor: Number) -> str | None:
        if actor not in self._kinds:
            self._kinds[actor] = _read_known(self._graph.stored(actor)).actor_kind
        return self._kinds[actor]


def originators_of(graph: ArgumentGraph) -> Originators:
    """The witnesses of a snapshot, kept with it."""
    found = graph.memo.get(_ORIGINATORS)
    if not isinstance(found, Originators):
        found = graph.memo[_ORIGINATORS] = Originators(graph)
    return found


def _first(numbers: Sequence[Number]) -> Number | None:
    return numbers[0] if numbers else None


# --- what holds where a map says nothing -----------------------------------------------------------


_UNATTACKED: dict[Reading, str] = {
    "weighed": "accepted if it has a ground of its own; rejected (no_ground) if it has none, as motives have none",
    "grounds": "accepted if attributed or the author's; rejected (no_ground) if constructed, as motives are",
    "deductive": "accepted",
    "necessary": "accepted",
}
_STRENGTH = "its weight; what has none of its own starts from its credence, or from `weights.constructed`"
_SENSITIVE = (
    "the labelling asked for, the grounded one or one of the four strengths accepts the node and another rejects it; "
    "a strength above 0.5 accepts, below 0.5 rejects, and says nothing where it does not settle"
)
LABELLED = "grounded"
WEIGHED = "quadratic-energy"
BOTH = f"{LABELLED}, {WEIGHED}"
"""The semantics of an answer that has verdicts and strengths."""


def of_labelling(graph: ArgumentGraph, reading: Reading = "weighed") -> Defaults:
    """The defaults of a verdict."""
    return Defaults(_UNATTACKED[reading], table_of(graph).model_dump(), _SENSITIVE)


def of_strength(graph: ArgumentGraph) -> Defaults:
    """The defaults of a strength."""
    return Defaults(_STRENGTH, table_of(graph).model_dump(), _SENSITIVE)


def of_both(graph: ArgumentGraph) -> Defaults:
    """The defaults of an answer that has verdicts and strengths."""
    return Defaults(f"{_UNATTACKED['weighed']}; its strength is {_STRENGTH}", table_of(graph).model_dump())
