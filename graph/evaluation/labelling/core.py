"""What the least labelling leaves undecided: a smaller system of conjunctions, cut into independent parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.evaluation.labelling.gates import Gates, Labels
from graph.evaluation.strength.network import layers
from graph.snapshot.arrays import Csr

Numbers = npt.NDArray[Any]
Literal = tuple[int, bool]
"""A variable and whether it is negated."""


class Conjunction(NamedTuple):
    """A variable's condition: the conjunction of literals."""

    literals: tuple[Literal, ...]
    blocked: bool = False
    """Whether an input is undecided for good, so that the conjunction cannot be true."""


@dataclass(frozen=True, slots=True)
class Core:
    """Variables with their conditions, and every undecided gate as a literal of one of them.

    Gates of one input are that input under another name and need no variable; on a Dung framework what is left
    is one variable for each undecided argument. Variables follow the order of gates, which follows that of ids.
    """

    conditions: tuple[Conjunction, ...]
    values: dict[int, Literal]
    """The literal of each undecided gate."""
    observed: frozenset[int]
    """Variables that are the label of a node and not only of a helper."""

    def parts(self) -> list[list[int]]:
        """Variables that hang together, in any direction; no condition crosses a part. O(variables + literals)."""
        near: list[list[int]] = [[] for _ in self.conditions]
        for v, condition in enumerate(self.conditions):
            for other, _ in condition.literals:
                near[v].append(other)
                near[other].append(v)
        seen = [False] * len(near)
        found = []
        for v in range(len(near)):
            if seen[v]:
                continue
            seen[v] = True
            part = [v]
            for one in part:  # grows while it is read
                for other in near[one]:
                    if not seen[other]:
                        seen[other] = True
                        part.append(other)
            found.append(sorted(part))
        return found

    def upstream(self, variables: Iterable[int]) -> list[int]:
        """The variables that these depend on, themselves included, in order."""
        seen = set(variables)
        todo = list(seen)
        while todo:
            for other, _ in self.conditions[todo.pop()].literals:
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return sorted(seen)

    def components(self, variables: list[int]) -> list[list[int]]:
        """The strongly connected components among the variables, each behind those that it depends on."""
        place = {v: i for i, v in enumerate(variables)}
        inside = [[place[o] for o, _ in self.conditions[v].literals if o in place] for v in variables]
        starts = np.zeros(len(variables) + 1, dtype=np.int32)
        np.cumsum([len(inputs) for inputs in inside], out=starts[1:])
        values = np.fromiter(chain.from_iterable(inside), dtype=np.int32, count=int(starts[-1]))
        return [[variables[i] for i in component] for component in layers(Csr(starts, values)).components()]


def core_of(gates: Gates, labels: Labels) -> Core:
    """The undecided rest under a least labelling; inputs that are decided drop out, since they hold.

    O(gates + edges), vectorised but for the conditions themselves.
    """
    size = len(gates)
    open_ = labels == 0
    sources = gates.sources()
    keep = open_[sources] & open_[gates.edges >> 1]
    to, inputs = _distinct(gates.edges[keep] >> 1, sources[keep] * 2 + (gates.edges[keep] & 1), 2 * size)
    name, settled = _names(open_, to, inputs)
    gate = np.flatnonzero(open_)
    if not settled:
        _close_cycles(name, gate, to, inputs)
    root = np.zeros(size, dtype=np.bool_)
    root[name[gate] >> 1] = True
    number = np.cumsum(root) - 1
    value = number[name >> 1] * 2 + (name & 1)
    mine = root[to]
    rows, literals = _distinct(number[to[mine]], value[inputs[mine] >> 1] ^ (inputs[mine] & 1), 2 * size)
    values = {g: (code >> 1, bool(code & 1)) for g, code in zip(gate.tolist(), value[gate].tolist(), strict=True)}
    observed = frozenset((value[gate[gate < gates.nodes]] >> 1).tolist())
    return Core(_conditions(rows, literals, int(root.sum())), values, observed)


def _distinct(rows: Numbers, codes: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """Pairs, each once, in order; codes are less than `most`."""
    key = np.unique(rows.astype(np.int64) * most + codes)
    return key // most, key % most


def _conditions(rows: Numbers, literals: Numbers, count: int) -> tuple[Conjunction, ...]:
    ends = np.searchsorted(rows, np.arange(count + 1)).tolist()
    pairs = list(zip((literals >> 1).tolist(), (literals & 1).astype(np.bool_).tolist(), strict=True))
    return tuple(Conjunction(tuple(pairs[a:b])) for a, b in pairwise(ends))


def _names(open_: npt.NDArray[np.bool_], to: Numbers, inputs: Numbers) -> tuple[Numbers, bool]:
    """Each gate as `2 * root + negated`: gates of one input are that input, by pointer jumping.

    Says false where some are on a cycle of names, or lead into one.
    """
    size = len(open_)
    name = np.arange(size, dtype=np.int64) * 2
    single = np.bincount(to, minlength=size)[to] == 1
    name[to[single]] = inputs[single]
    for _ in range(size.bit_length() + 1):
        further = name[name >> 1] ^ (name & 1)
        if np.array_equal(further, name):
            return name, True
        name = further
    return name, False


def _close_cycles(name: Numbers, gates: Numbers, to: Numbers, inputs: Numbers) -> None:
    """Give each cycle of names a root: where the way from the lowest gate that leads into it enters it."""
    single = np.bincount(to, minlength=len(name))[to] == 1
    after = dict(zip(to[single].tolist(), inputs[single].tolist(), strict=True))
    known = {g: 2 * g for g in gates.tolist() if g not in after}
    for gate in after:
        way: dict[int, int] = {}
        at, flipped = gate, 0
        while at not in known and at not in way:
            way[at] = flipped
            flipped ^= after[at] & 1
            at = after[at] >> 1
        known.setdefault(at, 2 * at)
        for other, sign in way.items():
            # From `other` to `at` the sign turns as often as between their places on the way.
            known.setdefault(other, known[at] ^ sign ^ flipped)
    for gate, code in known.items():
        name[gate] = code
