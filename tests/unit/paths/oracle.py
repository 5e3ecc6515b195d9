"""Paths by brute force: every simple path of the plain node graph, measured as the domain says."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import networkx as nx

from schemas.node import Argument, Motive, Statement
from schemas.query import PathsQuery
from tests.unit.paths.maps import Nodes, first_of, last_of

Way = tuple[str, ...]
_PASSED_ON = {"high": Fraction(1), "medium": Fraction(3, 4), "low": Fraction(1, 2)}


def node_graph(nodes: Nodes) -> nx.MultiDiGraph[str]:
    """Premise to argument, argument to target."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(nodes)
    for node in nodes.values():
        if isinstance(node, Argument):
            graph.add_edges_from((premise, node.id) for premise in node.premises)
            graph.add_edge(node.id, node.target)
    return graph


def unfiltered(nodes: Nodes, query: PathsQuery) -> set[Way]:
    """Every simple path from a start to an end."""
    graph = node_graph(nodes)
    starts, ends = query.from_ or first_of(nodes), query.to or last_of(nodes)
    return {
        tuple(path)
        for start in starts
        for end in ends
        if start != end
        for path in nx.all_simple_paths(graph, start, end)
    }


def expected(nodes: Nodes, query: PathsQuery) -> list[Way]:
    """The paths that a query asks for, in order, without its limit and longest length."""

    def fits(path: Way) -> bool:
        return (
            (query.polarity is None or polarity(nodes, path) == query.polarity)
            and set(query.via) <= set(path)
            and set(query.avoid).isdisjoint(path)
        )

    def rank(path: Way) -> tuple[Fraction, int, Way]:
        by_strength = -strength(nodes, path) if query.order == "strength" else Fraction(0)
        return by_strength, len(steps(nodes, path)), path

    return sorted(filter(fits, unfiltered(nodes, query)), key=rank)


def steps(nodes: Nodes, path: Iterable[str]) -> list[tuple[str, str, str, str]]:
    """From, argument, to and stance of each step."""
    way, found = tuple(path), []
    for i, node_id in enumerate(way):
        node = nodes[node_id]
        if not isinstance(node, Argument):
            continue
        is_attacked = i > 0 and isinstance(nodes[way[i - 1]], Argument)
        origin = node_id if is_attacked or i == 0 else way[i - 1]
        if i + 1 < len(way):
            found.append((origin, node_id, way[i + 1], node.stance))
        elif i > 0 and not is_attacked:
            found.append((origin, node_id, node_id, "supporting"))
    return found


def polarity(nodes: Nodes, path: Way) -> str:
    """By the parity of the opposing steps."""
    return "opposing" if sum(step[3] == "opposing" for step in steps(nodes, path)) % 2 else "supporting"


def strength(nodes: Nodes, path: Way) -> Fraction:
    """What is left of the start's credence, exactly."""
    first = nodes[path[0]]
    left = Fraction(1) if isinstance(first, Argument) else credence(nodes, path[0])
    for origin, argument, _, _ in steps(nodes, path):
        node = nodes[argument]
        assert isinstance(node, Argument)
        others = [credence(nodes, premise) for premise in node.premises if premise != origin]
        left = min([left, *others]) * credence(nodes, argument) * _PASSED_ON[node.confidence or "medium"]
    return left


def credence(nodes: Nodes, node_id: str) -> Fraction:
    """The credence of a node as it is written."""
    node = nodes[node_id]
    assert isinstance(node, Statement | Motive | Argument)
    return Fraction(str(node.credence))
