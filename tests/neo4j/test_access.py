"""A password that changes while the service runs, a schema that somebody takes apart, a call that is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import neo4j
import pytest
from neo4j import Driver

from graph.errors import StoreUnavailable, StoreUnusable
from graph.maps.port import StoreInfo
from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_access import Access, Credentials
from graph.stores.neo4j_migrations import NEWEST
from tests.support.chronicle import Chronicle
from tests.support.nodes import statement
from tests.support.waiting import others_go_on, until

Stores = Callable[..., Neo4jStore]


@pytest.fixture
def visitor(driver: Driver) -> Iterator[Callable[[str], None]]:
    """Sets the password of a user of the test's own, so that no other test is shut out."""

    def set_to(password: str) -> None:
        text = "CREATE OR REPLACE USER visitor SET PASSWORD $password SET PASSWORD CHANGE NOT REQUIRED"
        driver.execute_query(text, password=password, database_="system")

    set_to("first-secret")
    yield set_to
    driver.execute_query("DROP USER visitor IF EXISTS", database_="system")


async def test_a_password_that_was_changed_is_read_anew_and_no_call_fails(
    store_there: Stores, visitor: Callable[[str], None]
) -> None:
    held = ["first-secret"]
    store = store_there(access=Access("visitor", lambda: held[0]))
    await store.open()
    for password in ("second-secret", "third-secret"):
        visitor(password)
        held[0] = password
        await asyncio.gather(*(store.maps() for _ in range(12)))
    await store.close()


async def test_a_refused_password_is_not_tried_again_at_once_and_another_ends_the_pause(
    store_there: Stores, visitor: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    held, refused = ["first-secret"], []
    noted = Credentials.note_refusal

    def noting(self: Credentials, offered: tuple[str, str] | None) -> None:
        refused.append(offered)
        noted(self, offered)

    monkeypatch.setattr(Credentials, "note_refusal", noting)
    store = store_there(access=Access("visitor", lambda: held[0]))
    held[0] = "wrong-secret"
    for _ in range(12):
        with pytest.raises(StoreUnavailable, match="user name or password"):
            await store.open()
    assert 1 <= len(refused) <= 2, "a server shuts out whoever goes on asking"
    held[0] = "first-secret"
    found = await until_let_in(store)
    assert found.schema == NEWEST
    await store.close()


async def until_let_in(store: Neo4jStore) -> StoreInfo:
    """Open the store as soon as the server lets its user in, whom it itself shuts out for some seconds."""
    attempts: list[asyncio.Task[StoreInfo]] = []

    def is_in() -> bool:
        if attempts and attempts[-1].done() and attempts[-1].exception() is None:
            return True
        if not attempts or attempts[-1].done():
            attempts.append(asyncio.ensure_future(store.open()))
        return False

    await until(is_in)
    return attempts[-1].result()


async def test_a_call_that_is_cut_off_while_a_connection_is_tested_gives_it_back(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = asyncio.Event()
    tested = []
    await asyncio.gather(*(store.maps() for _ in range(5)))
    assert store._calls._driver is not None
    pool: Any = store._calls._driver._pool
    [connections] = pool.connections.values()

    async def slow(self: Any) -> None:
        tested.append(self)
        await gate.wait()

    for kind in {type(one) for one in connections}:
        monkeypatch.setattr(kind, "is_idle_for", lambda self, seconds: True)
        monkeypatch.setattr(kind, "liveness_check", slow)
    calls = [asyncio.create_task(store.maps()) for _ in connections]
    await until(lambda: len(tested) == len(calls))
    for call in calls:
        call.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*calls, return_exceptions=True))
    gate.set()
    await until(lambda: not store._calls._left)
    assert [one.in_use for one in connections if one in pool.connections[one.unresolved_address]] == [False] * 5
    assert await store.maps() is not None


