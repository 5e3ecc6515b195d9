"""A page of a list: the nodes that a question keeps, in a total order, from behind a cursor."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode
from schemas.vocabulary import CONFIDENCE_RANK, Kind
from service.cursors import Place, decoded, encoded
from service.documents import node_document
from service.filters import ListQuery, test_of
from service.wire import tags
from service.wire.answer import encode


class Page(NamedTuple):
    """A part of a list of ids."""

    ids: list[str]
    total: int
    next: str | None


def node_page(graph: ArgumentGraph, kind: Kind, query: ListQuery) -> bytes:
    """The page of a kind's list as JSON."""
    page = ids_of_page(graph, kind, query)
    items = [node_document(graph, node_id) for node_id in page.ids]
    return encode({"items": items, "total": page.total, "next": page.next})


def ids_of_page(graph: ArgumentGraph, kind: Kind, query: ListQuery) -> Page:
    """The ids on a page; O(page) without filters in the order of ids, else O(nodes of the kind)."""
    asked = _question(kind, query)
    behind = decoded(query.cursor, asked)
    if query.sort == "id" and test_of(kind, query) is None:
        after = behind[1] if behind is not None else None
        ids = [graph.id(n) for n in islice(graph.numbers(kind, after=after), query.limit + 1)]
        more = len(ids) > query.limit
        shown = ids[: query.limit]
        return Page(shown, graph.counts[kind], encoded(((0, ""), shown[-1]), asked) if more else None)
    places = _sorted(list(_places(graph, kind, query)), query.sort)
    return _page(places, query, behind, asked)


def _page(places: Sequence[Place], query: ListQuery, behind: Place | None, asked: str) -> Page:
    rest = places if behind is None else [p for p in places if _is_behind(p, behind, query.sort)]
    shown = rest[: query.limit]
    more = len(rest) > query.limit
    return Page([i for _, i in shown], len(places), encoded(shown[-1], asked) if more else None)


def _places(graph: ArgumentGraph, kind: Kind, query: ListQuery) -> Iterator[Place]:
    passes = test_of(kind, query)
    name = query.sort.removeprefix("-")
    for number in graph.numbers(kind):
        node = graph.at(number)
        if passes is None or passes(node):
            yield _comparable(name, node), node.id


def _comparable(name: str, node: AnyNode) -> tuple[int, Any]:
    value = getattr(node, name)
    if name == "confidence":
        value = CONFIDENCE_RANK[value]
    return (0, "") if value is None else (1, value)


def _sorted(places: list[Place], sort: str) -> Sequence[Place]:
    # Stable both ways, and ids come in order: equal values stay in the order of their ids.
    return sorted(places, key=lambda p: p[0], reverse=sort.startswith("-"))


def _is_behind(place: Place, other: Place, sort: str) -> bool:
    if place[0] == other[0]:
        return place[1] > other[1]
    return (place[0] < other[0]) if sort.startswith("-") else (place[0] > other[0])


def _question(kind: Kind, query: ListQuery) -> str:
    """A digest of what is asked, so that a cursor is not used with another question."""
    asked = query.model_dump_json(exclude={"cursor", "limit", "as_of"}, exclude_defaults=True)
    return tags.digest(kind, asked)
