"""Strengths after an edit: what the edit reaches is computed anew, up to where nothing changes any more."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from heapq import heappop, heappush

import numpy as np

from graph.evaluation.reweighed import TooMany, reweighed, same_steps
from graph.evaluation.strength.network import SEMANTICS, Cells, Places, Position
from graph.evaluation.strength.solver import Strengths, solve_cyclic, strength_of, strengths
from graph.evaluation.weights import weight_of
from graph.snapshot.argument_graph import ArgumentGraph, DerivedFrom
from graph.snapshot.arrays import Compact, Floats
from graph.snapshot.columns import ARGUMENT, MOTIVE, STATEMENT
from graph.snapshot.relations import NONE, Number
from schemas.evaluation_query import Gradual

AT_MOST = 2_000
"""Nodes computed one by one before solving the whole map is cheaper."""
Onward = Callable[[Number], Iterable[Number]]


class StrengthsNotLocal(Exception):
    """The edit changed a cyclic component, or reaches too far: solve the whole map."""


def incremental_strengths(graph: ArgumentGraph, semantics: Gradual = "quadratic-energy") -> Strengths:
    """The strengths of a snapshot, from those of one behind it where an edit lies between; else from scratch.

    O(nodes whose strength changes and their links), and the same bits as from scratch: sums run in the order of ids,
    and a cyclic component that the edit reaches is solved anew. An edit that changes the links of such a component, or
    makes one, is solved whole.
    """
    key = f"strength {semantics}"
    found = graph.memo.get(key)
    if isinstance(found, Strengths):
        return found
    for origin in graph.derived_from:
        before = origin.memo.get(key)
        if isinstance(before, Strengths):
            try:
                found = graph.memo[key] = _Wave(graph, before, origin).run()
            except StrengthsNotLocal:
                break
            return found
    return strengths(graph, semantics)


class _Wave:
    """Nodes whose inputs changed, in about the order in which they depend on each other.

    The order is that of the network that was solved whole. Where an edit has turned it round, or a node is new, one
    may be computed too early; it comes again when its input changes, so that the last time is right.
    """

    def __init__(self, graph: ArgumentGraph, before: Strengths, origin: DerivedFrom) -> None:
        self.graph = graph
        self.before = before
        self.network = before.network
        self.touched = origin.touched
        self.formulas = SEMANTICS[before.semantics]
        self.changed = dict(before.changed)
        self.moved = before.moved | {n for n in origin.touched if not self._same(n)}
        self.cyclic = before.cyclic
        self.weights = self.network.weights.data
        self.fresh = self._reweighed(origin)
        self.reweighed = {**before.reweighed, **self.fresh}
        self.waiting: list[tuple[int, int]] = []
        self.open: set[int] = set()
        self.count = 0

    def run(self) -> Strengths:
        for number in self.touched:
            self._admit(number)
        for number in self.touched.union(self.fresh):
            self._push(number)
        while self.waiting:
            _, key = heappop(self.waiting)
            self.open.discard(key)
            self._spend(1)
            if key < 0:
                self._component(-1 - key)
            else:
                number = Number(key)
                self._set(number, self._value(number))
        return replace(
            self.before, cyclic=self.cyclic, changed=self.changed, moved=self.moved, reweighed=self.reweighed
        )

    def _reweighed(self, origin: DerivedFrom) -> dict[Number, float]:
        """From where the strengths of those nodes start whose weight the edit may have changed."""
        try:
            return {n: weight_of(self.graph, n)[1] for n in reweighed(self.graph, origin) if self._weighs(n)}
        except TooMany:
            raise StrengthsNotLocal from None

    def _spend(self, steps: int) -> None:
        self.count += steps
        if self.count > AT_MOST:
            raise StrengthsNotLocal

    # --- what may be carried over ----------------------------------------------------------------

    def _admit(self, number: Number) -> None:
        inside = self._cyclic(number) is not None
        if not self._weighs(number):
            if inside and self._now(number) is not None:
                raise StrengthsNotLocal
            self.changed[number] = None
            return
        if number not in self.moved:
            return
        # An argument into a cyclic component is part of the component's own inputs, whether it has a cell or not.
        if inside or any(self._cyclic(after) is not None for after in self._after(number) if self._is_step(number)):
            raise StrengthsNotLocal
        if self._is_step(number) and self._reaches_itself(number):
            raise StrengthsNotLocal

    def _reaches_itself(self, argument: Number) -> bool:
        """Whether a changed argument closes a cycle: from both sides in turns, until one side has nothing more."""
        sides = self._spread(argument, self._after), self._spread(argument, self._before)
        seen: tuple[set[Number], set[Number]] = ({argument}, {argument})
        while True:
            for side, mine, others in ((sides[0], seen[0], seen[1]), (sides[1], seen[1], seen[0])):
                found = next(side, None)
                if found is None:
                    return False
                self._spend(1)
                if found in others:
                    return True
                mine.add(found)

    def _spread(self, number: Number, onward: Onward) -> Iterator[Number]:
        seen, todo = {number}, [number]
        for at in todo:
            for other in onward(at):
                if other == number:
                    yield other
                elif other not in seen:
                    seen.add(other)
                    todo.append(other)
                    yield other

    def _same(self, number: Number) -> bool:
        """Whether a touched node has the links that it had in the network."""
        at = self._compact(number)
        return at != NONE and self.graph.alive(number) and same_steps(self.network.arrays, at, self.graph, number)

    # --- the wave ---------------------------------------------------------------------------------

    def _push(self, number: Number) -> None:
        if not self._weighs(number):
            return
        component = self._cyclic(number)
        key = number if component is None else -1 - component
        if key not in self.open:
            self.open.add(key)
            heappush(self.waiting, (self._place(number), key))

    def _set(self, number: Number, new: float) -> None:
        if new != self._now(number):
            self.changed[number] = new
            for after in self._after(number):
                if not self._is_inside(number, after):
                    self._push(after)

    def _is_inside(self, number: Number, after: Number) -> bool:
        """Whether an argument without a cell leads from a component into the same one, whose solution counts it in."""
        component = self._cyclic(after)
        if component is None or self._position(number) != NONE:
            return False
        return all(self._cyclic(premise) == component for premise in self._before(number))

    def _component(self, component: int) -> None:
        """A component that depends on itself, whose links are what they were."""
        network = self.network
        first, last = int(network.layers.first[component]), int(network.layers.last[component])
        self._spend(last - first)
        cells = network.cells.between(first, last)
        near = np.concatenate([cells.sources, cells.premises])
        far = np.unique(near[(near < first) | (near >= last)])

        def local(positions: Places) -> Places:
            outside = np.searchsorted(far, positions) + (last - first)
            return np.where((positions >= first) & (positions < last), positions - first, outside)

        own = network.compact[first:last].tolist()
        base = np.asarray([self._weight(self._number(i)) for i in own])
        signed = np.copysign(self._weights(own), cells.signed)
        alone = Cells(base, cells.starts, local(cells.sources), signed, cells.leads, local(cells.premises))
        s: Floats = np.concatenate([base, [self._strength(self._at(p)) for p in far.tolist()]])
        [solution] = solve_cyclic(alone, np.zeros(1, dtype=np.intp), self.formulas, s, 0)
        self.cyclic = {**self.cyclic, component: solution}
        for i, new in zip(own, s.tolist(), strict=False):
            number = self._number(i)
            if new != self._now(number):
                self.changed[number] = new
                for after in self._after(number):
                    if self._cyclic(after) != component:
                        self._push(after)

    def _weights(self, own: Iterable[Compact]) -> Floats:
        arrays, position = self.network.arrays, self.network.position
        steps = [step for i in own for step in arrays.incoming.of(i).tolist()]
        return np.asarray([self._weight(self._number(a)) if position[a] == NONE else 1.0 for a in steps])

    def _value(self, number: Number) -> float:
        graph = self.graph
        premises = graph.premises(number) if self._is_step(number) else ()
        incoming = graph.incoming(number)
        steps = sorted(incoming, key=graph.id) if len(incoming) > 1 else incoming
        inputs = [graph.sign(a) * self._strength(a) for a in steps]
        return strength_of(self._weight(number), [self._strength(p) for p in premises], inputs, self.formulas)

    # --- look-ups ---------------------------------------------------------------------------------

    def _weighs(self, number: Number) -> bool:
        return self.graph.alive(number) and self.graph.kind(number) in (STATEMENT, MOTIVE, ARGUMENT)

    def _is_step(self, number: Number) -> bool:
        return self.graph.kind(number) == ARGUMENT

    def _after(self, number: Number) -> Iterable[Number]:
        return (self.graph.target(number),) if self._is_step(number) else self.graph.outgoing(number)

    def _before(self, number: Number) -> Iterable[Number]:
        led = self.graph.premises(number) if self._is_step(number) else ()
        return (*led, *self.graph.incoming(number))

    def _now(self, number: Number) -> float | None:
        return self.changed[number] if number in self.changed else self.before.of(number)

    def _strength(self, number: Number) -> float:
        return self._now(number) or 0.0  # what is not computed yet makes its user come again when it is

    def _compact(self, number: Number) -> Compact:
        place = self.before.place
        return Compact(int(place[number]) if number < len(place) else NONE)

    def _position(self, number: Number) -> int:
        at = self._compact(number)
        return NONE if at == NONE else int(self.network.position[at])

    def _place(self, number: Number) -> int:
        """About where a node stands in the order: where it stood, or behind what it depends on."""
        found = self._position(number)
        return found if found != NONE else max(map(self._position, self._before(number)), default=NONE) + 1

    def _cyclic(self, number: Number) -> int | None:
        position = self._position(number) if self.cyclic else NONE
        return None if position == NONE else self.network.component(position)

    def _number(self, compact: Compact) -> Number:
        return self.network.arrays.number(compact)

    def _at(self, position: Position) -> Number:
        return self._number(Compact(int(self.network.compact[position])))

    def _weight(self, number: Number) -> float:
        if number in self.reweighed:
            return self.reweighed[number]
        found: float = self.weights[self._compact(number)]
        return found
