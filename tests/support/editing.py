"""A small map with every kind of reference, and what commands do to it, for the tests of editing."""

from __future__ import annotations

import pytest

from graph.editing.editor import Provenance
from graph.editing.planning import Plan, plan
from graph.errors import GraphError
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, motive, source, statement

LATER = "2026-02-02T00:00:00.000000Z"
PROVENANCE = Provenance("bob", LATER)


def small_map() -> ArgumentGraph:
    return graph_of(
        actor("k"), actor("k-2", affiliations=("k",)), motive("m", "k"), source("s"), source("s-2"),
        statement("p", concerns=({"motive": "m", "role": "driver"},)), statement("q"),
        argument("a", "p", "q"), argument("b", "q", "a", "opposing"),
        assertion("x", "p", "s", chain=("k-2", "k"), cited_source="s-2"), assertion("y", "a", "s", basis="explicit"),
    )  # fmt: skip


def done(graph: ArgumentGraph, *commands: Command) -> Plan:
    return plan(graph, commands, PROVENANCE)


def refusal(graph: ArgumentGraph, *commands: Command) -> GraphError:
    with pytest.raises(GraphError) as caught:
        plan(graph, commands, PROVENANCE)
    return caught.value


def problems(error: GraphError) -> list[tuple[str, str]]:
    return [(p.pointer, p.detail) for p in error.problems]
