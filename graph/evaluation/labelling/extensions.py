"""What a semantics with several labellings says of a map: its extensions, and what all of them agree on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph.budgets import OutOfTime, Timeout
from graph.evaluation.labelling.acceptance import Sceptic
from graph.evaluation.labelling.encoding import Labelling
from graph.evaluation.labelling.enumeration import labellings
from graph.evaluation.labelling.gates import Labels
from graph.evaluation.labelling.labelling import Labelled
from graph.evaluation.labelling.semantics import Several
from graph.snapshot.columns import ARGUMENT
from schemas.evaluation import Stopped

Extension = tuple[int, ...]
"""Compact numbers of accepted statements and motives, rising; so their ids are sorted."""


@dataclass(frozen=True, slots=True)
class Extensions:
    """The first extensions, whether there are more, and the labels that all labellings share."""

    listed: tuple[Extension, ...]
    labels: Labels
    complete: bool
    reason: Stopped | None


class Reader:
    """Turns labellings of a core into the labels of all nodes."""

    def __init__(self, labelled: Labelled) -> None:
        self._labels = labelled.labels
        values = [(g, v, -1 if negated else 1) for g, (v, negated) in labelled.core.values.items()]
        table = np.asarray([row for row in values if row[0] < len(self._labels)], dtype=np.int64).reshape(-1, 3)
        self._nodes, self._variables, self._signs = table[:, 0], table[:, 1], table[:, 2].astype(np.int8)
        self._order = range(len(labelled.core.conditions))
        self._speaks = labelled.arrays.kinds != ARGUMENT

    def labels(self, labelling: Labelling) -> Labels:
        """The labels of all nodes under a labelling of the core."""
        found = self._labels.copy()
        if len(self._nodes):
            chosen = np.fromiter(map(labelling.__getitem__, self._order), np.int8, len(self._order))
            found[self._nodes] = chosen[self._variables] * self._signs
        return found

    def accepted(self, labels: Labels) -> Extension:
        """The statements and motives that are accepted."""
        return tuple(((labels > 0) & self._speaks).nonzero()[0].tolist())


def extensions(labelled: Labelled, semantics: Several, limit: int, budget: Timeout) -> Extensions:
    """At most `limit` extensions in a fixed order, and the verdict of every node; a limit gives a prefix.

    The verdicts do not depend on the limit: they are those of all labellings, asked for where not all are listed.
    """
    listed: list[Extension] = []
    agreed: Labels | None = None
    reason: Stopped | None = None
    try:
        seen: set[Extension] = set()
        reader = Reader(labelled)
        for labelling in labellings(labelled.core, semantics, budget.part(0.6)):
            labels = reader.labels(labelling)
            accepted = reader.accepted(labels)
            if accepted not in seen and len(seen) == limit:
                reason = "limit"
                break
            agreed = labels if agreed is None else agreed * (labels == agreed)
            if accepted not in seen:
                seen.add(accepted)
                listed.append(accepted)
    except OutOfTime:
        reason = "budget"
    if agreed is None:
        return Extensions((), labelled.labels, reason is None, reason or "no_extension")
    if reason is not None:
        agreed, sure = _certain(labelled, semantics, agreed, budget)
        reason = reason if sure else "budget"
    return Extensions(tuple(listed), agreed, reason is None, reason)


def _certain(labelled: Labelled, semantics: Several, agreed: Labels, budget: Timeout) -> tuple[Labels, bool]:
    """Of the labels that the first labellings share, those that all share; the others become undecided."""
    found = agreed.copy()
    core, sceptic = labelled.core, Sceptic(labelled.core, semantics, budget)
    gates = [g for g in core.values if g < len(found) and found[g]]
    by_literal: dict[tuple[int, int], list[int]] = {}
    for gate in gates:
        v, negated = core.values[gate]
        by_literal.setdefault((v, -int(found[gate]) if negated else int(found[gate])), []).append(gate)
    sure = True
    for (v, label), held in by_literal.items():
        try:
            always = sure and sceptic.always(v, label)
        except OutOfTime:
            always = sure = False
        if not always:
            found[held] = 0
    return found, sure


def extension_ids(ids: list[str], listed: tuple[Extension, ...]) -> Iterator[tuple[str, ...]]:
    """Extensions by ids."""
    return (tuple(ids[i] for i in extension) for extension in listed)
