"""A question for ways, made ready to be searched: where to begin, where to end, under which terms, in what order."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.budgets import Allowance, StepBudget
from graph.paths.backward_reach import Retreat
from graph.paths.ball import Ball
from graph.paths.bidirectional import Cone, Corridor, Funnel, Guide, Start
from graph.paths.constraints import Terms
from graph.paths.edge_costs import PricedAhead, PricedBehind, Prices
from graph.paths.edges import State, steps_of
from graph.paths.endpoints import first_nodes, last_nodes
from graph.paths.heuristic import Valley
from graph.paths.k_shortest import Ways
from graph.paths.search_space import Bare, Ground, UnderTerms
from graph.paths.sort_keys import Place
from graph.paths.unbranched import Chain, chain
from graph.snapshot.argument_graph import ArgumentGraph

_KEY = "balls"
_KEPT_AT_MOST = 200
_FEW = 8
_INNER = 200
"""States in the inner part of a ball: grown once for all questions with these ends."""
_AT_MOST = 4 * _INNER
"""States of a rim: a hub has so many around it that coming from the starts is cheaper."""


@dataclass(slots=True)
class Route:
    """Starts and ends by place; None stands for all statements that nothing bears on, all that bear on nothing."""

    graph: ArgumentGraph
    starts: tuple[Place, ...] | None
    ends: tuple[Place, ...] | None
    terms: Terms | None = None
    """None where nothing is asked beyond the ends."""

    def by_length(self, allowance: Allowance) -> Ways | Chain:
        """The ways in the order of length, to be gone through once."""
        if self.terms is None and self.starts and self.ends and len(self.starts) == len(self.ends) == 1:
            only = chain(steps_of(self.graph).onward, self.starts[0], self.ends[0], allowance)
            if only is not None:
                return only
        ground = Bare(self.graph) if self.terms is None else UnderTerms(self.graph, self.terms)
        ends = self.ends
        if ends is None and self.starts is None:
            ends = self._kept(last_nodes(self.graph))
        last = None if ends is None else ground.last(ends)
        starts = [(place, ground.first(place), 0) for place in self.starts or ()]
        return self._ways(ground, self._guide(ground, starts, last, allowance), starts, last, allowance)

    def by_strength(self, allowance: Allowance) -> Ways:
        """The ways that have any strength in the order of it, to be gone through once."""
        prices = Prices(self.graph, steps_of(self.graph).places)
        ground = UnderTerms(self.graph, self.terms or Terms(), prices)
        begins = self._kept(first_nodes(self.graph)) if self.starts is None else self.starts
        ends = self._kept(last_nodes(self.graph)) if self.ends is None else self.ends
        priced = [(place, prices.of_start(place)) for place in begins]
        starts = [(place, ground.first(place), price) for place, price in priced if price is not None]
        last = ground.last(ends)
        behind = PricedBehind(ground.entries, prices)
        guide = Valley(PricedAhead(ground.onward), behind, starts, last, allowance)
        return self._ways(ground, guide, starts, last, allowance)

    def _kept(self, numbers: Iterable[int]) -> tuple[Place, ...]:
        place = steps_of(self.graph).places.place
        avoided = self.terms.avoided if self.terms else frozenset()
        return tuple([p for p in map(place, numbers) if p not in avoided])

    def _guide(self, ground: Ground, starts: list[Start], last: list[State] | None, allowance: Allowance) -> Guide:
        if self.starts is None:
            return Funnel(ground.behind, ground.is_start, last or (), ground.place_of, allowance)
        begins = [state for _, state, _ in starts]
        if last is None:
            return Cone(ground.ahead, ground.behind, begins, ground.is_end, allowance)
        return Corridor(ground.ahead, ground.behind, begins, self._around(ground, last, allowance), allowance)

    def _around(self, ground: Ground, ends: list[State], allowance: Allowance) -> Ball:
        """The ball around the ends; of a few ends its inner part is kept for whoever asks for the same ones again."""
        if self.terms is not None or len(ends) > _FEW:
            return Ball(ground.behind, ends, allowance)
        kept = self.graph.memo.setdefault(_KEY, {})
        assert isinstance(kept, dict)
        found = kept.get(tuple(ends))
        if found is None:
            found = Ball(ground.behind, ends, Allowance(StepBudget()))
            while found.rim and len(found.distance) < _INNER:
                beyond = found.beyond()
                if len(beyond) > _AT_MOST:
                    break
                found.grow(beyond)
            if len(kept) >= _KEPT_AT_MOST:
                kept.clear()
            kept[tuple(ends)] = found
        return found.copy(allowance)

    def _ways(
        self, ground: Ground, guide: Guide, starts: list[Start], last: list[State] | None, allowance: Allowance
    ) -> Ways:
        def retreat(blocked: set[Place]) -> Retreat:
            return Retreat(ground.behind, last or (), blocked, ground.place_of)

        one_end = self.ends is not None and len(self.ends) == 1
        back = None if last is None else retreat
        return Ways(ground.onward, guide, starts, allowance, back, ends_once=one_end)
