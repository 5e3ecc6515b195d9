"""A motive: a contestable explanation of what drives an actor."""

from typing import Literal

from schemas.base import Credence, Id, Line, Node, Slug, Text


class Motive(Node):
    """A claim of the form "this actor is driven by this"; arguments may bear on it or start from it."""

    kind: Literal["motive"] = "motive"
    name: Line
    """A short name, for headings and lists."""
    category: Slug
    """What kind of drive it is, for example `food`, `finance`, `firepower`, `space-technology`, `defence-pact`."""
    text: Text
    """The claim in one sentence."""
    actor: Id
    """The actor that is driven."""
    definition: Text | None = None
    """What falls under the motive and what does not."""
    credence: Credence | None = None
    """How credible it is before any argument is counted; left out, 0.5. It counts in strengths alone."""
