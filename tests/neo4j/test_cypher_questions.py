"""Cypher of a user's own: it reads, within bounds, and nothing else."""

from __future__ import annotations

import pytest

from graph.errors import NotSupported, Refused, TooLarge
from graph.maps.cypher_port import CypherBounds
from graph.maps.workspace import Workspace
from graph.stores import open_store
from graph.stores.neo4j import Neo4jStore
from schemas.cypher import CypherAnswer, CypherQuestion
from tests.support.chronicle import Chronicle
from tests.support.nodes import argument, statement

BOUNDS = CypherBounds(seconds=5.0, memory=1 << 20)


async def asked(
    store: Neo4jStore, statement: str, bounds: CypherBounds = BOUNDS, *, limit: int = 1_000, **parameters: object
) -> CypherAnswer:
    question = CypherQuestion(statement=statement, parameters=parameters, limit=limit)
    return await store.questions.ask("a-map", question, bounds)


async def test_a_question_sees_the_map_and_its_parameters(store: Neo4jStore) -> None:
    told = Chronicle()
    told.next(statement("p", "It sells shells"), statement("q"), argument("a", ("p",), "q"))
    await store.commit(told.header, told.changes)
    question = CypherQuestion(
        statement="MATCH (n:Node {map: $map, id: $id})-[r:PREMISE_OF]->(a) RETURN n, r, a, n.created_at AS at",
        parameters={"id": "p"},
    )
    found = await store.questions.ask(told.id, question, BOUNDS)
    assert found.columns == ["n", "r", "a", "at"]
    [[node, link, argument_, at]] = found.rows
    assert node["labels"] == ["Node", "Statement"]
    assert node["properties"]["text"] == "It sells shells"
    assert "doc" not in node["properties"]
    assert (link["type"], link["start"], link["end"]) == ("PREMISE_OF", "p", "a")
    assert argument_["properties"]["stance"] == "supporting"
    assert isinstance(at, str)
    assert (found.complete, found.cut_by) == (True, None)


async def test_a_path_and_every_type_of_value_is_json(store: Neo4jStore) -> None:
    text = (
        "RETURN date('2026-01-31') AS d, [1, {a: point({x: 1, y: 2})}] AS l, 0.0 / 0.0 AS nan, duration('P1D') AS p, "
        "localtime('12:00') AS t, localdatetime('2026-01-31T12:00') AS at, null AS nothing, true AS yes"
    )
    [row] = (await asked(store, text)).rows
    assert row == [
        "2026-01-31",
        [1, {"a": [1.0, 2.0]}],
        None,
        "P1D",
        "12:00:00.000000000",
        "2026-01-31T12:00:00.000000000",
        None,
        True,
    ]


@pytest.mark.every_version
@pytest.mark.parametrize(
    "text",
    [
        "CREATE (n:Mine) RETURN n",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) SET n.x = 1",
        "MERGE (n:Mine) RETURN n",
        "CREATE INDEX mine FOR (n:Mine) ON (n.x)",
        "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
        "MATCH (n) CALL (n) { LOAD CSV FROM 'http://127.0.0.1:1/' AS row RETURN row } RETURN row",
        "CALL dbms.listConfig() YIELD name RETURN name",
        "CALL db.createLabel('Mine')",
        "SHOW SETTINGS",
        "SHOW USERS",
        "SHOW TRANSACTIONS",
        "TERMINATE TRANSACTION 'neo4j-transaction-1'",
        "MATCH (n) CALL (n) { CREATE (:Mine) } IN TRANSACTIONS RETURN 1",
        "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
        "PROFILE MATCH (n) RETURN n",
        "this is no Cypher",
        "RETURN 1; RETURN 2",
        "RETURN $lacking",
    ],
)
async def test_what_does_more_than_read_is_refused_and_says_why(store: Neo4jStore, text: str) -> None:
    with pytest.raises(Refused) as caught:
        await asked(store, text)
    assert caught.value.name == "statement_refused"
    assert caught.value.problems[0].pointer == "/statement"
    assert "neo4j://" not in caught.value.detail
    assert (await asked(store, "MATCH (n:Mine) RETURN count(n)")).rows == [[0]]


async def test_rows_and_bytes_are_cut_and_the_answer_says_so(store: Neo4jStore) -> None:
    found = await asked(store, "UNWIND range(1, 100) AS n RETURN n", limit=3)
    assert (found.rows, found.complete, found.cut_by) == ([[1], [2], [3]], False, "limit")
    exact = await asked(store, "UNWIND range(1, 3) AS n RETURN n", limit=3)
    assert (len(exact.rows), exact.complete) == (3, True)
    fat = "UNWIND range(1, 100) AS n RETURN reduce(s = '', i IN range(1, 1000) | s + 'x') AS x"
    cut = await asked(store, fat, CypherBounds(5.0, 10_000))
    assert (0 < len(cut.rows) < 11, cut.complete, cut.cut_by) == (True, False, "bytes")


async def test_a_statement_without_end_is_ended_by_the_server_and_the_store_goes_on(store: Neo4jStore) -> None:
    endless = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b WITH a + b AS c RETURN sum(c)"
    with pytest.raises(TooLarge, match="ARGUMAP_CYPHER_TIMEOUT"):
        await asked(store, endless, CypherBounds(1.0, 1 << 20))
    assert (await asked(store, "RETURN 1")).rows == [[1]]


async def test_sqlite_has_none(store: Neo4jStore) -> None:
    from graph.maps.adopting import adopt

    small = open_store("sqlite::memory:")
    await small.open()
    told = Chronicle()
    told.next(statement("p"))
    await small.commit(told.header, told.changes)
    assert (small.questions, small.hands) == (None, None)
    with pytest.raises(NotSupported):
        await adopt(small, told.id)
    assert (await Workspace(small).at(told.id)).size == 1
    await small.close()
