"""A map is copied between any two stores with its history, goes on where copying ended, and never onto another."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import Conflict
from graph.maps.copying import copy_map, copy_texts, is_same
from graph.maps.doctor import examine
from graph.maps.port import Store
from graph.maps.source_texts import fitting
from graph.maps.workspace import Workspace
from graph.stores.sqlite import SqliteStore
from schemas.change import IdempotencyRecord
from tests.support.chronicle import Chronicle, fresh_id
from tests.support.nodes import actor, argument, motive, source, statement
from tests.support.write_requests import create_statement, write_request


def _told(revisions: int = 12) -> Chronicle:
    told = Chronicle()
    told.next(actor("k"), motive("m", "k"), statement("p"), statement("q"), argument("a", ("p", "m"), "q"))
    told.next(source("s"), gone=["a"], title="Another name")
    for n in range(3, revisions + 1):
        record = IdempotencyRecord(fresh_id(), "f", "{}") if n % 3 == 0 else None
        told.next(statement("p", f"It says {n}", version=n), statement(f"p{n}"), idempotency=record, by=f"writer-{n}")
    return told


@pytest.fixture
async def file(tmp_path: Path) -> Store:
    opened = SqliteStore(str(tmp_path / "other.db"))
    await opened.open()
    return opened


@pytest.mark.parametrize("forth", [True, False])
async def test_a_map_is_copied_with_its_history(store: Store, file: Store, forth: bool) -> None:
    here, there = (store, file) if forth else (file, store)
    told = _told()
    for n in range(len(told.changes)):
        await here.commit(told.header.model_copy(update={"revision": n + 1}), [told.changes[n]])
    assert await copy_map(here, there, told.id) == told.revision
    assert await is_same(here, there, told.id)
    assert await there.changes(told.id, 0, 99) == told.changes
    assert await there.version(told.id) == told.version
    assert await there.known(told.id, ["a", "p", "never"]) == {"a", "p"}
    for change in told.changes:
        if change.idempotency is not None:
            assert await there.idempotency_record(change.idempotency.key) == change
    assert (await Workspace(there).at(told.id)).header == (await Workspace(here).at(told.id)).header
    assert await examine(there, told.id) == []
    await file.close()


async def test_the_texts_of_its_sources_come_too_and_each_once(store: Store, file: Store) -> None:
    told = _told()
    await store.commit(told.header, told.changes)
    await store.keep_text(told.id, "s", fitting("What it says.\n", None))
    await copy_map(store, file, told.id)
    assert await copy_texts(store, file, told.id) == 1
    assert await file.source_text(told.id, "s") == await store.source_text(told.id, "s")
    assert await copy_texts(store, file, told.id) == 0
    await store.keep_text(told.id, "s", fitting("What it says now.\n", None))
    assert await copy_texts(store, file, told.id) == 1
    await store.keep_text(told.id, "s", None)
    assert await copy_texts(store, file, told.id) == 0
    assert await file.source_text(told.id, "s") == fitting("What it says now.\n", None)
    await file.close()


async def test_copying_goes_on_where_it_ended(store: Store, file: Store) -> None:
    told = _told()
    for last in (1, 5, 5, 12):
        stood = await store.version(told.id)
        changes = told.changes[stood.revision if stood else 0 : last]
        if changes:
            header = told.header.model_copy(update={"revision": last, "change": changes[-1].uid})
            await store.commit(header, changes)
        assert await copy_map(store, file, told.id) == len(changes)
        assert await is_same(store, file, told.id)
    await file.close()


async def test_what_is_written_while_it_is_compared_comes_too(store: Store, file: Store) -> None:
    told = _told()
    await store.commit(told.header, told.changes)
    await copy_map(store, file, told.id)
    await Workspace(store).write(told.id, write_request(create_statement("late")))
    assert await is_same(store, file, told.id)
    assert await file.version(told.id) == await store.version(told.id)
    await file.close()


async def test_another_map_of_the_same_id_is_left_alone(store: Store, file: Store) -> None:
    told, other = _told(), Chronicle()
    other.id = told.id
    other.next(statement("mine"))
    await store.commit(told.header, told.changes)
    await file.commit(other.header, other.changes)
    with pytest.raises(Conflict):
        await copy_map(store, file, told.id)
    assert await file.changes(told.id, 0, 99) == other.changes
    await file.close()


async def test_a_copy_that_was_written_to_is_left_alone(store: Store, file: Store) -> None:
    told = _told()
    await store.commit(told.header, told.changes)
    await copy_map(store, file, told.id)
    await Workspace(file).write(told.id, write_request(create_statement("mine")))
    for _ in range(2):
        with pytest.raises(Conflict):
            await copy_map(store, file, told.id)
        await Workspace(store).write(told.id, write_request(create_statement(fresh_id())))
    assert "mine" in await Workspace(file).at(told.id)
    await file.close()
