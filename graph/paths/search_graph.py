"""The graph that a search of paths walks on: nodes as sort keys, edges worked out when it first comes by, and costs.

Paths are in a total order that compares ids. Comparing texts in the inner loop of a search is slow, so a search
never sees an id: each node is a number, its sort key, and comparing sort keys is comparing ids.

Costs are made so that the strongest path is the cheapest one. A path begins with the credence of its start. An
argument passes on the weaker of what reaches it and the credences of its other premises, times its own credence, times
1, 0.75 or 0.5 for high, medium or low confidence. A product is a sum of logarithms, as for most reliable paths; the
"weaker of" is a floor under the sum.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from heapq import nsmallest
from math import log2
from threading import Lock
from typing import Any, Protocol, cast

import msgspec
from immutables import Map

from graph.paths.endpoints import is_ground, is_unused
from graph.snapshot.argument_graph import ArgumentGraph, credence_of
from graph.snapshot.columns import ARGUMENT, Columns
from graph.snapshot.relations import NONE, Number

SortKey = int | float | Fraction
"""A node of the columns has its number, which follows the order of ids; a newer one lies between its neighbours."""
State = Any
"""Where a search stands, hashable: a sort key, or a sort key with bits that say what is still asked of the path."""
Edge = tuple[SortKey, State, SortKey, tuple[SortKey, ...], int, int]
"""One edge of a search: the argument that it uses up; the state and the node that it leads to; what it adds to the
path; its cost; and its floor, what the path before it is taken to have cost at least. A plain tuple, since a
search makes and takes apart millions. From an attacked argument an edge uses up nothing but its end, which then
stands in both places."""
Edges = Mapping[State, tuple[Edge, ...]]
"""The edges from each state, in the order of what they add to the path."""
Adjacent = Mapping[State, Sequence[State]]
"""The successors of each state, or its predecessors, in no order and perhaps more than once."""
STEPS = (1 << 20) - 1
"""The bits of a cost that count steps. Those above count what else the steps cost, so that this decides first."""
_ORDER_KEY = "order of new ids"
_GRAPH_KEY = "search graph"
_SAME = object()
_HELD_AT_MOST = 100_000
"""Nodes whose edges are kept, some 300 bytes each."""


class Computed(dict[State, Any]):
    """A table worked out entry by entry, when a search first comes by; afterwards a look-up is one of a dict."""

    def __init__(self, work_out: Callable[[Any], Any]) -> None:
        self._work_out = work_out

    def __missing__(self, at: State) -> Any:
        found = self[at] = self._work_out(at)
        return found


class SearchSpace(Protocol):
    """States, the edges between them, and which of them begin and end a path."""

    edges: Edges
    successors: Adjacent
    predecessors: Adjacent

    def first(self, key: SortKey) -> State:
        """The state of a path that begins at a node."""

    def last(self, keys: Iterable[SortKey]) -> list[State]:
        """The states in which a path may end at one of these nodes."""

    def key_of(self, state: State) -> SortKey:
        """The node that a state is at."""

    def is_start(self, state: State) -> bool:
        """Whether a path may begin here, where no start is named."""

    def is_end(self, state: State) -> bool:
        """Whether a path may end here, where no end is named."""


# --- sort keys -------------------------------------------------------------------------------------


class OrderIndex:
    """Sort keys for ids that the columns do not have, shared by all snapshots derived from the same columns.

    The order-maintenance problem (Dietz and Sleator 1987, doi:10.1145/28395.28434): insert into a total order and
    compare in O(1). A new id gets the number half-way between those of its neighbours. Keys that were given out are
    kept by snapshots that live on, so nothing is ever renumbered; where floats run out, after some fifty insertions
    into one gap, exact fractions go on. O(log new ids) comparisons for a new id, once.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._ids: list[str] = []
        self._key: dict[str, SortKey] = {}
        self._id: dict[SortKey, str] = {}
        self._lock = Lock()

    def key(self, node_id: str) -> SortKey:
        """The sort key of an id that the columns do not have."""
        found = self._key.get(node_id)
        return self._add(node_id) if found is None else found

    def id(self, key: SortKey) -> str:
        """The id that was given this sort key."""
        return self._id[key]

    def _add(self, node_id: str) -> SortKey:
        with self._lock:
            if node_id not in self._key:
                at = bisect_left(self._ids, node_id)
                gap = bisect_left(self._columns.ids, node_id)
                below = max(gap - 1, self._key[self._ids[at - 1]] if at else -1)
                above = min(gap, self._key[self._ids[at]] if at < len(self._ids) else gap)
                key = _between(below, above)
                self._ids.insert(at, node_id)
                self._id[key] = node_id
                self._key[node_id] = key  # last: readers without the lock see whole entries
            return self._key[node_id]


