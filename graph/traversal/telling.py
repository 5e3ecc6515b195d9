"""A way of places told as a path of ids: its steps, its polarity and its strength."""

from graph.argument_graph import ArgumentGraph
from graph.columns import ARGUMENT
from graph.traversal.marks import basis
from graph.traversal.places import Place, Places
from graph.traversal.ways import Way
from graph.traversal.weights import ceiling, certainty, credence
from schemas.path import Path, PathStep
from schemas.vocabulary import CONFIDENCE_RANK, Confidence, Stance

_CONFIDENCE: dict[int, Confidence] = {rank: name for name, rank in CONFIDENCE_RANK.items()}
_Told = tuple[PathStep, bool, bool, float, float]
"""A step, whether it opposes, whether it leads to an argument, and how much strength it lets through and passes on."""


class Telling:
    """Tells the ways of one snapshot; a step that several of them share is told once."""

    def __init__(self, graph: ArgumentGraph, places: Places) -> None:
        self._graph = graph
        self._places = places
        self._told: dict[tuple[Place, Place, Place], _Told] = {}

    def path(self, way: Way) -> Path:
        """The path of a way; O(nodes on it)."""
        graph, told = self._graph, self._told
        start = self._places.number(way[0])
        on_argument = graph.kind(start) == ARGUMENT
        strength = 1.0 if on_argument else credence(graph, start)
        steps = []
        opposing, at, last = False, 0, len(way) - 1
        while at < last:
            origin = way[at]
            argument = origin if on_argument else way[at + 1]
            at = at + 1 if on_argument else min(at + 2, last)
            hop = origin, argument, way[at]
            step, turns, on_argument, most, part = told.get(hop) or self._tell(*hop)
            steps.append(step)
            opposing ^= turns
            strength = (strength if strength < most else most) * part
        polarity: Stance = "opposing" if opposing else "supporting"
        ids = tuple([self._places.id(place) for place in way])
        return Path(ids, polarity, len(steps), float(f"{strength:.12g}"), tuple(steps))

    def _tell(self, origin: Place, by: Place, end: Place) -> _Told:
        graph, places = self._graph, self._places
        argument = places.number(by)
        name = places.id(by)
        opposes = end != by and graph.sign(argument) < 0
        step = PathStep(
            places.id(origin),
            name,
            places.id(end),
            "opposing" if opposes else "supporting",
            basis(graph, name),
            _CONFIDENCE[graph.confidence(argument)],
        )
        most = ceiling(graph, argument, places.number(origin))
        part = credence(graph, argument) * certainty(graph, argument)
        told = step, opposes, graph.kind(places.number(end)) == ARGUMENT, most, part
        self._told[origin, by, end] = told
        return told
