"""How changes go into Neo4j: all of them in one transaction, which has the map's lock before it compares."""

from graph.errors import RevisionTaken, StoreUnusable, TooLarge
from graph.stores import cypher
from graph.stores.neo4j_batch import Batch
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_errors import Clash, OutOfMemory
from graph.stores.neo4j_sweep import sweep

MOST_MEMORY = 260 << 20
"""Bytes of a server's memory that one transaction may take: a heap of 512 MB has room for a third more."""
_SMALL = MOST_MEMORY // 20
_SECONDS_FOR_EACH = 0.0005


async def commit(calls: Calls, batch: Batch) -> None:
    """Append and apply a batch; raises what `graph.maps.port.Store.commit` says, and `TooLarge`."""
    memory = batch.memory
    if memory > MOST_MEMORY:
        raise TooLarge(
            f"this write needs about {memory >> 20} MB of Neo4j's memory for one transaction, and "
            f"{MOST_MEMORY >> 20} MB is the limit; make it in several, of some 20,000 nodes each"
        )
    patience = calls.patience + batch.weight * _SECONDS_FOR_EACH
    try:
        await calls.write(lambda talk: _write(talk, batch), patience=patience)
    except OutOfMemory as error:
        if memory < _SMALL:
            raise
        raise TooLarge(f"{error.detail}; make it in several, or raise server.memory.heap.max_size") from error
    except Clash as clash:
        if not await sweep(calls):  # what deleted maps left may hold an id or a key
            raise await _explained(calls, batch) from clash
        await calls.write(lambda talk: _write(talk, batch), patience=patience)


async def _write(talk: Talk, batch: Batch) -> None:
    statements = batch.statements()
    text, parameters = next(statements)
    if not await talk.ask(text, **parameters):
        raise RevisionTaken(f"map {batch.header.id!r} is not at revision {batch.expected}")
    for text, parameters in statements:
        await talk.ask(text, **parameters)


async def _explained(calls: Calls, batch: Batch) -> RevisionTaken | StoreUnusable:
    """Tell another writer who was faster from nodes that no change has made."""
    map_id = batch.header.id
    made = [row["properties"]["id"] for row in batch.made]
    [[revision, receipts, strays]] = await calls.peek(cypher.IN_THE_WAY, map=map_id, keys=batch.keys, made=made)
    if strays and revision == batch.expected and not receipts:
        return StoreUnusable(f"Neo4j holds nodes of map {map_id!r} that are not in its log; were they made by hand?")
    return RevisionTaken(f"map {map_id!r} is not at revision {batch.expected}, or its idempotency key is taken")
