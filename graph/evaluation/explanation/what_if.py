"""What an edit changes: two snapshots compared by labels, strengths, paths and the ranking of motives."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from graph.evaluation.labelling.incremental import verdicts
from graph.evaluation.labelling.labelling import CAUSES, STANDINGS, VERDICTS, cause_codes, standing_codes
from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.weights import BOTH, of_both
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Floats
from graph.snapshot.relations import NONE, Number
from schemas.evaluation_query import Ask, Gradual
from schemas.what_if import (
    ChangedOutcome,
    EvaluationDifference,
    Outcome,
    PathsDifference,
    RankedMotive,
    WhatIfAnswer,
)

_DIGITS = 12
_MANY = 2_000
_EVALUATION: tuple[Ask, ...] = ("evaluation",)
_DEFAULT: Gradual = "quadratic-energy"


def what_if(
    before: ArgumentGraph,
    after: ArgumentGraph,
    ask: Collection[Ask] = _EVALUATION,
    paths: PathsDifference | None = None,
) -> WhatIfAnswer:
    """The difference between a snapshot and one with hypothetical edits, a part for each thing asked.

    One is best derived from the other: then only what the edit reaches is labelled and weighed again. The
    difference of paths is another question's answer, handed in where it was asked for.
    """
    parts: dict[str, Any] = {}
    if "evaluation" in ask:
        parts["evaluation"] = EvaluationDifference(tuple(_changes(before, after)))
    if "motives" in ask:
        parts["motives"] = tuple(_motives(before, after))
    if "paths" in ask and paths is not None:
        parts.update(paths=paths, complete=paths.complete, reason=paths.reason)
    return WhatIfAnswer(before.map, before.revision, BOTH, of_both(after), **parts)


class _Side:
    """How the nodes of one snapshot stand."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self.graph = graph
        self.verdicts = verdicts(graph)
        self.strengths = incremental_strengths(graph)

    def outcome(self, number: Number | None) -> Outcome | None:
        label = None if number is None else self.verdicts.of(number)
        if number is None or label is None:
            return None
        strength = round(self.strengths.of(number) or 0.0, _DIGITS)
        cause, standing = self.verdicts.cause(self.graph, number), self.verdicts.standing(self.graph, number)
        return Outcome(VERDICTS[label], cause, standing, strength)

    def outcomes(self, numbers: Sequence[Number]) -> Iterator[Outcome | None]:
        """How some nodes stand; of many by arrays."""
        if len(numbers) < _MANY:
            yield from map(self.outcome, numbers)
            return
        size = max(self.graph.size, max(numbers) + 1)
        codes, weights = self.labels(size)[numbers].tolist(), self.weights(size)[numbers].tolist()
        for code, weight in zip(codes, weights, strict=True):
            standing, cause, label = _decoded(code)
            yield Outcome(VERDICTS[label], CAUSES[cause], STANDINGS[standing], round(weight, _DIGITS)) if code else None

    def labels(self, size: int) -> npt.NDArray[np.int16]:
        """Label, cause and standing as one number by the snapshot's numbers; 0 where there is no node."""
        labelled, found = self.verdicts.whole, np.zeros(size, dtype=np.int16)
        causes, standings = cause_codes(labelled, labelled.labels), standing_codes(labelled, labelled.labels)
        found[labelled.arrays.numbers] = _coded(labelled.labels, causes, standings)
        for number, changed in self.verdicts.changed.items():
            found[number] = self._code(number, changed[0]) if changed else 0
        for number in self.verdicts.touched - self.verdicts.changed.keys():
            if (label := self.verdicts.of(number)) is not None:
                found[number] = self._code(number, label)
        return found

    def _code(self, number: Number, label: int) -> int:
        cause, standing = self.verdicts.cause(self.graph, number), self.verdicts.standing(self.graph, number)
        return int(_coded(label, CAUSES.index(cause), STANDINGS.index(standing)))

    def weights(self, size: int) -> Floats:
        """The strengths by the snapshot's numbers."""
        found = np.full(size, np.nan)
        found[self.strengths.network.arrays.numbers] = self.strengths.all()
        for number, value in self.strengths.changed.items():
            found[number] = np.nan if value is None else value
        return found


def _coded(label: Any, cause: Any, standing: Any) -> Any:
    return (np.int16(standing) * len(CAUSES) + cause) * 4 + label + 2


def _decoded(code: int) -> tuple[int, int, int]:
    rest, label = divmod(code, 4)
    return (*divmod(rest, len(CAUSES)), label - 2)


