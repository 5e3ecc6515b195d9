"""A database in the form that it had before: brought up to date as it is opened, history and properties too."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from neo4j import Driver

from graph.beside.port import SideRecord
from graph.maps.doctor import examine
from graph.maps.port import Deletion, SourceText
from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_calls import Calls
from graph.stores.neo4j_migrations import NEWEST
from schemas.change import decode_change, encode_change
from tests.neo4j.test_processes_meet import empty
from tests.support.chronicle import Chronicle, fresh_id, loaded
from tests.support.nodes import argument, assertion, source, statement
from tests.support.old_form import first_change, first_form, told

PROPERTIES = "MATCH (n:Node {map: $map}) RETURN n.id AS id, properties(n) AS held ORDER BY id"


def _properties(driver: Driver, map_id: str) -> dict[str, dict[str, Any]]:
    return {
        one["id"]: dict(sorted(one["held"].items())) for one in driver.execute_query(PROPERTIES, map=map_id).records
    }


def _made_old(driver: Driver, map_id: str) -> None:
    for node_id, held in _properties(driver, map_id).items():
        document = first_form(held["doc"].encode()).decode()
        text = "MATCH (n:Node {map: $map, id: $id}) SET n.doc = $doc, n.credence = 0.5 REMOVE n.origin"
        driver.execute_query(text, map=map_id, id=node_id, doc=document)
    log = driver.execute_query("MATCH (c:Change {map: $map}) RETURN c.revision AS r, c.doc AS d", map=map_id).records
    for one in log:
        document = encode_change(first_change(decode_change(one["d"]))).decode()
        text = "MATCH (c:Change {map: $map, revision: $r}) SET c.doc = $doc"
        driver.execute_query(text, map=map_id, r=one["r"], doc=document)
    driver.execute_query("MATCH (m:Map {id: $map}) REMOVE m.change, m.nodes, m.checksum", map=map_id)
    _made_for_machines(driver, map_id)
    driver.execute_query("MATCH (s:Argumap) SET s.schema = 1")


def _made_for_machines(driver: Driver, map_id: str) -> None:
    """As nodes, maps and changes were before they were for people too: version 9."""
    for text in (
        "MATCH (m:Map|Deleted {id: $map}) SET m.created_at = m.born, m.updated_at = m.updated REMOVE m.born, m.updated",
        "MATCH (c:Change {map: $map}) SET c.at = toString(c.at)",
        "MATCH (n:Node {map: $map}) REMOVE n.key, n.caption SET n.created_at = toString(n.created_at)",
        "MATCH (:Node {map: $map})-[:STATES]->(q) DETACH DELETE q",
        "MATCH (:Node {map: $map})-[r:IN_MAP]->() DELETE r",
        "MATCH (:Change {map: $map})-[r:CHANGED|CHANGE_OF]->() DELETE r",
    ):
        driver.execute_query(text, map=map_id)
    driver.execute_query("MATCH (s:Argumap) SET s.schema = 9")


async def test_a_database_of_the_first_form_holds_the_same_map_in_the_newest(
    store: Neo4jStore, store_there: Callable[..., Neo4jStore], driver: Driver
) -> None:
    map_ = told()
    for n in range(len(map_.changes)):
        await store.commit(map_.header.model_copy(update={"revision": n + 1}), [map_.changes[n]])
    properties = _properties(driver, map_.id)
    _made_old(driver, map_.id)
    newer = store_there()
    assert (await newer.open()).schema == NEWEST
    rows = await loaded(newer, map_.id)
    assert rows is not None
    assert rows.documents == map_.rows.documents
    assert await newer.changes(map_.id, 0, 9) == map_.changes
    assert repr(_properties(driver, map_.id)) == repr(properties)
    await newer.close()


WHOLE = """
    MATCH (m:Map|Deleted) WHERE m.id STARTS WITH $map
    OPTIONAL MATCH (n:Node {map: m.id})
    WITH m, n ORDER BY m.id, n.id
    RETURN m.id AS id, valueType(m.created_at) AS made, m.born AS born, n.id AS node, properties(n) AS held,
        COUNT { (n)-[:IN_MAP]->(m) } AS in_map, COUNT { (n)<-[:CHANGED]-(:Change) } AS changed,
        COLLECT { MATCH (n)-[:STATES]->(q) RETURN q.value ORDER BY q.position } AS stated,
        COLLECT { MATCH (c:Change {map: m.id})-[:CHANGE_OF]->(m) RETURN [c.revision, c.at] ORDER BY c.revision } AS log
