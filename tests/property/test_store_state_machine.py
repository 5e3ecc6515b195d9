"""Workspaces over each store, held against plain dictionaries through random lives of a map."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from graph.editing.planning import rename
from graph.errors import Conflict, NotFound, Refused
from graph.maps.commit_queue import Prepare, WriteRequest, WriteResult
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.map import MapCreate
from tests.support.chronicle import fresh_id, loaded
from tests.support.model import Document, Documents, Model, cascaded, holders, named
from tests.support.neo4j import Neo4jAddress
from tests.support.stores import STORES, Place, place_of
from tests.support.strategies import texts
from tests.support.write_requests import write_request

T = TypeVar("T")
STAMPS = {"created_at", "created_by", "updated_at", "updated_by"}
KINDS = ["actor", "motive", "statement", "argument", "source", "assertion"]
NEW_IDS = st.sampled_from([f"n{n}" for n in range(12)])


class Life(RuleBasedStateMachine):
    """One map, two workspaces over two store objects, and the model."""

    place: Place

    def __init__(self, place: Callable[[Path], Place]) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.place = place(Path(self.folder.name))
        self.runner = asyncio.Runner()
        self.stores = [self.place.store(), self.place.store()]
        self.workspaces = [self._opened(n) for n in range(2)]
        self.writes = 0

    def _opened(self, n: int) -> Workspace:
        self._run(self.stores[n].open())
        return Workspace(self.stores[n])

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self._run(self.stores[0].drop(self.map))
        for store in self.stores:
            self._run(store.close())
        self.runner.close()
        self.folder.cleanup()

    # --- writing --------------------------------------------------------------------------------

    @initialize(title=texts)
    def make(self, title: str) -> None:
        self.map = fresh_id()
        self._make(title)

    def _make(self, title: str) -> None:
        self._run(self.workspaces[0].create(MapCreate(id=self.map, title=title), write_request()))
        self.model = Model([title], [{}])
        self.authors = ["ann"]
        self.undone: list[Documents] = []
        """What redo brings back, the next one last."""
        self.done: list[Documents] = []
        """How the nodes were before each change of ann's that is not undone; she alone writes nodes."""

    def _write(self, wanted: WriteRequest) -> WriteResult:
        """Write through the two workspaces in turn."""
        self.writes += 1
        written = self._run(self.workspaces[self.writes % 2].write(self.map, wanted))
        assert written.revision == len(self.model.revisions)
        if len(self.authors) < written.revision:
            self.authors.append(wanted.by)
            if wanted.by == "ann" and wanted.prepare is None:
                self.done.append(self.model.revisions[-2])
                self.undone = []
        return written

    def _take_back(self, prepare: Prepare, by: str = "ann") -> WriteResult:
        return self._write(WriteRequest(write_request().plan, by, lambda _: b"", prepare=prepare))

    @rule(data=st.data(), count=st.integers(1, 4))
    def create(self, data: st.DataObject, count: int) -> None:
        """Several at once, each may name those before it; the order of the commands is free."""
        after, made = self.model.now, []
        for _ in range(count):
            node_id = data.draw(NEW_IDS)
            document = None if node_id in after else _drawn(data, node_id, after)
            if document is not None:
                after[node_id] = {**document, "version": 1}
                made.append(node_id)
        self.model.add(after)
        commands = [_command("create", i, after[i]) for i in data.draw(st.permutations(made))]
        self._write(write_request(*commands, key=fresh_id() if data.draw(st.booleans()) else None))

    @precondition(lambda self: self.model.ids())
    @rule(data=st.data())
    def create_what_is_there(self, data: st.DataObject) -> None:
        taken = data.draw(st.sampled_from(self.model.ids()))
        command = Command(op="create", kind="statement", id=taken, value={"text": "again"})
        with pytest.raises(Conflict) as caught:
            self._write(write_request(command))
        assert caught.value.name == "id_taken"

    @precondition(lambda self: self.model.ids())
    @rule(data=st.data(), note=st.none() | texts)
    def update(self, data: st.DataObject, note: str | None) -> None:
        """Change a note and, where it can be, the references; a patch that changes nothing makes no revision."""
        after = self.model.now
        node_id = data.draw(st.sampled_from(sorted(after)))
        before = after[node_id]
        others = {i: d for i, d in after.items() if i != node_id}
        fresh = _drawn(data, node_id, others, before["kind"]) if data.draw(st.booleans()) else None
        fields = _own(fresh or before) | ({"note": note} if note is not None else {})
        if note is None:
            fields.pop("note", None)
        patch = fields | {name: None for name in _own(before) if name not in fields}
        if fields != _own(before):
            after[node_id] = {"kind": before["kind"], "version": before["version"] + 1, **fields}
        self.model.add(after)
        command = Command(op="update", kind=before["kind"], id=node_id, value=patch, if_version=before["version"])
        self._write(write_request(command))

    @precondition(lambda self: self.model.ids())
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        after = self.model.now
        node_id = data.draw(st.sampled_from(sorted(after)))
        held_by = holders(after, node_id)
        wanted = write_request(Command(op="delete", kind=after[node_id]["kind"], id=node_id))
        if held_by:
            with pytest.raises(Conflict) as caught:
                self._write(wanted)
            assert [p.detail.split()[0] for p in caught.value.problems] == held_by
        else:
            del after[node_id]
            self.model.add(after)
            self._write(wanted)

    @precondition(lambda self: self.model.ids())
    @rule(data=st.data())
    def delete_with_all_that_hangs_on_it(self, data: st.DataObject) -> None:
        now = self.model.now
        node_id = data.draw(st.sampled_from(sorted(now)))
        self.model.add(cascaded(now, node_id))
        self._write(write_request(Command(op="delete", kind=now[node_id]["kind"], id=node_id, cascade=True)))

    @precondition(lambda self: self.model.ids())
    @rule(data=st.data())
    def turn_into_another_kind(self, data: st.DataObject) -> None:
        """Delete and create under one id at once; whether it may be is the rules' affair, that nothing is lost ours."""
        after = self.model.now
        node_id = data.draw(st.sampled_from(sorted(after)))
        kind = after[node_id]["kind"]
        del after[node_id]
        document = _drawn(data, node_id, after, "source" if kind in ("statement", "argument") else "statement")
        assert document is not None
        free = not holders(after, node_id)
        after[node_id] = {**document, "version": 1}
        commands = (Command(op="delete", kind=kind, id=node_id), _command("create", node_id, after[node_id]))
        if free or (kind == "motive" and all(after[h]["kind"] == "argument" for h in holders(after, node_id))):
            self.model.add(after)
            self._write(write_request(*commands))
        else:
            with pytest.raises(Refused):
                self._write(write_request(*commands))

    @rule(data=st.data())
    def go_wrong_in_the_middle(self, data: st.DataObject) -> None:
        """A batch with one bad command leaves everything as it was."""
        good = Command(op="create", kind="statement", value={"text": "never seen"})
        bad = Command(
            op="create", kind="argument", value={"premises": ["nowhere"], "target": "nowhere", "stance": "opposing"}
        )
        with pytest.raises(Refused):
            self._write(write_request(*data.draw(st.permutations([good, bad, good]))))

    @rule(title=texts)
    def rename(self, title: str) -> None:
        self.model.add(self.model.now, title)
        self._write(
            WriteRequest(lambda graph, provenance: rename(graph, {"title": title}, provenance), "bob", lambda _: b"")
        )

    # --- taking back ----------------------------------------------------------------------------

    @rule(act=st.sampled_from(["undo", "redo"]))
    def take_back_the_last(self, act: Any) -> None:
        """Undo and redo walk along ann's changes to the nodes, whatever bob calls the map meanwhile."""
        behind, ahead = (self.done, self.undone) if act == "undo" else (self.undone, self.done)
        prepare = self.workspaces[self.writes % 2].history.undoing("ann", act)
        if not behind:
            with pytest.raises(Conflict) as caught:
                self._take_back(prepare)
            assert caught.value.name == f"nothing_to_{act}"
            return
        ahead.append(self.model.now)
        self.model.revisions.append(behind.pop())
        self.model.titles.append(self.model.title)
        self._take_back(prepare)

    @rule(data=st.data())
    def take_back_all_since_and_think_better_of_it(self, data: st.DataObject) -> None:
        """By carol, whose undo leaves everything as it was, so that ann's and bob's own undos go on as before."""
        revision = data.draw(st.integers(1, len(self.model.revisions)))
        now, then = (self.model.revisions[n] for n in (-1, revision - 1))
        titles = self.model.titles[revision - 1], self.model.title
        if (then, titles[0]) == (now, titles[1]):
            self._take_back(self.workspaces[0].history.reverting(revision, since=True), "carol")
            return
        for documents, title, prepare in (
            (then, titles[0], self.workspaces[0].history.reverting(revision, since=True)),
            (now, titles[1], self.workspaces[1].history.undoing("carol", "undo")),
        ):
            self.model.revisions.append(documents)
            self.model.titles.append(title)
            self._take_back(prepare, "carol")

    @rule(text=texts)
    def send_twice_with_one_key(self, text: str) -> None:
        node_id, key = f"x{self.writes}", fresh_id()
        wanted = write_request(Command(op="create", kind="statement", id=node_id, value={"text": text}), key=key)
        self.model.add({**self.model.now, node_id: {"kind": "statement", "version": 1, "text": text}})
        first, second = self._write(wanted), self._write(wanted)
        assert (first.answer, first.revision, first.replayed) == (node_id.encode(), second.revision, False)
        assert (second.answer, second.replayed) == (first.answer, True)

    # --- the store's own life -------------------------------------------------------------------

    @rule(n=st.integers(0, 1))
    def reopen(self, n: int) -> None:
        self._run(self.stores[n].close())
        self.stores[n] = self.place.store()
        self.workspaces[n] = self._opened(n)

    @rule(n=st.integers(0, 1))
    def forget_snapshots(self, n: int) -> None:
        self.workspaces[n] = Workspace(self.stores[n], memory=1)

    @precondition(lambda self: len(self.model.revisions) > 3)
    @rule(title=texts, n=st.integers(0, 1))
    def drop(self, title: str, n: int) -> None:
        self._run(self.workspaces[n].delete(self.map))
        for workspace in self.workspaces:
            with pytest.raises(NotFound):
                self._run(workspace.at(self.map))
        self._make(title)

    # --- what holds at every moment -------------------------------------------------------------

    @invariant()
    def both_see_the_newest(self) -> None:
        for workspace in self.workspaces:
            graph = self._run(workspace.at(self.map))
            self._agrees(graph, len(self.model.revisions))

    @invariant()
    def every_past_revision_is_as_it_was(self) -> None:
        workspace = self.workspaces[self.writes % 2]
        for revision in range(1, len(self.model.revisions)):
            self._agrees(self._run(workspace.at(self.map, str(revision))), revision)

    @invariant()
    def log_and_inverses_lead_through_all_revisions(self) -> None:
        changes = self._run(self.stores[0].changes(self.map, 0, 10_000))
        assert [change.revision for change in changes] == list(range(1, len(self.model.revisions) + 1))
        assert len({change.uid for change in changes}) == len(changes)
        assert [change.at for change in changes] == sorted(change.at for change in changes)
        state: dict[str, tuple[str, bytes]] = {}
        for change, documents in zip(changes, self.model.revisions, strict=True):
            before = dict(state)
            _replay(state, change.edits)
            assert {i: _plain(kind, raw) for i, (kind, raw) in state.items()} == documents
            undone = dict(state)
            _replay(undone, change.inverse())
            assert undone == before
        rows = self._run(loaded(self.stores[1], self.map))
        assert rows is not None
        assert dict(zip(rows.ids, rows.documents, strict=True)) == {i: raw for i, (_, raw) in state.items()}
        assert rows.ids == sorted(state)

    @invariant()
    def ids_are_known_for_ever(self) -> None:
        ever = {i for documents in self.model.revisions for i in documents}
        asked = [*ever, *(f"n{n}" for n in range(12)), "never"]
        assert self._run(self.stores[0].known(self.map, asked)) == ever

    def _agrees(self, graph: ArgumentGraph, revision: int) -> None:
        documents = self.model.revisions[revision - 1]
        assert graph.revision == revision
        assert graph.header.title == self.model.titles[revision - 1]
        assert {node.id: _plain(node.kind, node.dense()) for node in graph.nodes()} == documents
        for node_id in documents:
            assert sorted({link.other(node_id) for link in graph.links_to(node_id)}) == holders(documents, node_id)


