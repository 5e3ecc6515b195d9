"""The schema of the Neo4j store: numbered migrations that any number of processes may start at once."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any, LiteralString

from graph.errors import StoreUnavailable, StoreUnusable
from graph.maps.port import StoreInfo
from graph.search.words import read_texts
from graph.stores import cypher
from graph.stores.data_migrations import Attributed
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_writing import index_row, node_row
from schemas.change import Change, decode_change, encode_change
from schemas.node import read_node

NEWEST = len(cypher.MIGRATIONS)
OLDEST_SERVER = (5, 26)
"""The first with labels and types as parameters."""
_LONG = 60.0
"""Seconds that building indexes over a full database, or waiting for another process at it, may take."""
_ATTEMPTS = 10
_ATTRIBUTED = 3
"""The migration that says of statements who puts them forward."""
_REWRITTEN_TOGETHER = 500
_INDEXED_ANEW = 4
"""The migration that writes the terms of the full-text index anew."""
_NAMES = re.compile(r"(?:CONSTRAINT|INDEX) (argumap_\w+)")


async def info(calls: Calls) -> StoreInfo:
    """What the server is; raises `StoreUnusable` for one that is too old or holds a newer schema."""
    [[name, version, schema]] = await calls.ask(cypher.ALIVE)
    numbers = tuple(int(n) for n in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST_SERVER:
        oldest = ".".join(map(str, OLDEST_SERVER))
        raise StoreUnusable(f"{calls.where} is {name} {version}; argumap needs Neo4j {oldest} or newer")
    if (schema or 0) > NEWEST:
        raise StoreUnusable(
            f"the data at {calls.where} were written by a newer argumap (schema {schema}, "
            f"this one knows {NEWEST}); use that one"
        )
    return StoreInfo("neo4j", version, schema or 0)


async def migrate(calls: Calls) -> StoreInfo:
    """Bring the schema up to date where it is not; raises `StoreUnusable` for data that are not argumap's.

    A statement on the schema cannot share a transaction with data, so one transaction holds the lock while
    others run the statements; where the process dies the lock goes with its connection.
    """
    found = await info(calls)
    if found.schema == NEWEST and await _is_whole(calls):
        return found
    if found.schema == 0:
        await _refuse_foreign(calls)
        await _make_lockable(calls)
    elif found.schema < _ATTRIBUTED:
        await _attribute(calls)  # which writes all of a node anew, what the index holds of it too
    elif found.schema < _INDEXED_ANEW:
        await _index_anew(calls)
    await calls.write(lambda talk: _under_lock(calls, talk), patience=_LONG)
    return found._replace(schema=NEWEST)


async def _attribute(calls: Calls) -> None:
    """Bring all documents to their second form, in the log too, so that `as_of` speaks of the same.

    Each part is a transaction of its own and may be done again: where the process dies, or another does the same,
    the next one goes over all of it once more.
    """
    for [map_id] in await calls.ask(cypher.MAP_IDS):
        form = Attributed()
        async for changes in _log(calls, map_id):
            form.look_at(changes)
        async for changes in _log(calls, map_id):
            whole = [{"revision": c.revision, "doc": encode_change(form.change(c)).decode()} for c in changes]
            await _rewrite(calls, cypher.REWRITE_LOG, map_id, whole)
        after = ""
        while True:
            [[ids, kinds, documents]] = await calls.ask(cypher.NODES, map=map_id, after=after, size=_REWRITTEN_TOGETHER)
            if not ids:
                break
            held = zip(kinds, (form.document(k, i, d.encode()) for i, k, d in zip(ids, kinds, documents, strict=True)),
                       strict=True)  # fmt: skip
            rows = [node_row(map_id, read_node(kind, document), document.decode()) for kind, document in held]
            await _rewrite(calls, cypher.REWRITE_NODES, map_id, rows)
            after = ids[-1]


async def _log(calls: Calls, map_id: str) -> AsyncIterator[list[Change]]:
    after = 0
    while records := await calls.ask(cypher.SOME_CHANGES, map=map_id, after=after, size=_REWRITTEN_TOGETHER):
        changes = [decode_change(document) for (document,) in records]
        yield changes
        after = changes[-1].revision


async def _rewrite(calls: Calls, text: LiteralString, map_id: str, rows: list[dict[str, Any]]) -> None:
    await calls.write(lambda talk: talk.ask(text, map=map_id, rows=rows), patience=_LONG)


async def _index_anew(calls: Calls) -> None:
    """Write the terms of every node; each part is a transaction of its own and may be done again."""
    for [map_id] in await calls.ask(cypher.MAP_IDS, fresh=True):
        after = ""
        while True:
            [[ids, _, documents]] = await calls.ask(cypher.NODES, map=map_id, after=after, size=_REWRITTEN_TOGETHER)
            if not ids:
                break
            rows = [
                {"id": i, "doc": doc, **index_row(read_texts(doc.encode()))}
                for i, doc in zip(ids, documents, strict=True)
            ]
            await calls.order(cypher.INDEX_ANEW, patience=_LONG, map=map_id, rows=rows)
            after = ids[-1]


async def _under_lock(calls: Calls, talk: Talk) -> None:
    await talk.ask(cypher.LOCK_SCHEMA)
    if (await info(calls)).schema == NEWEST and await _is_whole(calls):
        return
    for statements in cypher.MIGRATIONS:
        for statement in statements:
            await calls.order(statement, patience=_LONG)
    await calls.order(cypher.AWAIT_INDEXES, patience=_LONG, seconds=int(_LONG) - 5)
    await talk.ask(cypher.SCHEMA_IS, schema=NEWEST)


async def _is_whole(calls: Calls) -> bool:
    """Whether every index is there: someone may have taken one away by hand."""
    online = {name for name, state in await calls.ask(cypher.INDEXES) if state == "ONLINE"}
    return online >= {name for text in sum(cypher.MIGRATIONS, ()) for name in _NAMES.findall(text)}


async def _refuse_foreign(calls: Calls) -> None:
    labels = await calls.ask(cypher.FOREIGN)
    if labels and (await info(calls)).schema == 0:
        raise StoreUnusable(
            f"the database at {calls.where} has nodes labelled {', '.join(labels[0][0])} that are not "
            "argumap's; give argumap a database of its own"
        )


async def _make_lockable(calls: Calls) -> None:
    """Make sure that there can be one lock only; processes that do this at once deadlock, and one goes on."""
    for attempt in range(_ATTEMPTS):
        try:
            await calls.order(cypher.ONE_SCHEMA, patience=_LONG)
        except StoreUnavailable:
            if attempt == _ATTEMPTS - 1:
                raise
            await asyncio.sleep(0.1 * (attempt + 1))
        else:
            return
