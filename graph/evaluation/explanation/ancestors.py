"""Everything that bears on one node, small enough to be labelled again and again with something taken out."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from graph.budgets import Timeout
from graph.evaluation.labelling.gates import Gates, Propagation, from_edges
from graph.snapshot.arrays import Arrays, Ints
from graph.snapshot.columns import ARGUMENT, NONE

_WIDE = 64
"""Nodes of one distance from which looking further is worth a vectorised step."""


class Cone:
    """A node with all it depends on, by local number; labels are those of the whole map.

    Taking a node out is to reject it: an opponent that is gone opposes as little as one that fell, a supporter that
    is gone supports as little, and what needs a premise that is gone is gone too. Local numbers follow the ids.
    """

    def __init__(self, arrays: Arrays, target: int, budget: Timeout) -> None:
        self.arrays = arrays
        self.budget = budget
        members = np.sort(np.asarray(upstream(arrays, target), dtype=np.int32))
        self.nodes: list[int] = members.tolist()
        self.target = self.local(target)
        self.is_argument: list[bool] = (arrays.kinds[members] == ARGUMENT).tolist()
        needs = np.flatnonzero(arrays.constructed[members])
        helpers = np.arange(len(members), len(members) + len(needs))
        self.groundless: dict[int, int] = dict(zip(needs.tolist(), helpers.tolist(), strict=True))
        """The helper of each node that needs a ground: it is accepted where the ground is lost."""
        self.gates = _gates(arrays, members, needs)
        self._propagation = Propagation(self.gates)

    def labels(self, gone: Collection[int] = (), doubtful: Iterable[int] = ()) -> Any:
        """Labels without some nodes; `doubtful` arguments may be there or not, so they cannot accept anything.

        What is decided with doubtful ones holds whichever of them are taken out. O(cone).
        """
        return self._labelled(gone, doubtful)[0]

    def reason(self, at: int, gone: Collection[int] = ()) -> set[int]:
        """Gates from which the label of a gate follows, each of them again following from others of the set.

        As the labels were found: all that an accepted gate needs, and of what rejects one, what did so first.
        Empty where nothing is decided. O(cone).
        """
        label, order = self._labelled(gone, ())
        if not label[at]:
            return set()
        rank: Any = np.empty(len(label), dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        out = set(gone)
        found, todo = {at}, [at]
        for gate in todo:
            if gate in out:
                continue
            inputs = list(self._into(gate))
            if label[gate] < 0:
                false = [i for i, negated in inputs if label[i] and (label[i] > 0) == negated]
                inputs = [(min(false, key=rank.__getitem__), False)]
            for other, _ in inputs:
                if other not in found:
                    found.add(other)
                    todo.append(other)
        return found

    def inputs(self, i: int) -> list[int]:
        """What a node's label is made of: its premises and what bears on it."""
        incoming = self.arrays.incoming.of(self.nodes[i]).tolist()
        return [*self.premises(i), *(self.local(a) for a in incoming)]

    def premises(self, i: int) -> list[int]:
        """The premises of an argument."""
        return [self.local(p) for p in self.arrays.premises.of(self.nodes[i]).tolist()] if self.is_argument[i] else []

    def local(self, compact: int) -> int:
        """The local number of a node of the cone, by bisection."""
        return bisect_left(self.nodes, compact)

    def _labelled(self, gone: Collection[int], doubtful: Iterable[int]) -> tuple[Any, Any]:
        """Labels, and the decided gates in the order in which they were decided."""
        self.budget.check()
        return self._propagation.run(gone, doubtful)

    def _into(self, gate: int) -> Iterator[tuple[int, bool]]:
        starts, sources = self._backwards
        for code in sources[starts[gate] : starts[gate + 1]].tolist():
            yield code >> 1, bool(code & 1)

    @cached_property
    def _backwards(self) -> tuple[Ints, Ints]:
        """Of each gate its inputs as `2 * gate + negated`, in order."""
        to = self.gates.edges >> 1
        order = np.argsort(to, kind="stable")
        starts = np.searchsorted(to[order], np.arange(len(self.gates) + 1)).astype(np.int32)
        return starts, (self.gates.sources() * 2 + (self.gates.edges & 1))[order]


def _gates(arrays: Arrays, members: Ints, needs: Any) -> Gates:
    """The gates of the reading `grounds` among the members of a cone; O(cone), vectorised."""
    size = len(members)
    arguments = np.flatnonzero(arrays.kinds[members] == ARGUMENT)
    helper = np.full(size, NONE, dtype=np.int64)
    helper[needs] = np.arange(size, size + len(needs))
    used, premise = _values(arrays.premises, members[arguments])
    # The target's own step may lead out of the cone, or, in a circle, back into it.
    end = np.searchsorted(members, arrays.target[members[arguments]])
    inside = members[np.minimum(end, size - 1)] == arrays.target[members[arguments]]
    steps, end = arguments[inside], end[inside]
    to = np.where(arrays.sign[members[steps]] < 0, end, helper[end])
    bears = to != NONE
    # A helper is true when all supporters are rejected, and where it is true its node is not.
    sources = [np.searchsorted(members, premise), steps[bears], helper[needs]]
    edges = [arguments[used] * 2, to[bears] * 2 + 1, needs * 2 + 1]
    return from_edges(size + len(needs), size, np.concatenate(sources), np.concatenate(edges))


def _values(rows: Any, of: Any) -> tuple[Any, Any]:
    """The values of some rows, and the place of each one's row among them."""
    first, last = rows.starts[of], rows.starts[of + 1]
    widths = last - first
    ends = np.cumsum(widths)
    total = int(ends[-1]) if len(ends) else 0
    at = np.arange(total) + np.repeat(first - ends + widths, widths)
    return np.repeat(np.arange(len(of)), widths), rows.values[at]


def upstream(arrays: Arrays, target: int) -> list[int]:
    """A node and all that it depends on, nearest first, in the order of ids among equals; O(cone)."""
    seen = np.zeros(len(arrays), dtype=np.bool_)
    seen[target] = True
    level, found = [target], list[int]()
    while level:
        found.extend(level)
        if len(level) < _WIDE:
            level = _further(arrays, seen, level)
            continue
        wide = np.asarray(level, dtype=np.int32)
        arguments = wide[arrays.kinds[wide] == ARGUMENT]
        following = np.concatenate([_values(arrays.incoming, wide)[1], _values(arrays.premises, arguments)[1]])
        following = np.unique(following[~seen[following]])
        seen[following] = True
        level = following.tolist()
    return found


def _further(arrays: Arrays, seen: Any, level: list[int]) -> list[int]:
    following: set[int] = set()
    for node in level:
        following.update(arrays.incoming.of(node).tolist())
        if arrays.kinds[node] == ARGUMENT:
            following.update(arrays.premises.of(node).tolist())
    fresh = sorted(n for n in following if not seen[n])
    seen[fresh] = True
    return fresh
