"""Verdicts on the nodes say of which revision they are, are nobody's hand edits, and are written by one process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from neo4j import Driver

from graph.evaluation.evaluation import judgements
from graph.maps.adopting import Adoption, adopt
from graph.maps.doctor import examine
from graph.maps.workspace import Workspace
from graph.stores.neo4j import Neo4jStore
from service.http.context import Service
from service.settings import Settings
from tests.support.chronicle import Chronicle
from tests.support.nodes import argument, statement
from tests.support.waiting import until

ON_NODES = "MATCH (n:Node {map: $map}) RETURN n.id, n.verdict, n.standing, n.strength ORDER BY n.id"
ON_MAP = "MATCH (m:Map {id: $map}) RETURN m.judged, m.revision"


def asked(driver: Driver, text: str, map_id: str) -> list[list[object]]:
    return [record.values() for record in driver.execute_query(text, map=map_id).records]


async def judged(store: Neo4jStore, told: Chronicle) -> None:
    assert await store.verdicts.claim(told.id)
    graph = await Workspace(store).at(told.id)
    await store.verdicts.judge(told.id, graph.revision, judgements(graph))


async def test_nodes_say_what_an_evaluation_says_and_the_map_of_which_revision(
    store: Neo4jStore, driver: Driver
) -> None:
    told = Chronicle()
    change = told.next(statement("p"), statement("q"), argument("a", "q", "p", "opposing"))
    await store.commit(told.header, [change])
    assert told.id in await store.verdicts.due()
    await judged(store, told)
    said = {row[0]: row[1:] for row in asked(driver, ON_NODES, told.id)}
    assert said == {one.id: [*one[1:]] for one in judgements(await Workspace(store).at(told.id))}
    assert said["p"][0] != said["q"][0]
    assert asked(driver, ON_MAP, told.id) == [[1, 1]]
    assert told.id not in await store.verdicts.due()
    assert await examine(store, told.id) == []
    assert await adopt(store, told.id) == Adoption(told.id)

    change = told.next(gone=["a"])
    await store.commit(told.header, [change])
    assert asked(driver, ON_MAP, told.id) == [[1, 2]], "of the revision before, and says so"
    await judged(store, told)
    assert asked(driver, ON_MAP, told.id) == [[2, 2]]
    assert {row[1] for row in asked(driver, ON_NODES, told.id)} == {said["q"][0]}
    await store.drop(told.id)


async def test_one_process_judges_a_map_at_a_time_and_meanwhile_it_says_no_revision(
    store: Neo4jStore, store_there: Callable[..., Neo4jStore], driver: Driver
) -> None:
    told = Chronicle()
    change = told.next(statement("p"))
    await store.commit(told.header, [change])
    other = store_there()
    await other.open()
    claims = await asyncio.gather(store.verdicts.claim(told.id), other.verdicts.claim(told.id))
    assert sorted(claims) == [False, True]
    assert asked(driver, ON_MAP, told.id) == [[None, 1]]
    await store.verdicts.judge(told.id, 1, [])
    assert not await other.verdicts.claim(told.id), "nothing is due"
    await other.close()
    await store.drop(told.id)


async def test_a_service_that_is_told_to_writes_them_by_itself(
    store: Neo4jStore, store_there: Callable[..., Neo4jStore], driver: Driver
) -> None:
    told = Chronicle()
    change = told.next(statement("p"))
    await store.commit(told.header, [change])
    service = Service(Settings(seed=False, neo4j_verdicts=True), store_there())
    await service.open()
    await until(lambda: asked(driver, ON_MAP, told.id) == [[1, 1]])
    await service.close()
    assert asked(driver, ON_NODES, told.id)[0][1] is not None
    await store.drop(told.id)
