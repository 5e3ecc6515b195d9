"""A motive: a contestable explanation of what drives an actor."""

from typing import Literal

from schemas.base import Credence, Id, Line, Node, Text
from schemas.vocabulary import Category


class Motive(Node):
    """A claim of the form "this actor is driven by this"; arguments may bear on it or start from it."""

    kind: Literal["motive"] = "motive"
    name: Line
    category: Category
    text: Text
    """The claim in one sentence."""
    actor: Id
    """The actor that is driven."""
    definition: Text | None = None
    """What falls under the motive and what does not."""
    credence: Credence = 0.5
    """Initial strength, before any argument is counted."""
