"""A copy of a whole SQLite store, taken while others go on reading and writing."""

from pathlib import Path

import apsw

from graph.errors import Conflict
from graph.stores.sqlite_errors import translated
from graph.stores.sqlite_files import make_file


def back_up(source: apsw.Connection, path: str) -> None:
    """Copy what the connection sees into a new file; raises `Conflict` where there is one of its name."""
    target = Path(path).expanduser()
    if not make_file(target):
        raise Conflict(f"{target}: there is such a file already; a backup needs a new one", code="file_exists")
    try:
        with translated(str(target)):
            copy = apsw.Connection(str(target), apsw.SQLITE_OPEN_READWRITE)
            try:
                with copy.backup("main", source, "main") as copying:
                    copying.step()
            finally:
                copy.close()
    except BaseException:
        target.unlink(missing_ok=True)  # half a copy would pass for a whole one
        raise
