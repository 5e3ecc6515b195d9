"""A user of Cypher sees the map that the service shows: node by node, relationship by relationship."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neo4j import Driver

from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from graph.stores.neo4j import Neo4jStore
from seed.loader import load
from tests.neo4j.cypher_view import said, seen
from tests.support.chronicle import Chronicle
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.support.strategies import Nodes, whole_maps


def snapshot(told: Chronicle) -> ArgumentGraph:
    return ArgumentGraph.of(told.header, told.nodes.values())


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(states=st.lists(whole_maps(), min_size=1, max_size=4))
def test_after_any_edits(store_there: Callable[[], Neo4jStore], driver: Driver, states: list[Nodes]) -> None:
    async def run() -> None:
        store = store_there()
        await store.open()
        told = Chronicle()
        for nodes in states:
            changed = [node for node in nodes.values() if told.nodes.get(node.id) != node]
            change = told.next(*changed, gone=sorted(set(told.nodes) - set(nodes)))
            await store.commit(told.header, [change])
            assert seen(driver, told.id) == said(snapshot(told))
        await store.drop(told.id)
        assert seen(driver, told.id) == ({}, [])
        await store.close()

    asyncio.run(run())


async def test_the_seed(store: Neo4jStore, driver: Driver) -> None:
    workspace = Workspace(store)
    await store.drop("food-finance-firepower")
    await load(workspace)
    graph = await workspace.at("food-finance-firepower")
    nodes, links = seen(driver, graph.map)
    assert (nodes, links) == said(graph)
    assert len(nodes) == graph.size > 400
    assert len(links) > 1000
    await store.drop(graph.map)


async def test_an_actor_twice_in_a_chain_is_two_relationships(store: Neo4jStore, driver: Driver) -> None:
    told = Chronicle()
    said_by = assertion("x", "p", "s", chain=("k", "l", "k"), alternative_chain=("k",))
    change = told.next(actor("k"), actor("l"), source("s"), statement("p"), said_by)
    await store.commit(told.header, [change])
    places = "MATCH (:Assertion {map: $map})-[r:SPOKEN_BY]->(a:Actor) RETURN a.id, r.position ORDER BY r.position"
    records = driver.execute_query(places, map=told.id).records
    assert [tuple(record.values()) for record in records] == [("k", 0), ("l", 1), ("k", 2)]
    await store.drop(told.id)


async def test_an_update_replaces_what_its_node_holds_and_nothing_else(store: Neo4jStore, driver: Driver) -> None:
    """Arrows that point at a node may be its own (a motive's actor) or another's (its arguments)."""
    told = Chronicle()
    first = [
        actor("k"), actor("l"), motive("m", "k"), statement("p"), statement("q"),
        argument("a", ("p", "q"), "m"), argument("b", "p", "a", "opposing"), argument("c", "m", "q"),
    ]  # fmt: skip
    steps = [
        told.next(*first),
        told.next(motive("m", "l")),
        told.next(argument("a", ("q",), "m")),
        told.next(actor("k", affiliations=("l",)), actor("l", same_as=("k",))),
        told.next(argument("b", "q", "a", "opposing"), gone=["c"]),
    ]
    for place, change in enumerate(steps):
        header = told.header.model_copy(update={"revision": place + 1, "updated_at": change.at})
        await store.commit(header, [change])
    assert seen(driver, told.id) == said(snapshot(told))
    await store.drop(told.id)


async def test_a_node_may_become_another_kind_and_keep_what_refers_to_it(store: Neo4jStore, driver: Driver) -> None:
    told = Chronicle()
    change = told.next(actor("k"), statement("p"), statement("q"), argument("a", "p", "q"))
    await store.commit(told.header, [change])
    change = told.next(motive("p", "k"), gone=["p"])
    await store.commit(told.header, [change])
    assert seen(driver, told.id) == said(snapshot(told))
    await store.drop(told.id)


async def test_changes_committed_together_leave_what_the_last_says(store: Neo4jStore, driver: Driver) -> None:
    told = Chronicle()
    changes = [
        told.next(actor("k"), statement("p"), statement("q"), argument("a", "p", "q")),
        told.next(statement("r"), argument("a", ("p", "r"), "q")),
        told.next(gone=["a", "r"]),
        told.next(statement("r", "again"), argument("a", "r", "q", "opposing")),
    ]
    await store.commit(told.header, changes)
    assert seen(driver, told.id) == said(snapshot(told))
    change = told.next(statement("s"))
    gone = told.next(gone=["s"])
    await store.commit(told.header, [change, gone])
    assert seen(driver, told.id) == said(snapshot(told))
    assert await store.known(told.id, ["s", "t"]) == {"s"}
    await store.drop(told.id)
