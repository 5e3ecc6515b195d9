"""The Cypher texts are constants, find what they look for by an index, and use nothing that is on its way out."""

from __future__ import annotations

import ast
import importlib
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from neo4j import Driver

from graph.stores import cypher
from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_properties import REFERRING
from schemas.node import MODELS
from schemas.vocabulary import KINDS, RELATIONS
from tests.neo4j.cypher_view import seen
from tests.support.chronicle import Chronicle
from tests.support.files import ROOT
from tests.support.nodes import actor, argument, assertion, motive, source, statement

KEYWORD = re.compile(r"\b(MATCH|MERGE|CREATE|UNWIND|DELETE|RETURN|CALL|DETACH|REMOVE)\b")
SCANS_ARE_RIGHT = {
    *("ALIVE", "FOREIGN", "HEADERS", "LEFT", "MAP_IDS", "KEYS", "HAS_KEYS", "CLAIM", "CLAIMED", "DELETED", "FOR_GOOD"),
    *("BIRTHS", "KEPT_IDS", "LOOSE_NODES", "DUE", "UNINDEXED", "STANDING"),
    *("BACK_NODES", "BACK_FORMER", "BACK_BESIDE", "BACK_TEXTS", "BACK_CHANGES", "BACK_KEYS", "BACK_LAST"),
}
"""They ask for all maps, for what is most often not there at all, begin with the few maps that are deleted, or
look for what somebody made by hand without our labels and properties."""
MODULES = {p.stem: p for p in sorted((ROOT / "graph" / "stores").glob("cypher*.py"))}
NAMED = [
    (name, text)
    for module in MODULES
    for name, text in vars(importlib.import_module(f"graph.stores.{module}")).items()
    if not name.startswith("_") and isinstance(text, str) and KEYWORD.search(text) and "CONSTRAINT" not in text
]
TEXTS = dict(NAMED)
PARAMETERS: dict[str, Any] = {
    "map": "m", "after": "", "until": 5, "size": 10, "key": "k", "keys": ["k"], "ids": ["a"], "at": "2026",
    "asked": "+words:x*", "rest": [], "limit": 5, "expected": 1, "header": {"created_at": "x", "revision": 1},
    "id": "k", "name": "n", "record": "{}", "rows": [], "write": {"map": "m"},
    "made": [], "seconds": 1, "together": 64, "schema": 1, "created_at": "x", "by": ["a"], "nodes": None,
    "parts": [[1, 2]], "elements": ["4:x:1"], "maps": ["m"], "links": [["a", []]],
}  # fmt: skip


def modules() -> dict[str, ast.Module]:
    return {p.name: ast.parse(p.read_text()) for p in sorted((ROOT / "graph" / "stores").glob("neo4j*.py"))}


def test_every_text_is_a_constant() -> None:
    """Constants, sums of constants, and names of these: no formatting of any sort."""
    formatted = [
        ast.unparse(node)
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod))
        or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "join"}
        )
    ]
    assert formatted == []
    assert len(TEXTS) > 20
    assert len(NAMED) == len(TEXTS), "two texts of one name"


def test_no_other_module_has_a_text_of_its_own() -> None:
    docstrings = {
        ast.get_docstring(node, clean=False)
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    found = [
        (name, node.value)
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEYWORD.search(node.value)
        if node.value not in docstrings
    ]
    assert found == []


def test_every_statement_that_is_sent_is_one_of_them() -> None:
    def sent(tree: ast.Module) -> Iterator[str]:
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="ask" | "order" | "peek"), args=[text, *_]):
                    yield ast.unparse(text)

    names = {text for tree in modules().values() for text in sent(tree)}
    from_modules = {name for name in names if name.partition(".")[0] in MODULES}
    assert names - from_modules == {"text", "step", "statement"}, "these hold one of them"
    assert {name.partition(".")[2] for name in from_modules} <= set(TEXTS) | {
        "ONE_SCHEMA",
        "FORGET_WORDS",
        "DROP_INDEX",
        "DROP_RULE",
    }


