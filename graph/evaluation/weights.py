"""Weights: what an analyst graded, as one number for every argument and for every own ground."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from graph.evaluation.originators import originators_of
from graph.snapshot.adjacency import NONE
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import ORIGIN_CODE, Arrays, Floats, Ints, arrays_of
from graph.snapshot.columns import ARGUMENT, STATEMENT
from graph.snapshot.overlay import entries_of
from schemas.argument import Argument
from schemas.statement import Statement
from schemas.vocabulary import CONFIDENCE_RANK, Modality, Reliability, SourceStatus
from schemas.weights import DEFAULT_WEIGHTS, WeightTable, scale_of

KEY = "weights"
_SCALE = 1e12
"""Weights are kept to twelve digits: those that are equal on paper are equal, however they were multiplied."""
_TOGETHER = 1_000


class Weights(NamedTuple):
    """By compact number."""

    own: Floats
    """The weight of an argument, or of the own ground of a statement; 0 where there is none, NaN of what never has."""
    base: Floats
    """From where the strength starts: the weight, or what stands in for it."""


def table_of(graph: ArgumentGraph) -> WeightTable:
    """What grades count for in a map."""
    return graph.header.weights or DEFAULT_WEIGHTS


def weights_of(graph: ArgumentGraph) -> Weights:
    """The weights of a snapshot, kept with it; O(nodes + links), vectorised but for what several passages say."""
    found = graph.memo.get(KEY)
    if not isinstance(found, Weights):
        found = graph.memo[KEY] = _weighed(graph, arrays_of(graph))
    return found


def _weighed(graph: ArgumentGraph, arrays: Arrays) -> Weights:
    table = table_of(graph)
    argument, given = arrays.kinds == ARGUMENT, ~np.isnan(arrays.credence)
    by_confidence = np.asarray([table.of_confidence(name) for name in CONFIDENCE_RANK])
    own = np.where(arrays.constructed, np.nan, table.author)
    own[argument] = by_confidence[arrays.confidence[argument]]
    own[given & ~arrays.constructed] = arrays.credence[given & ~arrays.constructed]
    open_ = (arrays.kinds == STATEMENT) & ~given
    _attribute(graph, table, arrays, open_, own)
    own = np.rint(own * _SCALE) / _SCALE
    stands_in = np.where(given, arrays.credence, table.constructed)
    return Weights(own, np.where(np.isnan(own), stands_in, own))


def _attribute(
    graph: ArgumentGraph, table: WeightTable, arrays: Arrays, open_: npt.NDArray[np.bool_], own: Floats
) -> None:
    """Fill in what attributed statements weigh: nothing at first, then what their passages come to."""
    attributed = open_ & (arrays.origin == ORIGIN_CODE["attributed"])
    own[attributed] = 0.0
    # A statement whose origin was left out is attributed where somebody asserts it.
    attributed |= open_ & (arrays.origin == ORIGIN_CODE[None])
    place = arrays.compact(graph.size)
    assertions, of = entries_of(graph, "of")
    at = place[of]
    said = (at != NONE) & attributed[at]
    assertions, at = assertions[said], at[said]
    order = np.argsort(at, kind="stable")
    assertions, at = assertions[order], at[order]
    heads = np.flatnonzero(np.diff(at, prepend=NONE))
    alone = np.diff(heads, append=len(at)) == 1
    weights = _of_passages(graph, table, assertions)
    own[at[heads[alone]]] = np.minimum(weights[heads[alone]], table.most)
    ends = np.append(heads[1:], len(at))
    for first, last in zip(heads[~alone].tolist(), ends[~alone].tolist(), strict=True):
        several = dict(zip(assertions[first:last].tolist(), weights[first:last].tolist(), strict=True))
        own[at[first]] = _together(graph, table, several)


def weight_of(graph: ArgumentGraph, number: int) -> tuple[float | None, float]:
    """The weight of one node, None of what never has one, and from where its strength starts; O(its assertions).

    The same bits as `weights_of`, without working out those of the others.
    """
    node, table = graph.at(number), table_of(graph)
    if isinstance(node, Argument):
        own = table.of_confidence(node.confidence or "medium") if node.credence is None else node.credence
    elif isinstance(node, Statement) and node.origin != "constructed":
        own = _of_statement(graph, number, node) if node.credence is None else node.credence
    else:
        credence = getattr(node, "credence", None)
        return None, table.constructed if credence is None else credence
    own = rounded(own)
    return own, own


def weight_without(graph: ArgumentGraph, number: int, gone: Collection[str]) -> float:
    """What an own ground would weigh without some actors or sources, named by id; O(its assertions)."""
    node = graph.at(number)
    if not isinstance(node, Statement) or node.credence is not None:
        return weight_of(graph, number)[1]
    return rounded(_of_statement(graph, number, node, {n for n in map(graph.find, gone) if n is not None}))


def _of_statement(graph: ArgumentGraph, number: int, node: Statement, gone: Collection[int] = ()) -> float:
    table = table_of(graph)
    places = sorted(graph.referrers("of", number), key=graph.id) if is_by_assertions(node) else []
    if not places:
        return 0.0 if node.origin == "attributed" else table.author
    weights = {n: passage_of(graph, n).weight(table) for n in places if not _is_taken(graph, n, gone)}
    return _together(graph, table, weights) if weights else 0.0


def _is_taken(graph: ArgumentGraph, assertion: int, gone: Collection[int]) -> bool:
    if not gone:
        return False
    sources = (*graph.references("found_in", assertion), *graph.references("cites", assertion))
    return not set(gone).isdisjoint((*sources, *graph.references("spoken_by", assertion)[-1:]))


def is_by_assertions(node: Statement) -> bool:
    """Whether a statement weighs what its assertions do, where it has some."""
    return node.origin == "attributed" or node.is_open_about_its_origin


# --- passages ---------------------------------------------------------------------------------------


class _Said(msgspec.Struct, gc=False):
    """The part of an assertion that says how firmly."""

    modality: Modality = "asserted"
    credibility: int | None = None


class _Kept(msgspec.Struct, gc=False):
    """The part of a source that says how far it can be relied on."""

    reliability: Reliability | None = None
    status: SourceStatus = "current"


_read_said = msgspec.json.Decoder(_Said).decode
_read_kept = msgspec.json.Decoder(_Kept).decode
_read_several = msgspec.json.Decoder(list[_Said]).decode


class GradedPassage(NamedTuple):
    """What is graded of one passage."""

    said: _Said
    source: _Kept
    cited: _Kept | None

    @property
    def is_retracted(self) -> bool:
        """Whether the source, or the one that it relies on, has been taken back."""
        return "retracted" in (self.source.status, self.cited.status if self.cited else "")

    def weight(self, table: WeightTable) -> float:
        """Manner, times reliability of the source, times credibility; nothing where a source was retracted."""
        if self.is_retracted:
            return 0.0
        said = table.of_manner(self.said.modality) * table.of_credibility(self.said.credibility)
        return rounded(said * table.of_reliability(self.source.reliability))


def passage_of(graph: ArgumentGraph, assertion: int) -> GradedPassage:
    """What is graded of a passage."""
    [source], cited = (
        [_read_kept(graph.stored(n)) for n in graph.references(name, assertion)] for name in ("found_in", "cites")
    )
    return GradedPassage(_read_said(graph.stored(assertion)), source, cited[0] if cited else None)


def _of_passages(graph: ArgumentGraph, table: WeightTable, assertions: Ints) -> Floats:
    """The weights of many passages at once, with the same bits."""
    documents = [graph.stored(n) for n in assertions.tolist()]
    found = np.full(len(assertions), table.of_manner("asserted") * table.of_credibility(None))
    # A quote inside a JSON text is escaped, so these bytes are a key, or rarely a value, which decodes as well.
    said = [i for i, d in enumerate(documents) if b'"modality"' in d or b'"credibility"' in d]
    manner = scale_of(table.manner)
    for start in range(0, len(said), _TOGETHER):
        some = said[start : start + _TOGETHER]
        read = _read_several(b"[" + b",".join([documents[i] for i in some]) + b"]")
        found[some] = [manner[one.modality] * table.of_credibility(one.credibility) for one in read]
    factor, retracted = np.ones(graph.size), np.zeros(graph.size, dtype=np.bool_)
    for number in graph.numbers("source"):
        source = _read_kept(graph.stored(number))
        factor[number] = table.of_reliability(source.reliability)
        retracted[number] = source.status == "retracted"
    gone = np.zeros(graph.size, dtype=np.bool_)
    by_source = np.ones(graph.size)
    for relation in ("found_in", "cites"):
        holders, named = entries_of(graph, relation)
        gone[holders[retracted[named]]] = True
        if relation == "found_in":
            by_source[holders] = factor[named]
    return np.where(gone[assertions], 0.0, np.rint(found * by_source[assertions] * _SCALE) / _SCALE)


def _together(graph: ArgumentGraph, table: WeightTable, weights: dict[int, float]) -> float:
    """What the passages of one statement weigh: the best, or what independent witnesses come to together."""
    best = _best(graph, weights) if len(weights) > 1 else ()
    return _joined(best, max(weights.values()), table)


def _best(graph: ArgumentGraph, weights: dict[int, float]) -> list[float]:
    """The best passage of each of the witnesses that are shown to be independent, in order."""
    witnesses = originators_of(graph)
    independent = witnesses.independent(witnesses.behind(list(weights)))
    return [max(weights[n] for one in together for n in one.places) for together in independent]


def _joined(independent: Iterable[float], best: float, table: WeightTable) -> float:
    left = 1.0
    for weight in independent:
        left *= 1.0 - weight
    return min(table.most, max(best, 1.0 - left))


def rounded(weight: float) -> float:
    """A weight as a decimal: those that are equal on paper are equal."""
    return float(round(weight * _SCALE)) / _SCALE
