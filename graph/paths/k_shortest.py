"""Simple paths from starts to ends, one after another in a total order: cost, then the sort keys on the way.

Last comes how a question is made ready for that search: from where, to where, in which space, guided by what.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Any

from graph.budgets import EDGES_A_STEP, Allowance, OutOfSteps, StepBudget
from graph.paths.bidirectional import (
    BackwardHeuristic,
    BackwardReach,
    Ball,
    BidirectionalHeuristic,
    ForwardHeuristic,
    Heuristic,
    Start,
)
from graph.paths.constraints import Constraints, ProductSpace
from graph.paths.cost_heuristic import CostHeuristic
from graph.paths.endpoints import first_nodes, last_nodes
from graph.paths.search_graph import STEPS, Computed, Edge, EdgeCosts, Edges, SearchSpace, SortKey, State, search_graph
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import Number

KeyPath = tuple[SortKey, ...]
"""The sort keys of all nodes on a path, in order, arguments among them."""
_Prefix = tuple[int, KeyPath, int, int, State, list[Edge] | int | None]
"""The paths still to come that have one prefix in common. At least how much they cost; the prefix, or the best of
them where that is known; how many of its keys are the prefix; what the prefix costs; where it stands; the edges of
the best one behind the prefix, None where it is not known yet, or a depth, where only paths that cost more are left.
A plain tuple, so that the heap compares cost and keys in that order without a call."""
_Taken = Any
"""Edges taken as nested pairs, the last one outside; None for none. A search shares the beginnings of its paths."""
_ALONE = 64
"""States that a search around a prefix expands before another one comes to meet it."""
_KEYS_A_STEP = 128
"""So many keys of a prefix are copied for one step of the budget."""


class ShortestPaths:
    """Best-first search over prefixes, in the manner of Yen (1971, doi:10.1287/mnsc.17.11.712) with the partition of
    Lawler (1972, doi:10.1287/mnsc.18.7.401).

    The paths still to come are split into disjoint parts, each the paths with one prefix, kept by a lower bound: the
    cost of the prefix and the distance from there to the ends. The part with the least bound is taken; mostly the
    best path on just follows the distances without touching the prefix, and then it is the next path. Where it
    touches, a search guided by the same distances (A*, Hart, Nilsson and Raphael 1968,
    doi:10.1109/TSSC.1968.300136) finds the best way around, or that there is none. Following the distances first is
    what makes the usual case cheap, as in the sidetracks of Eppstein (1998, doi:10.1137/S0097539795290477) and the
    replacement paths of Hershberger, Maxel and Suri (2007, doi:10.1145/1290672.1290682).

    Where a state is just a sort key and costs just add up, what that search finds is simple and exact, and so the
    delay from path to path is polynomial. Where a state carries more (a polarity still to come, a node still to be
    visited), or an edge has a floor, it may not be: then the part is split by its next edges, and only the allowance
    bounds the work.
    """

    def __init__(
        self,
        edges: Edges,
        heuristic: Heuristic,
        starts: Iterable[Start],
        allowance: Allowance,
        backward: Callable[[set[SortKey]], BackwardReach] | None = None,
        *,
        ends_once: bool = False,
    ) -> None:
        """`backward` searches back from given ends; `ends_once` says that no path goes on past an end."""
        self._edges = edges
        self._heuristic = heuristic
        self._allowance = allowance
        self._backward = backward
        self._ends_once = ends_once
        self._prefixes: list[_Prefix] = [(cost + 1, (key,), 1, cost, state, None) for key, state, cost in starts]
        self.bound = 0
        """No path still to come costs less."""
        self.longest = STEPS
        """Paths of more steps are not looked for any more; may be set at any time."""
        heapify(self._prefixes)

    @property
    def size(self) -> int:
        """How many prefixes it holds."""
        return len(self._prefixes)

    def __iter__(self) -> Iterator[tuple[int, KeyPath]]:
        """The paths with their costs. Raises `OutOfSteps` in the middle when the allowance is used up."""
        prefixes, heuristic = self._prefixes, self._heuristic
        while prefixes or not (heuristic.is_whole or heuristic.starts_given):
            if not heuristic.is_whole and (not prefixes or prefixes[0][0] > heuristic.depth):
                self._deepen(prefixes[0][0] if prefixes else heuristic.depth + 1)
                continue
            self.bound, path, begun, cost, state, edges = heappop(prefixes)
            if isinstance(edges, int):
                self._leave(path, cost, state, set(path), 0, edges)
                continue
            if edges is None:
                edges = self._opened(path, cost, state)
                if edges is None:
                    continue
                path = path + tuple(chain.from_iterable(edge[3] for edge in edges))
            yield self.bound, path
            self._split(path, begun, cost, state, edges)

    def _opened(self, path: KeyPath, cost: int, state: State) -> list[Edge] | None:
        """The edges of a prefix's best path where they are plain; else the prefix is put back knowing more."""
        least = self._least(cost, state)
        if least is None:
            return None
        if least > self.bound:
            heappush(self._prefixes, (least, path, len(path), cost, state, None))
            return None
        edges = self._follow(path, cost, state)
        if edges is None:
            self._seek(path, cost, state)
        return edges

    def _deepen(self, depth: int) -> None:
        for key, state, cost in self._heuristic.deepen(depth):
            heappush(self._prefixes, (cost + 1, (key,), 1, cost, state, None))

    def _least(self, cost: int, state: State) -> int | None:
        """What a path through this state costs at least; None where it reaches no end."""
        distance = self._heuristic.look(state)
        if distance is not None:
            return cost + distance
        return None if self._heuristic.is_whole else self._heuristic.depth + 1

    def _follow(self, path: KeyPath, cost: int, state: State) -> list[Edge] | None:
        """The first path on that costs what the bound says; None where following the distances leads astray.

        Of all edges that lead on at that cost the first in their order is taken: so the path is the first of equals.
        """
        edges, look, bound = self._edges, self._heuristic.look, self.bound
        taken: list[Edge] = []
        if look(state) == 0:
            return taken if len(path) > 1 else None
        seen = set(path)
        looked_at = 0
        while True:
            leaving = edges[state]
            looked_at += len(leaving)
            for edge in leaving:
                argument, reached, node, _, edge_cost, floor = edge
                if argument in seen or node in seen:
                    continue
                distance = look(reached)
                if distance is not None:
                    paid = cost + edge_cost if cost >= floor else floor + (cost & STEPS) + edge_cost
                    if paid + distance <= bound:
                        break
            else:
                self._allowance.spend(len(taken) + 1 + looked_at // EDGES_A_STEP)
                return None
            taken.append(edge)
            if not distance:
                self._allowance.spend(len(taken) + looked_at // EDGES_A_STEP)
                return taken
            seen.add(argument)
            seen.add(node)
            cost, state = paid, reached

    def _seek(self, path: KeyPath, cost: int, state: State) -> None:
        """Find the best way around what the prefix blocks and put the prefix back under its true cost."""
        if len(path) == 1 and self._heuristic.look(state) == 0:  # a start that is an end: a path must leave it first
            self._branch(path, cost, state, self.bound)
            return
        found = self._around(set(path), cost, state)
        if found is None:
            return
        if isinstance(found, int):
            heappush(self._prefixes, (found, path, len(path), cost, state, None))
            return
        bound, added, taken = found
        edges: list[Edge] = []
        while taken is not None:
            edge, taken = taken
            edges.append(edge)
        edges.reverse()
        if len(set(added)) < len(added) or reduce(cost_after, edges, cost) > bound:
            self._branch(path, cost, state, bound)
        else:
            heappush(self._prefixes, (bound, path + added, len(path), cost, state, edges))

    def _around(self, seen: set[SortKey], cost: int, state: State) -> tuple[int, KeyPath, _Taken] | int | None:
        """The cheapest walk on from a state to an end that keeps off what was seen, the first of equals.

        A number where it costs at least so much, which is more than the heuristic's depth: whether it is looked for
        there is for the order of prefixes to say. Floors are left out of account: they make a path cost more than
        this says, never less.
        """
        edges, heuristic = self._edges, self._heuristic
        rim: list[tuple[int, KeyPath, int, State, _Taken]] = [(cost, (), cost, state, None)]
        closed: set[State] = set()
        leads_on = self._leads_on(seen)
        while rim:
            bound, path, cost, state, taken = heappop(rim)
            if bound > heuristic.depth and not heuristic.is_whole:
                return bound
            least = self._least(cost, state)
            if least is None or state in closed:
                continue
            if least > bound:
                heappush(rim, (least, path, cost, state, taken))
            elif least == cost:
                return cost, path, taken
            elif leads_on(state):
                closed.add(state)
                for edge in edges[state]:
                    argument, reached, node, added, edge_cost, _ = edge
                    if argument not in seen and node not in seen and reached not in closed:
                        further = self._least(cost + edge_cost, reached)
                        if further is not None:
                            heappush(rim, (further, path + added, cost + edge_cost, reached, (edge, taken)))
        return None

    def _leads_on(self, seen: set[SortKey]) -> Callable[[State], bool]:
        """Whether a state may reach an end off what was seen; asked once for each state that is expanded.

        After a while a search from the ends goes along step by step. When that is done first, it knows all that
        reach an end, so a path that does not exist costs no more than the smaller of the two regions.
        """
        spend, asked = self._allowance.spend, 0
        backward: BackwardReach | None = None

        def leads_on(state: State) -> bool:
            nonlocal asked, backward
            spend(1 + len(self._edges[state]) // EDGES_A_STEP)
            asked += 1
            if asked <= _ALONE or self._backward is None:
                return True
            backward = backward or self._backward(seen)
            if not backward.is_done:
                spend(1 + backward.step() // EDGES_A_STEP)
            return not backward.is_done or state in backward.reached

        return leads_on

    def _branch(self, path: KeyPath, cost: int, state: State, bound: int) -> None:
        """Put a prefix back as one prefix for each next edge."""
        self._leave(path, cost, state, set(path), bound, -1)

    def _split(self, path: KeyPath, begun: int, cost: int, state: State, edges: list[Edge]) -> None:
        """Put back what is left of a prefix without its best path: a prefix for each edge that leaves that path."""
        self._allowance.spend(len(edges) + 1)
        seen = set(path[:begun])
        for kept in edges:
            if cost & STEPS >= self.longest:
                return
            if len(self._edges[state]) > 1:  # else the path's own edge is the only one
                self._leave(path[:begun], cost, state, seen, 0, -1, kept)
            argument, state, node, added, *_ = kept
            begun += len(added)
            cost = cost_after(cost, kept)
            seen.add(argument)
            seen.add(node)
        if not self._ends_once:
            self._leave(path, cost, state, seen, 0, -1)

    def _leave(
        self,
        path: KeyPath,
        cost: int,
        state: State,
        seen: set[SortKey],
        bound: int,
        after: int,
        kept: Edge | None = None,
    ) -> None:
        """A prefix for each edge from here but one, of those whose paths cost more than `after`.

        Those beyond the heuristic's depth stay together in one prefix until it has come so far.
        """
        if cost & STEPS >= self.longest:
            return
        heuristic, prefixes, leaving = self._heuristic, self._prefixes, self._edges[state]
        self._allowance.spend(1 + len(leaving) // EDGES_A_STEP + len(path) // _KEYS_A_STEP)
        look, depth, is_whole = heuristic.look, heuristic.depth, heuristic.is_whole
        is_more = False
        for edge in leaving:
            argument, reached, node, added, edge_cost, floor = edge
            if argument in seen or node in seen or edge == kept:
                continue
            paid = cost + edge_cost if cost >= floor else floor + (cost & STEPS) + edge_cost
            distance = look(reached)
            if distance is None or (paid + distance > depth and not is_whole):
                is_more = True
            elif paid + distance > after:
                onward = path + added
                heappush(prefixes, (max(bound, paid + distance), onward, len(onward), paid, reached, None))
        if is_more and not is_whole:
            heappush(prefixes, (max(bound, depth + 1), path, len(path), cost, state, depth))


def cost_after(cost: int, edge: Edge) -> int:
    """What a path costs after one more edge: at least the edge's floor and then its cost."""
    edge_cost, floor = edge[4], edge[5]
    return cost + edge_cost if cost >= floor else floor + (cost & STEPS) + edge_cost


class UnbranchedPath:
    """The only path from a start to an end, or none: on maps that are trees following it is the whole search."""

    def __init__(self, path: KeyPath | None, length: int, allowance: Allowance) -> None:
        self._path = path
        self._allowance = allowance
        self.bound = length
        """As of `ShortestPaths`."""
        self.size = 1
        """As of `ShortestPaths`."""

    def __iter__(self) -> Iterator[tuple[int, KeyPath]]:
        """The path, if there is one, with its length. Raises `OutOfSteps` where it took more than is allowed."""
        self._allowance.spend(self.bound)
        if self._path is not None:
            yield self.bound, self._path


def unbranched(edges: Edges, start: SortKey, end: SortKey, allowance: Allowance) -> UnbranchedPath | None:
    """The unbranched path from a start, where it comes to the end or ends before; None where a node leaves a choice.

    O(nodes on it).
    """
    path: list[SortKey] = [start]
    seen = {start}
    at, length = start, 0
    while len(leaving := edges[at]) == 1:
        argument, at, node, added, _, _ = leaving[0]
        length += 1
        if argument in seen or node in seen:
            break
        path += added
        if node == end:
            return UnbranchedPath(tuple(path), length, allowance)
        seen.update(added)
    else:
        if leaving:
            return None
    return UnbranchedPath(None, length, allowance)


# --- a question made ready -------------------------------------------------------------------------


_KEY = "balls"
_KEPT_AT_MOST = 200
_FEW = 8
_INNER = 200
"""States in the inner part of a ball: grown once for all questions with these ends."""
_RIM_AT_MOST = 4 * _INNER
"""A hub has so many states around it that coming from the starts is cheaper."""


@dataclass(slots=True)
class QueryPlan:
    """Starts and ends as sort keys; None stands for all statements that nothing bears on, all that bear on nothing."""

    graph: ArgumentGraph
    starts: tuple[SortKey, ...] | None
    ends: tuple[SortKey, ...] | None
    constraints: Constraints | None = None
    """None where nothing is asked beyond the ends."""

    def by_length(self, allowance: Allowance) -> ShortestPaths | UnbranchedPath:
        """The paths in the order of length, to be gone through once. Raises `OutOfSteps`."""
        plain = search_graph(self.graph)
        if self.constraints is None and self.starts and self.ends and len(self.starts) == len(self.ends) == 1:
            only = unbranched(plain.edges, self.starts[0], self.ends[0], allowance)
            if only is not None:
                return only
        space: SearchSpace = plain if self.constraints is None else ProductSpace(self.graph, self.constraints)
        ends = self.ends
        if ends is None and self.starts is None:
            ends = self._allowed(last_nodes(self.graph))
        last = None if ends is None else space.last(ends)
        starts: list[Start] = [(key, space.first(key), 0) for key in self.starts or ()]
        return self._search(space, self._heuristic(space, starts, last, allowance), starts, last, allowance)

    def by_strength(self, allowance: Allowance) -> ShortestPaths:
        """The paths that have any strength in the order of it, to be gone through once."""
        costs = EdgeCosts(self.graph, search_graph(self.graph).keys)
        space = ProductSpace(self.graph, self.constraints or Constraints(), costs)
        begins = self._allowed(first_nodes(self.graph)) if self.starts is None else self.starts
        ends = self._allowed(last_nodes(self.graph)) if self.ends is None else self.ends
        costed = [(key, costs.of_start(key)) for key in begins]
        starts: list[Start] = [(key, space.first(key), cost) for key, cost in costed if cost is not None]
        last = space.last(ends)

        def origins(state: State) -> tuple[tuple[State, int], ...]:
            found = [(origin, costs.of(argument)) for argument, origin in space.edges_into(state)]
            return tuple([(origin, cost) for origin, cost in found if cost is not None])

        successors = Computed(lambda state: tuple([(edge[1], edge[4]) for edge in space.edges[state]]))
        heuristic = CostHeuristic(successors, Computed(origins), starts, last, allowance)
        return self._search(space, heuristic, starts, last, allowance)

    def _allowed(self, numbers: Iterable[Number]) -> tuple[SortKey, ...]:
        key = search_graph(self.graph).keys.key
        avoided = self.constraints.avoided if self.constraints else frozenset()
        return tuple([k for k in map(key, numbers) if k not in avoided])

    def _heuristic(
        self, space: SearchSpace, starts: list[Start], last: list[State] | None, allowance: Allowance
    ) -> Heuristic:
        if self.starts is None:
            return BackwardHeuristic(space.predecessors, space.is_start, last or (), space.key_of, allowance)
        begins = [state for _, state, _ in starts]
        if last is None:
            return ForwardHeuristic(space.successors, space.predecessors, begins, space.is_end, allowance)
        ends = self._around(space, last, allowance)
        return BidirectionalHeuristic(space.successors, space.predecessors, begins, ends, allowance)

    def _around(self, space: SearchSpace, ends: list[State], allowance: Allowance) -> Ball:
        """The ball around the ends; of a few ends its inner part is kept for whoever asks for the same ones again."""
        if self.constraints is not None or len(ends) > _FEW:
            return Ball(space.predecessors, ends, allowance)
        kept = self.graph.memo.setdefault(_KEY, {})
        assert isinstance(kept, dict)
        found = kept.get(tuple(ends))
        if found is None:
            found = Ball(space.predecessors, ends, Allowance(StepBudget()))
            _grow_inner_part(found)
            if len(kept) >= _KEPT_AT_MOST:
                kept.clear()
            kept[tuple(ends)] = found
        ball: Ball = found
        return ball.copy(allowance)

    def _search(
        self,
        space: SearchSpace,
        heuristic: Heuristic,
        starts: list[Start],
        last: list[State] | None,
        allowance: Allowance,
    ) -> ShortestPaths:
        def backward(blocked: set[SortKey]) -> BackwardReach:
            return BackwardReach(space.predecessors, last or (), blocked, space.key_of)

        one_end = self.ends is not None and len(self.ends) == 1
        back = None if last is None else backward
        return ShortestPaths(space.edges, heuristic, starts, allowance, back, ends_once=one_end)


def _grow_inner_part(ball: Ball) -> None:
    try:
        while ball.rim and len(ball.distance) < _INNER:
            beyond = ball.beyond()
            if len(beyond) > _RIM_AT_MOST:
                break
            ball.grow(beyond)
    except OutOfSteps:  # around a hub of hubs; the search itself says what it may cost
        return
