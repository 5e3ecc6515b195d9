"""A store opens, says what it is, and closes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from graph.errors import StoreUnavailable
from graph.maps.port import Store
from tests.support.chronicle import Chronicle, loaded
from tests.support.nodes import statement
from tests.support.stores import Place


def test_making_a_store_touches_nothing(place: Place) -> None:
    place.store()
    if place.url.startswith("sqlite:"):
        assert not Path(place.url.removeprefix("sqlite:")).exists()


async def test_opening_says_what_the_store_is(place: Place) -> None:
    store = place.store()
    info = await store.open()
    assert info.name == ("sqlite" if place.url.startswith("sqlite:") else "neo4j")
    assert info.version[0].isdigit()
    assert info.schema >= 1
    assert await store.check() == info
    await store.close()


async def test_closing_twice_is_allowed(place: Place) -> None:
    store = place.store()
    await store.open()
    await store.close()
    await store.close()


async def test_closing_what_was_never_opened_is_allowed(place: Place) -> None:
    await place.store().close()


async def test_opening_twice_is_allowed(place: Place) -> None:
    store = place.store()
    assert await store.open() == await store.open()
    await store.close()


async def test_a_closed_store_is_unavailable_until_it_is_opened_again(place: Place) -> None:
    store = place.store()
    await store.open()
    told = Chronicle()
    change = told.next(statement("p"))
    await store.commit(told.header, [change])
    await store.close()
    for ask in (store.check, store.maps, lambda: store.version(told.id), lambda: loaded(store, told.id)):
        with pytest.raises(StoreUnavailable):
            await ask()
    with pytest.raises(StoreUnavailable):
        await store.commit(told.header, [told.next(statement("q"))])
    await store.open()
    assert (await store.version(told.id)).revision == 1
    await store.close()


async def test_what_was_written_is_there_after_reopening(place: Place) -> None:
    store = place.store()
    await store.open()
    told = Chronicle()
    change = told.next(statement("p"), statement("q"))
    await store.commit(told.header, [change])
    await store.close()
    again = place.store()
    await again.open()
    assert await loaded(again, told.id) == told.rows
    assert await again.changes(told.id, 0, 1) == [change]
    await again.close()


async def test_several_may_open_a_new_store_at_once(place: Place) -> None:
    stores = [place.store() for _ in range(6)]
    opened = await asyncio.gather(*(store.open() for store in stores))
    assert len(set(opened)) == 1
    for store in stores:
        await store.close()


async def test_all_methods_may_be_called_at_once(store: Store) -> None:
    told = Chronicle()
    change = told.next(*(statement(f"p{n}") for n in range(20)))
    await store.commit(told.header, [change])
    answers = await asyncio.gather(
        *(loaded(store, told.id) for _ in range(10)),
        *(store.changes(told.id, 0, 9) for _ in range(10)),
        *(store.known(told.id, ["p1"]) for _ in range(10)),
        *(store.search("shells", [told.id], []) for _ in range(10)),
    )
    assert answers[:10] == [told.rows] * 10
    assert answers[10:20] == [[change]] * 10
    assert answers[20:30] == [{"p1"}] * 10
    assert [len(found.nodes) for found in answers[30:]] == [20] * 10