def _between(below: SortKey, above: SortKey) -> SortKey:
    """A number strictly between two; exact where floats have run out."""
    if not isinstance(below, Fraction) and not isinstance(above, Fraction):
        middle = (below + above) / 2
        if below < middle < above:
            return middle
    return (Fraction(below) + Fraction(above)) / 2


class SortKeys:
    """Sort keys of one snapshot's nodes, from their numbers and back."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._size = len(graph.columns)
        self._new = _order_index(graph.columns)

    def key(self, number: Number) -> SortKey:
        """The sort key of a number."""
        return number if number < self._size else self._new.key(self._graph.id(number))

    def number(self, key: SortKey) -> Number:
        """The number of a sort key."""
        return Number(key) if isinstance(key, int) else self._graph.patch.numbers[self._new.id(key)]

    def ids(self, keys: Iterable[SortKey]) -> tuple[str, ...]:
        """The ids of sort keys."""
        if self._graph.patch.numbers:
            return tuple(map(self.id, keys))
        return tuple(map(self._graph.columns.ids.__getitem__, cast(Iterable[int], keys)))

    def id(self, key: SortKey) -> str:
        """The id of a sort key."""
        return self._graph.columns.ids[key] if isinstance(key, int) else self._new.id(key)


def _order_index(columns: Columns) -> OrderIndex:
    found = columns.memo.get(_ORDER_KEY)
    if not isinstance(found, OrderIndex):
        found = columns.memo[_ORDER_KEY] = OrderIndex(columns)
    return found


# --- edges -----------------------------------------------------------------------------------------


class SearchGraph:
    """The edges of one snapshot. It is the plain search space, in which a state is just a sort key."""

    __slots__ = ("edges", "graph", "keys", "predecessors", "successors")

    def __init__(
        self, graph: ArgumentGraph, edges: Edges, successors: Adjacent, predecessors: Adjacent, keys: SortKeys
    ) -> None:
        """`graph` is the snapshot without what else was worked out about it.

        Predecessors are the premises of incoming arguments, and those arguments that have incoming ones themselves.
        """
        self.graph = graph
        self.edges = edges
        self.successors = successors
        self.predecessors = predecessors
        self.keys = keys

    def first(self, key: SortKey) -> State:
        """As `SearchSpace` says."""
        return key

    def last(self, keys: Iterable[SortKey]) -> list[State]:
        """As `SearchSpace` says."""
        return list(keys)

    def key_of(self, state: State) -> SortKey:
        """As `SearchSpace` says."""
        key: SortKey = state
        return key

    def is_start(self, state: State) -> bool:
        """As `SearchSpace` says."""
        return is_ground(self.graph, self.keys.number(state))

    def is_end(self, state: State) -> bool:
        """As `SearchSpace` says."""
        return is_unused(self.graph, self.keys.number(state))


def search_graph(graph: ArgumentGraph) -> SearchGraph:
    """The edges of a snapshot, kept with it; O(edit) where those of a snapshot before it are known."""
    found = graph.memo.get(_GRAPH_KEY)
    if not isinstance(found, SearchGraph):
        found = graph.memo[_GRAPH_KEY] = _derived(graph) if graph.patch.nodes else _of_columns(graph)
    return found


def _of_columns(graph: ArgumentGraph) -> SearchGraph:
    columns = graph.columns
    found = columns.memo.get(_GRAPH_KEY)
    if not isinstance(found, SearchGraph):
        alone = ArgumentGraph(graph.header, columns)
        edges, successors, predecessors = (
            _OfColumns(partial(one, columns)) for one in (_edges, _successors, _predecessors)
        )
        found = columns.memo[_GRAPH_KEY] = SearchGraph(alone, edges, successors, predecessors, SortKeys(alone))
    return found


def _derived(graph: ArgumentGraph) -> SearchGraph:
    for origin in graph.derived_from:
        before = origin.memo.get(_GRAPH_KEY)
        if isinstance(before, SearchGraph):
            return _edited(before, graph, origin.touched)
    return _edited(_of_columns(graph), graph, {*graph.patch.steps, *graph.patch.incoming})


def _edited(before: SearchGraph, graph: ArgumentGraph, touched: Iterable[Number]) -> SearchGraph:
    """The edges of a snapshot that differs from one before it by what was touched."""
    alone = ArgumentGraph(graph.header, graph.columns, graph.patch)  # not the graph itself, which keeps the result
    keys = SortKeys(alone)
    # An argument that changed is seen from its premises and from its target, as they were and as they are.
    origins, ends = set(touched), set(touched)
    for number in touched:
        for snapshot in (before.graph, alone):
            target = snapshot.target(number)
            if target != NONE:
                origins.update(snapshot.premises(number))
                ends.add(target)
    edges = {keys.key(number): _edges_of(alone, keys, number) for number in origins}
    successors = {at: tuple([edge[1] for edge in leaving]) for at, leaving in edges.items()}
    predecessors = {keys.key(number): tuple(map(keys.key, _origins(alone, number))) for number in ends}
    return SearchGraph(
        alone,
        _Edited(before.edges, edges),
        _Edited(before.successors, successors),
        _Edited(before.predecessors, predecessors),
        keys,
    )


def _edges_of(graph: ArgumentGraph, keys: SortKeys, number: Number) -> tuple[Edge, ...]:
    key, target = keys.key, graph.target
    if target(number) != NONE:
        end = key(target(number))
        return ((end, end, end, (end,), 1, 0),)
    pairs = sorted((key(a), key(target(a))) for a in graph.outgoing(number))
    return tuple([(a, end, end, (a, end), 1, 0) for a, end in pairs])


def _origins(graph: ArgumentGraph, number: Number) -> Iterator[Number]:
    for argument in graph.incoming(number):
        yield from graph.premises(argument)
        if graph.incoming(argument):
            yield argument


class _Edited(dict[State, Any]):
    """What differs from a table before it, and over that what was asked for.

    A table over a table over a table would make a look-up slower with each edit, and copying all differences would
    make an edit slower; so they stand in a persistent map, and below it there is always the table of the columns.
    """

    def __init__(self, before: Mapping[State, Any], put: Mapping[State, Any]) -> None:
        self._differs: Map[State, Any] = (before._differs if isinstance(before, _Edited) else Map()).update(put)
        self._base: Mapping[State, Any] = before._base if isinstance(before, _Edited) else before
        super().__init__(put)

    def __missing__(self, at: State) -> Any:
        found = self._differs.get(at, _SAME)
        if found is _SAME:
            found = self._base[at]
        self[at] = found
        return found


class _OfColumns(Computed):
    """Answers by number, which is its own sort key, kept up to a bound: they live as long as the columns."""

    def __missing__(self, at: State) -> Any:
        if not isinstance(at, int):
            return ()  # a newer node without edges: those that have some are in a table of differences
        if len(self) >= _HELD_AT_MOST:
            self.clear()
        return super().__missing__(at)


# The same three answers as above, read straight from the columns: no call and no sorting for each argument, since
# there numbers follow the order of ids.


def _edges(columns: Columns, number: Number) -> tuple[Edge, ...]:
    target, outgoing = columns.target, columns.outgoing
    first, last = outgoing.starts[number], outgoing.ends[number]
    if last - first == 1:  # one outgoing argument, as most nodes have: without making a list
        argument = outgoing.values[first]
        end = target[argument]
        return ((argument, end, end, (argument, end), 1, 0),)
    end = target[number]
    if end != NONE:
        return ((end, end, end, (end,), 1, 0),)
    return tuple([(a, end := target[a], end, (a, end), 1, 0) for a in outgoing[number]])


def _successors(columns: Columns, number: Number) -> tuple[Number, ...]:
    target = columns.target
    end = target[number]
    return (end,) if end != NONE else tuple(map(target.__getitem__, columns.outgoing[number]))


def _predecessors(columns: Columns, number: Number) -> tuple[Number, ...]:
    incoming, premises = columns.incoming, columns.premises
    found: list[Number] = []
    for argument in incoming[number]:
        found += premises[argument]
        if incoming.starts[argument] != incoming.ends[argument]:
            found.append(argument)
    return tuple(found)


# --- costs -----------------------------------------------------------------------------------------


PASSED_ON = (0.5, 0.75, 1.0)
"""How much an argument passes on by the rank of its confidence."""
UNIT = 1 << 40
"""The logarithm of two: the cost of losing half of the strength."""
_EXACT_UP_TO = 10**6
"""Shares whose numerator and denominator are not larger are taken apart into primes."""


class _Weight(msgspec.Struct):
    credence: float | None = None


def credence(graph: ArgumentGraph, number: Number) -> float:
    """The credence of a statement, motive or argument, read from its document without reading the rest."""
    if graph.patch.nodes and number in graph.patch.nodes:
        return credence_of(graph.at(number))
    columns = graph.columns
    document = columns.documents[number]
    said = msgspec.json.decode(document, type=_Weight).credence if b'"credence"' in document else None
    if said is not None:
        return said
    return 1.0 if columns.kinds[number] == ARGUMENT else 0.5


class WeakestPremises:
    """The two weakest premises of arguments, so that asking for all of its premises costs O(premises) and not its
    square.
    """

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._two: dict[Number, tuple[Number, float, float]] = {}
        """The weakest premise of an argument, its credence, and the next one's."""

    def other(self, argument: Number, came_from: Number) -> float:
        """The credence of the weakest of an argument's premises but one; 1 where there is no other."""
        graph, stated = self._graph, self._graph.columns.premises
        if (
            came_from != argument
            and argument not in graph.patch.steps
            and stated.ends[argument] - stated.starts[argument] == 1
        ):
            return 1.0  # most arguments have one premise: nothing is to be read
        if argument not in self._two:
            weights = ((credence(graph, premise), premise) for premise in graph.premises(argument))
            (least, at), *others = nsmallest(2, weights)
            self._two[argument] = at, least, others[0][0] if others else 1.0
        at, least, next_one = self._two[argument]
        return next_one if came_from == at else least


