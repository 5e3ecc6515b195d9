"""How often a request asks its store: reads once where the map stands, writes only what they need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from graph.errors import Conflict, NotFound
from graph.maps.port import Store
from graph.maps.workspace import Workspace
from schemas.map import MapCreate
from schemas.query import ViewQuery
from tests.support.chronicle import fresh_id
from tests.support.nodes import source, statement
from tests.support.write_requests import create, create_statement, update, write_request

NAMES = (
    "version", "load", "changes", "commit", "idempotency_record", "known", "revision_at", "maps", "search", "drop",
)  # fmt: skip


@pytest.fixture
def calls(store: Store, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What the store has been asked, by name."""
    counted: Counter[str] = Counter()

    def counting(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        async def asked(*args: Any, **kwargs: Any) -> Any:
            counted[name] += 1
            return await method(*args, **kwargs)

        return asked

    for name in NAMES:
        monkeypatch.setattr(store, name, counting(name, getattr(store, name)))
    return counted


async def _made(store: Store) -> tuple[Workspace, str]:
    workspace, map_id = Workspace(store), fresh_id()
    nodes = map(create, (source("s"), statement("p"), statement("q")))
    await workspace.create(MapCreate(id=map_id, title="A map"), write_request(*nodes))
    return workspace, map_id


async def test_a_read_asks_once_where_the_map_stands(store: Store, calls: Counter[str]) -> None:
    workspace, map_id = await _made(store)
    for query in (ViewQuery(), ViewQuery(sources=("s",)), ViewQuery(sources=("s",), without=("p",))):
        calls.clear()
        views = await workspace.views(map_id, query)
        assert calls == {"version": 1}
        assert views.view.revision == views.whole.revision == 1
    calls.clear()
    await workspace.views(map_id, ViewQuery(as_of="1"))
    assert calls == {"version": 1}


async def test_a_read_of_another_process_asks_once_and_for_what_it_lacks(
    store: Store, another: Store, calls: Counter[str]
) -> None:
    workspace, map_id = await _made(store)
    await Workspace(another).write(map_id, write_request(create_statement("r")))
    calls.clear()
    assert "r" in await workspace.at(map_id)
    assert calls == {"version": 1, "changes": 1}
    calls.clear()
    await Workspace(store).at(map_id)
    assert calls == {"version": 1, "load": 1}


async def test_a_write_that_changes_something_is_one_commit(store: Store, calls: Counter[str]) -> None:
    workspace, map_id = await _made(store)
    for n in range(3):
        calls.clear()
        await workspace.write(map_id, write_request(create_statement(f"r{n}")))
        assert calls == {"commit": 1}
    calls.clear()
    await workspace.write(map_id, write_request(create_statement("s1"), key=fresh_id()))
    assert calls == {"idempotency_record": 1, "commit": 1}


async def test_what_is_refused_is_refused_of_the_newest_state(
    store: Store, another: Store, calls: Counter[str]
) -> None:
    workspace, map_id = await _made(store)
    calls.clear()
    with pytest.raises(NotFound):
        await workspace.write(map_id, write_request(update("statement", "r", text="new")))
    assert calls == {"version": 1}
    await Workspace(another).write(map_id, write_request(create_statement("r")))
    calls.clear()
    await workspace.write(map_id, write_request(update("statement", "r", text="new")))
    assert calls == {"version": 2, "changes": 1, "commit": 1}, "a refusal would have been of a state that is past"


async def test_who_was_beaten_to_it_asks_before_the_next_attempt(
    store: Store, another: Store, calls: Counter[str]
) -> None:
    workspace, map_id = await _made(store)
    other = Workspace(another)
    await other.write(map_id, write_request(create_statement("r")))
    calls.clear()
    await workspace.write(map_id, write_request(create_statement("s1")))
    assert calls == {"commit": 2, "version": 1, "changes": 1}
    await other.write(map_id, write_request(create_statement("t")))
    calls.clear()
    await workspace.write(map_id, write_request(create_statement("u")))
    assert calls == {"version": 1, "changes": 1, "commit": 1}, "one that is not alone asks first"
    calls.clear()
    await workspace.write(map_id, write_request(create_statement("v")))
    assert calls == {"version": 1, "commit": 1}
    calls.clear()
    await workspace.write(map_id, write_request(create_statement("w")))
    assert calls == {"commit": 1}, "alone again"


async def test_a_conflict_with_what_another_process_wrote_is_found(store: Store, another: Store) -> None:
    workspace, map_id = await _made(store)
    await Workspace(another).write(map_id, write_request(create_statement("r")))
    with pytest.raises(Conflict):
        await workspace.write(map_id, write_request(create_statement("r")))
