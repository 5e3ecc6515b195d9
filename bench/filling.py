"""A large map put into an SQLite file directly: what a load is measured on."""

import asyncio
import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random

import apsw

from graph.snapshot.columns import ARGUMENT, STATEMENT
from graph.stores.sqlite import SqliteStore
from schemas.map import MapHeader

MAP = "large"
_AT = "2026-01-01T00:00:00.000000Z"
_STAMPS = f'"created_at":"{_AT}","created_by":"bench","updated_at":"{_AT}","updated_by":"bench"'
_WORDS = (
    "the",
    "of",
    "to",
    "in",
    "says",
    "sells",
    "buys",
    "needs",
    "north",
    "south",
    "shells",
    "money",
    "food",
    "grain",
    "aid",
    "satellite",
    "launch",
    "treaty",
    "border",
    "trade",
    "currency",
    "sanctions",
    "soldiers",
    "report",
    "minister",
    "season",
    "harvest",
    "price",
    "port",
    "ship",
    "rocket",
    "engine",
    "credit",
    "bank",
    "fuel",
)
_PUT = "INSERT INTO nodes (map, id, kind, number, width, links, document) VALUES (1, ?, ?, ?, ?, ?, ?)"

Row = tuple[str, int, int, int, bytes, bytes]


def fill(path: Path, arguments: int) -> None:
    """A new file with one map of so many arguments and statements; each statement bears on an earlier one."""
    asyncio.run(_made(path))
    header = MapHeader(
        id=MAP, title=MAP, revision=1, created_at=_AT, created_by="bench", updated_at=_AT, updated_by="bench"
    )
    connection = apsw.Connection(str(path))
    connection.pragma("synchronous", "OFF")
    with connection:
        connection.execute(
            "INSERT INTO maps (key, id, revision, born, numbered, nodes, header) VALUES (1, ?, 1, ?, ?, ?, ?)",
            (MAP, _AT, 2 * arguments, 2 * arguments, header.dense()),
        )
        connection.executemany(_PUT, _rows(arguments))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def statement_id(number: int, arguments: int) -> str:
    """The id of a statement."""
    return f"p-{number:0{len(str(arguments))}}"


def _rows(arguments: int) -> Iterator[Row]:
    """Rows in the order of ids; one step in fifty is an undercut."""
    random = Random(1)
    wide = len(str(arguments))
    for n in range(arguments):
        undercuts = n > 50 and n % 50 == 0
        end = random.randrange(1, n) if undercuts else random.randrange(max(n, 1))
        target = f"a-{end:0{wide}}" if undercuts else f"p-{end:0{wide}}"
        stance = "opposing" if undercuts or n % 7 == 0 else "supporting"
        own = f'"id":"a-{n:0{wide}}",{_STAMPS},"premises":["p-{n:0{wide}}"],"target":"{target}","stance":"{stance}"'
        ends = (end + 1 if undercuts else arguments + end + 1, arguments + n + 1)
        links = struct.pack("<4i", (n + 1) << 3 | ARGUMENT, 1 | (4 if stance == "opposing" else 0), *ends)
        yield f"a-{n:0{wide}}", ARGUMENT, n + 1, 0, links, f"{{{own}}}".encode()
    for n in range(arguments):
        text = " ".join(random.choices(_WORDS, k=16))
        own = f'"id":"p-{n:0{wide}}",{_STAMPS},"text":"{text}"'
        number = arguments + n + 1
        yield (
            f"p-{n:0{wide}}",
            STATEMENT,
            number,
            len(text),
            struct.pack("<i", number << 3 | STATEMENT),
            f"{{{own}}}".encode(),
        )


async def _made(path: Path) -> None:
    store = SqliteStore(str(path))
    await store.open()
    await store.close()
