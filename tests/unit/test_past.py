"""Older revisions: each is that of a replay from whichever side it is reached, and little is read for a later look."""

from __future__ import annotations

import asyncio
from typing import cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import NotFound
from graph.maps.port import Store, run_here
from graph.maps.replay import empty, forward
from graph.maps.snapshots import Past
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Change, Redacted
from tests.support.chronicle import Chronicle
from tests.support.nodes import statement
from tests.support.waiting import others_go_on

_LAST = 3_456


class _Log:
    """A store that only has a log, and counts what is read of it."""

    def __init__(self, changes: list[Change]) -> None:
        self.kept = changes
        self.read = 0

    async def changes(self, map_id: str, after: int, until: int) -> list[Change]:
        del map_id
        await others_go_on()
        found = self.kept[after:until]
        self.read += len(found)
        return found


def _told() -> tuple[list[Change], ArgumentGraph]:
    told = Chronicle()
    for n in range(_LAST):
        title = f"Title {n}" if n % 700 == 0 else None
        gone = [f"q{n - 5}"] if n % 11 == 0 and f"q{n - 5}" in told.nodes else []
        told.next(statement(f"p{n % 7}", str(n)), *([] if n % 3 else [statement(f"q{n}")]), gone=gone, title=title)
    return told.changes, ArgumentGraph.of(told.header, told.nodes.values())


CHANGES, NEWEST = _told()


def _replayed(revision: int) -> ArgumentGraph:
    blank = empty(NEWEST.header.model_copy(update={"revision": 0, "counts": {}}))
    return forward(ArgumentGraph(blank.header, blank.columns), CHANGES[:revision])


def _is_replay(graph: ArgumentGraph) -> bool:
    told = _replayed(graph.revision)
    same = {n.id: n.dense() for n in told.nodes()} == {n.id: n.dense() for n in graph.nodes()}
    stamps = ("revision", "change", "title", "updated_at", "updated_by", "created_at", "redacted")
    return same and all(getattr(told.header, name) == getattr(graph.header, name) for name in stamps)


@settings(max_examples=12, deadline=None)
@given(ages=st.lists(st.integers(1, _LAST - 1), min_size=1, max_size=6))
def test_any_age_in_any_order_is_that_of_a_replay(ages: list[int]) -> None:
    async def looked() -> None:
        past = Past(cast(Store, _Log(CHANGES)), run_here, 1 << 30)
        for age in ages:
            assert _is_replay(await past.at(NEWEST, age, 0))

    asyncio.run(looked())


async def test_once_somebody_looked_far_back_a_look_reads_half_of_what_lies_between_two_stations() -> None:
    log = _Log(CHANGES)
    past = Past(cast(Store, log), run_here, 1 << 30)
    await past.at(NEWEST, 1, 0)
    assert log.read < _LAST + 10
    for age in (2, 17, 400, 501, 999, 1_001, 1_499, 1_501, 2_750, 3_100, 3_400):
        log.read = 0
        assert _is_replay(await past.at(NEWEST, age, 0))
        assert log.read <= 502


async def test_what_is_not_in_the_log_any_more_is_not_gone_past() -> None:
    log = _Log(CHANGES)
    past = Past(cast(Store, log), run_here, 1 << 30)
    await past.at(NEWEST, 2_000, 0)
    await past.at(NEWEST, 2_400, 0)
    log.kept = [*([CHANGES[2_100]] * 2_100), *CHANGES[2_100:]]  # others were put in their place
    assert _is_replay(await past.at(NEWEST, 2_101, 0)), "from behind, since it is not led to from before"
    with pytest.raises(NotFound):
        await past.at(NEWEST, 1_500, 0)


async def test_what_was_before_a_redaction_shows_it_from_either_side() -> None:
    redacted = msgspec.structs.replace(CHANGES[1_499], redaction=Redacted())
    log = _Log([*CHANGES[:1_499], redacted, *CHANGES[1_500:]])
    newest = NEWEST.derive(NEWEST.header.model_copy(update={"redacted": 3_000}), ())
    past = Past(cast(Store, log), run_here, 1 << 30)
    await past.at(newest, 1, 0)
    ages = [await past.at(newest, age, 0) for age in (1_400, 1_600, 1_520)]
    assert {graph.header.redacted for graph in ages} == {3_000}
