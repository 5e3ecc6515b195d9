"""The answer to why a node has its verdict and strength."""

import msgspec

from schemas.evaluation import Cause, Defaults, Standing, Stopped, Verdict


class WeightPart(msgspec.Struct, frozen=True):
    """One thing that a weight comes from."""

    text: str
    """In words and numbers."""
    value: float | None
    """What it comes to; null where it comes to nothing of its own."""
    nodes: tuple[str, ...] = ()
    """What it was read from: assertions, sources, actors."""


class WeightAccount(msgspec.Struct, frozen=True):
    """A weight, and where it comes from."""

    value: float | None
    """Null of what has no own ground."""
    from_: tuple[WeightPart, ...] = msgspec.field(name="from")
    """In the order in which they count."""


class Contender(msgspec.Struct, frozen=True):
    """One side's ground or argument."""

    id: str
    """An argument; of an own ground the statement itself."""
    weight: float
    """What it counts for at the node."""
    verdict: Verdict
    premises: tuple[str, ...] = ()
    """Of an argument; empty of an own ground."""


class Flip(msgspec.Struct, frozen=True):
    """The smallest set of nodes that was found whose removal changes a verdict."""

    remove: tuple[str, ...]
    """Motives, statements and arguments; with a premise its arguments go."""
    to: Verdict
    smallest: bool
    """Whether it is proven that no smaller set does."""
    at_least: int
    """How many nodes any such set has: proven."""


class WhyAnswer(msgspec.Struct, frozen=True):
    """Why a node stands as it does, under the grounded labelling of the reading `weighed` and the default strength."""

    map: str
    revision: int
    id: str
    semantics: str
    """What the verdict and the strength are of."""
    reading: str
    defaults: Defaults
    verdict: Verdict
    cause: Cause | None
    standing: Standing | None
    """In a word for people; null of an argument."""
    strength: float
    weight: WeightAccount
    deciding: tuple[str, ...]
    """A smallest set of arguments that gives the verdict whatever becomes of the others, of several the best supported;
    empty where none is needed. Of an undecided node those of the shortest way into a cycle that nothing decides."""
    for_: tuple[Contender, ...] = msgspec.field(name="for")
    """What speaks for it, the heaviest first."""
    against: tuple[Contender, ...]
    """What speaks against it, the heaviest first: of an argument what attacks it and what stands on the other side."""
    flip: Flip | None
    """None where it is proven that no removal changes the verdict, or, with `complete: false`, where none was found."""
    complete: bool
    """Whether `deciding` and `flip` are proven to be smallest."""
    reason: Stopped | None = None
