"""The two doors: fresh reads, old revisions, narrowed views, maps made and deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from graph.errors import Conflict, NotFound, OutcomeUnknown, Refused, Stale, StoreUnavailable
from graph.maps.port import MapVersion
from graph.maps.workspace import Workspace
from schemas.base import now
from schemas.map import MapCreate
from schemas.query import ViewQuery
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.support.tricky_store import TrickyStore
from tests.support.waiting import Gate
from tests.support.write_requests import create, create_statement, delete, update, write_request


class CountingStore(TrickyStore):
    """Counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.loads = 0
        self.heads = 0

    async def load(self, map_id: str) -> object:
        self.loads += 1
        return await super().load(map_id)

    async def version(self, map_id: str) -> object:
        self.heads += 1
        return await super().version(map_id)


@pytest.fixture
async def store() -> AsyncIterator[CountingStore]:
    opened = CountingStore()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def workspace(store: CountingStore) -> Workspace:
    made = Workspace(store)
    nodes = (
        actor("k"), motive("m-1", "k"), source("s-1"), source("s-2"), statement("p"), statement("q"),
        argument("a", "p", "q"), assertion("x", "p", "s-1", chain=("k",)), assertion("y", "q", "s-2"),
    )  # fmt: skip
    await made.create(MapCreate(id="m", title="A map"), write_request(*map(create, nodes)))
    for n in range(2, 6):
        await made.write("m", write_request(update("statement", "p", text=f"text {n}")))
    return made


# --- reading ---------------------------------------------------------------------------------------


async def test_each_read_asks_the_store_where_the_map_stands_and_loads_once(
    workspace: Workspace, store: CountingStore
) -> None:
    store.heads = store.loads = 0
    fresh = Workspace(store)
    for _ in range(5):
        await fresh.at("m")
    assert store.loads == 1
    assert store.heads >= 5


async def test_many_first_readers_at_once_load_once(workspace: Workspace, store: CountingStore) -> None:
    store.loads = 0
    fresh = Workspace(store)
    graphs = await asyncio.gather(*(fresh.at("m") for _ in range(20)))
    assert store.loads == 1
    assert len({id(graph) for graph in graphs}) == 1


async def test_a_change_of_another_process_is_applied_and_not_loaded(
    workspace: Workspace, store: CountingStore
) -> None:
    await workspace.at("m")
    store.loads = 0
    await Workspace(store).write("m", write_request(create_statement("r")))
    loads, store.loads = store.loads, 0
    assert "r" in await workspace.at("m")
    assert (loads, store.loads) == (1, 0)


async def test_a_log_that_does_not_reach_is_made_up_for_by_a_load(workspace: Workspace, store: CountingStore) -> None:
    """As when the map is deleted and made anew between the question where it stands and that for its changes."""
    await workspace.at("m")
    await Workspace(store).write("m", write_request(create_statement("r")))

    async def nothing(map_id: str, after: int, until: int) -> object:
        return []

    store.changes = nothing
    store.loads = 0
    graph = await workspace.at("m")
    assert ("r" in graph, graph.revision, store.loads) == (True, 6, 1)


async def test_a_map_that_is_not_there_is_not_found(workspace: Workspace) -> None:
    for ask in (workspace.version("zz"), workspace.at("zz"), workspace.view("zz", ViewQuery()), workspace.delete("zz"),
                workspace.write("zz", write_request()), workspace.dry_run("zz", write_request())):  # fmt: skip
        with pytest.raises(NotFound) as caught:
            await ask
        assert caught.value.name == "map_not_found"


@pytest.mark.parametrize(
    ("as_of", "text"), [("1", "It sells shells"), ("2", "text 2"), ("5", "text 5"), ("0003", "text 3")]
)
async def test_an_old_revision_is_as_it_was(workspace: Workspace, as_of: str, text: str) -> None:
    graph = await workspace.view("m", ViewQuery(as_of=as_of))
    assert (graph.node("p").text, graph.revision) == (text, int(as_of))


async def test_a_time_shows_the_last_revision_made_by_then(workspace: Workspace) -> None:
    for change in await workspace.store.changes("m", 0, 9):
        assert (await workspace.at("m", change.at)).revision == change.revision
    assert (await workspace.at("m", now())).revision == 5


NEVER = [
    "0", "6", "999999999999999999", "9" * 19, "-1", "1.0", "", "١", "yesterday", "2026-01-01", "2026-01-01T00:00:00",
    "2026-01-01T00:00:00+00:00", "٢٠٢٦-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
    "2026-13-01T00:00:00Z", "2025-02-30T00:00:00Z", "2026-01-01T24:00:01Z", "0000-01-01T00:00:00Z",
    "2999-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
]  # fmt: skip


