"""Connections: how two nodes of any kind hang together, by the ways over all links that say most."""

from collections.abc import Iterator
from itertools import islice, pairwise, product

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.paths.backward_reach import Retreat
from graph.paths.ball import Ball
from graph.paths.edge_costs import PricedAhead
from graph.paths.edges import LENGTH, steps_of
from graph.paths.endpoints import refuse_unknown
from graph.paths.heuristic import Valley
from graph.paths.k_shortest import Way, Ways
from graph.paths.sort_keys import Place
from graph.paths.step_weights import UNIT
from graph.paths.undirected_view import Web, WebBehind, WebNear, WebOnward
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.connection import Connection, ConnectionReason, ConnectionsAnswer
from schemas.query import ConnectionsQuery


def connections(
    graph: ArgumentGraph,
    query: ConnectionsQuery,
    budget: StepBudget | None = None,
    *,
    whole: ArgumentGraph | None = None,
) -> ConnectionsAnswer:
    """The ways between two nodes over links of any kind, in either direction, cheapest first.

    A link costs 1; passing a node costs the binary logarithm of the number of its links. Ways with the same
    nodes and other relations are connections of their own; a way has at least one link. `whole` is the same
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


class _Search:
    def __init__(self, graph: ArgumentGraph, query: ConnectionsQuery) -> None:
        self._query = query
        self._places = steps_of(graph).places
        self._web = Web(graph, self._places)
        self._near = WebNear(self._web)
        self._start, self._end = graph.find(query.from_), graph.find(query.to)

    def first(self, allowance: Allowance) -> tuple[list[Connection], ConnectionReason | None]:
        """The first connections, and why they are not all."""
        query = self._query
        found: list[Connection] = []
        ways = self._ways(allowance)
        try:
            shortest = self._shortest(allowance)
            if shortest is None or shortest > query.max_length:
                return found, None if shortest is None else "max_length"
            for cost, way in ways:
                if cost & LENGTH > query.max_length:
                    ways.longest = query.max_length
                    continue
                found += islice(self._told(way, cost), query.limit + 1 - len(found))
                if len(found) > query.limit:
                    return found[:-1], "limit"
        except OutOfSteps:
            return found, "limit" if len(found) == query.limit else "budget"
        return found, None if ways.longest > query.max_length else "max_length"

    def _shortest(self, allowance: Allowance) -> int | None:
        """How many links the shortest way has at least, whatever it costs; None where there is none.

        Breadth first from both ends: where the shortest is longer than is asked for, the search for the cheapest
        would go through the whole map to find that out.
        """
        if self._start is None or self._end is None or self._start == self._end:
            return None  # no way comes back to where it began
        one, other = (Ball(self._near, [self._places.place(number)], allowance) for number in (self._start, self._end))
        while one.rim and other.rim:
            if len(one.rim) > len(other.rim):
                one, other = other, one
            try:
                one.grow(one.beyond())
            except OutOfSteps:
                if one.radius + other.radius < self._query.max_length:
                    raise
                return self._query.max_length + 1
            if not other.distance.keys().isdisjoint(one.rim):
                return one.radius + other.radius
        return None

    def joins(self, allowance: Allowance) -> bool:
        """Whether there is any connection, or none can be ruled out."""
        try:
            return self._shortest(allowance) is not None
        except OutOfSteps:
            return True

    def _ways(self, allowance: Allowance) -> Ways:
        if self._start is None or self._end is None:
            starts, ends = [], []
        else:
            start, end = map(self._places.place, (self._start, self._end))
            starts, ends = [(start, start, 0)], [end]
        onward = WebOnward(self._web, ends[0] if ends else None)
        guide = Valley(PricedAhead(onward), WebBehind(self._near, onward.price), starts, ends, allowance)

        def retreat(blocked: set[Place]) -> Retreat:
            return Retreat(self._near, ends, blocked, lambda state: state)

        return Ways(onward, guide, starts, allowance, retreat, ends_once=True)

    def _told(self, way: Way, cost: int) -> Iterator[Connection]:
        """The connections over these nodes, in the order of their relations."""
        nodes = self._places.ids(way)
        price = round((cost - (cost & LENGTH)) / ((LENGTH + 1) * UNIT), 6)
        for relations in product(*(self._web.joined(one)[other] for one, other in pairwise(way))):
            yield Connection(nodes, relations, price)
