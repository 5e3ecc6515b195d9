"""A map copied from one store to another with its whole history and its texts, while both are in use."""

from collections.abc import Iterator, Sequence

from graph.errors import Conflict, MapDamaged, OutcomeUnknown, RevisionTaken, StoreUnavailable
from graph.maps.commit_queue import has_happened
from graph.maps.expected import Expected
from graph.maps.port import Store
from schemas.change import Change

_READ_TOGETHER = 200
_EDITS_TOGETHER = 2_000
"""Edits in one commit; a change of more goes in by itself."""
_ATTEMPTS = 20


async def copy_map(source: Store, target: Store, map_id: str) -> int:
    """Bring a map of the target to where it stands in the source; gives how many revisions were copied.

    What the target has of the map already must be the beginning of the same history, so that copying again goes on
    where it ended, and catches up with what was written meanwhile. Raises `Conflict` where it is another map,
    `MapDamaged` where the history has a gap, and what the stores raise.
    """
    copied = 0
    expected: Expected | None = None
    stands = await target.version(map_id)
    behind = 0 if stands is None else stands.revision
    revision = 0
    while changes := await source.changes(map_id, revision, revision + _READ_TOGETHER):
        if expected is None and changes[0].born is not None and stands is not None and behind < changes[0].revision:
            raise Conflict(
                f"the source does not keep what came before revision {changes[0].revision} of map {map_id!r} any more, "
                f"and the target ends with {behind}; delete it there, then it is copied anew",
                code="conflict",
            )
        if changes[0].revision != revision + 1 and not (expected is None and changes[0].begins):
            raise MapDamaged(map_id, f"its history goes on with {changes[0].revision} behind revision {revision}")
        expected = Expected.born(changes[0]) if expected is None else expected
        revision = changes[-1].revision
        for some in _parts(changes, behind):
            expected.follow(some)
            if behind and some[-1].revision > behind and any(change.redaction is not None for change in some):
                detail = f"something was taken out of the history of map {map_id!r}, and the target has it still"
                raise Conflict(f"{detail}; delete the map in the target for good, and copy it again")
            if some[-1].revision <= behind:
                if some[-1].revision == behind and stands is not None and stands.change != some[-1].uid:
                    raise _other(map_id)
                continue
            await _commit(target, expected, some)
            copied += len(some)
    if stands is not None and (expected is None or behind > revision):
        raise _other(map_id)
    return copied


async def copy_texts(source: Store, target: Store, map_id: str) -> int:
    """Bring over the texts of sources that the target has not, or has otherwise; gives how many.

    Texts are beside the history of a map: one that was taken away from the source stays where it was copied to.
    """
    there = await target.source_digests(map_id)
    wanted = [i for i, digest in (await source.source_digests(map_id)).items() if there.get(i) != digest]
    copied = 0
    for source_id in sorted(wanted):
        text = await source.source_text(map_id, source_id)
        if text is not None:  # else it was taken away meanwhile
            copied += await target.keep_text(map_id, source_id, text)
    return copied


async def is_same(source: Store, target: Store, map_id: str) -> bool:
    """Whether both stores give the same documents of a map at one revision; what goes on meanwhile is waited for."""
    for _ in range(_ATTEMPTS):
        here, there = await source.load(map_id), await target.load(map_id)
        if here is None or there is None:
            return here is there
        if here.header.change == there.header.change:
            return (here.ids, here.kinds, here.documents) == (there.ids, there.kinds, there.documents)
        await copy_map(source, target, map_id)
    raise StoreUnavailable(
        f"map {map_id!r} is written to faster than it can be copied; it is copied up to a moment ago"
    )


def _parts(changes: Sequence[Change], behind: int) -> Iterator[list[Change]]:
    """Changes that are committed together; those that the target has already are apart from the rest."""
    part: list[Change] = []
    edits = 0
    for change in changes:
        if part and (edits + len(change.edits) > _EDITS_TOGETHER or part[-1].revision == behind):
            yield part
            part, edits = [], 0
        part.append(change)
        edits += len(change.edits)
    if part:
        yield part


async def _commit(target: Store, expected: Expected, changes: Sequence[Change]) -> None:
    try:
        await target.commit(expected.finish().header, changes)
    except RevisionTaken as error:
        raise Conflict(
            f"map {expected.header.id!r} was written to in the target, or one of its idempotency keys is taken there",
            code="conflict",
        ) from error
    except OutcomeUnknown:
        if not await has_happened(target, changes[-1]):
            await target.commit(expected.header, changes)


def _other(map_id: str) -> Conflict:
    return Conflict(f"the target has another map {map_id!r}, or one that was written to since; nothing of it is copied")