def _changes(before: ArgumentGraph, after: ArgumentGraph) -> Iterator[ChangedOutcome]:
    old, new = _Side(before), _Side(after)
    if not _number_alike(before, after):
        sides = ((side.graph.id(n) for n in side.verdicts.whole.arrays.numbers.tolist()) for side in (old, new))
        more = ((side.graph.id(n) for n in side.verdicts.changed) for side in (old, new))
        ids = {node_id for side in chain(sides, more) for node_id in side}
        pairs: Iterator[tuple[str, Outcome | None, Outcome | None]]
        pairs = ((i, old.outcome(before.find(i)), new.outcome(after.find(i))) for i in sorted(ids))
    else:
        larger = after if after.size >= before.size else before
        numbers = sorted(_relabelled(old, new) | _reweighed(old, new), key=larger.id)
        names = map(larger.id, numbers)
        pairs = iter(zip(names, old.outcomes(numbers), new.outcomes(numbers), strict=True))
    for node_id, was, now in pairs:
        if was != now:
            yield ChangedOutcome(node_id, was, now)


def _number_alike(before: ArgumentGraph, after: ArgumentGraph) -> bool:
    """Whether a number is of the same node in both: one was derived from the other, or both touch known nodes alone."""
    if before.columns is not after.columns:
        return False
    few, many = sorted((before.patch.numbers, after.patch.numbers), key=len)
    return all(many.get(node_id) == number for node_id, number in few.items())


def _relabelled(old: _Side, new: _Side) -> set[Number]:
    """The numbers at which label, cause or standing may differ: those that an edit reached, and what they bear on."""
    if old.verdicts.whole is not new.verdicts.whole:
        size = max(old.graph.size, new.graph.size)
        return set(map(Number, np.flatnonzero(old.labels(size) != new.labels(size)).tolist()))
    found = set(old.verdicts.changed.keys() | new.verdicts.changed.keys())
    found = {n for n in found if old.verdicts.of(n) != new.verdicts.of(n)}
    for side in (old, new):
        found |= {side.graph.target(n) for n in found if side.graph.target(n) != NONE}
    return found | old.verdicts.touched | new.verdicts.touched


def _reweighed(old: _Side, new: _Side) -> set[Number]:
    """The numbers at which the strength may differ."""
    if old.strengths.network is new.strengths.network:
        return set(old.strengths.changed.keys() | new.strengths.changed.keys())
    size = max(old.graph.size, new.graph.size)
    one, other = old.weights(size), new.weights(size)
    return set(map(Number, np.flatnonzero(~((one == other) | (np.isnan(one) & np.isnan(other)))).tolist()))


# --- motives --------------------------------------------------------------------------------------


def _motives(before: ArgumentGraph, after: ArgumentGraph) -> Iterator[RankedMotive]:
    """The motives by their rank after the edit, then those that are gone by their rank before."""
    was, now = ({one.id: one for one in ranking(graph)} for graph in (before, after))
    for one in now.values():
        old = was.get(one.id)
        yield RankedMotive(
            one.id, old.rank if old else None, one.rank, old.strength if old else None, one.strength, one.separable
        )
    for one in was.values():
        if one.id not in now:
            yield RankedMotive(one.id, one.rank, None, one.strength, None, None)


# --- the ranking of motives ------------------------------------------------------------------------


class Ranked(NamedTuple):
    """A motive in the ranking."""

    id: str
    rank: int
    """1 for the strongest; those of equal strength share one."""
    strength: float
    """By quadratic energy."""
    separable: bool | None
    """Whether all four strengths put it behind the one before it; None of the first."""


def ranking(graph: ArgumentGraph) -> list[Ranked]:
    """The motives of a snapshot, the strongest first, equal ones in the order of their ids."""
    ids = [graph.id(number) for number in graph.numbers("motive")]
    by_method = [_strengths(graph, method, ids) for method in get_args(Gradual)]
    strengths = _strengths(graph, _DEFAULT, ids)
    ids.sort(key=lambda one: (-strengths[one], one))
    first: dict[float, int] = {}
    for rank, one in enumerate(ids, 1):
        first.setdefault(strengths[one], rank)
    separable: list[bool | None] = [None]
    separable += [all(values[a] > values[b] for values in by_method) for a, b in pairwise(ids)]
    return [
        Ranked(one, first[strengths[one]], strengths[one], apart) for one, apart in zip(ids, separable, strict=False)
    ]


def _strengths(graph: ArgumentGraph, method: Gradual, ids: list[str]) -> dict[str, float]:
    found = incremental_strengths(graph, method)
    return {one: round(found.of(graph.number(one)) or 0.0, _DIGITS) for one in ids}
