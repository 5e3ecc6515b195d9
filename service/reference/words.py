"""The closed lists of words that requests and answers use, each with the name that it has in the OpenAPI document."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

import schemas
from schemas.vocabulary import KINDS
from service import models
from service.models.filters import LIST_QUERIES


class Words(NamedTuple):
    """A list of words: its name, what it is for, and the words in their order."""

    name: str
    about: str
    words: tuple[str, ...]


_NAMES = {"Ask": "WhatIfPart", "Gradual": "GradualSemantics", "Place": "ProblemPlace", "Stopped": "EvaluationReason"}
"""Aliases whose name says enough where they stand, and too little beside all others."""
_ABOUT = {
    "AcceptanceMode": "In some labelling, or in every one.",
    "ActorKind": "What sort of actor.",
    "ArgumentSemantics": "A semantics that gives verdicts.",
    "ArgumentBasis": "What an argument rests on, as it is derived.",
    "Attack": "How an opposing argument attacks.",
    "Basis": "What a step rests on.",
    "BasisFilter": "Which steps stay in a view.",
    "Became": "What became of a node.",
    "Cause": "Why a node has its verdict.",
    "Confidence": "How sure a reading is.",
    "CruxKind": "What may be taken out.",
    "Deed": "What was done to a node.",
    "Direction": "Which way to go from a node.",
    "EvaluationReason": "Why an evaluation is not complete.",
    "GradualSemantics": "A semantics that gives strengths.",
    "Inclusion": "What the nodes of a drawing have beside their fields.",
    "InfluenceMethod": "How influence is measured.",
    "Kind": "The kinds of node.",
    "KindOrMap": "The kinds of node, and `map` for what the map says of itself.",
    "KindWord": "A kind of node, in the singular or in the plural.",
    "Leaning": "Which way a passage leans on the map's question.",
    "Match": "How a passage fits the statement's text.",
    "Measure": "How the structure of a map is measured.",
    "Modality": "How an assertion is put forward.",
    "MotiveRole": "The part that a statement plays for a motive.",
    "Op": "What an operation of a batch does.",
    "Origin": "Where a statement comes from.",
    "PassageFit": "How an assertion is found in a text.",
    "PathOrder": "What comes first of paths.",
    "PathReason": "Why an answer of paths or connections is not complete, or is empty.",
    "Precision": "How precisely a date is known.",
    "ProblemPlace": "Which part of a request a fault is in.",
    "Reading": "What support means to a labelling.",
    "Relation": "What a link says, read from its source to its target.",
    "Reliability": "Admiralty code of a source, A (reliable) to F (cannot be judged).",
    "SearchReason": "Why an answer of a search is not complete.",
    "Semantics": "A semantics that a map can be evaluated under.",
    "SourceKind": "What sort of source.",
    "SourceStatus": "What became of a source.",
    "SpeakerCue": "Why somebody is taken for the speaker of a passage.",
    "Stance": "Which way something bears on its target.",
    "StructureReason": "Why a measure is not that of the whole view.",
    "SummaryDetail": "How much a summary tells.",
    "SummaryFormat": "How a summary is written.",
    "TextFormat": "How a text is given.",
    "Verdict": "What a labelling says of a node.",
    "WhatIfPart": "A part of the answer to a hypothetical question.",
}

_SORT = "Fields to order by, with `-` before one for the other direction."


def _aliases() -> Iterator[tuple[str, Any]]:
    """Every named list of words of the schemas and of the service's own models."""
    for package in (schemas, models):
        for module in sorted(one.name for one in pkgutil.iter_modules(package.__path__)):
            for name, value in vars(importlib.import_module(f"{package.__name__}.{module}")).items():
                if get_origin(value) is Literal and len(get_args(value)) > 1:
                    yield _NAMES.get(name, name), value
    for kind in KINDS:
        yield f"{kind.capitalize()}Sort", LIST_QUERIES[kind].model_fields["sort"].annotation


def _collected() -> dict[frozenset[str], Words]:
    found: dict[frozenset[str], Words] = {}
    for name, alias in _aliases():
        words = get_args(alias)
        about = _ABOUT.get(name, _SORT if name.endswith("Sort") else "One of these words.")
        known = found.setdefault(frozenset(words), Words(name, about, words))
        if known.name != name:
            raise ValueError(f"{known.name} and {name} are one list of words; let one be the other")
    return found


WORDS: Mapping[frozenset[str], Words] = _collected()
"""Every list by its words."""
