"""Pages of paths: one after another they are the unlimited answer, whatever is written or forgotten between."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.budgets import StepBudget
from graph.errors import Refused
from graph.paths.paths import paths
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.path import Path, PathsAnswer
from schemas.query import PathsQuery, ViewQuery
from tests.growth.work import counted
from tests.support.headers import graph_of, header
from tests.support.nodes import argument, statement
from tests.unit.paths.maps import Nodes, asked, map_of, points_of, step_maps


def pages(
    graphs: Iterator[ArgumentGraph], query: PathsQuery, limits: Iterator[int], steps: int = 200_000
) -> Iterator[PathsAnswer]:
    """Page after page, each asked of the next of the snapshots."""
    cursor: str | None = None
    for graph, limit in zip(graphs, limits, strict=False):
        page = paths(graph, query.model_copy(update={"limit": limit, "cursor": cursor}), StepBudget(steps))
        yield page
        cursor = page.next
        if cursor is None:
            return


def always(graph: ArgumentGraph) -> Iterator[ArgumentGraph]:
    while True:
        yield graph


def fresh(nodes: Nodes) -> Iterator[ArgumentGraph]:
    while True:
        yield graph_of(list(nodes.values()))


def repeated(*limits: int) -> Iterator[int]:
    while True:
        yield from limits


def items(answers: Iterator[PathsAnswer]) -> list[Path]:
    return [item for answer in answers for item in answer.items]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Nodes, PathsQuery]:
    nodes = draw(step_maps(credences=(0.6, 0.0)))
    ends = st.lists(st.sampled_from(points_of(nodes)), max_size=2, unique=True)
    order = draw(st.sampled_from(("length", "strength")))
    polarity = draw(st.sampled_from((None, "supporting", "opposing")))
    longest = draw(st.sampled_from((3, 50)))
    return nodes, asked(start=draw(ends), to=draw(ends), order=order, polarity=polarity, max_length=longest)


@settings(deadline=None, max_examples=80)
@given(questions(), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_pages_are_the_unlimited_answer(question: tuple[Nodes, PathsQuery], limits: list[int]) -> None:
    nodes, query = question
    graph = graph_of(list(nodes.values()))
    whole = paths(graph, query.model_copy(update={"limit": 1000}))
    found = list(pages(always(graph), query, repeated(*limits)))
    assert items(iter(found)) == list(whole.items)
    assert (found[-1].reason, found[-1].complete) == (whole.reason, whole.complete)
    assert all((page.reason, page.complete) == ("limit", False) for page in found[:-1])


@settings(deadline=None, max_examples=80)
@given(questions(), st.integers(1, 4), st.sampled_from((5, 20, 100, 200_000)))
def test_a_page_is_the_same_whether_its_search_goes_on_or_is_made_anew(
    question: tuple[Nodes, PathsQuery], limit: int, steps: int
) -> None:
    nodes, query = question
    going_on = list(pages(always(graph_of(list(nodes.values()))), query, repeated(limit), steps))
    assert going_on == list(pages(fresh(nodes), query, repeated(limit), steps))


def complete_map(size: int) -> Nodes:
    ids = [f"s{i}" for i in range(size)]
    nodes: Nodes = {i: statement(i) for i in ids}
    return nodes | {f"a{x[1:]}{y[1:]}": argument(f"a{x[1:]}{y[1:]}", (x,), y) for x, y in permutations(ids, 2)}


def test_a_write_between_pages_neither_repeats_nor_skips_what_stays() -> None:
    nodes = complete_map(6)
    query = asked(start="s0", to="s1")
    graph = graph_of(list(nodes.values()))
    first = paths(graph, query.model_copy(update={"limit": 7}))
    gone = first.items[-1].nodes[1]  # an argument of the path that the cursor stands behind
    new = [("s-new", statement("s-new")), ("a-new", argument("a-new", ("s0",), "s-new"))]
    later = graph.derive(header(), [(gone, None), *new, ("b-new", argument("b-new", ("s-new",), "s1"))])
    shown = {item.nodes for item in first.items}
    rest = [item for item in pages_from(later, query, first.next) if item.nodes not in shown]
    left = [item.nodes for item in paths(later, query.model_copy(update={"limit": 1000})).items]
    places = {nodes: i for i, nodes in enumerate(left)}
    behind = [item.nodes for item in rest]
    assert behind == left[places[behind[0]] :]
    assert set(left) - set(behind) <= shown | {("s0", "a-new", "s-new", "b-new", "s1")}


def pages_from(graph: ArgumentGraph, query: PathsQuery, cursor: str | None) -> list[Path]:
    found: list[Path] = []
    while cursor is not None:
        page = paths(graph, query.model_copy(update={"limit": 10, "cursor": cursor}))
        found += page.items
        cursor = page.next
    return found


def test_a_search_whose_steps_are_used_up_goes_on_on_the_next_page() -> None:
    graph = graph_of(list(complete_map(7).values()))
    query = asked(start="s0", to="s1")
    whole = paths(graph, query.model_copy(update={"limit": 1000}))
    found = list(pages(always(graph), query, repeated(1000), steps=200))
    assert found[0].reason == "budget"
    assert len(found) > 2
    assert items(iter(found)) == list(whole.items)


def test_a_search_does_not_go_on_for_ever() -> None:
    graph = graph_of(list(complete_map(7).values()))
    found = list(pages(always(graph), asked(start="s0", to="s1"), repeated(1000), steps=20))
    assert (found[-1].reason, found[-1].next) == ("budget", None)
    assert len(found) <= 20


def test_paths_that_no_address_can_hold_are_paged_like_others() -> None:
    long = [f"{'x' * 100}{i:02}" for i in range(20)]
    row = [f"{n}-a: {n} -> {m}" for n, m in pairwise(long)]
    graph = map_of(*row, *(f"end-{i}: {long[-1]} -> end" for i in range(9)))
    query = asked(start=long[0], to="end")
    found = list(pages(always(graph), query, repeated(2)))
    assert [item.nodes[-2] for item in items(iter(found))] == [f"end-{i}" for i in range(9)]
    assert all(page.next is None or len(page.next) < 2000 for page in found)


@pytest.mark.parametrize(
    "change", [{"to": ("s2",)}, {"order": "strength"}, {"polarity": "supporting"}, {"max_length": 3}]
)
def test_a_cursor_of_another_question_is_refused(change: dict[str, object]) -> None:
    graph = graph_of(list(complete_map(4).values()))
    query = asked(start="s0", to="s1", limit=1)
    following = query.model_copy(update={"cursor": paths(graph, query).next})
    with pytest.raises(Refused, match="another question"):
        paths(graph, following.model_copy(update=change))
    with pytest.raises(Refused, match="another question"):
        paths(graph, following, view=ViewQuery(sources=("q",)))
    with pytest.raises(Refused, match="invalid"):
        paths(graph, query.model_copy(update={"cursor": "nonsense"}))


def test_a_page_costs_what_it_shows_and_not_what_lies_before_it() -> None:
    def last_of(count: int) -> int:
        graph = map_of(*(f"a{i:04}: p -> t" for i in range(2000)))
        query = asked(start="p", to="t", limit=10)
        *_, page = islice(pages(always(graph), query, repeated(10)), count)
        following = query.model_copy(update={"cursor": page.next})
        return counted(lambda: paths(graph, following)).instructions

    assert last_of(40) <= last_of(10) * 1.2
