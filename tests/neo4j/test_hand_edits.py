"""What people change in the graph by hand becomes an ordinary revision, or is told as a conflict; nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from neo4j import Driver

from graph.maps.adopting import AUTHOR, Adoption, adopt
from graph.maps.by_hand import HandStore, HandWork
from graph.maps.doctor import examine
from graph.maps.expected import Expected
from graph.maps.workspace import Workspace
from graph.stores.neo4j import Neo4jStore
from schemas.node import AnyNode
from seed.loader import load
from service.http.context import Service
from service.settings import Settings
from tests.support.chronicle import Chronicle
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.waiting import until

SEED = "food-finance-firepower"
N = "MATCH (n:Node {map: $map, id: $id}) "


@pytest.fixture
async def seeded(store: Neo4jStore) -> AsyncIterator[Neo4jStore]:
    await store.drop(SEED)
    await load(Workspace(store))
    yield store
    await store.drop(SEED)


class Hand:
    """Somebody at the database's own console, and the service that takes in what was done there."""

    def __init__(self, store: Neo4jStore, driver: Driver) -> None:
        self.store = store
        self._driver = driver

    def does(self, text: str, **parameters: object) -> None:
        changed = self._driver.execute_query(text, map=SEED, **parameters).summary.counters.contains_updates
        assert changed, "the deed did nothing: this would pass on anything"

    def asks(self, text: str, **parameters: object) -> list[list[object]]:
        return [record.values() for record in self._driver.execute_query(text, map=SEED, **parameters).records]

    async def taken_in(self, **options: bool) -> Adoption:
        return await adopt(self.store, SEED, **options)

    async def node(self, node_id: str) -> AnyNode:
        return (await Workspace(self.store).at(SEED)).node(node_id)

    async def is_sound(self) -> bool:
        return await examine(self.store, SEED) == []


@pytest.fixture
def hand(seeded: Neo4jStore, driver: Driver) -> Hand:
    return Hand(seeded, driver)


async def test_a_map_that_nobody_touched_has_nothing_to_take_in(hand: Hand) -> None:
    assert await hand.taken_in() == Adoption(SEED)


async def test_a_property_becomes_a_revision_by_cypher(hand: Hand) -> None:
    before = await hand.node("p-50")
    hand.does(N + "SET n.text = 'Oil is what is paid with.', n.tags = ['by hand']", id="p-50")
    assert (await hand.taken_in()).updated == ["p-50"]
    node = await hand.node("p-50")
    assert (node.text, node.tags, node.version) == ("Oil is what is paid with.", ("by hand",), before.version + 1)  # type: ignore[union-attr]
    assert node.updated_by == AUTHOR
    assert hand.asks(N + "RETURN n.caption", id="p-50") == [["Oil is what is paid with."]]
    assert await hand.is_sound()


async def test_a_field_within_a_record_and_one_that_is_taken_away(hand: Hand) -> None:
    [[assertion]] = hand.asks("MATCH (n:Assertion {map: $map}) WHERE n.locator_start > 0 RETURN n.id LIMIT 1")
    hand.does(N + "SET n.locator_prefix = 'By hand' REMOVE n.match", id=assertion)
    await hand.taken_in()
    node = await hand.node(str(assertion))
    assert node.locator.prefix == "By hand"  # type: ignore[union-attr]
    assert node.match is None  # type: ignore[union-attr]
    assert await hand.is_sound()


async def test_a_node_and_its_relationships_made_in_a_browser(hand: Hand) -> None:
    hand.does(
        "MATCH (t:Motive {map: $map, id: 'food'}) "
        "CREATE (s:Statement {map: $map, id: 'by-hand', text: 'Rice went north.', mine: 7}), "
        "(a:Argument {map: $map, stance: 'supporting'}), (s)-[:PREMISE_OF]->(a)-[:TARGETS]->(t), "
        "(s)-[:CONCERNS {role: 'benefit'}]->(t)"
    )
    found = await hand.taken_in()
    assert len(found.created) == 2
    assert found.conflicts == []
    [made] = set(found.created) - {"by-hand"}
    argument = await hand.node(made)
    assert (argument.premises, argument.target) == (("by-hand",), "food")  # type: ignore[union-attr]
    assert [concern.role for concern in (await hand.node("by-hand")).concerns] == ["benefit"]  # type: ignore[union-attr]
    assert hand.asks(N + "RETURN n.mine", id="by-hand") == [[7]], "a property of somebody's own stays"
    assert await hand.is_sound()
    assert await hand.taken_in() == Adoption(SEED), "taken in once"


