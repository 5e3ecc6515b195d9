"""A way of places told as a path of ids: its steps, its polarity and its strength."""

from typing import Any

from graph.paths.k_shortest import Way
from graph.paths.sort_keys import Place, Places
from graph.paths.step_weights import CERTAINTY, ceiling, credence
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.explicit_basis import Marks
from schemas.path import Path, PathStep
from schemas.vocabulary import CONFIDENCE_RANK, Confidence, Stance

_CONFIDENCE: dict[int, Confidence] = {rank: name for name, rank in CONFIDENCE_RANK.items()}
_Told = tuple[PathStep, bool, bool, float, float]
"""A step, whether it opposes, whether it leads to an argument, and how much strength it lets through and passes on."""


class Telling:
    """Tells the ways of one snapshot; a step that several of them share is told once."""

    def __init__(self, graph: ArgumentGraph, places: Places) -> None:
        self._graph = graph
        self._marks = Marks(graph)
        self._places = places
        self._told: dict[tuple[Place, Place, Place], _Told] = {}

    def path(self, way: Way) -> Path:
        """The path of a way; O(nodes on it)."""
        graph, told = self._graph, self._told
        ids = self._places.ids(way)
        start = self._places.number(way[0])
        on_argument = graph.kind(start) == ARGUMENT
        strength = 1.0 if on_argument else credence(graph, start)
        steps = []
        opposing, at, last = False, 0, len(way) - 1
        while at < last:
            origin = at
            argument = at if on_argument else at + 1
            at = at + 1 if on_argument else min(at + 2, last)
            hop = way[origin], way[argument], way[at]
            known = told.get(hop)
            if known is None:
                known = told[hop] = self._tell(ids[origin], ids[argument], ids[at], *hop)
            step, turns, on_argument, most, part = known
            steps.append(step)
            opposing ^= turns
            strength = (strength if strength < most else most) * part
        polarity: Stance = "opposing" if opposing else "supporting"
        return Path(ids, polarity, len(steps), float(f"{strength:.12g}"), tuple(steps))

    def _tell(self, source: str, name: str, target: str, origin: Any, by: Any, end: Any) -> _Told:
        graph, columns, number = self._graph, self._graph.columns, self._places.number
        if graph.patch.nodes:
            start, argument, reached = number(origin), number(by), number(end)
            rank, sign, kind = graph.confidence(argument), graph.sign(argument), graph.kind(reached)
        else:  # the same without a call for each: places are then numbers of the columns
            start, argument = origin, by
            rank, sign, kind = columns.confidence[by], columns.sign[by], columns.kinds[end]
        opposes = end != by and sign < 0
        stance: Stance = "opposing" if opposes else "supporting"
        step = PathStep(source, name, target, stance, self._marks.basis(name), _CONFIDENCE[rank])
        part = credence(graph, argument) * CERTAINTY[rank]
        return step, opposes, kind == ARGUMENT, ceiling(graph, argument, start), part
