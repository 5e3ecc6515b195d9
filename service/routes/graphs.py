"""Nodes and edges for drawing: of the whole view, or of what lies around a node."""

from typing import Annotated, TypeVar

from fastapi import Query, Response
from msgspec import UNSET, UnsetType

from graph.budgets import Timeout
from graph.drawing.node_link import Judged, NodeColumns, graph_document, neighbourhood
from graph.evaluation.evaluation import evaluate
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation_query import EvaluationQuery
from schemas.graph_document import GraphDocument
from schemas.query import GraphQuery, NeighbourhoodQuery
from schemas.vocabulary import Inclusion
from service.http.context import MapView, NodeId
from service.http.responses import READ, SEARCH, Limits, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])
T = TypeVar("T")


def _columns(graph: ArgumentGraph, include: tuple[Inclusion, ...], timeout: Timeout) -> NodeColumns:
    """What the drawing shows of nodes beyond the map itself."""
    verdicts, strengths = {}, {}
    if "verdicts" in include:
        nodes = evaluate(graph, EvaluationQuery(), timeout).nodes
        verdicts = {n.id: Judged(_known(n.verdict), _known(n.standing), _known(n.weight)) for n in nodes}
    if "strengths" in include:
        nodes = evaluate(graph, EvaluationQuery(semantics="quadratic-energy"), timeout).nodes
        strengths = {node.id: node.strength for node in nodes if node.strength is not UNSET}
    return NodeColumns(verdicts, strengths, "positions" in include)


def _known(value: T | UnsetType | None) -> T | None:
    return None if isinstance(value, UnsetType) else value


@router.get(
    "/v1/maps/{map}/graph", response_model=model_of(GraphDocument), responses=reads(), openapi_extra=needs("read")
)
async def read_graph(view: MapView, query: Annotated[GraphQuery, Query()]) -> Response:
    """Nodes and edges for drawing, which networkx reads as they are."""

    def work(limits: Limits) -> GraphDocument:
        columns = _columns(view.graph, query.include, limits.timeout())
        return graph_document(view.graph, query, limits.whole(), whole=view.whole, columns=columns)

    return await respond(view, query, work, SEARCH if query.include else READ)


@router.get(
    "/v1/maps/{map}/nodes/{id}/neighbourhood",
    response_model=model_of(GraphDocument),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_neighbourhood(view: MapView, node_id: NodeId, query: Annotated[NeighbourhoodQuery, Query()]) -> Response:
    """What lies within some links of a node, nearest first."""
    found = view.find(node_id)
    return await respond(view, query, lambda limits: neighbourhood(view.graph, found, query, limits.whole()))
