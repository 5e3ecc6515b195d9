"""Views on a large map: how much CPU a filtered one costs, and how long a first read stands on the event loop."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import process_time

from bench.figure import Figure
from bench.in_process import Client, held_at_most
from graph.maps.workspace import Workspace
from graph.snapshot.view import narrow
from graph.stores import open_store
from schemas.change import Change, Edit
from schemas.map import MapHeader
from schemas.query import ViewQuery

_ARGUMENTS = 100_000
_SOURCES = 50
_AT = "2026-01-01T00:00:00.000000Z"
_MAP = "large"
_VIEWS = {
    "without a source": ViewQuery(without=("s-07",)),
    "as one source has it": ViewQuery(sources=("s-07",)),
    "of high confidence": ViewQuery(min_confidence="high"),
}


def figures() -> Iterator[Figure]:
    """A view of each sort on a map as it was just loaded, and the first argument read of it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.db"
        asyncio.run(_fill(file))
        for name, query in _VIEWS.items():
            seconds = min(asyncio.run(_narrowed(file, query)) for _ in range(2))
            label = f"view narrowed on {_ARGUMENTS:,} arguments, {name}, CPU"
            yield Figure(label, seconds, "s", None, "< 0.3 s", seconds < 0.3)
        held = min(asyncio.run(_first_read(file)) for _ in range(3))
        label = f"first read of an argument at {_ARGUMENTS:,}, on the loop"
        yield Figure(label, 1000 * held, "ms", None, "< 50 ms", held < 0.05)


async def _narrowed(file: Path, query: ViewQuery) -> float:
    store = open_store(f"sqlite:{file}")
    await store.open()
    graph = await Workspace(store).at(_MAP)
    gc.collect()
    begin = process_time()
    narrow(graph, query)
    spent = process_time() - begin
    await store.close()
    return spent


async def _first_read(file: Path) -> float:
    async with Client(f"sqlite:{file}") as client:
        with held_at_most() as held:
            await client.get(f"/v1/maps/{_MAP}/arguments/a-050000")
    return held()


async def _fill(file: Path) -> None:
    """As many statements, arguments and assertions, in one change."""
    store = open_store(f"sqlite:{file}")
    await store.open()
    edits = tuple(Edit(kind, node_id, None, document) for kind, node_id, document in _nodes())  # type: ignore[arg-type]
    header = MapHeader(
        id=_MAP, title=_MAP, revision=1, created_at=_AT, created_by="bench", updated_at=_AT, updated_by="bench"
    )
    await store.commit(header, [Change(_MAP, 1, "filled", _AT, "bench", edits)])
    await store.close()


def _nodes() -> Iterator[tuple[str, str, bytes]]:
    random = Random(1)
    for n in range(_SOURCES):
        yield "actor", f"k-{n:02}", f'{{"id":"k-{n:02}","name":"Actor {n}","actor_kind":"person"}}'.encode()
        yield "source", f"s-{n:02}", f'{{"id":"s-{n:02}","title":"Source {n}","source_kind":"article"}}'.encode()
    for n in range(_ARGUMENTS):
        yield "statement", f"p-{n:06}", f'{{"id":"p-{n:06}","text":"what {n} says of the matter"}}'.encode()
        where = random.randrange(_SOURCES)
        said = f'"of":"p-{n:06}","source":"s-{where:02}","chain":["k-{where:02}"]'
        yield "assertion", f"x-{n:06}", f'{{"id":"x-{n:06}",{said}}}'.encode()
    for n in range(1, _ARGUMENTS + 1):
        end, stance = random.randrange(n), ("opposing" if n % 7 == 0 else "supporting")
        sure = random.choice(("low", "medium", "high"))
        own = f'"premises":["p-{n % _ARGUMENTS:06}"],"target":"p-{end:06}","stance":"{stance}","confidence":"{sure}"'
        yield "argument", f"a-{n:06}", f'{{"id":"a-{n:06}",{own}}}'.encode()
