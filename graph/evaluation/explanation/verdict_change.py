"""A change of one verdict that taking items out may bring about, and what keeps it from happening."""

from collections.abc import Callable, Collection, Iterator, Sequence

from graph.evaluation.explanation.ancestors import Ancestors, ranks_of
from graph.evaluation.explanation.reasons import Item, Reasons, reasons_of
from graph.evaluation.explanation.removable import RemovableItems

Goal = Callable[[int | None], bool]
"""Which labels are the change; None stands for that the target falls out of the view itself."""
_State = tuple[Ancestors, Sequence[int], Sequence[int], frozenset[int]]
"""Ancestors, labels and ranks of all gates, and what has fallen, without some items."""
_REMEMBERED = 8


class VerdictChange:
    """That the label of the target is one that `goal` names."""

    def __init__(self, ancestors: Ancestors, items: RemovableItems, goal: Goal) -> None:
        self.ancestors, self.items = ancestors, items
        self._goal = goal
        self._states: dict[tuple[Item, ...], _State] = {}
        self._reasons: dict[tuple[Item, ...], Reasons | None] = {}
        self._own: tuple[Ancestors, dict[int, int]] | None = None

    def happens(self, gone: Collection[Item]) -> bool:
        """As `Change.happens`."""
        return self._goal(self.label(gone))

    def label(self, gone: Collection[Item]) -> int | None:
        """The label of the target without some items, None where it falls itself."""
        target, key = int(self.ancestors.target), tuple(sorted(gone))
        if key and key not in self._states and not self.items.reweighed(key):
            standing, out = self.ancestors.standing[0], self.items.fallen(key)
            if target not in out and all(standing[node] <= 0 for node in out):  # what fell is gone already
                after = self.ancestors.decided_without(node for node in out if not standing[node])
                return after.get(target, standing[target])
        _, labels, _, fallen = self._state(key)
        return None if target in fallen else labels[target]

    def reasons(self, gone: Collection[Item]) -> Reasons | None:
        """As `Change.reasons`: of a decided label all derivations, of an undecided one none."""
        key = tuple(sorted(gone))
        if key not in self._reasons:
            self._reasons = {key: self._derived(key)}
        return self._reasons[key]

    def _derived(self, gone: tuple[Item, ...]) -> Reasons | None:
        ancestors, labels, ranks, fallen = self._state(gone)
        if labels[ancestors.target] == 0 or (self._goal(0) is False and labels[ancestors.target] > 0):
            return None
        out = frozenset(gone)
        if out:
            ancestors.allowance.spend(len(labels))
        return reasons_of(
            ancestors.target,
            ancestors.inputs,
            labels,
            ranks,
            lambda gate: self._presence(ancestors, gate, out),
            fallen,
        )

    @property
    def is_sure(self) -> bool:
        """As `Change.is_sure`: where nothing opposes anything, nothing new makes up for what is destroyed."""
        return self.ancestors.is_plain and not self.items.weighing

    def attempts(self) -> Iterator[list[Item]]:
        """As `Change.attempts`: all that is on one side of the target, or a premise that is undecided."""
        ancestors, (labels, _) = self.ancestors, self.ancestors.standing
        target = int(ancestors.target)
        rivals = set(ancestors.rivals(target))
        sides = [rivals, set(ancestors.incoming(target)) - rivals]
        sides += [{p} for p in ancestors.premises(target) if labels[p] == 0]
        for side in sides:
            felled = [self._felling(node) for node in sorted(side) if labels[node] >= 0]
            if felled and all(felled):
                yield sorted({item for items in felled for item in items})

    def _felling(self, node: int) -> list[Item]:
        """Some items without which a node falls, or a premise of it does; none where nothing takes it out."""
        for one in (node, *self.ancestors.premises(node)):
            carriers = self.items.carriers(one)
            if carriers:
                return [carrier[0] for carrier in carriers]
        return []

    def certificate(self, gone: Collection[Item]) -> tuple[list[Item], list[Item]]:
        """As `Change.certificate`: a derivation of the label, or why nothing decides it, or does not reject it."""
        ancestors, labels, ranks, fallen = self._state(gone)
        ancestors.allowance.spend(len(labels))
        label = labels[ancestors.target]
        if label and self._goal(0):
            gates, used = _derivation(ancestors, labels, ranks, fallen)
        else:
            claims = [True, False] if self._goal(1) else [True]
            gates, used = _openness(ancestors, labels, fallen, claims)
        out = frozenset(gone)
        held = {item for gate in gates for item in (self._presence(ancestors, gate, out) or [()])[0]}
        needed = {item for gate in used for item in self._fell_by(gate, out)}
        needed.update(out & self.items.weighing)
        return sorted(held - out), sorted(needed)

    # --- inside -----------------------------------------------------------------------------------

    def _state(self, gone: Collection[Item]) -> _State:
        key = tuple(sorted(gone))
        if key not in self._states:
            if len(self._states) >= _REMEMBERED:
                del self._states[next(iter(self._states))]
            ancestors, fallen = self.ancestors, self.items.fallen(key)
            if weights := self.items.reweighed(key):
                ancestors = ancestors.reweighed(weights)
            if key:
                labels, order = ancestors.labelled(fallen)
                ranks: Sequence[int] = ranks_of(order, len(labels))
            else:
                labels, ranks = ancestors.standing
            self._states[key] = ancestors, labels, ranks, frozenset(fallen)
        return self._states[key]

    def _presence(self, ancestors: Ancestors, gate: int, out: frozenset[Item]) -> Sequence[Sequence[Item]] | None:
        """What a gate is there by without some items; None where nothing more takes it out."""
        node = gate if gate < len(ancestors) else self._owner(ancestors, gate)
        if node is None:
            return None
        weighed = self.items.weighed_by(node)
        if weighed and gate == ancestors.gates.own.get(node, node):
            left = [item for item in weighed if item not in out]
            return [left] if left else None
        carriers = self.items.carriers(node) if gate == node else None
        if carriers is None or not out:
            return carriers
        return [carrier for carrier in carriers if out.isdisjoint(carrier)] or None

    def _owner(self, ancestors: Ancestors, gate: int) -> int | None:
        """The node that a helper is the own ground of."""
        if self._own is None or self._own[0] is not ancestors:
            self._own = ancestors, {own: node for node, own in ancestors.gates.own.items()}
        return self._own[1].get(gate)

    def _fell_by(self, node: int, out: Collection[Item]) -> list[Item]:
        carriers = self.items.carriers(node) or ()
        return [next(item for item in carrier if item in out) for carrier in carriers]


