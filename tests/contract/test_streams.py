"""The stream of a map's changes on every store: two services share it, and each hears what the other writes."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph.keys.secret import new_key
from graph.maps.port import Store
from schemas.base import now
from schemas.key import KeyRecord
from schemas.map import MapCreate
from service.auth.guard import Principal
from service.http.context import Service
from service.live.stream import Following, Streams
from service.settings import Settings
from tests.support.chronicle import fresh_id
from tests.support.nodes import argument, statement
from tests.support.write_requests import create, create_statement, delete, update, write_request

Told = tuple[str, int | None, Any]
ANYBODY = Principal.local("test")


@pytest.fixture
async def here(store: Store) -> AsyncIterator[Service]:
    service = Service(Settings(seed=False), store)
    yield service
    await service.watch.stop()


@pytest.fixture
async def there(another: Store) -> AsyncIterator[Service]:
    service = Service(Settings(seed=False), another)
    yield service
    await service.watch.stop()


@pytest.fixture
async def map_id(here: Service) -> str:
    name = fresh_id()
    made = write_request(create_statement("p"), create_statement("q"), create(argument("a", "p", "q", "opposing")))
    await here.workspace.create(MapCreate(id=name, title="One map"), made)
    return name


class Heard:
    """A stream, event by event."""

    def __init__(
        self, service: Service, map_id: str, behind: str | None = None, by: Principal = ANYBODY, **wanted: Any
    ) -> None:
        self._streams = Streams(service)
        self._by = by
        self._following = Following(map_id, **wanted)
        self._behind = behind

    async def __aenter__(self) -> Heard:
        start = await self._streams.start(self._following.map, self._behind)
        self._events = self._streams.events(self._following, start, self._by)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._events.aclose()

    async def next(self) -> Told:
        """The next event that has data; its name, id and data."""
        while True:
            fields = dict(line.split(": ", 1) for line in (await anext(self._events)).decode().splitlines() if line)
            if "data" in fields:
                return fields["event"], int(fields["id"]) if "id" in fields else None, json.loads(fields["data"])


async def test_each_hears_what_the_other_writes(here: Service, there: Service, map_id: str) -> None:
    async with Heard(here, map_id) as one, Heard(there, map_id) as other:
        assert (await one.next())[:2] == (await other.next())[:2] == ("ready", 1)
        for n, writer in enumerate((here, there, here)):
            await writer.workspace.write(map_id, write_request(update("statement", "p", text=f"text {n}")))
            assert await one.next() == await other.next()


async def test_what_was_missed_comes_in_its_order(here: Service, there: Service, map_id: str) -> None:
    for n in range(130):  # more than are read at once
        await there.workspace.write(map_id, write_request(update("statement", "p", text=f"text {n}")))
    async with Heard(here, map_id, "7") as listener:
        assert (await listener.next())[:2] == ("ready", 7)
        assert [(await listener.next())[1] for _ in range(124)] == list(range(8, 132))


async def test_a_listener_that_is_cut_off_a_hundred_times_misses_and_doubles_nothing(
    here: Service, there: Service, map_id: str
) -> None:
    both, chance, last = (here, there), random.Random(7), 61

    async def written() -> None:
        for n in range(2, last + 1):
            await both[n % 2].workspace.write(map_id, write_request(update("statement", "p", text=f"text {n}")))

    writing = asyncio.create_task(written())
    heard, cuts = [1], 0
    while cuts < 100 or heard[-1] != last:
        async with Heard(chance.choice(both), map_id, str(heard[-1])) as listener:
            assert (await listener.next())[:2] == ("ready", heard[-1])
            for _ in range(chance.randrange(3)):
                if heard[-1] != last:
                    heard.append((await listener.next())[1] or 0)
        cuts += 1
    await writing
    assert heard == list(range(1, last + 1))


async def test_the_verdict_of_a_node_is_followed(here: Service, there: Service, map_id: str) -> None:
    async with Heard(here, map_id, nodes=("q",)) as listener:
        before = (await listener.next())[2]["verdicts"]["q"]
        await there.workspace.write(map_id, write_request(create_statement("r")))
        await there.workspace.write(map_id, write_request(delete("argument", "a")))
        name, revision, data = await listener.next()
        assert (name, revision) == ("verdict", 3)
        assert data["verdicts"] == [{"id": "q", "before": before, "after": "accepted"}]


async def test_many_changes_at_once_turn_a_verdict_once(here: Service, there: Service, map_id: str) -> None:
    async with Heard(here, map_id, "1", nodes=("q",)) as listener:
        await there.workspace.write(map_id, write_request(delete("argument", "a")))
        for n in range(60):
            await there.workspace.write(map_id, write_request(create_statement(f"n{n}")))
        assert (await listener.next())[0] == "ready"
        name, revision, data = await listener.next()
    assert (name, data["verdicts"][0]["after"]) == ("verdict", "accepted")
    assert revision in range(2, 63)


async def test_a_map_made_anew_is_told_apart(here: Service, there: Service, map_id: str) -> None:
    async with Heard(here, map_id) as listener:
        assert (await listener.next())[0] == "ready"
        await there.workspace.delete(map_id)
        await there.workspace.create(MapCreate(id=map_id, title="Anew"), write_request(create(statement("z"))))
        name, _, data = await listener.next()
        assert name in ("reset", "gone"), "by what the watch saw: the new one, or that there was none"
        if name == "reset":
            assert (data["reason"], data["revision"]) == ("map_replaced", 1)
            await there.workspace.write(map_id, write_request(create_statement("y")))
            assert (await listener.next())[:2] == ("change", 2)


async def test_nobody_listening_nothing_is_asked(here: Service, map_id: str) -> None:
    async with Heard(here, map_id) as listener:
        await listener.next()
        assert here.watch.listeners == 1
    assert here.watch.listeners == 0
    asked = here.watch._task
    here.watch.nudge()
    assert asked is not None
    await asked


def _key(expires_at: str | None = None) -> KeyRecord:
    made = new_key()
    return KeyRecord(made.id, made.id, made.digest, "read", None, now(), "local", expires_at)


async def _until_it_ends(listener: Heard) -> list[Told]:
    found = []
    try:
        while True:
            found.append(await listener.next())
    except StopAsyncIteration:
        return found


async def test_it_ends_when_its_key_is_revoked_in_another_process(here: Service, there: Service, map_id: str) -> None:
    leaver, stayer = _key(), _key()
    for key in (leaver, stayer):
        assert await there.store.keys.add(key)
    async with (
        Heard(here, map_id, by=Principal.of(leaver)) as one,
        Heard(here, map_id, by=Principal.of(stayer)) as other,
    ):
        assert (await one.next())[:2] == (await other.next())[:2] == ("ready", 1)
        await there.store.keys.revoke(leaver.id, now())
        assert await _until_it_ends(one) == [], "without anything having happened"
        await there.workspace.write(map_id, write_request(create_statement("r")))
        assert (await other.next())[:2] == ("change", 2)
    assert here.watch.listeners == 0


async def test_what_happens_behind_its_end_is_not_told(here: Service, map_id: str) -> None:
    key = _key()
    assert await here.store.keys.add(key)
    async with Heard(here, map_id, by=Principal.of(key)) as listener:
        assert (await listener.next())[:2] == ("ready", 1)
        await here.store.keys.revoke(key.id, now())
        await here.workspace.write(map_id, write_request(create_statement("r")))
        here.watch.nudge()
        assert await _until_it_ends(listener) == []


async def test_it_ends_when_its_key_expires(here: Service, map_id: str) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    key = _key(soon)
    assert await here.store.keys.add(key)
    async with Heard(here, map_id, by=Principal.of(key)) as listener:
        assert [name for name, _, _ in await _until_it_ends(listener)] in ([], ["ready"])
    assert now() >= soon


async def test_it_ends_for_anybody_when_the_first_key_is_made(here: Service, there: Service, map_id: str) -> None:
    async with Heard(here, map_id) as listener:
        assert (await listener.next())[:2] == ("ready", 1)
        assert await there.store.keys.add(_key())
        assert await _until_it_ends(listener) == []
