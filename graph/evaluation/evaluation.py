"""Answers an evaluation: every node's verdict under a labelling, or its strength under a gradual semantics."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeGuard, get_args

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from graph.budgets import Timeout, page_of, question_of
from graph.evaluation.labelling.acceptance import Extensions, extension_ids, extensions
from graph.evaluation.labelling.gates import Labels
from graph.evaluation.labelling.labelling import VERDICTS, causes, labels, standings
from graph.evaluation.labelling.semantics import STREAMS, Several
from graph.evaluation.strength.solver import Strengths, strengths
from graph.evaluation.weights import of_labelling, of_strength, weights_of
from graph.maps.cypher_port import Judgement
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, Floats, arrays_of
from graph.snapshot.relations import KIND_CODE
from schemas.evaluation import Evaluated, EvaluationAnswer, Semantics
from schemas.evaluation_query import EvaluationQuery, Gradual
from schemas.query import ViewQuery
from schemas.vocabulary import KINDS

GRADUAL: tuple[Gradual, ...] = get_args(Gradual)
_DIGITS = 12
_SURE = 1e-9
_METHODS = "methods"
_EXTENSIONS = 100


def is_gradual(semantics: Semantics) -> TypeGuard[Gradual]:
    """Whether a semantics gives strengths instead of verdicts."""
    return semantics in GRADUAL


def is_several(semantics: Semantics) -> TypeGuard[Several]:
    """Whether a semantics is searched for: `grounded` has one labelling, which is computed."""
    return semantics in STREAMS


def evaluate(
    graph: ArgumentGraph, query: EvaluationQuery, budget: Timeout | None = None, *, view: ViewQuery | None = None
) -> EvaluationAnswer:
    """What stands in a snapshot, or how strongly; a page of it where a limit is given.

    Grounded labels and strengths on a map without cycles are linear in the map; several labellings are searched
    for under the budget, and what it cuts off is said. `view` is what narrowed the snapshot: a cursor belongs to it.
    Raises `Refused` for a cursor of another question.
    """
    if is_gradual(query.semantics):
        return _strengths(graph, query, query.semantics, view)
    return _labels(graph, query, budget or Timeout(), view)


def judgements(graph: ArgumentGraph) -> list[Judgement]:
    """Of each node that is evaluated the grounded verdict, the standing and the strength by quadratic energy."""
    stands = evaluate(graph, EvaluationQuery()).nodes
    strong = evaluate(graph, EvaluationQuery(semantics="quadratic-energy")).nodes
    strength = {one.id: one.strength for one in strong if one.strength is not UNSET}
    return [Judgement(one.id, one.verdict or None, one.standing or None, strength.get(one.id)) for one in stands]


class _Shown(NamedTuple):
    """The nodes of a page, by compact number in order."""

    places: Sequence[int]
    ids: list[str]
    """Of all nodes."""
    total: int
    next: str | None


def _shown(graph: ArgumentGraph, arrays: Arrays, query: EvaluationQuery, view: ViewQuery | None) -> _Shown:
    ids = ids_of(graph, arrays)
    chosen: Sequence[int] = range(len(ids))
    if query.kinds:
        codes = [KIND_CODE[kind] for kind in query.kinds]
        chosen = np.flatnonzero(np.isin(arrays.kinds, codes)).tolist()
    if query.ids:
        wanted = set(query.ids)
        chosen = [i for i in chosen if ids[i] in wanted]
    page = page_of(
        chosen, ids.__getitem__, str,
        question=question_of(graph.map, view, query), limit=query.limit or max(1, len(chosen)), cursor=query.cursor,
    )  # fmt: skip
    return _Shown(page.items, ids, page.total, page.next)


def _labels(graph: ArgumentGraph, query: EvaluationQuery, budget: Timeout, view: ViewQuery | None) -> EvaluationAnswer:
    labelled = labels(graph, query.reading)
    arrays = labelled.arrays
    shown = _shown(graph, arrays, query, view)
    methods(graph)  # before the search, so that the budget covers it
    found = Extensions((), labelled.labels, True, None)
    if is_several(query.semantics):
        found = extensions(labelled, query.semantics, query.extensions or query.limit or _EXTENSIONS, budget)
    ids, label = shown.ids, found.labels.tolist()
    sensitive = method_sensitive(graph, found.labels).tolist()
    why, stands = causes(labelled, found.labels), standings(labelled, found.labels)
    kinds, weights = arrays.kinds.tolist(), weights_told(labelled.weights)
    nodes = tuple(
        Evaluated(
            ids[i], KINDS[kinds[i]], VERDICTS[label[i]], why[i], stands[i], weights[i], method_sensitive=sensitive[i]
        )
        for i in shown.places
    )
    answer = EvaluationAnswer(
        graph.map, graph.revision, query.semantics, query.reading, of_labelling(graph, query.reading),
        nodes, shown.total, shown.next, found.complete, found.reason,
    )  # fmt: skip
    if query.semantics == "grounded":
        return answer
    return msgspec.structs.replace(answer, extensions=tuple(extension_ids(ids, found.listed)))


def _strengths(
    graph: ArgumentGraph, query: EvaluationQuery, semantics: Gradual, view: ViewQuery | None
) -> EvaluationAnswer:
    found = strengths(graph, semantics)
    arrays = found.network.arrays
    shown = _shown(graph, arrays, query, view)
    place = arrays.compact(graph.size)
    swinging = {
        int(place[number]): (round(low, _DIGITS), round(high, _DIGITS)) for number, low, high in found.envelopes()
    }
    ids, kinds = shown.ids, arrays.kinds.tolist()
    sensitive = method_sensitive(graph, labels(graph).labels).tolist()
    values = np.round(np.clip(found.all(), 0.0, 1.0), _DIGITS).tolist()
    weights = weights_told(weights_of(graph).own)
    nodes = []
    for i in shown.places:
        low, high = swinging.get(i, (UNSET, UNSET))
        one = Evaluated(ids[i], KINDS[kinds[i]], weight=weights[i], strength=values[i], low=low, high=high)
        nodes.append(msgspec.structs.replace(one, method_sensitive=sensitive[i]))
    return EvaluationAnswer(
        graph.map, graph.revision, semantics, query.reading, of_strength(graph), tuple(nodes),
        shown.total, shown.next, True,
        converged=found.converged, iterations=found.iterations, residual=found.residual, unique=found.unique,
        oscillating=tuple(sorted(ids[i] for i in swinging)),
    )  # fmt: skip


def weights_told(weights: Floats) -> list[float | None]:
    """Weights as they are told: none of what never has one."""
    return [None if math.isnan(weight) else weight for weight in weights.tolist()]


def ids_of(graph: ArgumentGraph, arrays: Arrays) -> list[str]:
    """Ids by compact number."""
    return [graph.id(n) for n in arrays.numbers.tolist()]


def method_sensitive(graph: ArgumentGraph, label: Labels) -> npt.NDArray[np.bool_]:
    """Whether one method accepts a node that another rejects: the labels given, the grounded ones, and each strength.

    A strength accepts above 0.5 and rejects below; at 0.5, and where a cycle does not settle, it says nothing.
    """
    accepts, rejects = methods(graph)
    return ((label > 0) | accepts) & ((label < 0) | rejects)


Said = tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]
"""Which nodes a method accepts, and which one rejects."""


def methods(graph: ArgumentGraph) -> Said:
    """What the grounded labels and the strengths say of each node, kept with the snapshot."""
    found: Any = graph.memo.get(_METHODS)
    if found is None:
        grounded = labels(graph).labels
        accepts, rejects = grounded > 0, grounded < 0
        for semantics in GRADUAL:
            value = _settled(strengths(graph, semantics), graph)
            accepts |= value > 0.5 + _SURE
            rejects |= value < 0.5 - _SURE
        found = graph.memo[_METHODS] = accepts, rejects
    said: Said = found
    return said


def _settled(found: Strengths, graph: ArgumentGraph) -> Floats:
    value = found.all()
    if not found.converged:
        place = arrays_of(graph).compact(graph.size)
        value[[int(place[number]) for number, _, _ in found.envelopes()]] = 0.5
    return value