class EdgeCosts:
    """What the edges of one snapshot cost: a loss of strength, and below that a step.

    No edge leads on from no strength at all: the logarithm of 0 is no number.
    """

    def __init__(self, graph: ArgumentGraph, keys: SortKeys) -> None:
        self._graph = graph
        self._number = keys.number
        self._weakest = WeakestPremises(graph)
        self._cost: dict[SortKey, int | None] = {}

    def of_start(self, key: SortKey) -> int | None:
        """What a path has lost before its first edge; None where that is all."""
        number = self._number(key)
        return 0 if self._graph.kind(number) == ARGUMENT else _cost(credence(self._graph, number))

    def of(self, argument: SortKey) -> int | None:
        """The cost of an edge by this argument; None where it passes nothing on."""
        if argument not in self._cost:
            number = self._number(argument)
            own, read = _cost(credence(self._graph, number)), _cost(PASSED_ON[self._graph.confidence(number)])
            self._cost[argument] = None if own is None or read is None else own + read + 1
        return self._cost[argument]

    def floor(self, origin: SortKey, argument: SortKey) -> int | None:
        """What a path is taken to have lost at least before an edge by this argument; None where that is all."""
        return _cost(self._weakest.other(self._number(argument), self._number(origin)))

    def edges(self, plain: Edges) -> Edges:
        """The edges of the plain search space with their costs and floors."""

        def costed(at: State) -> Iterator[Edge]:
            for argument, reached, node, added, _, _ in plain[at]:
                by = argument if len(added) > 1 else at
                cost, floor = self.of(by), self.floor(at, by)
                if cost is not None and floor is not None:
                    yield argument, reached, node, added, cost, floor

        return Computed(lambda at: tuple(costed(at)))


def _cost(part: float) -> int | None:
    return loss(part) * (STEPS + 1) if part > 0 else None


@lru_cache(maxsize=4096)
def loss(part: float) -> int:
    """What passing on a part (not 0) costs: its negative logarithm, in whole numbers so that sums are exact.

    Made of one number for each prime, so that paths of equal strength cost the same: 0.6 twice is 0.4 and 0.9.
    With logarithms as floats, rounding would decide the order of equals.
    """
    ratio = Fraction(str(part))
    if max(ratio.denominator, ratio.numerator) > _EXACT_UP_TO:
        return max(0, round(-log2(part) * UNIT))
    return log_of(ratio.denominator) - log_of(ratio.numerator)


@lru_cache(maxsize=4096)
def log_of(number: int) -> int:
    """The binary logarithm of a number, in units: the sum of those of its primes."""
    return sum(map(_log, _primes(number)))


@lru_cache(maxsize=4096)
def _log(prime: int) -> int:
    return round(log2(prime) * UNIT)


def _primes(number: int) -> Iterator[int]:
    factor = 2
    while factor * factor <= number:
        while number % factor == 0:
            yield factor
            number //= factor
        factor += 1
    if number > 1:
        yield number
