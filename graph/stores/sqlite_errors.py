"""The one place where SQLite's errors become the project's own."""

from collections.abc import Iterator
from contextlib import contextmanager

import apsw
import msgspec
from pydantic import ValidationError

from graph.errors import GraphError, StoreUnavailable, StoreUnusable

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
