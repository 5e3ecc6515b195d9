"""A newer edition of the example comes to a map as one change, on every store, and loses nothing that users did."""

from __future__ import annotations

import pytest

from graph.maps.port import Store
from graph.maps.replay import backward
from graph.maps.workspace import Workspace
from schemas.map import MapCreate
from seed.articles import editions, load_document
from seed.editions import nodes_of, standing
from seed.loader import update, write_request_of
from tests.support.chronicle import fresh_id
from tests.support.nodes import argument
from tests.support.write_requests import create, create_statement, delete, write_request
from tests.support.write_requests import update as patch


@pytest.fixture
def here(store: Store) -> Workspace:
    return Workspace(store)


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
    there = Workspace(another)
    assert nodes_of(await there.at(first)) == nodes_of(await there.at(fresh))
    [_, change] = await another.changes(first, 0, 9)
    assert (change.revision, change.by) == (2, "bob")


async def test_the_change_has_its_inverse_and_the_edition_is_offered_again_behind_it(
    here: Workspace, first: str
) -> None:
    before = await here.at(first)
    await update(here, map_id=first)
    after = await here.at(first)
    assert standing(nodes_of(after)) == (2, 2)
    made, change = await here.store.changes(first, 0, 9)
    undone = backward(after, [change], made)
    assert nodes_of(undone) == nodes_of(before)
    assert standing(nodes_of(undone)) == (1, 2)
    assert nodes_of(await here.at(first, "1")) == nodes_of(before)


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
    done = await update(here, map_id=first)
    after = nodes_of(await here.at(first))
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
    assert not (await update(here, map_id=first)).is_changed


async def test_a_map_of_something_else_is_left_alone(here: Workspace) -> None:
    map_id = fresh_id()
    await here.create(MapCreate(id=map_id, title="Mine"), write_request(create_statement("p-01")))
    done = await update(here, map_id=map_id)
    assert (done.revision, done.standing, done.is_changed) == (1, (None, 2), False)
