"""What it costs to hold a store against itself and to list its maps, counted at n and 4n."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from graph.errors import MapDamaged
from graph.maps.expected import Expected
from graph.stores.integrity import check_nodes, checksum
from graph.stores.sqlite import SqliteStore
from schemas.map import MapHeader
from tests.growth.work import CONSTANT, LINEAR, LOGARITHMIC, grows, promises
from tests.support.chronicle import Chronicle
from tests.support.nodes import statement

Question = Callable[[], object]


@promises("graph.maps.expected.Expected.follow")
def test_following_a_history_costs_its_edits() -> None:
    def edits(n: int) -> Question:
        told = Chronicle("m")
        told.next(*(statement(f"p{i:06}") for i in range(n)))
        told.next(*(statement(f"p{i:06}", "anew") for i in range(0, n, 2)), gone=[f"p{i:06}" for i in range(1, n, 2)])
        return lambda: Expected.born(told.changes[0]).follow(told.changes)

    def small_in_a_map(n: int) -> Question:
        told = Chronicle("m")
        told.next(*(statement(f"p{i:06}") for i in range(n)))
        expected = Expected.born(told.changes[0])
        expected.follow(told.changes)
        change = told.next(*(statement(f"q{i:06}") for i in range(20)))
        return lambda: expected.follow([change])

    grows(edits, LINEAR, n=80)
    grows(small_in_a_map, CONSTANT)


@promises("graph.stores.integrity.check_nodes")
def test_checking_a_load_costs_its_nodes() -> None:
    def whole(n: int) -> Question:
        nodes = [statement(f"p{i:06}") for i in range(n)]
        documents = [node.dense() for node in nodes]
        return lambda: check_nodes("m", [node.id for node in nodes], documents, n, checksum(documents))

    def damaged(n: int) -> Question:
        ids = [f"p{i:06}" for i in range(n)]
        documents = [statement(f"q{i:06}").dense() for i in range(n)]

        def check() -> None:
            with suppress(MapDamaged):
                check_nodes("m", ids, documents, n, None)

        return check

    grows(whole, LINEAR)
    grows(damaged, LINEAR)


@promises("graph.stores.sqlite.SqliteStore.maps")
def test_a_page_of_maps_costs_these(tmp_path: Path) -> None:
    async def listed(path: str, after: str, limit: int) -> list[MapHeader]:
        store = SqliteStore(path)
        await store.open()
        try:
            return await store.maps(after, limit)
        finally:
            await store.close()

    async def fill(path: str, n: int) -> None:
        store = SqliteStore(path)
        await store.open()
        for i in range(n):
            told = Chronicle(f"m{i:06}")
            change = told.next()
            await store.commit(told.header, [change])
        await store.close()

    def page(n: int, limit: int) -> Question:
        path = str(tmp_path / f"{limit}-{n}.db")
        if not Path(path).exists():
            asyncio.run(fill(path, n))
        return lambda: asyncio.run(listed(path, f"m{n // 3:06}", limit))

    grows(lambda n: page(n, 5), LOGARITHMIC, n=40)
    grows(lambda n: page(n, n // 2), LINEAR, n=40)
