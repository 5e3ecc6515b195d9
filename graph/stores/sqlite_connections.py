"""An SQLite file, made for its owner alone, and the connections and threads to it."""

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import TypeVar

import apsw

from graph.errors import StoreUnavailable, StoreUnusable
from graph.stores.sqlite_errors import readable, translating
from graph.stores.sqlite_schema import check_version, prepare
from graph.stores.sqlite_statements import BEGIN, BEGIN_READ, COMMIT, ROLLBACK

T = TypeVar("T")
Work = Callable[[apsw.Connection], T]

MEMORY = ":memory:"
_SCANS_AT_ONCE = 4
_LOOP_PATIENCE = 0.05
"""Seconds that a read on the event loop waits for a lock before it goes to a thread."""


class Connections:
    """One connection to write, one to read on the event loop, and some for long reads in threads.

    Reads that take microseconds run on the loop: a thread costs more than the read. One thread writes, so that
    one commit runs at a time and waits for the disk away from the loop.
    """

    def __init__(self, path: str, patience: float, *, migrates: bool = True) -> None:
        in_memory = path == MEMORY
        self.path = None if in_memory else Path(path).expanduser()
        self.name = "the database in memory" if in_memory else str(self.path)
        self._target = f"file:/{token_hex(8)}?vfs=memdb" if in_memory else str(self.path)
        self._patience = patience
        self._migrates = migrates
        self._spare: list[apsw.Connection] = []
        self._all: list[apsw.Connection] = []
        self._lock = Lock()
        self._writer: apsw.Connection | None = None
        self._reader: apsw.Connection | None = None
        self._writing: ThreadPoolExecutor | None = None
        self._scanning: ThreadPoolExecutor | None = None

    async def open(self) -> None:
        """Connect and bring the file to the newest schema; opening what is open does nothing."""
        if self._writing is not None:
            return
        writing = ThreadPoolExecutor(1, "sqlite-writer")
        try:
            await asyncio.get_running_loop().run_in_executor(writing, self._connect)
        except BaseException:
            self._disconnect()
            writing.shutdown()
            raise
        self._writing = writing
        self._scanning = ThreadPoolExecutor(_SCANS_AT_ONCE, "sqlite-reader")

    async def close(self) -> None:
        """Let work under way end and disconnect; the last to leave the file folds its log into it."""
        writing, scanning = self._writing, self._scanning
        self._writing = self._scanning = None
        if writing is not None and scanning is not None:
            scanning.shutdown(wait=False)
            await asyncio.get_running_loop().run_in_executor(writing, self._finish, scanning)
            writing.shutdown(wait=False)

    async def write(self, work: Work[T]) -> T:
        """Do work in one transaction, durable when this returns."""
        if self._writing is None or self._writer is None:
            raise self._closed()
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._write, self._writer, work)

    async def scan(self, work: Work[T]) -> T:
        """Do a long read in a thread; all of it sees one state of the file."""
        if self._scanning is None:
            raise self._closed()
        return await asyncio.get_running_loop().run_in_executor(self._scanning, self._scan, work)

    async def alone(self, work: Work[T]) -> T:
        """Do long work in a thread outside of any transaction, such as what SQLite does in one of its own."""
        if self._scanning is None:
            raise self._closed()
        return await asyncio.get_running_loop().run_in_executor(self._scanning, self._alone, work)

    async def look(self, work: Work[T]) -> T:
        """Do a read of microseconds on the event loop."""
        if self._reader is None or self._writing is None:
            raise self._closed()
        with translating(self.name), readable(self.name):
            try:
                return work(self._reader)
            except apsw.BusyError:  # another process recovers the log; the loop must not wait for that
                pass
        return await self.scan(work)

    # --- inside ---------------------------------------------------------------------------------

    def _connect(self) -> None:
        with translating(self.name):
            if self.path is not None:
                make_file(self.path)
            self._writer = self._new()
            self._writer.pragma("cache_size", -65_536)  # a large import stays in memory until it commits
            if self._writer.readonly("main"):
                raise StoreUnusable(f"{self.name}: the file cannot be written to; look at what it permits")
            prepare(self._writer, self.name, self._patience, migrates=self._migrates)
            self._reader = self._new(_LOOP_PATIENCE)

    def _new(self, patience: float | None = None) -> apsw.Connection:
        flags = apsw.SQLITE_OPEN_READWRITE
        if self.path is None:
            flags |= apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        connection = apsw.Connection(self._target, flags)
        self._all.append(connection)
        connection.set_busy_timeout(round(1000 * (self._patience if patience is None else patience)))
        connection.pragma("synchronous", "FULL")
        connection.pragma("fullfsync", True)  # counts on systems where fsync alone promises little
        connection.pragma("temp_store", "MEMORY")
        connection.pragma("secure_delete", True)  # what is deleted is overwritten, not only let go
        connection.pragma("cell_size_check", True)  # damage is told rather than read
        return connection

    def _write(self, connection: apsw.Connection, work: Work[T]) -> T:
        with translating(self.name), _transaction(connection, BEGIN):
            check_version(connection, self.name)
            return work(connection)

    def _scan(self, work: Work[T]) -> T:
        def in_transaction(connection: apsw.Connection) -> T:
            with _transaction(connection, BEGIN_READ):
                return work(connection)

        return self._alone(in_transaction)

    def _alone(self, work: Work[T]) -> T:
        with translating(self.name), readable(self.name):
            with self._lock:
                connection = self._spare.pop() if self._spare else self._new()
            try:
                return work(connection)
            finally:
                with self._lock:
                    self._spare.append(connection)

    def _finish(self, scanning: ThreadPoolExecutor) -> None:
        """Behind all writes: this is done by the thread that does them."""
        scanning.shutdown()
        with translating(self.name):
            self._disconnect()

    def _disconnect(self) -> None:
        self._writer = self._reader = None
        self._spare.clear()
        while self._all:
            self._all.pop().close()

    def _closed(self) -> StoreUnavailable:
        return StoreUnavailable(f"{self.name}: the store is not open")


@contextmanager
def _transaction(connection: apsw.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute(COMMIT)
    except BaseException:
        if connection.in_transaction:  # some errors end it by themselves
            connection.execute(ROLLBACK)
        raise


# --- the file ----------------------------------------------------------------------------------------


def make_file(path: Path) -> bool:
    """Make the file, and its folder, where they are missing; whether the file was. Raises `StoreUnusable`."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Never opened where it is there: closing it would take the locks of this process's connections away.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise StoreUnusable(f"{path}: this is a folder; name a file") from None
        if not path.parent.is_dir():
            raise StoreUnusable(f"{path}: {path.parent} is no folder; name another file") from None
        if not os.access(path, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise StoreUnusable(f"{path}: the file cannot be written to; look at what it permits") from None
        return False
    except OSError as error:
        raise StoreUnusable(f"{path}: the file cannot be made: {error.strerror}; name another one") from error
    return True
