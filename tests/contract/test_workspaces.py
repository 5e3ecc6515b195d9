"""Two workspaces over one store, as two service processes have it: each sees the other's writes at once."""

from __future__ import annotations

import asyncio

import pytest

from graph.errors import NotFound
from graph.maps.port import Store
from graph.maps.workspace import Workspace
from schemas.map import MapCreate
from schemas.query import ViewQuery
from tests.support.chronicle import fresh_id
from tests.support.nodes import argument, statement
from tests.support.write_requests import create, create_statement, delete, update, write_request
from tests.support.writer import counting


@pytest.fixture
def here(store: Store) -> Workspace:
    return Workspace(store)


@pytest.fixture
def there(another: Store) -> Workspace:
    return Workspace(another)


@pytest.fixture
async def map_id(here: Workspace) -> str:
    map_id = fresh_id()
    await here.create(
        MapCreate(id=map_id, title="One map"), write_request(create_statement("p"), create_statement("q"))
    )
    return map_id


async def test_each_reads_what_the_other_wrote(here: Workspace, there: Workspace, map_id: str) -> None:
    for n in range(5):
        written = await here.write(map_id, write_request(create_statement(f"h{n}")))
        seen = await there.at(map_id)
        assert (f"h{n}" in seen, seen.revision) == (True, written.revision)
        written = await there.write(map_id, write_request(update("statement", "p", text=f"text {n}")))
        seen = await here.at(map_id)
        assert (seen.node("p").text, seen.revision) == (f"text {n}", written.revision)


async def test_each_checks_its_write_against_the_others(here: Workspace, there: Workspace, map_id: str) -> None:
    await here.at(map_id)
    await there.write(map_id, write_request(create(argument("a", "p", "q"))))
    await here.write(map_id, write_request(delete("statement", "p", cascade=True)))
    assert {node.id for node in (await there.at(map_id)).nodes()} == {"q"}
    with pytest.raises(NotFound):
        await there.write(map_id, write_request(update("statement", "p", text="too late")))


async def test_writing_at_once_from_both_loses_nothing(here: Workspace, there: Workspace, map_id: str) -> None:
    await here.write(map_id, write_request(create_statement("counter", "0")))
    write_requests = [(w, counting(name, n, 1)) for w, name in ((here, "h"), (there, "t")) for n in range(30)]
    written = await asyncio.gather(*(w.write(map_id, wanted) for w, wanted in write_requests))
    assert sorted(w.revision for w in written) == list(range(3, 63))
    for one in (here, there):
        graph = await one.at(map_id)
        assert graph.node("counter").text == "60"
        assert graph.counts["statement"] == 63


async def test_an_old_view_is_the_same_from_both(here: Workspace, there: Workspace, map_id: str) -> None:
    for n in range(4):
        await here.write(map_id, write_request(update("statement", "p", text=f"text {n}")))
    for revision in range(1, 6):
        query = ViewQuery(as_of=str(revision))
        one, other = await here.view(map_id, query), await there.view(map_id, query)
        assert one.header == other.header
        assert list(one.nodes()) == list(other.nodes())
        assert one.node("p").text == ("It sells shells" if revision == 1 else f"text {revision - 2}")


async def test_a_map_deleted_by_one_is_gone_for_the_other(here: Workspace, there: Workspace, map_id: str) -> None:
    await there.at(map_id)
    await here.delete(map_id)
    with pytest.raises(NotFound):
        await there.at(map_id)
    with pytest.raises(NotFound):
        await there.write(map_id, write_request(create_statement("r")))


async def test_a_map_made_anew_by_one_is_another_for_the_other(here: Workspace, there: Workspace, map_id: str) -> None:
    await there.view(map_id, ViewQuery(as_of="1"))
    await there.at(map_id)
    await here.delete(map_id)
    await here.create(MapCreate(id=map_id, title="Reborn"), write_request(create(statement("new"))))
    seen = await there.at(map_id)
    assert (seen.header.title, [node.id for node in seen.nodes()]) == ("Reborn", ["new"])
    assert [node.id for node in (await there.view(map_id, ViewQuery(as_of="1"))).nodes()] == ["new"]
    await there.write(map_id, write_request(create_statement("more")))
    assert [node.id for node in (await here.at(map_id)).nodes()] == ["more", "new"]


async def test_a_key_used_through_one_is_answered_by_the_other(here: Workspace, there: Workspace, map_id: str) -> None:
    key = fresh_id()
    first = await here.write(map_id, write_request(create_statement("r"), key=key))
    again = await there.write(map_id, write_request(create_statement("r"), key=key))
    assert (again.answer, again.revision, again.replayed) == (first.answer, first.revision, True)
    assert not first.replayed


async def test_the_same_key_sent_to_both_at_once_writes_once(here: Workspace, there: Workspace, map_id: str) -> None:
    for n in range(5):
        key = fresh_id()
        wanted = write_request(create_statement(f"k{n}"), key=key)
        one, other = await asyncio.gather(here.write(map_id, wanted), there.write(map_id, wanted))
        assert (one.answer, one.revision) == (other.answer, other.revision)
        assert one.replayed != other.replayed
