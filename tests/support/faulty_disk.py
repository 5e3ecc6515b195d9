"""A disk that fails when it is told to: SQLite's files go through it while the context lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import apsw

_UNIX = "unix"


@dataclass
class Disk:
    """Counts writes and syncs; from `fails_at` on each of them raises `error`, until it is mended."""

    error: type[apsw.Error] = apsw.FullError
    fails_at: int | None = None
    done: list[str] = field(default_factory=list)
    """What was asked of it since `fails_at` was set, with the kind of file."""

    def fail(self, error: type[apsw.Error], at: int = 0) -> None:
        self.error, self.fails_at, self.done = error, at, []

    def mend(self) -> None:
        self.fails_at = None

    def asked(self, what: str) -> None:
        self.done.append(what)
        if self.fails_at is not None and len(self.done) > self.fails_at:
            raise self.error("the test's disk fails")


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__(_UNIX, name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._disk = disk
        self._kind = "log" if Path(path or "").name.endswith("-wal") else "file"

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - apsw's name
        self._disk.asked(f"write {self._kind}")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.asked(f"sync {self._kind}")
        super().xSync(flags)


class _System(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__("faulty", _UNIX)
        self._disk = disk

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _File:  # noqa: N802
        return _File(self._disk, name, flags)


@contextmanager
def faulty_disk() -> Iterator[Disk]:
    """SQLite files opened within go through the disk that this gives."""
    disk = Disk()
    system = _System(disk)
    apsw.set_default_vfs("faulty")
    try:
        yield disk
    finally:
        apsw.set_default_vfs(_UNIX)
        system.unregister()
