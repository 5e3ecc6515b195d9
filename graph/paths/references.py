"""Who refers to a node otherwise than by a step, looked up kind by kind, so that no kind is read in vain."""

from collections import Counter
from collections.abc import Iterable

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import KIND_CODE, Columns
from graph.snapshot.links import Link, links_of

_ARGUMENT = KIND_CODE["argument"]


class _Table:
    """The links that the nodes of one kind state, by the id that they refer to; those that dangle are left out."""

    def __init__(self, columns: Columns, code: int) -> None:
        self.to: dict[str, list[Link]] = {}
        self.counts: Counter[int] = Counter()
        """How many of them refer to each kind."""
        for number in columns.of_kind(code):
            if columns.may_refer(number):
                for link in links_of(columns.node(number)):
                    self._add(columns, link, link.other(columns.ids[number]))

    def _add(self, columns: Columns, link: Link, other: str) -> None:
        at = columns.index.get(other)
        if at is not None:
            self.to.setdefault(other, []).append(link)
            self.counts[columns.kinds[at]] += 1


def referring(graph: ArgumentGraph, number: int, kinds: Iterable[int]) -> list[Link]:
    """The links, not of steps, by which nodes of these kinds refer to a node, in a total order."""
    node_id = graph.id(number)
    codes = set(kinds) - {_ARGUMENT}
    lost = graph.patch.lost.get(node_id, frozenset())
    held = [link for code in codes for link in _table(graph.columns, code).to.get(node_id, ()) if link not in lost]
    gained = graph.patch.gained.get(node_id, ())
    held += [link for link in gained if _kind(graph, link.other(node_id)) in codes]
    held.sort(key=lambda link: (link.relation, link.source, link.target, link.pointer))
    return held


def count_links(graph: ArgumentGraph, kinds: Iterable[int]) -> int:
    """How many links, not of steps, there are among the nodes of these kinds; O(patch) after a first look."""
    codes = set(kinds)
    count = sum(_table(graph.columns, code).counts[other] for code in codes - {_ARGUMENT} for other in codes)
    return count + _among(graph, graph.patch.gained.items(), codes) - _among(graph, graph.patch.lost.items(), codes)


def _among(graph: ArgumentGraph, changed: Iterable[tuple[str, frozenset[Link]]], codes: set[int]) -> int:
    return sum(
        _kind(graph, node_id) in codes and _kind(graph, link.other(node_id)) in codes
        for node_id, links in changed
        for link in links
    )


def _kind(graph: ArgumentGraph, node_id: str) -> int | None:
    """The kind of a node, of one that was deleted too."""
    number = graph.columns.index.get(node_id)
    if number is not None:
        return graph.kind(number)
    number = graph.find(node_id)
    return None if number is None else graph.kind(number)


def _table(columns: Columns, code: int) -> _Table:
    key = f"references of {code}"
    found = columns.memo.get(key)
    if not isinstance(found, _Table):
        found = columns.memo[key] = _Table(columns, code)
    return found
