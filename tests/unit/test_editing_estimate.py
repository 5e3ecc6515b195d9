"""Estimates tell heavy commands from light ones before they are worked out."""

from __future__ import annotations

import pytest

from graph.editing.estimate import ENOUGH, cost_of
from graph.editing.planning import plan
from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.editing import PROVENANCE
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.write_requests import create_statement, delete, update

ON_THE_LOOP = 2_000.0
"""Microseconds up to which the service does work at once."""


@pytest.fixture(scope="module")
def hub() -> ArgumentGraph:
    """One statement, source and actor that thousands of nodes refer to."""
    n = 3_000
    return graph_of(
        actor("k"), source("s"), statement("hub"), statement("leaf"), actor("group"),
        [actor(f"k{i}", affiliations=("group",)) for i in range(n)],
        [assertion(f"x{i}", "hub", "s", chain=("k",)) for i in range(n)],
    )  # fmt: skip


def test_a_small_write_is_light(hub: ArgumentGraph) -> None:
    assert cost_of(hub, [create_statement("p")]) < ON_THE_LOOP
    assert cost_of(hub, [update("statement", "hub", text="new")]) < ON_THE_LOOP
    assert cost_of(hub, [delete("statement", "leaf", cascade=True)]) < ON_THE_LOOP
    assert cost_of(hub, [delete("statement", "gone")]) < ON_THE_LOOP
    assert cost_of(hub, []) == 0


@pytest.mark.parametrize(
    ("kind", "node_id"), [("statement", "hub"), ("source", "s"), ("actor", "k"), ("actor", "group")]
)
def test_a_cascade_from_a_hub_is_heavy(hub: ArgumentGraph, kind: str, node_id: str) -> None:
    assert cost_of(hub, [delete(kind, node_id, cascade=True)]) > 50 * ON_THE_LOOP


def test_a_delete_that_will_be_refused_is_as_heavy_as_finding_out_who_refers_to_it(hub: ArgumentGraph) -> None:
    assert ON_THE_LOOP < cost_of(hub, [delete("statement", "hub")]) < 10 * ON_THE_LOOP


def test_many_commands_and_many_bytes_are_heavy(hub: ArgumentGraph) -> None:
    assert cost_of(hub, [create_statement(f"p{i}") for i in range(100)]) > ON_THE_LOOP
    assert cost_of(hub, [update("statement", "hub", tags=["x" * 200] * 5_000)]) > ON_THE_LOOP


def test_the_first_values_stand_for_the_rest(hub: ArgumentGraph) -> None:
    wide = update("statement", "hub", tags=["x"] * 900, **{f"a{i}": i for i in range(900)})
    few, many = (cost_of(hub, [wide] * n) for n in (5, 50))
    assert many == pytest.approx(10 * few)


def test_premises_by_the_thousand_are_heavy() -> None:
    graph = graph_of(
        [statement(f"p{i}") for i in range(1_000)],
        argument("a", tuple(f"p{i}" for i in range(1_000)), "p0", "opposing"),
    )
    assert cost_of(graph, [update("argument", "a", premises=[f"p{i}" for i in range(1_000)])]) > ON_THE_LOOP


def test_an_estimate_ends_where_enough_is_in_sight() -> None:
    graph = graph_of(statement("hub"), [statement(f"p{i}") for i in range(20_000)],
                     [argument(f"a{i}", f"p{i}", "hub") for i in range(20_000)])  # fmt: skip
    one, many = (cost_of(graph, [delete("statement", "hub", cascade=True)] * times) for times in (1, 1_000))
    assert one >= ENOUGH
    assert many < 2 * one


def test_an_estimate_is_of_the_order_of_the_work(hub: ArgumentGraph) -> None:
    """Counted in nodes: what is told to fall is what falls."""
    planned = plan(hub, [delete("actor", "k", cascade=True)], PROVENANCE)
    assert len(planned.edits) == 3_001
    assert cost_of(hub, [delete("actor", "k", cascade=True)]) >= 100 * len(planned.edits)
