"""A log that does not keep everything: each state inside of it is as it was, and what lies before is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import Conflict, NotFound, Refused
from graph.maps.copying import copy_map, is_same
from graph.maps.doctor import examine, repair_map
from graph.maps.port import Store
from graph.maps.replay import forward
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from graph.stores.sqlite import SqliteStore
from schemas.change import Command
from schemas.map import MapCreate
from tests.support.chronicle import fresh_id
from tests.support.write_requests import create_statement, write_request


def update(node_id: str, text: str) -> Command:
    return Command(op="update", kind="statement", id=node_id, value={"text": text})


def delete(node_id: str) -> Command:
    return Command(op="delete", kind="statement", id=node_id)


def shown(graph: ArgumentGraph) -> tuple[object, ...]:
    """All that a read could tell of a snapshot."""
    return graph.header, [(graph.id(n), graph.stored(n)) for n in graph.numbers()]


async def told(store: Store) -> tuple[str, list[tuple[object, ...]], list[str]]:
    """A map of nine revisions with what it was at each of them, and when."""
    workspace, map_id = Workspace(store), fresh_id()
    await workspace.create(MapCreate(id=map_id, title="A map"), write_request(create_statement("p")))
    for commands in (
        [create_statement("q")], [update("p", "Second.")], [delete("q")], [create_statement("r")],
        [update("r", "Third.")], [create_statement("s"), update("p", "Fourth.")], [delete("r")],
        [create_statement("q")],
    ):  # fmt: skip
        await workspace.write(map_id, write_request(*commands))
    states = [await workspace.at(map_id, str(revision)) for revision in range(1, 10)]
    return map_id, [shown(one) for one in states], [one.header.updated_at for one in states]


@pytest.mark.parametrize("first", [2, 5, 9])
async def test_each_state_inside_is_as_it_was_and_equals_a_replay(store: Store, another: Store, first: int) -> None:
    map_id, states, times = await told(store)
    assert await Workspace(store).compact(map_id, times[first - 1])
    assert await store.oldest(map_id) == first
    for reader in (Workspace(store), Workspace(another)):
        for revision in range(first, 10):
            assert shown(await reader.at(map_id, str(revision))) == states[revision - 1]
            assert shown(await reader.at(map_id, times[revision - 1])) == states[revision - 1]
    graph = await Workspace(another).at(map_id, str(first))
    for change in await another.changes(map_id, first, 9):
        graph = forward(graph, [change])
        assert shown(graph) == states[graph.revision - 1]


async def test_what_lies_before_is_told(store: Store) -> None:
    map_id, _, times = await told(store)
    workspace = Workspace(store)
    assert await workspace.at(map_id, "2"), "and is at hand from here on"
    await workspace.compact(map_id, times[4])
    for before in ("1", "4", times[3]):
        with pytest.raises(Refused, match="keeps its states from revision 5 on") as refused:
            await workspace.at(map_id, before)
        assert refused.value.name == "revision_compacted"
    with pytest.raises(Refused, match="was made at"):
        await workspace.at(map_id, "2001-01-01")


async def test_nothing_goes_twice_and_nothing_of_a_map_that_is_younger(store: Store) -> None:
    map_id, _, times = await told(store)
    workspace = Workspace(store)
    assert not await workspace.compact(map_id, "2001-01-01T00:00:00.000000Z")
    assert await workspace.compact(map_id, times[4])
    assert not await workspace.compact(map_id, times[4])
    with pytest.raises(NotFound):
        await workspace.compact(fresh_id(), times[4])


async def test_the_map_goes_on_and_is_sound(store: Store, another: Store) -> None:
    map_id, states, times = await told(store)
    await Workspace(store).compact(map_id, times[4])
    assert await examine(store, map_id) == []
    await Workspace(another).write(map_id, write_request(create_statement("t")))
    assert (await Workspace(store).at(map_id)).revision == 10
    assert shown(await Workspace(store).at(map_id, "9")) == states[8]
    assert await examine(store, map_id) == []
    assert await repair_map(store, map_id) == []
    assert await store.known(map_id, ["p", "q", "r", "s"]) == {"p", "q", "r", "s"}
    await Workspace(store).compact(map_id, (await Workspace(store).at(map_id)).header.updated_at)
    assert await store.known(map_id, ["p", "q", "r"]) == {"p", "q"}
    assert await examine(store, map_id) == []


async def test_the_first_entry_is_not_taken_back_and_all_behind_it_is(store: Store) -> None:
    map_id, _, times = await told(store)
    workspace = Workspace(store)
    await workspace.compact(map_id, times[4])
    graph = await workspace.at(map_id)
    with pytest.raises(Conflict, match="stands for all before it"):
        await workspace.history.reverting(5, since=False)(graph, ())
    request = write_request()
    prepare = workspace.history.reverting(5, since=True)
    await workspace.write(map_id, type(request)(request.plan, "ann", request.answer, prepare=prepare))
    then, now = await workspace.at(map_id, "5"), await workspace.at(map_id)
    assert [then.stored(n) for n in then.numbers()] == [now.stored(n) for n in now.numbers()]


@pytest.mark.parametrize("forth", [True, False])
async def test_it_is_copied_with_what_it_keeps(store: Store, tmp_path: Path, forth: bool) -> None:
    file = SqliteStore(str(tmp_path / "other.db"))
    await file.open()
    here, there = (store, file) if forth else (file, store)
    map_id, states, times = await told(here)
    await Workspace(here).compact(map_id, times[4])
    assert await copy_map(here, there, map_id) == 5
    assert await is_same(here, there, map_id)
    assert await examine(there, map_id) == []
    for revision in range(5, 10):
        assert shown(await Workspace(there).at(map_id, str(revision))) == states[revision - 1]
    await file.close()


async def test_a_copy_that_ends_before_what_is_kept_does_not_go_on(store: Store, tmp_path: Path) -> None:
    file = SqliteStore(str(tmp_path / "other.db"))
    await file.open()
    map_id, _, _ = await told(store)
    await copy_map(store, file, map_id)
    for text in ("Fifth.", "Sixth."):
        await Workspace(store).write(map_id, write_request(update("p", text)))
    await Workspace(store).compact(map_id, (await Workspace(store).at(map_id)).header.updated_at)
    with pytest.raises(Conflict, match="does not keep what came before revision 11"):
        await copy_map(store, file, map_id)
    await file.close()
