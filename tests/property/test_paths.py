"""Paths of random maps are those of brute force: the same ones, in the same order, with the truth about the rest."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.paths.paths import paths
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import Argument
from schemas.query import PathsQuery
from tests.support.headers import graph_of, header
from tests.unit.paths.maps import Nodes, asked, points_of, step_maps
from tests.unit.paths.oracle import expected, polarity, steps, strength, unfiltered

CREDENCES = (0.0, 0.25, 0.36, 0.4, 0.6, 0.9, 1.0)


@st.composite
def questions(draw: st.DrawFn, nodes: Nodes) -> PathsQuery:
    """A question with no limit that matters: several ends, or all; a polarity, nodes to visit and to keep off."""
    points = points_of(nodes)

    def some(most: int) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(points), max_size=most, unique=True)))

    terms = draw(st.booleans())
    return asked(
        start=some(3),
        to=some(3),
        via=some(2) if terms and draw(st.booleans()) else (),
        avoid=some(2) if terms and draw(st.booleans()) else (),
        polarity=draw(st.sampled_from((None, "supporting", "opposing"))) if terms else None,
        order=draw(st.sampled_from(("length", "strength"))),
        limit=1000,
    )


cases = step_maps(credences=CREDENCES).flatmap(lambda nodes: st.tuples(st.just(nodes), questions(nodes)))


@settings(deadline=None, max_examples=120)
@given(cases)
def test_all_paths_are_found_in_order_with_their_steps(case: tuple[Nodes, PathsQuery]) -> None:
    nodes, query = case
    wanted = expected(nodes, query)[:1000]
    answer = paths(graph_of(list(nodes.values())), query)
    assert [item.nodes for item in answer.items] == wanted
    for item in answer.items:
        assert [(s.from_, s.argument, s.to, s.stance) for s in item.steps] == steps(nodes, item.nodes)
        assert item.length == len(item.steps)
        assert item.polarity == polarity(nodes, item.nodes)
        assert abs(item.strength - strength(nodes, item.nodes)) < 1e-11
    opposing = sum(item.polarity == "opposing" for item in answer.items)
    assert (answer.counts.opposing, answer.counts.supporting) == (opposing, len(wanted) - opposing)


@settings(deadline=None, max_examples=70)
@given(cases)
def test_an_answer_says_whether_and_why_it_is_empty(case: tuple[Nodes, PathsQuery]) -> None:
    nodes, query = case
    wanted = expected(nodes, query)
    answer = paths(graph_of(list(nodes.values())), query)
    empty = "filtered" if unfiltered(nodes, query) else "not_connected"
    assert (answer.complete, answer.reason) == (
        (False, "limit") if len(wanted) > 1000 else (True, None if wanted else empty)
    )


@settings(deadline=None, max_examples=70)
@given(cases, st.integers(1, 6))
def test_a_limit_gives_the_beginning_and_says_whether_there_is_more(case: tuple[Nodes, PathsQuery], limit: int) -> None:
    nodes, query = case
    graph = graph_of(list(nodes.values()))
    everything = paths(graph, query).items
    for some in {limit, max(1, len(everything))}:
        answer = paths(graph, query.model_copy(update={"limit": some}))
        assert answer.items == everything[:some]
        assert answer.complete == (len(everything) <= some)
        assert (answer.reason == "limit") == (len(everything) > some)


@settings(deadline=None, max_examples=70)
@given(cases, st.integers(1, 4), st.sampled_from((1, 2, 1000)))
def test_a_longest_length_leaves_out_what_is_longer_and_says_so(
    case: tuple[Nodes, PathsQuery], longest: int, limit: int
) -> None:
    nodes, query = case
    wanted = expected(nodes, query)
    short = [path for path in wanted if len(steps(nodes, path)) <= longest]
    narrowed = query.model_copy(update={"max_length": longest, "limit": limit})
    answer = paths(graph_of(list(nodes.values())), narrowed)
    assert [item.nodes for item in answer.items] == short[:limit]
    if len(short) > limit:
        assert (answer.complete, answer.reason) == (False, "limit")
    elif len(short) < len(wanted):
        assert (answer.complete, answer.reason) == (False, "max_length")
    else:
        assert answer.complete


def turned(before: Nodes, after: Nodes, order: list[str], piecemeal: bool) -> ArgumentGraph:
    """The snapshot of one map made from that of another: its steps taken out, its points changed, steps put in."""
    changes = [(i, None) for i, node in before.items() if isinstance(node, Argument)]
    changes += [(i, None) for i, node in before.items() if i not in after and not isinstance(node, Argument)]
    points = [(i, after[i]) for i in order if not isinstance(after[i], Argument)]
    steps = [(i, after[i]) for i in sorted(after, key=lambda i: rank(after, i)) if isinstance(after[i], Argument)]
    graph = graph_of(list(before.values()))
    if not piecemeal:
        return graph.derive(header(), [*changes, *points, *steps])
    for change in [*changes, *points, *steps]:
        paths(graph, asked(limit=1))  # so that what is kept with one snapshot is carried over to the next
        graph = graph.derive(header(), [change])
    return graph


def rank(nodes: Nodes, node_id: str) -> int:
    """How many arguments an undercut stands on."""
    node = nodes[node_id]
    return 1 + rank(nodes, node.target) if isinstance(node, Argument) else 0


@settings(deadline=None, max_examples=60)
@given(step_maps(), cases, st.booleans(), st.data())
def test_a_derived_snapshot_answers_like_one_built_afresh(
    before: Nodes, case: tuple[Nodes, PathsQuery], piecemeal: bool, data: st.DataObject
) -> None:
    after, query = case
    order = data.draw(st.permutations(list(after)))
    assert paths(turned(before, after, order, piecemeal), query) == paths(graph_of(list(after.values())), query)
