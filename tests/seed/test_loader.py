"""The loader: the whole map in one change, once, quickly, and left alone where it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from graph.maps.workspace import Workspace
from graph.stores import open_store
from schemas.vocabulary import PLURALS
from seed.articles import DEFAULT, load_document
from seed.loader import Loaded, load
from tests.support.write_requests import delete, write_request


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    store = open_store("sqlite::memory:")
    await store.open()
    yield Workspace(store)
    await store.close()


async def test_the_map_is_made_whole_as_revision_one(workspace: Workspace) -> None:
    assert await load(workspace) == Loaded(DEFAULT, 1, created=True)
    graph = await workspace.at(DEFAULT)
    document = load_document()
    assert {f"{kind}s": n for kind, n in graph.counts.items()} == {plural: len(document[plural]) for plural in PLURALS}
    assert (graph.header.title, graph.header.question) == (document["title"], document["question"])
    assert len(await workspace.store.changes(DEFAULT, 0, 9)) == 1


async def test_whoever_loads_it_is_its_author(workspace: Workspace) -> None:
    await load(workspace, by="ann")
    graph = await workspace.at(DEFAULT)
    assert {graph.header.created_by, graph.node("food").created_by} == {"ann"}


async def test_a_map_that_is_there_stays_as_it_is(workspace: Workspace) -> None:
    await load(workspace)
    await workspace.write(DEFAULT, write_request(delete("statement", "p-02", cascade=True)))
    assert await load(workspace) == Loaded(DEFAULT, 2, created=False)
    assert "p-02" not in await workspace.at(DEFAULT)


async def test_two_who_load_at_once_make_one_map(workspace: Workspace) -> None:
    loaded = await asyncio.gather(load(workspace), load(workspace))
    assert sorted(one.created for one in loaded) == [False, True]


async def test_an_unknown_name_is_refused(workspace: Workspace) -> None:
    with pytest.raises(LookupError, match=DEFAULT):
        await load(workspace, "atlantis")
