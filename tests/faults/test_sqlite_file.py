"""A file that is locked, damaged, another program's or not to be written to: a sentence, and no harm done."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import stat
import sys
import tempfile
import threading
import time
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from graph.errors import StoreError, StoreUnavailable, StoreUnusable
from graph.stores.sqlite import SqliteStore
from graph.stores.sqlite_connections import Connections
from tests.support.chronicle import Chronicle, loaded
from tests.support.nodes import argument, statement
from tests.support.waiting import until

pytestmark = pytest.mark.faults

HOLD = """
import sys, apsw
connection = apsw.Connection(sys.argv[1])
connection.execute(sys.argv[2])
print("held", flush=True)
sys.stdin.readline()
"""


async def _filled(path: Path, nodes: int = 20) -> tuple[SqliteStore, Chronicle]:
    store = SqliteStore(str(path), patience=0.3)
    await store.open()
    told = Chronicle()
    points = [statement(f"p{n:04}", f"It sells {n} shells " + "x" * 200) for n in range(nodes)]
    change = told.next(*points, argument("a", "p0000", "p0001"))
    await store.commit(told.header, [change])
    return store, told


async def _holder(path: Path, statement: str = "BEGIN IMMEDIATE") -> asyncio.subprocess.Process:
    """Another process that holds a lock until it is told to let go."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(path), statement, stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 30) == b"held\n"
    return process


# --- locked ----------------------------------------------------------------------------------------


async def test_a_lock_that_another_process_keeps_makes_writing_unavailable_and_reading_not(tmp_path: Path) -> None:
    store, told = await _filled(tmp_path / "store.db")
    holder = await _holder(tmp_path / "store.db")
    before = told.rows
    change = told.next(statement("late"))
    begin = time.monotonic()
    async with asyncio.timeout(60):
        with pytest.raises(StoreUnavailable, match="locked"):
            await store.commit(told.header, [change])
    assert time.monotonic() - begin > 0.25, "it did not wait"
    assert await loaded(store, told.id) == before
    assert (await store.version(told.id)).revision == 1
    assert len((await store.search("shells", [told.id], [])).nodes) == 20
    with pytest.raises(StoreUnavailable):
        await store.drop(told.id)
    await holder.communicate(b"\n")
    await store.commit(told.header, [change])
    assert await loaded(store, told.id) == told.rows
    await store.close()


async def test_a_lock_that_is_let_go_in_time_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, told = await _filled(tmp_path / "store.db")
    patient = SqliteStore(str(tmp_path / "store.db"), patience=20)
    await patient.open()
    holder = await _holder(tmp_path / "store.db")
    change = told.next(statement("late"))
    begun = threading.Event()
    write = Connections._write

    def begin(*arguments: Any) -> Any:
        begun.set()
        return write(*arguments)

    monkeypatch.setattr(Connections, "_write", begin)
    writing = asyncio.create_task(patient.commit(told.header, [change]))
    await until(begun.is_set)
    assert not writing.done()
    assert (await patient.version(told.id)).revision == 1, "the loop must not wait for the lock"
    await holder.communicate(b"\n")
    await asyncio.wait_for(writing, 20)
    assert await loaded(store, told.id) == told.rows
    await patient.close()
    await store.close()


async def test_a_new_store_that_is_locked_while_it_is_made_is_unavailable(tmp_path: Path) -> None:
    apsw.Connection(str(tmp_path / "store.db")).close()
    holder = await _holder(tmp_path / "store.db", "BEGIN EXCLUSIVE")
    store = SqliteStore(str(tmp_path / "store.db"), patience=0.3)
    with pytest.raises(StoreUnavailable, match="locked"):
        await store.open()
    await holder.communicate(b"\n")
    assert (await store.open()).schema >= 1
    await store.close()


# --- damaged ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 500, b"{}", b"\0" * 8192], ids=["text", "short", "zeros"]
)
async def test_a_file_that_is_no_database_is_unusable_and_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(content)
    with pytest.raises(StoreUnusable, match=r"store\.db.*no SQLite database"):
        await SqliteStore(str(path)).open()
    assert path.read_bytes() == content


async def test_damaged_pages_are_told_and_never_read_as_data(tmp_path: Path) -> None:
    """Noise over any part of the file: whatever is still answered is right, all else is a sentence."""
    store, told = await _filled(tmp_path / "store.db", nodes=300)
    await store.close()
    sound = (tmp_path / "store.db").read_bytes()
    chance = random.Random(11)
    refused = 0
    for n in range(30):
        path = tmp_path / f"damaged-{n}.db"
        noisy = bytearray(sound)
        at = chance.randrange(100, len(noisy) - 3000)
        noisy[at : at + 3000] = chance.randbytes(3000)
        path.write_bytes(noisy)
        refused += await _asked(path, told)
    assert refused > 10


async def _asked(path: Path, told: Chronicle) -> bool:
    """Open and load; whether that was refused, which must be in our words."""
    store = SqliteStore(str(path))
    try:
        await store.open()
        rows = await store.load(told.id)
        changes = await store.changes(told.id, 0, 9)
    except StoreUnusable as error:
        return str(path) in str(error)
    finally:
        await store.close()
    assert rows is None or rows.ids == told.rows.ids
    assert [change.uid for change in changes] == [change.uid for change in told.changes]
    return False


async def test_a_file_cut_short_is_unusable(tmp_path: Path) -> None:
    store, told = await _filled(tmp_path / "store.db", nodes=300)
    await store.close()
    path = tmp_path / "store.db"
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    assert await _asked(path, told)


