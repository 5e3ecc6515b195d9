"""The steps that a path may take from a node, and into it, worked out when a search first comes by."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graph.paths.sort_keys import Place, Places
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import NONE, Columns

State = Any
"""Where a search stands, hashable: a place, or a place with what the rest of the way still owes."""
Move = tuple[Place, State, Place, tuple[Place, ...], int, int]
"""One step onward: the argument that it uses up, the state and the node that it leads to, what it adds to the
way, its price, and what the way must have cost before at least. A step from an attacked argument uses up nothing
but its end, which then stands for both."""
LENGTH = (1 << 20) - 1
"""The bits of a cost that count steps; those above count whatever else the steps cost, so that comes first."""
Onward = Mapping[State, tuple[Move, ...]]
"""Steps from each state, in the order of what they add to the way."""
Near = Mapping[State, Sequence[State]]
"""The states one step ahead of each state, or one step behind it, in no order and perhaps more than once."""

_KEY = "steps"
_HELD_AT_MOST = 100_000
"""Nodes whose steps are kept, some 300 bytes each."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one snapshot, by place."""

    graph: ArgumentGraph
    """The snapshot, without what else was worked out about it."""
    onward: Onward
    ahead: Near
    behind: Near
    """To the premises of what bears on a node, and to what bears on it where that is borne on itself."""
    places: Places


def steps_of(graph: ArgumentGraph) -> Steps:
    """The steps of a snapshot, kept with it; O(edit) where those of a snapshot before it are known."""
    found = graph.memo.get(_KEY)
    if not isinstance(found, Steps):
        found = graph.memo[_KEY] = _derived(graph) if graph.patch.nodes else _of_columns(graph)
    return found


def _of_columns(graph: ArgumentGraph) -> Steps:
    columns = graph.columns
    found = columns.memo.get(_KEY)
    if not isinstance(found, Steps):
        alone = ArgumentGraph(graph.header, columns)
        onward, ahead, behind = (_Kept(partial(one, columns)) for one in (_onward, _ahead, _behind))
        found = columns.memo[_KEY] = Steps(alone, onward, ahead, behind, Places(alone))
    return found


def _derived(graph: ArgumentGraph) -> Steps:
    for origin in graph.derived_from:
        before = origin.memo.get(_KEY)
        if isinstance(before, Steps):
            return _edited(before, graph, origin.touched)
    return _edited(_of_columns(graph), graph, {*graph.patch.steps, *graph.patch.incoming})


def _edited(before: Steps, graph: ArgumentGraph, touched: Iterable[int]) -> Steps:
    """The steps of a snapshot that differs from one before it by what was touched."""
    alone = ArgumentGraph(graph.header, graph.columns, graph.patch)  # not the graph itself, which keeps the result
    places = Places(alone)
    onward, ahead, behind = _Table(before.onward), _Table(before.ahead), _Table(before.behind)
    users, ends = set(touched), set(touched)
    for number in touched:
        for snapshot in (before.graph, alone):
            target = snapshot.target(number)
            if target != NONE:
                users.update(snapshot.premises(number))
                ends.add(target)
    for number in users:
        moves = _moves(alone, places, number)
        onward.put(places.place(number), moves)
        ahead.put(places.place(number), tuple([move[1] for move in moves]))
    for number in ends:
        behind.put(places.place(number), tuple(map(places.place, _sources(alone, number))))
    return Steps(alone, onward, ahead, behind, places)


def _moves(graph: ArgumentGraph, places: Places, number: int) -> tuple[Move, ...]:
    place, target = places.place, graph.target
    if target(number) != NONE:
        end = place(target(number))
        return ((end, end, end, (end,), 1, 0),)
    pairs = sorted((place(a), place(target(a))) for a in graph.outgoing(number))
    return tuple([(a, end, end, (a, end), 1, 0) for a, end in pairs])


def _sources(graph: ArgumentGraph, number: int) -> Iterator[int]:
    for argument in graph.incoming(number):
        yield from graph.premises(argument)
        if graph.incoming(argument):
            yield argument


class _Table(dict[State, Any]):
    """What differs from the columns, over what does not and was asked for."""

    def __init__(self, before: Mapping[State, Any]) -> None:
        self._differs: dict[State, Any] = {}
        self._base = before
        if isinstance(before, _Table):
            self._differs.update(before._differs)
            self._base = before._base
        super().__init__(self._differs)

    def put(self, at: State, value: Any) -> None:
        """Set what differs."""
        self[at] = self._differs[at] = value

    def __missing__(self, at: State) -> Any:
        found = self[at] = self._base[at]
        return found


class _Kept(dict[State, Any]):
    """Answers by number, which is its own place, worked out when first asked for and kept up to a bound."""

    def __init__(self, work_out: Callable[[int], tuple[Any, ...]]) -> None:
        self._work_out = work_out

    def __missing__(self, at: State) -> Any:
        if not isinstance(at, int):
            return ()  # a newer node without steps: those that have some are in a table
        if len(self) >= _HELD_AT_MOST:
            self.clear()
        found = self[at] = self._work_out(at)
        return found


def _onward(columns: Columns, number: int) -> tuple[Move, ...]:
    target, outgoing = columns.target, columns.outgoing
    first, last = outgoing.starts[number], outgoing.ends[number]
    if last - first == 1:
        argument = outgoing.values[first]
        end = target[argument]
        return ((argument, end, end, (argument, end), 1, 0),)
    end = target[number]
    if end != NONE:
        return ((end, end, end, (end,), 1, 0),)
    return tuple([(a, end := target[a], end, (a, end), 1, 0) for a in outgoing[number]])


def _ahead(columns: Columns, number: int) -> tuple[int, ...]:
    target = columns.target
    end = target[number]
    return (end,) if end != NONE else tuple(map(target.__getitem__, columns.outgoing[number]))


def _behind(columns: Columns, number: int) -> tuple[int, ...]:
    incoming, premises = columns.incoming, columns.premises
    found: list[int] = []
    for argument in incoming[number]:
        found += premises[argument]
        if incoming.starts[argument] != incoming.ends[argument]:
            found.append(argument)
    return tuple(found)
