"""All links of a snapshot as one web, followed in either direction; passing a node costs more the more it holds."""

from collections.abc import Callable, Iterator

from graph.paths.edges import LENGTH, Move, State
from graph.paths.neighbours import Surroundings
from graph.paths.sort_keys import Place, Places
from graph.paths.step_weights import log_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import KIND_CODE, NONE
from schemas.vocabulary import Relation

_LINK = (LENGTH + 1) * log_of(2) + 1
"""What a link costs: one, and below that one step."""


class Web:
    """Links by place, worked out when a search first comes by."""

    def __init__(self, graph: ArgumentGraph, places: Places) -> None:
        self._surroundings = Surroundings(graph, frozenset(KIND_CODE.values()))
        self._graph = graph
        self._places = places
        self._joined: dict[Place, dict[Place, list[Relation]]] = {}
        self._passing: dict[Place, int] = {}

    def joined(self, place: Place) -> dict[Place, list[Relation]]:
        """The nodes that a node is linked to, in their order, each with the relations between, in theirs."""
        found = self._joined.get(place)
        if found is None:
            links: dict[Place, set[Relation]] = {}
            for other, relation in self._links(self._places.number(place)):
                links.setdefault(self._places.place(other), set()).add(relation)
            found = self._joined[place] = {other: sorted(links[other]) for other in sorted(links)}
        return found

    def passing(self, place: Place) -> int:
        """What it costs to pass a node: the logarithm of the number of its links."""
        found = self._passing.get(place)
        if found is None:
            holds = sum(1 for _ in self._links(self._places.number(place)))
            found = self._passing[place] = (LENGTH + 1) * log_of(holds)
        return found

    def _links(self, number: int) -> Iterator[tuple[int, Relation]]:
        """The other end and the relation of each link of a node."""
        graph, surroundings = self._graph, self._surroundings
        for other in (*graph.outgoing(number), *surroundings.premises(number)):
            yield other, "premise_of"
        target = graph.target(number)
        for other in graph.incoming(number) if target == NONE else (target, *graph.incoming(number)):
            yield other, "targets"
        for link in surroundings.other_links(number):
            end = surroundings.end(link, number)
            if end not in (NONE, number):
                yield end, link.relation


class WebNear(dict[State, tuple[State, ...]]):
    """The nodes one link away."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def __missing__(self, at: State) -> tuple[State, ...]:
        found = self[at] = tuple(self._web.joined(at))
        return found


class WebOnward(dict[State, tuple[Move, ...]]):
    """Steps over links; to come to the last node of a way costs no more than the link."""

    def __init__(self, web: Web, last: Place | None) -> None:
        self._web = web
        self._last = last

    def __missing__(self, at: State) -> tuple[Move, ...]:
        moves = self[at] = tuple([(to, to, to, (to,), self.price(to), 0) for to in self._web.joined(at)])
        return moves

    def price(self, place: Place) -> int:
        """What a link to this node costs."""
        return _LINK if place == self._last else _LINK + self._web.passing(place)


class WebBehind(dict[State, tuple[tuple[State, int], ...]]):
    """The nodes one link behind, with the price of the link."""

    def __init__(self, near: WebNear, price: Callable[[Place], int]) -> None:
        self._near = near
        self._price = price

    def __missing__(self, at: State) -> tuple[tuple[State, int], ...]:
        price = self._price(at)
        found = self[at] = tuple([(origin, price) for origin in self._near[at]])
        return found
