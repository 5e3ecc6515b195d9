"""What lists, labels and the catching up with a log cost, counted at n and 4n."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from graph.errors import Refused
from graph.maps.replay import forward
from graph.snapshot.argument_graph import ArgumentGraph
from graph.stores.neo4j_writing import Batch
from schemas.query import ViewQuery
from schemas.vocabulary import Kind
from service.app import create_app
from service.auth.guard import Rates
from service.http.responses import labels_in
from service.http.routing import check_lists, look_through
from service.models.filters import LIST_QUERIES
from service.reference.openapi import for_clients, say_what_fields_are
from service.routes.nodes import ids_of_page
from service.settings import Settings
from tests.growth.work import CONSTANT, LINEAR, LINEARITHMIC, LOGARITHMIC, grows, promises
from tests.support.asgi import ask, started
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


@promises("service.routes.nodes.ids_of_page")
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


@promises("service.routes.nodes.ids_of_page")
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


@promises("service.auth.guard.Rates")
def test_a_request_is_counted_at_one_price_however_many_ask() -> None:
    def taken(n: int) -> Question:
        rates = Rates(1_000.0, 1_000.0)
        for i in range(n):
            rates.take(f"who{i:06}")
        return lambda: [rates.take(who) for who in ("who000003", "another", "another")]

    grows(taken, CONSTANT)
    grows(taken, CONSTANT, n=5_000)  # at four times as many the longest silent is forgotten


@promises("service.http.routing.look_through")
def test_what_is_looked_through_before_it_is_parsed_costs_its_bytes() -> None:
    def operations(n: int) -> Question:
        body = b'{"operations": [' + b",".join([b'{"op": "create", "value": {"tags": ["a,]", "b"]}}'] * n) + b"]}"
        return lambda: look_through(body, 32, 10_000)

    def too_long(n: int) -> Question:
        body = b'{"tags": [' + b",".join([b'"a"'] * n) + b"]}"

        def check() -> None:
            with suppress(Refused):
                look_through(body, 32, 1)

        return check

    grows(operations, LINEAR)
    grows(too_long, CONSTANT, n=1_001)


@promises("service.http.routing.check_lists")
def test_the_lists_of_a_body_cost_its_values() -> None:
    def operation(i: int) -> dict[str, Any]:
        return {"op": "create", "value": {"text": f"what {i} says", "tags": ["a", "b"], "concerns": [{"motive": "m"}]}}

    def operations(n: int) -> Question:
        body = {"operations": [operation(i) for i in range(n)]}
        return lambda: check_lists(body, 10_000)

    def lists(n: int) -> Question:
        body: dict[str, Any] = {f"list{i}": [[], {}, i] for i in range(n)}
        return lambda: check_lists(body, 10_000)

    def too_long(n: int) -> Question:
        body: dict[str, Any] = {"tags": [operation(i) for i in range(n)]}

        def check() -> None:
            with suppress(Refused):
                check_lists(body, 10_000)

        return check

    grows(operations, LINEAR)
    grows(lists, LINEAR)
    grows(too_long, CONSTANT, n=1_001)


def fields(n: int) -> dict[str, Any]:
    """The schema of an object with n fields, every second of which needs no words of its own."""
    return {f"field{i}" if i % 2 else "title": {"type": "string", "title": f"Field {i}"} for i in range(n)}


@promises("service.reference.openapi.say_what_fields_are")
def test_describing_fields_costs_the_fields() -> None:
    def of_many(n: int) -> Question:
        schemas = {f"Model{i}": {"type": "object", "properties": fields(5)} for i in range(n)}
        return lambda: say_what_fields_are(schemas)

    def of_one(n: int) -> Question:
        schemas = {"Model": {"type": "object", "properties": fields(n)}}
        return lambda: say_what_fields_are(schemas)

    grows(of_many, LINEAR)
    grows(of_one, LINEAR)


@promises("service.reference.openapi.for_clients")
def test_the_document_for_clients_costs_the_document() -> None:
    def operation(i: int) -> dict[str, Any]:
        schema = {"anyOf": [{"$ref": f"#/components/schemas/Model{i}"}, {"type": "null"}]}
        parameters = [
            {"name": "map", "in": "path", "schema": {"type": "string", "title": "Map"}},
            {"name": f"of{i}", "in": "query", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        ]
        answers = {"200": {"content": {"application/json": {"schema": schema}}}}
        return {"get": {"operationId": f"get{i}", "parameters": parameters, "responses": answers}}

    def of(n: int) -> Question:
        schemas = {f"Model{i}": {"type": "object", "properties": fields(5)} for i in range(n)}
        document = {"paths": {f"/of/{i}": operation(i) for i in range(n)}, "components": {"schemas": schemas}}
        return lambda: for_clients(document)

    grows(of, LINEARITHMIC, n=50)


KEPT = 130
"""Calls, of ours, of the framework and of C, that a kept answer takes in all at the most; the figure may only fall."""


async def test_a_kept_answer_takes_few_calls() -> None:
    """What every request passes is work that adds up: a context manager a look, a table built anew for each answer."""
    async with started(create_app(Settings(store="sqlite::memory:", seed=False))) as app:
        assert (await ask(app, "POST", "/v1/maps", body={"id": "m", "title": "A map"})).status == 201
        assert (await ask(app, "POST", "/v1/maps/m/statements", body={"id": "s", "text": "x" * 2000})).status == 201
        asked = "/v1/maps/m/graph"
        first, again = await ask(app, "GET", asked), await ask(app, "GET", asked)
        assert (first.status, first.body) == (200, again.body)
        with _counted_calls() as calls:
            await app(_scope(asked), _nothing, _taken)
    assert calls() <= KEPT


def _scope(path: str) -> dict[str, Any]:
    return {
        "type": "http", "http_version": "1.1", "scheme": "http", "method": "GET", "path": path,
        "raw_path": path.encode(), "root_path": "", "query_string": b"", "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"localhost"), (b"accept", b"*/*")],
    }  # fmt: skip


async def _nothing() -> Any:
    raise AssertionError("a read has no body")


async def _taken(message: Any) -> None:
    del message


@contextmanager
def _counted_calls() -> Iterator[Callable[[], int]]:
    made = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield lambda: made
    finally:
        sys.setprofile(before)
