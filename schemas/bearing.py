"""The answer to what bears on a node, or on what it bears: every such node with its distance and polarities."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.vocabulary import Kind, Stance


class Bearing(msgspec.Struct, frozen=True, gc=False):
    """A motive, statement or argument that walks along the direction of reasoning lead from, or to."""

    id: str
    kind: Kind
    distance: Annotated[int, Meta(description="Arguments on the shortest walk.", ge=1)]
    polarities: Annotated[
        tuple[Stance, ...], Meta(description="Of all walks, of any length: `supporting` first where both occur.")
    ]


class BearingAnswer(msgspec.Struct, frozen=True, gc=False):
    """Grounds or consequences of a node."""

    map: Annotated[str, Meta(description="Id of the map.")]
    revision: Annotated[int, Meta(description="Revision that was asked.", ge=1)]
    complete: Annotated[bool, Meta(description="Whether the whole view was gone through.")]
    reason: Annotated[
        Literal["budget"] | None,
        Meta(description="`budget`: the work allowed was used up; what is nearer is known, polarities may be missing."),
    ]
    items: Annotated[tuple[Bearing, ...], Meta(description="By distance and id.")]
    total: Annotated[int, Meta(description="How many there are on all pages.", ge=0)]
    next: Annotated[str | None, Meta(description="Cursor of the next page; null at the end.")]