def _derivation(
    ancestors: Ancestors, labels: Sequence[int], ranks: Sequence[int], fallen: Collection[int]
) -> tuple[list[int], list[int]]:
    """The true gates of one derivation of the target's label, and the fallen nodes that it rests on.

    As the labels were found: all that a true gate needs, and of what makes one false, what did so first.
    """
    found, todo = {int(ancestors.target)}, [int(ancestors.target)]
    used = []
    for gate in todo:  # grows while it is read
        if gate in fallen:
            used.append(gate)
            continue
        parts = [code >> 1 for code in ancestors.inputs[gate]]
        if labels[gate] < 0:
            false = [c >> 1 for c in ancestors.inputs[gate] if labels[c >> 1] and (labels[c >> 1] > 0) == bool(c & 1)]
            parts = [min(false, key=ranks.__getitem__)]
        for part in parts:
            if part not in found:
                found.add(part)
                todo.append(part)
    return [gate for gate in todo if labels[gate] > 0], used


def _openness(
    ancestors: Ancestors, labels: Sequence[int], fallen: Collection[int], claims: Sequence[bool]
) -> tuple[list[int], list[int]]:
    """Why the target is not rejected (claim True), or not accepted (False): gates that must stay, and fallen ones.

    A gate is not false as long as none of its inputs is, and not true as long as one of them is not; what leads back to
    itself is decided by nothing.
    """
    found = {(int(ancestors.target), claim) for claim in claims}
    todo = sorted(found)
    staying, used = [], []
    for gate, is_open in todo:  # grows while it is read
        if gate in fallen:
            used.append(gate)
            continue
        if is_open:
            staying.append(gate)
        parts = [(code >> 1, is_open != bool(code & 1)) for code in ancestors.inputs[gate]]
        if not is_open:
            possible = [(part, claim) for part, claim in parts if (labels[part] >= 0 if claim else labels[part] <= 0)]
            parts = [next((one for one in possible if one in found), possible[0])]
        for part in parts:
            if part not in found:
                found.add(part)
                todo.append(part)
    return staying, used
