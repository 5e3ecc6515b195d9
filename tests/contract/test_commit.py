"""A commit is a compare-and-swap: all of it or nothing, and never over another's write."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from graph.errors import RevisionTaken
from graph.maps.port import MapVersion, Store
from schemas.change import IdempotencyRecord
from tests.support.chronicle import START, Chronicle, fresh_id, loaded
from tests.support.nodes import actor, argument, source, statement


async def test_the_first_change_makes_the_map(store: Store) -> None:
    told = Chronicle()
    assert await store.version(told.id) is None
    change = told.next(statement("p"))
    await store.commit(told.header, [change])
    assert await store.version(told.id) == told.version


async def test_a_change_creates_updates_and_deletes(store: Store) -> None:
    told = Chronicle()
    await _commit(store, told, told.next(statement("p"), statement("q"), argument("a", "p", "q")))
    change = told.next(statement("p", "It sells more", version=2), source("s"), gone=["a"])
    await store.commit(told.header, [change])
    assert await loaded(store, told.id) == told.rows
    assert await store.version(told.id) == told.version


async def test_several_changes_go_in_together(store: Store) -> None:
    told = Chronicle()
    for n in range(5):
        told.next(statement("p", f"text {n}", version=n + 1), statement(f"q{n}"))
    told.next(gone=["q0", "q1"])
    told.next(actor("q0"))
    await store.commit(told.header, told.changes)
    assert await loaded(store, told.id) == told.rows
    assert await store.version(told.id) == told.version
    assert await store.changes(told.id, 0, 7) == told.changes


async def test_a_node_that_comes_and_goes_within_one_commit_leaves_nothing(store: Store) -> None:
    told = Chronicle()
    told.next(statement("kept"))
    told.next(statement("p", "ephemeral"))
    told.next(gone=["p"])
    await store.commit(told.header, told.changes)
    assert await loaded(store, told.id) == told.rows
    assert (await store.search("ephemeral", [told.id], [])).nodes == []
    assert await store.known(told.id, ["p"]) == {"p"}


async def test_an_id_may_come_back_as_another_kind(store: Store) -> None:
    told = Chronicle()
    await _commit(store, told, told.next(statement("n", "first words")))
    await _commit(store, told, told.next(gone=["n"]))
    await _commit(store, told, told.next(actor("n", "second words")))
    assert await loaded(store, told.id) == told.rows
    assert [(one.id, one.kind) for one in (await store.search("words", [told.id], [])).nodes] == [("n", "actor")]


async def test_an_id_may_change_its_kind_in_one_change(store: Store) -> None:
    told = Chronicle()
    await _commit(store, told, told.next(statement("n"), actor("a")))
    await _commit(store, told, told.next(source("n"), statement("a"), gone=["n", "a"]))
    assert await loaded(store, told.id) == told.rows


async def test_renaming_changes_the_header_and_no_node(store: Store) -> None:
    told = Chronicle()
    await _commit(store, told, told.next(statement("p")))
    await _commit(store, told, told.next(title="Another title"))
    rows = await loaded(store, told.id)
    assert rows == told.rows
    assert rows is not None
    assert rows.header.title == "Another title"
    assert await store.known(told.id, [told.id]) == set(), "a map is no node of itself"


@pytest.mark.parametrize("wrong", [-1, 1, 2, 40])
async def test_a_change_of_another_revision_is_refused(store: Store, wrong: int) -> None:
    told = Chronicle()
    for _ in range(3):
        await _commit(store, told, told.next(statement("p")))
    ahead = Chronicle(told.id)
    while ahead.revision < 3 + wrong:
        ahead.next(statement("p", f"wrong {wrong}"))
    late = ahead.next(statement("other"), gone=["p"] if ahead.nodes else [])
    await _refused(store, told, ahead, [late])


async def test_a_map_is_not_made_twice(store: Store) -> None:
    told = Chronicle()
    await _commit(store, told, told.next(statement("p")))
    again = Chronicle(told.id, "2026-02-02T00:00:00.000000Z")
    again.next(statement("q"))
    await _refused(store, told, again, again.changes)


async def test_a_map_that_is_not_there_takes_no_second_change(store: Store) -> None:
    told = Chronicle()
    told.next(statement("p"))
    second = told.next(statement("q"))
    with pytest.raises(RevisionTaken):
        await store.commit(told.header, [second])
    assert await store.version(told.id) is None
    assert await loaded(store, told.id) is None


async def test_a_change_for_an_earlier_map_of_the_same_id_is_refused(store: Store) -> None:
    """Deleted and made anew, at the same revision: the writer has seen another map."""
    early = Chronicle()
    await _commit(store, early, early.next(statement("p")))
    assert await store.drop(early.id)
    told = Chronicle(early.id, "2026-02-02T00:00:00.000000Z")
    await _commit(store, told, told.next(statement("p")))
    late = early.next(statement("q"))
    await _refused(store, told, early, [late])


async def test_a_receipt_whose_key_is_taken_is_refused(store: Store) -> None:
    told, other = Chronicle(), Chronicle()
    record = IdempotencyRecord(fresh_id(), "f", "{}")
    await _commit(store, told, told.next(statement("p"), idempotency=record))
    same_map = told.next(statement("q"), idempotency=record)
    with pytest.raises(RevisionTaken):
        await store.commit(told.header, [same_map])
    other_map = other.next(statement("q"), idempotency=record)
    with pytest.raises(RevisionTaken):
        await store.commit(other.header, [other_map])
    assert await store.version(told.id) == MapVersion(1, START, told.changes[0].uid)
    assert await store.version(other.id) is None
    assert await store.known(told.id, ["q"]) == set()


async def test_of_several_changes_none_goes_in_where_the_last_is_refused(store: Store) -> None:
    told, other = Chronicle(), Chronicle()
    record = IdempotencyRecord(fresh_id(), "f", "{}")
    await _commit(store, other, other.next(idempotency=record))
    await _commit(store, told, told.next(statement("p", "before")))
    kept = told.rows
    told.next(statement("p", "after"), statement("q", "after"))
    told.next(gone=["p"])
    told.next(idempotency=record)
    with pytest.raises(RevisionTaken):
        await store.commit(told.header, told.changes[1:])
    assert await loaded(store, told.id) == kept
    assert await store.version(told.id) == MapVersion(1, START, told.changes[0].uid)
    assert len(await store.changes(told.id, 0, 9)) == 1
    assert (await store.search("after", [told.id], [])).nodes == []
    assert await store.known(told.id, ["q"]) == set()


async def test_of_many_at_once_exactly_one_wins_each_revision(store: Store, another: Store) -> None:
    told = Chronicle()
    await _commit(store, told, told.next())
    wins = []
    for revision in range(2, 12):
        rivals = []
        for n in range(8):
            rival = Chronicle(told.id)
            while rival.revision < revision - 1:
                rival.next()
            head = await store.version(told.id)
            assert head is not None
            change = msgspec.structs.replace(rival.next(statement(f"p{revision}-{n}")), follows=head.change)
            rivals.append((rival, change))
        outcomes = await asyncio.gather(
            *((store, another)[n % 2].commit(r.header, [c]) for n, (r, c) in enumerate(rivals)),
            return_exceptions=True,
        )
        assert sorted(map(type, outcomes), key=str) == sorted([type(None)] + [RevisionTaken] * 7, key=str)
        wins.append(f"p{revision}-{outcomes.index(None)}")
    rows = await loaded(another, told.id)
    assert rows is not None
    assert rows.ids == sorted(wins)
    assert [c.revision for c in await store.changes(told.id, 0, 99)] == list(range(1, 12))


async def _commit(store: Store, told: Chronicle, change: object) -> None:
    await store.commit(told.header, [change])


async def _refused(store: Store, told: Chronicle, other: Chronicle, changes: list[object]) -> None:
    """The commit is refused and the map is as it was."""
    log = await store.changes(told.id, 0, 99)
    with pytest.raises(RevisionTaken):
        await store.commit(other.header, changes)
    assert await loaded(store, told.id) == told.rows
    assert await store.changes(told.id, 0, 99) == log
    assert await store.version(told.id) == told.version
