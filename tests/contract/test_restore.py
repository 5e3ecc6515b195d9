"""A store that is set back to a backup while services run on it: no answer mixes two futures, nothing stays stuck."""

from __future__ import annotations

import pytest

from graph.errors import GraphError, RevisionTaken
from graph.maps.port import Store
from graph.maps.workspace import Workspace
from schemas.change import Command
from schemas.query import ViewQuery
from service.http.responses import map_tag, read_tag
from tests.support.chronicle import Chronicle
from tests.support.nodes import statement
from tests.support.write_requests import write_request


def _history(length: int, lost: int = 0) -> Chronicle:
    told = Chronicle()
    for n in range(1, length + 1):
        told.next(statement(f"p{n}", "in the future that is lost" if n > length - lost else "in both"))
    return told


async def _set_back(store: Store, told: Chronicle, revision: int) -> Chronicle:
    """What restoring a backup of that revision does to a map: the same changes, with their uids, and no later ones."""
    await store.drop(told.id)
    backup = Chronicle(told.id, told.created_at)
    backup.changes = told.changes[:revision]
    backup.nodes = {i: node for i, node in told.nodes.items() if int(i[1:]) <= revision}
    await store.commit(backup.header, backup.changes)
    return backup


@pytest.mark.parametrize("further", [0, 1, 2, 3])
async def test_a_future_that_was_taken_back_is_forgotten(store: Store, another: Store, further: int) -> None:
    told = _history(4, lost=2)
    await store.commit(told.header, told.changes)
    workspace = Workspace(store)
    lost = await workspace.at(told.id)
    assert "p4" in lost
    assert "p4" not in await workspace.at(told.id, "3")
    backup = await _set_back(another, told, 2)
    for n in range(further):
        change = backup.next(statement(f"q{n}", "in the future that came"))
        await another.commit(backup.header, [change])
    found = await workspace.at(told.id)
    assert [node.id for node in found.nodes()] == sorted(backup.nodes)
    assert found.change == backup.changes[-1].uid
    for view in (ViewQuery(), ViewQuery(as_of="1")):
        assert read_tag(found, view, None, "") != read_tag(lost, view, None, "")
    assert map_tag(found) != map_tag(lost)
    for revision in range(1, backup.revision):
        then = await workspace.at(told.id, str(revision))
        assert then.change == backup.changes[revision - 1].uid
        assert "p3" not in then


@pytest.mark.parametrize("further", [0, 1, 2, 3])
async def test_a_write_on_what_was_taken_back_does_not_go_through(store: Store, another: Store, further: int) -> None:
    told = _history(4, lost=2)
    await store.commit(told.header, told.changes)
    workspace = Workspace(store)
    await workspace.at(told.id)
    backup = await _set_back(another, told, 2)
    for n in range(further):
        await another.commit(*_next(backup, f"q{n}"))
    late = told.next(statement("p5"))
    with pytest.raises(RevisionTaken):
        await store.commit(told.header, [late])
    command = Command(op="update", kind="statement", id="p4", value={"note": "more of it"})
    with pytest.raises(GraphError) as caught:
        await workspace.write(told.id, write_request(command))
    assert caught.value.name == "node_not_found"
    made = Command(op="create", kind="statement", id="p4", value={"text": "in the future that came"})
    await workspace.write(told.id, write_request(made))
    entries = await another.changes(told.id, 0, 99)
    assert [entry.revision for entry in entries] == list(range(1, backup.revision + 2))
    assert [entry.follows for entry in entries] == ["", *(entry.uid for entry in entries[:-1])]


async def test_a_future_is_told_apart_though_its_snapshot_went(store: Store, another: Store) -> None:
    told = _history(4, lost=2)
    await store.commit(told.header, told.changes)
    workspace = Workspace(store, memory=1)
    await workspace.at(told.id, "3")
    other = _history(2)
    await store.commit(other.header, other.changes)
    await workspace.at(other.id)  # takes the place of the first
    backup = await _set_back(another, told, 2)
    for n in range(3):
        await another.commit(*_next(backup, f"q{n}"))
    assert "p3" not in await workspace.at(told.id, "3")


def _next(told: Chronicle, node_id: str) -> tuple[object, list[object]]:
    change = told.next(statement(node_id))
    return told.header, [change]
