"""Pieces of work and calls of the store under the span of a request: when each ends, and what is told of a bad end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any, cast

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from graph.errors import NotFound
from graph.maps.port import Store
from graph.stores import open_store
from service.http.errors import Busy
from service.http.telemetry import TracedGovernor, traced_store
from tests.support.waiting import until

CANARY = "zanzibarcanary"
INLINE_COST = 1.0


class Ended:
    """Makes spans, and has those that have ended."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.tracer = provider.get_tracer("test")

    @contextmanager
    def request(self) -> Iterator[None]:
        with self.tracer.start_as_current_span("request"):
            yield

    @property
    def parts(self) -> list[ReadableSpan]:
        """All but requests."""
        return [one for one in self._kept.get_finished_spans() if one.name != "request"]

    def told(self) -> list[tuple[str, Any]]:
        return [(one.name, (one.attributes or {}).get("error.type")) for one in self.parts]


@pytest.fixture
def ended() -> Ended:
    return Ended()


def _fail() -> None:
    raise NotFound(CANARY)


async def test_work_tells_where_it_was_done(ended: Ended) -> None:
    governor = TracedGovernor(1, 1, ended.tracer)
    with ended.request():
        assert await governor.run(lambda: 1, cost=INLINE_COST) == 1
        assert await governor.run(lambda: 2) == 2
    assert ended.told() == [("work inline", None), ("work thread", None)]
    assert {(one.parent is not None, one.status.is_unset) for one in ended.parts} == {(True, True)}


@pytest.mark.parametrize("cost", [INLINE_COST, float("inf")])
async def test_work_that_fails_tells_the_class_of_the_error_alone(ended: Ended, cost: float) -> None:
    governor = TracedGovernor(1, 1, ended.tracer)
    with ended.request(), pytest.raises(NotFound, match=CANARY):
        await governor.run(_fail, cost=cost)
    [part] = ended.parts
    assert (part.attributes or {})["error.type"] == "graph.errors.NotFound"
    assert CANARY not in part.to_json()


async def test_the_span_ends_with_the_work_and_not_with_whoever_waited_for_it(ended: Ended) -> None:
    governor, hold, begun = TracedGovernor(1, 1, ended.tracer), Event(), Event()

    def work() -> None:
        begun.set()
        hold.wait()

    with ended.request():
        asked = asyncio.create_task(governor.run(work))
        await until(begun.is_set)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
    before = ended.parts
    hold.set()
    assert before == []
    await until(lambda: ended.parts)
    assert ended.told() == [("work thread", None)]


async def test_work_that_never_began_says_why(ended: Ended) -> None:
    governor, hold = TracedGovernor(1, 1, ended.tracer), Event()
    try:
        with ended.request():
            first = asyncio.create_task(governor.run(hold.wait, client="a"))
            await until(lambda: governor.running == 1)
            second = asyncio.create_task(governor.run(hold.wait, client="a"))
            await until(lambda: governor.waiting == 1)
            with pytest.raises(Busy):
                await governor.run(hold.wait, client="a")
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
    finally:
        hold.set()
    await first
    why = ["service.http.errors.Busy", "asyncio.exceptions.CancelledError", None]
    assert ended.told() == [("work thread", one) for one in why]


async def test_calls_of_a_store_are_told_with_those_of_what_it_has(ended: Ended) -> None:
    store = traced_store(open_store("sqlite::memory:"), ended.tracer, "sqlite")
    with ended.request():
        await store.open()
        assert await store.keys.find(CANARY) is None
        assert await store.beside.records(CANARY, "remark") == []
        assert store.hands is None
        await store.close()
    assert ended.told() == [("open", None), ("keys.find", None), ("beside.records", None), ("close", None)]
    assert not [one for one in ended.parts if CANARY in one.to_json()]


class _Broken:
    async def count_maps(self) -> int:
        raise NotFound(CANARY)


async def test_a_call_that_fails_tells_the_class_of_the_error_alone(ended: Ended) -> None:
    store = traced_store(cast(Store, _Broken()), ended.tracer, "neo4j")
    with ended.request(), pytest.raises(NotFound, match=CANARY):
        await store.count_maps()
    [call] = ended.parts
    told = {"db.system.name": "neo4j", "db.operation.name": "count_maps", "error.type": "graph.errors.NotFound"}
    assert call.attributes == told
    assert CANARY not in call.to_json()


async def test_what_is_done_beside_requests_makes_no_spans(ended: Ended) -> None:
    store = traced_store(open_store("sqlite::memory:"), ended.tracer, "sqlite")
    await store.open()
    with ended.request():
        later = asyncio.Event()

        async def look() -> int:
            await later.wait()
            return await store.count_maps()

        looking = asyncio.create_task(look())
    later.set()
    assert await looking == 0, "the request that it was begun in is over"
    assert await TracedGovernor(1, 1, ended.tracer).run(lambda: 1) == 1
    await store.close()
    assert ended.parts == []
