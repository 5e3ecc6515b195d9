"""What a handler is given: the request, read and checked, with the service behind it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel
from starlette.types import Receive, Scope

from graph.errors import NotFound
from graph.maps.port import MapVersion
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import ID_PATTERN
from schemas.change import JsonObject
from schemas.query import ViewQuery
from schemas.vocabulary import Kind
from service.context import VERSION, Service
from service.wire import tags
from service.wire.answer import JSON, Answer
from service.wire.headers import header

_ID = re.compile(ID_PATTERN)
Q = TypeVar("Q", bound=BaseModel)
V = TypeVar("V", bound=ViewQuery)


class NoQuery(BaseModel):
    """The query of an address that takes none."""


@dataclass
class Ask(Generic[Q]):
    """One request."""

    service: Service
    scope: Scope
    path: dict[str, str]
    """Parts of the address by name."""
    query: Q
    body: bytes = b""
    document: JsonObject = field(default_factory=dict)
    """The body, where it is JSON."""
    receive: Receive | None = None
    """What tells, once the body is read, that the client has gone away."""

    @property
    def map(self) -> str:
        """The map that the address names; raises `NotFound` for what can be no id."""
        name = self.path["map"]
        if not _ID.fullmatch(name):
            raise NotFound(f"there is no map {name[:200]!r}", code="map_not_found")
        return name

    @property
    def by(self) -> str:
        """Who asks; without keys everyone is the same."""
        return "local"

    def header(self, name: bytes) -> str | None:
        """A header by its lower-case name; several lines of it count as one list."""
        return header(self.scope, name)

    def fresh(self, tag: str) -> bool:
        """Whether the client has what the tag names."""
        return tags.is_fresh(self.header(b"if-none-match"), tag)

    def keep(self, graph: ArgumentGraph, tag: str, answer: Answer) -> Answer:
        """Keep an answer about the newest revision of a map for the next time it is asked for."""
        if isinstance(self.query, ViewQuery) and self.query.as_of is not None:
            return answer  # it may be about an older revision, by which it could not be told to be valid
        head = MapVersion(graph.revision, graph.header.created_at)
        key = (self.scope["path"], self.scope["query_string"])
        self.service.answers.put(key, graph.map, head, tag, answer)
        return answer


async def view(ask: Ask[V]) -> ArgumentGraph:
    """The map as the query sees it."""
    return await ask.service.workspace.view(ask.map, ask.query)


async def whole(ask: Ask[V]) -> ArgumentGraph:
    """The map at the same revision without the view's filters."""
    return await ask.service.workspace.at(ask.map, ask.query.as_of)


async def reply(
    ask: Ask[V],
    graph: ArgumentGraph,
    work: Callable[[], bytes],
    *,
    media: bytes = JSON,
    tag: str | None = None,
) -> Answer:
    """Answer a question about a view with what `work` makes of it, unless the client has that already."""
    tag = tag or tags.of_read(graph, ask.query, VERSION)
    condition = ask.header(b"if-none-match")
    if condition is not None and condition.strip() != "*" and ask.fresh(tag):
        return Answer.unchanged(tag)
    body = await ask.service.think(graph.size, work)
    answer = Answer(body, tag=tag, media=media)
    ask.keep(graph, tag, answer)
    return Answer.unchanged(tag) if ask.fresh(tag) else answer


def present(ask: Ask[V], graph: ArgumentGraph, kind: Kind | None = None) -> str:
    """The id that the address names, of this kind if given; raises `NotFound` where the view has none."""
    node_id = ask.path["id"]
    number = graph.find(node_id)
    if number is None or (kind is not None and graph.at(number).kind != kind):
        what = kind or "node"
        where = f" in this view of revision {graph.revision}" if ask.query.narrows else ""
        hint = f"; {node_id!r} is of kind {graph.at(number).kind}" if number is not None else ""
        raise NotFound(f"map {graph.map!r} has no {what} {node_id[:200]!r}{where}{hint}", code="node_not_found")
    return node_id
