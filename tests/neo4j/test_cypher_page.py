"""The page for users of Cypher: each of its questions is run, finds something, and reads no more than its map."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from neo4j import Driver

from graph.maps.workspace import Workspace
from graph.stores import cypher
from graph.stores.neo4j import Neo4jStore
from schemas.vocabulary import RELATIONS
from seed.loader import load
from tests.support.files import ROOT

PAGE = (ROOT / "docs/cypher.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^([^\n]+):\n```cypher\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
SEED = "food-finance-firepower"
MAY_FIND_NOTHING = {"Contradictions", "Arguments that challenge"}


@pytest.fixture
async def seeded(store: Neo4jStore) -> AsyncIterator[Neo4jStore]:
    await store.drop(SEED)
    await load(Workspace(store))
    yield store
    await store.drop(SEED)


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


async def test_every_question_finds_something_by_index(seeded: Neo4jStore, driver: Driver) -> None:
    assert len(QUESTIONS) >= 20
    wrong = []
    for name, text in QUESTIONS:
        records = driver.execute_query(text, map=SEED).records
        if not records and not name.startswith(tuple(MAY_FIND_NOTHING)):
            wrong.append(f"{name}: finds nothing")
        summary = driver.execute_query(f"EXPLAIN {text}", map=SEED).summary
        if "AllNodesScan" in set(operators(summary.plan or {"operatorType": "none"})):
            wrong.append(f"{name}: reads everything")
        if any(status.raw_classification == "DEPRECATION" for status in summary.gql_status_objects):
            wrong.append(f"{name}: is deprecated")
    assert wrong == []


def test_the_page_and_the_style_name_every_label_and_relationship() -> None:
    style = (ROOT / "docs/neo4j/argumap.grass").read_text(encoding="utf-8")
    for label in cypher.LABEL.values():
        assert f"`{label}`" in PAGE
        assert f"node.{label} " in style
    for relation in RELATIONS:
        assert f"`{relation.upper()}`" in PAGE


async def test_figures_dates_and_history_are_what_cypher_counts_with(seeded: Neo4jStore, driver: Driver) -> None:
    most = "MATCH (:Assertion {map: $map})-[:STATES]->(q:Quantity) RETURN max(q.value) AS most"
    assert driver.execute_query(most, map=SEED).records[0]["most"] > 1000
    kinds = (
        "MATCH (n:Node {map: $map}) RETURN DISTINCT valueType(n.created_at) AS made, valueType(n.published_from) AS day"
    )
    found = driver.execute_query(kinds, map=SEED).records
    assert {record["made"] for record in found} == {"ZONED DATETIME NOT NULL"}
    assert {record["day"] for record in found} == {"DATE NOT NULL", "NULL"}
    tied = "MATCH (n:Node {map: $map}) WHERE NOT EXISTS { (:Change)-[:CHANGED]->(n)-[:IN_MAP]->(:Map) } RETURN n.id"
    assert driver.execute_query(tied, map=SEED).records == []
