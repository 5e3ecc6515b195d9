"""What stands beside a map, on every store: compared and swapped, apart from other maps, and gone with its own."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from graph.beside.port import SideRecord
from graph.maps.port import MapVersion, Outlook, Store
from graph.maps.workspace import Workspace
from schemas.base import now
from schemas.key import KeyRecord
from schemas.map import MapCreate
from tests.support.chronicle import fresh_id
from tests.support.write_requests import create_statement, write_request


def record(id: str, subject: str = "p", version: int = 1, text: str = "x") -> SideRecord:
    return SideRecord("remark", id, subject, version, msgspec.Raw(msgspec.json.encode({"text": text})))


async def made(store: Store) -> str:
    map_id = fresh_id()
    await Workspace(store).create(MapCreate(id=map_id, title="A map"), write_request(create_statement("p")))
    return map_id


async def test_what_one_keeps_another_finds(store: Store, another: Store) -> None:
    map_id = await made(store)
    assert await store.beside.put(map_id, record("r-2"))
    assert await store.beside.put(map_id, record("r-1", "q", text="Ł 部队"))
    assert await another.beside.find(map_id, "remark", "r-1") == record("r-1", "q", text="Ł 部队")
    assert [one.id for one in await another.beside.records(map_id, "remark")] == ["r-1", "r-2"]
    assert [one.id for one in await another.beside.records(map_id, "remark", ["p", "z"])] == ["r-2"]
    assert await another.beside.records(map_id, "draft") == []
    assert await another.beside.find(map_id, "draft", "r-1") is None


async def test_only_the_version_below_is_replaced(store: Store, another: Store) -> None:
    map_id = await made(store)
    assert not await store.beside.put(map_id, record("r", version=2)), "there is nothing to replace"
    assert await store.beside.put(map_id, record("r"))
    assert not await another.beside.put(map_id, record("r", text="again")), "the id is taken"
    assert await another.beside.put(map_id, record("r", version=2, text="new"))
    assert not await store.beside.put(map_id, record("r", version=2, text="late"))
    assert await store.beside.find(map_id, "remark", "r") == record("r", version=2, text="new")
    assert not await store.beside.remove(map_id, "remark", "r", 1)
    assert await store.beside.remove(map_id, "remark", "r", 2)
    assert await another.beside.find(map_id, "remark", "r") is None


async def test_of_several_at_once_one_is_first(store: Store, another: Store) -> None:
    map_id = await made(store)
    put = [one.beside.put(map_id, record("r", text=str(n))) for n in range(8) for one in (store, another)]
    assert sum(await asyncio.gather(*put)) == 1


async def test_it_moves_no_revision_and_goes_with_the_map(store: Store) -> None:
    map_id, other = await made(store), await made(store)
    before = await store.version(map_id)
    assert await store.beside.put(map_id, record("r"))
    assert await store.beside.put(other, record("r"))
    assert await store.version(map_id) == before
    assert await store.drop(map_id)
    assert await store.beside.records(map_id, "remark") == []
    assert not await store.beside.put(map_id, record("late")), "there is no such map any more"
    await Workspace(store).create(MapCreate(id=map_id, title="Anew"), write_request())
    assert await store.beside.records(map_id, "remark") == []
    assert [one.id for one in await store.beside.records(other, "remark")] == ["r"]


@pytest.mark.parametrize("map_id", ["nowhere"])
async def test_beside_no_map_there_is_nothing(store: Store, map_id: str) -> None:
    assert await store.beside.records(map_id, "remark") == []
    assert await store.beside.find(map_id, "remark", "r") is None
    assert not await store.beside.remove(map_id, "remark", "r", 1)


async def test_where_several_maps_stand_is_one_question(store: Store, another: Store) -> None:
    one, other = await made(store), await made(store)
    await Workspace(another).write(other, write_request(create_statement("q")))
    found = (await store.standing([one, other, "nowhere"])).maps
    assert found == {one: await store.version(one), other: await store.version(other)}
    assert isinstance(found[other], MapVersion)
    assert found[other].revision == 2
    assert (await store.standing([])).maps == {}


async def test_keys_and_whether_there_is_any_are_told_with_it(store: Store, another: Store) -> None:
    assert await store.standing([]) == Outlook({}, {}, False)
    one, other = (KeyRecord(i, i, i * 64, "read", None, now(), "local", None) for i in "ab")
    assert await another.keys.add(one)
    assert await another.keys.add(other)
    assert await store.standing([], ["a", "nobody"]) == Outlook({}, {"a": one}, True)
    await another.keys.revoke("a", now())
    found = await store.standing([], ["a", "b"])
    assert found.keys == {"a": await store.keys.find("a"), "b": other}
    assert found.keys["a"].revoked_at is not None
