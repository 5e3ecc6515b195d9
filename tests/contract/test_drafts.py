"""Drafts on every store: kept beside the map, seen by every process, and done to the map once."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from graph.beside.port import SideRecord
from graph.editing.editor import Provenance
from graph.errors import Conflict, NotFound, Refused
from graph.maps.commit_queue import WriteRequest
from graph.maps.drafts import Proposal
from graph.maps.port import Store
from graph.maps.workspace import Workspace
from schemas.base import new_id, now
from schemas.change import Command
from schemas.map import MapCreate
from schemas.query import ViewQuery
from tests.support.chronicle import fresh_id
from tests.support.write_requests import create_statement, update, write_request


async def made(store: Store) -> str:
    map_id = fresh_id()
    request = write_request(create_statement("p", "It rains."), create_statement("q", "It pours."))
    await Workspace(store).create(MapCreate(id=map_id, title="A map"), request)
    return map_id


async def proposed(store: Store, map_id: str, *commands: Command, id: str = "d") -> Proposal:
    workspace = Workspace(store)
    provenance = Provenance("ann", now(), new_id("change"))
    change = await workspace.drafts.planned(await workspace.at(map_id), commands, provenance)
    proposal = await workspace.drafts.propose(id, "Łódź 部队", None, b"[]", change, None)
    assert proposal is not None
    return proposal


def accepting(workspace: Workspace, proposal: Proposal, by: str) -> WriteRequest:
    return workspace.drafts.accepting(proposal, by, lambda done: b"%d" % done.graph.revision)


async def text_of(store: Store, map_id: str, node_id: str, draft: str | None = None) -> str | None:
    graph = await Workspace(store).view(map_id, ViewQuery(draft=draft))
    return graph.node(node_id).text if node_id in graph else None  # type: ignore[union-attr]


async def test_another_process_sees_the_map_with_it_and_the_map_stays(store: Store, another: Store) -> None:
    map_id = await made(store)
    await proposed(store, map_id, update("statement", "p", text="It snows."), create_statement("r", "It thaws."))
    await Workspace(another).write(map_id, write_request(update("statement", "q", text="It hails.")))
    for place in (store, another):
        assert [await text_of(place, map_id, one, "d") for one in "pqr"] == ["It snows.", "It pours.", "It thaws."]
        assert [await text_of(place, map_id, one) for one in "pqr"] == ["It rains.", "It hails.", None]
        [found] = await Workspace(place).drafts.all(map_id, "open")
        assert (found.base, found.said.title, found.said.by) == (1, "Łódź 部队", "ann")


async def test_an_id_is_taken_once_and_of_two_that_change_it_at_once_one_is_refused(
    store: Store, another: Store
) -> None:
    map_id = await made(store)
    first = await proposed(store, map_id, create_statement("r"))
    assert await Workspace(another).drafts.propose("d", "t", None, b"[]", first.change, None) is None
    amended = await Workspace(another).drafts.amend(map_id, first, title="u")
    with pytest.raises(Conflict, match="changed meanwhile"):
        await Workspace(store).drafts.amend(map_id, first, title="v")
    with pytest.raises(Conflict, match="changed meanwhile"):
        await Workspace(store).drafts.decline(map_id, first, "ben", None)
    await Workspace(store).drafts.decline(map_id, amended, "ben", "no")
    found = await Workspace(another).drafts.find(map_id, "d")
    assert (found.status, found.said.title, found.said.reason) == ("declined", "u", "no")


async def test_whoever_accepts_at_once_it_happens_once_and_beside_what_others_did(store: Store, another: Store) -> None:
    map_id = await made(store)
    proposal = await proposed(store, map_id, update("statement", "p", text="It snows."), create_statement("r"))
    await Workspace(another).write(map_id, write_request(update("statement", "p", note="said on Monday")))
    places = [Workspace(place) for place in (store, another) * 2]
    answers = await asyncio.gather(*(one.write(map_id, accepting(one, proposal, "ben")) for one in places))
    assert {answer.answer for answer in answers} == {b"3"}
    noted = await asyncio.gather(*(one.drafts.accepted(map_id, proposal, "ben", None, 3) for one in places))
    assert {(one.status, one.said.revision) for one in noted} == {("accepted", 3)}
    graph = await Workspace(another).at(map_id)
    assert (graph.revision, graph.node("p").text, graph.node("p").note) == (3, "It snows.", "said on Monday")  # type: ignore[union-attr]


async def test_what_was_set_since_is_told_field_by_field_and_nothing_is_done(store: Store, another: Store) -> None:
    map_id = await made(store)
    proposal = await proposed(
        store, map_id, update("statement", "p", text="It snows."), update("statement", "q", text="It thaws.", note="x")
    )
    await Workspace(another).write(
        map_id, write_request(update("statement", "p", text="It hails."), update("statement", "q", note="y"))
    )
    with pytest.raises(Conflict) as refused:
        await Workspace(store).write(map_id, accepting(Workspace(store), proposal, "ben"))
    told = " ".join(one.detail for one in refused.value.problems)
    assert len(refused.value.problems) == 2
    assert all(one in told for one in ("'p'", "'q'", "text", "note"))
    assert (await Workspace(another).at(map_id)).revision == 2
    assert (await Workspace(another).drafts.find(map_id, "d")).status == "open"


async def test_it_outlives_the_log_of_its_revision(store: Store, another: Store) -> None:
    map_id = await made(store)
    proposal = await proposed(store, map_id, create_statement("r", "It thaws."))
    assert await text_of(another, map_id, "r", "d") == "It thaws."
    reader = Workspace(another)
    graph = await reader.at(map_id)
    assert await reader.drafts.judged(graph, proposal) is not None
    await Workspace(store).write(map_id, write_request(update("statement", "p", text="It hails.")))
    assert await Workspace(store).compact(map_id, now())
    assert await reader.drafts.judged(await reader.at(map_id), proposal) is None
    with pytest.raises(Refused, match="does not have any more"):
        await reader.view(map_id, ViewQuery(draft="d"))
    await reader.write(map_id, accepting(reader, proposal, "ben"))
    assert await text_of(store, map_id, "r") == "It thaws."


async def test_it_goes_with_what_was_said_of_it_and_with_its_map(store: Store, another: Store) -> None:
    map_id = await made(store)
    proposal = await proposed(store, map_id, create_statement("r"))
    await proposed(store, map_id, create_statement("s"), id="e")
    said = SideRecord("draft_remark", "m", "d", 1, msgspec.Raw(b"{}"))
    assert await another.beside.put(map_id, said)
    await Workspace(another).drafts.remove(map_id, proposal)
    assert await store.beside.records(map_id, "draft_remark", ["d"]) == []
    assert [one.id for one in await Workspace(store).drafts.all(map_id)] == ["e"]
    await Workspace(store).delete(map_id)
    with pytest.raises(NotFound):
        await Workspace(another).drafts.find(map_id, "e")