def test_every_relation_and_every_label_is_named_where_all_must_be() -> None:
    held = " ".join(re.findall(r"\[(?:out|in):(.*?)\]", cypher.UNLINK, re.DOTALL))
    assert set(re.findall(r"[A-Z_]+", held)) == {relation.upper() for relation in RELATIONS}
    labels = re.search(r"REMOVE n:(\S+)", cypher.CHANGE)
    assert labels is not None
    assert labels[1].split(":") == [kind.capitalize() for kind in KINDS]


def test_every_field_that_refers_is_a_relationship_and_no_property() -> None:
    def holds_ids(annotation: Any) -> bool:
        return "ID_PATTERN" in str(annotation) or "A-Za-z0-9._~-" in str(annotation) or "Concern" in str(annotation)

    referring = {
        name
        for model in MODELS.values()
        for name, field in model.model_fields.items()
        if name != "id" and holds_ids((field.annotation, field.metadata))
    }
    # Ids that a merge leaves behind name no node of the map that is drawn to: they stay properties.
    assert referring - {"merged", "different_from"} == REFERRING


@pytest.mark.every_version
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_text_finds_by_index_and_is_not_deprecated(store: Neo4jStore, driver: Driver, name: str) -> None:
    parameters = {**PARAMETERS, **({"after": 1} if name in ("REVISIONS", "REVISIONS_BY", "SOME_CHANGES") else {})}
    summary = driver.execute_query(f"EXPLAIN {TEXTS[name]}", parameters).summary
    operators = set(_operators(summary.plan)) if summary.plan else set()
    scans = {o for o in operators if "Scan" in o}
    assert name in SCANS_ARE_RIGHT or scans == set(), f"{name} reads everything"
    deprecated = [s.status_description for s in summary.gql_status_objects if s.raw_classification == "DEPRECATION"]
    assert deprecated == []


def _operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"]
    for child in plan.get("children", ()):
        yield from _operators(child)


async def test_the_server_has_nothing_to_say_against_a_whole_life(
    store: Neo4jStore, caplog: pytest.LogCaptureFixture
) -> None:
    """The driver logs what the server notes on a statement; what is silenced are kinds that tell nothing."""
    with caplog.at_level(logging.INFO, logger="neo4j.notifications"):
        told = Chronicle()
        change = told.next(actor("k"), motive("m", "k"), statement("p"), argument("a", "p", "m"), source("s"))
        await store.commit(told.header, [change])
        change = told.next(assertion("x", "p", "s", chain=("k",)), argument("a", "p", "m", "opposing"))
        await store.commit(told.header, [change])
        change = told.next(gone=["a"])
        await store.commit(told.header, [change])
        await store.load(told.id)
        await store.search("shells", [told.id], ["statement"])
        await store.known(told.id, ["a", "b"])
        await store.revision_at(told.id, "2026-01-01T00:00:00Z")
        await store.idempotency_record("none")
        await store.maps()
        await store.drop(told.id)
    assert [record.getMessage() for record in caplog.records if record.name == "neo4j.notifications"] == []


ODD = "'}) DETACH DELETE n // ` \\ \" $map {map} *:* OR [1 TO 2] \u0000 \U0001f4a3"


async def test_what_looks_like_cypher_is_a_text(store: Neo4jStore, driver: Driver) -> None:
    told = Chronicle()
    spoken = assertion("x", "p", "s", wording=ODD, quote=ODD, hedges=(ODD,), tags=(ODD,), note=ODD)
    change = told.next(
        actor("k", ODD, external_ids={ODD: ODD}), statement("p", ODD), source("s", ODD), spoken, title=ODD, by=ODD
    )
    await store.commit(told.header, [change])
    assert await store.load(told.id) == told.rows
    assert await store.changes(told.id, 0, 1) == [change]
    nodes, _ = seen(driver, told.id)
    assert nodes["p"][1]["text"] == repr(ODD)
    assert {found.id for found in (await store.search(ODD, [told.id], [])).nodes} == {"k", "p", "s", "x"}
    assert (await store.search("x", ["*", ODD, '") OR words:x*'], [])).nodes == []
    assert await store.known(told.id, [ODD, "p"]) == {"p"}
    assert await store.version(ODD) is None
    assert await store.idempotency_record(ODD) is None
    await store.drop(told.id)
