"""Carries grounded labels over an edit: labels anew only what the edit may reach."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from graph.evaluation.labelling.gates import ranks
from graph.evaluation.labelling.labelling import Labelled, labels, labels_key
from graph.evaluation.same_steps import same_steps
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import is_constructed
from graph.snapshot.columns import ARGUMENT, MOTIVE, NONE, STATEMENT
from schemas.evaluation import Cause

KEY = "verdicts"
AT_MOST = 20_000
"""Nodes labelled one by one before labelling the whole map is cheaper."""
_WORK = 40 * AT_MOST


class NotLocal(Exception):
    """The edit reaches too far: label the whole map."""


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Grounded labels by the snapshot's numbers: those of a map that was labelled whole, and what edits changed."""

    whole: Labelled
    changed: dict[int, tuple[int, int] | None] = field(default_factory=dict)
    """Label and rank where the derivation may be another one; None where a node is gone."""
    touched: frozenset[int] = frozenset()
    """Nodes whose own steps may differ from those of the whole map."""

    def of(self, number: int) -> int | None:
        """A node's label, None where there is none."""
        if number in self.changed:
            found = self.changed[number]
            return None if found is None else found[0]
        at = self.place(number)
        return None if at == NONE else int(self._views[1][at])

    def rank(self, number: int) -> int:
        """When a node was decided: its label follows from labels of lower ranks."""
        if number in self.changed:
            found = self.changed[number]
            return -1 if found is None else found[1]
        return int(self._views[2][self.place(number)])

    def place(self, number: int) -> int:
        """The compact number in the whole map, NONE where the node was not there."""
        views = self._views[0]
        return int(views[number]) if number < len(views) else NONE

    @property
    def last(self) -> int:
        """A rank that none exceeds."""
        return max([len(self.whole.gates), *(found[1] for found in self.changed.values() if found)])

    @cached_property
    def _views(self) -> tuple[Any, Any, Any]:
        arrays = self.whole.arrays
        size = int(arrays.numbers.max(initial=-1)) + 1
        return arrays.compact(size).data, np.ascontiguousarray(self.whole.labels).data, ranks(self.whole.gates).data

    def cause(self, graph: ArgumentGraph, number: int) -> Cause | None:
        """Why a node of a snapshot is rejected, None where it is not."""
        if self.of(number) != -1:
            return None
        if any(graph.sign(a) < 0 and self.of(a) == 1 for a in graph.incoming(number)):
            return "opposed"
        return "premise" if graph.kind(number) == ARGUMENT else "no_ground"


def verdicts(graph: ArgumentGraph) -> Verdicts:
    """The grounded labels of a snapshot, from those of one behind it where an edit lies between; else from scratch.

    O(nodes whose derivation the edit may reach and their links). A node keeps its label where it still follows from
    labels that were decided before it and that the edit does not reach (influenced set: Alfano, Greco & Parisi 2017).
    """
    found = graph.memo.get(KEY)
    if isinstance(found, Verdicts):
        return found
    if labels_key("grounds") not in graph.memo:
        for origin in graph.derived_from:
            before = origin.memo.get(KEY)
            labelled = origin.memo.get(labels_key("grounds"))
            if not isinstance(before, Verdicts) and isinstance(labelled, Labelled):
                before = origin.memo[KEY] = Verdicts(labelled)
            if isinstance(before, Verdicts):
                try:
                    found = graph.memo[KEY] = _Spread(graph, before, origin.touched).run()
                except NotLocal:
                    break
                return found
    found = graph.memo[KEY] = Verdicts(labels(graph))
    return found


class _Spread:
    def __init__(self, graph: ArgumentGraph, before: Verdicts, touched: frozenset[int]) -> None:
        self.graph = graph
        self.before = before
        self.touched = touched
        self.reached: set[int] = set()
        self.changed = dict(before.changed)
        self.work = 0

    def run(self) -> Verdicts:
        if len(self.changed) > AT_MOST:
            raise NotLocal
        todo = sorted(n for n in self.touched if not self._same(n))
        for number in todo:  # grows while it is read
            if number in self.reached or self._gone(number) or self._follows(number):
                continue
            self.reached.add(number)
            if len(self.reached) > AT_MOST:
                raise NotLocal
            todo.extend(self._after(number))
        self._label()
        return Verdicts(self.before.whole, self.changed, self.before.touched | self.touched)

    def _gone(self, number: int) -> bool:
        if self.graph.alive(number) and self.graph.kind(number) in (STATEMENT, MOTIVE, ARGUMENT):
            return False
        self.changed[number] = None
        return True

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

    def _now(self, number: int) -> int:
        found = self.changed[number] if number in self.changed else self.before.of(number)
        return found[0] if isinstance(found, tuple) else found or 0

    def _value(self, number: int) -> int:
        """The label that a node's condition gives it."""
        graph = self.graph
        against, supporting = self._incoming(number)
        self._count(len(against) + len(supporting))
        if any(self._now(a) > 0 for a in against):
            return -1
        least = min((-self._now(a) for a in against), default=1)
        if graph.kind(number) == ARGUMENT:
            return min([least, *(self._now(p) for p in graph.premises(number))])
        if not is_constructed(graph.at(number)):
            return least
        return min(least, max((self._now(a) for a in supporting), default=-1))

    def _follows(self, number: int) -> bool:
        """Whether the label that a node had still follows from labels decided before it that are not reached."""
        label = self.before.of(number)
        if not label:
            return False
        graph, rank = self.graph, self.before.rank(number)
        against, supporting = self._incoming(number)
        self._count(len(against) + len(supporting))

        def holds(other: int, wanted: int) -> bool:
            before = self.before
            return other not in self.reached and before.of(other) == wanted and before.rank(other) < rank

        argument = graph.kind(number) == ARGUMENT
        premises = graph.premises(number) if argument else ()
        needy = not argument and is_constructed(graph.at(number))
        if label > 0:
            met = all(holds(p, 1) for p in premises) and all(holds(a, -1) for a in against)
            return met and (not needy or any(holds(a, 1) for a in supporting))
        if any(holds(a, 1) for a in against) or any(holds(p, -1) for p in premises):
            return True
        return needy and all(holds(a, -1) for a in supporting)

    def _incoming(self, number: int) -> tuple[list[int], list[int]]:
        graph = self.graph
        against, supporting = list[int](), list[int]()
        for a in graph.incoming(number):
            (against if graph.sign(a) < 0 else supporting).append(a)
        return against, supporting

    def _after(self, number: int) -> Iterator[int]:
        if self.graph.kind(number) == ARGUMENT:
            return iter((self.graph.target(number),))
        return iter(self.graph.outgoing(number))

    def _count(self, steps: int) -> None:
        self.work += 1 + steps
        if self.work > _WORK:
            raise NotLocal

    def _same(self, number: int) -> bool:
        """Whether a touched node has the steps that it had, so that no label needs to be looked at again."""
        before, graph = self.before, self.graph
        at = before.place(number)
        if number in before.touched or at == NONE or not graph.alive(number):
            return False
        arrays = before.whole.arrays
        needy = is_constructed(graph.at(number))
        return needy == bool(arrays.constructed[at]) and same_steps(arrays, at, graph, number)