@pytest.mark.parametrize("as_of", NEVER)
async def test_a_revision_that_never_was_is_refused(workspace: Workspace, as_of: str) -> None:
    with pytest.raises(Refused) as caught:
        await workspace.view("m", ViewQuery(as_of=as_of))
    assert caught.value.name == "revision_unknown"
    [problem] = caught.value.problems
    assert (problem.pointer, problem.detail) == ("/as_of", "the map has revisions 1 to 5")


async def test_a_view_is_narrowed_once_and_kept(workspace: Workspace) -> None:
    one = await workspace.view("m", ViewQuery(sources=("s-1", "s-2")))
    assert await workspace.view("m", ViewQuery(sources=("s-2", "s-1"))) is one
    assert await workspace.view("m", ViewQuery(sources=("s-2",))) is not one
    assert await workspace.view("m", ViewQuery(as_of="5")) is await workspace.at("m")
    await workspace.write("m", write_request(create_statement("r")))
    assert "r" in await workspace.view("m", ViewQuery(sources=("s-1", "s-2")))
    assert await workspace.view("m", ViewQuery(sources=("s-1", "s-2"), as_of="5")) is one


@pytest.mark.parametrize(
    ("query", "pointer", "says"),
    [
        (ViewQuery(sources=("s-1", "never")), "/sources/1", "never had a node 'never'"),
        (ViewQuery(actors=("p",)), "/actors/0", "'p' is of kind statement; actors takes ids of kind actor"),
        (ViewQuery(motives=("k",)), "/motives/0", "'k' is of kind actor; motives takes ids of kind motive"),
        (ViewQuery(without=("m",)), "/without/0", "never had a node 'm'"),
    ],
)
async def test_an_id_that_the_map_never_had_or_of_another_kind_is_refused(
    workspace: Workspace, query: ViewQuery, pointer: str, says: str
) -> None:
    with pytest.raises(Refused) as caught:
        await workspace.view("m", query)
    assert caught.value.name == "unknown_id"
    assert [p.pointer for p in caught.value.problems] == [pointer]
    assert says in caught.value.detail


async def test_an_id_that_the_map_no_longer_has_or_had_not_yet_filters_like_any_other(workspace: Workspace) -> None:
    await workspace.write("m", write_request(create(source("s-3")), create_statement("late")))
    await workspace.write("m", write_request(delete("source", "s-3")))
    assert {n.id for n in (await workspace.view("m", ViewQuery(sources=("s-3",)))).nodes("statement")} == {"late"}
    old = await workspace.view("m", ViewQuery(as_of="1", without=("late",)))
    assert {n.id for n in old.nodes("statement")} == {"p", "q"}


async def test_a_rehearsal_writes_nothing(workspace: Workspace) -> None:
    _, planned = await workspace.dry_run("m", write_request(delete("statement", "p", cascade=True)))
    assert planned.deleted == ["a", "p", "x"]
    assert ((await workspace.at("m")).revision, "p" in await workspace.at("m")) == (5, True)


async def test_snapshots_let_go_of_are_loaded_again(workspace: Workspace, store: CountingStore) -> None:
    small = Workspace(store, memory=1)
    await small.create(MapCreate(id="n", title="Another"), write_request(create_statement("p")))
    store.loads = 0
    for _ in range(3):
        assert (await small.at("m")).revision == 5
        assert (await small.at("n")).revision == 1
    assert store.loads >= 5


# --- maps ------------------------------------------------------------------------------------------


async def test_a_map_begins_with_its_first_nodes_at_revision_one(workspace: Workspace) -> None:
    written = await workspace.create(
        MapCreate(id="n", title="New", question="Why?"), write_request(create_statement("p"), by="bob", key="k")
    )
    assert (written.answer, written.revision, written.replayed) == (b"p", 1, False)
    graph = await workspace.at("n")
    assert (graph.header.title, graph.header.question, graph.header.created_by) == ("New", "Why?", "bob")
    assert (graph.revision, [n.id for n in graph.nodes()]) == (1, ["p"])
    [change] = await workspace.store.changes("n", 0, 9)
    assert [e.kind for e in change.edits] == ["map", "statement"]


async def test_an_id_left_out_is_made(workspace: Workspace, store: CountingStore) -> None:
    await workspace.create(MapCreate(title="One"), write_request())
    await workspace.create(MapCreate(title="Two"), write_request())
    assert len({header.id for header in await store.maps()}) == 3


async def test_a_map_whose_id_is_taken_is_a_conflict_and_the_first_stays(workspace: Workspace) -> None:
    with pytest.raises(Conflict) as caught:
        await workspace.create(MapCreate(id="m", title="Again"), write_request(create_statement("z")))
    assert (caught.value.name, caught.value.problems[0].pointer) == ("id_taken", "/id")
    graph = await workspace.at("m")
    assert (graph.header.title, graph.revision) == ("A map", 5)


