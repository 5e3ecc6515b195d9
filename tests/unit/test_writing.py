"""Writers of one map: they commit together, meet other processes, and hear what became of their request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.errors import Conflict, NotFound, OutcomeUnknown, Refused, StoreUnavailable
from graph.maps import commit_queue as writing
from graph.maps.commit_queue import WriteRequest
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.map import MapCreate
from tests.support.tricky_store import TrickyStore
from tests.support.waiting import Gate, until
from tests.support.write_requests import create_statement, delete, update, write_request


@pytest.fixture
async def store() -> AsyncIterator[TrickyStore]:
    opened = TrickyStore()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def workspace(store: TrickyStore) -> Workspace:
    made = Workspace(store)
    await made.create(MapCreate(id="m", title="A map"), write_request(create_statement("p")))
    store.commits.clear()
    return made


async def _texts(workspace: Workspace) -> dict[str, str]:
    return {node.id: node.text for node in (await workspace.at("m")).nodes("statement")}


# --- together --------------------------------------------------------------------------------------


async def test_a_write_answers_with_its_revision_when_it_is_in_the_store(workspace: Workspace) -> None:
    written = await workspace.write("m", write_request(create_statement("q")))
    assert (written.answer, written.revision, written.replayed) == (b"q", 2, False)
    assert (await workspace.store.version("m")).revision == 2


async def test_writers_that_come_while_another_commits_go_together(workspace: Workspace, store: TrickyStore) -> None:
    store.gate = Gate()
    first = asyncio.create_task(workspace.write("m", write_request(create_statement("q0"))))
    await store.gate.reached()
    rest = [asyncio.create_task(workspace.write("m", write_request(create_statement(f"q{n}")))) for n in range(1, 30)]
    await until(lambda: len(workspace._queues["m"]._waiting) == 29)
    assert not any(task.done() for task in (first, *rest)), "answered before it was durable"
    store.gate.open()
    written = await asyncio.gather(first, *rest)
    assert [w.revision for w in written] == list(range(2, 32)), "in the order in which they came"
    assert [w.answer for w in written] == [f"q{n}".encode() for n in range(30)]
    assert store.commits == [[2], list(range(3, 32))]


async def test_each_of_a_group_sees_what_those_before_it_did(workspace: Workspace, store: TrickyStore) -> None:
    store.gate = Gate()
    write_requests = [
        create_statement("q"),
        update("statement", "q", text="Once"),
        update("statement", "q", text="Twice"),
    ]
    tasks = [asyncio.create_task(workspace.write("m", write_request(command))) for command in write_requests]
    await store.gate.reached()
    store.gate.open()
    await asyncio.gather(*tasks)
    graph = await workspace.at("m")
    assert (graph.node("q").text, graph.node("q").version) == ("Twice", 3)
    assert [len(c.edits) for c in await store.changes("m", 1, 9)] == [1, 1, 1]


async def test_the_error_of_one_does_not_harm_the_others(workspace: Workspace, store: TrickyStore) -> None:
    def broken(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        raise ZeroDivisionError("a bug in this write_request")

    def unanswerable(plan: Plan) -> bytes:
        raise ZeroDivisionError("a bug in its answer")

    store.gate = Gate()
    bad_answer = write_request(create_statement("never"))
    write_requests = [
        write_request(create_statement("q1")), write_request(create_statement("p")),
        WriteRequest(broken, "eve", lambda _: b""),
        write_request(update("statement", "zz", text="x")), WriteRequest(bad_answer.plan, "eve", unanswerable),
        write_request(create_statement("q2")),
        write_request(delete("statement", "q1")), write_request(update("statement", "p", text="")),
    ]  # fmt: skip
    tasks = [asyncio.create_task(workspace.write("m", each)) for each in write_requests]
    await store.gate.reached()
    store.gate.open()
    heard = await asyncio.gather(*tasks, return_exceptions=True)
    kinds = [type(each).__name__ for each in heard]
    assert kinds == [
        "WriteResult", "Conflict", "ZeroDivisionError", "NotFound", "ZeroDivisionError", "WriteResult", "WriteResult",
        "Refused",
    ]  # fmt: skip
    assert await _texts(workspace) == {"p": "It sells shells", "q2": "It sells shells"}
    assert (await workspace.at("m")).revision == 4


async def test_a_request_that_changes_nothing_is_answered_without_a_commit(
    workspace: Workspace, store: TrickyStore
) -> None:
    written = await workspace.write("m", write_request(update("statement", "p", text="It sells shells")))
    assert (written.answer, written.revision) == (b"p", 1)
    assert store.commits == []


async def test_writers_left_by_those_who_asked_write_all_the_same(workspace: Workspace, store: TrickyStore) -> None:
    store.gate = Gate()
    asked = asyncio.create_task(workspace.write("m", write_request(create_statement("q"))))
    await store.gate.reached()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    store.gate.open()
    await workspace.write("m", write_request(create_statement("r")))
    assert set(await _texts(workspace)) == {"p", "q", "r"}


async def test_first_writers_who_come_at_once_share_one_queue(store: TrickyStore, workspace: Workspace) -> None:
    fresh = Workspace(store)
    written = await asyncio.gather(*(fresh.write("m", write_request(create_statement(f"q{n}"))) for n in range(10)))
    assert [w.revision for w in written] == list(range(2, 12))
    assert len(store.commits) <= 2


async def test_hundreds_of_writers_lose_nothing(workspace: Workspace, store: TrickyStore) -> None:
    await asyncio.gather(*(workspace.write("m", write_request(create_statement(f"q{n}"))) for n in range(600)))
    assert len(await _texts(workspace)) == 601
    assert [r for group in store.commits for r in group] == list(range(2, 602))
    assert max(map(len, store.commits)) <= 256


async def test_times_of_the_log_never_go_back(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for clock in ("2099-01-01T00:00:00.000000Z", "2027-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000001Z"):
        monkeypatch.setattr(writing, "now", lambda clock=clock: clock)
        await workspace.write("m", write_request(update("statement", "p", text=f"at {clock}")))
    times = [change.at for change in await workspace.store.changes("m", 0, 9)]
    assert all(one <= other for one, other in pairwise(times))
    assert times[1] == times[2] == "2099-01-01T00:00:00.000000Z"


# --- other processes -------------------------------------------------------------------------------


async def test_a_revision_taken_by_another_is_caught_up_with_and_tried_again(
    workspace: Workspace, store: TrickyStore
) -> None:
    store.fate = ["rival", "rival", "rival"]
    written = await workspace.write("m", write_request(create_statement("q")))
    assert written.revision == 5
    assert [c.by for c in await store.changes("m", 0, 9)] == ["ann", "rival", "rival", "rival", "ann"]


async def test_what_another_wrote_is_checked_again(workspace: Workspace, store: TrickyStore) -> None:
    await workspace.at("m")
    other = Workspace(store)
    await other.write("m", write_request(delete("statement", "p")))
    with pytest.raises(NotFound):
        await workspace.write("m", write_request(update("statement", "p", text="x")))


async def test_a_map_written_to_without_pause_is_given_up(
    workspace: Workspace, store: TrickyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_ATTEMPTS", 5)
    store.fate = ["rival"] * 50
    with pytest.raises(StoreUnavailable, match="without pause"):
        await workspace.write("m", write_request(create_statement("q")))
    store.fate = []
    assert (await workspace.write("m", write_request(create_statement("q")))).revision == 7


# --- a store that goes away ------------------------------------------------------------------------


async def test_a_store_that_is_away_is_told_to_all_who_wait_and_heals(workspace: Workspace, store: TrickyStore) -> None:
    store.fate = ["away"]
    write_requests = [workspace.write("m", write_request(create_statement(f"q{n}"))) for n in range(5)]
    heard = await asyncio.gather(*write_requests, return_exceptions=True)
    assert {type(each) for each in heard} == {StoreUnavailable}
    assert (await workspace.write("m", write_request(create_statement("q")))).revision == 2


async def test_a_commit_cut_off_after_it_happened_is_found_and_not_done_again(
    workspace: Workspace, store: TrickyStore
) -> None:
    store.fate = ["cut"]
    write_requests = [workspace.write("m", write_request(create_statement(f"q{n}"))) for n in range(3)]
    assert [w.revision for w in await asyncio.gather(*write_requests)] == [2, 3, 4]
    assert store.commits == [[2, 3, 4]]
    assert len(await _texts(workspace)) == 4


async def test_a_commit_cut_off_before_it_happened_is_done_again(workspace: Workspace, store: TrickyStore) -> None:
    store.fate = ["lost", "lost"]
    assert (await workspace.write("m", write_request(create_statement("q")))).revision == 2
    assert store.commits == [[2]]


async def test_a_cut_commit_whose_revision_another_took_is_done_again(workspace: Workspace, store: TrickyStore) -> None:
    store.fate = ["beaten"]
    assert (await workspace.write("m", write_request(create_statement("q")))).revision == 3
    assert [c.by for c in await store.changes("m", 0, 9)] == ["ann", "rival", "ann"]


async def test_an_outcome_is_asked_for_until_the_store_is_back(
    workspace: Workspace, store: TrickyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = _sleepless(monkeypatch)
    store.fate, store.silent = ["cut"], 3
    assert (await workspace.write("m", write_request(create_statement("q")))).revision == 2
    assert [s for s in slept if s > 0.1] == [0.2, 0.4, 0.8]


async def test_an_outcome_that_cannot_be_found_out_is_said_to_be_unknown(
    workspace: Workspace, store: TrickyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sleepless(monkeypatch)
    store.fate, store.silent = ["cut"], 99
    with pytest.raises(OutcomeUnknown, match="same Idempotency-Key"):
        await workspace.write("m", write_request(create_statement("q"), key="k"))
    store.silent = 0
    again = await workspace.write("m", write_request(create_statement("q"), key="k"))
    assert (again.revision, again.replayed) == (2, True), "it had happened"


def _sleepless(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def short(seconds: float) -> None:
        slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr(writing.asyncio, "sleep", short)
    return slept


# --- idempotency -----------------------------------------------------------------------------------


async def test_the_same_key_and_body_give_the_first_answer_again(workspace: Workspace, store: TrickyStore) -> None:
    first = await workspace.write("m", write_request(create_statement("q"), key="k"))
    await workspace.write("m", write_request(create_statement("r")))
    again = await workspace.write("m", write_request(create_statement("q"), key="k"))
    assert (again.answer, again.revision, again.replayed) == (first.answer, 2, True)
    assert store.commits == [[2], [3]]


async def test_a_key_used_for_another_body_is_refused(workspace: Workspace) -> None:
    await workspace.write("m", write_request(create_statement("q"), key="k", fingerprint="one"))
    with pytest.raises(Refused) as caught:
        await workspace.write("m", write_request(create_statement("r"), key="k", fingerprint="two"))
    assert caught.value.name == "key_reused"
    assert "r" not in await _texts(workspace)


async def test_two_of_one_key_at_once_write_once(workspace: Workspace, store: TrickyStore) -> None:
    store.gate = Gate()
    write_requests = [
        write_request(create_statement("q"), key="k"),
        write_request(create_statement("r"), key="l"),
        write_request(create_statement("q"), key="k"),
    ]
    tasks = [asyncio.create_task(workspace.write("m", each)) for each in write_requests]
    await store.gate.reached()
    store.gate.open()
    one, other, two = await asyncio.gather(*tasks)
    assert (one.answer, one.revision, one.replayed) == (b"q", 2, False)
    assert (two.answer, two.revision, two.replayed) == (b"q", 2, True)
    assert other.revision == 3
    assert len(await _texts(workspace)) == 3


async def test_two_of_one_key_with_other_bodies_at_once_refuse_the_second(workspace: Workspace) -> None:
    write_requests = [
        write_request(create_statement("q"), key="k", fingerprint="one"),
        write_request(create_statement("r"), key="k", fingerprint="two"),
    ]
    heard = await asyncio.gather(*(workspace.write("m", each) for each in write_requests), return_exceptions=True)
    assert isinstance(heard[1], Refused)
    assert set(await _texts(workspace)) == {"p", "q"}


async def test_a_key_whose_write_was_refused_may_be_used_again(workspace: Workspace) -> None:
    with pytest.raises(Conflict):
        await workspace.write("m", write_request(create_statement("p"), key="k", fingerprint="one"))
    written = await workspace.write("m", write_request(create_statement("q"), key="k", fingerprint="two"))
    assert (written.revision, written.replayed) == (2, False)


async def test_a_key_that_wrote_to_one_map_is_known_in_another(workspace: Workspace) -> None:
    await workspace.create(MapCreate(id="n", title="Another"), write_request())
    await workspace.write("m", write_request(create_statement("q"), key="k", fingerprint="m"))
    with pytest.raises(Refused):
        await workspace.write("n", write_request(create_statement("q"), key="k", fingerprint="n"))
