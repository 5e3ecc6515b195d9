"""An answer speaks of one revision of the map, whatever others write while it is worked out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.settings import Settings
from tests.support.asgi import Answer, ask, started
from tests.support.document import DOCUMENT
from tests.support.hostile import put
from tests.support.operations import Read, reads
from tests.support.restless_store import RestlessStore

MAP = "tame"
PASSING = {"only-now": 0, "only-next": 1, "only-then": 2}
"""Stand for the statements that only the revision of now, or one soon after it, has ever had."""
OPERATIONS = sorted({one.operation for one in reads(DOCUMENT, MAP) if one.form == "earlier"})
BESIDE = {"list_remarks", "list_remarks_of_node", "read_remark", "list_source_texts", "read_source_text"}
BESIDE |= {"list_drafts", "read_draft", "list_remarks_of_draft", "read_remark_of_draft"}
"""Reads of what stands beside a map and is in no revision."""
OPERATIONS = [name for name in OPERATIONS if name not in BESIDE]
OF_THE_LOG = {"list_changes", "read_change", "read_diff"}
"""Reads of the history, which no snapshot holds: they ask the store for it, and still once where the map stands."""


@asynccontextmanager
async def restless() -> AsyncIterator[tuple[FastAPI, RestlessStore]]:
    """A service over a map that is written to between every two calls of its store, once it is let go."""
    store = RestlessStore(MAP)
    app = create_app(Settings(seed=False, answer_cache=0), store)
    async with started(app):
        await put(store, MAP)
        for _ in range(2):
            await store.stir()
        yield app, store


async def between(app: FastAPI, store: RestlessStore, one: Read) -> tuple[Answer, list[Answer]]:
    """The answer while others write, and what the same question is answered about each revision near it."""
    await ask(app, "GET", one.path, one.query)  # caught up
    await store.stir()
    first = await now(app)
    for name, later in PASSING.items():
        one = _put(one, name, f"only-{first + later}")
    store.writes_left = 1000
    given = await ask(app, "GET", one.path, one.query)
    store.writes_left = 0
    revisions = range(first, await now(app) + 1)
    return given, [await ask(app, "GET", one.path, {**one.query, "as_of": str(r)}) for r in revisions]


async def now(app: FastAPI) -> int:
    revision: int = (await ask(app, "GET", f"/v1/maps/{MAP}")).json()["revision"]
    return revision


def forms(operation: str) -> list[Read]:
    """Every form of a read, about nodes that come and go too."""
    found = [one for one in reads(DOCUMENT, MAP) if one.operation == operation and one.form != "earlier"]
    return [*found, *(about for one in found for name in PASSING if (about := _about(one, name))[2:] != one[2:])]


def _about(one: Read, name: str) -> Read:
    """The same question about another statement, where it is about one."""
    named = one._replace(form=f"{one.form} of {name}")
    return _put(named, "start" if "start" in one.query.values() else "centre", name)


def _put(one: Read, old: str, new: str) -> Read:
    """The same question with another id in the place of one."""
    query = {field: new if value == old else value for field, value in one.query.items()}
    return one._replace(path="/".join(new if part == old else part for part in one.path.split("/")), query=query)


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_read_is_answered_about_one_revision(operation: str) -> None:
    async with restless() as (app, store):
        for one in forms(operation):
            given, expected = await between(app, store, one)
            assert len(expected) > 1, "nothing was written meanwhile: this would pass on anything"
            assert (given.status, given.body) in {(e.status, e.body) for e in expected}, one


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_read_asks_once_where_the_map_stands(operation: str) -> None:
    async with restless() as (app, store):
        for one in forms(operation):
            await between(app, store, one)
            await ask(app, "GET", one.path, one.query)  # caught up, and whatever is worked out once is
            store.calls.clear()
            await ask(app, "GET", one.path, one.query)
            assert store.calls["version"] == 1, one
            assert operation in OF_THE_LOG or store.calls == {"version": 1}, one


async def test_a_map_and_its_counts_are_of_one_revision() -> None:
    async with restless() as (app, store):
        store.writes_left = 1000
        seen = [(await ask(app, "GET", f"/v1/maps/{MAP}")).json() for _ in range(4)]
        seen += (await ask(app, "GET", "/v1/maps")).json()["items"]
        statements = {1: 4, 0: 4}
        assertions = {1: 3, 0: 2}
        for one in seen:
            odd = one["revision"] % 2
            assert one["counts"]["statements"] == statements[odd]
            assert one["counts"]["assertions"] == assertions[odd], one


ARGUMENT = {"text": "what is said of it anew", "stance": "supporting", "target": "centre", "source": "paper"}


async def test_a_write_is_answered_about_the_revision_that_it_made() -> None:
    async with restless() as (app, store):
        store.writes_left = 4
        done = await ask(app, "POST", f"/v1/maps/{MAP}/arguments", body=ARGUMENT)
        store.writes_left = 0
        assert done.status == 201, done.body
        made: dict[str, Any] = done.json()
        address = f"/v1/maps/{MAP}/arguments/{made['id']}"
        then = await ask(app, "GET", address, {"as_of": str(made["revision"])})
        before = await ask(app, "GET", address, {"as_of": str(made["revision"] - 1)})
        assert (then.status, before.status) == (200, 404)
        assert then.json().items() <= made.items()
        for node_id in made["created"]:
            found = await ask(app, "GET", f"/v1/maps/{MAP}/nodes/{node_id}", {"as_of": str(made["revision"])})
            assert found.status == 200


async def test_a_write_asks_the_store_once_where_the_map_stands() -> None:
    async with restless() as (app, store):
        await ask(app, "POST", f"/v1/maps/{MAP}/arguments", body=ARGUMENT)
        store.calls.clear()
        done = await ask(app, "POST", f"/v1/maps/{MAP}/arguments", body={**ARGUMENT, "text": "something else again"})
        assert done.status == 201, done.body
        assert store.calls == {"version": 1}


async def test_a_hypothesis_compares_two_sides_of_one_revision() -> None:
    body = {"edits": [{"op": "delete", "kind": "statement", "id": "aside", "cascade": True}], "ask": ["evaluation"]}
    async with restless() as (app, store):
        await now(app)
        first = await now(app)
        store.writes_left = 1000
        given = await ask(app, "POST", f"/v1/maps/{MAP}/what-if", {"without": "copy"}, body=body)
        store.writes_left = 0
        revisions = range(first, await now(app) + 1)
        assert len(revisions) > 1
        expected = [
            await ask(app, "POST", f"/v1/maps/{MAP}/what-if", {"without": "copy", "as_of": str(r)}, body=body)
            for r in revisions
        ]
        assert given.status == 200, given.body
        assert given.body in {one.body for one in expected}


def test_the_two_states_are_told_apart_by_every_question() -> None:
    """Else an answer that mixes them would not be seen."""
    other_kinds = {f"{deed}_{kind}" for kind in ("actor", "motive", "source") for deed in ("read", "list")}
    other_kinds |= {name.removesuffix("s") for name in OF_THE_LOG}
    assert {name.removesuffix("s") for name in asyncio.run(_same_at_two_revisions())} <= other_kinds | {
        name.removesuffix("s") for name in OF_THE_LOG
    }


async def _same_at_two_revisions() -> set[str]:
    same = set()
    async with restless() as (app, _):
        newest = await now(app)
        for operation in OPERATIONS:
            plain = next(one for one in forms(operation) if one.form == "plain")
            answers = [
                await ask(app, "GET", plain.path, {**plain.query, "as_of": str(r)}) for r in (newest - 1, newest)
            ]
            one, other = (json.loads(answer.body.replace(b"revision", b"")) for answer in answers)
            if one == other:
                same.add(operation)
    return same
