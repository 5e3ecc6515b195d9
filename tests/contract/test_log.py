"""The change log: what a store says of the past."""

from __future__ import annotations

import msgspec
import pytest

from graph.maps.port import Store
from schemas.change import IdempotencyRecord, Reversal
from tests.support.chronicle import Chronicle, fresh_id
from tests.support.nodes import actor, argument, statement


@pytest.fixture
async def told(store: Store) -> Chronicle:
    """Five changes, a second apart from 2026-01-01T00:00:00Z on."""
    told = Chronicle()
    told.next(statement("p"), statement("q"))
    told.next(argument("a", "p", "q"), by="bob")
    told.next(statement("p", "Changed", version=2), title="Renamed")
    told.next(gone=["a"])
    told.next(actor("a"), at="2026-01-01T00:00:09.5Z")
    await store.commit(told.header, told.changes)
    return told


@pytest.mark.parametrize(
    ("after", "until"),
    [(0, 5), (0, 1), (4, 5), (1, 3), (2, 2), (3, 2), (0, 0), (5, 9), (3, 999), (0, 2**62), (-1, 2)],
)
async def test_changes_of_a_span_come_oldest_first(store: Store, told: Chronicle, after: int, until: int) -> None:
    expected = [c for c in told.changes if after < c.revision <= until]
    assert await store.changes(told.id, after, until) == expected


async def test_a_change_comes_back_with_all_that_it_says(store: Store, told: Chronicle) -> None:
    [change] = await store.changes(told.id, 2, 3)
    assert (change.by, change.at, change.uid) == ("ann", told.changes[2].at, told.changes[2].uid)
    assert [e.kind for e in change.edits] == ["map", "statement"]
    assert change.inverse() == told.changes[2].inverse()


async def test_a_map_that_is_not_there_has_no_changes(store: Store) -> None:
    assert await store.changes(fresh_id(), 0, 9) == []


async def test_a_long_log_comes_back_whole(store: Store) -> None:
    told = Chronicle()
    for n in range(300):
        told.next(statement("p", f"text {n}", version=n + 1))
    for start in range(0, 300, 100):
        part = told.changes[start : start + 100]
        last = told.header.model_copy(
            update={"revision": part[-1].revision, "updated_at": part[-1].at, "updated_by": part[-1].by}
        )
        await store.commit(last, part)
    assert await store.changes(told.id, 0, 300) == told.changes
    assert await store.changes(told.id, 100, 250) == told.changes[100:250]


async def test_a_change_with_thousands_of_edits_comes_back_in_its_order(store: Store) -> None:
    told = Chronicle()
    change = told.next(*(statement(f"p{n * 7919 % 4001}", "x" * 100) for n in range(4001)))
    await store.commit(told.header, [change])
    assert await store.changes(told.id, 0, 1) == [change]


@pytest.mark.parametrize(
    ("time", "revision"),
    [
        ("2026-01-01T00:00:00Z", 1),
        ("2026-01-01T00:00:00.000000Z", 1),
        ("2025-12-31T23:59:59.999999Z", None),
        ("2026-01-01T00:00:00.1Z", 1),
        ("2026-01-01T00:00:01.999999Z", 1),
        ("2026-01-01T00:00:02Z", 2),
        ("2026-01-01T00:00:03.0Z", 3),
        ("2026-01-01T00:00:04.5Z", 4),
        ("2026-01-01T00:00:09.499999Z", 4),
        ("2026-01-01T00:00:09.5Z", 5),
        ("2026-01-01T00:00:09.500000Z", 5),
        ("2026-01-01T00:00:09.50Z", 5),
        ("2026-01-01T00:00:09Z", 4),
        ("2099-01-01T00:00:00Z", 5),
        ("0001-01-01T00:00:00Z", None),
    ],
)
async def test_the_revision_at_a_time_is_the_last_one_made_by_then(
    store: Store, told: Chronicle, time: str, revision: int | None
) -> None:
    assert await store.revision_at(told.id, time) == revision


async def test_of_revisions_at_the_same_instant_the_last_counts(store: Store) -> None:
    told = Chronicle()
    for at in ("2026-01-01T00:00:01Z", "2026-01-01T00:00:01.000000Z", "2026-01-01T00:00:01.0Z"):
        told.next(at=at)
    await store.commit(told.header, told.changes)
    assert await store.revision_at(told.id, "2026-01-01T00:00:01Z") == 3


