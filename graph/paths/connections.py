"""Connections: how two nodes of any kind are connected, by the paths over all links that say most."""

from collections.abc import Iterator
from itertools import islice, pairwise, product

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.paths.bidirectional import BackwardReach, Ball
from graph.paths.cost_heuristic import CostHeuristic
from graph.paths.endpoints import refuse_unknown
from graph.paths.k_shortest import KeyPath, ShortestPaths
from graph.paths.reachability import Neighbours
from graph.paths.search_graph import STEPS, UNIT, Computed, Edge, SortKey, SortKeys, log_of, search_graph
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import KIND_CODE, Number
from schemas.connection import Connection, ConnectionsAnswer
from schemas.path import PathReason
from schemas.query import ConnectionsQuery
from schemas.vocabulary import Relation

_LINK = (STEPS + 1) * log_of(2) + 1
"""What a link costs: one, and below that one step."""


def connections(
    graph: ArgumentGraph,
    query: ConnectionsQuery,
    budget: StepBudget | None = None,
    *,
    whole: ArgumentGraph | None = None,
) -> ConnectionsAnswer:
    """The paths between two nodes over links of any kind, in either direction, cheapest first.

    A link costs 1; passing a node costs the binary logarithm of the number of its links. Paths with the same
    nodes and other relations are connections of their own; a path has at least one link. `whole` is the same
    revision without the view's filters, as for `paths`. Raises `Refused` for an id that neither has.
    """
    budget = budget or StepBudget()
    refuse_unknown((graph, whole or graph), [("/from", query.from_), ("/to", query.to)])
    search = _Search(graph, query)
    items, reason = search.first(Allowance(budget))
    if not items and reason is None:
        is_left_out = whole is not None and whole is not graph and _Search(whole, query).joins(Allowance(budget))
        reason = "filtered" if is_left_out else "not_connected"
    complete = reason in (None, "not_connected", "filtered")
    return ConnectionsAnswer(graph.map, graph.revision, complete, reason, tuple(items))


class UndirectedView:
    """All links of a snapshot by sort key, followed in either direction; read when a search first comes by."""

    def __init__(self, graph: ArgumentGraph, keys: SortKeys) -> None:
        self._neighbours = Neighbours(graph, frozenset(KIND_CODE.values()))
        self._keys = keys
        self.joined = Computed(self._joined)
        """The nodes that a node is linked to, in their order, each with the relations between, in theirs."""
        self.adjacent = Computed(lambda key: tuple(self.joined[key]))
        """The nodes one link away."""
        self._passing = Computed(self._cost_of_passing)

    def edges(self, last: SortKey | None) -> Computed:
        """Edges over links; to come to the last node of a path costs no more than the link."""

        def edges(at: SortKey) -> tuple[Edge, ...]:
            return tuple([(to, to, to, (to,), self.cost(to, last), 0) for to in self.adjacent[at]])

        return Computed(edges)

    def cost(self, key: SortKey, last: SortKey | None) -> int:
        """What a link to this node costs: passing it costs more the more links it has."""
        return _LINK if key == last else _LINK + int(self._passing[key])

    def _joined(self, key: SortKey) -> dict[SortKey, list[Relation]]:
        links: dict[SortKey, set[Relation]] = {}
        for other, relation in self._links(self._keys.number(key)):
            links.setdefault(self._keys.key(other), set()).add(relation)
        return {other: sorted(links[other]) for other in sorted(links)}

    def _cost_of_passing(self, key: SortKey) -> int:
        return (STEPS + 1) * log_of(sum(1 for _ in self._links(self._keys.number(key))))

    def _links(self, number: Number) -> Iterator[tuple[Number, Relation]]:
        """The other end and the relation of each link of a node."""
        for relation, end, _ in self._neighbours.links(number):
            if end != number:
                yield end, relation


class _Search:
    def __init__(self, graph: ArgumentGraph, query: ConnectionsQuery) -> None:
        self._query = query
        self._keys = search_graph(graph).keys
        self._view = UndirectedView(graph, self._keys)
        self._start, self._end = graph.find(query.from_), graph.find(query.to)

    def first(self, allowance: Allowance) -> tuple[list[Connection], PathReason | None]:
        """The first connections, and why they are not all."""
        query = self._query
        found: list[Connection] = []
        search = self._paths(allowance)
        try:
            shortest = self._shortest(allowance)
            if shortest is None or shortest > query.max_length:
                return found, None if shortest is None else "max_length"
            for cost, path in search:
                if cost & STEPS > query.max_length:
                    search.longest = query.max_length
                    continue
                found += islice(self._rendered(path, cost), query.limit + 1 - len(found))
                if len(found) > query.limit:
                    return found[:-1], "limit"
        except OutOfSteps:
            return found, "limit" if len(found) == query.limit else "budget"
        return found, None if search.longest > query.max_length else "max_length"

    def _shortest(self, allowance: Allowance) -> int | None:
        """How many links the shortest path has at least, whatever it costs; None where there is none.

        Breadth first from both ends: where the shortest is longer than is asked for, the search for the cheapest
        would go through the whole map to find that out.
        """
        if self._start is None or self._end is None or self._start == self._end:
            return None  # no path comes back to where it began
        centres = map(self._keys.key, (self._start, self._end))
        one, other = (Ball(self._view.adjacent, [centre], allowance) for centre in centres)
        while one.rim and other.rim:
            if len(one.rim) > len(other.rim):
                one, other = other, one
            try:
                one.grow(one.beyond())
            except OutOfSteps:
                if one.radius + other.radius < self._query.max_length:
                    raise
                return self._query.max_length + 1
            if other.touches(one.rim):
                return one.radius + other.radius
        return None

    def joins(self, allowance: Allowance) -> bool:
        """Whether there is any connection, or none can be ruled out."""
        try:
            return self._shortest(allowance) is not None
        except OutOfSteps:
            return True

    def _paths(self, allowance: Allowance) -> ShortestPaths:
        view = self._view
        if self._start is None or self._end is None:
            starts, ends = [], []
        else:
            start, end = map(self._keys.key, (self._start, self._end))
            starts, ends = [(start, start, 0)], [end]
        last = ends[0] if ends else None
        edges = view.edges(last)

        def origins(at: SortKey) -> tuple[tuple[SortKey, int], ...]:
            cost = view.cost(at, last)
            return tuple([(origin, cost) for origin in view.adjacent[at]])

        def backward(blocked: set[SortKey]) -> BackwardReach:
            return BackwardReach(view.adjacent, ends, blocked, lambda state: state)

        successors = Computed(lambda at: tuple([(edge[1], edge[4]) for edge in edges[at]]))
        heuristic = CostHeuristic(successors, Computed(origins), starts, ends, allowance)
        return ShortestPaths(edges, heuristic, starts, allowance, backward, ends_once=True)

    def _rendered(self, path: KeyPath, cost: int) -> Iterator[Connection]:
        """The connections over these nodes, in the order of their relations."""
        nodes = self._keys.ids(path)
        total = round((cost - (cost & STEPS)) / ((STEPS + 1) * UNIT), 6)
        for relations in product(*(self._view.joined[one][other] for one, other in pairwise(path))):
            yield Connection(nodes, relations, total)
