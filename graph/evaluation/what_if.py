"""What an edit changes: two snapshots compared by labels, strengths, paths and the ranking of motives."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.argument_graph import ArgumentGraph
from graph.columns import NONE
from graph.evaluation.carry import carried
from graph.evaluation.defaults import BOTH, of_both
from graph.evaluation.labelling import VERDICTS, causes, labels
from schemas.evaluation import Cause
from schemas.evaluation_query import Ask
from schemas.what_if import (
    ChangedStanding,
    EvaluationDifference,
    PathsDifference,
    RankedMotive,
    Standing,
    WhatIfAnswer,
)

_DIGITS = 12
_EVALUATION: tuple[Ask, ...] = ("evaluation",)
_CAUSES: tuple[Cause | None, ...] = (None, "opposed", "no_ground", "premise")


def what_if(
    before: ArgumentGraph,
    after: ArgumentGraph,
    ask: Collection[Ask] = _EVALUATION,
    paths: PathsDifference | None = None,
) -> WhatIfAnswer:
    """The difference between a snapshot and one with hypothetical edits, a part for each thing asked.

    `after` is best derived from `before`: then only what the edit reaches is weighed again. Grounded labels are
    linear in the map. The difference of paths is another question's answer, handed in where it was asked for.
    """
    parts: dict[str, Any] = {}
    if "evaluation" in ask:
        parts["evaluation"] = EvaluationDifference(tuple(_changes(before, after)))
    if "motives" in ask:
        parts["motives"] = tuple(_motives(before, after))
    if "paths" in ask and paths is not None:
        parts.update(paths=paths, complete=paths.complete, reason=paths.reason)
    return WhatIfAnswer(before.map, before.revision, BOTH, of_both(), **parts)


class _Table:
    """How the nodes of one snapshot stand."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self.graph = graph
        labelled = labels(graph)
        self.arrays, self.labels = labelled.arrays, labelled.labels
        self.causes = causes(self.arrays, self.labels)
        self.strengths = carried(graph)
        self.place = self.arrays.compact(graph.size)

    def standing(self, number: int | None) -> Standing | None:
        if number is None or self.place[number] == NONE:
            return None
        i = int(self.place[number])
        strength = round(self.strengths.of(number) or 0.0, _DIGITS)
        return Standing(VERDICTS[int(self.labels[i])], self.causes[i], strength)

    def codes(self, size: int) -> npt.NDArray[np.int8]:
        """Label and cause as one number by the snapshot's numbers; 0 where there is no node."""
        found = np.zeros(size, dtype=np.int8)
        found[self.arrays.numbers] = [
            _CAUSES.index(cause) * 4 + label + 2 for label, cause in zip(self.labels.tolist(), self.causes, strict=True)
        ]
        return found


def _changes(before: ArgumentGraph, after: ArgumentGraph) -> Iterator[ChangedStanding]:
    old, new = _Table(before), _Table(after)
    if before.columns is after.columns:
        ids = sorted(after.id(n) for n in _numbers(old, new))
    else:
        both = ((t.graph.id(n) for n in t.arrays.numbers.tolist()) for t in (old, new))
        ids = sorted({node_id for side in both for node_id in side})
    for node_id in ids:
        was, now = old.standing(before.find(node_id)), new.standing(after.find(node_id))
        if was != now:
            yield ChangedStanding(node_id, was, now)


def _numbers(old: _Table, new: _Table) -> set[int]:
    """The numbers at which something may differ, of two snapshots that share their columns."""
    size = max(old.graph.size, new.graph.size)
    found = set(np.flatnonzero(old.codes(size) != new.codes(size)).tolist())
    if old.strengths.network is new.strengths.network:
        return found | old.strengths.changed.keys() | new.strengths.changed.keys()
    weighed = [np.full(size, np.nan) for _ in range(2)]
    for values, table in zip(weighed, (old, new), strict=True):
        found_there = table.strengths
        values[found_there.network.arrays.numbers] = found_there.all()
        for number, value in found_there.changed.items():
            values[number] = np.nan if value is None else value
    differs = ~((weighed[0] == weighed[1]) | (np.isnan(weighed[0]) & np.isnan(weighed[1])))
    return found | set(np.flatnonzero(differs).tolist())


# --- motives --------------------------------------------------------------------------------------


def _motives(before: ArgumentGraph, after: ArgumentGraph) -> Iterator[RankedMotive]:
    """The motives by their rank after the edit, then before, then by id."""
    sides = [_weighed(graph) for graph in (before, after)]
    ranks = [_ranks(side) for side in sides]
    rows = [
        RankedMotive(m, ranks[0].get(m), ranks[1].get(m), sides[0].get(m), sides[1].get(m))
        for m in sorted(sides[0].keys() | sides[1].keys())
    ]
    last = len(rows) + 1
    yield from sorted(rows, key=lambda r: (r.rank_after or last, r.rank_before or last, r.id))


def _weighed(graph: ArgumentGraph) -> dict[str, float]:
    found = carried(graph)
    return {graph.id(n): round(found.of(n) or 0.0, _DIGITS) for n in graph.numbers("motive")}


def _ranks(weighed: dict[str, float]) -> dict[str, int]:
    values = sorted(weighed.values(), reverse=True)
    return {motive: values.index(value) + 1 for motive, value in weighed.items()}
