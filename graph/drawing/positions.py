"""Positions for drawing: nodes in layers along the direction of reasoning, few crossings, the same every time.

The framework is that of Sugiyama, Tagawa and Toda (1981, doi:10.1109/TSMC.1981.4308636): break the circles, put each
node on a layer, order the layers so that few links cross, then give coordinates. Nothing is random and ties go by
id, so that equal drawings have equal positions and a small edit moves little.
"""

from collections.abc import Callable, Iterable
from statistics import fmean
from typing import NamedTuple

import networkx as nx
import numpy as np
from scipy.optimize import isotonic_regression

from graph.budgets import EDGES_A_STEP, WHOLE_MAP, Allowance, StepBudget

_SWEEPS = 8
"""Times that every layer is ordered by those beside it, up and down in turn; more change little."""


class Position(NamedTuple):
    """A place in the plane."""

    x: float
    """Along the layer; two nodes of a layer are at least 1 apart."""
    y: float
    """The layer, 0 for what is used no further."""


def layered_positions(
    ids: Iterable[str], links: Iterable[tuple[str, str]], budget: StepBudget = WHOLE_MAP
) -> dict[str, Position]:
    """A position for each id. A link leads to a layer of a smaller number, except where it closes a circle.

    O((ids + links) log ids). `budget` says who may cancel.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(ids))
    graph.add_edges_from(link for link in links if link[0] != link[1])
    spend = Allowance(WHOLE_MAP.until(budget.cancelled)).spend
    layers = _layers(graph)
    x = _along(graph, layers, spend)
    return {node: Position(x[node], float(y)) for y, layer in enumerate(layers) for node in layer}


def _layers(graph: "nx.DiGraph[str]") -> list[list[str]]:
    """The nodes by the longest way on from each, without the links that close a circle."""
    inner: dict[str, int] = {}
    """Within a circle: links to the nearest node that leads out of it."""
    circle: dict[str, int] = {}
    for number, members in enumerate(nx.strongly_connected_components(graph)):
        circle.update(dict.fromkeys(members, number))
        if len(members) > 1:
            exits = [n for n in sorted(members) if not members.issuperset(graph.successors(n))] or [min(members)]
            for distance, layer in enumerate(nx.bfs_layers(graph.subgraph(members).reverse(copy=False), exits)):
                inner.update(dict.fromkeys(layer, distance))
    acyclic: nx.DiGraph[str] = nx.DiGraph()
    acyclic.add_nodes_from(graph)
    acyclic.add_edges_from(
        (end, start) for start, end in graph.edges if circle[start] != circle[end] or inner[start] > inner[end]
    )
    return [sorted(layer) for layer in nx.topological_generations(acyclic)]


def _along(graph: "nx.DiGraph[str]", layers: list[list[str]], spend: Callable[[int], None]) -> dict[str, float]:
    """Where each node stands on its layer: by its neighbours on the layers before, then on those behind, and again."""
    level = {node: y for y, layer in enumerate(layers) for node in layer}
    near = {node: {*graph.predecessors(node), *graph.successors(node)} for node in graph}
    below = {node: sorted(n for n in others if level[n] < level[node]) for node, others in near.items()}
    above = {node: sorted(n for n in others if level[n] > level[node]) for node, others in near.items()}
    x = {node: float(place) for layer in layers for place, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        beside, order = (below, layers) if sweep % 2 == 0 else (above, layers[::-1])
        for layer in order:
            spend(len(layer) + sum(len(beside[node]) for node in layer) // EDGES_A_STEP)
            wanted = {node: fmean([x[n] for n in beside[node]] or [x[node]]) for node in layer}
            layer.sort(key=lambda node, wanted=wanted: (wanted[node], x[node], node))  # type: ignore[misc]
            x.update(zip(layer, _apart([wanted[node] for node in layer]), strict=True))
    first = min(x.values(), default=0.0)
    return {node: round(place - first, 3) for node, place in x.items()}


def _apart(wanted: list[float]) -> list[float]:
    """The places nearest to those wanted, in the same order, that are at least 1 apart (by least squares)."""
    steps = np.arange(len(wanted))
    found: list[float] = (isotonic_regression(np.asarray(wanted) - steps).x + steps).tolist()
    return found
