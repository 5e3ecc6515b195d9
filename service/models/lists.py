"""A page of a list: the nodes that a question keeps, in a total order, from behind a cursor."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from graph.paging import decode_cursor, encode_cursor, question_of
from graph.search.collation import collation_key
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode
from schemas.query import ViewQuery
from schemas.vocabulary import Kind, rank_of
from service.models.documents import node_document
from service.models.filters import ListQuery, test_of

_NODE, _BYTE = 15.0, 0.05
"""Estimated microseconds that a node and a byte of its document cost a list."""


class ListPlace(NamedTuple):
    """Where a node stands in a list."""

    value: tuple[int, Any]
    """What the list is sorted by, which a cursor carries: nothing behind something."""
    id: str

    @property
    def key(self) -> tuple[int, Any]:
        """The value made comparable: texts as people sort them."""
        there, value = self.value
        return there, collation_key(value) if isinstance(value, str) else value


class IdPage(NamedTuple):
    """A part of a list of ids."""

    ids: list[str]
    total: int
    next: str | None


def node_page(graph: ArgumentGraph, kind: Kind, view: ViewQuery, query: ListQuery) -> dict[str, Any]:
    """The page of a kind's list."""
    page = ids_of_page(graph, kind, view, query)
    items = [node_document(graph, node_id) for node_id in page.ids]
    return {"items": items, "total": page.total, "next": page.next}


def cost_of_page(graph: ArgumentGraph, kind: Kind, query: ListQuery) -> float:
    """Estimated microseconds: of a page in the order of ids its items, else every node of the kind."""
    plain = query.sort == "id" and test_of(kind, query, graph) is None
    each = graph.columns.weight / max(1, len(graph.columns)) * _BYTE + _NODE
    return each * (min(query.limit, graph.counts[kind]) if plain else graph.counts[kind] + query.limit)


def ids_of_page(graph: ArgumentGraph, kind: Kind, view: ViewQuery, query: ListQuery) -> IdPage:
    """The ids on a page; O(page) without filters in the order of ids, else O(nodes of the kind)."""
    asked = question_of(graph.map, view, query, kind)
    behind = None if query.cursor is None else decode_cursor(query.cursor, asked, ListPlace)
    if query.sort == "id" and test_of(kind, query, graph) is None:
        after = behind.id if behind is not None else None
        ids = [graph.id(n) for n in islice(graph.numbers(kind, after=after), query.limit + 1)]
        more = len(ids) > query.limit
        shown = ids[: query.limit]
        return IdPage(shown, graph.counts[kind], encode_cursor(asked, ListPlace((0, ""), shown[-1])) if more else None)
    places = _sorted(_places(graph, kind, query), query.sort)
    return _page(places, query, behind, asked)


def _page(places: Sequence[ListPlace], query: ListQuery, behind: ListPlace | None, asked: str) -> IdPage:
    rest = places if behind is None else [p for p in places if _is_behind(p, behind, query.sort)]
    shown = rest[: query.limit]
    more = len(rest) > query.limit
    return IdPage([place.id for place in shown], len(places), encode_cursor(asked, shown[-1]) if more else None)


def _places(graph: ArgumentGraph, kind: Kind, query: ListQuery) -> Iterator[ListPlace]:
    passes = test_of(kind, query, graph)
    name = query.sort.removeprefix("-")
    for number in graph.numbers(kind):
        node = graph.at(number)
        if passes is None or passes(node):
            yield ListPlace(_comparable(name, node), node.id)


def _comparable(name: str, node: AnyNode) -> tuple[int, Any]:
    value = getattr(node, name)
    if name == "confidence":
        value = rank_of(value)
    return (0, "") if value is None else (1, value)


def _sorted(places: Iterable[ListPlace], sort: str) -> Sequence[ListPlace]:
    # Stable both ways, and ids come in order: equal values stay in the order of their ids.
    return sorted(places, key=lambda p: p.key, reverse=sort.startswith("-"))


def _is_behind(place: ListPlace, other: ListPlace, sort: str) -> bool:
    if place.value == other.value:
        return place.id > other.id
    return (place.key < other.key) if sort.startswith("-") else (place.key > other.key)
