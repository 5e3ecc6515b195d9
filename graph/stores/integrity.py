"""What a store checks of all that it reads, whoever may have had a hand in it: what does not fit is not served."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from zlib import crc32

from graph.errors import MapDamaged
from schemas.change import Change

_NAMED_AT_MOST = 5


document_sum = crc32
"""What a document adds to the checksum of its map."""


def checksum(documents: Iterable[bytes]) -> int:
    """The sum of the documents' CRC-32: each commit carries it on, each load holds the documents against it."""
    return sum(map(document_sum, documents))


def check_nodes(
    map_id: str, ids: Sequence[str], documents: Sequence[bytes], count: int | None, total: int | None
) -> None:
    """Hold the nodes of a load against each other, and against what the map's head says of them if it says it.

    Each document begins with the id of its own node, as every stored document does; there are `count` of them, and
    their checksum is `total`. Raises `MapDamaged`, by name where that is known. O(nodes), half a microsecond each.
    """
    begins = ('{"id":"' + '"\n{"id":"'.join(ids) + '"').encode().split(b"\n") if ids else []
    if len(begins) != len(ids):
        raise MapDamaged(map_id, f"{nodes_named([i for i in ids if not i.isprintable()])} of an id that cannot be")
    if not all(map(bytes.startswith, documents, begins)):
        other = [i for i, d, begin in zip(ids, documents, begins, strict=True) if not d.startswith(begin)]
        raise MapDamaged(map_id, f"{nodes_named(other)} there with a document that is not its own")
    if count is not None and count != len(ids):
        raise MapDamaged(map_id, f"it should have {count} nodes and has {len(ids)}")
    if total is not None and total != checksum(documents):
        raise MapDamaged(map_id, "a document is not the one that its history gives")


def nodes_named(ids: Sequence[str]) -> str:
    """Nodes at the beginning of a sentence, a few of them by name."""
    some = ", ".join(repr(i) for i in sorted(map(str, ids))[:_NAMED_AT_MOST])
    more = f" and {len(ids) - _NAMED_AT_MOST} more" if len(ids) > _NAMED_AT_MOST else ""
    return f"node {some} is" if len(ids) == 1 else f"nodes {some}{more} are"


def checked_log(map_id: str, changes: list[Change]) -> list[Change]:
    """Entries of a log, where they follow one another; raises `MapDamaged`."""
    for before, after in pairwise(changes):
        if after.revision != before.revision + 1 or after.follows not in ("", before.uid):
            raise MapDamaged(map_id, f"behind revision {before.revision} its history goes on with {after.revision}")
    return changes
