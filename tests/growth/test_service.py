"""What lists, labels and the catching up with a log cost, counted at n and 4n."""

from __future__ import annotations

from collections.abc import Callable

from graph.maps.replay import forward
from graph.snapshot.argument_graph import ArgumentGraph
from graph.stores.neo4j_writing import Batch
from schemas.query import ViewQuery
from schemas.vocabulary import Kind
from service.http.responses import labels_in
from service.models.filters import LIST_QUERIES
from service.models.lists import ids_of_page
from tests.growth.work import CONSTANT, LINEAR, LINEARITHMIC, LOGARITHMIC, grows, promises
from tests.support.chronicle import Chronicle
from tests.support.headers import graph_of
from tests.support.nodes import argument, statement

Question = Callable[[], object]
VIEW = ViewQuery()


def statements(n: int, *, edited: int = 0) -> ArgumentGraph:
    """A map of n statements, some of them edited since it was loaded, whose kinds are told apart already."""
    graph = graph_of([statement(f"p{i:06}", f"what {i} says of it") for i in range(n)])
    if edited:
        later = [statement(f"p{i * n // edited:06}", "what is said now") for i in range(edited)]
        graph = graph.derive(graph.header, [(node.id, node) for node in later])
    next(graph.numbers("statement"))
    return graph


def page(graph: ArgumentGraph, kind: Kind = "statement", **asked: object) -> Question:
    query = LIST_QUERIES[kind].model_validate(asked)
    return lambda: ids_of_page(graph, kind, VIEW, query)


@promises("service.models.lists.ids_of_page")
def test_a_page_in_the_order_of_ids_costs_the_page() -> None:
    def first(n: int) -> Question:
        return page(statements(n), limit=20)

    def middle(n: int) -> Question:
        graph = statements(n)
        before = page(graph, limit=n // 2)()
        return page(graph, limit=20, cursor=before.next)  # type: ignore[attr-defined]

    def edited(n: int) -> Question:
        graph = statements(1000, edited=n // 2)
        before = page(graph, limit=500)()
        return page(graph, limit=20, cursor=before.next)  # type: ignore[attr-defined]

    def long(n: int) -> Question:
        return page(statements(1000), limit=n)

    grows(first, LOGARITHMIC)
    grows(middle, LOGARITHMIC)
    grows(edited, LOGARITHMIC)
    grows(long, LINEAR)


@promises("service.models.lists.ids_of_page")
def test_a_page_in_another_order_or_with_filters_costs_the_nodes_of_the_kind() -> None:
    def sorted_(n: int) -> Question:
        return page(statements(n), sort="-updated_at", limit=20)

    def filtered(n: int) -> Question:
        return page(statements(n), q="says", limit=20)

    def another_kind(n: int) -> Question:
        graph = graph_of([statement(f"p{i:06}") for i in range(n)], argument("a", "p000001", "p000000"))
        next(graph.numbers("argument"))
        return page(graph, "argument", sort="-updated_at")

    grows(sorted_, LINEARITHMIC)
    grows(filtered, LINEARITHMIC)
    grows(another_kind, CONSTANT)


@promises("service.http.responses.labels_in")
def test_labels_cost_the_answer() -> None:
    def of_an_answer(n: int) -> Question:
        graph = statements(1000)
        answer = {"items": [{"nodes": [f"p{i:06}", f"p{i % 10:06}"], "n": i} for i in range(n)]}
        return lambda: labels_in(answer, graph)

    def in_a_map(n: int) -> Question:
        graph = statements(n)
        return lambda: labels_in({"items": [{"id": f"p{i:06}"} for i in range(20)]}, graph)

    grows(of_an_answer, LINEARITHMIC)
    grows(in_a_map, CONSTANT)


@promises("graph.maps.replay.forward")
def test_catching_up_costs_the_edits() -> None:
    def edits(n: int) -> Question:
        told = Chronicle("m")
        graph = graph_of([statement(f"p{i:06}") for i in range(1000)])
        change = told.next(*(statement(f"q{i:06}") for i in range(n)))
        return lambda: forward(graph, [change])

    def small_in_a_map(n: int) -> Question:
        told = Chronicle("m")
        graph = graph_of([statement(f"p{i:06}") for i in range(n)])
        change = told.next(*(statement(f"q{i:06}") for i in range(20)))
        return lambda: forward(graph, [change])

    grows(edits, LINEARITHMIC)
    grows(small_in_a_map, LOGARITHMIC)


@promises("graph.stores.neo4j_writing.Batch.of")
def test_the_rows_of_a_change_cost_its_edits() -> None:
    def rows(n: int) -> Question:
        told = Chronicle("m")
        points = [statement(f"p{i:06}") for i in range(n)]
        change = told.next(*points, *(argument(f"a{i:06}", f"p{i:06}", "p000000") for i in range(1, n)))
        again = told.next(*(statement(f"p{i:06}", "anew") for i in range(n)))
        return lambda: Batch.of(told.header, [change, again])

    grows(rows, LINEAR, n=80)
