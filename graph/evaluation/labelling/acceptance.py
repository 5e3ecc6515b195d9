"""Whether a node stands in some or in every labelling of a semantics."""

from collections.abc import Iterator

from graph.budgets import OutOfTime, Timeout
from graph.evaluation.asked import asked
from graph.evaluation.defaults import of_labelling
from graph.evaluation.labelling.core import Core
from graph.evaluation.labelling.encoding import Encoding, Labelling
from graph.evaluation.labelling.enumeration import part_labellings
from graph.evaluation.labelling.labelling import labels
from graph.evaluation.labelling.oracle import Oracle
from graph.evaluation.labelling.semantics import Several, grow, ideal, stable
from graph.snapshot.argument_graph import ArgumentGraph
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
    at = int(labelled.arrays.compact(graph.size)[number])
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
