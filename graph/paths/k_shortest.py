"""Simple ways from starts to ends, one after another in a total order: cost, then the places on the way."""

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Any

from graph.budgets import Allowance
from graph.paths.backward_reach import Retreat
from graph.paths.bidirectional import Guide, Start
from graph.paths.edges import LENGTH, Move, Onward, State
from graph.paths.sort_keys import Place

Way = tuple[Place, ...]
"""The places of all nodes on a way, in order, arguments among them."""
Part = tuple[int, Way, int, int, State, list[Move] | int | None]
"""Ways still to come, all that begin alike: at least how much they cost; how they begin, or the best of them
where that is known; how many of its places are the beginning; what that costs; where it stands; the best one's
further moves, None where it is not known yet, or a depth, where only the ways that cost more are left."""
Trail = Any
"""Moves taken as nested pairs, the last one outside; None for none."""
_ALONE = 64
"""States that a search around a beginning expands before another one comes to meet it."""


class Ways:
    """Best-first search over beginnings, in the manner of Yen (1971) with Lawler's partition (1972).

    The ways still to come are split into disjoint parts, each the ways with one beginning, kept by a lower
    bound: the cost of the beginning and the distance from there to the ends. The part with the least bound is
    taken; mostly the best way on just follows the distances without touching the beginning, and then it is
    the next way. Where it touches, a search guided by the same distances (A*, Hart et al. 1968) finds the
    best way around, or that there is none. Where a state is just a place and costs just add up, what that search
    finds is simple and exact, and so the delay from way to way is polynomial. Where a state carries more (a
    polarity still owed, a node still to be visited), or a step has a floor, it may not be: then the part is split
    by its next steps, and only the allowance bounds the work.
    """

    def __init__(
        self,
        onward: Onward,
        guide: Guide,
        starts: Iterable[Start],
        allowance: Allowance,
        retreat: Callable[[set[Place]], Retreat] | None = None,
        *,
        ends_once: bool = False,
    ) -> None:
        """`retreat` searches back from given ends; `ends_once` says that no way goes on past an end."""
        self._onward = onward
        self._guide = guide
        self._allowance = allowance
        self._retreat = retreat
        self._ends_once = ends_once
        self._parts: list[Part] = [(cost + 1, (place,), 1, cost, state, None) for place, state, cost in starts]
        self.bound = 0
        """No way still to come costs less."""
        self.longest = LENGTH
        """Ways of more steps are not looked for any more; may be set at any time."""
        heapify(self._parts)

    def __iter__(self) -> Iterator[tuple[int, Way]]:
        """The ways with their costs. Raises `OutOfSteps` in the middle when the allowance is used up."""
        parts, guide = self._parts, self._guide
        while parts or not (guide.is_whole or guide.starts_given):
            if not guide.is_whole and (not parts or parts[0][0] > guide.depth):
                self._deepen(parts[0][0] if parts else guide.depth + 1)
                continue
            self.bound, way, begun, cost, state, moves = heappop(parts)
            if isinstance(moves, int):
                self._leave(way, cost, state, set(way), 0, moves)
                continue
            if moves is None:
                moves = self._opened(way, cost, state)
                if moves is None:
                    continue
                way = way + tuple(chain.from_iterable(move[3] for move in moves))
            yield self.bound, way
            self._split(way, begun, cost, state, moves)

    def _opened(self, way: Way, cost: int, state: State) -> list[Move] | None:
        """The moves of a part's best way where they are plain; else the part is put back knowing more."""
        least = self._least(cost, state)
        if least is None:
            return None
        if least > self.bound:
            heappush(self._parts, (least, way, len(way), cost, state, None))
            return None
        moves = self._follow(way, cost, state)
        if moves is None:
            self._seek(way, cost, state)
        return moves

    def _deepen(self, depth: int) -> None:
        for place, state, cost in self._guide.deepen(depth):
            heappush(self._parts, (cost + 1, (place,), 1, cost, state, None))

    def _least(self, cost: int, state: State) -> int | None:
        """What a way through this state costs at least; None where it reaches no end."""
        distance = self._guide.look(state)
        if distance is not None:
            return cost + distance
        return None if self._guide.is_whole else self._guide.depth + 1

    def _follow(self, way: Way, cost: int, state: State) -> list[Move] | None:
        """The first way on that costs what the bound says; None where following the distances leads astray."""
        onward, look, bound = self._onward, self._guide.look, self.bound
        moves: list[Move] = []
        if look(state) == 0:
            return moves if len(way) > 1 else None
        seen = set(way)
        while True:
            for move in onward[state]:
                argument, reached, node, _, price, floor = move
                if argument in seen or node in seen:
                    continue
                distance = look(reached)
                if distance is not None:
                    paid = cost + price if cost >= floor else floor + (cost & LENGTH) + price
                    if paid + distance <= bound:
                        break
            else:
                self._allowance.spend(len(moves) + 1)
                return None
            moves.append(move)
            if not distance:
                self._allowance.spend(len(moves))
                return moves
            seen.add(argument)
            seen.add(node)
            cost, state = paid, reached

    def _seek(self, way: Way, cost: int, state: State) -> None:
        """Find the best way around what the beginning blocks and put the part back under its true cost."""
        if len(way) == 1 and self._guide.look(state) == 0:  # a start that is an end: a way must leave it first
            self._branch(way, cost, state, self.bound)
            return
        found = self._around(set(way), cost, state)
        if found is None:
            return
        if isinstance(found, int):
            heappush(self._parts, (found, way, len(way), cost, state, None))
            return
        bound, added, trail = found
        moves: list[Move] = []
        while trail is not None:
            move, trail = trail
            moves.append(move)
        moves.reverse()
        if len(set(added)) < len(added) or reduce(paid_for, moves, cost) > bound:
            self._branch(way, cost, state, bound)
        else:
            heappush(self._parts, (bound, way + added, len(way), cost, state, moves))

    def _around(self, seen: set[Place], cost: int, state: State) -> tuple[int, Way, Trail] | int | None:
        """The cheapest walk on from a state to an end that keeps off what was seen, the first of equals.

        A number where it costs at least so much, which is more than the guide's depth: whether it is looked for
        there is for the order of parts to say. Floors are left out of account: they make a way cost more than
        this says, never less.
        """
        onward, guide = self._onward, self._guide
        rim: list[tuple[int, Way, int, State, Trail]] = [(cost, (), cost, state, None)]
        closed: set[State] = set()
        leads_on = self._leads_on(seen)
        while rim:
            bound, way, cost, state, trail = heappop(rim)
            if bound > guide.depth and not guide.is_whole:
                return bound
            least = self._least(cost, state)
            if least is None or state in closed:
                continue
            if least > bound:
                heappush(rim, (least, way, cost, state, trail))
            elif least == cost:
                return cost, way, trail
            elif leads_on(state):
                closed.add(state)
                for move in onward[state]:
                    argument, reached, node, added, price, _ = move
                    if argument not in seen and node not in seen and reached not in closed:
                        further = self._least(cost + price, reached)
                        if further is not None:
                            heappush(rim, (further, way + added, cost + price, reached, (move, trail)))
        return None

    def _leads_on(self, seen: set[Place]) -> Callable[[State], bool]:
        """Whether a state may reach an end off what was seen; asked once for each state that is expanded.

        After a while a search from the ends goes along step by step. When that is done first, it knows all that
        reach an end, so a way that does not exist costs no more than the smaller of the two regions.
        """
        spend, asked = self._allowance.spend, 0
        retreat: Retreat | None = None

        def leads_on(state: State) -> bool:
            nonlocal asked, retreat
            spend(1)
            asked += 1
            if asked <= _ALONE or self._retreat is None:
                return True
            retreat = retreat or self._retreat(seen)
            if not retreat.is_done:
                spend(1)
                retreat.step()
            return not retreat.is_done or state in retreat.reached

        return leads_on

    def _branch(self, way: Way, cost: int, state: State, bound: int) -> None:
        """Put a part back as one part for each next step."""
        self._allowance.spend(1)
        self._leave(way, cost, state, set(way), bound, -1)

    def _split(self, way: Way, begun: int, cost: int, state: State, moves: list[Move]) -> None:
        """Put back what is left of a part without its best way: a part for each step that leaves it."""
        self._allowance.spend(len(moves) + 1)
        seen = set(way[:begun])
        for kept in moves:
            self._leave(way[:begun], cost, state, seen, 0, -1, kept)
            argument, state, node, added, *_ = kept
            begun += len(added)
            cost = paid_for(cost, kept)
            seen.add(argument)
            seen.add(node)
        if not self._ends_once:
            self._leave(way, cost, state, seen, 0, -1)

    def _leave(
        self, way: Way, cost: int, state: State, seen: set[Place], bound: int, after: int, kept: Move | None = None
    ) -> None:
        """A part for each step from here but one, of those whose ways cost more than `after`.

        Those beyond the guide's depth stay together in one part until it has come so far.
        """
        if cost & LENGTH >= self.longest:
            return
        look, depth, is_whole, parts = self._guide.look, self._guide.depth, self._guide.is_whole, self._parts
        is_more = False
        for move in self._onward[state]:
            argument, reached, node, added, price, floor = move
            if argument in seen or node in seen or move == kept:
                continue
            paid = cost + price if cost >= floor else floor + (cost & LENGTH) + price
            distance = look(reached)
            if distance is None or (paid + distance > depth and not is_whole):
                is_more = True
            elif paid + distance > after:
                onward = way + added
                heappush(parts, (max(bound, paid + distance), onward, len(onward), paid, reached, None))
        if is_more and not is_whole:
            heappush(parts, (max(bound, depth + 1), way, len(way), cost, state, depth))


def paid_for(cost: int, move: Move) -> int:
    """What a way costs after one more move: at least the move's floor and then its price."""
    price, floor = move[4], move[5]
    return cost + price if cost >= floor else floor + (cost & LENGTH) + price
