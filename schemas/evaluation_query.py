"""The questions of interrogation: evaluation, acceptance, why, influence and cruxes."""

from typing import Literal

from pydantic import Field

from schemas.evaluation import Semantics
from schemas.query import Ids, Query

EvaluatedKind = Literal["motive", "statement", "argument"]
Ask = Literal["evaluation", "paths", "motives"]
"""The parts of what a hypothetical question answers."""
Gradual = Literal["quadratic-energy", "df-quad", "euler", "mlp"]
Reading = Literal["weighed", "grounds", "deductive", "necessary"]
"""What attack and support mean to a labelling."""

ArgumentSemantics = Literal["grounded", "complete", "preferred", "stable", "semi-stable", "ideal"]
"""The semantics that give verdicts."""
AcceptanceMode = Literal["credulous", "sceptical"]
InfluenceMethod = Literal["removal", "gradient"]
CruxKind = Literal["statements", "actors", "sources"]


class EvaluationQuery(Query):
    """Which conclusions stand, or how strongly."""

    semantics: Semantics = "grounded"
    """A labelling, which gives verdicts, or one of the last four, which give strengths."""
    reading: Reading = "weighed"
    """What attack and support mean to a labelling: `weighed` as graded, `grounds` without grades, `deductive` and
    `necessary` as in the literature. A strength does not depend on it."""
    ids: Ids = ()
    """Only these nodes; left out, all."""
    kinds: tuple[EvaluatedKind, ...] = ()
    """Only nodes of these kinds; left out, of all three."""
    limit: int | None = Field(default=None, ge=1, le=10_000)
    """Most nodes on a page; left out, all."""
    extensions: int | None = Field(default=None, ge=1, le=10_000)
    """Most extensions that are listed; left out, as many as `limit` says, or 100."""
    cursor: str | None = None
    """The `next` of the page before."""


class AcceptanceQuery(Query):
    """Whether a node is accepted in some or in every labelling."""

    id: str
    """A statement, a motive or an argument."""
    semantics: ArgumentSemantics = "preferred"
    """Which labellings count."""
    mode: AcceptanceMode = "sceptical"
    """`credulous`: in some labelling; `sceptical`: in every one."""
    reading: Reading = "weighed"
    """What attack and support mean."""


class WhyQuery(Query):
    """Why a node has its verdict and strength."""

    id: str
    """A statement, a motive or an argument."""


class InfluenceQuery(Query):
    """How much each node moves the strength of another."""

    target: str
    """Whose strength: a motive, a statement or an argument."""
    method: InfluenceMethod = "removal"
    """`removal`: strength with the node less strength without it; `gradient`: strength by the node's weight."""
    semantics: Gradual = "quadratic-energy"
    """How strengths are computed."""
    limit: int = Field(default=100, ge=1, le=10_000)
    """Most nodes that are listed."""


class CruxesQuery(Query):
    """What a conclusion rests on."""

    target: str
    """What is examined: a motive, a statement or an argument."""
    over: CruxKind = "statements"
    """What may be taken out."""
    limit: int = Field(default=100, ge=1, le=1000)
    """Most cuts, and most single items, that are listed."""
