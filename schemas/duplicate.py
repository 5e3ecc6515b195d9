"""The answer to which nodes of a map may be the same."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.vocabulary import Kind

DuplicateSign = Literal["marked", "equal", "text", "initials"]


class Duplicate(msgspec.Struct, frozen=True, gc=False):
    """Two nodes of one kind that may be the same: as the body of a merge, and of the judgement that they are not."""

    kind: Kind
    keep: Annotated[str, Meta(description="Id of the one that more nodes name.")]
    drop: Annotated[str, Meta(description="Id of the other.")]
    score: Annotated[float, Meta(description="How alike they are; 1 is the same. Three decimal places.", ge=0, le=1)]
    sign: Annotated[
        DuplicateSign,
        Meta(
            description=(
                "By what they were found: `marked` (one names the other in `same_as`), `equal` (arguments of the same "
                "premises, target and stance; assertions of the same source, chain and place), `text` (their texts, "
                "names or titles differ little and hold the same figures), `initials` (one is called by the initials "
                "of the other)."
            )
        ),
    ]


class DuplicatesAnswer(msgspec.Struct, frozen=True, gc=False):
    """Pairs of nodes that may be the same; what was judged not to be, and what argues with the other, is no pair."""

    map: Annotated[str, Meta(description="Id of the map.")]
    revision: Annotated[int, Meta(description="Revision that was asked.", ge=1)]
    complete: Annotated[bool, Meta(description="Whether all nodes of the view were compared.")]
    reason: Annotated[
        Literal["budget"] | None,
        Meta(description="`budget`: so many texts are alike that the work allowed was used up before the end."),
    ]
    items: Annotated[tuple[Duplicate, ...], Meta(description="The likest first, then by their ids.")]
    total: Annotated[int, Meta(description="Pairs on all pages.", ge=0)]
    next: Annotated[str | None, Meta(description="Cursor of the next page; null at the end.")]
