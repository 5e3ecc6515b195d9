"""What supports or opposes a node, however far away, and what it is used for, by walks along the direction of
reasoning.

An edge leads from a premise of an argument, or from the argument itself, to its target; and from a premise to the
argument, which ends the walk there. So x is a ground of y exactly where y is a consequence of x, at the same
distance and with the same polarities, and a node on a cycle is its own ground.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from operator import itemgetter
from typing import NewType

from graph.budgets import EDGES_A_STEP, WHOLE_MAP, Allowance, OutOfSteps, StepBudget
from graph.paging import page_of, question_of
from graph.paths.endpoints import codes_of, numbers_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import NONE
from schemas.bearing import Bearing, BearingAnswer
from schemas.query import ReachabilityQuery, ViewQuery
from schemas.vocabulary import KINDS, Stance

_POLARITIES: dict[int, tuple[Stance, ...]] = {1: ("supporting",), 2: ("opposing",), 3: ("supporting", "opposing")}
"""By the set of parities as bits."""
Walk = NewType("Walk", int)
"""Twice the number of a node, and one more where the walk between has an odd number of opposing steps: a numbering of
the graph doubled by parity, on which one search answers for both polarities."""


def grounds(
    graph: ArgumentGraph,
    node_id: str,
    query: ReachabilityQuery,
    budget: StepBudget = WHOLE_MAP,
    *,
    view: ViewQuery | None = None,
) -> BearingAnswer:
    """Everything that supports or opposes a node, or what it stands for, directly or through others; a page of it.

    O(links behind it). `view` is what narrowed the snapshot: a cursor belongs to it. Raises `NotFound`, and `Refused`
    for an unknown kind or a cursor of another question.
    """
    graph.number(node_id)
    search = _Search(graph, Allowance(budget))
    ends = [Walk(2 * end) for end in numbers_of(graph, (node_id,))]
    first = chain(*map(search.back_into, ends), *map(search.back, ends))
    search.run(first, search.back)
    return search.answer(query, question_of(graph.map, view, query, "grounds", node_id))


def consequences(
    graph: ArgumentGraph,
    node_id: str,
    query: ReachabilityQuery,
    budget: StepBudget = WHOLE_MAP,
    *,
    view: ViewQuery | None = None,
) -> BearingAnswer:
    """Everything that a node, or what it stands for, is used for, directly or through others; a page of it.

    O(links ahead of it). The rest is as for `grounds`.
    """
    graph.number(node_id)
    search = _Search(graph, Allowance(budget))
    starts = [Walk(2 * start) for start in numbers_of(graph, (node_id,))]
    search.run(chain.from_iterable(map(search.on, starts)), search.on)
    search.add_users(starts)
    return search.answer(query, question_of(graph.map, view, query, "consequences", node_id))


class _Search:
    """Breadth first over walks, from what one step reaches."""

    def __init__(self, graph: ArgumentGraph, allowance: Allowance) -> None:
        self._graph = graph
        self._allowance = allowance
        self._reached: dict[Walk, int] = {}
        """Arguments on the shortest walk."""
        self._users: dict[Walk, int] = {}
        """The same of the arguments that walks end in by a premise."""
        self._is_whole = True

    def run(self, first: Iterable[Walk], edges: Callable[[Walk], list[Walk]]) -> None:
        """Go on until nothing new is reached, or no steps are left; then all up to some distance is reached."""
        rim = list(dict.fromkeys(first))
        distance, reached, spend = 0, self._reached, self._allowance.spend
        try:
            while rim:
                distance += 1
                reached.update(dict.fromkeys(rim, distance))
                new: dict[Walk, None] = {}
                for walk in rim:
                    further = edges(walk)
                    spend(1 + len(further) // EDGES_A_STEP)
                    new.update((other, None) for other in further if other not in reached)
                rim = list(new)
        except OutOfSteps:
            self._is_whole = False

    def back(self, walk: Walk) -> list[Walk]:
        """The arguments that end at a node, and their premises."""
        graph, found = self._graph, []
        for argument in graph.incoming(walk >> 1):
            parity = (walk ^ (graph.sign(argument) < 0)) & 1
            found.append(Walk(argument << 1 | parity))
            found += [Walk(premise << 1 | parity) for premise in graph.premises(argument)]
        return found

    def back_into(self, end: Walk) -> list[Walk]:
        """The premises of an argument, by which a walk may end in it."""
        return [Walk(2 * premise) for premise in self._graph.premises(end >> 1)]

    def on(self, walk: Walk) -> list[Walk]:
        """The targets of the arguments that start from a node, or of the node where it is an argument itself."""
        graph, number, parity = self._graph, walk >> 1, walk & 1
        through = graph.outgoing(number) if graph.target(number) == NONE else (number,)
        return [Walk(graph.target(a) << 1 | parity ^ (graph.sign(a) < 0)) for a in through]

    def add_users(self, starts: Iterable[Walk]) -> None:
        """Add the arguments that walks end in by a premise, nearest first."""
        graph, users = self._graph, self._users
        here = dict.fromkeys(starts, 0)
        try:
            for walk, distance in chain(here.items(), self._reached.items()):
                through = graph.outgoing(walk >> 1)
                self._allowance.spend(1 + len(through) // EDGES_A_STEP)
                for argument in through:
                    users.setdefault(Walk(argument << 1 | walk & 1), distance + 1)
        except OutOfSteps:
            self._is_whole = False

    def answer(self, query: ReachabilityQuery, question: str) -> BearingAnswer:
        """The page that the query asks for; O(reached, times its logarithm)."""
        graph, codes = self._graph, codes_of(query.kinds)
        distance: dict[int, int] = {}
        parities: defaultdict[int, int] = defaultdict(int)
        for walk, steps in chain(self._reached.items(), self._users.items()):
            number = walk >> 1
            distance[number] = min(steps, distance.get(number, steps))
            parities[number] |= 1 << (walk & 1)
        placed = sorted((steps, graph.id(n), n) for n, steps in distance.items() if graph.kind(n) in codes)
        page = page_of(
            placed, itemgetter(0, 1), tuple[int, str], question=question, limit=query.limit, cursor=query.cursor
        )
        items = [
            Bearing(node_id, KINDS[graph.kind(n)], steps, _POLARITIES[parities[n]]) for steps, node_id, n in page.items
        ]
        return BearingAnswer(
            graph.map,
            graph.revision,
            self._is_whole,
            None if self._is_whole else "budget",
            tuple(items),
            page.total,
            page.next,
        )
