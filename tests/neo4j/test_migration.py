"""A database in the form that it had before: brought up to date as it is opened, history and properties too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from neo4j import Driver

from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_migrations import NEWEST
from schemas.change import decode_change, encode_change
from tests.support.chronicle import loaded
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
    for text in (
        "MATCH (n:Node {map: $map}) REMOVE n.key, n.caption SET n.created_at = toString(n.created_at)",
        "MATCH (:Node {map: $map})-[:STATES]->(q) DETACH DELETE q",
        "MATCH (:Node {map: $map})-[r:IN_MAP]->() DELETE r",
        "MATCH (:Change {map: $map})-[r:CHANGED|CHANGE_OF]->() DELETE r",
    ):
        driver.execute_query(text, map=map_id)
    driver.execute_query("MATCH (s:Argumap) SET s.schema = 1")


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