async def test_a_map_that_is_not_there_was_never_made(store: Store) -> None:
    assert await store.revision_at(fresh_id(), "2026-01-01T00:00:00Z") is None


async def test_ids_are_known_that_are_or_ever_were_there(store: Store, told: Chronicle) -> None:
    assert await store.known(told.id, ["p", "a", "never", "P", ""]) == {"p", "a"}
    gone = told.next(gone=["a", "p", "q"])
    await store.commit(told.header, [gone])
    assert await store.known(told.id, {"p", "a", "q", "never"}) == {"p", "a", "q"}


async def test_ids_of_one_map_are_unknown_in_another(store: Store, told: Chronicle) -> None:
    other = Chronicle()
    await store.commit(other.next(actor("z")) and other.header, other.changes)
    assert await store.known(other.id, ["p", "z"]) == {"z"}
    assert await store.known(fresh_id(), ["p"]) == set()


async def test_knowing_takes_no_ids_and_thousands(store: Store, told: Chronicle) -> None:
    assert await store.known(told.id, []) == set()
    assert await store.known(told.id, [*(f"n{n}" for n in range(4000)), "p"]) == {"p"}


@pytest.mark.parametrize("key", ["plain", "with spaces", "ключ-🔑", "'; DROP TABLE log; --", "x" * 500])
async def test_a_receipt_is_found_by_its_key(store: Store, key: str) -> None:
    told, mark = Chronicle(), fresh_id()
    record = IdempotencyRecord(f"{key}{mark}", "digest", '{"revision": 1, "text": "ü🚀"}')
    told.next(statement("p"), idempotency=record)
    told.next(statement("q"), idempotency=IdempotencyRecord(f"{key}{mark}2", "digest", "{}"))
    await store.commit(told.header, told.changes)
    assert await store.idempotency_record(record.key) == told.changes[0]
    assert await store.idempotency_record(f"{key}{mark}2") == told.changes[1]
    assert await store.idempotency_record(mark) is None
    assert await store.idempotency_record(f"{key}{mark}".upper()) is None


async def test_a_receipt_that_nobody_got_is_none(store: Store) -> None:
    assert await store.idempotency_record(fresh_id()) is None
    assert await store.idempotency_record("") is None


async def test_the_log_knows_where_it_begins(store: Store, told: Chronicle) -> None:
    assert await store.oldest(told.id) == 1
    assert await store.oldest(fresh_id()) is None


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"by": ["bob"]}, [2]),
        ({"by": ["bob", "ann"]}, [1, 2, 3, 4, 5]),
        ({"by": ["eve"]}, []),
        ({"nodes": ["p"]}, [1, 3]),
        ({"nodes": ["a"]}, [2, 4, 5]),
        ({"nodes": ["a", "q"]}, [1, 2, 4, 5]),
        ({"nodes": ["a"], "by": ["ann"]}, [4, 5]),
        ({"nodes": ["never"]}, []),
    ],
)
async def test_revisions_are_found_by_author_and_node(
    store: Store, told: Chronicle, asked: dict[str, list[str]], expected: list[int]
) -> None:
    assert await store.revisions(told.id, 0, 5, **asked) == expected
    assert await store.revisions(told.id, 1, 4, **asked) == [r for r in expected if 1 < r <= 4]
    assert await store.revisions(fresh_id(), 0, 5, **asked) == []


async def test_the_map_itself_is_no_node_of_a_change(store: Store, told: Chronicle) -> None:
    assert await store.revisions(told.id, 0, 5, nodes=[told.id]) == []


async def test_changes_come_by_their_revisions(store: Store, told: Chronicle) -> None:
    assert await store.changes_at(told.id, [4, 2]) == [told.changes[1], told.changes[3]]
    assert await store.changes_at(told.id, [3, 3, 99, 0]) == [told.changes[2]]
    assert await store.changes_at(told.id, []) == []
    assert await store.changes_at(fresh_id(), [1]) == []


async def test_a_change_says_what_it_takes_back(store: Store) -> None:
    told = Chronicle()
    change = told.next(statement("p"))
    told.changes[0] = msgspec.structs.replace(change, reversal=Reversal("revert", 7, since=True))
    await store.commit(told.header, told.changes)
    assert await store.changes_at(told.id, [1]) == told.changes
