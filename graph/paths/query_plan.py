"""A question for paths made ready to be searched: from where, to where, in which space, guided by what."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.budgets import Allowance, OutOfSteps, StepBudget
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
from graph.paths.edge_costs import EdgeCosts
from graph.paths.endpoints import first_nodes, last_nodes
from graph.paths.k_shortest import ShortestPaths, UnbranchedPath, unbranched
from graph.paths.search_graph import Computed, SearchSpace, SortKey, State, search_graph
from graph.snapshot.argument_graph import ArgumentGraph

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

    def _allowed(self, numbers: Iterable[int]) -> tuple[SortKey, ...]:
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
