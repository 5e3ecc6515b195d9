"""The reading `weighed` straight from the words of the domain page, on maps as small tuples, and in no hurry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import numpy as np

from graph.snapshot.arrays import ORIGIN_CODE, Arrays, Csr
from graph.snapshot.columns import ARGUMENT, STATEMENT

Labels = dict[str, int]


class Step(NamedTuple):
    premises: tuple[str, ...]
    target: str
    sign: str
    weight: float


@dataclass
class SmallMap:
    """Statements with the weight of their own ground (None: constructed), and arguments, by id."""

    statements: dict[str, float | None]
    steps: dict[str, Step] = field(default_factory=dict)

    def on(self, node: str, sign: str) -> list[str]:
        return [name for name, step in self.steps.items() if (step.target, step.sign) == (node, sign)]

    def weight(self, entity: str) -> float:
        return self.steps[entity].weight if entity in self.steps else self.statements[own_of(entity)] or 0.0

    def grounds(self, statement: str) -> list[str]:
        """Its own, and each supporting argument; a ground of weight 0 is none."""
        return [g for g in ("own " + statement, *self.on(statement, "+")) if self.weight(g) > 0.0]

    def attackers(self, entity: str) -> list[str]:
        """What attacks a ground or argument with success: what is not lighter."""
        if entity not in self.steps:
            rivals = self.on(own_of(entity), "-")
        else:
            step = self.steps[entity]
            rivals = self.on(entity, "-")
            if step.target in self.statements:
                if step.sign == "-":
                    rivals += self.grounds(step.target)
                elif step.weight > 0.0:
                    rivals += self.on(step.target, "-")
        return [rival for rival in rivals if self.weight(rival) >= self.weight(entity)]

    def expected(self, labels: Mapping[str, int], entity: str) -> int:
        """The label that a statement, an argument or an own ground has by the words of the page."""
        if entity in self.statements:
            grounds = [labels[g] for g in self.grounds(entity)]
            if any(g > 0 for g in grounds):
                return 1
            return -1 if all(g < 0 for g in grounds) else 0
        premises = [labels[p] for p in self.steps[entity].premises] if entity in self.steps else []
        hits = [labels[a] for a in self.attackers(entity)]
        if any(p < 0 for p in premises) or any(h > 0 for h in hits):
            return -1
        return int(all(p > 0 for p in premises) and all(h < 0 for h in hits))

    def cause(self, labels: Mapping[str, int], node: str) -> str | None:
        label = labels[node]
        if node in self.statements:
            against = [labels[a] for a in self.on(node, "-")]
            if label < 0:
                return "opposed" if 1 in against else "no_ground"
            return None if label > 0 else "contested" if 0 in against else "open"
        if label >= 0:
            return None
        if any(labels[p] < 0 for p in self.steps[node].premises):
            return "premise"
        undercuts = [a for a in self.on(node, "-") if labels[a] > 0 and a in self.attackers(node)]
        return "undercut" if undercuts else "outweighed"

    def standing(self, labels: Mapping[str, int], statement: str) -> str:
        if labels[statement] > 0:
            return "upheld" if self.on(statement, "-") else "unchallenged"
        cause = self.cause(labels, statement)
        return {"opposed": "defeated", "no_ground": "unsupported"}.get(cause or "", cause or "")

    def complete(self) -> Iterator[Labels]:
        """Every labelling of statements and arguments that fulfils the conditions: any of the arguments', checked."""
        own = ["own " + s for s in self.statements if self.weight("own " + s) > 0.0]
        for values in product((1, 0, -1), repeat=len(self.steps)):
            labels = dict(zip(self.steps, values, strict=True))
            for entity in (*own, *self.statements):
                labels[entity] = self.expected(labels, entity)
            if all(self.expected(labels, step) == labels[step] for step in self.steps):
                yield {node: labels[node] for node in (*self.steps, *self.statements)}

    def arrays(self) -> tuple[list[str], Arrays, np.ndarray]:
        """Ids in order, the arrays, and the weights."""
        ids = sorted([*self.statements, *self.steps])
        place = {name: i for i, name in enumerate(ids)}
        size = len(ids)
        target = [place[self.steps[i].target] if i in self.steps else -1 for i in ids]
        sign = [0 if i not in self.steps else 1 if self.steps[i].sign == "+" else -1 for i in ids]
        premises = [(place[i], place[p]) for i in ids if i in self.steps for p in self.steps[i].premises]
        incoming = [(t, i) for i, t in enumerate(target) if t >= 0]
        weights = np.asarray([self.steps[i].weight if i in self.steps else nan(self.statements[i]) for i in ids])
        origin = [ORIGIN_CODE["constructed"] if i in self.statements and self.statements[i] is None else 0 for i in ids]
        arrays = Arrays(
            np.arange(size, dtype=np.int32),
            np.asarray([ARGUMENT if i in self.steps else STATEMENT for i in ids], dtype=np.uint8),
            np.asarray(target, dtype=np.int32), np.asarray(sign, dtype=np.int8), np.zeros(size, dtype=np.int8), weights,
            np.asarray(origin, dtype=np.int8), rows(size, premises), rows(size, [(p, a) for a, p in premises]),
            rows(size, incoming),
        )  # fmt: skip
        return ids, arrays, weights


def own_of(entity: str) -> str:
    return entity.removeprefix("own ")


def nan(weight: float | None) -> float:
    return float("nan") if weight is None else weight


def rows(size: int, pairs: Iterable[tuple[int, int]]) -> Csr:
    ordered = sorted(pairs)
    starts = np.searchsorted([key for key, _ in ordered], np.arange(size + 1)).astype(np.int32)
    return Csr(starts, np.asarray([value for _, value in ordered], dtype=np.int32))