async def test_a_store_that_closes_waits_for_a_call_that_nobody_waits_for_and_that_is_getting_its_connection(
    store_there: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_there()
    await store.open()
    driver: Any = store._calls._driver
    pool, close = type(driver._pool), driver.close
    acquire, gate, asked, told = pool.acquire, asyncio.Event(), [], []

    async def slow(self: Any, *given: Any, **named: Any) -> Any:
        asked.append(self)
        await gate.wait()
        told.append("a connection")
        return await acquire(self, *given, **named)

    async def closed() -> None:
        told.append("the end")
        await close()

    monkeypatch.setattr(pool, "acquire", slow)
    monkeypatch.setattr(driver, "close", closed)
    call = asyncio.create_task(store.maps())
    await until(lambda: asked)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    closing = asyncio.create_task(store.close())
    await others_go_on(5)
    gate.set()
    await closing
    assert told == ["a connection", "the end"]
    assert not store._calls._left


@pytest.mark.every_version
@pytest.mark.parametrize("gone", ["CONSTRAINT argumap_map", "CONSTRAINT argumap_node", "INDEX argumap_words"])
async def test_a_schema_that_somebody_took_apart_is_not_ready_and_nothing_is_written(
    store: Neo4jStore, store_there: Stores, driver: Driver, gone: str
) -> None:
    told = Chronicle()
    first = told.next(statement("p"))
    await store.commit(told.header, [first])
    driver.execute_query(f"DROP {gone}")
    name = gone.split()[1]
    with pytest.raises(StoreUnavailable, match=name):
        await store.check()
    late = told.next(statement("q"))
    with pytest.raises(StoreUnavailable, match=f"{name}.*argumap migrate"):
        await store.commit(told.header, [late])
    with pytest.raises(StoreUnusable, match=f"{name}.*argumap migrate"):
        await store_there(migrates=False).open()
    healing = store_there()
    await healing.open()
    await healing.close()
    await store.check()
    await store.commit(told.header, [late])


async def test_a_map_is_made_once_though_the_constraint_is_gone(
    store: Neo4jStore, store_there: Stores, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unwatched(self: Neo4jStore) -> None:
        """As in the seconds before the schema is looked at again."""

    monkeypatch.setattr(Neo4jStore, "_watch", unwatched)
    driver.execute_query("DROP CONSTRAINT argumap_map")
    rivals = [Chronicle("made-once") for _ in range(8)]
    outcomes = await asyncio.gather(
        *(store.commit(rival.header, [change]) for rival in rivals for change in [rival.next(statement("p"))]),
        return_exceptions=True,
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    healing = store_there()
    await healing.open()
    assert await healing.drop("made-once")
    await healing.close()


async def test_a_service_that_is_older_than_the_data_writes_nothing(store: Neo4jStore, driver: Driver) -> None:
    told, other = Chronicle(), Chronicle()
    first = told.next(statement("p"))
    await store.commit(told.header, [first])
    driver.execute_query("MATCH (s:Argumap) SET s.schema = s.schema + 1")
    try:
        for map_, change in ((told, told.next(statement("q"))), (other, other.next(statement("q")))):
            with pytest.raises(StoreUnavailable, match=f"schema {NEWEST + 1}"):
                await store.commit(map_.header, [change])
    finally:
        driver.execute_query("MATCH (s:Argumap) SET s.schema = s.schema - 1")
    assert await store.version(other.id) is None
    await store.commit(told.header, told.changes[1:])


def test_less_patience_than_a_connection_takes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.5 seconds"):
        Neo4jStore("bolt://127.0.0.1:1", patience=0.2)


def test_an_authority_of_ones_own_encrypts(tmp_path: Any) -> None:
    where = Access(authority=str(tmp_path / "ca.pem")).where("neo4j+s://db.example:7687")
    assert where["uri"] == "neo4j://db.example:7687"
    assert where["encrypted"] is True
    assert isinstance(where["trusted_certificates"], neo4j.TrustCustomCAs)
