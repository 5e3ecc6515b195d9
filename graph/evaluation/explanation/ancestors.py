"""Everything that bears on one node, small enough to be labelled again and again with something taken out."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NewType

import numpy as np

from graph.budgets import Allowance
from graph.evaluation.labelling.gates import Gates, Propagation, weighed_gates
from graph.evaluation.strength.network import layers
from graph.snapshot.arrays import Arrays, Compact, Csr, Floats, steps_of
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.relations import NONE, Ints

Local = NewType("Local", int)
"""The number of a node among the ancestors of one; in the order of ids. Gates of nodes have the same."""
_WIDE = 64
"""Nodes of one distance from which looking further is worth a vectorised step."""


class Ancestors:
    """A node with all that its verdict depends on, by local number; labels are those of the whole map.

    Taking a node out is to reject it: an opponent that is gone opposes as little as one that fell, a supporter that is
    gone grounds as little, and what needs a premise that is gone is gone too.
    """

    def __init__(self, arrays: Arrays, weights: Floats, target: Compact, allowance: Allowance) -> None:
        """`target` is a compact number; `weights` are those of the reading `weighed`."""
        self.allowance = allowance
        members = np.sort(np.asarray(dependencies(arrays, target), dtype=np.int32))
        self.compact: list[Compact] = members.tolist()
        """The compact number of each."""
        self.target = Local(bisect_left(self.compact, target))
        self.arrays = _among(arrays, members)
        self.weights = weights[members]
        self.is_argument: list[bool] = (self.arrays.kinds == ARGUMENT).tolist()
        self.gates = weighed_gates(self.arrays, self.weights)
        self._propagation = Propagation(self.gates)
        self.cost = len(self.gates) + len(self.gates.edges)
        """Steps of one labelling."""

    def __len__(self) -> int:
        return len(self.compact)

    @cached_property
    def standing(self) -> tuple[Sequence[int], Sequence[int]]:
        """Labels and ranks of all gates with nothing taken out; what is not decided ranks behind all."""
        labels, order = self._run((), ())  # what the map has anyway costs nothing
        return labels, ranks_of(order, len(labels))

    def labels(self, gone: Collection[int] = (), doubtful: Iterable[int] = ()) -> Sequence[int]:
        """Labels of all gates without some nodes; O(ancestors). May raise `OutOfSteps`.

        `doubtful` arguments may be there or not, so they accept nothing: what is decided with them holds whichever of
        them are taken out.
        """
        return self.labelled(gone, doubtful)[0]

    def labelled(self, gone: Collection[int] = (), doubtful: Iterable[int] = ()) -> tuple[Sequence[int], Sequence[int]]:
        """The same, and the decided gates in an order in which each follows from those before it."""
        self.allowance.spend(self.cost)
        return self._run(gone, doubtful)

    def _run(self, gone: Collection[int], doubtful: Iterable[int]) -> tuple[Sequence[int], Sequence[int]]:
        label, order = self._propagation.run(gone, doubtful)
        return (label, order) if isinstance(label, list) else (label.tolist(), order.tolist())

    def decided_without(self, nodes: Iterable[int]) -> dict[int, int]:
        """What is decided, by gate, where nodes that nothing decides are taken out, at the cost of what follows.

        Nothing that is decided already changes: so much goes on from where the labels stand. May raise `OutOfSteps`.
        """
        return self._open.without(nodes, self.allowance)

    def assumed(self, chosen: Collection[int]) -> "Assumed":
        """The labels where of all arguments only the chosen ones are sure to be there. May raise `OutOfSteps`."""
        doubtful = [i for i, is_argument in enumerate(self.is_argument) if is_argument and i not in chosen]
        return Assumed(self.gates, self.inputs, self.labels((), doubtful), doubtful)

    @cached_property
    def _open(self) -> "Assumed":
        return Assumed(self.gates, self.inputs, self.standing[0], ())

    def reweighed(self, weights: Mapping[int, float]) -> "Ancestors":
        """The same with other weights of some own grounds, by local number."""
        other = object.__new__(Ancestors)
        other.__dict__.update({k: v for k, v in self.__dict__.items() if k not in ("inputs", "standing", "_open")})
        other.weights = self.weights.copy()
        other.weights[list(weights)] = list(weights.values())
        other.gates = weighed_gates(self.arrays, other.weights)
        other._propagation = Propagation(other.gates)
        return other

    @property
    def is_plain(self) -> bool:
        """Whether nothing opposes anything."""
        return not bool(np.any(self.arrays.sign < 0))

    @cached_property
    def is_acyclic(self) -> bool:
        """Whether nothing rests on itself: whatever is taken out, all is decided."""
        backwards = Csr(*_backwards(self.gates))
        return len(layers(Csr(backwards.starts, backwards.values >> 1)).first) == 0

    def rivals(self, node: int) -> list[int]:
        """The arguments that oppose a node and weigh enough for it; of an argument those on the other side too."""
        arrays, weights = self.arrays, self.weights
        found = [a for a in self.incoming(node) if arrays.sign[a] < 0]
        if not self.is_argument[node]:
            return found
        target, sign = int(arrays.target[node]), arrays.sign[node]
        if not self.is_argument[target]:
            found += [a for a in self.incoming(target) if arrays.sign[a] == -sign]
        return [a for a in found if weights[a] >= weights[node]]

    def premises(self, argument: int) -> list[int]:
        """The premises of an argument; none of any other node."""
        found: list[int] = self.arrays.premises.of(argument).tolist()
        return found

    def incoming(self, node: int) -> list[int]:
        """The arguments that bear on a node."""
        found: list[int] = self.arrays.incoming.of(node).tolist()
        return found

    @cached_property
    def inputs(self) -> list[list[int]]:
        """Of each gate its inputs as `2 * gate + negated`, in order."""
        starts, codes = (part.tolist() for part in _backwards(self.gates))
        return [codes[a:b] for a, b in pairwise(starts)]


class Assumed:
    """Labels that go on from where they stand: what is still undecided follows from one thing more."""

    def __init__(
        self, gates: Gates, inputs: Sequence[Sequence[int]], labels: Sequence[int], doubtful: Iterable[int]
    ) -> None:
        """`labels` are those of all gates while nothing is known of the doubtful ones."""
        self.labels = list(labels)
        self._starts, self._edges = gates.starts.tolist(), gates.edges.tolist()
        self._waiting = [
            0 if label else sum(not labels[c >> 1] for c in of) for of, label in zip(inputs, labels, strict=True)
        ]
        self._doubtful = {gate for gate in doubtful if not labels[gate]}
        for gate in self._doubtful:
            self._waiting[gate] += 1

    def without(self, gates: Iterable[int], allowance: Allowance) -> dict[int, int]:
        """What follows where undecided gates are false, themselves among it."""
        return self._follows(dict.fromkeys(gates, -1), {}, allowance)

    def lift(self, gate: int, unless: int, allowance: Allowance) -> bool:
        """Take the doubt from a gate for good, unless that decides another one; whether it did not."""
        if gate not in self._doubtful:
            return True
        left = {gate: self._waiting[gate] - 1}
        fresh = {} if left[gate] else self._follows({gate: 1}, left, allowance)
        if unless in fresh:
            return False
        self._doubtful.discard(gate)
        for known, values in ((self.labels, fresh), (self._waiting, left)):
            for one, value in values.items():
                known[one] = value
        return True

    def _follows(self, fresh: dict[int, int], left: dict[int, int], allowance: Allowance) -> dict[int, int]:
        """All that follows from what is freshly decided; `left` is how many inputs each gate met still waits for."""
        queue = list(fresh)
        for gate in queue:  # grows while it is read
            a, b = self._starts[gate], self._starts[gate + 1]
            allowance.spend(1 + b - a)
            for edge in self._edges[a:b]:
                to = edge >> 1
                if self.labels[to] or to in fresh:
                    continue
                if (fresh[gate] > 0) == (edge & 1 == 0):
                    left[to] = left.get(to, self._waiting[to]) - 1
                    if left[to]:
                        continue
                    fresh[to] = 1
                else:
                    fresh[to] = -1
                queue.append(to)
        return fresh


def _backwards(gates: Gates) -> tuple[Ints, Ints]:
    """Of each gate its inputs as `2 * gate + negated`, in order."""
    to = gates.edges >> 1
    order = np.argsort(to, kind="stable")
    starts = np.searchsorted(to[order], np.arange(len(gates) + 1)).astype(np.int32)
    return starts, (gates.sources() * 2 + (gates.edges & 1))[order].astype(np.int32)


def dependencies(arrays: Arrays, target: Compact) -> list[Compact]:
    """A node and all that its weighed verdict depends on, nearest first, by id among equals; O(these and their links).

    What leads to it, and of an argument what stands on the other side at its target.
    """
    found = upstream(arrays, target)
    end = Compact(int(arrays.target[target]))
    if end == NONE or arrays.kinds[end] == ARGUMENT or not np.any(arrays.sign[arrays.incoming.of(end)] < 0):
        return found
    known = set(found)
    return found + [n for n in upstream(arrays, end) if n not in known]


def upstream(arrays: Arrays, target: Compact) -> list[Compact]:
    """A node and all that leads to it through premises and targets, nearest first; O(these and their links)."""
    seen = np.zeros(len(arrays), dtype=np.bool_)
    seen[target] = True
    level, found = [target], list[Compact]()
    rows = tuple((rows.starts.data, rows.values.data) for rows in (arrays.incoming, arrays.premises))
    marks = seen.data
    while level:
        found.extend(level)
        if len(level) < _WIDE:
            level = _further(rows, marks, level)
            continue
        wide = np.asarray(level, dtype=np.int32)
        arguments = wide[arrays.kinds[wide] == ARGUMENT]
        following = np.concatenate([_values(arrays.incoming, wide)[1], _values(arrays.premises, arguments)[1]])
        following = np.unique(following[~seen[following]])
        seen[following] = True
        level = following.tolist()
    return found


def _further(rows: tuple[tuple[Any, Any], ...], seen: Any, level: list[Compact]) -> list[Compact]:
    """What a few nodes lead to at once that was not seen; by views, which give plain numbers faster than arrays do."""
    fresh = []
    for node in level:
        for starts, values in rows:
            for other in values[starts[node] : starts[node + 1]]:
                if not seen[other]:
                    seen[other] = True
                    fresh.append(other)
    return fresh


def ranks_of(order: Sequence[int], size: int) -> list[int]:
    """When each gate was decided; what was not ranks behind all."""
    found = [size] * size
    for rank, gate in enumerate(order):
        found[gate] = rank
    return found


def _values(rows: Csr, of: Any) -> tuple[Any, Any]:
    """The values of some rows, and the place of each one's row among them."""
    first, last = rows.starts[of], rows.starts[of + 1]
    widths = last - first
    ends = np.cumsum(widths)
    total = int(ends[-1]) if len(ends) else 0
    at = np.arange(total) + np.repeat(first - ends + widths, widths)
    return np.repeat(np.arange(len(of)), widths), rows.values[at]


def _among(arrays: Arrays, members: Ints) -> Arrays:
    """The arrays of some nodes alone; an argument whose target is none of them bears on nothing."""

    def local(compact: Any) -> Any:
        at = np.minimum(np.searchsorted(members, compact), len(members) - 1)
        return np.where(members[at] == compact, at, NONE).astype(np.int32)

    end = local(arrays.target[members])
    lost = (end == NONE) & (arrays.kinds[members] == ARGUMENT)
    users, premises = _values(arrays.premises, members)
    return Arrays(
        arrays.numbers[members], arrays.kinds[members], np.where(lost, np.arange(len(members)), end).astype(np.int32),
        np.where(lost, 0, arrays.sign[members]).astype(np.int8), arrays.confidence[members], arrays.credence[members],
        arrays.origin[members], *steps_of(end, users.astype(np.int32), local(premises)),
    )  # fmt: skip
