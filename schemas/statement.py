"""A statement: one proposition that can be true or false, held once however many people say it."""

from typing import Literal

from schemas.base import Credence, Id, Node, Record, Slug, Text
from schemas.vocabulary import Basis, MotiveRole, Origin


class Concern(Record):
    """The part that a statement plays for a motive."""

    motive: Id
    role: MotiveRole
    basis: Basis = "explicit"
    """Whether the text says so (explicit) or a reader sees it (inferred)."""


class Statement(Node):
    """One proposition (AIF I-node, Argdown statement)."""

    kind: Literal["statement"] = "statement"
    text: Text
    """The proposition in one sentence."""
    origin: Origin = "asserted"
    """`asserted`: put forward as true by those who say it or by the author; `constructed`: stands on its arguments."""
    concerns: tuple[Concern, ...] = ()
    scope: Slug | None = None
    """How wide the statement reaches, for example `motive` or `overall`."""
    credence: Credence = 0.5
    """Initial strength, before any argument is counted."""
