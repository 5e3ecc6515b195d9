"""The semantics with several labellings: whether a node stands in some or in all, and the extensions one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph.budgets import OutOfTime, Timeout
from graph.evaluation.asked import asked
from graph.evaluation.labelling.core import Core
from graph.evaluation.labelling.encoding import Encoding, Labelling
from graph.evaluation.labelling.gates import Labels
from graph.evaluation.labelling.labelling import Labelled, labels
from graph.evaluation.labelling.oracle import Oracle
from graph.evaluation.labelling.semantics import Several, grow, ideal, labellings, part_labellings, stable
from graph.evaluation.weights import of_labelling
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from schemas.evaluation import AcceptanceAnswer, Stopped
from schemas.evaluation_query import AcceptanceQuery


class Sceptic:
    """Asks whether a variable has a label in some or in every labelling, without listing them all."""

    def __init__(self, core: Core, semantics: Several, budget: Timeout) -> None:
        self._core = core
        self._semantics = semantics
        self._budget = budget
        self._parts = {v: part for part in core.parts() for v in part}

    def exists(self) -> bool:
        """Whether the core has a labelling at all; only `stable` may have none."""
        parts = {id(part): part for part in self._parts.values()}.values()
        return self._semantics != "stable" or all(self._any_stable(part) for part in parts)

    def sometimes(self, v: int, label: int) -> bool:
        """Whether some labelling gives the variable this label, the rest of the core having labellings."""
        if self._semantics in ("complete", "preferred"):
            return self._complete_with(v, label)
        return any(found[v] == label for found in self._with(v, label, holds=True))

    def always(self, v: int, label: int) -> bool:
        """Whether every labelling gives the variable this label."""
        if self._semantics == "complete":
            return False  # the core is what the least complete labelling leaves undecided
        if self._semantics == "preferred":
            return self._complete_with(v, label) and not self._preferred_without(v, label)
        return all(found[v] == label for found in self._with(v, label, holds=False))

    def _with(self, v: int, label: int, *, holds: bool) -> Iterator[Labelling]:
        part = self._parts[v]
        if self._semantics == "stable":
            encoding = Encoding(self._core, part, {}, decided=True)
            wanted = encoding.true(v) if (label > 0) == holds else encoding.false(v)
            with Oracle(encoding.clauses(), encoding.size, self._budget) as oracle:
                model = oracle.model([wanted])
            return iter([] if model is None else [encoding.read(model)])
        if self._semantics == "ideal":
            return ideal(self._core, part, {}, self._budget)
        return part_labellings(self._core, part, self._semantics, self._budget)

    def _any_stable(self, part: list[int]) -> bool:
        return next(stable(self._core, part, {}, self._budget), None) is not None

    def _complete_with(self, v: int, label: int) -> bool:
        """Credulous acceptance; only what the variable depends on matters (directionality, Baroni & Giacomin 2007)."""
        encoding = Encoding(self._core, self._core.upstream([v]), {})
        with Oracle(encoding.clauses(), encoding.size, self._budget) as oracle:
            return oracle.model([encoding.true(v) if label > 0 else encoding.false(v)]) is not None

    def _preferred_without(self, v: int, label: int) -> bool:
        """Whether a maximal labelling lacks the label, by counterexamples (Dvořák et al. 2014).

        Grows a labelling without it as far as that goes; if it can then be grown into one with it, nothing below
        that one needs to be looked at again.
        """
        encoding = Encoding(self._core, self._core.upstream([v]), {})
        wanted = encoding.true(v) if label > 0 else encoding.false(v)
        with Oracle(encoding.clauses(), encoding.size, self._budget) as oracle:
            while (model := oracle.model([-wanted])) is not None:
                found = grow(oracle, encoding, encoding.read(model), [-wanted])
                if found[v]:
                    return True
                above = oracle.model([*encoding.says(found), wanted])
                if above is None:
                    return True
                oracle.add(encoding.beyond(grow(oracle, encoding, encoding.read(above))))
        return False


def acceptance(graph: ArgumentGraph, query: AcceptanceQuery, budget: Timeout | None = None) -> AcceptanceAnswer:
    """Credulous or sceptical acceptance of one node; bounded by the budget. Raises `Refused` for an unknown id."""
    number = asked(graph, query.id, "/id")
    labelled = labels(graph, query.reading)
    at = labelled.arrays.place(number)
    accepted: bool | None
    reason: Stopped | None = None
    try:
        accepted, reason = _accepted(labelled.core, int(labelled.labels[at]), at, query, budget or Timeout())
    except OutOfTime:
        accepted, reason = None, "budget"
    return AcceptanceAnswer(
        graph.map, graph.revision, query.id, query.semantics, query.mode, query.reading,
        of_labelling(graph, query.reading), accepted, reason != "budget", reason,
    )  # fmt: skip


def _accepted(core: Core, label: int, at: int, query: AcceptanceQuery, budget: Timeout) -> tuple[bool, Stopped | None]:
    if query.semantics == "grounded":
        return label > 0, None
    sceptic = Sceptic(core, query.semantics, budget)
    if not sceptic.exists():
        return query.mode == "sceptical", "no_extension"
    if label:
        return label > 0, None
    v, negated = core.values[at]
    wanted = -1 if negated else 1
    return (sceptic.sometimes if query.mode == "credulous" else sceptic.always)(v, wanted), None


# --- all labellings --------------------------------------------------------------------------------


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
