"""The structure of a map's arguments by number: what each starts from, bears on, and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import msgspec
import numpy as np
import numpy.typing as npt

from graph.snapshot.adjacency import Ints
from graph.snapshot.numbering import places
from schemas.vocabulary import Confidence, Stance, rank_of

SIGN: dict[Stance, int] = {"supporting": 1, "opposing": -1}
Bytes = npt.NDArray[np.int8]


class StepShape(msgspec.Struct, gc=False):
    """The part of an argument's document that the structure needs."""

    premises: tuple[str, ...]
    target: str
    stance: Stance
    confidence: Confidence | None = None


read_shape = msgspec.json.Decoder(StepShape).decode


@dataclass(frozen=True, slots=True, eq=False)
class StepColumns:
    """An entry for each argument of a map, in the order of ids; nodes are named by their place in that order."""

    targets: Ints
    signs: Bytes
    """1 for a supporting argument, -1 for an opposing one."""
    confidences: Bytes
    """0 low, 1 medium, 2 high."""
    widths: Ints
    """How many premises each has."""
    premises: Ints
    """The premises of all, one argument's behind another's."""

    @classmethod
    def read(cls, ids: Sequence[str], documents: Sequence[bytes]) -> "StepColumns":
        """The structure as the arguments' documents say it; raises `KeyError` where an end is no id of the map."""
        shapes = list(map(read_shape, documents))
        size = len(shapes)
        ends = places(ids, [*(s.target for s in shapes), *chain.from_iterable(s.premises for s in shapes)])
        return cls(
            targets=ends[:size],
            signs=np.fromiter((SIGN[s.stance] for s in shapes), dtype=np.int8, count=size),
            confidences=np.fromiter((rank_of(s.confidence) for s in shapes), dtype=np.int8, count=size),
            widths=np.fromiter((len(s.premises) for s in shapes), dtype=np.int32, count=size),
            premises=ends[size:],
        )
