"""Why a gate has its label, in all its derivations: a graph of what rests on all of some things, or on any of them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Item = int
"""The number of something that can be taken out."""
Presence = Callable[[int], Sequence[Sequence[Item]] | None]
"""Of a gate what it is there by: for each of its carriers the items each of which takes that one out.

None where nothing takes the gate out."""
_ITSELF = -1
"""Stands for the item of a reason among its parts."""
_ITEM_BITS = 1 << 31
"""Bits of sets of items that may be held at once: 256 MB."""


@dataclass
class Reasons:
    """An and/or graph: why a gate, the root, has its label. Reasons have the numbers of gates; further ones follow.

    A reason that rests on all of its parts is destroyed when one part is, or where it has an item when that is taken
    out; one that rests on any of them when all are. Taking out items that leave a derivation whole leaves the label as
    it is, so whatever changes the label destroys the root. The converse holds where taking something out makes no new
    reason, as where nothing opposes anything.
    """

    root: int
    rests_on_all: list[bool]
    parts: list[list[int]]
    items: list[Item | None]
    used: list[int] = field(default_factory=list)
    """The reasons that the root rests on, itself first."""
    later: set[tuple[int, int]] = field(default_factory=set)
    """Parts that may rest on what they are a part of; no derivation is lost without them but those that come later."""

    def add(self, *, rests_on_all: bool, item: Item | None = None) -> int:
        """A further reason without parts."""
        self.rests_on_all.append(rests_on_all)
        self.parts.append([])
        self.items.append(item)
        self.used.append(len(self.parts) - 1)
        return len(self.parts) - 1

    def early(self, reason: int) -> list[int]:
        """The parts of a reason that cannot rest on it."""
        if not self.later:
            return self.parts[reason]
        return [part for part in self.parts[reason] if (reason, part) not in self.later]

    @cached_property
    def order(self) -> list[int]:
        """The reasons used, parts before what rests on them, without those that come later."""
        if self.is_tree:
            return self.used[::-1]
        found: list[int] = []
        state = bytearray(len(self.parts))
        stack = [self.root]
        while stack:
            reason = stack[-1]
            if not state[reason]:
                state[reason] = 1
                stack.extend([part for part in self.early(reason) if not state[part]])
                continue
            stack.pop()
            if state[reason] == 1:
                state[reason] = 2
                found.append(reason)
        return found

    @cached_property
    def has_choice(self) -> bool:
        """Whether some reason rests on any of several parts."""
        return any(not self.rests_on_all[reason] and len(self.parts[reason]) > 1 for reason in self.used)

    @cached_property
    def is_tree(self) -> bool:
        """Whether no reason is a part of two others, and no derivation was left out."""
        if self.later:
            return False
        parts = [part for reason in self.used for part in self.parts[reason]]
        return len(parts) == len(set(parts))


def reasons_of(
    target: int,
    inputs: Sequence[Sequence[int]],
    label: Sequence[int],
    rank: Sequence[int],
    presence: Presence,
    fallen: Collection[int] = (),
) -> Reasons:
    """All derivations of a decided gate's label; O(gates), and the inputs that they use.

    A true gate rests on all its inputs, and on being there; a false one on any input that is false, and one of the
    `fallen` on nothing that could be taken from it. `inputs` of a gate are `2 * gate + negated`, `rank` says when each
    was decided.
    """
    size = len(inputs)
    found = Reasons(target, [one > 0 for one in label], [_NOTHING] * size, [None] * size)
    seen = bytearray(size)
    seen[target] = 1
    gates = [target]
    for gate in gates:  # grows while it is read
        if label[gate] > 0:
            parts = [code >> 1 for code in inputs[gate]]
        elif gate in fallen:
            parts = []
            found.rests_on_all[gate] = True
        else:
            parts = [c >> 1 for c in inputs[gate] if label[c >> 1] and (label[c >> 1] > 0) == (c & 1)]
            if len(parts) > 1:
                found.later.update((gate, part) for part in parts if rank[part] > rank[gate])
        found.parts[gate] = parts
        for part in parts:
            if not seen[part]:
                seen[part] = 1
                gates.append(part)
    found.used = gates.copy()
    leaves: dict[Item, int] = {}
    for gate in gates:
        if label[gate] > 0 and (carriers := presence(gate)) is not None:
            if len(carriers) == 1 and len(carriers[0]) == 1:
                found.items[gate] = carriers[0][0]
            else:
                found.parts[gate].append(_present(found, leaves, carriers))
    _break_cycles(found)
    return found


_NOTHING: list[int] = []


def _present(found: Reasons, leaves: dict[Item, int], carriers: Sequence[Sequence[Item]]) -> int:
    """The reason that something is there: by any of its carriers, each of which needs all its items."""

    def leaf(item: Item) -> int:
        if item not in leaves:
            leaves[item] = found.add(rests_on_all=True, item=item)
        return leaves[item]

    whole = found.add(rests_on_all=False)
    for carrier in carriers:
        one = found.add(rests_on_all=True)
        found.parts[whole].append(one)
        found.parts[one] = [leaf(item) for item in carrier]
    return whole


def _break_cycles(found: Reasons) -> None:
    """Keep as later only such parts that hang together with what they are a part of in a cycle."""
    if not found.later:
        return
    size = len(found.parts)
    ends = [(reason, part) for reason in found.used for part in found.parts[reason]]
    rows, columns = np.asarray(ends, dtype=np.int32).reshape(-1, 2).T
    matrix = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(size, size))
    member = connected_components(matrix, connection="strong")[1].tolist()
    found.later = {(reason, part) for reason, part in found.later if member[reason] == member[part]}


_Chain = Optional[tuple[int, "_Chain"]]  # noqa: UP045 - a string has no `|`


def _unlinked(chain: _Chain) -> Iterator[int]:
    while chain is not None:
        number, chain = chain
        yield number


class Destroying:
    """How the root is destroyed at the least price of one for each item, worked out from the parts upwards.

    Exact where what must be destroyed together shares no item; else a bound from below and one from above.
    """

    def __init__(self, reasons: Reasons) -> None:
        self.reasons = reasons
        size = len(reasons.parts)
        self._at_least: list[int] = [0] * size
        """By reason how many items at least destroy it; 0 where nothing does."""
        self._at_most: list[int] = [0] * size
        self._choice: list[int] = [_ITSELF] * size
        """Of what rests on all: the part that is destroyed most cheaply, or the item itself."""
        self.is_separate = not reasons.later
        """Whether nothing that must be destroyed together shares an item, and no derivation was left out."""
        held = None if reasons.is_tree and _are_distinct(reasons) else _held(reasons)
        for reason in reasons.order:
            if reasons.rests_on_all[reason]:
                self._any_part(reason)
            else:
                self._all_parts(reason, held)

    @property
    def lower(self) -> int | None:
        """How many items at least destroy the root; None where nothing does."""
        return self._at_least[self.reasons.root] or None

    def items(self) -> list[Item]:
        """Items that destroy the root, as few as were found, in order."""
        reasons, found, seen, todo = self.reasons, set[Item](), {self.reasons.root}, [self.reasons.root]
        for reason in todo:  # grows while it is read
            parts: Sequence[int] = reasons.early(reason)
            if reasons.rests_on_all[reason]:
                choice, item = self._choice[reason], reasons.items[reason]
                if choice == _ITSELF and item is not None:
                    found.add(item)
                    continue
                parts = (choice,)
            for part in parts:
                if part not in seen:
                    seen.add(part)
                    todo.append(part)
        return sorted(found)

    def all_smallest(self) -> Iterator[list[Item]]:
        """Every smallest set of items that destroys the root, some perhaps twice; only where all is separate."""
        # What is still to be destroyed, and what was chosen, as linked lists: a long chain is no deep recursion. An
        # item that was chosen instead of a part stands among the parts as what it is not.
        open_: list[tuple[_Chain, _Chain]] = [((self.reasons.root, None), None)]
        while open_:
            todo, chosen = open_.pop()
            while todo is not None:
                reason, todo = todo
                if reason < 0:
                    chosen = (~reason, chosen)
                elif self.reasons.rests_on_all[reason]:
                    options = self._cheapest(reason)
                    open_.extend(((option, todo), chosen) for option in reversed(options[1:]))
                    todo = (options[0], todo)
                else:
                    for part in reversed(self.reasons.early(reason)):
                        todo = (part, todo)
            yield sorted(_unlinked(chosen))

    def _cheapest(self, reason: int) -> list[int]:
        least, item = self._at_least, self.reasons.items[reason]
        own = [] if item is None or least[reason] != 1 else [~item]
        return own + [p for p in self.reasons.early(reason) if least[p] == least[reason]]

    def _any_part(self, reason: int) -> None:
        if self.reasons.items[reason] is not None:
            self._at_least[reason] = self._at_most[reason] = 1  # what is nearest: that the thing itself is taken out
            return
        for part in self.reasons.early(reason):
            least, most = self._at_least[part], self._at_most[part]
            if not least:
                continue
            if not self._at_least[reason] or most < self._at_most[reason]:
                self._choice[reason], self._at_most[reason] = part, most
            self._at_least[reason] = min(self._at_least[reason] or least, least)

    def _all_parts(self, reason: int, held: list[int] | None) -> None:
        parts = self.reasons.early(reason)
        bounds = [self._at_least[p] for p in parts]
        if 0 in bounds:
            return
        self._at_most[reason] = sum([self._at_most[p] for p in parts])
        if held is None:
            self._at_least[reason] = sum(bounds)
            return
        groups: list[tuple[int, int]] = []
        together = 0
        for part, most in zip(parts, bounds, strict=True):
            bits = held[part]
            if together & bits:
                self.is_separate = False
                sharing = [group for group in groups if group[0] & bits]
                groups = [group for group in groups if not group[0] & bits]
                for other, least in sharing:
                    bits, most = bits | other, max(most, least)
            together |= bits
            groups.append((bits, most))
        self._at_least[reason] = sum(least for _, least in groups)


def _are_distinct(reasons: Reasons) -> bool:
    """Whether no two reasons have the same item."""
    items = [item for reason in reasons.used if (item := reasons.items[reason]) is not None]
    return len(items) == len(set(items))


def _bits(reasons: Reasons) -> dict[Item, int] | None:
    """Of each item a bit; None where sets of them would take too much memory."""
    there = sorted({item for reason in reasons.used if (item := reasons.items[reason]) is not None})
    if len(there) * len(reasons.used) > _ITEM_BITS:
        return None
    return {item: 1 << i for i, item in enumerate(there)}


def _held(reasons: Reasons) -> list[int]:
    """By reason the set of items that it rests on, as bits; the same for all where that would take too much memory."""
    bit = _bits(reasons)
    if bit is None:
        return [1] * len(reasons.parts)
    found = [0] * len(reasons.parts)
    for reason in reasons.order:
        item = reasons.items[reason]
        bits = 0 if item is None else bit[item]
        for part in reasons.early(reason):
            bits |= found[part]
        found[reason] = bits
    return found


def needed_alone(reasons: Reasons) -> list[Item]:
    """The items without each of which alone the root is destroyed, in order.

    Perhaps more of them where some parts come later, or where the sets would take too much memory.
    """
    if reasons.is_tree and _are_distinct(reasons):
        return _needed_in_a_tree(reasons)
    bit = _bits(reasons)
    if bit is None:
        return sorted({item for reason in reasons.used if (item := reasons.items[reason]) is not None})
    found = [0] * len(reasons.parts)
    for reason in reasons.order:
        item, parts = reasons.items[reason], reasons.early(reason)
        bits = 0 if item is None else bit[item]
        if reasons.rests_on_all[reason]:
            for part in parts:
                bits |= found[part]
        else:
            bits = found[parts[0]]
            for part in parts[1:]:
                bits &= found[part]
        found[reason] = bits
    return [item for item, one in bit.items() if found[reasons.root] & one]


def _needed_in_a_tree(reasons: Reasons) -> list[Item]:
    """The same where what rests on any of several parts shares nothing among them."""
    found, todo = [], [reasons.root]
    for reason in todo:  # grows while it is read
        item, parts = reasons.items[reason], reasons.parts[reason]
        if item is not None:
            found.append(item)
        if reasons.rests_on_all[reason] or len(parts) == 1:
            todo.extend(parts)
    return sorted(found)
