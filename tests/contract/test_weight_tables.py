"""What grades count for in a map is one of its own fields, on every store: kept, and carried by its document."""

from __future__ import annotations

from graph.evaluation.weights import table_of, weight_of
from graph.interchange.json_document import dump, read_document
from graph.maps.port import Store
from graph.maps.workspace import Workspace
from schemas.map import MapCreate
from schemas.query import ViewQuery
from schemas.weights import DEFAULT_WEIGHTS, WeightTable
from tests.support.chronicle import fresh_id
from tests.support.write_requests import create_statement, write_request


async def test_a_table_of_weights_is_kept_and_read_again(store: Store, another: Store) -> None:
    map_id, table = fresh_id(), WeightTable.read(b'{"confidence":{"low":0.125},"author":0.25}')
    made = MapCreate(id=map_id, title="M", weights=table)
    await Workspace(store).create(made, write_request(create_statement("p")))
    graph = await Workspace(another).view(map_id, ViewQuery())
    assert table_of(graph) == table
    assert table_of(graph).confidence.high == DEFAULT_WEIGHTS.confidence.high, "what is left out is as everywhere"
    assert weight_of(graph, graph.number("p"))[0] == 0.25
    assert read_document(dump(graph)).draft.weights == table


async def test_a_map_without_one_has_that_of_all(store: Store, another: Store) -> None:
    map_id = fresh_id()
    await Workspace(store).create(MapCreate(id=map_id, title="M"), write_request(create_statement("p")))
    graph = await Workspace(another).view(map_id, ViewQuery())
    assert (graph.header.weights, table_of(graph)) == (None, DEFAULT_WEIGHTS)
    assert b"weights" not in dump(graph)
