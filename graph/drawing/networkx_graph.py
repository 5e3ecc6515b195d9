"""A snapshot as a networkx graph, for notebooks, for the formats that networkx writes, and for whole-graph measures."""

from collections.abc import Collection

import msgspec
import networkx as nx

from graph.budgets import EDGES_A_STEP, WHOLE_MAP, Allowance, StepBudget
from graph.drawing.node_link import edges_of
from graph.snapshot.argument_graph import ArgumentGraph, attack_of, basis_of
from graph.snapshot.relations import KIND_CODE
from schemas.node import Argument, label
from schemas.vocabulary import KINDS, Kind, Relation


def to_networkx(
    graph: ArgumentGraph,
    *,
    kinds: Collection[Kind] = KINDS,
    relations: Collection[Relation] = (),
    budget: StepBudget = WHOLE_MAP,
) -> "nx.MultiDiGraph[str]":
    """The nodes of these kinds and the links among them, of these relations if any are given, in the order of ids.

    A node has all fields of its document, its `label` (what to print), and, of an argument, `basis` and `attack`. An
    edge has its relation and what else is known of it, and an `id`; its key keeps parallel edges apart. The graph
    has what is known of the map. `networkx.node_link_data(…, edges="edges")` writes node-link JSON of it.
    O(nodes + links). Raises `Cancelled` where the budget says so.
    """
    codes = {KIND_CODE[kind] for kind in kinds}
    spend = Allowance(WHOLE_MAP.until(budget.cancelled)).spend
    header = graph.header
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        map=graph.map, revision=graph.revision, title=header.title, question=header.question
    )
    numbers = [number for number in graph.numbers() if graph.kind(number) in codes]
    for number in numbers:
        node = graph.at(number)
        derived = {}
        if isinstance(node, Argument):
            derived = {"basis": basis_of(graph, node.id), "attack": attack_of(graph, node)}
        found.add_node(node.id, **{**node.document(), "label": label(node), **derived})
        spend(1)
    for number in numbers:
        edges = [edge for edge in edges_of(graph, number, relations) if edge.source in found and edge.target in found]
        for edge in edges:
            known = msgspec.to_builtins(edge)
            found.add_edge(known.pop("source"), known.pop("target"), known.pop("key"), **known)
        spend(1 + len(edges) // EDGES_A_STEP)
    return found