def _own(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in ("kind", "version")}


def _command(op: Any, node_id: str, document: Document) -> Command:
    return Command(op=op, kind=document["kind"], id=node_id, value=_own(document))


def _plain(kind: str, raw: bytes) -> Document:
    fields = msgspec.json.decode(raw)
    return {"kind": kind, "version": 1} | {name: fields[name] for name in fields if name not in STAMPS | {"id"}}


def _replay(state: dict[str, tuple[str, bytes]], edits: Any) -> None:
    for edit in edits:
        if edit.kind != "map":
            held = state.pop(edit.id, None)
            assert held == (None if edit.before is None else (edit.kind, bytes(edit.before)))
            if edit.after is not None:
                state[edit.id] = (edit.kind, bytes(edit.after))


def _drawn(data: st.DataObject, node_id: str, others: Documents, kind: str | None = None) -> Document | None:
    """A document that fits in with the others; None where there is nothing that it could refer to."""

    def ids(*kinds: str) -> list[str]:
        return sorted(i for i, document in others.items() if document["kind"] in kinds)

    def one(*kinds: str) -> Any:
        return data.draw(st.sampled_from(ids(*kinds)))

    def some(*kinds: str, least: int = 0) -> list[str]:
        there = ids(*kinds)
        return data.draw(st.lists(st.sampled_from(there), min_size=least, max_size=2, unique=True)) if there else []

    kind = kind or data.draw(st.sampled_from(KINDS))
    match kind:
        case "actor":
            held = {
                "name": data.draw(texts),
                "actor_kind": "state",
                "affiliations": some("actor"),
                "same_as": some("actor"),
            }
        case "motive" if ids("actor"):
            held = {"name": "m", "category": "food", "text": data.draw(texts), "actor": one("actor")}
        case "statement":
            concerns = [{"motive": m, "role": "driver"} for m in some("motive")]
            held = {"text": data.draw(texts), "concerns": concerns}
        case "argument" if ids("statement", "motive"):
            target = one("statement", "motive", "argument")
            premises = some("statement", "motive", least=1)
            held = {
                "premises": premises,
                "target": target,
                "stance": "opposing" if target in premises else "supporting",
            }
        case "source":
            publisher = some("actor")[:1]
            held = {
                "title": data.draw(texts),
                "source_kind": "article",
                "author": some("actor"),
                "repeats": some("source"),
            }
            held |= {"publisher": publisher[0]} if publisher else {}
        case "assertion" if ids("statement", "argument") and ids("source"):
            held = {"of": one("statement", "argument"), "source": one("source"), "chain": some("actor")}
            cited = some("source")[:1]
            held |= {"cited_source": cited[0]} if cited else {}
            held |= {"probable_origin": some("actor")}
        case _:
            return None
    assert node_id not in {i for value in held.values() for i in named(value)}
    return {"kind": kind} | {name: value for name, value in held.items() if value != []}


@pytest.mark.slow
@pytest.mark.parametrize("name", STORES)
def test_a_map_lives_as_the_model_does(name: str, neo4j_of_version: Callable[[str], Neo4jAddress]) -> None:
    examples, steps = (50, 25) if name == "sqlite" else (6, 12)
    run_state_machine_as_test(
        lambda: Life(lambda folder: place_of(name, folder, neo4j_of_version)),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
