"""A snapshot derived by any row of edits answers like one built afresh from the same nodes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.snapshot.argument_graph import ArgumentGraph, links_of
from graph.snapshot.arrays import compact, part_of
from schemas.node import Argument
from schemas.vocabulary import KINDS
from tests.support.headers import header
from tests.support.strategies import Nodes, whole_maps

EVERYTHING = [f"{prefix}{n}" for prefix in "kspmax" for n in range(5)] + ["", "zz", "a"]


def answers(graph: ArgumentGraph) -> dict[str, object]:
    """All that a snapshot says, in ids instead of numbers."""

    def named(numbers: object) -> list[str]:
        return [graph.id(number) for number in numbers]

    present = [i for i in EVERYTHING if i in graph]
    arguments = named(graph.numbers("argument"))
    told: dict[str, object] = {
        "header": graph.header,
        "identity": (graph.map, graph.revision),
        "present": present,
        "found": [(i, graph.find(i) is not None) for i in EVERYTHING],
        "documents": [(i, graph.document(i)) for i in EVERYTHING],
        "in order": named(graph.numbers()),
        "nodes": list(graph.nodes()),
        "counts": graph.counts,
    }
    for kind in KINDS:
        told[kind] = list(graph.nodes(kind))
        told[f"{kind} numbers"] = named(graph.numbers(kind))
    for after in EVERYTHING:
        told[f"after {after}"] = [named(graph.numbers(kind, after=after)) for kind in (None, "statement", "argument")]
    for i in present:
        number = graph.number(i)
        assert graph.alive(number)
        told[f"at {i}"] = (graph.id(number), KINDS[graph.kind(number)], graph.at(number), graph.node(i))
        told[f"adjacent {i}"] = (sorted(named(graph.outgoing(number))), sorted(named(graph.incoming(number))))
        told[f"sign {i}"] = (graph.sign(number), graph.target(number) >= 0)
        told[f"links {i}"] = (graph.links_from(i), graph.assertions_of(i))
    for i in EVERYTHING:
        told[f"links to {i}"] = graph.links_to(i)
    for i in arguments:
        number = graph.number(i)
        told[f"step {i}"] = (
            named(graph.premises(number)), graph.id(graph.target(number)), graph.confidence(number),
        )  # fmt: skip
    return told


def moved(graph: ArgumentGraph, to: Nodes, order: list[str], piecemeal: bool) -> ArgumentGraph:
    """The snapshot with exactly these nodes, changed in the given order, in one step or one by one."""
    changes = [(i, to.get(i)) for i in order if i in to or i in graph]
    if not piecemeal:
        return graph.derive(graph.header, changes)
    for change in changes:
        graph = graph.derive(graph.header, [change])
    return graph


@settings(max_examples=150, deadline=None)
@given(
    first=whole_maps(),
    steps=st.lists(st.tuples(whole_maps(3), st.permutations(EVERYTHING), st.booleans()), min_size=1, max_size=3),
    ask_between=st.booleans(),
)
def test_derived_answers_like_fresh(
    first: Nodes, steps: list[tuple[Nodes, list[str], bool]], ask_between: bool
) -> None:
    graph = ArgumentGraph.of(header(), first.values())
    for to, order, piecemeal in steps:
        if ask_between:  # so that what is remembered lazily is there before the next edit
            answers(graph)
        before = answers(graph)
        derived = moved(graph, to, order, piecemeal)
        fresh = ArgumentGraph.of(header(), to.values())
        assert answers(derived) == answers(fresh)
        assert answers(compact(derived)) == answers(fresh)
        assert answers(graph) == before, "a snapshot changed under its reader"
        graph = derived


@settings(max_examples=100, deadline=None)
@given(first=whole_maps(), second=whole_maps(3), data=st.data())
def test_a_part_answers_like_a_fresh_map_of_the_part(first: Nodes, second: Nodes, data: st.DataObject) -> None:
    graph = moved(ArgumentGraph.of(header(), first.values()), second, EVERYTHING, piecemeal=False)
    kept = {i for i in second if data.draw(st.booleans())}
    while fallen := {i for i in kept if not _stands(second[i], kept)}:
        kept -= fallen
    part = part_of(graph, [graph.number(i) for i in kept])
    assert answers(part) == answers(ArgumentGraph.of(header(), [second[i] for i in kept]))


def _stands(node: object, kept: set[str]) -> bool:
    return not isinstance(node, Argument) or {*node.premises, node.target} <= kept


@settings(max_examples=100, deadline=None)
@given(nodes=whole_maps())
def test_a_fresh_snapshot_answers_as_its_documents_say(nodes: Nodes) -> None:
    """The oracle of the tests above against plain loops over the documents."""
    graph = ArgumentGraph.of(header(), nodes.values())
    links = {link for node in nodes.values() for link in links_of(node)}
    assert [n.id for n in graph.nodes()] == sorted(nodes)
    for i, node in nodes.items():
        number = graph.number(i)
        assert graph.node(i) == node
        assert graph.document(i) == node.dense()
        assert set(graph.links_from(i)) == set(links_of(node))
        assert set(graph.links_to(i)) == {
            link for other in nodes.values() for link in links_of(other) if link.other(other.id) == i
        }
        assert {graph.id(n) for n in graph.outgoing(number)} == {
            link.target for link in links if link.relation == "premise_of" and link.source == i
        }
        assert {graph.id(n) for n in graph.incoming(number)} == {
            link.source for link in links if link.relation == "targets" and link.target == i
        }
        if isinstance(node, Argument):
            assert tuple(graph.id(n) for n in graph.premises(number)) == node.premises
            assert graph.id(graph.target(number)) == node.target
            assert graph.sign(number) == (1 if node.stance == "supporting" else -1)
            assert graph.confidence(number) == ["low", "medium", "high"].index(node.confidence or "medium")
        else:
            assert (graph.sign(number), graph.target(number), len(graph.premises(number))) == (0, -1, 0)
        if node.kind in ("statement", "argument"):
            assert [a.id for a in graph.assertions_of(i)] == sorted(
                x.id for x in nodes.values() if x.kind == "assertion" and x.of == i
            )
