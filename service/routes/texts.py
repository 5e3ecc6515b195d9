"""The texts of sources: attach, read with the passages found in them, take away, and what a passage holds."""

import re
from functools import partial
from typing import Annotated, Any

import fastapi
from fastapi import Response
from pydantic import Field

from graph.editing.editor import Provenance
from graph.editing.estimate import cost_of
from graph.editing.planning import Plan, plan
from graph.errors import Refused, TooLarge
from graph.maps.port import SourceText
from graph.passages.placing import Placed, passages_in, stretches_of
from graph.passages.reading import PassageReading, read_passage
from graph.passages.sentences import Stretch
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import Id, Record
from schemas.change import Command
from schemas.node import Quantity, Source, with_numbers
from schemas.problem import FieldProblem
from schemas.query import Query, ViewQuery
from schemas.vocabulary import Modality, PassageFit, SpeakerCue, Stance, TextFormat
from service.http.context import VERSION, Context, MapId, MapView, NodeId, View, WriteContext
from service.http.encoding import PLAIN, Encoded, encode, header
from service.http.errors import unreadable
from service.http.responses import READ, check_beside, map_tag, read_tag, require_condition, respond, respond_unstored
from service.http.routing import PLAIN_TEXT, Router, check_media, needs, read_body
from service.http.writing import WriteAnswer, likeness_items, nothing_written, write, written
from service.models.answers import Answered, DeleteResult, SimilarNode, Written
from service.models.responses import deletes, reads, writes


class SourceTextQuery(Query):
    """How a text is given."""

    format: TextFormat = "json"
    """`json` with paragraphs and passages, or `text`: the text alone."""


class PassageRequest(Record):
    """A passage of a source's text, in Unicode code points."""

    start: int = Field(ge=0)
    """First character."""
    end: int = Field(ge=1)
    """One past the last character."""


class Passage(Answered):
    """A part of a text, in Unicode code points."""

    start: int
    """First character."""
    end: int
    """One past the last character."""


class Quoted(Passage):
    """A part of a text with its words."""

    text: str
    """The words."""


class SourceParagraph(Passage):
    """A line of a text that says something."""

    number: int | None
    """As locators count paragraphs: the body from 1, what stands before it 0, headings and credits behind it none."""


class SourcePassage(Answered):
    """An assertion where the text has it."""

    assertion: Id
    """The assertion."""
    of: Id
    """The statement or argument that is asserted."""
    fit: PassageFit
    """`exact`: where its offsets say; `found`: elsewhere, by its quote or the words around it; `paragraph`: the whole
    paragraph, since no more is known; `lost`: nowhere in this text."""
    start: int | None
    """First character; null where it is lost."""
    end: int | None
    """One past the last character."""
    paragraph: int | None
    """As locators count them; null where it crosses paragraphs."""
    stance: Stance | None
    """Of an argument its own; of a statement that of all its arguments, null where they differ or it has none."""


class SourceTextRead(Answered):
    """The text of a source with the passages that the view finds in it."""

    map: Id
    """The map."""
    revision: int
    """Revision whose passages these are."""
    source: Id
    """The source."""
    sha256: str
    """Digest of the text's UTF-8 bytes."""
    characters: int
    """Its length in Unicode code points."""
    text: str
    """The text."""
    paragraphs: list[SourceParagraph]
    """Its lines without empty ones, in order."""
    passages: list[SourcePassage]
    """In the order of the text, lost ones last."""


class SourceTextItem(Answered):
    """A source with a text."""

    source: Id
    """The source."""
    title: str
    """What it is called."""
    sha256: str
    """Digest of the text."""


class SourceTextList(Answered):
    """The sources of a view whose texts are attached."""

    map: Id
    """The map."""
    revision: int
    """Revision that was asked."""
    items: list[SourceTextItem]
    """In the order of ids."""


class SourceTextResult(Written):
    """What attaching a text did; the source changes only where it had no `sha256` yet."""

    source: Id
    """The source."""
    sha256: str
    """Digest of the text."""
    characters: int
    """Its length in Unicode code points."""
    passages: int
    """Assertions of the source that point at a place in the text."""
    lost: list[Id]
    """Assertions that point at a place that the text does not have."""


class SpeakerRead(Quoted):
    """Somebody who may be the one that says it."""

    actor: Id | None
    """The actor of the map; null where none is called so."""
    how: SpeakerCue
    """`said`: a verb of saying stands beside the name; `according_to`: the text says so; `pronoun`: the last one named
    before it; `before`: another sentence of the quotation names them."""


class MentionRead(Quoted):
    """An actor that the sentence names."""

    actor: Id
    """The actor."""


class FigureRead(Quoted):
    """A figure with the words that it was read from."""

    quantity: Quantity
    """As an assertion holds it."""


