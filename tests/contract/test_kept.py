"""What a map keeps beside its nodes, on every store: counted with each write, and weighed before more is kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from graph.beside.port import SideRecord
from graph.errors import GraphError, TooLarge
from graph.maps.doctor import examine, repair_map
from graph.maps.port import Deletion, KeptCheck, SourceText, Store
from graph.maps.redaction import Redaction
from graph.maps.workspace import Workspace
from schemas.change import encode_change
from schemas.map import MapCreate
from tests.support.chronicle import fresh_id
from tests.support.write_requests import create_statement, delete, update, write_request

SORTS: tuple[Any, ...] = ("remark", "draft", "draft_remark")
LATER = "2999-01-01T00:00:00.000000Z"


def up_to(most: int, asked: list[tuple[str, int, int]] | None = None) -> KeptCheck:
    """Refuses what goes beyond so many bytes."""

    def check(map_id: str, before: int, after: int) -> None:
        if asked is not None:
            asked.append((map_id, before, after))
        if after > max(most, before):
            raise TooLarge("full", code="quota_reached")

    return check


def text(said: str) -> SourceText:
    return SourceText(sha256(said.encode()).hexdigest(), said)


def record(id: str, version: int = 1, said: str = "x") -> SideRecord:
    return SideRecord("remark", id, "p", version, msgspec.Raw(msgspec.json.encode({"text": said})))


async def recount(store: Store, map_id: str) -> int:
    """What there is, asked for piece by piece."""
    version = await store.version(map_id)
    assert version is not None
    log = sum(len(encode_change(one)) for one in await store.changes(map_id, 0, version.revision))
    beside = [one for sort in SORTS for one in await store.beside.records(map_id, sort)]
    texts = [await store.source_text(map_id, source) for source in await store.source_digests(map_id)]
    return log + sum(len(bytes(one.document)) for one in beside) + sum(len(one.text.encode()) for one in texts if one)


async def made(store: Store) -> tuple[Workspace, str]:
    workspace, map_id = Workspace(store), fresh_id()
    await workspace.create(MapCreate(id=map_id, title="Łódź"), write_request(create_statement("p")))
    return workspace, map_id


async def test_all_that_is_written_and_taken_away_is_counted(store: Store, another: Store) -> None:
    workspace, map_id = await made(store)
    assert await store.kept(fresh_id()) is None

    async def counted(less: bool) -> None:
        nonlocal before
        now = await another.kept(map_id)
        assert now == await recount(store, map_id)
        assert (now < before) is less
        before = now

    before = 0
    await counted(less=False)
    keyed = write_request(update("statement", "p", text="部队"), key=f"{map_id} k")
    steps: list[tuple[Callable[[], Awaitable[Any]], bool]] = [
        (lambda: workspace.write(map_id, replace(keyed, answer=lambda _: b"{}")), False),
        (lambda: store.keep_text(map_id, "s", text("Łódź " * 100)), False),
        (lambda: store.keep_text(map_id, "s", text("Łódź")), True),
        (lambda: store.beside.put(map_id, record("r")), False),
        (lambda: store.beside.put(map_id, record("r", 2, "部队" * 100)), False),
        (lambda: store.beside.put(map_id, record("r", 3, "ł")), True),
        (lambda: store.beside.put(map_id, record("q", said="secret")), False),
        (lambda: store.beside.remove(map_id, "remark", "r", 3), True),
        (lambda: store.keep_text(map_id, "q", text("this is secret " * 99)), False),
        (lambda: store.keep_text(map_id, "s", None), True),
        (lambda: workspace.write(map_id, write_request(create_statement("q", "secret " * 99))), False),
        (lambda: workspace.redact(map_id, Redaction(frozenset({"q"})), "ann"), True),
        (lambda: workspace.redact(map_id, Redaction(frozenset(), ("secret",)), "ann"), False),
        (lambda: workspace.compact(map_id, LATER), True),
    ]
    for step, less in steps:
        await step()
        await counted(less)
    assert await examine(store, map_id) == []


async def test_what_is_not_written_is_not_counted(store: Store) -> None:
    workspace, map_id = await made(store)
    await store.beside.put(map_id, record("r"))
    kept = await store.kept(map_id)
    assert not await store.beside.put(map_id, record("r", said="taken"))
    assert not await store.beside.put(map_id, record("r", 3))
    assert not await store.beside.remove(map_id, "remark", "r", 2)
    assert not await store.keep_text(map_id, "s", None)
    await workspace.redact(map_id, Redaction(frozenset({"p"}), dry=True), "ann")
    assert await store.kept(map_id) == kept


async def test_more_than_the_bound_is_taken_back_and_less_is_always_taken(store: Store) -> None:
    workspace, map_id = await made(store)
    kept = await store.kept(map_id) or 0
    asked: list[tuple[str, int, int]] = []
    store.weigh = up_to(kept + 1000, asked)
    ways: list[Callable[[], Awaitable[Any]]] = [
        lambda: workspace.write(map_id, write_request(update("statement", "p", text="x" * 1000))),
        lambda: store.keep_text(map_id, "s", text("x" * 1001)),
        lambda: store.beside.put(map_id, record("r", said="x" * 1000)),
        lambda: workspace.create(MapCreate(title="x" * 400), write_request(create_statement("p", "x" * 2000))),
    ]
    for way in ways:
        with pytest.raises(TooLarge, match="full"):
            await way()
        assert await store.kept(map_id) == kept == await recount(store, map_id)
    assert asked[0][:2] == asked[1][:2] == asked[2][:2] == (map_id, kept)
    assert asked[3][1] == 0
    assert await store.version(asked[3][0]) is None
    assert (await workspace.at(map_id)).revision == 1
    assert await store.keep_text(map_id, "s", text("x" * 1000))
    assert await store.beside.put(map_id, record("r", said="y" * 50), weighed=False), "a note of what has happened"
    with pytest.raises(TooLarge):
        await store.beside.put(map_id, record("q"))
    assert await store.keep_text(map_id, "s", text("x" * 990)), "it makes less, though it is still too much"
    asked.clear()
    await store.keep_text(map_id, "s", None)
    await store.beside.remove(map_id, "remark", "r", 1)
    await workspace.redact(map_id, Redaction(frozenset({"p"})), "ann")
    assert await workspace.compact(map_id, LATER)
    assert asked == [], "nothing is asked where nothing can be too much"
    await workspace.write(map_id, write_request(create_statement("z")))
    assert asked[0][2] == await store.kept(map_id)


async def test_of_many_that_write_at_once_only_what_is_too_much_is_refused(store: Store) -> None:
    workspace, map_id = await made(store)
    store.weigh = up_to((await store.kept(map_id) or 0) + 8_000)
    sizes = [10, 9_000, 20, 10_000, 30]
    writes = [
        workspace.write(map_id, write_request(create_statement(f"n{n}", "x" * size))) for n, size in enumerate(sizes)
    ]
    found = await asyncio.gather(*writes, return_exceptions=True)
    assert [isinstance(one, TooLarge) for one in found] == [size > 8_000 for size in sizes]
    assert {f"n{n}" in await workspace.at(map_id) for n in (0, 2, 4)} == {True}


async def test_the_count_is_of_all_that_write_to_the_store(store: Store, another: Store) -> None:
    workspace, map_id = await made(store)
    bound = (await store.kept(map_id) or 0) + 5_000
    store.weigh = another.weigh = up_to(bound)
    puts = [
        one.beside.put(map_id, record(f"{name}{n}", said="x" * 900))
        for n in range(6)
        for name, one in (("a", store), ("b", another))
    ]
    done = await asyncio.gather(*puts, return_exceptions=True)
    assert sum(one is True for one in done) == 5
    assert sum(isinstance(one, TooLarge) for one in done) == 7
    kept = await store.kept(map_id)
    assert kept == await recount(another, map_id) <= bound
    with pytest.raises(TooLarge):
        await workspace.write(map_id, write_request(create_statement("q", "x" * 900)))


async def test_a_dry_run_says_that_it_would_be_too_much(store: Store) -> None:
    workspace, map_id = await made(store)
    before = await store.kept(map_id) or 0
    request = write_request(create_statement("q", "x" * 300), key=f"{map_id} k")
    await workspace.dry_run(map_id, request)
    probe: list[tuple[str, int, int]] = []
    store.weigh = up_to(10**9, probe)
    await workspace.dry_run(map_id, request)
    assert await store.kept(map_id) == before
    store.weigh = up_to(probe[0][2] - 1)
    with pytest.raises(TooLarge):
        await workspace.dry_run(map_id, request)
    with pytest.raises(TooLarge):
        await workspace.write(map_id, request)
    store.weigh = up_to(probe[0][2])
    await workspace.write(map_id, request)
    assert await store.kept(map_id) == probe[0][2], "what a dry run foresees is what comes"


async def test_a_map_that_is_brought_back_keeps_what_it_kept(store: Store) -> None:
    workspace, map_id = await made(store)
    await store.keep_text(map_id, "s", text("Łódź"))
    kept = await store.kept(map_id)
    at = "2026-05-05T05:05:05.000000Z"
    assert await store.drop(map_id, kept=Deletion(at, "ann", LATER))
    assert await store.kept(map_id) is None
    await workspace.create(MapCreate(id=map_id, title="another"), write_request())
    assert await store.kept(map_id) == await recount(store, map_id) != kept
    await store.drop(map_id)
    assert await store.restore(map_id, at)
    assert await store.kept(map_id) == await recount(store, map_id) == kept


async def test_repairing_counts_anew(store: Store) -> None:
    workspace, map_id = await made(store)
    await store.keep_text(map_id, "s", text("Łódź"))
    await store.beside.put(map_id, record("r"))
    await repair_map(store, map_id)
    assert await store.kept(map_id) == await recount(store, map_id)
    await workspace.write(map_id, write_request(create_statement("q")))
    assert await store.kept(map_id) == await recount(store, map_id)


@pytest.mark.parametrize("seed", range(3))
async def test_at_random_the_bound_holds_and_the_count_is_true(store: Store, another: Store, seed: int) -> None:
    chance = random.Random(seed)
    workspace, map_id = await made(store)
    bound = (await store.kept(map_id) or 0) + 4_000
    store.weigh = another.weigh = up_to(bound)
    other = Workspace(another)
    refused = 0
    for n in range(40):
        which, where = chance.choice([(store, workspace), (another, other)])
        said, source = chance.choice("xł部") * chance.randrange(1, 900), chance.choice("st")
        remarks = await which.beside.records(map_id, "remark")
        before = await which.kept(map_id) or 0
        try:
            match chance.randrange(9):
                case 0 | 1:
                    await where.write(map_id, write_request(create_statement(f"n{n}", said)))
                case 2:
                    await where.write(map_id, write_request(update("statement", "p", text=said)))
                case 3 | 4:
                    await which.keep_text(map_id, source, text(said))
                case 5:
                    await which.keep_text(map_id, source, None)
                case 6:
                    await which.beside.put(map_id, record(f"r{n}", said=said))
                case 7 if remarks:
                    one = chance.choice(remarks)
                    await which.beside.remove(map_id, "remark", one.id, one.version)
                case _:
                    await where.compact(map_id, LATER)
        except TooLarge:
            refused += 1
            assert await which.kept(map_id) == before
        kept = await which.kept(map_id) or 0
        assert kept == await recount(which, map_id)
        assert kept <= max(bound, before)
    assert refused


async def test_a_write_that_is_refused_leaves_no_trace(store: Store) -> None:
    workspace, map_id = await made(store)
    await workspace.write(map_id, write_request(create_statement("q")))
    store.weigh = up_to(1)
    for commands in ([create_statement("r")], [delete("statement", "q")], [update("statement", "p", note="n")]):
        with pytest.raises(GraphError):
            await workspace.write(map_id, write_request(*commands))
    store.weigh = None
    assert await examine(store, map_id) == []
    assert (await workspace.at(map_id)).revision == 2
    await workspace.write(map_id, write_request(create_statement("r")))
