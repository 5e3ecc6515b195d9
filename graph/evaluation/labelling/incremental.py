"""Weighed verdicts after an edit: only what the edit may reach is labelled anew."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph.evaluation.labelling.labelling import Labelled, labels, labels_key, standing_of
from graph.evaluation.reweighed import TooMany, reweighed, same_steps
from graph.evaluation.weights import weight_of
from graph.snapshot.argument_graph import ArgumentGraph, DerivedFrom
from graph.snapshot.arrays import Compact
from graph.snapshot.columns import ARGUMENT, MOTIVE, STATEMENT
from graph.snapshot.relations import NONE, Number
from schemas.evaluation import Cause, Standing

KEY = "verdicts"
AT_MOST = 20_000
"""Nodes labelled one by one before labelling the whole map is cheaper."""
_WORK = 10 * AT_MOST


class LabelsNotLocal(Exception):
    """The edit reaches too far: label the whole map."""


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Grounded weighed labels by the snapshot's numbers: those of a map labelled whole, and what edits changed."""

    whole: Labelled
    changed: dict[Number, tuple[int, int] | None] = field(default_factory=dict)
    """Label and rank where the derivation may be another one; None where a node is gone."""
    touched: frozenset[Number] = frozenset()
    """Nodes whose own links may differ from those of the whole map."""
    reweighed: dict[Number, float | None] = field(default_factory=dict)
    """Weights that may differ from those of the whole map."""

    def of(self, number: Number) -> int | None:
        """A node's label, None where there is none."""
        if number in self.changed:
            found = self.changed[number]
            return None if found is None else found[0]
        at = self.place(number)
        return None if at == NONE else int(self.whole.views.labels[at])

    def rank(self, number: Number) -> int:
        """When a node was decided: its label follows from labels of lower ranks."""
        if number in self.changed:
            found = self.changed[number]
            return -1 if found is None else found[1]
        return int(self.whole.views.ranks[self.place(number)])

    def weight(self, number: Number) -> float | None:
        """The weight of a node, None of what never has one."""
        if number in self.reweighed:
            return self.reweighed[number]
        found = float(self.whole.views.weights[self.place(number)])
        return None if found != found else found

    def place(self, number: Number) -> Compact:
        """The compact number in the whole map, NONE where the node was not there."""
        places = self.whole.views.places
        return Compact(int(places[number]) if number < len(places) else NONE)

    @property
    def last(self) -> int:
        """A rank that none exceeds."""
        return max([len(self.whole.gates), *(found[1] for found in self.changed.values() if found)])

    def cause(self, graph: ArgumentGraph, number: Number) -> Cause | None:
        """Why a node of a snapshot is rejected or undecided, None where it is neither."""
        label = self.of(number)
        against = [a for a in graph.incoming(number) if graph.sign(a) < 0]
        if graph.kind(number) != ARGUMENT:
            if label == 0:
                return "contested" if any(self.of(a) == 0 for a in against) else "open"
            return None if label != -1 else "opposed" if any(self.of(a) == 1 for a in against) else "no_ground"
        if label != -1:
            return None
        if any(self.of(p) == -1 for p in graph.premises(number)):
            return "premise"
        weight = self.weight(number) or 0.0
        undercut = any(self.of(a) == 1 and (self.weight(a) or 0.0) >= weight for a in against)
        return "undercut" if undercut else "outweighed"

    def standing(self, graph: ArgumentGraph, number: Number) -> Standing | None:
        """How a statement or motive of a snapshot stands, None of an argument."""
        label = self.of(number)
        if label is None or graph.kind(number) == ARGUMENT:
            return None
        is_opposed = any(graph.sign(a) < 0 for a in graph.incoming(number))
        return standing_of(label, self.cause(graph, number), is_opposed=is_opposed)