class PassageRead(Quoted):
    """What rules for English find in a passage: suggestions, of which nothing is stored."""

    map: Id
    """The map."""
    revision: int
    """Revision that was asked."""
    source: Id
    """The source."""
    paragraph: int | None
    """As locators count them; null where the passage crosses paragraphs or lies in a heading."""
    sentence: Quoted
    """The sentences that the passage is part of."""
    chain: list[Id]
    """The chain of an assertion for the likeliest speaker: the publisher, then the speaker."""
    speakers: list[SpeakerRead]
    """Who may say it, the likeliest first; empty where the source speaks in its own voice."""
    mentions: list[MentionRead]
    """Actors named in the sentence."""
    modality: Modality
    """How firmly it is put."""
    hedges: list[Quoted]
    """The words that soften it."""
    quantities: list[FigureRead]
    """The figures in it."""
    similar: list[SimilarNode]
    """Statements of the map about the same, the likest first."""
    marked: list[Id]
    """Assertions whose passages share words with it, in the order of the text."""


def text_document(graph: ArgumentGraph, source: str, text: SourceText) -> dict[str, Any]:
    """A text with its paragraphs and passages."""
    paragraphs = [{"number": number, **part._asdict()} for number, part in stretches_of(text.text)]
    passages = [_passage(one) for one in passages_in(graph, source, text.text)]
    about = {"map": graph.map, "revision": graph.revision, "source": source, "sha256": text.sha256}
    return {
        **about,
        "characters": len(text.text),
        "text": text.text,
        "paragraphs": paragraphs,
        "passages": passages,
    }


def attached_document(graph: ArgumentGraph, source: str, text: SourceText) -> dict[str, Any]:
    """What attaching a text came to, beside what it wrote."""
    passages = passages_in(graph, source, text.text)
    return {
        "source": source,
        "sha256": text.sha256,
        "characters": len(text.text),
        "passages": sum(one.place is not None for one in passages),
        "lost": [one.assertion for one in passages if one.place is None],
    }


def reading_document(graph: ArgumentGraph, source: str, text: str, read: PassageReading) -> dict[str, Any]:
    """What a passage holds."""
    placed = passages_in(graph, source, text)
    marked = [o.assertion for o in placed if o.place is not None and o.place.overlaps(read.passage)]
    return {
        "map": graph.map,
        "revision": graph.revision,
        "source": source,
        "paragraph": read.paragraph,
        **_quoted(text, read.passage),
        "sentence": _quoted(text, read.sentence),
        "chain": read.chain,
        "speakers": [{**_quoted(text, Stretch(o.start, o.end)), "actor": o.actor, "how": o.how} for o in read.speakers],
        "mentions": [{**_quoted(text, Stretch(o.start, o.end)), "actor": o.actor} for o in read.mentions],
        "modality": read.hedging.modality,
        "hedges": [_quoted(text, hedge) for hedge in read.hedging.hedges],
        "quantities": [
            {**_quoted(text, Stretch(o.start, o.end)), "quantity": _figures(o.quantity)} for o in read.amounts
        ],
        "similar": likeness_items(read.similar),
        "marked": marked,
    }


def _figures(quantity: Quantity) -> dict[str, Any]:
    [figures] = with_numbers({"quantities": [quantity.document()]})["quantities"]
    return {name: value for name, value in figures.items() if value is not None and (value or name != "approximate")}


def _quoted(text: str, part: Stretch) -> dict[str, Any]:
    return {**part._asdict(), "text": text[part.start : part.end]}


def _passage(one: Placed) -> dict[str, Any]:
    start, end = one.place or (None, None)
    return {
        "assertion": one.assertion,
        "of": one.of,
        "fit": one.fit,
        "start": start,
        "end": end,
        "paragraph": one.paragraph,
        "stance": one.stance,
    }


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
async def read_source_text(
    view: MapView, node_id: NodeId, query: Annotated[SourceTextQuery, fastapi.Query()]
) -> Response:
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
    sent = _text_of(raw, media)
    graph = await context.service.workspace.at(context.map)
    source = _found(context, graph, node_id)
    await _check(context, graph, source)
    before = await texts.find(graph, source) if source.sha256 is None else None
    text = await texts.attach(graph, source, sent)
    if source.sha256 is None:
        try:
            return await _with_digest(context, source, text)
        except TooLarge:  # both, or neither
            await texts.put_back(graph, source, before)
            raise
    body = {**nothing_written(graph), **attached_document(graph, source.id, text)}
    return Encoded(encode(body), tag=_tag(graph, text))


def _text_of(body: bytes, media: str | None) -> str:
    """A plain text, which is UTF-8; raises `Unreadable` where it is not, or is said to be something else."""
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", media or "", re.IGNORECASE)
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise unreadable(f"is said to be {charset[1]}; send it as UTF-8", "not_utf8")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise unreadable(f"is not UTF-8 at byte {error.start}; save the text as UTF-8", "not_utf8") from error


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
