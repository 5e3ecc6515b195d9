"""The answer to a question for argument paths: each with its steps, and whether these are all there are."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.vocabulary import ArgumentBasis, Confidence, Stance


class PathStep(msgspec.Struct, frozen=True, gc=False, rename={"from_": "from"}):
    """One argument on a path, from the node before it to the node after it."""

    from_: Annotated[str, Meta(description="Id of a premise; of the argument itself where the path reached that.")]
    argument: Annotated[str, Meta(description="Id of the argument.")]
    to: Annotated[
        str, Meta(description="Id of its target; of the argument itself where the path ends in it by a premise.")
    ]
    stance: Annotated[
        Stance, Meta(description="How the argument bears on its target; a premise supports its own argument.")
    ]
    basis: Annotated[
        ArgumentBasis,
        Meta(description="Whether a text in the view marks the step, a reader finds it, or it is the analyst's own."),
    ]
    confidence: Annotated[Confidence, Meta(description="How sure the reading of the argument is.")]


class Path(msgspec.Struct, frozen=True, gc=False):
    """A way along the direction of reasoning that visits no node twice."""

    nodes: Annotated[tuple[str, ...], Meta(description="Ids of all nodes on the way, arguments among them.")]
    polarity: Annotated[
        Stance, Meta(description="`supporting` with an even number of opposing steps, else `opposing`.")
    ]
    length: Annotated[int, Meta(description="Number of steps.", ge=1)]
    strength: Annotated[
        float,
        Meta(
            description=(
                "The credence of the start, passed on from step to step: an argument passes on the weaker of what "
                "reaches it and its other premises' credences, times its own credence, times 1, 0.75 or 0.5 for high, "
                "medium or low confidence. Six significant digits."
            ),
            ge=0,
            le=1,
        ),
    ]
    steps: Annotated[tuple[PathStep, ...], Meta(description="The arguments in order, each from where the last led.")]


class PathCounts(msgspec.Struct, frozen=True, gc=False):
    """How many of the paths given have each polarity; of all there are, where the answer is complete."""

    supporting: Annotated[int, Meta(ge=0)]
    opposing: Annotated[int, Meta(ge=0)]


PathReason = Literal["limit", "max_length", "budget", "not_connected", "filtered"]


class PathsAnswer(msgspec.Struct, frozen=True, gc=False):
    """Argument paths in a total order, of which a smaller limit gives the beginning."""

    map: Annotated[str, Meta(description="Id of the map.")]
    revision: Annotated[int, Meta(description="Revision that was asked.", ge=1)]
    complete: Annotated[bool, Meta(description="Whether the question asks for no path beyond this page.")]
    reason: Annotated[
        PathReason | None,
        Meta(
            description=(
                "Why the answer is not complete: `limit` (there are more, or work ended at the limit), `max_length` "
                "(longer ones exist, or could not be ruled out within the work allowed), `budget` (the work allowed "
                "was used up). Why it is empty: `not_connected` (no path in the map), `filtered` (there is one, which "
                "the view or the question leaves out)."
            )
        ),
    ]
    counts: Annotated[PathCounts, Meta(description="Of the items given.")]
    items: Annotated[tuple[Path, ...], Meta(description="By length or by strength, then by the ids on the way.")]
    next: Annotated[
        str | None,
        Meta(description="Cursor of the next page, also where the work allowed for one page was used up; else null."),
    ]
