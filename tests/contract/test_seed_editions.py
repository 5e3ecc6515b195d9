"""A newer edition of the example comes to a map as one change, on every store, and loses nothing that users did."""

from __future__ import annotations

import asyncio

import pytest

from graph.maps.commit_queue import WriteRequest
from graph.maps.port import Store
from graph.maps.replay import backward
from graph.maps.workspace import Workspace
from schemas.change import Reversing
from schemas.map import MapCreate
from seed.articles import editions, load_document
from seed.editions import nodes_of, standing
from seed.loader import update, write_request_of
from seed.merging import Nodes
from service.http.governor import Governor
from tests.support.chronicle import fresh_id
from tests.support.nodes import argument
from tests.support.write_requests import create, create_statement, delete, write_request
from tests.support.write_requests import update as patch


def workspace(store: Store) -> Workspace:
    """As the service has it: what takes long leaves the event loop."""
    return Workspace(store, run=Governor(2, 100).run)


async def nodes(here: Workspace, map_id: str, as_of: str | None = None) -> Nodes:
    return await asyncio.to_thread(nodes_of, await here.at(map_id, as_of))


@pytest.fixture
def here(store: Store) -> Workspace:
    return workspace(store)


@pytest.fixture
async def first(here: Workspace) -> str:
    """A map as the first edition made it."""
    map_id = fresh_id()
    await here.create(MapCreate(id=map_id, title="One map"), write_request_of(editions()[0], "ann"))
    return map_id


async def test_an_untouched_map_becomes_what_a_new_one_is(here: Workspace, another: Store, first: str) -> None:
    fresh = fresh_id()
    await here.create(MapCreate(id=fresh, title="Another"), write_request_of(load_document(), "ann"))
    done = await update(here, map_id=first, by="bob")
    assert (done.revision, done.standing, done.kept) == (2, (1, 2), ())
    there = workspace(another)
    assert await nodes(there, first) == await nodes(there, fresh)
    [_, change] = await another.changes(first, 0, 9)
    assert (change.revision, change.by) == (2, "bob")


async def test_the_change_has_its_inverse_and_the_edition_is_offered_again_behind_it(
    here: Workspace, first: str
) -> None:
    before = await nodes(here, first)
    await update(here, map_id=first, by="bob")
    after = await here.at(first)
    assert await asyncio.to_thread(standing, nodes_of(after)) == (2, 2)
    made, change = await here.store.changes(first, 0, 9)
    undone = nodes_of(await asyncio.to_thread(backward, after, [change], made))
    assert undone == before == await nodes(here, first, "1")
    assert await asyncio.to_thread(standing, undone) == (1, 2)


async def test_whoever_brought_it_takes_it_back_and_brings_it_again(here: Workspace, first: str) -> None:
    def reversing(act: Reversing) -> WriteRequest:
        return WriteRequest(write_request().plan, "bob", lambda _: b"", prepare=here.history.undoing("bob", act))

    before = await nodes(here, first)
    await update(here, map_id=first, by="bob")
    after = await nodes(here, first)
    assert (await here.write(first, reversing("undo"))).revision == 3
    assert await nodes(here, first) == before
    assert (await here.write(first, reversing("redo"))).revision == 4
    assert await nodes(here, first) == after


async def test_what_users_did_stays_and_what_it_stands_on(here: Workspace, first: str) -> None:
    await here.write(
        first,
        write_request(
            patch("statement", "p-29", text="Mine."),
            patch("actor", "inss", note="Read it again."),
            delete("statement", "p-02", cascade=True),
            create_statement("own"),
            create(argument("own-step", "own", "x-durability")),
        ),
    )
    done = await update(here, map_id=first, by="bob")
    after = await nodes(here, first)
    assert after["p-29"].fields["text"] == "Mine."
    assert after["p-29"].fields["about"] == ["north-korea", "russia"], "what nobody touched follows the edition"
    assert after["inss"].fields["role"].startswith("Think tank affiliated with the NIS")
    assert after["inss"].fields["note"] == "Read it again."
    assert {"own", "own-step", "x-durability"} <= set(after)
    assert not {"p-02", "eu-02"} & set(after)
    assert {one.id: one.why for one in done.kept} == {
        "p-29": "the edition changes text too; yours stays",
        "inss": "the edition changes note too; yours stays",
        "p-02": "the edition changes it; it stays deleted, as you left it",
        "eu-02": "the edition changes it; it stays deleted, as you left it",
        "x-durability": "the edition drops it; it stays, since own-step refers to it",
    }
    assert not (await update(here, map_id=first, by="bob")).is_changed


async def test_a_map_of_something_else_is_left_alone(here: Workspace) -> None:
    map_id = fresh_id()
    await here.create(MapCreate(id=map_id, title="Mine"), write_request(create_statement("p-01")))
    done = await update(here, map_id=map_id, by="bob")
    assert (done.revision, done.standing, done.is_changed) == (1, (None, 2), False)
