"""Whatever somebody does to a store by hand: it is told by the name of the node, never served, and can be repaired."""

from __future__ import annotations

import pytest

from graph.errors import MapDamaged, NotFound
from graph.maps.doctor import examine, repair_map
from graph.maps.port import Store
from graph.maps.workspace import Workspace
from tests.support.chronicle import Chronicle, loaded
from tests.support.nodes import actor, argument, motive, statement
from tests.support.stores import Place
from tests.support.vandal import CYPHER_DEEDS, DEEDS, Deed, vandal


async def _told(store: Store) -> Chronicle:
    told = Chronicle()
    told.next(
        actor("k"), motive("m", "k"), statement("o"), statement("q", "It buys oil"),
        statement("p", concerns=({"motive": "m", "role": "driver"},)),
        argument("a", ("p", "o"), "q"),
    )  # fmt: skip
    told.next(statement("z", "It ends here"))
    told.next(gone=["z"])
    await store.commit(told.header, told.changes)
    return told


async def test_a_sound_map_has_nothing_to_tell(store: Store) -> None:
    told = await _told(store)
    assert await examine(store, told.id) == []
    assert await repair_map(store, told.id) == []


async def test_what_is_not_there_cannot_be_examined(store: Store) -> None:
    for work in (examine, repair_map):
        with pytest.raises(NotFound):
            await work(store, "no-such-map")


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
async def test_what_is_changed_by_hand_is_told_and_repaired(place: Place, store: Store, deed: Deed) -> None:
    told = await _told(store)
    vandal(place)(deed, told.id, "p")
    found = await examine(store, told.id)
    assert found
    assert {finding.map for finding in found} == {told.id}
    await _is_told_or_right(store, told, readable=deed[2])
    assert await repair_map(store, told.id) == found
    assert await examine(store, told.id) == []
    assert (await loaded(store, told.id) or ())[1:] == told.rows[1:]
    assert (await Workspace(store).at(told.id)).node("p") == told.nodes["p"]
    assert [c.id for c in (await store.search("shells", [told.id], [])).nodes] == ["o", "p"]


async def _is_told_or_right(store: Store, told: Chronicle, *, readable: bool) -> None:
    if readable:
        assert (await Workspace(store).at(told.id)).document("p") == told.nodes["p"].dense()
        return
    with pytest.raises(MapDamaged) as caught:
        await Workspace(store).at(told.id)
    for word in (told.id, "argumap repair"):
        assert word in caught.value.detail
    assert "'p'" in caught.value.detail or "'by-hand'" in caught.value.detail


@pytest.mark.every_version
@pytest.mark.parametrize("text", CYPHER_DEEDS.values(), ids=CYPHER_DEEDS)
async def test_a_graph_that_is_changed_by_hand_is_told_and_repaired(place: Place, store: Store, text: str) -> None:
    if place.url.startswith("sqlite:"):
        text = DEEDS["the width of its texts is changed"][0]
    told = await _told(store)
    vandal(place)((text, text, True), told.id, "p")
    found = await examine(store, told.id)
    assert found
    assert {finding.node for finding in found} <= {"p", "a", "q"}
    await _is_told_or_right(store, told, readable=True)
    assert await repair_map(store, told.id) == found
    assert await examine(store, told.id) == []
    assert (await loaded(store, told.id) or ())[1:] == told.rows[1:]


@pytest.mark.parametrize("revision", [1, 2, 3])
async def test_a_history_with_a_gap_is_told_and_not_followed(place: Place, store: Store, revision: int) -> None:
    told = await _told(store)
    text = f"map = (SELECT key FROM maps WHERE id = :map) AND revision = {revision} AND :id = :id"
    deed = (
        f"DELETE FROM log WHERE {text}",
        f"MATCH (c:Change {{map: $map, revision: {revision}}}) WHERE $id = $id DETACH DELETE c",
        True,
    )
    vandal(place)(deed, told.id, "p")
    assert (await examine(store, told.id))[0].part == "history"
    assert (await Workspace(store).at(told.id)).document("p") == told.nodes["p"].dense()
    with pytest.raises(MapDamaged):
        await repair_map(store, told.id)
    assert (await Workspace(store).at(told.id)).document("p") == told.nodes["p"].dense()


async def test_other_maps_are_read_beside_a_damaged_one(place: Place, store: Store) -> None:
    told, other = await _told(store), await _told(store)
    vandal(place)(DEEDS["a document is taken away"], told.id, "p")
    assert (await Workspace(store).at(other.id)).document("p") == other.nodes["p"].dense()
    assert {told.id, other.id} <= set(await store.map_ids())
    assert await repair_map(store, told.id)
