"""Several write, undo and do again at once, on two stores that share their data: each takes back what is theirs."""

from __future__ import annotations

import asyncio

import pytest

from graph.errors import Conflict
from graph.maps.commit_queue import WriteRequest
from graph.maps.port import Store
from graph.maps.replay import empty, forward
from graph.maps.workspace import Workspace
from schemas.change import Command, Reversing
from schemas.map import MapCreate
from tests.support.chronicle import fresh_id
from tests.support.write_requests import create_statement, write_request

EACH = 3


def taking_back(workspace: Workspace, by: str, act: Reversing) -> WriteRequest:
    return WriteRequest(write_request().plan, by, lambda _: b"", prepare=workspace.history.undoing(by, act))


async def _work(workspace: Workspace, map_id: str, by: str) -> None:
    """Write a few, undo all of it and one more in vain, do all of it again, and undo the last one."""
    for n in range(EACH):
        await workspace.write(map_id, write_request(create_statement(f"{by}-{n}", "Said."), by=by))
        note = Command(op="update", kind="statement", id=f"{by}-{n}", value={"note": by})
        await workspace.write(map_id, write_request(note, by=by))
    for act in ("undo", "redo"):
        for _ in range(2 * EACH):
            await workspace.write(map_id, taking_back(workspace, by, act))
        with pytest.raises(Conflict) as caught:
            await workspace.write(map_id, taking_back(workspace, by, act))
        assert caught.value.name == f"nothing_to_{act}"
    await workspace.write(map_id, taking_back(workspace, by, "undo"))


def _counted(n: int) -> WriteRequest:
    return write_request(Command(op="update", kind="statement", id="p", value={"text": str(n)}))


async def test_each_takes_back_what_is_theirs_and_nobody_loses_a_word(store: Store, another: Store) -> None:
    map_id = fresh_id()
    workspaces = [Workspace(store), Workspace(another)]
    await workspaces[0].create(MapCreate(id=map_id, title="At once"), write_request(create_statement("p", "First.")))
    authors = ("ann", "bob", "eve")
    await asyncio.gather(*(_work(workspaces[n % 2], map_id, by) for n, by in enumerate(authors)))

    graph = await workspaces[0].at(map_id)
    expected = {"p": None} | {f"{by}-{n}": by for by in authors for n in range(EACH)}
    expected |= {f"{by}-{EACH - 1}": None for by in authors}
    assert {node.id: node.note for node in graph.nodes()} == expected
    changes = await store.changes(map_id, 0, graph.revision)
    assert [change.revision for change in changes] == list(range(1, graph.revision + 1))
    assert len(changes) == 1 + len(authors) * (6 * EACH + 1)
    told = forward(empty(graph.header.model_copy(update={"revision": 0})), changes)
    assert {node.id: node.dense() for node in told.nodes()} == {node.id: node.dense() for node in graph.nodes()}
    for revision in (1, graph.revision // 2, graph.revision - 1):
        then = await workspaces[1].at(map_id, str(revision))
        replayed = forward(empty(graph.header.model_copy(update={"revision": 0})), changes[:revision])
        assert {n.id: n.dense() for n in then.nodes()} == {n.id: n.dense() for n in replayed.nodes()}
    await store.drop(map_id)


async def test_a_long_log_is_walked_back_to_any_point(store: Store) -> None:
    """Past the stations on the way, each state is that of a replay."""
    map_id = fresh_id()
    workspace = Workspace(store)
    await workspace.create(MapCreate(id=map_id, title="Long"), write_request(create_statement("p", "0")))
    for start in range(1, 2_101, 100):
        commands = (
            Command(op="update", kind="statement", id="p", value={"text": str(n)}) for n in range(start, start + 100)
        )
        await asyncio.gather(*(workspace.write(map_id, write_request(one)) for one in commands))
    for revision in (1, 999, 1_000, 1_001, 2_000, 2_050, 1, 500, 2_101):
        graph = await workspace.at(map_id, str(revision))
        assert (graph.revision, graph.node("p").document()["text"]) == (revision, str(revision - 1))
        assert graph.node("p").version == revision
    fresh = Workspace(store)
    assert (await fresh.at(map_id, "1")).node("p").version == 1
    assert (await fresh.at(map_id, "1500")).node("p").version == 1_500
    await store.drop(map_id)
