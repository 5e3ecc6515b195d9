"""A disk that is full or fails, at every moment of a commit: nothing acknowledged is lost, nothing half is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import apsw
import pytest

from graph.errors import StoreError, StoreUnavailable, StoreUnusable
from graph.maps.port import MapRows, Store, StoreInfo
from graph.maps.replay import empty, forward
from graph.stores.sqlite import SqliteStore
from schemas.change import Change
from schemas.node import Statement
from tests.support.chronicle import Chronicle, loaded
from tests.support.faulty_disk import Disk, faulty_disk
from tests.support.nodes import argument, statement

pytestmark = pytest.mark.faults


@pytest.fixture
def disk() -> Iterator[Disk]:
    with faulty_disk() as disk:
        yield disk


async def _begun(path: Path) -> tuple[SqliteStore, Chronicle]:
    store = SqliteStore(str(path))
    await store.open()
    told = Chronicle()
    change = told.next(statement("p"), statement("q"), argument("a", "p", "q"))
    await store.commit(told.header, [change])
    return store, told


async def _whole(store: Store, map_id: str) -> MapRows:
    """What the store holds, which must be what its log tells."""
    rows = await loaded(store, map_id)
    assert rows is not None
    changes = await store.changes(map_id, 0, 99)
    assert [c.revision for c in changes] == list(range(1, rows.header.revision + 1))
    graph = forward(empty(rows.header.model_copy(update={"revision": 0})), changes)
    assert [(n.id, n.dense()) for n in graph.nodes()] == list(zip(rows.ids, rows.documents, strict=True))
    assert (await store.version(map_id)).revision == rows.header.revision
    found = await store.search("shells", [map_id], ["statement"])
    assert {f.id for f in found.nodes} == {i for i in rows.ids if i not in ("a", "b")}
    return rows


ERRORS = [
    (apsw.FullError, StoreUnavailable, "no room left"),
    (apsw.IOError, StoreUnusable, "disk reports an error"),
]


@pytest.mark.parametrize(("error", "ours", "sentence"), ERRORS, ids=["full", "broken"])
async def test_a_commit_that_the_disk_refuses_leaves_the_map_as_it_was(
    tmp_path: Path, disk: Disk, error: type[apsw.Error], ours: type[StoreError], sentence: str
) -> None:
    """At the first write or sync, at the second, and so on until the commit gets through."""
    for moment in range(200):
        store, told = await _begun(tmp_path / f"{moment}.db")
        before = told.rows
        change = told.next(
            statement("p", "It sells more shells", version=2), *(statement(f"n{n}") for n in range(40)), gone=["a"]
        )
        disk.fail(error, at=moment)
        [outcome] = await asyncio.gather(store.commit(told.header, [change]), return_exceptions=True)
        disk.mend()
        acknowledged = outcome is None
        assert acknowledged or (type(outcome) is ours and sentence in str(outcome))
        assert await _whole(store, told.id) == (told.rows if acknowledged else before)
        await store.close()
        again = SqliteStore(str(tmp_path / f"{moment}.db"))
        await again.open()
        rows = await _whole(again, told.id)
        # A write that was not acknowledged may yet be found whole: the disk may have kept what it said it had not.
        assert rows == told.rows if acknowledged else rows in (before, told.rows)
        later = Chronicle(told.id)
        later.changes, later.nodes = told.changes[: rows.header.revision], dict(told.nodes if rows == told.rows else {})
        follow = later.next(statement("later"))
        await again.commit(later.header, [follow])
        assert "later" in (await _whole(again, told.id)).ids
        await again.close()
        if acknowledged:
            assert moment > 3, "the fault never struck"
            return
    pytest.fail("the commit never got through")


async def test_reading_goes_on_while_the_disk_is_full(tmp_path: Path, disk: Disk) -> None:
    store, told = await _begun(tmp_path / "store.db")
    disk.fail(apsw.FullError)
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await store.commit(told.header, [_after(told, statement("never"))])
        assert await _whole(store, told.id) == told.rows
    disk.mend()
    change = told.next(statement("r"))
    await store.commit(told.header, [change])
    assert await _whole(store, told.id) == told.rows
    await store.close()


def _after(told: Chronicle, *nodes: Statement) -> Change:
    """A change that follows what is told, and is not told itself."""
    return deepcopy(told).next(*nodes)


async def test_a_file_past_its_bound_is_a_full_disk(tmp_path: Path) -> None:
    """SQLite's own bound on pages, without a disk of the test's making."""
    store, told = await _begun(tmp_path / "store.db")
    writer = store._connections._writer
    assert writer is not None
    writer.pragma("max_page_count", writer.pragma("page_count") + 2)
    before = told.rows
    large = _after(told, statement("never", "x" * 20_000), statement("never-2", "y" * 20_000))
    with pytest.raises(StoreUnavailable, match="no room left"):
        await store.commit(told.header, [large])
    assert await _whole(store, told.id) == before
    await store.close()


@pytest.mark.parametrize(("error", "ours"), [(e, o) for e, o, _ in ERRORS], ids=["full", "broken"])
async def test_a_store_that_cannot_be_made_says_so_and_can_be_made_later(
    tmp_path: Path, disk: Disk, error: type[apsw.Error], ours: type[StoreError]
) -> None:
    for moment in range(200):
        store = SqliteStore(str(tmp_path / f"{moment}.db"))
        disk.fail(error, at=moment)
        [outcome] = await asyncio.gather(store.open(), return_exceptions=True)
        disk.mend()
        if isinstance(outcome, StoreInfo):
            assert moment > 3, "the fault never struck"
            await store.close()
            return
        assert type(outcome) is ours
        assert (await store.open()).schema >= 1
        await store.close()
    pytest.fail("the store was never made")


async def test_a_backup_to_a_full_disk_says_so(tmp_path: Path, disk: Disk) -> None:
    store, told = await _begun(tmp_path / "store.db")
    disk.fail(apsw.FullError)
    with pytest.raises(StoreUnavailable, match="no room left"):
        await store.backup(str(tmp_path / "copy.db"))
    assert not (tmp_path / "copy.db").exists(), "half a copy would pass for a whole one"
    disk.mend()
    assert await _whole(store, told.id) == told.rows
    await store.close()
