"""Maps that were deleted and are kept for a while: gone for everything, and brought back as they were."""

from __future__ import annotations

import pytest

from graph.errors import RevisionTaken
from graph.maps.port import Deletion, Store
from schemas.change import IdempotencyRecord
from tests.support.chronicle import Chronicle, fresh_id, loaded
from tests.support.nodes import argument, statement

AT, LATER, UNTIL = (f"2026-02-0{day}T00:00:00.000000Z" for day in (1, 2, 9))
KEPT = Deletion(AT, "ann", UNTIL)


async def written(store: Store, map_id: str | None = None, key: str | None = None) -> Chronicle:
    told = Chronicle(map_id)
    record = None if key is None else IdempotencyRecord(key, "f", "{}")
    told.next(statement("p", "Rice is short"), statement("q"), idempotency=record)
    told.next(argument("a", "p", "q"), by="bob")
    told.next(gone=["a"])
    await store.commit(told.header, told.changes)
    return told


async def kept(store: Store, map_id: str) -> list[Deletion]:
    return [one.deletion for one in await store.deleted() if one.header.id == map_id]


async def test_a_map_that_is_put_aside_is_gone_and_comes_back_as_it_was(store: Store, another: Store) -> None:
    told = await written(store)
    stood = await store.version(told.id)
    assert await store.drop(told.id, kept=KEPT)
    assert await another.version(told.id) is None
    assert await another.load(told.id) is None
    assert await another.changes(told.id, 0, 9) == []
    assert await another.known(told.id, ["p"]) == set()
    assert (await another.search("rice", [told.id], [])).nodes == []
    assert told.id not in [header.id for header in await another.maps()]
    [one] = [one for one in await another.deleted() if one.header.id == told.id]
    assert (one.deletion, one.header.revision, one.header.title) == (KEPT, 3, told.header.title)
    assert await another.restore(told.id, AT)
    assert await store.version(told.id) == stood
    rows = await loaded(store, told.id)
    assert rows is not None
    assert (rows.ids, rows.documents, rows.header) == (told.rows.ids, told.rows.documents, told.header)
    assert await store.changes(told.id, 0, 9) == told.changes
    assert await store.known(told.id, ["p", "a"]) == {"p", "a"}
    assert await store.revisions(told.id, 0, 9, nodes=["a"]) == [2, 3]
    assert [node.id for node in (await store.search("rice", [told.id], [])).nodes] == ["p"]
    assert await kept(store, told.id) == []
    told.next(statement("new"))
    await store.commit(told.header, told.changes[-1:])
    await store.drop(told.id)


async def test_a_map_of_the_same_id_can_be_made_meanwhile_and_is_not_overwritten(store: Store) -> None:
    told = await written(store)
    await store.drop(told.id, kept=KEPT)
    anew = Chronicle(told.id, created_at="2026-03-01T00:00:00.000000Z")
    anew.next(statement("p", "Another"))
    await store.commit(anew.header, anew.changes)
    with pytest.raises(RevisionTaken):
        await store.restore(told.id, AT)
    rows = await loaded(store, told.id)
    assert rows is not None
    assert rows.documents == anew.rows.documents
    await store.drop(told.id, kept=Deletion(LATER, "bob", UNTIL))
    assert await kept(store, told.id) == [Deletion(LATER, "bob", UNTIL), KEPT]
    assert await store.restore(told.id, AT)
    rows = await loaded(store, told.id)
    assert rows is not None
    assert rows.documents == told.rows.documents
    assert await store.purge(UNTIL, told.id) == 1
    await store.drop(told.id)


async def test_an_idempotency_key_is_free_while_its_map_is_aside(store: Store) -> None:
    key, other = fresh_id(), fresh_id()
    told, second = await written(store, key=key), await written(store, key=other)
    await store.drop(told.id, kept=KEPT)
    await store.drop(second.id, kept=KEPT)
    assert await store.idempotency_record(key) is None
    user = await written(store, key=key)
    assert await store.restore(told.id, AT)
    assert await store.restore(second.id, AT)
    for used, owner in ((key, user), (other, second)):
        record = await store.idempotency_record(used)
        assert record is not None
        assert record.map == owner.id
    for one in (told, second, user):
        await store.drop(one.id)


async def test_what_is_over_is_deleted_for_good_and_nothing_else(store: Store) -> None:
    told, other = await written(store), await written(store)
    await store.drop(told.id, kept=KEPT)
    await store.drop(other.id, kept=KEPT)
    assert await store.purge(AT, told.id) == 0
    assert await store.purge(UNTIL, told.id) == 1
    assert await kept(store, told.id) == []
    assert await kept(store, other.id) == [KEPT]
    assert not await store.restore(told.id, AT)
    assert await store.restore(other.id, AT)
    await store.drop(other.id)


async def test_what_was_never_put_aside_does_not_come_back(store: Store) -> None:
    told = await written(store)
    assert not await store.restore(told.id, AT)
    await store.drop(told.id)
    assert await kept(store, told.id) == []
    assert not await store.restore(told.id, AT)
    assert not await store.drop(fresh_id(), kept=KEPT)