async def test_a_relationship_that_is_cut_and_one_of_another_role(hand: Hand) -> None:
    hand.does("MATCH (s:Statement {map: $map})-[c:CONCERNS]->() WITH s, c ORDER BY s.id LIMIT 1 SET c.role = 'doubt'")
    [[cut]] = hand.asks("MATCH (s:Statement {map: $map})-[:ABOUT]->() RETURN s.id ORDER BY s.id LIMIT 1")
    hand.does(N + "MATCH (n)-[r:ABOUT]->() DELETE r", id=cut)
    found = await hand.taken_in()
    assert str(cut) in found.updated
    assert (await hand.node(str(cut))).about == ()  # type: ignore[union-attr]
    assert await hand.is_sound()


async def test_a_figure_that_is_changed_keeps_the_digits_of_the_others(hand: Hand) -> None:
    [[assertion, held]] = hand.asks(
        "MATCH (n:Assertion {map: $map})-[:STATES]->(q) WITH n, count(q) AS held WHERE held > 1 "
        "RETURN n.id, held LIMIT 1"
    )
    before = (await hand.node(str(assertion))).quantities  # type: ignore[union-attr]
    hand.does(N + "MATCH (n)-[:STATES]->(q {position: 0}) SET q.note = 'mine', q.vague = 'some'", id=assertion)
    await hand.taken_in()
    after = (await hand.node(str(assertion))).quantities  # type: ignore[union-attr]
    assert len(after) == held
    assert after[0].vague == "some"
    assert after[1:] == before[1:]
    assert await hand.is_sound()


async def test_the_title_of_the_map(hand: Hand) -> None:
    hand.does("MATCH (m:Map {id: $map}) SET m.title = 'Food first'")
    assert (await hand.taken_in()).revision is not None
    assert (await Workspace(hand.store).at(SEED)).header.title == "Food first"
    assert await hand.is_sound()


async def test_what_is_deleted_and_still_named_is_a_conflict_and_nothing_is_written(hand: Hand) -> None:
    hand.does(N + "DETACH DELETE n", id="food")
    revision = (await hand.store.version(SEED) or (0,))[0]
    found = await hand.taken_in()
    assert [conflict.node for conflict in found.conflicts] == ["food"]
    assert "referred to" in found.conflicts[0].detail
    assert found.revision is None
    assert (await hand.store.version(SEED) or (0,))[0] == revision
    taken = await hand.taken_in(cascade=True)
    assert "food" in taken.deleted
    assert await hand.is_sound()


async def test_what_no_rule_allows_is_told_and_the_rest_is_taken_in_if_asked(hand: Hand) -> None:
    hand.does(N + "SET n.stance = 'sideways'", id="a-001" if hand.asks(N + "RETURN 1", id="a-001") else "a-151")
    hand.does(N + "SET n.text = 'It buys fuel.'", id="p-50")
    found = await hand.taken_in()
    assert found.revision is None
    assert len(found.conflicts) == 1
    assert "stance" in found.conflicts[0].detail
    taken = await hand.taken_in(fitting=True)
    assert (taken.updated, len(taken.conflicts)) == (["p-50"], 1)
    assert hand.asks("MATCH (n:Argument {map: $map, stance: 'sideways'}) RETURN count(n)") == [[1]], "it is left alone"


@pytest.mark.every_version
@pytest.mark.parametrize(
    ("deed", "word"),
    [
        (N + "SET n.caption = 'Short'", "`text`"),
        (N + "SET n.version = 99", "`version`"),
        (N + "SET n.doc = '{}'", "`doc`"),
        (N + "REMOVE n:Statement SET n:Actor", "kind"),
        (N + "CREATE (n)-[:TARGETS]->(n)", "TARGETS"),
        (N + "CREATE (n)-[:ABOUT]->(:Person {name: 'x'})", "no node of the map"),
    ],
)
async def test_what_says_nothing_to_the_map_is_told_with_what_to_do(hand: Hand, deed: str, word: str) -> None:
    hand.does(deed, id="p-50")
    found = await hand.taken_in(dry_run=True)
    assert [conflict.node for conflict in found.conflicts] == ["p-50"]
    assert word in found.conflicts[0].detail
    assert "argumap repair" in found.conflicts[0].detail


