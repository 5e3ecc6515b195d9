"""Texts of sources: kept beside the map, whole and by themselves, and gone with it."""

from __future__ import annotations

from graph.maps.port import SourceText, Store
from tests.support.chronicle import Chronicle, fresh_id
from tests.support.nodes import source

LONG = SourceText("0" * 64, "Zwölf Boxkämpfer 部队 \U0001f600\r\n\tund mehr.\n" * 20_000)
SHORT = SourceText("1" * 64, "x")


async def made(store: Store) -> Chronicle:
    told = Chronicle()
    told.next(source("s"), source("t"))
    await store.commit(told.header, told.changes)
    return told


async def test_a_text_comes_back_as_it_was_kept(store: Store, another: Store) -> None:
    told = await made(store)
    assert await store.source_text(told.id, "s") is None
    assert await store.keep_text(told.id, "s", LONG) is True
    for one in (store, another):
        assert await one.source_text(told.id, "s") == LONG
        assert await one.source_digests(told.id) == {"s": LONG.sha256}
    assert await store.keep_text(told.id, "s", SHORT) is True
    assert await store.source_text(told.id, "s") == SHORT


async def test_texts_are_of_no_revision(store: Store) -> None:
    told = await made(store)
    before = await store.version(told.id)
    await store.keep_text(told.id, "t", SHORT)
    assert await store.version(told.id) == before
    assert await store.changes(told.id, 0, 9) == told.changes


async def test_a_text_is_taken_away(store: Store) -> None:
    told = await made(store)
    await store.keep_text(told.id, "s", SHORT)
    await store.keep_text(told.id, "t", SHORT)
    assert await store.keep_text(told.id, "s", None) is True
    assert await store.keep_text(told.id, "s", None) is False
    assert await store.source_digests(told.id) == {"t": SHORT.sha256}


async def test_a_map_that_is_not_there_has_no_texts(store: Store) -> None:
    nowhere = fresh_id()
    assert await store.keep_text(nowhere, "s", SHORT) is False
    assert await store.keep_text(nowhere, "s", None) is False
    assert await store.source_text(nowhere, "s") is None
    assert await store.source_digests(nowhere) == {}


async def test_a_map_takes_its_texts_along_when_it_is_dropped(store: Store) -> None:
    told, other = await made(store), await made(store)
    for one in (told, other):
        await store.keep_text(one.id, "s", SHORT)
    await store.drop(told.id)
    again = Chronicle(told.id, "2026-02-02T00:00:00.000000Z")
    again.next(source("s"))
    await store.commit(again.header, again.changes)
    assert await store.source_digests(told.id) == {}
    assert await store.source_digests(other.id) == {"s": SHORT.sha256}
