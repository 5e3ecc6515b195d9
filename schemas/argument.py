"""An argument: one step of reasoning from linked premises to a target."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Credence, Id, Node, Slug, Text
from schemas.vocabulary import Confidence, Stance


class Argument(Node):
    """One step of reasoning (AIF RA or CA node, Toulmin grounds and warrant, SETAF attack)."""

    kind: Literal["argument"] = "argument"
    premises: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Statements or motives that bear on the target together; a set, kept in the order given."""
    target: Id
    """A statement, a motive or another argument."""
    stance: Stance
    scheme: Slug | None = None
    """A Walton scheme by its slug, or a domain scheme such as `calculation`."""
    warrant: Text | None = None
    """Why the premises bear on the target."""
    confidence: Confidence | None = None
    """How sure the analyst is that the premises bear on the target; left out, it counts as medium."""
    rationale: Text | None = None
    """Why the analyst reads the step so."""
    credence: Credence | None = None
    """The weight of the step itself, in place of the one that follows from its confidence."""