async def test_a_dry_run_says_it_all_and_writes_nothing(hand: Hand) -> None:
    hand.does(N + "SET n.text = 'It buys fuel.'", id="p-50")
    found = await hand.taken_in(dry_run=True)
    assert (found.updated, found.revision) == (["p-50"], None)
    assert (await hand.node("p-50")).text != "It buys fuel."  # type: ignore[union-attr]
    assert hand.asks(N + "RETURN n.text", id="p-50") == [["It buys fuel."]]


async def test_what_is_foreign_stays_as_it_is(hand: Hand) -> None:
    hand.does(N + "SET n.pagerank = 0.5, n:Interesting CREATE (n)-[:SEEN_BY {on: 1}]->(:Person {name: 'x'})", id="p-50")
    hand.does(N + "SET n.text = 'It buys fuel.'", id="p-50")
    await hand.taken_in()
    seen = N + "MATCH (n)-[r:SEEN_BY]->(p:Person) RETURN n.pagerank, 'Interesting' IN labels(n), r.on, p.name"
    assert hand.asks(seen, id="p-50") == [[0.5, True, 1, "x"]]
    hand.does("MATCH (p:Person {name: 'x'}) DETACH DELETE p")


async def test_what_others_keep_on_a_relationship_stays_when_the_node_that_holds_it_is_changed(
    store: Neo4jStore, driver: Driver
) -> None:
    told = Chronicle()
    spoken = assertion("x", "p", "s", chain=("k", "l"))
    premised = argument("a", ("p", "q"), "r")
    nodes = (actor("k"), actor("l"), source("s"), statement("p"), statement("q"), statement("r"), spoken, premised)
    change = told.next(*nodes)
    await store.commit(told.header, [change])
    driver.execute_query("MATCH (:Node {map: $map})-[r]->(:Node) SET r.weight = 0.5", map=told.id)
    change = told.next(assertion("x", "p", "s", chain=("l", "k")), argument("a", ("q",), "p"))
    await store.commit(told.header, [change])
    asked = "MATCH (:Node {map: $map})-[r]->(n:Node) RETURN type(r) AS type, n.id AS id, r.position, r.weight "
    asked += "ORDER BY type, id, r.position"
    kept = [record.values() for record in driver.execute_query(asked, map=told.id).records]
    assert kept == [
        ["FOUND_IN", "s", None, 0.5],
        ["OF", "p", None, 0.5],
        ["PREMISE_OF", "a", None, 0.5],
        ["SPOKEN_BY", "k", 1, 0.5],
        ["SPOKEN_BY", "l", 0, 0.5],
        ["TARGETS", "p", None, None],
    ]
    assert await examine(store, told.id) == []
    await store.drop(told.id)


def looks_of(hands: HandStore) -> list[str]:
    """The maps that are looked at from now on."""
    looks: list[str] = []
    look = hands.look

    async def noted(expected: Expected) -> HandWork:
        looks.append(expected.header.id)
        return await look(expected)

    hands.look = noted  # type: ignore[method-assign]
    return looks


def revision_there(driver: Driver, map_id: str) -> int:
    [[revision]] = driver.execute_query("MATCH (m:Map {id: $map}) RETURN m.revision", map=map_id).records
    return int(revision)


async def test_a_service_that_is_told_to_takes_in_by_itself_and_tells_a_conflict_once(
    store: Neo4jStore, store_there: Callable[..., Neo4jStore], driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    told, torn = Chronicle(), Chronicle()
    for one in (told, torn):
        change = one.next(statement("p"), statement("q"), argument("a", "q", "p"))
        await store.commit(one.header, [change])
    driver.execute_query("MATCH (n:Node {map: $map, id: 'p'}) SET n.text = 'By hand.'", map=told.id)
    driver.execute_query("MATCH (n:Node {map: $map, id: 'a'}) SET n.stance = 'sideways'", map=torn.id)
    looking = store_there()
    looks = looks_of(looking.hands)
    service = Service(Settings(seed=False, neo4j_adopt=1), looking)
    await service.open()
    await until(lambda: revision_there(driver, told.id) == 2 and torn.id in caplog.text)
    before = len(looks)
    await until(lambda: looks[before:].count(torn.id) >= 2)
    graph = await service.workspace.at(told.id)
    assert (graph.node("p").text, graph.node("p").updated_by) == ("By hand.", AUTHOR)
    await service.close()
    assert [record.getMessage() for record in caplog.records if torn.id in record.getMessage()] == [
        record.getMessage() for record in caplog.records if "sideways" in record.getMessage()
    ]
    assert sum("sideways" in record.getMessage() for record in caplog.records) == 1
    assert (await store.version(torn.id)).revision == 1
    for one in (told, torn):
        await store.drop(one.id)
