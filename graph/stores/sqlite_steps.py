"""The structure of arguments as an SQLite file keeps it: numbers beside the documents, so that a load reads no JSON.

Each node has a number in its map, for good. Its row has that number and its kind in 32 bits; an argument's goes on
with its stance and confidence, its target's number and its premises' numbers.
"""

from collections.abc import Callable, Sequence
from itertools import repeat
from operator import floordiv

import numpy as np
import numpy.typing as npt

from graph.snapshot.adjacency import NONE, Ints
from graph.snapshot.columns import ARGUMENT, KIND_CODE
from graph.snapshot.steps import SIGN, StepColumns, read_shape
from schemas.vocabulary import Kind, rank_of

Longs = npt.NDArray[np.int64]
_KIND_BITS = 3
_KIND = (1 << _KIND_BITS) - 1
_OPPOSING = 4
"""Beside the confidence's rank, which takes the two bits below."""


def packed(number: int, kind: Kind, document: bytes, number_of: Callable[[str], int | None]) -> bytes:
    """What a node's row has beside its document."""
    own = number << _KIND_BITS | KIND_CODE[kind]
    held: list[int | None] = [own]
    if kind == "argument":
        shape = read_shape(document)
        how = rank_of(shape.confidence) | (_OPPOSING if SIGN[shape.stance] < 0 else 0)
        held += [how, number_of(shape.target), *map(number_of, shape.premises)]
    # An end that is not there makes the step unknown; whoever loads the map reads the document then.
    return np.array(held if None not in held else [own], dtype="<i4").tobytes()


def unpacked(held: Sequence[bytes]) -> tuple[bytes, StepColumns | None]:
    """Kinds and structure of a map from all its rows in the order of ids; None where an argument's is not known."""
    widths = np.fromiter(map(floordiv, map(len, held), repeat(4)), dtype=np.int64, count=len(held))
    flat = np.frombuffer(b"".join(held), dtype="<i4")
    starts = np.cumsum(widths) - widths
    kinds = (flat[starts] & _KIND).astype(np.uint8)
    arguments = kinds == ARGUMENT
    return kinds.tobytes(), _steps(widths, flat, starts, arguments)


def _steps(widths: Longs, flat: Ints, starts: Longs, arguments: npt.NDArray[np.bool_]) -> StepColumns | None:
    if bool((widths[arguments] < 3).any()):
        return None
    at = starts[arguments]
    is_premise = np.repeat(arguments, widths)
    for head in range(3):
        is_premise[at + head] = False
    ends = np.concatenate((flat[at + 2], flat[is_premise]))
    numbers = flat[starts] >> _KIND_BITS
    place = np.full(int(max(numbers.max(initial=0), ends.max(initial=0))) + 1, NONE, dtype=np.int32)
    place[numbers] = np.arange(len(numbers), dtype=np.int32)
    places, how = place[ends], flat[at + 1]
    if int(places.min(initial=0)) < 0:
        return None
    return StepColumns(
        targets=places[: len(at)],
        signs=np.where(how & _OPPOSING, -1, 1).astype(np.int8),
        confidences=(how % _OPPOSING).astype(np.int8),
        widths=(widths[arguments] - 3).astype(np.int32),
        premises=places[len(at) :],
    )
