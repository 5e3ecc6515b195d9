"""A statement: one proposition that can be true or false, held once however many people say it."""

from typing import Literal

from schemas.base import Credence, Id, Node, Record, Slug, Text
from schemas.vocabulary import Basis, MotiveRole, Origin


class Concern(Record):
    """The part that a statement plays for a motive."""

    motive: Id
    """Id of the motive."""
    role: MotiveRole
    """What it is to the motive."""
    basis: Basis = "explicit"
    """Whether the text says so (explicit) or a reader sees it (inferred)."""


class Statement(Node):
    """One proposition (AIF I-node, Argdown statement)."""

    kind: Literal["statement"] = "statement"
    text: Text
    """The proposition in one sentence."""
    origin: Origin = "author"
    """`attributed`: put forward by those whose assertions it has, and by nobody once the last of them is gone;
    `author`: put forward by the map's author; `constructed`: an analyst's conclusion that stands on its arguments
    alone. Left out, it is the author's until an assertion of it is made, and attributed from then on."""
    concerns: tuple[Concern, ...] = ()
    """The parts that it plays for motives."""
    about: tuple[Id, ...] = ()
    """Actors that it speaks of."""
    scope: Slug | None = None
    """How wide the statement reaches, for example `motive` or `overall`."""
    credence: Credence | None = None
    """How credible it is before any argument is counted, in place of the weight that follows from its assertions."""

    @property
    def is_open_about_its_origin(self) -> bool:
        """Whether the origin was left out."""
        return "origin" not in self.model_fields_set

    def dense(self) -> bytes:
        """The form that is stored; an author's origin stands in it where it was given and not left out."""
        document = super().dense()
        is_given = self.origin == "author" and not self.is_open_about_its_origin
        return document[:-1] + b',"origin":"author"}' if is_given else document
