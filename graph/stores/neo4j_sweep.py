"""How a map goes from Neo4j: unlisted at once, then swept away, or moved aside, in batches that memory holds."""

from contextlib import suppress
from typing import LiteralString

from graph.errors import OutcomeUnknown, RevisionTaken, StoreUnavailable
from graph.maps.port import Deletion, MapVersion
from graph.stores import cypher, cypher_deleting
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_errors import Clash

_BATCH = 5_000
_LONG = 30.0


async def drop(calls: Calls, map_id: str, at: MapVersion | None, kept: Deletion | None) -> bool:
    """Unlist the map under its lock and sweep what it held, or move it aside; whether there was one, as the port says.

    What a process that died did not sweep is swept by the next drop, or by who makes a map of the same id.
    """
    await sweep(calls, cypher_deleting.LEFT_OF, map=map_id)
    meant = {
        "map": map_id,
        "revision": at and at.revision,
        "created_at": at and at.created_at,
        "change": at and at.change,
        "aside": kept and f"{map_id} {kept.at}",
        "at": kept and kept.at,
        "by": kept and kept.by,
        "until": kept and kept.until,
    }
    try:
        unlisted = await calls.write(lambda talk: talk.ask(cypher_deleting.UNLIST, **meant))
        if unlisted == [[False]]:
            raise RevisionTaken(f"map {map_id!r} stands elsewhere now")
    except OutcomeUnknown:
        # The lock tells: whoever has it sees the end of the transaction that was cut off.
        if await calls.peek(cypher.LOCKED_HEADER, map=map_id):
            raise
        unlisted = [[True]]
    if unlisted:
        with suppress(StoreUnavailable, OutcomeUnknown):  # the map is gone; what it left can wait
            await sweep(calls, cypher_deleting.LEFT)
    return bool(unlisted)


async def sweep(calls: Calls, text: LiteralString = cypher_deleting.LEFT, **parameters: str) -> bool:
    """Delete what unlisted maps left, those that `text` finds; whether there were any.

    Each batch holds the lock of what marks the map as unlisted, so that none can hit a map made anew.
    """
    left = await calls.ask(text, fresh=True, **parameters)
    for map_id, created_at, is_kept in left:
        for step in _ASIDE if is_kept else _AWAY:
            await _through(calls, step, map=map_id, created_at=created_at)
    return bool(left)


async def move_back(calls: Calls, map_id: str, at: str) -> bool:
    """Move a map back and list it again, as the port says; what was cut off is gone on with when it is asked again."""
    await sweep(calls, cypher_deleting.LEFT_OF, map=map_id)
    meant = {"map": map_id, "at": at}
    try:
        claimed = await calls.write(lambda talk: talk.ask(cypher_deleting.CLAIM, **meant))
    except Clash as clash:
        raise RevisionTaken(f"there is a map {map_id!r} already") from clash
    if claimed == [[True]]:
        raise RevisionTaken(f"there is a map {map_id!r} already")
    if not claimed:
        return False
    for step in _BACK:
        await _through(calls, step, **meant)
    return True


_AWAY = (
    cypher_deleting.SWEEP_NODES,
    cypher_deleting.SWEEP_FORMER,
    cypher_deleting.SWEEP_BESIDE,
    cypher_deleting.SWEEP_TEXTS,
    cypher_deleting.SWEEP_CHANGES,
    cypher_deleting.SWEEP_LAST,
)
_ASIDE = (
    cypher_deleting.ASIDE_NODES,
    cypher_deleting.ASIDE_FORMER,
    cypher_deleting.ASIDE_BESIDE,
    cypher_deleting.ASIDE_TEXTS,
    cypher_deleting.ASIDE_CHANGES,
    cypher_deleting.ASIDE_LAST,
)
_BACK = (
    cypher_deleting.BACK_NODES,
    cypher_deleting.BACK_FORMER,
    cypher_deleting.BACK_BESIDE,
    cypher_deleting.BACK_TEXTS,
    cypher_deleting.BACK_CHANGES,
    cypher_deleting.BACK_KEYS,
    cypher_deleting.BACK_LAST,
)
"""What is done to all that a map holds, step by step; the last one of each is what others go by."""


async def _through(calls: Calls, step: LiteralString, **meant: str) -> None:
    """Do a step until it finds less than a batch."""
    while await _swept(calls, step, **meant) == _BATCH:
        pass


async def _swept(calls: Calls, step: LiteralString, **meant: str) -> int:
    """Do a step to one batch; how much it found."""

    async def work(talk: Talk) -> int:
        found = await talk.ask(step, size=_BATCH, **meant)
        return int(found[0][0]) if found else 0

    return await calls.write(work, patience=_LONG)
