"""The tests' own Neo4j is empty for each test, whatever the one before left, and can be killed and started again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError, ServiceUnavailable

from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_migrations import NEWEST
from scripts.neo4j_server import Neo4jServer, Neo4jServerError
from tests.support.neo4j import NEO4J_VERSIONS, Neo4jAddress, SharedServers, driver_of, given_address


def _ask(server: Neo4jServer | Neo4jAddress, query: str) -> list[object]:
    with GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
        return [record[0] for record in driver.execute_query(query).records]


def test_a_server_of_each_version_answers(neo4j_address: Neo4jAddress, neo4j_uri: str) -> None:
    assert neo4j_uri == neo4j_address.uri
    assert _ask(neo4j_address, "RETURN 1") == [1]


@pytest.mark.neo4j
@pytest.mark.faults
def test_what_was_committed_survives_a_kill(own_neo4j: Neo4jServer) -> None:
    _ask(own_neo4j, "CREATE (:Committed)")
    own_neo4j.kill()
    assert not own_neo4j.running
    own_neo4j.start()
    assert _ask(own_neo4j, "MATCH (n:Committed) RETURN count(n)") == [1]
    own_neo4j.freeze()
    assert own_neo4j.running
    own_neo4j.thaw()
    assert _ask(own_neo4j, "RETURN 1") == [1]
    with pytest.raises(Neo4jServerError, match=r"runs in .* already"):
        Neo4jServer(own_neo4j.folder).start()
    with pytest.raises(Neo4jServerError, match="is taken"):
        Neo4jServer(own_neo4j.folder.parent / "other", port=own_neo4j.port).start()
    own_neo4j.stop()
    assert not own_neo4j.running


def test_a_folder_without_a_server_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Neo4jServerError, match="no server was ever started"):
        Neo4jServer.attached(tmp_path)


def test_a_failed_start_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def fail(server: Neo4jServer) -> None:
        attempts.append(server.version)
        raise Neo4jServerError("no Java is here")

    monkeypatch.setattr(Neo4jServer, "start", fail)
    for _ in range(2):
        with pytest.raises(Neo4jServerError, match="no Java is here"):
            SharedServers(tmp_path).address("5.26.30")
    assert attempts == ["5.26.30"]


def _open(address: Neo4jAddress) -> int | None:
    """Open a store of ours there, and give the schema that it finds or makes."""

    async def opened() -> int | None:
        store = Neo4jStore(address.uri, user=address.user, password=address.password)
        found = await store.open()
        await store.close()
        return found.schema

    return asyncio.run(opened())


@pytest.mark.parametrize("version", NEO4J_VERSIONS)
def test_a_server_is_empty_whatever_the_test_before_left(
    version: str, neo4j_of_version: Callable[[str], Neo4jAddress]
) -> None:
    address = neo4j_of_version(version)
    with driver_of(address) as before, before.session() as session:
        before.execute_query("CREATE CONSTRAINT theirs FOR (n:Theirs) REQUIRE n.id IS UNIQUE")
        before.execute_query("CREATE INDEX theirs_too FOR (n:Theirs) ON (n.name)")
        before.execute_query("CREATE (:Argumap {schema: 99}), (:Key), (:Map {id: 'm'})")
        before.execute_query(
            "CREATE (hub:Theirs {id: 0}) FOREACH (i IN range(1, 3000) | CREATE (:Node {id: i})-[:OF]->(hub))"
        )
        hung = session.begin_transaction()
        hung.run("MATCH (n) SET n.locked = true").consume()

        after = neo4j_of_version(version)
        assert _ask(after, "MATCH (n) WHERE NOT n:Argumap RETURN count(n)") == [0]
        assert _ask(after, "MATCH (n:Argumap) RETURN n.schema") in ([], [NEWEST]), "the service's own mark may stay"
        assert _ask(after, "SHOW CONSTRAINTS YIELD name WHERE name = 'theirs' RETURN name") == []
        assert _ask(after, "SHOW INDEXES YIELD name WHERE name STARTS WITH 'theirs' RETURN name") == []
        with pytest.raises(Neo4jError, match="terminated"):
            hung.run("RETURN 1").consume()
    assert _open(after) == NEWEST
    assert _open(neo4j_of_version(version)) == NEWEST


def test_a_server_that_cannot_be_emptied_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started, answers = [], iter([ServiceUnavailable("it is gone"), None, None])

    def start(server: Neo4jServer) -> Neo4jServer:
        started.append(server.folder)
        server.port = 20_000 + len(started)
        return server

    def empty(_: object) -> None:
        if (wrong := next(answers)) is not None:
            raise wrong

    monkeypatch.setattr(Neo4jServer, "start", start)
    monkeypatch.setattr("tests.support.neo4j.empty", empty)
    servers = SharedServers(tmp_path)
    assert servers.taken_over("5.26.30").uri == servers.taken_over("5.26.30").uri == "bolt://127.0.0.1:20002"
    assert len(started) == 2
    servers.close()


def test_an_address_from_outside_is_taken_with_its_user_and_password() -> None:
    assert given_address({}) is None
    given = given_address({"ARGUMAP_TEST_NEO4J_URI": "bolt://db:7687", "ARGUMAP_TEST_NEO4J_PASSWORD": "p"})
    assert given == Neo4jAddress("bolt://db:7687", "neo4j", "p")