"""
AT = "2026-05-05T05:05:05.000000Z"


async def test_what_the_maps_of_an_earlier_database_keep_is_counted(
    store: Neo4jStore, store_there: Callable[..., Neo4jStore], driver: Driver
) -> None:
    there, aside = told(), told()
    for map_ in (there, aside):
        await store.commit(map_.header.model_copy(update={"revision": 1}), map_.changes[:1])
        assert await store.keep_text(map_.id, "s", SourceText("0", "Łódź"))
        assert await store.beside.put(map_.id, SideRecord("remark", "r", "p", 1, msgspec.Raw(b'"x"')))
    kept = [await store.kept(map_.id) for map_ in (there, aside)]
    await store.drop(aside.id, kept=Deletion(AT, "ann", "2999-01-01T00:00:00.000000Z"))
    driver.execute_query("MATCH (n:Map|Deleted|Change|SourceText|Beside) REMOVE n.kept_bytes, n.bytes")
    driver.execute_query("MATCH (s:Argumap) SET s.schema = 12")
    newer = store_there()
    assert (await newer.open()).schema == NEWEST
    await newer.restore(aside.id, AT)
    assert [await newer.kept(map_.id) for map_ in (there, aside)] == kept
    assert None not in kept
    await newer.keep_text(there.id, "s", None)
    assert await newer.kept(there.id) == (kept[0] or 0) - len("Łódź".encode())
    await newer.close()


class _Cut(Exception):
    pass


def _whole(driver: Driver, name: str) -> str:
    """All that is there of the maps whose ids begin so, in one order."""
    records = [dict(one) for one in driver.execute_query(WHOLE, map=name).records]
    return "\n".join(repr({**one, "held": sorted((one["held"] or {}).items())}) for one in records)


@pytest.mark.slow
async def test_a_migration_that_is_cut_off_again_and_again_comes_to_the_same_end(
    store_there: Callable[..., Neo4jStore], driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A listed map and one that was deleted and is kept; each attempt dies a few statements later than the last."""
    empty(driver)  # each attempt looks at every map
    store = store_there()
    await store.open()
    name = fresh_id()
    figures = ({"value": 10000, "unit": "persons"}, {"max": "0.5", "unit": "share"})
    told, kept = Chronicle(f"{name}-a"), Chronicle(f"{name}-b")
    for one in (told, kept):
        one.next(source("s"), statement("said", origin="attributed"), statement("gone"))
        one.next(assertion("x", "said", "s", quantities=figures), argument("a", "said", "gone"))
        one.next(statement("late", "Rice is dear"))
        await store.commit(one.header, one.changes)
    await store.drop(kept.id, kept=Deletion(AT, "ann", "2999-01-01T00:00:00.000000Z"))
    aside = f"{kept.id} {AT}"
    before = _whole(driver, name)
    assert before.count("ZONED DATETIME") > 2
    for map_id in (told.id, aside):
        _made_for_machines(driver, map_id)
    assert _whole(driver, name) != before
    repeated = Calls._repeated
    left = steps = 0

    async def cut(self: Calls, *arguments: Any, **options: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise _Cut
        return await repeated(self, *arguments, **options)

    monkeypatch.setattr(Calls, "_repeated", cut)
    chance = random.Random(13)
    opened = None
    while opened is None:
        steps += chance.randint(4, 24)
        left = steps
        later = store_there()
        with suppress(_Cut):
            opened = await later.open()
        await later.close()
    monkeypatch.undo()
    assert opened.schema == NEWEST
    assert steps > 40, "it was hardly cut off"
    assert _whole(driver, name) == before
    assert await store.load(told.id) == told.rows
    assert await store.restore(kept.id, AT)
    assert await store.load(kept.id) == kept.rows
    assert await store.revision_at(kept.id, kept.changes[0].at) == 1
    for map_id in (told.id, kept.id):
        assert await examine(store, map_id) == []
    await store.close()
