"""Connections: how two nodes of any kind hang together, by the ways over all links that say most."""

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, product

from graph.argument_graph import ArgumentGraph
from graph.traversal.budget import Allowance, Budget, OutOfSteps
from graph.traversal.ends import refuse_unknown
from graph.traversal.places import Place
from graph.traversal.steps import LENGTH, steps_of
from graph.traversal.terraces import Terraces
from graph.traversal.ways import Way, Ways
from graph.traversal.web import Web, WebOnward
from graph.traversal.weights import UNIT
from schemas.connection import Connection, ConnectionReason, ConnectionsAnswer
from schemas.query import ConnectionsQuery


def connections(
    graph: ArgumentGraph,
    query: ConnectionsQuery,
    budget: Budget | None = None,
    *,
    whole: ArgumentGraph | None = None,
) -> ConnectionsAnswer:
    """The ways between two nodes over links of any kind, in either direction, cheapest first.

    A link costs 1; passing a node costs the binary logarithm of the number of its links. Ways with the same
    nodes and other relations are connections of their own; a way has at least one link. `whole` is the same
    revision without the view's filters, as for `paths`. Raises `Refused` for an id that neither has.
    """
    budget = budget or Budget()
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
        numbers = [number for node_id in (query.from_, query.to) if (number := graph.find(node_id)) is not None]
        self._ends = tuple(map(self._places.place, numbers))

    def first(self, allowance: Allowance) -> tuple[list[Connection], ConnectionReason | None]:
        """The first connections, and why they are not all."""
        query = self._query
        found: list[Connection] = []
        try:
            for cost, way in self._ways(query.max_length, allowance):
                found += islice(self._told(way, cost), query.limit + 1 - len(found))
                if len(found) > query.limit:
                    return found[:-1], "limit"
        except OutOfSteps:
            return found, "limit" if len(found) == query.limit else "budget"
        return found, "max_length" if self._has_longer(allowance) else None

    def joins(self, allowance: Allowance) -> bool:
        """Whether there is any connection, or none can be ruled out."""
        try:
            return any(True for _ in self._ways(LENGTH, allowance))
        except OutOfSteps:
            return True

    def _has_longer(self, allowance: Allowance) -> bool:
        """Whether there is a connection of too many links, or none can be ruled out."""
        try:
            return any(cost & LENGTH > self._query.max_length for cost, _ in self._ways(LENGTH, allowance))
        except OutOfSteps:
            return True

    def _ways(self, longest: int, allowance: Allowance) -> Iterable[tuple[int, Way]]:
        if len(self._ends) < 2 or self._ends[0] == self._ends[1]:
            return ()
        start, end = self._ends
        web, onward = self._web, WebOnward(self._web, end, longest)

        def ahead(place: Place) -> list[tuple[Place, int]]:
            return [(other, web.price(other, end)) for other in web.joined(place)]

        def behind(place: Place) -> list[tuple[Place, int]]:
            price = web.price(place, end)
            return [(other, price) for other in web.joined(place)]

        guide = Terraces(ahead, behind, start, end, longest, allowance)
        return Ways(onward, guide, [(start, (start, 0), 0)], allowance, ends_once=True)

    def _told(self, way: Way, cost: int) -> Iterator[Connection]:
        """The connections over these nodes, in the order of their relations."""
        nodes = self._places.ids(way)
        price = round((cost >> LENGTH.bit_length()) / UNIT, 6)
        for relations in product(*(self._web.joined(one)[other] for one, other in pairwise(way))):
            yield Connection(nodes, relations, price)
