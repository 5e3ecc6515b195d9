"""Small maps for tests of traversal: written in short, and random ones with cycles, undercuts and linked premises."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode, Argument
from schemas.query import PathsQuery
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, motive, statement

Nodes = dict[str, AnyNode]


def nodes_of(*steps: str, points: str = "") -> Nodes:
    """Nodes of steps like `a: p q -> t` (supporting) and `a: p -| t` (opposing), with the statements that they name."""
    arguments = {}
    for step in steps:
        node_id, rest = step.split(": ")
        is_opposing = " -| " in rest
        premises, target = rest.split(" -| " if is_opposing else " -> ")
        stance = "opposing" if is_opposing else "supporting"
        arguments[node_id] = argument(node_id, tuple(premises.split()), target, stance)
    named = {*points.split(), *(i for a in arguments.values() for i in (*a.premises, a.target))}
    return {**{i: statement(i) for i in sorted(named - set(arguments))}, **arguments}


def map_of(*steps: str, points: str = "") -> ArgumentGraph:
    """A snapshot of such steps."""
    return graph_of(list(nodes_of(*steps, points=points).values()))


def asked(**fields: Any) -> PathsQuery:
    """A question for paths; `start` and `to` may be one id."""
    for short, name in (("start", "from"), ("to", "to"), ("via", "via"), ("avoid", "avoid")):
        if short in fields:
            given = fields.pop(short)
            fields[name] = (given,) if isinstance(given, str) else tuple(given)
    return PathsQuery(**fields)


@st.composite
def step_maps(draw: st.DrawFn, points: int = 6, steps: int = 14, credences: tuple[float, ...] = ()) -> Nodes:
    """A map of statements, motives and arguments whose ids are in no order of how they hang together."""

    def weight(default: float) -> float:
        return draw(st.sampled_from((default, *credences)))

    ids = [f"{draw(st.sampled_from('abs'))}{n}" for n in range(draw(st.integers(2, points)))]
    nodes: Nodes = {"who": actor("who")}
    for node_id in ids:
        is_motive = draw(st.integers(0, 4)) == 0
        make = motive(node_id, "who") if is_motive else statement(node_id)
        nodes[node_id] = make.model_copy(update={"credence": weight(0.5)})
    names = [f"{draw(st.sampled_from('abst'))}{n}x" for n in range(draw(st.integers(1, steps)))]
    for name in names:
        premises = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True))
        target = draw(st.sampled_from([*ids, *ids, *(other for other in nodes if other in names)]))
        stance = "opposing" if target in premises else draw(st.sampled_from(("supporting", "opposing")))
        confidence = draw(st.sampled_from(("high", "medium", "low")))
        nodes[name] = argument(name, tuple(premises), target, stance, confidence=confidence, credence=weight(1.0))
    return nodes


def points_of(nodes: Nodes) -> list[str]:
    """The ids that a path may begin or end at."""
    return [node_id for node_id in nodes if node_id != "who"]


def first_of(nodes: Nodes) -> list[str]:
    """The statements that nothing bears on."""
    borne_on = {node.target for node in nodes.values() if isinstance(node, Argument)}
    return [i for i, node in nodes.items() if node.kind == "statement" and i not in borne_on]


def last_of(nodes: Nodes) -> list[str]:
    """The statements and motives that bear on nothing."""
    used = {premise for node in nodes.values() if isinstance(node, Argument) for premise in node.premises}
    return [i for i, node in nodes.items() if node.kind in ("statement", "motive") and i not in used]
