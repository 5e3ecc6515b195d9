"""What a hand does while the service takes in what hands did before is not overwritten: the next look takes it in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, LiteralString

import pytest
from neo4j import Driver

from graph.maps.adopting import adopt
from graph.maps.by_hand import Taken
from graph.maps.doctor import examine
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_calls import Talk
from schemas.change import Change
from schemas.map import MapHeader
from tests.support.chronicle import Chronicle
from tests.support.nodes import actor, argument, assertion, source, statement

_FIRST = (
    "MATCH (n:Node {map: $map, id: 'p'}) SET n.text = 'By hand.' "
    "WITH n MATCH (:Node {map: $map, id: 'q'})-[r:PREMISE_OF]->(a:Node {map: $map, id: 'a'}) SET a.note = 'By hand' "
    "WITH n MATCH (x:Node {map: $map, id: 'x'}) SET x.note = 'By hand' "
    "WITH n MATCH (z:Node {map: $map, id: 'z'}) DETACH DELETE z"
)
"""What was done before: to three nodes that are changed, and one that is deleted."""


class Deed:
    """Something that a hand does, and how a map shows that it was taken in."""

    def __init__(self, text: LiteralString, shows: Callable[[ArgumentGraph], bool]) -> None:
        self.text = text
        self.shows = shows


def _field(graph: ArgumentGraph, node_id: str, name: str) -> object:
    return graph.node(node_id).document().get(name)


_ANEW = "a node that is made anew"
DEEDS = {
    "the same property": Deed(
        "MATCH (n:Node {map: $map, id: 'p'}) SET n.text = 'By hand, again.'",
        lambda graph: _field(graph, "p", "text") == "By hand, again.",
    ),
    "another property of the node": Deed(
        "MATCH (n:Node {map: $map, id: 'p'}) SET n.note = 'Later.'",
        lambda graph: _field(graph, "p", "note") == "Later." and _field(graph, "p", "text") == "By hand.",
    ),
    "a node of another": Deed(
        "MATCH (n:Node {map: $map, id: 's'}) SET n.title = 'Later.'",
        lambda graph: _field(graph, "s", "title") == "Later.",
    ),
    _ANEW: Deed(
        "MATCH (m:Map {id: $map}) CREATE (n:Node:Statement {map: $map, id: 'z', text: 'Back.'})-[:IN_MAP]->(m)",
        lambda graph: _field(graph, "z", "text") == "Back.",
    ),
    "a node that is made and named by one that is changed": Deed(
        "MATCH (a:Node {map: $map, id: 'a'}) CREATE (:Statement {map: $map, text: 'New.'})-[:PREMISE_OF]->(a)",
        lambda graph: len(_field(graph, "a", "premises")) == 2,  # type: ignore[arg-type]
    ),
    "a node that is deleted": Deed(
        "MATCH (n:Node {map: $map, id: 'w'}) DETACH DELETE n",
        lambda graph: "w" not in graph,
    ),
    "a relationship that is cut": Deed(
        "MATCH (:Node {map: $map, id: 'x'})-[r:SPOKEN_BY]->(:Node {id: 'l'}) DELETE r",
        lambda graph: _field(graph, "x", "chain") == ["k"],
    ),
    "a relationship that is made": Deed(
        "MATCH (r:Node {map: $map, id: 'r'}), (a:Node {map: $map, id: 'a'}) CREATE (r)-[:PREMISE_OF]->(a)",
        lambda graph: sorted(_field(graph, "a", "premises")) == ["q", "r"],  # type: ignore[call-overload]
    ),
    "a relationship that leads elsewhere": Deed(
        "MATCH (a:Node {map: $map, id: 'a'})-[r:TARGETS]->(), (w:Node {map: $map, id: 'w'}) "
        "DELETE r CREATE (a)-[:TARGETS]->(w)",
        lambda graph: _field(graph, "a", "target") == "w",
    ),
    "the map's title": Deed("MATCH (m:Map {id: $map}) SET m.title = 'Later'", lambda g: g.header.title == "Later"),
}


@pytest.fixture
async def told(store: Neo4jStore, driver: Driver) -> AsyncIterator[Chronicle]:
    one = Chronicle()
    points = (statement(i) for i in "pqrwz")
    nodes = (actor("k"), actor("l"), source("s"), *points, assertion("x", "p", "s", chain=("k", "l")))
    change = one.next(*nodes, argument("a", "q", "p"))
    await store.commit(one.header, [change])
    assert driver.execute_query(_FIRST, map=one.id).summary.counters.contains_updates
    yield one
    await store.drop(one.id)


async def _done(driver: Driver, text: LiteralString, map_id: str) -> None:
    summary = (await asyncio.to_thread(driver.execute_query, text, map=map_id)).summary
    assert summary.counters.contains_updates, "the deed did nothing: this would pass on anything"


async def _is_all_taken_in(store: Neo4jStore, map_id: str, deed: Deed) -> None:
    await adopt(store, map_id)
    assert (await adopt(store, map_id)).revision is None
    graph = await Workspace(store).at(map_id)
    assert deed.shows(graph)
    assert _field(graph, "x", "note") == "By hand"
    assert _field(graph, "a", "note") == "By hand"
    assert await examine(store, map_id) == []


@pytest.mark.parametrize("name", [name for name in DEEDS if name != _ANEW])
async def test_what_is_done_between_the_look_and_the_write_is_left_and_taken_in_next(
    store: Neo4jStore, driver: Driver, told: Chronicle, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    deed, commit, tried = DEEDS[name], store.hands.commit, []

    async def later(header: MapHeader, change: Change, made: Mapping[str, str], taken: Taken) -> None:
        tried.append(change)
        if len(tried) == 1:
            await _done(driver, deed.text, told.id)
        await commit(header, change, made, taken)

    monkeypatch.setattr(store.hands, "commit", later)
    found = await adopt(store, told.id)
    assert tried
    assert found.conflicts == []
    monkeypatch.undo()
    await _is_all_taken_in(store, told.id, deed)


@pytest.mark.parametrize("name", DEEDS)
async def test_what_is_done_while_it_is_written_waits_and_is_taken_in_next(
    store: Neo4jStore, driver: Driver, told: Chronicle, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The nodes are held from the comparison on: a hand's change of one of them comes after the write, or is seen."""
    deed, ask, doing = DEEDS[name], Talk.ask, []

    async def meanwhile(self: Talk, text: LiteralString, **parameters: Any) -> list[list[Any]]:
        write = parameters.get("write")
        if not doing and isinstance(write, dict) and "changes" in write:  # compared; nothing is written yet
            doing.append(asyncio.create_task(_done(driver, deed.text, told.id)))
            await asyncio.wait(doing, timeout=0.2)
        return await ask(self, text, **parameters)

    monkeypatch.setattr(Talk, "ask", meanwhile)
    await adopt(store, told.id)
    monkeypatch.undo()
    await doing[0]
    await _is_all_taken_in(store, told.id, deed)


async def test_a_node_that_is_made_anew_before_its_deletion_is_written_is_not_deleted(
    store: Neo4jStore, driver: Driver, told: Chronicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is of an id that the history knows and lacks what the service writes, which is told."""
    commit = store.hands.commit

    async def later(header: MapHeader, change: Change, made: Mapping[str, str], taken: Taken) -> None:
        monkeypatch.undo()
        await _done(driver, DEEDS[_ANEW].text, told.id)
        await commit(header, change, made, taken)

    monkeypatch.setattr(store.hands, "commit", later)
    found = await adopt(store, told.id)
    assert {conflict.node for conflict in found.conflicts} == {"z"}
    asked = "MATCH (n:Node {map: $map, id: 'z'}) RETURN n.text"
    assert [record.values() for record in driver.execute_query(asked, map=told.id).records] == [["Back."]]
