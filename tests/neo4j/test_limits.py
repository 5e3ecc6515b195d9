"""A commit goes through as a whole or is refused before anything is written, by a limit that is measured."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from neo4j import Driver

from graph.errors import StoreUnavailable, StoreUnusable, TooLarge
from graph.stores import neo4j_writing
from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_errors import OutOfMemory
from graph.stores.neo4j_room import MOST_MEMORY, Room
from graph.stores.neo4j_writing import Batch, commit
from schemas.change import Change, Edit
from schemas.node import AnyNode
from tests.support.chronicle import START, Chronicle
from tests.support.nodes import argument, statement

SENTENCE = "Statement {} says that something of about eighty characters is the case today"


def short(n: int) -> Iterator[AnyNode]:
    """As an import has them: a statement and an argument for it."""
    yield statement(f"p{n}", SENTENCE.format(n), created_by="somebody", updated_by="somebody")
    yield argument(f"a{n}", f"p{n}", f"p{n // 2}", "opposing", warrant=SENTENCE.format(n)[:40])


def long(n: int) -> Iterator[AnyNode]:
    yield statement(f"p{n}", SENTENCE.format(n) * 120)


def foreign(n: int) -> Iterator[AnyNode]:
    yield statement(f"p{n}", "북한은 러시아에 포탄을 판다 " * 60)


def linked(n: int) -> Iterator[AnyNode]:
    yield statement(f"p{n}", "short")
    yield argument(f"a{n}", tuple(f"p{i}" for i in range(max(0, n - 20), n + 1)), f"p{n // 2}", "opposing")


SORTS: list[Callable[[int], Iterator[AnyNode]]] = [short, long, foreign, linked]


def full(told: Chronicle, sort: Callable[[int], Iterator[AnyNode]]) -> Batch:
    """The largest batch of a sort that is let through."""
    sample = 200
    probe = Chronicle()
    change = probe.next(*(node for n in range(sample) for node in sort(n)))
    count = int(sample * MOST_MEMORY / Batch.of(probe.header, [change]).memory)
    change = told.next(*(node for n in range(count) for node in sort(n)))
    batch = Batch.of(told.header, [change])
    assert 0.8 * MOST_MEMORY < batch.memory < 1.1 * MOST_MEMORY
    return batch


@pytest.mark.slow
@pytest.mark.first_case
@pytest.mark.new_server
@pytest.mark.parametrize("sort", SORTS)
async def test_what_the_limit_lets_through_goes_through(
    store_there: Callable[..., Neo4jStore], monkeypatch: pytest.MonkeyPatch, sort: Callable[[int], Iterator[AnyNode]]
) -> None:
    """With the heap of 512 MB that a new test server has, however long a busy machine takes for it."""
    monkeypatch.setattr(neo4j_writing, "MOST_MEMORY", MOST_MEMORY * 1.1)
    told = Chronicle()
    store = store_there(patience=300.0)
    await store.open()
    await commit(store._calls, full(told, sort))
    assert await store.load(told.id) == told.rows
    gone = told.next(gone=list(told.nodes))
    await store.commit(told.header, [gone])
    assert (await store.load(told.id)).ids == []
    await store.drop(told.id)
    await store.close()


async def test_what_is_past_the_limit_is_refused_before_anything_is_written(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_writing, "MOST_MEMORY", 5 << 20)
    told = Chronicle()
    change = told.next(*(node for n in range(1000) for node in short(n)))
    with pytest.raises(TooLarge, match=r"needs about \d+ MB .* 5 MB is the limit"):
        await store.commit(told.header, [change])
    assert await store.version(told.id) is None
    monkeypatch.undo()
    await store.commit(told.header, [change])
    await store.drop(told.id)


async def test_several_changes_together_count_together(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_writing, "MOST_MEMORY", 1 << 20)
    told = Chronicle()
    changes = [told.next(*(statement(f"p{n}-{i}") for i in range(50))) for n in range(8)]
    with pytest.raises(TooLarge):
        await store.commit(told.header, changes)
    assert await store.version(told.id) is None


@pytest.mark.parametrize(("nodes", "kind"), [(2, StoreUnavailable), (5_000, TooLarge)])
async def test_a_server_out_of_memory_blames_the_large_and_not_the_small(nodes: int, kind: type[Exception]) -> None:
    class Full:
        patience = 1.0
        room = Room(MOST_MEMORY)

        async def write(self, *_: Any, **__: Any) -> None:
            raise OutOfMemory("no memory left")

        put = write

    told = Chronicle()
    change = told.next(*(statement(f"p{n}") for n in range(nodes)))
    calls: Any = Full()
    with pytest.raises(kind):
        await commit(calls, Batch.of(told.header, [change]))


async def test_nodes_that_someone_made_by_hand_are_named_as_what_is_wrong(store: Neo4jStore, driver: Driver) -> None:
    told = Chronicle()
    change = told.next(statement("p"))
    await store.commit(told.header, [change])
    driver.execute_query("CREATE (:Node {map: $map, id: 'q'})", map=told.id)
    change = told.next(statement("q"))
    with pytest.raises(StoreUnusable, match="by hand"):
        await store.commit(told.header, [change])
    assert (await store.version(told.id)).revision == 1
    await store.drop(told.id)


async def test_a_log_entry_of_megabytes_comes_back(store: Neo4jStore) -> None:
    told = Chronicle()
    change = told.next(*(statement(f"p{n}", "x" * 19_000) for n in range(200)))
    await store.commit(told.header, [change])
    assert await store.changes(told.id, 0, 1) == [change]
    await store.drop(told.id)


async def test_a_map_edit_alone_writes_no_node(store: Neo4jStore) -> None:
    told = Chronicle()
    first = told.next(statement("p"))
    renaming = told.next(title="Another title")
    await store.commit(told.header, [first, renaming])
    blank = Change(told.id, 3, secrets.token_hex(8), START, "ann", (Edit("map", told.id, None, msgspec.Raw(b"{}")),))
    await store.commit(told.header.model_copy(update={"revision": 3}), [blank])
    assert (await store.version(told.id)).revision == 3
    assert (await store.load(told.id)).header.title == "Another title"
    await store.drop(told.id)
