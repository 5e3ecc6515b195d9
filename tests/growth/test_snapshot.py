"""What snapshots, their relations and their views cost, counted at n and 4n."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import arrays_of, entries_of, facts_of, flags, kinds_of, link_counts, part_of
from graph.snapshot.columns import Columns, PatchDraft
from graph.snapshot.relations import KIND_CODE, Relations, places
from graph.snapshot.view import narrow
from schemas.node import AnyNode
from schemas.query import ViewQuery
from tests.growth.work import CONSTANT, LINEAR, LINEARITHMIC, LOGARITHMIC, grows, promises
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, argument, assertion, motive, source, statement

Question = Callable[[], object]
Prepare = Callable[[int], Question]


def _nodes(n: int) -> list[AnyNode]:
    """Statements in a chain of arguments, some undercut, all of them asserted by few speakers in few sources."""
    nodes: list[AnyNode] = [actor("k0"), actor("k1"), source("s0", publisher="k0"), source("s1"), motive("m", "k0")]
    for i in range(n):
        concerns = ({"motive": "m", "role": "driver"},) if i % 3 == 0 else ()
        nodes.append(statement(f"p{i:06}", concerns=concerns))
        target = f"a{i - 2:06}" if i % 5 == 4 else f"p{max(0, i - 1):06}"
        stance = "opposing" if i % 5 == 4 or i == 0 else "supporting"
        nodes.append(argument(f"a{i:06}", f"p{i:06}", target, stance))
        of = f"a{i:06}" if i % 2 else f"p{i:06}"
        nodes.append(assertion(f"x{i:06}", of, f"s{i % 2}", chain=("k0", f"k{i % 2}")))
    return nodes


def _hub(n: int) -> list[AnyNode]:
    """One statement that everything is about, and one source and one actor that everything comes from."""
    nodes: list[AnyNode] = [actor("k0"), source("s0"), statement("hub")]
    for i in range(n):
        nodes.append(statement(f"p{i:06}"))
        nodes.append(argument(f"a{i:06}", f"p{i:06}", "hub"))
        nodes.append(assertion(f"x{i:06}", "hub", "s0", chain=("k0",)))
    return nodes


def _undercuts(n: int) -> list[AnyNode]:
    """A row of arguments each of which undercuts the one before."""
    nodes: list[AnyNode] = [statement("p"), statement("q"), argument("a000000", "p", "q", "opposing")]
    nodes += [argument(f"a{i:06}", "p", f"a{i - 1:06}", "opposing") for i in range(1, n)]
    return nodes


def _graph(n: int, shape: Callable[[int], list[AnyNode]] = _nodes) -> ArgumentGraph:
    return graph_of(shape(n))


def _edited(n: int, edits: int = 1) -> ArgumentGraph:
    graph = _graph(n)
    changes = [(f"z{i:06}", assertion(f"z{i:06}", f"p{i:06}", "s0", chain=("k1",))) for i in range(edits)]
    return graph.derive(header(2), changes)


# --- columns ---------------------------------------------------------------------------------------


def _columns(n: int) -> tuple[list[str], bytes, list[bytes]]:
    ordered = sorted(_nodes(n), key=lambda node: node.id)
    kinds = bytes(KIND_CODE[node.kind] for node in ordered)
    return [node.id for node in ordered], kinds, [node.dense() for node in ordered]


@promises("graph.snapshot.columns.Columns", "graph.snapshot.relations.Relations", "graph.snapshot.relations.Adjacency")
def test_columns_are_built_by_a_few_passes_over_nodes_and_links() -> None:
    def prepare(n: int) -> Question:
        columns = _columns(n)
        return lambda: Columns.read(*columns)

    grows(prepare, LINEAR)


@promises("graph.snapshot.relations.Relations", "graph.snapshot.relations.SparseAdjacency")
def test_an_index_of_entries_that_are_known_costs_their_number() -> None:
    def prepare(n: int) -> Question:
        graph = _graph(n, _hub)
        entries = {"of": entries_of(graph, "of"), "spoken_by": entries_of(graph, "spoken_by")}
        return lambda: Relations(graph.size, entries, facts_of(graph))

    grows(prepare, LINEAR)


@promises("graph.snapshot.columns.Columns.counts")
def test_counting_the_nodes_of_columns_is_one_pass() -> None:
    def prepare(n: int) -> Question:
        columns = _graph(n).columns
        return lambda: columns.counts

    grows(prepare, LINEAR)


@promises("graph.snapshot.relations.places")
def test_many_ids_are_looked_up_in_two_sorted_passes() -> None:
    def prepare(n: int) -> Question:
        ids = [f"n{i:07}" for i in range(n)]
        return lambda: places(ids, ids[::-1])

    grows(prepare, LINEARITHMIC)


# --- relations -------------------------------------------------------------------------------------


@promises("graph.snapshot.argument_graph.ArgumentGraph.references")
@pytest.mark.parametrize("graph_of_size", [_graph, _edited])
def test_what_a_node_names_does_not_cost_the_map(graph_of_size: Callable[[int], ArgumentGraph]) -> None:
    def prepare(n: int) -> Question:
        graph = graph_of_size(n)
        number = graph.number("x000003")
        return lambda: [graph.references(relation, number) for relation in ("of", "found_in", "spoken_by")]

    grows(prepare, CONSTANT)


@promises("graph.snapshot.argument_graph.ArgumentGraph.references")
def test_what_a_node_names_costs_its_names() -> None:
    def prepare(n: int) -> Question:
        graph = graph_of(
            [statement(f"p{i}") for i in range(n)], argument("a", tuple(f"p{i}" for i in range(n)), "p0", "opposing")
        )
        number = graph.number("a")
        return lambda: list(graph.references("premise_of", number))

    grows(prepare, LINEAR, n=2000)


@promises("graph.snapshot.relations.SparseAdjacency", "graph.snapshot.argument_graph.ArgumentGraph.referrers")
def test_who_names_a_node_does_not_cost_the_map() -> None:
    def prepare(n: int) -> Question:
        graph = _edited(n)
        number = graph.number("p000000")
        return lambda: [graph.referrers(relation, number) for relation in ("of", "premise_of", "targets")]

    grows(prepare, CONSTANT)


@promises("graph.snapshot.argument_graph.ArgumentGraph.referrers")
def test_who_names_a_hub_costs_their_number() -> None:
    def prepare(n: int) -> Question:
        graph = _graph(n, _hub).derive(header(2), [("x000000", None), ("z", assertion("z", "hub", "s0"))])
        number = graph.number("hub")
        return lambda: list(graph.referrers("of", number))

    grows(prepare, LINEAR)


@promises("graph.snapshot.argument_graph.ArgumentGraph.links_to")
def test_the_links_to_a_node_cost_the_nodes_that_hold_them() -> None:
    def hub(n: int) -> Question:
        graph = _graph(n, _hub)
        return lambda: graph.links_to("hub")

    def other(n: int) -> Question:
        graph = _graph(n)
        return lambda: graph.links_to("p000004")

    grows(hub, LINEARITHMIC)
    grows(other, CONSTANT)


# --- edits -----------------------------------------------------------------------------------------


@promises("graph.snapshot.argument_graph.ArgumentGraph.derive", "graph.snapshot.columns.PatchDraft.put")
def test_an_edit_does_not_cost_the_map() -> None:
    def prepare(n: int) -> Question:
        graph = _graph(n)
        edits = [("new", argument("new", "p000000", "p000001")), ("x000000", None)]
        return lambda: graph.derive(header(2), edits)

    grows(prepare, LOGARITHMIC)


@promises("graph.snapshot.argument_graph.ArgumentGraph.derive", "graph.snapshot.columns.PatchDraft.put")
def test_an_edit_costs_the_nodes_in_it() -> None:
    def prepare(n: int) -> Question:
        graph = graph_of([statement(f"p{i:06}") for i in range(n)])
        edits = [(f"p{i:06}", statement(f"p{i:06}", "changed")) for i in range(n)]
        return lambda: graph.derive(header(2), edits)

    grows(prepare, LINEARITHMIC, n=1600)


@promises("graph.snapshot.columns.PatchDraft.put")
def test_one_more_that_names_a_hub_does_not_cost_those_that_do_already() -> None:
    def prepare(n: int) -> Question:
        graph = graph_of(statement("hub"), source("s0"))
        graph = graph.derive(header(2), [(f"x{i}", assertion(f"x{i}", "hub", "s0")) for i in range(n)])
        draft = PatchDraft(graph.columns, graph.patch)
        node = assertion("one-more", "hub", "s0")
        return lambda: draft.put("one-more", node)

    grows(prepare, LOGARITHMIC)


@promises(
    "graph.snapshot.columns.Patch.incoming",
    "graph.snapshot.columns.Patch.outgoing",
    "graph.snapshot.columns.Patch.renamed",
)
def test_what_is_named_anew_costs_the_patch() -> None:
    def prepare(n: int) -> Question:
        edits = [(f"new{i}", argument(f"new{i}", f"p{i:06}", "p000000", "opposing")) for i in range(n)]
        patch = _graph(n).derive(header(2), edits).patch
        return lambda: (patch.incoming, patch.outgoing)

    grows(prepare, LINEAR)


# --- arrays ----------------------------------------------------------------------------------------


@promises(
    "graph.snapshot.arrays.entries_of", "graph.snapshot.arrays.facts_of", "graph.snapshot.arrays.flags",
    "graph.snapshot.arrays.kinds_of",
)  # fmt: skip
def test_a_snapshot_as_arrays_costs_a_few_passes() -> None:
    def prepare(n: int) -> Question:
        graph = _edited(n, n // 4)
        return lambda: (entries_of(graph, "of"), facts_of(graph), kinds_of(graph), flags(graph, [1]))

    grows(prepare, LINEAR)


@promises("graph.snapshot.arrays.link_counts")
def test_links_are_counted_once_for_the_columns_and_then_for_the_patch() -> None:
    def once(n: int) -> Question:
        graph = _graph(n)
        return lambda: link_counts(graph)

    def after_an_edit(n: int) -> Question:
        graph = _edited(n)
        link_counts(graph)
        return lambda: link_counts(graph)

    def after_edits(n: int) -> Question:
        graph = _edited(n, n)
        link_counts(graph)
        return lambda: link_counts(graph)

    grows(once, LINEAR)
    grows(after_an_edit, LOGARITHMIC)
    grows(after_edits, LINEARITHMIC)


@promises("graph.snapshot.arrays.part_of")
def test_a_part_costs_what_is_kept_and_passes_over_arrays() -> None:
    def most(n: int) -> Question:
        graph = _edited(n, 3)
        keep = np.arange(graph.size)
        return lambda: part_of(graph, keep)

    grows(most, LINEAR)


@promises("graph.snapshot.arrays.arrays_of", "graph.snapshot.arrays.Arrays.compact")
@pytest.mark.parametrize("graph_of_size", [_graph, _edited])
def test_the_arrays_of_the_steps_cost_nodes_and_links(graph_of_size: Callable[[int], ArgumentGraph]) -> None:
    def prepare(n: int) -> Question:
        graph = graph_of_size(n)
        return lambda: arrays_of(graph).compact(graph.size)

    grows(prepare, LINEAR)


# --- views -----------------------------------------------------------------------------------------

QUERIES = [
    ViewQuery(sources=("s0",)), ViewQuery(actors=("k1",)), ViewQuery(motives=("m",)), ViewQuery(basis="explicit"),
    ViewQuery(min_confidence="high"), ViewQuery(without=("s1", "p000003")),
]  # fmt: skip


@promises("graph.snapshot.view.narrow")
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: next(iter(query.model_fields_set)))
@pytest.mark.parametrize("shape", [_nodes, _hub])
def test_narrowing_is_linear_in_the_map(query: ViewQuery, shape: Callable[[int], list[AnyNode]]) -> None:
    def prepare(n: int) -> Question:
        graph = _graph(n, shape)
        return lambda: narrow(graph, query)

    grows(prepare, LINEAR)


@promises("graph.snapshot.view.narrow")
def test_a_row_of_undercuts_falls_in_a_logarithm_of_passes() -> None:
    def prepare(n: int) -> Question:
        graph = _graph(n, _undercuts)
        return lambda: narrow(graph, ViewQuery(without=("q",)))

    grows(prepare, LINEARITHMIC)
