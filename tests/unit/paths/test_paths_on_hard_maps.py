"""Dense and cyclic maps are answered within the budget, and rightly."""

from __future__ import annotations

from itertools import pairwise, permutations
from random import Random

import pytest

from graph.budgets import StepBudget
from graph.paths.paths import paths
from graph.snapshot.argument_graph import ArgumentGraph
from tests.unit.paths.maps import asked, map_of

FEW = StepBudget(20_000)
"""Enough steps for each question here, where a search without care takes billions."""


def complete_map(size: int) -> ArgumentGraph:
    """Every statement bears on every other; one argument in three opposes."""
    return map_of(
        *(
            f"a{i:02}{j:02}: s{i:02} {'-|' if (i * 7 + j) % 3 == 0 else '->'} s{j:02}"
            for i in range(size)
            for j in range(size)
            if i != j
        )
    )


COMPLETE = complete_map(40)


@pytest.mark.parametrize("terms", [{}, {"polarity": "opposing"}, {"order": "strength"}], ids=str)
@pytest.mark.parametrize("limit", [10, 1000])
def test_a_complete_map_of_forty_statements(terms: dict[str, str], limit: int) -> None:
    answer = paths(COMPLETE, asked(start="s00", to="s01", limit=limit, **terms), FEW)
    assert len(answer.items) == limit
    assert (answer.complete, answer.reason) == (False, "limit")
    if not terms:
        lengths = [item.length for item in answer.items]
        assert lengths == sorted([1] + [2] * 38 + [3] * 38 * 37)[:limit]


def test_all_paths_of_at_most_two_steps_of_a_complete_map() -> None:
    answer = paths(COMPLETE, asked(start="s00", to="s01", limit=1000, max_length=2), FEW)
    assert len(answer.items) == 39
    assert (answer.complete, answer.reason) == (False, "max_length")


def test_a_visit_on_a_complete_map() -> None:
    answer = paths(COMPLETE, asked(start="s00", to="s01", via=("s05", "s06"), limit=2), FEW)
    assert [item.length for item in answer.items] == [3, 3]
    assert all({"s05", "s06"} <= set(item.nodes) for item in answer.items)


@pytest.mark.parametrize("polarity", [None, "supporting"])
def test_one_path_beside_a_thicket_that_leads_nowhere(polarity: str | None) -> None:
    thicket = [f"a{i:02}{j:02}: s{i:02} -> s{j:02}" for i, j in permutations(range(1, 40), 2)]
    graph = map_of("in: start -> s01", "out: s01 -> end", *thicket)
    answer = paths(graph, asked(start="start", to="end", limit=10, polarity=polarity), FEW)
    assert [item.nodes for item in answer.items] == [("start", "in", "s01", "out", "end")]
    assert answer.complete


def test_a_polarity_that_no_path_of_a_thicket_has() -> None:
    graph = map_of(*(f"a{i:02}{j:02}: s{i:02} -> s{j:02}" for i, j in permutations(range(16), 2)))
    answer = paths(graph, asked(start="s00", to="s01", polarity="opposing"), FEW)
    assert (answer.items, answer.complete, answer.reason) == ((), True, "filtered")


def test_one_path_along_a_long_road_with_a_way_back_at_each_step() -> None:
    there = [f"a{i:03}: s{i:03} -> s{i + 1:03}" for i in range(200)]
    back = [f"b{i:03}: s{i + 1:03} -| s{i:03}" for i in range(200)]
    answer = paths(map_of(*there, *back), asked(start="s000", to="s200", max_length=1000), FEW)
    assert [item.length for item in answer.items] == [200]
    assert answer.complete


def test_every_order_of_a_small_complete_map() -> None:
    graph = complete_map(7)
    everything = paths(graph, asked(start="s00", to="s01", limit=1000))
    between = ["s02", "s03", "s04", "s05", "s06"]
    orders = [("s00", *some, "s01") for n in range(6) for some in permutations(between, n)]
    found = [tuple(node for node in item.nodes if node[0] == "s") for item in everything.items]
    assert everything.complete
    assert found == sorted(orders, key=lambda order: (len(order), [f"a{a[1:]}{b[1:]}" for a, b in pairwise(order)]))


@pytest.mark.parametrize("steps", [1, 20, 60, 200, 600, 2_000, 20_000])
def test_who_asked_before_changes_neither_an_answer_nor_where_it_gives_up(steps: int) -> None:
    random = Random(steps)
    lines = [f"a{n:03}: s{random.randrange(60):02} -> s{random.randrange(60):02}" for n in range(240)]
    pairs = [random.sample(range(60), 2) for _ in range(40)]
    points = " ".join(f"s{n:02}" for n in range(60))
    warm = map_of(*lines, points=points)
    for start, end in pairs * 2:
        question = asked(start=f"s{start:02}", to=f"s{end:02}", limit=20)
        assert paths(warm, question, StepBudget(steps)) == paths(
            map_of(*lines, points=points), question, StepBudget(steps)
        )