async def test_a_map_with_a_bad_first_node_is_not_made(workspace: Workspace) -> None:
    with pytest.raises(Refused):
        await workspace.create(
            MapCreate(id="n", title="New"), write_request(create(argument("a", "zz", "zz", "opposing")))
        )
    with pytest.raises(NotFound):
        await workspace.at("n")


async def test_the_same_key_makes_one_map(workspace: Workspace) -> None:
    first = await workspace.create(MapCreate(id="n", title="New"), write_request(create_statement("p"), key="k"))
    again = await workspace.create(MapCreate(id="n", title="New"), write_request(create_statement("p"), key="k"))
    assert (again.answer, again.revision, again.replayed) == (first.answer, 1, True)
    with pytest.raises(Refused):
        await workspace.create(MapCreate(id="o", title="Else"), write_request(key="k", fingerprint="another"))


async def test_the_same_key_twice_at_once_makes_one_map(workspace: Workspace, store: CountingStore) -> None:
    for map_id in ("n", None):
        draft, key = MapCreate(id=map_id, title="New"), f"key of {map_id}"
        before = len(await store.maps())
        store.gate = Gate()
        tasks = [
            asyncio.create_task(workspace.create(draft, write_request(create_statement("p"), key=key)))
            for _ in range(2)
        ]
        await store.gate.reached(2)
        store.gate.open()
        one, other = await asyncio.gather(*tasks)
        assert (one.answer, one.revision) == (other.answer, other.revision)
        assert {one.replayed, other.replayed} == {False, True}
        assert len(await store.maps()) == before + 1


async def test_making_a_map_that_was_cut_off_is_settled_by_looking(workspace: Workspace, store: CountingStore) -> None:
    store.fate = ["cut"]
    assert (await workspace.create(MapCreate(id="n", title="New"), write_request(create_statement("p")))).revision == 1
    store.fate = ["lost"]
    with pytest.raises(StoreUnavailable, match="try again"):
        await workspace.create(MapCreate(id="o", title="New"), write_request())
    assert (await workspace.create(MapCreate(id="o", title="New"), write_request())).revision == 1


async def test_making_a_map_whose_outcome_cannot_be_asked_for_says_so(
    workspace: Workspace, store: CountingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(seconds: float) -> None: ...

    monkeypatch.setattr("graph.maps.commit_queue.asyncio.sleep", at_once)
    store.fate, store.silent = ["cut"], 99
    with pytest.raises(OutcomeUnknown):
        await workspace.create(MapCreate(id="n", title="New"), write_request())


async def test_a_deleted_map_is_gone_with_its_past(workspace: Workspace) -> None:
    await workspace.view("m", ViewQuery(as_of="1"))
    await workspace.delete("m")
    for ask in (workspace.at("m"), workspace.view("m", ViewQuery(as_of="1")), workspace.delete("m")):
        with pytest.raises(NotFound):
            await ask


async def test_a_condition_on_a_delete_is_asked_again_of_what_another_wrote_meanwhile(workspace: Workspace) -> None:
    asked: list[int] = []
    other = Workspace(workspace.store)
    newest = (await workspace.version("m")).revision
    drop = workspace.store.drop

    async def written_meanwhile(map_id: str, at: MapVersion | None = None, **how: Any) -> bool:
        if len(asked) == 1:
            await other.write("m", write_request(create_statement("meanwhile")))
        return await drop(map_id, at, **how)

    def check(head: MapVersion) -> None:
        asked.append(head.revision)
        if head.revision != newest:
            raise Stale("changed", code="stale")

    workspace.store.drop = written_meanwhile
    with pytest.raises(Stale):
        await workspace.delete("m", check)
    assert asked == [newest, newest + 1]
    assert "meanwhile" in await workspace.at("m")
    assert (await workspace.delete("m")).revision == newest + 1


async def test_a_map_made_anew_has_nothing_of_the_old_one(workspace: Workspace) -> None:
    await workspace.view("m", ViewQuery(as_of="1", sources=("s-1",)))
    await workspace.delete("m")
    await workspace.create(MapCreate(id="m", title="Anew"), write_request(create_statement("p", "other")))
    graph = await workspace.view("m", ViewQuery(as_of="1"))
    assert (graph.header.title, graph.node("p").text, graph.counts["source"]) == ("Anew", "other", 0)
    with pytest.raises(Refused):
        await workspace.view("m", ViewQuery(sources=("s-1",)))
    assert (await workspace.write("m", write_request(create_statement("q")))).revision == 2


async def test_a_map_deleted_while_its_past_is_read_is_not_found(workspace: Workspace, store: CountingStore) -> None:
    other = Workspace(store)
    changes = store.changes

    async def deleted_meanwhile(map_id: str, after: int, until: int) -> object:
        await other.delete("m")
        return await changes(map_id, after, until)

    await workspace.at("m")
    store.changes = deleted_meanwhile
    with pytest.raises(NotFound):
        await workspace.at("m", "2")
