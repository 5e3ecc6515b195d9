"""How a map goes from Neo4j: unlisted at once, then swept away in batches that memory holds."""

from contextlib import suppress
from typing import LiteralString

from graph.errors import OutcomeUnknown, RevisionTaken, StoreUnavailable
from graph.maps.port import MapVersion
from graph.stores import cypher
from graph.stores.neo4j_calls import Calls, Talk

_BATCH = 5_000
_LONG = 30.0


async def drop(calls: Calls, map_id: str, at: MapVersion | None) -> bool:
    """Unlist the map under its lock and sweep what it held; whether there was one, as the port says.

    What a process that died did not sweep is swept by the next drop, or by who makes a map of the same id.
    """
    await sweep(calls, cypher.LEFT_OF, map=map_id)
    meant = {
        "map": map_id,
        "revision": at and at.revision,
        "created_at": at and at.created_at,
        "change": at and at.change,
    }
    try:
        unlisted = await calls.write(lambda talk: talk.ask(cypher.UNLIST, **meant))
        if unlisted == [[False]]:
            raise RevisionTaken(f"map {map_id!r} stands elsewhere now")
    except OutcomeUnknown:
        # The lock tells: whoever has it sees the end of the transaction that was cut off.
        if await calls.peek(cypher.LOCKED_HEADER, map=map_id):
            raise
        unlisted = [[True]]
    if unlisted:
        with suppress(StoreUnavailable, OutcomeUnknown):  # the map is gone; what it left can wait
            await sweep(calls, cypher.LEFT)
    return bool(unlisted)


async def sweep(calls: Calls, text: LiteralString = cypher.LEFT, **parameters: str) -> bool:
    """Delete what unlisted maps left, those that `text` finds; whether there were any.

    Each batch holds the lock of what marks the map as unlisted, so that none can hit a map made anew.
    """
    left = await calls.ask(text, fresh=True, **parameters)
    for map_id, created_at in left:
        for step in (
            cypher.SWEEP_NODES,
            cypher.SWEEP_FORMER,
            cypher.SWEEP_BESIDE,
            cypher.SWEEP_TEXTS,
            cypher.SWEEP_CHANGES,
        ):
            while await _swept(calls, step, map_id, created_at) == _BATCH:
                pass
        await _swept(calls, cypher.SWEEP_LAST, map_id, created_at)
    return bool(left)


async def _swept(calls: Calls, step: LiteralString, map_id: str, created_at: str) -> int:
    async def work(talk: Talk) -> int:
        [[count]] = await talk.ask(step, map=map_id, created_at=created_at, size=_BATCH)
        return int(count)

    return await calls.write(work, patience=_LONG)
