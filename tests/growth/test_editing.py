"""What commands cost, counted at n and 4n: in what they touch, never in the map around it."""

from __future__ import annotations

from collections.abc import Callable

from graph.editing.cascade import falling_with
from graph.editing.editor import faults
from graph.editing.estimate import cost_of
from graph.editing.planning import plan
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from tests.growth.work import CONSTANT, LINEAR, LINEARITHMIC, LOGARITHMIC, grows, promises
from tests.support.editing import PROVENANCE
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.write_requests import create_statement, delete

Question = Callable[[], object]


def _around(n: int) -> ArgumentGraph:
    """A hub that n arguments bear on, with an assertion of each; and an actor that belongs to a group."""
    return graph_of(
        source("s0"), statement("hub"), actor("group"), [actor(f"k{i:06}", affiliations=("group",)) for i in range(n)],
        [statement(f"p{i:06}") for i in range(n)], [argument(f"a{i:06}", f"p{i:06}", "hub") for i in range(n)],
        [assertion(f"x{i:06}", f"a{i:06}", "s0") for i in range(n)],
    )  # fmt: skip


@promises("graph.editing.cascade.falling_with")
def test_what_falls_with_a_node_costs_what_falls() -> None:
    def hub(n: int) -> Question:
        graph = _around(n)
        return lambda: falling_with(graph, "hub")

    def leaf(n: int) -> Question:
        graph = _around(n)
        return lambda: falling_with(graph, "p000000")

    def enough(n: int) -> Question:
        ends = ["p", *(f"q{i:06}" for i in range(n))]
        row = [argument(f"a{i:06}", ends[i + 1], ends[i]) for i in range(n)]
        graph = graph_of([statement(end) for end in ends], row)
        return lambda: falling_with(graph, "p", most=50)

    grows(hub, LINEAR)
    grows(leaf, LOGARITHMIC)
    grows(enough, LOGARITHMIC)


@promises("graph.editing.planning.plan", "graph.editing.cascade.falling_with")
def test_a_cascade_costs_what_it_takes_along() -> None:
    def hub(n: int) -> Question:
        graph = _around(n)
        return lambda: plan(graph, [delete("statement", "hub", cascade=True)], PROVENANCE)

    def loosened(n: int) -> Question:
        graph = _around(n)
        return lambda: plan(graph, [delete("actor", "group", cascade=True)], PROVENANCE)

    grows(hub, LINEARITHMIC, n=60)
    grows(loosened, LINEARITHMIC, n=60)


@promises("graph.editing.planning.plan", "graph.editing.editor.faults")
def test_a_plan_does_not_cost_the_map() -> None:
    def prepare(n: int) -> Question:
        graph = _around(n)
        value: dict[str, object] = {"premises": ["new"], "target": "hub", "stance": "supporting"}
        step = Command(op="create", kind="argument", id="step", value=value)
        gone = delete("argument", "a000001", cascade=True)
        return lambda: plan(graph, [create_statement("new"), step, gone], PROVENANCE)

    grows(prepare, LOGARITHMIC)


@promises("graph.editing.planning.plan")
def test_a_plan_costs_its_commands() -> None:
    def prepare(n: int) -> Question:
        graph = graph_of(statement("hub"))
        commands: list[Command] = []
        for i in range(n):
            value: dict[str, object] = {"premises": [f"p{i}"], "target": "hub", "stance": "supporting"}
            commands += [create_statement(f"p{i}"), Command(op="create", kind="argument", id=f"a{i}", value=value)]
        return lambda: plan(graph, commands, PROVENANCE)

    grows(prepare, LINEARITHMIC, n=80)


@promises("graph.editing.editor.faults")
def test_checking_a_node_costs_its_links() -> None:
    def prepare(n: int) -> Question:
        step = argument("a", tuple(f"p{i}" for i in range(n)), "t")
        graph = graph_of(statement("t"), [statement(f"p{i}") for i in range(n)], step)
        return lambda: list(faults(graph, step))

    grows(prepare, LINEARITHMIC)


@promises("graph.snapshot.argument_graph.ArgumentGraph.holders")
def test_naming_the_holders_costs_their_number() -> None:
    def hub(n: int) -> Question:
        graph = _around(n)
        return lambda: graph.holders("hub")

    def leaf(n: int) -> Question:
        graph = _around(n)
        return lambda: graph.holders("p000000")

    grows(hub, LINEARITHMIC)
    grows(leaf, CONSTANT)


@promises("graph.editing.estimate.cost_of")
def test_an_estimate_costs_the_commands_and_what_refers_to_what_they_delete() -> None:
    def commands(n: int) -> Question:
        graph = graph_of(statement("hub"))
        some = [create_statement(f"p{i}") for i in range(n)]
        return lambda: cost_of(graph, some)

    def hub(n: int) -> Question:
        graph = _around(n)
        return lambda: cost_of(graph, [delete("statement", "hub", cascade=True)])

    def leaf(n: int) -> Question:
        graph = _around(n)
        return lambda: cost_of(graph, [delete("statement", "p000000"), delete("statement", "p000001", cascade=True)])

    grows(commands, LINEAR)
    grows(hub, LINEAR)
    grows(leaf, LOGARITHMIC)
