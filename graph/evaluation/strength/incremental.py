"""Carries strengths over an edit: recomputes what the edit reaches, and stops where nothing changes any more."""

from heapq import heappop, heappush

from graph.evaluation.same_steps import same_steps
from graph.evaluation.strength.component import solved_alone
from graph.evaluation.strength.solver import KINDS
from graph.evaluation.strength.strength import Strengths, strengths
from graph.evaluation.strength.strength_kernels import DF_QUAD, influence
from graph.snapshot.argument_graph import ArgumentGraph, DerivedFrom
from graph.snapshot.columns import ARGUMENT, MOTIVE, NONE, STATEMENT
from schemas.argument import Argument
from schemas.evaluation_query import Gradual
from schemas.motive import Motive
from schemas.statement import Statement

AT_MOST = 20_000
"""Nodes recomputed one by one before solving the whole map is cheaper."""


class NotLocal(Exception):
    """The edit changed the order of components, or reaches too far: solve the whole map."""


def carried(graph: ArgumentGraph, semantics: Gradual = "quadratic-energy") -> Strengths:
    """The strengths of a snapshot, from those of one behind it where an edit lies between; else from scratch.

    O(nodes whose strength changes and their links), and the same bits as from scratch: sums run in the order of ids,
    and a circle that the edit reaches, or whose credences it changes, is solved anew. An edit that changes the links of
    a circle, or turns the order of components round, is solved whole.
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
            except NotLocal:
                break
            return found
    return strengths(graph, semantics)


class _Wave:
    def __init__(self, graph: ArgumentGraph, before: Strengths, origin: DerivedFrom) -> None:
        self.graph = graph
        self.before = before
        self.kind = KINDS[before.semantics]
        self.touched = origin.touched
        self.moved = {n for n in origin.touched if not self._same(n)}
        """Nodes that may have another place in the order now."""
        self.changed = dict(before.changed)
        self.circles = before.circles
        self.credence = before.network.arrays.credence.data
        self.ranks: dict[int, float] = {}
        self.open: set[int] = set()
        self.solved: set[int] = set()
        self.waiting: list[tuple[float, int]] = []

    def run(self) -> Strengths:
        self._check_order()
        for number in self.touched:
            self._push(number)
        count = 0
        while self.waiting:
            rank, number = heappop(self.waiting)
            self.open.discard(number)
            count += 1
            if count > AT_MOST:
                raise NotLocal
            if number < 0:
                self._circle(int(rank))
            else:
                self._set(number, self._value(number))
        b = self.before
        return Strengths(b.semantics, b.network, b.whole, b.place, self.circles, self.changed)

    def _check_order(self) -> None:
        for number in self.touched:
            if not self._weighs(number):
                if self._now(number) is not None and self._ring(number) is not None:
                    raise NotLocal
                self.changed[number] = None
                continue
            if number not in self.moved:
                continue
            if self._ring(number) is not None:
                raise NotLocal
            rank = self._rank(number)
            for after in self._after(number):
                # An argument into a circle is part of the circle's own inputs, whether it has a cell or not.
                if self._rank(after) <= rank or (self.graph.kind(number) == ARGUMENT and self._ring(after) is not None):
                    raise NotLocal

    def _push(self, number: int) -> None:
        if not self._weighs(number):
            return
        ring = self._ring(number)
        key = number if ring is None else -1 - ring
        if key not in self.open and ring not in self.solved:
            self.open.add(key)
            heappush(self.waiting, (self._rank(number), key))

    def _set(self, number: int, new: float) -> None:
        if new != self._now(number):
            self.changed[number] = new
            for after in self._after(number):
                self._push(after)

    def _circle(self, component: int) -> None:
        """A component that depends on itself, whose links are what they were."""
        self.solved.add(component)
        network = self.before.network
        if network.bounds[component + 1] - network.bounds[component] > AT_MOST:
            raise NotLocal
        numbers = network.arrays.numbers
        found, circle = solved_alone(
            network, self.kind, component, self._at, lambda compact: self._credence(int(numbers[compact]))
        )
        self.circles = {**self.circles, component: circle}
        first = int(network.bounds[component])
        for i, new in enumerate(found):
            self._set(self._number(first + i), new)

    def _at(self, position: int) -> float:
        return self._strength(self._number(position))

    def _number(self, position: int) -> int:
        network = self.before.network
        return int(network.arrays.numbers[network.compact[position]])

    def _same(self, number: int) -> bool:
        """Whether a touched node has the links that it had in the network."""
        place, arrays = self.before.place, self.before.network.arrays
        at = int(place[number]) if number < len(place) else NONE
        return at != NONE and self.graph.alive(number) and same_steps(arrays, at, self.graph, number)

    def _weighs(self, number: int) -> bool:
        return self.graph.alive(number) and self.graph.kind(number) in (STATEMENT, MOTIVE, ARGUMENT)

    def _after(self, number: int) -> list[int]:
        if self.graph.kind(number) == ARGUMENT:
            return [self.graph.target(number)]
        return list(self.graph.outgoing(number))

    def _before(self, number: int) -> list[int]:
        led = self.graph.premises(number) if self.graph.kind(number) == ARGUMENT else ()
        return [*led, *self.graph.incoming(number)]

    def _now(self, number: int) -> float | None:
        return self.changed[number] if number in self.changed else self.before.of(number)

    def _ring(self, number: int) -> int | None:
        """The number of the node's component where that depends on itself."""
        if not self.circles:
            return None
        component = self.before.component(number)
        return component if component in self.circles else None

    def _rank(self, number: int) -> float:
        """Where a node stands in the order: its component's number, or just behind its inputs."""
        found = self.ranks.get(number)
        if found is not None:
            if found < -1.0:
                raise NotLocal  # a circle of new nodes
            return found
        component = self.before.component(number)
        if component is None or number in self.moved:
            self.ranks[number] = -2.0
            behind = max(map(self._rank, self._before(number)), default=-1.0)
            if component is not None and behind >= component:
                raise NotLocal
            self.ranks[number] = behind + 2.0**-10
        if component is not None:
            self.ranks[number] = float(component)
        return self.ranks[number]

    def _value(self, number: int) -> float:
        graph = self.graph
        w = self._credence(number)
        if graph.kind(number) == ARGUMENT:
            w *= min(self._strength(p) for p in graph.premises(number))
        incoming = graph.incoming(number)
        steps = sorted(incoming, key=graph.id) if len(incoming) > 1 else incoming
        if not steps:
            return w
        if self.kind == DF_QUAD:
            sides = {1: 1.0, -1: 1.0}
            for a in steps:
                sides[graph.sign(a)] *= 1.0 - self._strength(a)
            return influence(self.kind, w, sides[-1] - sides[1])
        g = 0.0
        for a in steps:
            g += graph.sign(a) * self._strength(a)
        return influence(self.kind, w, g)

    def _strength(self, number: int) -> float:
        found = self._now(number)
        return self._value(number) if found is None else found

    def _credence(self, number: int) -> float:
        node = self.graph.patch.nodes.get(number)
        if isinstance(node, Statement | Motive | Argument):
            return node.credence
        found: float = self.credence[int(self.before.place[number])]
        return found
