"""The texts of sources: attach, read with the passages found in them, take away, and what a passage holds."""

from functools import partial
from typing import Annotated, Any

from fastapi import Query, Response

from graph.editing.editor import Provenance
from graph.editing.estimate import cost_of
from graph.editing.planning import Plan, plan
from graph.errors import Refused
from graph.maps.port import SourceText
from graph.passages.reading import read_passage
from graph.passages.sentences import Stretch
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.problem import FieldProblem
from schemas.query import ViewQuery
from schemas.source import Source
from service.http.conditions import check_beside, map_tag, read_tag, require_condition
from service.http.context import VERSION, Context, MapId, MapView, NodeId, View, WriteContext
from service.http.encoding import PLAIN, Encoded, encode, header
from service.http.reading import PLAIN_TEXT, check_media, parse_text, read_body
from service.http.responses import READ, respond, respond_unstored
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, write
from service.models.answers import DeleteResult
from service.models.responses import deletes, reads, writes
from service.models.texts import (
    PassageRead,
    PassageRequest,
    SourceTextList,
    SourceTextQuery,
    SourceTextRead,
    SourceTextResult,
    attached_document,
    reading_document,
    text_document,
)
from service.models.written import nothing_written, written

router = Router(tags=["Texts of sources"])
_ONE = "/v1/maps/{map}/sources/{id}/text"
_BODY = {"requestBody": {"required": True, "content": {PLAIN_TEXT: {"schema": {"type": "string"}}}}}
_LINE = 0.5
"""Estimated microseconds that a character of a text costs a read."""


@router.get("/v1/maps/{map}/texts", response_model=SourceTextList, responses=reads(), openapi_extra=needs("read"))
async def list_source_texts(view: MapView) -> Response:
    """The sources of a view whose texts are attached."""
    held = await view.context.service.workspace.texts.held(view.graph)
    items = [{"source": i, "title": _source(view.graph, i).title, "sha256": held[i]} for i in sorted(held)]
    document = {"map": view.graph.map, "revision": view.graph.revision, "items": items}
    state = repr(sorted(held.items()))
    return await respond(view, None, lambda limits: document, READ.costing(0.0), beside=state)


@router.get(_ONE, response_model=SourceTextRead, responses=reads(media=(PLAIN_TEXT,)), openapi_extra=needs("read"))
async def read_source_text(view: MapView, node_id: NodeId, query: Annotated[SourceTextQuery, Query()]) -> Response:
    """The text of a source with its paragraphs and the passages that assertions point at."""
    graph = view.graph
    source = _source(graph, view.find(node_id, "source"))
    text = await view.context.service.workspace.texts.read(graph, source)
    if query.format == "text":
        plain = READ.costing(0.0).written_as(PLAIN)
        return await respond(view, query, lambda limits: text.text.encode(), plain, beside=text.sha256)
    cost = READ.costing(len(text.text) * _LINE)
    return await respond(view, query, lambda limits: text_document(graph, source.id, text), cost, beside=text.sha256)


@router.put(
    _ONE, response_model=SourceTextResult, responses=writes(404, 409, 412, 428),
    openapi_extra={**_BODY, **needs("write")},
)  # fmt: skip
async def attach_source_text(context: WriteContext, map: MapId, node_id: NodeId) -> Response:
    """Attach the text that the offsets of a source count in; it stays in the store and is part of no export.

    Its SHA-256 must be the source's; a source without one is given it. Where only line ends or a byte order mark
    differ, the text is kept in the form that fits.
    """
    request, texts = context.request, context.service.workspace.texts
    media = header(request.scope, b"content-type")
    check_media(media, (PLAIN_TEXT,), header(request.scope, b"content-encoding"))
    raw = await read_body(request.scope, request.receive, context.service.settings.body_limit)
    sent = parse_text(raw, media)
    graph = await context.service.workspace.at(context.map)
    source = _found(context, graph, node_id)
    await _check(context, graph, source)
    text = await texts.attach(graph, source, sent)
    if source.sha256 is None:
        return await _with_digest(context, source, text)
    body = {**nothing_written(graph), **attached_document(graph, source.id, text)}
    return Encoded(encode(body), tag=_tag(graph, text))


async def _with_digest(context: Context, source: Source, text: SourceText) -> Response:
    command = Command(op="update", kind="source", id=source.id, value={"sha256": text.sha256})

    def planner(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, [command], provenance)

    def told(planned: Plan) -> WriteAnswer:
        graph = planned.graph
        return WriteAnswer(200, _tag(graph, text), {**written(planned), **attached_document(graph, source.id, text)})

    return await write(context, planner, told, partial(cost_of, commands=[command]))


@router.delete(_ONE, response_model=DeleteResult, responses=deletes(412, 428), openapi_extra=needs("write"))
async def remove_source_text(context: WriteContext, map: MapId, node_id: NodeId) -> Response:
    """Take the text of a source away; the map stays as it is."""
    graph = await context.service.workspace.at(context.map)
    source = _found(context, graph, node_id)
    await _check(context, graph, source)
    await context.service.workspace.texts.remove(graph, source)
    return Encoded(encode(nothing_written(graph)), tag=map_tag(graph))


@router.post(
    "/v1/maps/{map}/sources/{id}/passage",
    response_model=PassageRead,
    responses=writes(404, tagged=False),
    openapi_extra=needs("read"),
)
async def suggest_for_passage(view: MapView, node_id: NodeId, body: PassageRequest) -> Response:
    """What a passage of a source's text holds, by rules for English: suggestions, of which nothing is stored."""
    graph = view.graph
    source = _source(graph, view.find(node_id, "source"))
    text = (await view.context.service.workspace.texts.read(graph, source)).text
    if not body.start < body.end <= len(text):
        detail = f"the passage must lie within the {len(text)} characters of the text, its end behind its start"
        raise Refused(detail, [FieldProblem("/end", detail)])

    def read() -> dict[str, Any]:
        try:
            found = read_passage(graph, source, text, Stretch(body.start, body.end))
        except ValueError as error:
            raise Refused(str(error), [FieldProblem("/start", str(error))]) from error
        return reading_document(graph, source.id, text, found)

    return await respond_unstored(view, lambda limits: read())


async def _check(context: Context, graph: ArgumentGraph, source: Source) -> None:
    held = await context.service.workspace.texts.find(graph, source)
    if held is not None:  # of one that is not there yet there is no tag that could be sent
        require_condition(context)
    check_beside(context, None if held is None else _tag(graph, held), f"the text of {source.id!r}")


def _tag(graph: ArgumentGraph, text: SourceText) -> str:
    """The tag of the text as it is read with no parameters."""
    return read_tag(graph, ViewQuery(), SourceTextQuery(), f"{VERSION} {text.sha256}")


def _found(context: Context, graph: ArgumentGraph, node_id: str) -> Source:
    return _source(graph, View(context, ViewQuery(), graph, graph).find(node_id, "source"))


def _source(graph: ArgumentGraph, node_id: str) -> Source:
    node = graph.node(node_id)
    if not isinstance(node, Source):
        raise TypeError(f"{node_id!r} is no source")
    return node
