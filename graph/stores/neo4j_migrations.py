"""The schema of the Neo4j store: numbered migrations that any number of processes may start at once."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from typing import Any, LiteralString

from graph.errors import MapDamaged, StoreUnavailable, StoreUnusable
from graph.maps.port import StoreInfo
from graph.search.words import read_texts
from graph.stores import cypher, cypher_beside
from graph.stores.data_migrations import Attributed
from graph.stores.integrity import checksum
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_log import touched
from graph.stores.neo4j_properties import index_row, node_row, own_names, quantity_rows, sent
from graph.stores.neo4j_reading import load_rows
from graph.stores.neo4j_sweep import move_back, sweep
from graph.stores.neo4j_writing import SCHEMA
from schemas.base import moment
from schemas.change import Change, decode_change, encode_change
from schemas.node import read_node
from schemas.vocabulary import Kind

NEWEST = SCHEMA
_log = logging.getLogger("argumap")
OLDEST_SERVER = (5, 26)
"""The first with labels and types as parameters."""
_LONG = 60.0
"""Seconds that building indexes over a full database, or waiting for another process at it, may take."""
_ATTEMPTS = 10
_REWRITTEN_TOGETHER = 500
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


async def migrate_graph(calls: Calls) -> StoreInfo:
    """Bring the schema up to date where it is not; raises `StoreUnusable` for data that are not argumap's.

    A statement on the schema cannot share a transaction with data, so one transaction holds the lock while
    others run the statements and rewrite what is stored; where the process dies the lock goes with its connection.
    Each part may be done again, so that the next one goes on with what was left undone.
    """
    found = await info(calls)
    if found.schema == NEWEST and not await missing(calls) and not await _has_lost_words(calls):
        return found
    if found.schema == 0:
        await _refuse_foreign(calls)
        await _make_lockable(calls)
    await calls.write(lambda talk: _under_lock(calls, talk), patience=_LONG)
    return found._replace(schema=NEWEST)


async def newest(calls: Calls) -> StoreInfo:
    """What the server is, where its schema is the newest; raises `StoreUnusable` where it is not. Changes nothing."""
    found = await info(calls)
    lacking = await missing(calls)
    if found.schema != NEWEST or lacking:
        what = f"lacks {', '.join(lacking)}" if found.schema == NEWEST else f"has schema {found.schema} of {NEWEST}"
        raise StoreUnusable(f"the database at {calls.where} {what}; run `argumap migrate` as a user who may change it")
    if await _has_lost_words(calls):
        _log.warning("the full-text index at %s lacks nodes, so searches miss them; run `argumap migrate`", calls.where)
    return found


async def whole(calls: Calls) -> None:
    """Raise `StoreUnavailable` where a constraint or an index is gone: without it maps would be made twice."""
    if lacking := await missing(calls):
        raise StoreUnavailable(
            f"somebody took {', '.join(lacking)} away from the database at {calls.where}; nothing is written until "
            "`argumap migrate` has made it again"
        )


async def missing(calls: Calls) -> list[str]:
    """Constraints and indexes that the schema has and the database has not: someone may have taken them away."""
    online = {name for name, state in await calls.ask(cypher.INDEXES) if state == "ONLINE"}
    return sorted({name for text in sum(cypher.MIGRATIONS, ()) for name in _NAMES.findall(text)} - online)


async def _has_lost_words(calls: Calls) -> bool:
    """Whether the full-text index lacks nodes for longer than it takes somebody to write or delete some."""
    for pause in (0.0, 0.2, 0.5):
        await asyncio.sleep(pause)
        [[lacking]] = await calls.order(cypher.UNINDEXED, patience=_LONG)
        if lacking <= 0:
            return False
    return True


async def words_anew(calls: Calls, started: int) -> None:
    """Make the full-text index anew where that was not done since the server started, at that time."""

    async def made(talk: Talk) -> None:
        if await talk.ask(cypher.WORDS_OF) == [[started]]:
            return
        _log.warning(
            "the server at %s was started anew; so is its full-text index, which it may have lost", calls.where
        )
        await _words_aside(calls, talk)
        await calls.order(cypher.AWAIT_INDEXES, patience=_LONG, seconds=int(_LONG) - 5)
        await talk.ask(cypher.WORDS_ARE_OF, started=started)

    await calls.write(made, patience=_LONG)


async def _under_lock(calls: Calls, talk: Talk) -> None:
    [[schema]] = await talk.ask(cypher.LOCK_SCHEMA)
    if schema == NEWEST and not await missing(calls):
        if await _has_lost_words(calls):
            _log.warning("the full-text index at %s lacks nodes, as after a crash; it is made anew", calls.where)
            await _words_aside(calls, talk)
            await calls.order(cypher.AWAIT_INDEXES, patience=_LONG, seconds=int(_LONG) - 5)
        return
    for name, rule in await calls.ask(cypher.BROKEN):  # one that is there is not made again
        _log.warning("%s at %s has failed; it is made anew", name, calls.where)
        if rule:
            await calls.order(cypher.DROP_RULE, name=rule)
        else:
            await calls.order(cypher.DROP_INDEX, name=name)
    if schema:
        await _settle_deletions(calls, talk)
    for number, statements in enumerate(cypher.MIGRATIONS, 1):
        for statement in statements:
            await calls.order(statement, patience=_LONG)
            await talk.ask(cypher.STILL_HERE)
        if 0 < schema < number and number in _REWRITES:
            await _REWRITES[number](calls, talk)
    await calls.order(cypher.AWAIT_INDEXES, patience=_LONG, seconds=int(_LONG) - 5)
    await talk.ask(cypher.SCHEMA_IS, schema=NEWEST)


async def _settle_deletions(calls: Calls, talk: Talk) -> None:
    """Go on with what was being deleted or brought back, so that each map is in one place: listed, or kept aside."""
    await calls.order(cypher.BIRTHS, patience=_LONG)
    await sweep(calls)
    for map_id, at in await calls.ask(cypher.CLAIMED, fresh=True):
        await move_back(calls, map_id, at)
    await talk.ask(cypher.STILL_HERE)


# --- what is rewritten -------------------------------------------------------------------------------


async def _attribute(calls: Calls, talk: Talk) -> None:
    """Bring all documents to their second form, in the log too, so that `as_of` speaks of the same."""
    for [map_id] in await calls.ask(cypher.MAP_IDS):
        form = Attributed()
        await calls.order(cypher.UNSUM, map=map_id)
        async for changes in _history(calls, map_id):
            form.look_at(changes)
            await talk.ask(cypher.STILL_HERE)
        async for changes in _history(calls, map_id):
            whole = [{"revision": c.revision, "doc": encode_change(form.change(c)).decode()} for c in changes]
            await _rewrite(calls, cypher.REWRITE_LOG, map_id, whole)
            await talk.ask(cypher.STILL_HERE)
        async for some in _nodes(calls, map_id):
            held = [(kind, form.document(kind, i, document.encode())) for i, kind, document in some]
            rows = [node_row(map_id, read_node(kind, document), document.decode()) for kind, document in held]
            await _rewrite(calls, cypher.REWRITE_NODES, map_id, [{"properties": sent(r["properties"])} for r in rows])
            await talk.ask(cypher.STILL_HERE)


async def _index_anew(calls: Calls, talk: Talk) -> None:
    """Write the terms of every node."""
    for [map_id] in await calls.ask(cypher.MAP_IDS, fresh=True):
        async for some in _nodes(calls, map_id):
            rows = [{"id": i, "doc": doc, **index_row(read_texts(doc.encode()))} for i, _, doc in some]
            await calls.order(cypher.INDEX_ANEW, patience=_LONG, map=map_id, rows=rows)
            await talk.ask(cypher.STILL_HERE)


async def _sum_up(calls: Calls, talk: Talk) -> None:
    """Give each map the number of its nodes and the checksum of their documents."""
    for [map_id] in await calls.ask(cypher.MAP_IDS, fresh=True):
        try:
            rows = await load_rows(calls, map_id)
        except MapDamaged as damage:  # the other maps are to be served all the same
            _log.warning("%s", damage.detail)
            continue
        if rows is not None:
            counted = {"nodes": len(rows.ids), "sum": checksum(rows.documents)}
            await calls.order(cypher.SUMMED, map=map_id, revision=rows.header.revision, **counted)
        await talk.ask(cypher.STILL_HERE)


async def _name_touched(calls: Calls, talk: Talk) -> None:
    """Say of every change which nodes it touched."""
    for [map_id] in await calls.ask(cypher.MAP_IDS, fresh=True):
        async for changes in _history(calls, map_id):
            rows = [{"revision": change.revision, "nodes": touched(change)} for change in changes]
            await _rewrite(calls, cypher.NAME_TOUCHED, map_id, rows)
            await talk.ask(cypher.STILL_HERE)


async def _for_people(calls: Calls, talk: Talk) -> None:
    """Give nodes their keys, captions, times and quantities, and tie them to their map and their changes."""
    kept = await calls.ask(cypher.KEPT_IDS, fresh=True)
    for [map_id] in [*await calls.ask(cypher.MAP_IDS, fresh=True), *kept]:
        keyless = {"key": None} if [map_id] in kept else {}  # a key is for what is there
        async for some in _nodes(calls, map_id):
            nodes = [(read_node(kind, document.encode()), document) for _, kind, document in some]
            rows = [node_row(map_id, node, document) for node, document in nodes]
            blank: dict[str, Any] = dict.fromkeys(own_names())
            anew = [{"properties": blank | sent(row["properties"]) | keyless} for row in rows]
            await _rewrite(calls, cypher.REWRITE_NODES, map_id, anew)
            quantities = [row for node, _ in nodes for row in quantity_rows(node)]
            await _write(calls, cypher.UNQUANTIFY, map=map_id, requantified=[node.id for node, _ in nodes])
            await _write(calls, cypher.QUANTIFY, map=map_id, quantities=quantities)
            await calls.order(cypher.TIE_NODES, map=map_id, ids=[node.id for node, _ in nodes])
            await talk.ask(cypher.STILL_HERE)
        async for changes in _history(calls, map_id):
            await calls.order(cypher.TIE_LOG, map=map_id, revisions=[change.revision for change in changes])
            ties = [{"revision": c.revision, "id": edit.id} for c in changes for edit in c.edits]
            await _write(calls, cypher.TIE, map=map_id, ties=ties)
            await talk.ask(cypher.STILL_HERE)


async def _words_aside(calls: Calls, talk: Talk) -> None:
    """Make the full-text index anew as one that follows the commits."""
    await calls.order(cypher.FORGET_WORDS, patience=_LONG)
    await talk.ask(cypher.STILL_HERE)
    for statement in cypher.MIGRATIONS[0]:
        await calls.order(statement, patience=_LONG)
    await talk.ask(cypher.STILL_HERE)


async def _time_changes(calls: Calls, talk: Talk) -> None:
    """Make instants of the times of all changes."""
    kept = await calls.ask(cypher.KEPT_IDS, fresh=True)
    for [map_id] in [*await calls.ask(cypher.MAP_IDS, fresh=True), *kept]:
        async for changes in _history(calls, map_id):
            rows = [sent({"revision": change.revision, "at": moment(change.at)}) for change in changes]
            await _rewrite(calls, cypher.TIME_CHANGES, map_id, rows)
            await talk.ask(cypher.STILL_HERE)


async def _count_kept(calls: Calls, talk: Talk) -> None:
    """Say of each entry, text and record how many bytes it has, and of each map how many it keeps."""
    kept = await calls.ask(cypher.KEPT_IDS, fresh=True)
    for [map_id] in [*await calls.ask(cypher.MAP_IDS, fresh=True), *kept]:
        async for changes in _history(calls, map_id):
            rows = [{"revision": change.revision, "bytes": len(encode_change(change))} for change in changes]
            await _rewrite(calls, cypher_beside.COUNT_LOG, map_id, rows)
            await talk.ask(cypher.STILL_HERE)
        texts = await calls.ask(cypher_beside.TEXTS, fresh=True, map=map_id)
        of_texts = [{"source": source, "bytes": len(text.encode())} for source, _, text in texts]
        await _rewrite(calls, cypher_beside.COUNT_TEXTS, map_id, of_texts)
        beside = await calls.ask(cypher_beside.BESIDE_OF_MAP, fresh=True, map=map_id)
        records = [{"sort": sort, "id": record, "bytes": len(doc.encode())} for sort, record, _, doc in beside]
        await _rewrite(calls, cypher_beside.COUNT_BESIDE, map_id, records)
        await calls.order(cypher_beside.COUNT_KEPT, patience=_LONG, map=map_id)
        await talk.ask(cypher.STILL_HERE)


_REWRITES = {
    3: _attribute,
    4: _index_anew,
    5: _sum_up,
    9: _name_touched,
    10: _for_people,
    11: _words_aside,
    12: _time_changes,
    13: _count_kept,
}
"""What a migration does beside its statements, by its number."""


async def _history(calls: Calls, map_id: str) -> AsyncIterator[list[Change]]:
    after = 0
    while records := await calls.ask(cypher.SOME_CHANGES, map=map_id, after=after, size=_REWRITTEN_TOGETHER):
        changes = [decode_change(document) for (document,) in records]
        yield changes
        after = changes[-1].revision


async def _nodes(calls: Calls, map_id: str) -> AsyncIterator[list[tuple[str, Kind, str]]]:
    after = ""
    while True:
        [columns] = await calls.ask(cypher.NODES, map=map_id, after=after, size=_REWRITTEN_TOGETHER)
        some = list(zip(*columns, strict=True))
        if not some:
            return
        yield some
        after = some[-1][0]


async def _rewrite(calls: Calls, text: LiteralString, map_id: str, rows: list[Any]) -> None:
    await calls.write(lambda talk: talk.ask(text, map=map_id, rows=rows), patience=_LONG)


async def _write(calls: Calls, text: LiteralString, **write: Any) -> None:
    """A part of a commit by itself."""
    await calls.write(lambda talk: talk.ask(text, write=write), patience=_LONG)


# --- inside ------------------------------------------------------------------------------------------


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
