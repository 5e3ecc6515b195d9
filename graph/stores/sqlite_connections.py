"""An SQLite file, made for its owner alone: its connections and threads, and what its errors mean."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any, TypeVar

import apsw
import msgspec
from pydantic import ValidationError

from graph.errors import GraphError, StoreUnavailable, StoreUnusable
from graph.stores.sqlite_schema import NEWEST, prepare
from graph.stores.sqlite_statements import BEGIN, BEGIN_READ, COMMIT, ROLLBACK

_Meaning = tuple[type[GraphError], str]

MEANINGS: dict[type[apsw.Error], _Meaning] = {
    apsw.BusyError: (StoreUnavailable, "another process has kept it locked for too long; try again"),
    apsw.LockedError: (StoreUnavailable, "another connection has kept it locked for too long; try again"),
    apsw.FullError: (StoreUnavailable, "there is no room left for it; free some space and try again"),
    apsw.NoMemError: (StoreUnavailable, "there is not enough memory for it now; try again"),
    apsw.InterruptError: (StoreUnavailable, "the work was interrupted; try again"),
    apsw.ProtocolError: (StoreUnavailable, "its locks could not be taken among other processes; try again"),
    apsw.SchemaChangeError: (StoreUnavailable, "its schema changed meanwhile; try again"),
    apsw.ConnectionClosedError: (StoreUnavailable, "it is closed"),
    apsw.CantOpenError: (StoreUnavailable, "it cannot be opened; look at its folder and at what it permits"),
    apsw.ReadOnlyError: (StoreUnusable, "it cannot be written to; look at what the file and its folder permit"),
    apsw.PermissionsError: (StoreUnusable, "access to it is not permitted"),
    apsw.AuthError: (StoreUnusable, "access to it is not permitted"),
    apsw.IOError: (StoreUnusable, "the disk reports an error; see to the disk, then start again"),
    apsw.CorruptError: (StoreUnusable, "the file is damaged; restore a backup"),
    apsw.NotADBError: (StoreUnusable, "the file is no SQLite database; name another one"),
    apsw.FormatError: (StoreUnusable, "the file is no SQLite database that can be read; name another one"),
    apsw.EmptyError: (StoreUnusable, "the file holds nothing"),
    apsw.NoLFSError: (StoreUnusable, "this system cannot keep a file of that size"),
    apsw.TooBigError: (StoreUnusable, "a document is longer than SQLite takes"),
    apsw.ConstraintError: (StoreUnusable, "what it holds contradicts itself; restore a backup"),
    apsw.MismatchError: (StoreUnusable, "what it holds is not of the kind that it should be; restore a backup"),
    apsw.SQLError: (StoreUnusable, "its tables are not those of this version; name another file"),
}
"""What each error means that SQLite itself can give; apsw's errors about wrong use of its API are not caught."""


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Raise `StoreUnusable` where what was read out of the file is not what was written into it."""
    try:
        yield
    except (msgspec.MsgspecError, ValidationError, UnicodeDecodeError) as error:
        raise StoreUnusable(f"{name}: what it holds cannot be read; restore a backup ({error})") from error


@contextmanager
def translating(name: str) -> Iterator[None]:
    """Raise the project's errors for SQLite's; `name` is what the sentences call the store."""
    try:
        yield
    except apsw.Error as error:
        meaning = MEANINGS.get(type(error))
        if meaning is None:
            raise
        kind, sentence = meaning
        raise kind(f"{name}: {sentence} (SQLite says: {error})") from error


T = TypeVar("T")
Work = Callable[[apsw.Connection], T]

MEMORY = ":memory:"
_SCANS_AT_ONCE = 4
_LOOP_PATIENCE = 0.05
"""Seconds that a read on the event loop waits for a lock before it goes to a thread."""
_LOOKED_THROUGH_EVERY, _SHARE = 5.0, 50
"""Seconds between two looks through the whole file, and how many times what one took they are apart at least."""
_LOOK_WAITED_FOR = 0.5
"""Seconds that whoever asks whether the file is sound waits for a look that takes long."""


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
        self._identity: tuple[int, int] | None = None
        """Device and number of the file that was opened."""
        self._damage: str | None = None
        self._looked, self._took = 0.0, 0.0
        self._is_doubtful = True
        """Whether the file was never looked through, or something failed since."""
        self._look: asyncio.Task[None] | None = None
        self._looker: apsw.Connection | None = None

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
        if self._looker is not None:
            self._looker.interrupt()
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
        try:
            return work(self._reader)
        except apsw.BusyError:  # another process recovers the log; the loop must not wait for that
            pass
        except Exception:
            with self._doubting():  # only now: three contexts around each look would take longer than the look
                raise
        return await self.scan(work)

    async def check(self, *, whole: bool = False) -> None:
        """Raise `StoreUnusable` where the file was taken away or its pages are damaged; reads the whole file.

        The pages are looked through by a connection that has none of them in memory yet, now and then and after
        anything has failed; what was found last counts meanwhile, also where a look takes long. `whole` looks anew and
        more closely, and waits for it.
        """
        if self.path is None:
            return
        self._refuse_another_file()
        pause = max(_LOOKED_THROUGH_EVERY, _SHARE * self._took)
        if whole and self._look is not None:
            await self._look
        if self._look is None and (whole or self._is_doubtful or time.monotonic() - self._looked > pause):
            self._look = asyncio.create_task(self._look_through(closely=whole))
        if self._look is not None:
            await asyncio.wait({self._look}, timeout=None if whole else _LOOK_WAITED_FOR)
        if self._damage is not None:
            raise StoreUnusable(f"{self.name}: the file is damaged; restore a backup (SQLite says: {self._damage})")

    async def _look_through(self, *, closely: bool) -> None:
        begun = time.monotonic()
        try:
            if self._scanning is not None:
                looking = asyncio.get_running_loop().run_in_executor(self._scanning, self._damaged, closely)
                self._damage, self._is_doubtful = await looking, False
        except GraphError:
            pass  # it was locked, closed or interrupted: that says nothing of its pages
        finally:
            self._look = None
            self._looked = time.monotonic()
            self._took = self._looked - begun

    # --- inside ---------------------------------------------------------------------------------

    def _damaged(self, closely: bool) -> str | None:
        """What SQLite finds wrong with the pages and indexes of the file; None where they are sound."""
        look = "integrity_check(1)" if closely else "quick_check(1)"
        with translating(self.name):
            try:
                self._looker = apsw.Connection(self._target, apsw.SQLITE_OPEN_READWRITE)
                self._looker.set_busy_timeout(round(1000 * self._patience))
                [(found,)] = self._looker.execute(f"PRAGMA {look}").fetchall()
            except (apsw.CorruptError, apsw.NotADBError, apsw.IOError) as error:
                return str(error)
            finally:
                looker, self._looker = self._looker, None
                if looker is not None:
                    looker.close()
        return None if found == "ok" else str(found)

    def _refuse_another_file(self) -> None:
        """Raise `StoreUnusable` where the file that is open no longer stands at its path."""
        if self.path is None:
            return
        try:
            found = self.path.stat()
        except OSError as error:
            gone = "the file was taken away while it was open; put it back or restore a backup, then start again"
            raise StoreUnusable(f"{self.name}: {gone} ({error.strerror})") from error
        if (found.st_dev, found.st_ino) != self._identity:
            raise StoreUnusable(f"{self.name}: another file stands in its place since it was opened; start again")

    def _connect(self) -> None:
        with translating(self.name):
            if self.path is not None:
                make_file(self.path)
                stands = self.path.stat()
                self._identity = (stands.st_dev, stands.st_ino)
            self._writer = self._new()
            self._writer.pragma("cache_size", -65_536)  # a large import stays in memory until it commits
            if self._writer.readonly("main"):
                raise StoreUnusable(f"{self.name}: the file cannot be written to; look at what it permits")
            prepare(self._writer, self.name, self._patience, migrates=self._migrates)
            _fold_log(self._writer, self._patience)
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
        self._refuse_another_file()  # what is written to one that is gone would be lost, and said to be durable
        with translating(self.name), _transaction(connection, BEGIN):
            _check_version(connection, self.name)
            return work(connection)

    def _scan(self, work: Work[T]) -> T:
        def in_transaction(connection: apsw.Connection) -> T:
            with _transaction(connection, BEGIN_READ):
                return work(connection)

        return self._alone(in_transaction)

    def _alone(self, work: Work[T]) -> T:
        with self._doubting():
            with self._lock:
                connection = self._spare.pop() if self._spare else self._new()
            try:
                return work(connection)
            finally:
                with self._lock:
                    self._spare.append(connection)

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """Tell what reading raises in our words, and have the file looked through where that may be its fault."""
        try:
            with translating(self.name), readable(self.name):
                yield
        except GraphError:
            self._is_doubtful = True
            raise

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


def _fold_log(connection: apsw.Connection, patience: float) -> None:
    """Fold in and cut what a process that was killed has left of the write-ahead log: it may hold what was redacted.

    Where another process is at work in the file it is left: whoever leaves the file last folds it in.
    """
    connection.set_busy_timeout(round(1000 * _LOOP_PATIENCE))
    with suppress(apsw.BusyError, apsw.LockedError, apsw.FullError, apsw.IOError):
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    connection.set_busy_timeout(round(1000 * patience))


def _check_version(connection: apsw.Connection, name: str) -> None:
    """Raise `StoreUnavailable` where the file is of another version by now: a service writes to none but its own."""
    if (version := connection.pragma("user_version")) != NEWEST:
        raise StoreUnavailable(
            f"{name}: the file has schema {version} by now and this service is made for {NEWEST}; nothing is "
            "written; start the argumap that brought it there"
        )


def fetching(statement: str, bindings: tuple[Any, ...] = ()) -> Work[list[Any]]:
    """The work of one statement: all its rows at once, so that none stays open and holds a lock."""
    return lambda connection: connection.execute(statement, bindings).fetchall()


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
