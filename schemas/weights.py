"""The table of weights: what each grade that an analyst gives counts for."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Self

from pydantic import model_validator

from schemas.base import Credence, Record
from schemas.vocabulary import Confidence, Modality, Reliability


class ConfidenceWeights(Record):
    """What an argument weighs, by its confidence; as medium where none is given."""

    high: Credence = 0.9
    """Of high confidence."""
    medium: Credence = 0.6
    """Of medium confidence, or of none given."""
    low: Credence = 0.3
    """Of low confidence."""


class MannerWeights(Record):
    """What a passage weighs, by the manner in which it says its claim."""

    asserted: Credence = 0.7
    """Said outright."""
    believed: Credence = 0.6
    """Said as what somebody believes."""
    reported: Credence = 0.5
    """Passed on from somebody else."""
    possible: Credence = 0.3
    """Said as what may be."""


class ReliabilityWeights(Record):
    """By what the reliability of a source multiplies the weight of its passages; F and none change nothing."""

    completely: Credence = 1.0
    """A: completely reliable."""
    usually: Credence = 0.9
    """B: usually reliable."""
    fairly: Credence = 0.75
    """C: fairly reliable."""
    not_usually: Credence = 0.5
    """D: not usually reliable."""
    unreliable: Credence = 0.25
    """E: unreliable."""


class CredibilityWeights(Record):
    """By what the credibility of a passage, 1 to 5, multiplies its weight; 6 and none change nothing."""

    confirmed: Credence = 1.0
    """1: confirmed by other sources."""
    probable: Credence = 0.9
    """2: probably true."""
    possible: Credence = 0.75
    """3: possibly true."""
    doubtful: Credence = 0.5
    """4: doubtful."""
    improbable: Credence = 0.25
    """5: improbable."""


class WeightTable(Record):
    """What each grade counts for; a part that a map leaves out is as it stands here."""

    confidence: ConfidenceWeights = ConfidenceWeights()
    """Arguments."""
    author: Credence = 0.5
    """A statement that the map's author puts forward."""
    manner: MannerWeights = MannerWeights()
    """Passages."""
    reliability: ReliabilityWeights = ReliabilityWeights()
    """Sources, as a factor."""
    credibility: CredibilityWeights = CredibilityWeights()
    """Passages, as a factor."""
    most: Credence = 0.95
    """What independent passages come to together, at most."""
    constructed: Credence = 0.5
    """From where the strength of a constructed statement or a motive starts, which have no weight of their own."""

    @model_validator(mode="after")
    def _scales_go_down(self) -> Self:
        for name in ("confidence", "reliability", "credibility"):
            scale = list(scale_of(getattr(self, name)).items())
            for (better, more), (worse, less) in pairwise(scale):
                if less > more:
                    raise ValueError(f"{name} {worse} ({less:g}) must not weigh more than {name} {better} ({more:g})")
        return self

    def of_confidence(self, confidence: Confidence) -> float:
        """What an argument of a confidence weighs."""
        return scale_of(self.confidence)[confidence]

    def of_manner(self, modality: Modality) -> float:
        """What a passage of a modality weighs."""
        return scale_of(self.manner)[modality]

    def of_reliability(self, reliability: Reliability | None) -> float:
        """By what a source's reliability multiplies."""
        if reliability is None or reliability == "F":
            return 1.0
        return list(scale_of(self.reliability).values())["ABCDE".index(reliability)]

    def of_credibility(self, credibility: int | None) -> float:
        """By what a passage's credibility multiplies."""
        return 1.0 if credibility in (None, 6) else list(scale_of(self.credibility).values())[credibility - 1]


def scale_of(grades: Record) -> Mapping[str, float]:
    """The grades of one part of a table by their words, the best first."""
    return grades.model_dump()


DEFAULT_WEIGHTS = WeightTable()
