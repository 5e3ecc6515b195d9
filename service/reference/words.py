"""The closed lists of words that requests and answers use, each with the name that it has in the OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

from schemas import evaluation, evaluation_query, path, problem, query, vocabulary
from schemas.vocabulary import KINDS
from service.models.batches import KindWord
from service.models.filters import LIST_QUERIES


class Words(NamedTuple):
    """A list of words: its name, what it is for, and the words in their order."""

    name: str
    about: str
    words: tuple[str, ...]


def _declared() -> Iterator[tuple[str, str, Any]]:
    yield "Kind", "The kinds of node.", vocabulary.Kind
    yield "KindWord", "A kind of node, in the singular or in the plural.", KindWord
    yield "ActorKind", "What sort of actor.", vocabulary.ActorKind
    yield "Origin", "Where a statement comes from.", vocabulary.Origin
    yield "MotiveRole", "The part that a statement plays for a motive.", vocabulary.MotiveRole
    yield "Stance", "Which way something bears on its target.", vocabulary.Stance
    yield "Confidence", "How sure a reading is.", vocabulary.Confidence
    yield "Basis", "What a step rests on.", vocabulary.Basis
    yield "ArgumentBasis", "What an argument rests on, as it is derived.", vocabulary.ArgumentBasis
    yield "Match", "How a passage fits the statement's text.", vocabulary.Match
    yield "Attack", "How an opposing argument attacks.", vocabulary.Attack
    yield "SourceKind", "What sort of source.", vocabulary.SourceKind
    yield "Reliability", "Admiralty code of a source, A (reliable) to F (cannot be judged).", vocabulary.Reliability
    yield "SourceStatus", "What became of a source.", vocabulary.SourceStatus
    yield "Modality", "How an assertion is put forward.", vocabulary.Modality
    yield "Leaning", "Which way a passage leans on the map's question.", vocabulary.Leaning
    yield "Precision", "How precisely a date is known.", vocabulary.Precision
    yield "Relation", "What a link says, read from its source to its target.", vocabulary.Relation
    yield "Op", "What an operation of a batch does.", vocabulary.Op
    yield "Verdict", "What a labelling says of a node.", evaluation.Verdict
    yield "Cause", "Why a node is rejected.", evaluation.Cause
    yield "Semantics", "A semantics that a map can be evaluated under.", evaluation.Semantics
    yield "EvaluationReason", "Why an evaluation is not complete.", evaluation.Stopped
    yield "PathReason", "Why an answer of paths or connections is not complete, or is empty.", path.PathReason
    yield "ProblemPlace", "Which part of a request a fault is in.", problem.Place
    yield "WhatIfPart", "A part of the answer to a hypothetical question.", evaluation_query.Ask
    yield "GradualSemantics", "A semantics that gives strengths.", evaluation_query.Gradual
    yield "Reading", "What support means to a labelling.", evaluation_query.Reading
    yield "ArgumentSemantics", "A semantics that gives verdicts.", evaluation_query.ArgumentSemantics
    yield "AcceptanceMode", "In some labelling, or in every one.", evaluation_query.AcceptanceMode
    yield "InfluenceMethod", "How influence is measured.", evaluation_query.InfluenceMethod
    yield "CruxKind", "What may be taken out.", evaluation_query.CruxKind
    yield "BasisFilter", "Which steps stay in a view.", query.BasisFilter
    yield "PathOrder", "What comes first of paths.", query.PathOrder
    yield "Direction", "Which way to go from a node.", query.Direction
    yield "SummaryFormat", "How a summary is written.", query.SummaryFormat
    for kind in KINDS:
        yield (
            f"{kind.capitalize()}Sort",
            f"What {kind}s are ordered by.",
            LIST_QUERIES[kind].model_fields["sort"].annotation,
        )


WORDS: Mapping[frozenset[str], Words] = {
    frozenset(get_args(alias)): Words(name, about, get_args(alias)) for name, about, alias in _declared()
}
"""Every list by its words."""
