"""The collector of garbage under a service: no full collection while work is under way, and one before long all the
same.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest

from service import collector


class Moments:
    """A clock that moves as the collector sleeps, and what it did at each moment."""

    def __init__(self, working_until: float, ends: float, looks: int = 100) -> None:
        self.now = 0.0
        self.looks = looks
        self.collected: list[float] = []
        self._working_until = working_until
        self._ends = ends

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self._ends:
            raise asyncio.CancelledError

    def collect(self) -> int:
        self.collected.append(self.now)
        return 0

    def is_at_rest(self) -> bool:
        return self.now >= self._working_until


@pytest.fixture
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.mark.usefixtures("as_before")
def test_what_the_start_made_is_never_looked_at_again_and_full_collections_do_not_come_by_themselves() -> None:
    held = [[n] for n in range(1_000)]
    collector.settle()
    assert gc.get_freeze_count() >= len(held)
    full = gc.get_stats()[2]["collections"]
    made: list[list[object]] = []
    for _ in range(200_000):
        made.append([made])
    assert gc.get_stats()[2]["collections"] == full


def test_a_full_collection_waits_until_no_work_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = _run(monkeypatch, Moments(working_until=42.0, ends=60.0))
    assert moments.collected[0] == 45.0


def test_where_work_never_ends_garbage_is_collected_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = _run(monkeypatch, Moments(working_until=float("inf"), ends=700.0))
    assert moments.collected == [300.0, 600.0]


def test_a_collection_that_takes_long_is_followed_by_a_long_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter(n * 0.125 for n in range(100))
    monkeypatch.setattr(collector, "thread_time", lambda: next(spent))
    moments = _run(monkeypatch, Moments(working_until=0.0, ends=250.0))
    assert moments.collected == [5.0, 130.0]


def test_where_hardly_anything_was_made_a_full_collection_comes_as_late_as_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments = _run(monkeypatch, Moments(working_until=0.0, ends=700.0, looks=9))
    assert moments.collected == [300.0, 600.0]


def _run(monkeypatch: pytest.MonkeyPatch, moments: Moments) -> Moments:
    monkeypatch.setattr(asyncio, "sleep", moments.sleep)
    monkeypatch.setattr(collector, "monotonic", lambda: moments.now)
    monkeypatch.setattr(gc, "collect", moments.collect)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, moments.looks))
    coroutine = collector.collect_at_rest(moments.is_at_rest)
    with pytest.raises(asyncio.CancelledError):
        coroutine.send(None)
    return moments
