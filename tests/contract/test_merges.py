"""A merge on every store: what another process loads, and the map as it was before."""

from __future__ import annotations

import pytest

from graph.editing.merging import merge
from graph.errors import Merged
from graph.maps.commit_queue import WriteRequest
from graph.maps.port import Store
from graph.maps.workspace import Workspace
from schemas.map import MapCreate
from tests.support.chronicle import fresh_id
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.write_requests import create, delete, write_request


async def test_another_process_finds_the_one_under_both_ids(store: Store, another: Store) -> None:
    here, there, map_id = Workspace(store), Workspace(another), fresh_id()
    made = [
        actor("k"), actor("k-2"), source("s", author=("k", "k-2")), statement("p", "One."), statement("q", "Two."),
        argument("a", "p", "q"), assertion("x", "p", "s", chain=("k-2", "k")),
    ]  # fmt: skip
    await here.create(MapCreate(id=map_id, title="Twins"), write_request(*map(create, made)))
    before = {node.id: node.dense() for node in (await here.at(map_id)).nodes()}
    wanted = WriteRequest(lambda graph, by: merge(graph, "k", "k-2", {}, by).plan, "bob", lambda planned: b"{}")
    await here.write(map_id, wanted)
    seen = await there.at(map_id)
    assert seen.merged_into("k-2") == "k"
    assert [link.other("x") for link in seen.links_from("x") if link.relation == "spoken_by"] == ["k"]
    assert [link.other("s") for link in seen.links_from("s")] == ["k"]
    then = await there.at(map_id, "1")
    assert {node.id: node.dense() for node in then.nodes()} == before
    with pytest.raises(Merged) as told:
        await there.write(map_id, write_request(delete("actor", "k-2")))
    assert (told.value.node_id, told.value.into) == ("k-2", "k")
