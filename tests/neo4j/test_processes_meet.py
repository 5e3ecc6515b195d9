"""Several processes at one Neo4j: no update is lost, none is doubled, and the schema is made once."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest
from neo4j import Driver

from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_migrations import NEWEST
from tests.support.chronicle import Chronicle
from tests.support.files import ROOT
from tests.support.neo4j import Neo4jAddress
from tests.support.nodes import statement
from tests.support.stores import Place

PROCESSES = 4
ATTEMPTS = 100
OPENED = """
import asyncio, sys
from tests.support.stores import Place
async def main():
    store = Place.read(sys.argv[1]).store()
    print(await store.open())
    await store.close()
asyncio.run(main())
"""


@pytest.fixture
def spelled(neo4j_address: Neo4jAddress) -> str:
    return Place(neo4j_address.uri, neo4j_address.user, neo4j_address.password).spelled()


async def output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=PIPE)
    said, _ = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0
    return said.decode()


@pytest.mark.slow
async def test_compare_and_swap_loses_and_doubles_nothing(store: Neo4jStore, driver: Driver, spelled: str) -> None:
    told = Chronicle()
    change = told.next(statement("first"))
    await store.commit(told.header, [change])
    racers = [output("-m", "tests.neo4j.racer", spelled, told.id, f"w{n}", str(ATTEMPTS)) for n in range(PROCESSES)]
    lines = [line.split() for said in await asyncio.gather(*racers) for line in said.splitlines() if line != "ready"]
    acknowledged = {name: int(revision) for name, revision in lines}
    assert len(lines) == len(acknowledged) > ATTEMPTS, "with fewer the processes did not meet"
    assert len(lines) < PROCESSES * ATTEMPTS, "nobody was too late, so nothing was put to the test"

    head = await store.version(told.id)
    assert head is not None
    assert sorted(acknowledged.values()) == list(range(2, head.revision + 1))
    log = {c.uid: c.revision for c in await store.changes(told.id, 1, head.revision)}
    assert log == acknowledged
    ids = driver.execute_query("MATCH (n:Node {map: $map}) RETURN collect(n.id) AS ids", map=told.id).records[0]["ids"]
    assert sorted(ids) == sorted(["first", *acknowledged])
    await store.drop(told.id)


@pytest.mark.slow
async def test_processes_that_open_a_new_database_at_once_make_one_schema(driver: Driver, spelled: str) -> None:
    empty(driver)
    said = await asyncio.gather(*(output("-c", OPENED, spelled) for _ in range(PROCESSES)))
    assert len(set(said)) == 1
    assert f"schema={NEWEST}" in said[0]
    marks = driver.execute_query("MATCH (s:Argumap) RETURN s.schema AS schema").records
    assert [mark["schema"] for mark in marks] == [NEWEST]


async def test_an_index_that_someone_took_away_comes_back(store: Neo4jStore, driver: Driver) -> None:
    driver.execute_query("DROP INDEX argumap_words")
    driver.execute_query("DROP CONSTRAINT argumap_node")
    await store.open()
    names = driver.execute_query("SHOW INDEXES YIELD name RETURN collect(name) AS names").records[0]["names"]
    assert {"argumap_words", "argumap_node"} <= set(names)


def empty(driver: Driver) -> None:
    """Take away all data, constraints and indexes."""
    while driver.execute_query("MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS c").records[0]["c"]:
        pass
    for constraint in driver.execute_query("SHOW CONSTRAINTS YIELD name").records:
        driver.execute_query(f"DROP CONSTRAINT {constraint['name']}")
    for index in driver.execute_query("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").records:
        driver.execute_query(f"DROP INDEX {index['name']}")
