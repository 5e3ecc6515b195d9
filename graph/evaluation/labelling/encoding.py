"""Labellings of a part of a core as models of a formula: two variables for a label, one where all is decided."""

from collections.abc import Mapping, Sequence

from graph.evaluation.labelling.core import Conjunction, Core

Labelling = dict[int, int]
"""Label by variable: 1, -1 or 0."""


class Encoding:
    """Clauses whose models are the complete labellings of a part, given the labels around it.

    A labelling is complete when each variable is true exactly when all its literals are, and false exactly when
    one of them is (Caminada 2006, on Dung frameworks). With `decided` only two-valued ones are models.
    """

    def __init__(self, core: Core, part: Sequence[int], around: Mapping[int, int], *, decided: bool = False) -> None:
        self.part = part
        self.size = len(part) if decided else 2 * len(part)
        self._decided = decided
        self._place = {v: i for i, v in enumerate(part)}
        self._true = [i + 1 if decided else 2 * i + 1 for i in range(len(part))]
        self._false = [-(i + 1) if decided else 2 * i + 2 for i in range(len(part))]
        self._core, self._around = core, around

    def true(self, v: int) -> int:
        """The formula's literal for "v is true"."""
        return self._true[self._place[v]]

    def false(self, v: int) -> int:
        """The formula's literal for "v is false"."""
        return self._false[self._place[v]]

    def clauses(self) -> list[list[int]]:
        """The conditions of all variables of the part."""
        found: list[list[int]] = []
        for i, v in enumerate(self.part):
            self._add(found, self._true[i], self._false[i], self._core.conditions[v])
        return found

    def _add(self, found: list[list[int]], true: int, false: int, condition: Conjunction) -> None:
        place, blocked = self._place, condition.blocked
        holds, fails = [], []
        for other, negated in condition.literals:
            i = place.get(other)
            if i is not None:
                here, there = self._true[i], self._false[i]
                holds.append(there if negated else here)
                fails.append(here if negated else there)
                continue
            label = -self._around[other] if negated else self._around[other]
            if label < 0:
                found.append([false])
                if not self._decided:
                    found.append([-true])
                return
            blocked = blocked or label == 0
        found.extend([-true, h] for h in holds)
        found.append([-true] if blocked else [true, *(-h for h in holds)])
        if not self._decided:
            found.append([-true, -false])
            found.append([-false, *fails])
            found.extend([-fail, false] for fail in fails)

    def read(self, model: set[int]) -> Labelling:
        """The labelling of a model."""
        found = zip(self.part, self._true, self._false, strict=True)
        if self._decided:
            return {v: 1 if true in model else -1 for v, true, _ in found}
        return {v: 1 if true in model else -1 if false in model else 0 for v, true, false in found}

    def says(self, labelling: Mapping[int, int]) -> list[int]:
        """Literals that hold where a labelling decides at least what this one does."""
        return [self.true(v) if label > 0 else self.false(v) for v, label in labelling.items() if label]

    def within(self, labelling: Mapping[int, int]) -> list[int]:
        """Literals that hold where nothing is decided that a labelling does not decide the same way."""
        wanted: list[int] = []
        for v, label in labelling.items():
            wanted.extend(-literal for sign, literal in ((1, self.true(v)), (-1, self.false(v))) if sign != label)
        return wanted

    def beyond(self, labelling: Mapping[int, int]) -> list[int]:
        """A clause: something is decided that this labelling does not decide, or decides otherwise."""
        clause: list[int] = []
        for v, label in labelling.items():
            clause.extend(literal for sign, literal in ((1, self.true(v)), (-1, self.false(v))) if sign != label)
        return clause

    def other(self, labelling: Mapping[int, int]) -> list[int]:
        """A clause: the labelling, which is one of the whole part, is another one."""
        literals = zip(self.part, self._true, self._false, strict=True)
        if self._decided:
            return [false if labelling[v] > 0 else true for v, true, false in literals]
        clause: list[int] = []
        for v, true, false in literals:
            label = labelling[v]
            if label:
                clause.append(-true if label > 0 else -false)
            else:
                clause.extend((true, false))
        return clause