def verdicts(graph: ArgumentGraph) -> Verdicts:
    """The grounded weighed labels of a snapshot, from those of one behind it where an edit lies between.

    O(nodes whose derivation the edit may reach, and what bears on what these bear on). A node keeps its label where it
    still follows from labels that were decided before it and that the edit does not reach (influenced set: Alfano,
    Greco & Parisi 2017).
    """
    found = graph.memo.get(KEY)
    if isinstance(found, Verdicts):
        return found
    key = labels_key("weighed")
    if key not in graph.memo:
        for origin in graph.derived_from:
            before, labelled = origin.memo.get(KEY), origin.memo.get(key)
            if not isinstance(before, Verdicts) and isinstance(labelled, Labelled):
                before = origin.memo[KEY] = Verdicts(labelled)
            if isinstance(before, Verdicts):
                try:
                    found = graph.memo[KEY] = _Spread(graph, before, origin).run()
                except (LabelsNotLocal, TooMany):
                    break
                return found
    found = graph.memo[KEY] = Verdicts(labels(graph))
    return found


class _Spread:
    def __init__(self, graph: ArgumentGraph, before: Verdicts, origin: DerivedFrom) -> None:
        self.graph = graph
        self.before = before
        self.touched = before.touched | origin.touched
        weighs = (n for n in reweighed(graph, origin) if self._weighs(n))
        self.fresh = {n: weight_of(graph, n)[0] for n in weighs}
        self.now = Verdicts(before.whole, dict(before.changed), self.touched, {**before.reweighed, **self.fresh})
        self.changed = self.now.changed
        self.reached: set[Number] = set()
        self.edited = origin.touched
        self.behind = ArgumentGraph(origin.header, graph.columns, origin.patch)
        self.sides: dict[Number, tuple[list[Number], list[Number]]] = {}
        self.work = 0

    def run(self) -> Verdicts:
        if len(self.changed) > AT_MOST:
            raise LabelsNotLocal
        todo = list(self._moved())
        for number in todo:  # grows while it is read
            if number in self.reached or self._gone(number) or self._follows(number):
                continue
            self.reached.add(number)
            if len(self.reached) > AT_MOST:
                raise LabelsNotLocal
            todo.extend(self._after(number))
        self._label()
        return self.now

    def _moved(self) -> Iterator[Number]:
        """What has other links or another weight now, and what stands against it at its target."""
        turned: dict[Number, set[int]] = {}
        for number in sorted(self.edited.union(self.fresh)):
            if self._same(number):
                continue
            yield number
            turned.setdefault(number, set()).add(0)
            for side in (self.behind, self.graph):
                if number < side.size and (target := side.target(number)) != NONE:
                    yield target
                    turned.setdefault(target, set()).add(side.sign(number))
        for target, signs in turned.items():
            if self._weighs(target) and self.graph.kind(target) != ARGUMENT:
                yield from self._other_side(target, signs)

    def _other_side(self, target: Number, signs: Iterable[int]) -> Iterator[Number]:
        """The arguments at a statement that may be hit by others of it; 0 stands for its own ground."""
        against, supporting = self._sides(target)
        if -1 in signs:
            yield from supporting
        if 1 in signs or (self._weight(target) or 0.0) > 0.0 or 0 in signs:
            yield from against

    def _gone(self, number: Number) -> bool:
        if self._weighs(number):
            return False
        self.changed[number] = None
        return True

    def _weighs(self, number: Number) -> bool:
        return self.graph.alive(number) and self.graph.kind(number) in (STATEMENT, MOTIVE, ARGUMENT)

    def _same(self, number: Number) -> bool:
        """Whether a node has the links and the weight that it had, so that nothing needs to be looked at again."""
        before, graph = self.before, self.graph
        at = before.place(number)
        if number in before.touched or at == NONE or not graph.alive(number):
            return False
        return self._weight(number) == before.weight(number) and same_steps(before.whole.arrays, at, graph, number)

    # --- labels -----------------------------------------------------------------------------------

    def _label(self) -> None:
        """The least labels of what was reached, the others being settled."""
        rank = self.before.last
        for number in self.reached:
            self.changed[number] = (0, -1)
        todo = sorted(self.reached)
        for number in todo:  # grows while it is read
            if self._now(number):
                continue
            label = self._value(number)
            if label:
                rank += 1
                self.changed[number] = (label, rank)
                todo.extend(n for n in self._after(number) if n in self.reached)

    def _now(self, number: Number) -> int:
        return self.now.of(number) or 0

    def _weight(self, number: Number) -> float | None:
        return self.now.weight(number)

    def _value(self, number: Number) -> int:
        """The label that a node's condition gives it."""
        now = self._now
        if self.graph.kind(number) == ARGUMENT:
            labels = [now(p) for p in self.graph.premises(number)]
            labels += [-self._own(a) if a == self.graph.target(number) else -now(a) for a in self._attackers(number)]
            return min(labels)
        return max([self._own(g) if g == number else now(g) for g in self._grounds(number)], default=-1)

    def _own(self, number: Number) -> int:
        """The label of a statement's own ground."""
        return min((-self._now(a) for a in self._opponents(number, self._weight(number))), default=1)

    def _follows(self, number: Number) -> bool:
        """Whether the label that a node had still follows from labels decided before it that are not reached."""
        label = self.before.of(number)
        if not label:
            return False
        rank, before = self.before.rank(number), self.before

        def holds(other: Number, wanted: int) -> bool:
            return other not in self.reached and before.of(other) == wanted and before.rank(other) < rank

        def own_holds(of: Number, wanted: int) -> bool:
            opponents = self._opponents(of, self._weight(of))
            return all(holds(a, -1) for a in opponents) if wanted > 0 else any(holds(a, 1) for a in opponents)

        if self.graph.kind(number) == ARGUMENT:
            target, premises = self.graph.target(number), self.graph.premises(number)
            hits = [(own_holds if a == target else holds, a) for a in self._attackers(number)]
            if label > 0:
                return all(holds(p, 1) for p in premises) and all(check(a, -1) for check, a in hits)
            return any(holds(p, -1) for p in premises) or any(check(a, 1) for check, a in hits)
        grounds = [(own_holds if g == number else holds, g) for g in self._grounds(number)]
        return (any if label > 0 else all)(check(g, label) for check, g in grounds)

    # --- who attacks whom -------------------------------------------------------------------------

    def _attackers(self, argument: Number) -> list[Number]:
        """What attacks an argument with success; its target stands for the target's own ground."""
        graph, weight = self.graph, self._weight(argument) or 0.0
        found = self._opponents(argument, weight)
        target = graph.target(argument)
        if graph.kind(target) == ARGUMENT:
            return found
        if graph.sign(argument) < 0:
            return [*found, *(g for g in self._grounds(target) if (self._weight(g) or 0.0) >= weight)]
        return [*found, *self._opponents(target, weight)] if weight > 0.0 else found

    def _opponents(self, number: Number, weight: float | None) -> list[Number]:
        """The arguments against a node that are not lighter than a weight."""
        least = weight or 0.0
        return [a for a in self._sides(number)[0] if (self._weight(a) or 0.0) >= least]

    def _grounds(self, number: Number) -> list[Number]:
        """The grounds of a statement or motive that weigh something; it stands itself for its own ground."""
        found = [a for a in self._sides(number)[1] if (self._weight(a) or 0.0) > 0.0]
        return [*found, number] if (self._weight(number) or 0.0) > 0.0 else found

    def _sides(self, number: Number) -> tuple[list[Number], list[Number]]:
        """The arguments against a node, and those for it."""
        found = self.sides.get(number)
        if found is None:
            found = self.sides[number] = ([], [])
            for a in self.graph.incoming(number):
                found[self.graph.sign(a) > 0].append(a)
            self._count(len(found[1]))
        self._count(1 + len(found[0]))
        return found

    def _count(self, steps: int) -> None:
        self.work += steps
        if self.work > _WORK:
            raise LabelsNotLocal

    def _after(self, number: Number) -> Iterator[Number]:
        """What a node's label is asked for: its arguments, or its target and the other side there."""
        if self.graph.kind(number) != ARGUMENT:
            yield from self.graph.outgoing(number)
            return
        target = self.graph.target(number)
        yield target
        if self.graph.kind(target) != ARGUMENT:
            yield from self._other_side(target, (self.graph.sign(number),))
