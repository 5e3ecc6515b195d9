"""What bears on a node and on what it bears, by walks of any length along the direction of reasoning.

A step leads from a premise of an argument, or from the argument itself, to its target; and from a premise to the
argument, which ends the walk there. So x is a ground of y exactly where y is a consequence of x, at the same
distance and with the same polarities, and a node on a cycle is its own ground.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from graph.paths.endpoints import numbers_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT, NONE
from schemas.bearing import Bearing, BearingAnswer
from schemas.vocabulary import KINDS, Stance

_POLARITIES: dict[int, tuple[Stance, ...]] = {1: ("supporting",), 2: ("opposing",), 3: ("supporting", "opposing")}
"""By the set of parities as bits."""
_Walk = int
"""Twice the number of a node, and one more where the walk between has an odd number of opposing steps."""


def grounds(graph: ArgumentGraph, node_id: str) -> BearingAnswer:
    """Everything that bears on a node, or on what it stands for; O(links behind it). Raises `NotFound`."""
    graph.number(node_id)
    ends = numbers_of(graph, (node_id,))
    reached: dict[_Walk, int] = {}
    first = [2 * p for end in ends if graph.kind(end) == ARGUMENT for p in graph.premises(end)]
    first += [walk for end in ends for walk in _back(graph, 2 * end)]
    _spread(reached, first, lambda walk: _back(graph, walk))
    return _answer(graph, [reached])


def consequences(graph: ArgumentGraph, node_id: str) -> BearingAnswer:
    """Everything that a node, or what it stands for, bears on; O(links ahead of it). Raises `NotFound`."""
    graph.number(node_id)
    starts = numbers_of(graph, (node_id,))
    reached: dict[_Walk, int] = {}
    _spread(reached, [walk for start in starts for walk in _on(graph, 2 * start)], lambda walk: _on(graph, walk))
    return _answer(graph, [reached, _used(graph, starts, reached)])


def _spread(reached: dict[_Walk, int], first: Iterable[_Walk], near: Callable[[_Walk], Iterator[_Walk]]) -> None:
    """Breadth first from what one step reaches."""
    rim = list(dict.fromkeys(first))
    distance = 0
    while rim:
        distance += 1
        reached.update(dict.fromkeys(rim, distance))
        rim = list(dict.fromkeys(further for walk in rim for further in near(walk) if further not in reached))


def _back(graph: ArgumentGraph, walk: _Walk) -> Iterator[_Walk]:
    for argument in graph.incoming(walk >> 1):
        parity = (walk ^ (graph.sign(argument) < 0)) & 1
        yield argument << 1 | parity
        for premise in graph.premises(argument):
            yield premise << 1 | parity


def _on(graph: ArgumentGraph, walk: _Walk) -> Iterator[_Walk]:
    number, parity = walk >> 1, walk & 1
    through = graph.outgoing(number) if graph.target(number) == NONE else (number,)
    for argument in through:
        yield graph.target(argument) << 1 | parity ^ (graph.sign(argument) < 0)


def _used(graph: ArgumentGraph, starts: Iterable[int], reached: dict[_Walk, int]) -> dict[_Walk, int]:
    """The arguments that walks end in by a premise."""
    found: dict[_Walk, int] = {}
    here = dict.fromkeys((2 * start for start in starts), 0)
    for walk, distance in (*here.items(), *reached.items()):  # nearest first
        for argument in graph.outgoing(walk >> 1):
            found.setdefault(argument << 1 | walk & 1, distance + 1)
    return found


def _answer(graph: ArgumentGraph, parts: Iterable[dict[_Walk, int]]) -> BearingAnswer:
    distance: dict[int, int] = {}
    parities: defaultdict[int, int] = defaultdict(int)
    for reached in parts:
        for walk, steps in reached.items():
            number = walk >> 1
            distance[number] = min(steps, distance.get(number, steps))
            parities[number] |= 1 << (walk & 1)
    items = [
        Bearing(graph.id(number), KINDS[graph.kind(number)], steps, _POLARITIES[parities[number]])
        for number, steps in distance.items()
    ]
    items.sort(key=lambda item: (item.distance, item.id))
    return BearingAnswer(graph.map, graph.revision, tuple(items))