def _damage(path: Path, *, some: bool = True) -> None:
    """Noise over three whole pages in the middle, or all but the first, as a failing disk leaves them."""
    page = 4096
    pages = path.stat().st_size // page
    first, last = (pages // 2, pages // 2 + 3) if some else (1, pages)
    with path.open("r+b") as file:
        file.seek(first * page)
        file.write(random.Random(3).randbytes((last - first) * page))


async def test_damage_that_comes_while_the_file_is_open_is_found_by_who_asks(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store, told = await _filled(path, nodes=300)
    await store.close()
    await store.open()
    await store.check(whole=True)
    assert await loaded(store, told.id) == told.rows, "now in memory"
    _damage(path)
    for _ in range(2):
        with pytest.raises(StoreUnusable, match=r"store\.db: the file is damaged; restore a backup"):
            await store.check(whole=True)
    with pytest.raises(StoreUnusable, match="damaged"):
        await store.check()
    await store.close()


async def test_a_failed_read_has_the_file_looked_through_at_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store, told = await _filled(path, nodes=300)
    await store.close()
    await store.open()
    await store.check()
    _damage(path, some=False)
    assert await store.check(), "it was looked through a moment ago, and nothing has failed since"
    with pytest.raises(StoreUnusable):
        await store.load(told.id)
    with pytest.raises(StoreUnusable, match="damaged"):
        await store.check()
    await store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
@pytest.mark.parametrize("replaced", [False, True])
async def test_nothing_is_said_to_be_kept_in_a_file_that_was_taken_away(tmp_path: Path, replaced: bool) -> None:
    path = tmp_path / "store.db"
    store, told = await _filled(path)
    copy = tmp_path / "copy.db"
    await store.backup(str(copy))
    path.rename(tmp_path / "aside.db")
    if replaced:
        copy.rename(path)
    with pytest.raises(StoreUnusable, match="another file stands in its place" if replaced else "taken away"):
        await store.check()
    with pytest.raises(StoreUnusable):
        await store.commit(told.header, [told.next(statement("late"))])
    (tmp_path / "aside.db").rename(path)
    assert await store.check()
    await store.close()


# --- of somebody else, or of a later day -----------------------------------------------------------


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store, _ = await _filled(tmp_path / "store.db")
    await store.close()
    connection = apsw.Connection(str(tmp_path / "store.db"))
    connection.pragma("user_version", 99)
    connection.close()
    with pytest.raises(StoreUnusable, match=r"schema 99.*use a newer argumap"):
        await SqliteStore(str(tmp_path / "store.db")).open()


@pytest.mark.parametrize(
    "text",
    ["CREATE TABLE recipes (name)", "PRAGMA application_id = 7", "PRAGMA user_version = 3", "CREATE TABLE maps (key)"],
)
async def test_another_programs_database_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "store.db"
    connection = apsw.Connection(str(path))
    connection.execute(text)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="another program"):
        await SqliteStore(str(path)).open()
    assert path.read_bytes() == before
    assert _names(tmp_path) == ["store.db"]


async def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "store.db").touch()
    store, told = await _filled(tmp_path / "store.db")
    assert await loaded(store, told.id) == told.rows
    await store.close()


async def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="folder"):
        await SqliteStore(str(tmp_path)).open()
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnusable, match="file"):
        await SqliteStore(str(tmp_path / "file" / "store.db")).open()


# --- not to be written to --------------------------------------------------------------------------


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _permit(path: Path, mode: int) -> None:
    """Change what a file permits, as the owner even where the test is somebody else for a moment."""
    now = os.geteuid()
    os.seteuid(os.getuid())
    path.chmod(mode)
    os.seteuid(now)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user of the machine may enter."""
    folder = Path(tempfile.mkdtemp(prefix="argumap-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def as_anyone() -> Iterator[None]:
    """What a file permits is nothing to root: be somebody else for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


async def _refused(path: Path) -> StoreError:
    store = SqliteStore(str(path))
    with pytest.raises(StoreUnusable) as caught:
        await store.open()
    await store.close()
    return caught.value


@pytest.fixture
async def read_only(open_folder: Path) -> Path:
    store, _ = await _filled(open_folder / "store.db")
    await store.close()
    _permit(open_folder / "store.db", 0o444)
    _permit(open_folder, 0o555)
    return open_folder / "store.db"


async def test_a_file_that_may_not_be_written_is_unusable(read_only: Path, as_anyone: None) -> None:
    before = _content(read_only)
    error = await _refused(read_only)
    assert "cannot be written to" in error.detail
    assert str(read_only) in error.detail
    assert _content(read_only) == before


async def test_a_folder_that_may_not_be_written_takes_no_new_file(read_only: Path, as_anyone: None) -> None:
    error = await _refused(read_only.parent / "new.db")
    assert "cannot be made" in error.detail
    error = await _refused(read_only.parent / "deeper" / "new.db")
    assert "cannot be made" in error.detail


async def test_a_file_that_may_not_be_read_is_unusable(read_only: Path, as_anyone: None) -> None:
    _permit(read_only, 0o000)
    await _refused(read_only)


async def test_files_and_folders_made_are_the_owners_alone(tmp_path: Path) -> None:
    store, _ = await _filled(tmp_path / "new" / "store.db")
    modes = {name: stat.S_IMODE((tmp_path / "new" / name).stat().st_mode) for name in _names(tmp_path / "new")}
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    await store.close()
    assert _names(tmp_path / "new") == ["store.db"]
