"""Maps in a store: listed by header, dropped whole, made anew."""

from __future__ import annotations

import pytest

from graph.errors import RevisionTaken
from graph.maps.port import Store
from schemas.change import IdempotencyRecord
from tests.support.chronicle import Chronicle, fresh_id, loaded
from tests.support.nodes import actor, argument, statement


async def test_maps_are_listed_by_their_headers_in_the_order_of_ids(store: Store) -> None:
    mark = fresh_id()
    maps = [Chronicle(f"{mark}{end}") for end in ("-b", "_a", ".B", "~", "-a", "0", "Z")]
    for n, told in enumerate(maps):
        change = told.next(statement("p"), title=f"Title {n} – ü", by=f"author {n}")
        await store.commit(told.header, [change])
    ours = [header for header in await store.maps() if header.id.startswith(mark)]
    assert ours == sorted((told.header for told in maps), key=lambda header: header.id)


async def test_all_maps_come_in_the_order_of_ids(store: Store) -> None:
    for told in (Chronicle(), Chronicle()):
        told.next()
        await store.commit(told.header, told.changes)
    ids = [header.id for header in await store.maps()]
    assert ids == sorted(ids)
    assert len(ids) >= 2


async def test_the_header_follows_each_change(store: Store) -> None:
    told = Chronicle()
    told.next(by="ann")
    await store.commit(told.header, told.changes)
    change = told.next(statement("p"), by="bob", at="2026-05-05T05:05:05.5Z")
    await store.commit(told.header, [change])
    [header] = [header for header in await store.maps() if header.id == told.id]
    assert header == told.header
    assert (header.revision, header.updated_by, header.updated_at) == (2, "bob", "2026-05-05T05:05:05.5Z")
    assert (header.created_by, header.created_at) == ("ann", told.created_at)


async def test_a_map_that_is_not_there_has_no_head(store: Store) -> None:
    assert await store.version(fresh_id()) is None
    assert await store.version("") is None


async def test_dropping_takes_everything_with_it(store: Store) -> None:
    told, kept = Chronicle(), Chronicle()
    key = fresh_id()
    told.next(statement("p", "unusual words"), statement("q"), argument("a", "p", "q"))
    told.next(gone=["a"], idempotency=IdempotencyRecord(key, "f", "{}"))
    kept.next(statement("p", "unusual words"))
    await store.commit(told.header, told.changes)
    await store.commit(kept.header, kept.changes)
    assert await store.drop(told.id) is True
    assert await store.version(told.id) is None
    assert await loaded(store, told.id) is None
    assert await store.changes(told.id, 0, 9) == []
    assert await store.known(told.id, ["p", "q", "a"]) == set()
    assert await store.idempotency_record(key) is None
    assert await store.revision_at(told.id, "2099-01-01T00:00:00Z") is None
    assert told.id not in [header.id for header in await store.maps()]
    found = await store.search("unusual words", [], [])
    assert told.id not in [f.map for f in found.nodes]
    assert kept.id in [f.map for f in found.nodes]
    assert await loaded(store, kept.id) == kept.rows


async def test_what_stands_elsewhere_than_meant_is_not_dropped(store: Store) -> None:
    told = Chronicle()
    told.next(statement("p"))
    told.next(statement("q"))
    await store.commit(told.header, told.changes)
    for elsewhere in (
        told.version._replace(revision=1),
        told.version._replace(revision=3),
        told.version._replace(created_at="2025-01-01T00:00:00.000000Z"),
        told.version._replace(change="change-of-another-future"),
    ):
        with pytest.raises(RevisionTaken):
            await store.drop(told.id, elsewhere)
        assert await loaded(store, told.id) == told.rows
    assert await store.drop(told.id, told.version) is True
    assert await store.drop(told.id, told.version) is False
    assert await loaded(store, told.id) is None


async def test_dropping_what_is_not_there_says_so(store: Store) -> None:
    assert await store.drop(fresh_id()) is False
    told = Chronicle()
    told.next()
    await store.commit(told.header, told.changes)
    assert await store.drop(told.id) is True
    assert await store.drop(told.id) is False


async def test_a_dropped_map_may_be_born_again(store: Store) -> None:
    early = Chronicle()
    key = fresh_id()
    early.next(statement("p", "early"), actor("q"), idempotency=IdempotencyRecord(key, "f", "{}"))
    early.next(statement("r", "early"))
    await store.commit(early.header, early.changes)
    await store.drop(early.id)
    late = Chronicle(early.id, "2026-02-02T00:00:00.000000Z")
    late.next(statement("p", "late"), idempotency=IdempotencyRecord(key, "f", "{}"))
    await store.commit(late.header, late.changes)
    assert await store.version(late.id) == late.version
    assert (await store.version(late.id)).created_at != early.created_at
    assert await loaded(store, late.id) == late.rows
    assert await store.changes(late.id, 0, 9) == late.changes
    assert await store.known(late.id, ["p", "q", "r"]) == {"p"}
    assert await store.idempotency_record(key) == late.changes[0]
    assert (await store.search("early", [late.id], [])).nodes == []
    assert await store.revision_at(late.id, "2026-01-15T00:00:00Z") is None


async def test_dropping_a_map_of_thousands_of_nodes_leaves_none(store: Store) -> None:
    told = Chronicle()
    told.next(*(statement(f"p{n}", f"word{n}") for n in range(3000)))
    await store.commit(told.header, told.changes)
    assert await store.drop(told.id)
    again = Chronicle(told.id, "2026-02-02T00:00:00.000000Z")
    again.next(statement("p1", "other"))
    await store.commit(again.header, again.changes)
    assert await loaded(store, told.id) == again.rows
    assert await store.known(told.id, ["p2"]) == set()
