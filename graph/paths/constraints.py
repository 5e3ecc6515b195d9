"""Paths under constraints: the product of the search graph with what is still asked of a path.

A polarity and nodes to visit are conditions on a whole path, and a search sees only where it stands. So its states
are pairs of a node and bits, one for each condition that is not met yet. Paths under constraints are then plain
paths of this product graph, from the bits of all conditions to no bit at all, as in the problem of paths in a
regular language (Barrett, Jacob and Marathe 2000, doi:10.1137/S0097539798337716).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from graph.paths.endpoints import is_ground, is_unused
from graph.paths.search_graph import Adjacent, Computed, Edge, EdgeCosts, Edges, SortKey, State, search_graph
from graph.snapshot.argument_graph import ArgumentGraph

ENDED = "ended"
"""Stands for the node of a path that ends in an argument by one of its premises, without going on to the target."""
_ODD = 1
"""The bit that is set while an odd number of opposing steps is still to come."""


@dataclass(frozen=True)
class Constraints:
    """What a question asks of a path beyond its ends."""

    opposing: bool | None = None
    """The polarity asked for, if any."""
    visits: tuple[frozenset[SortKey], ...] = ()
    """Of each of these sets one node must be visited."""
    avoided: frozenset[SortKey] = frozenset()
    starts: frozenset[SortKey] = frozenset()
    """Arguments among the starts."""
    ends: frozenset[SortKey] = frozenset()
    """Arguments among the ends."""

    @cached_property
    def met_at(self) -> dict[SortKey, int]:
        """For each node that one must visit the bits of the conditions that visiting it meets."""
        found: dict[SortKey, int] = {}
        for i, group in enumerate(self.visits, start=1):
            for key in group:
                found[key] = found.get(key, 0) | 1 << i
        return found

    def met(self, *keys: SortKey) -> int:
        """The bits of the conditions that visiting these nodes meets."""
        bits = 0
        for key in keys:
            bits |= self.met_at.get(key, 0)
        return bits


class ProductSpace:
    """The search space under constraints. A state is a sort key with the bits of what is still to be met."""

    def __init__(self, graph: ArgumentGraph, constraints: Constraints, costs: EdgeCosts | None = None) -> None:
        """With costs, edges cost what they take of a path's strength; without, each costs one step."""
        plain = search_graph(graph)
        self._graph = graph
        self._constraints = constraints
        self._keys = plain.keys
        self._plain_edges = plain.edges if costs is None else costs.edges(plain.edges)
        self.edges: Edges = Computed(lambda state: tuple(self._edges_from(state)))
        self.successors: Adjacent = Computed(lambda state: tuple([edge[1] for edge in self.edges[state]]))
        self.predecessors: Adjacent = Computed(lambda state: tuple([o for _, o in self.edges_into(state)]))

    def first(self, key: SortKey) -> State:
        """As `SearchSpace` says."""
        asked = self._constraints
        open_bits = sum(1 << i for i, group in enumerate(asked.visits, start=1) if key not in group)
        return key, open_bits | _ODD if asked.opposing else open_bits

    def last(self, keys: Iterable[SortKey]) -> list[State]:
        """As `SearchSpace` says: nothing is to be met any more."""
        found: list[State] = [(key, 0) for key in keys]
        return [*found, (ENDED, 0)] if self._constraints.ends else found

    def key_of(self, state: State) -> SortKey:
        """As `SearchSpace` says."""
        key: SortKey = state[0]
        return key

    def is_start(self, state: State) -> bool:
        """As `SearchSpace` says: whatever begins here has met what its start meets."""
        key = self.key_of(state)
        return key != ENDED and state == self.first(key) and is_ground(self._graph, self._keys.number(key))

    def is_end(self, state: State) -> bool:
        """As `SearchSpace` says."""
        key, open_bits = state
        return not open_bits and is_unused(self._graph, self._keys.number(key))

    def _edges_from(self, state: State) -> Iterator[Edge]:
        """The edges of the product that leave a state."""
        asked, (at, open_bits) = self._constraints, state
        if at == ENDED:
            return
        for argument, _, node, added, cost, floor in self._plain_edges[at]:
            by = argument if len(added) > 1 else at
            if by in asked.avoided:
                continue
            if by in asked.ends and by != at:  # an id comes before all ids that it begins, so this edge comes first
                yield by, (ENDED, open_bits & ~asked.met(by)), by, (by,), cost, floor
            if node not in asked.avoided:
                left = open_bits & ~asked.met(argument, node) ^ self._flip(by)
                yield argument, (node, left), node, added, cost, floor

    def edges_into(self, state: State) -> Iterator[tuple[SortKey, State]]:
        """The argument of each edge of the product that enters a state, with the state that it leaves.

        Going back, a condition that the edge meets may have been open or met before it: there is an edge from each.
        """
        asked, (at, open_bits) = self._constraints, state
        for argument, origin in self._plain_edges_into(at):
            if argument in asked.avoided or origin in asked.avoided:
                continue
            node = argument if at == ENDED else at
            met = asked.met(node) if argument == origin else asked.met(node, argument)
            if open_bits & met:
                continue
            before = open_bits if at == ENDED else open_bits ^ self._flip(argument)
            for part in _subsets(met):
                if not (before | part) & asked.met(origin):
                    yield argument, (origin, before | part)

    def _plain_edges_into(self, at: SortKey) -> Iterator[tuple[SortKey, SortKey]]:
        graph, keys, asked = self._graph, self._keys, self._constraints
        arguments = map(keys.number, asked.ends) if at == ENDED else graph.incoming(keys.number(at))
        for number in arguments:
            argument = keys.key(number)
            for premise in graph.premises(number):
                yield argument, keys.key(premise)
            if at != ENDED and (argument in asked.starts or graph.incoming(number)):
                yield argument, argument

    def _flip(self, argument: SortKey) -> int:
        """What an edge by this argument changes in the polarity still to come."""
        if self._constraints.opposing is None:
            return 0
        return _ODD if self._graph.sign(self._keys.number(argument)) < 0 else 0


def _subsets(bits: int) -> Iterator[int]:
    """Every set of bits within these; nearly always none or one."""
    part = bits
    while part:
        yield part
        part = part - 1 & bits
    yield 0
