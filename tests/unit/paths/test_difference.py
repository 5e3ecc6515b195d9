"""The paths that an edit makes and breaks, also where neither side's paths are all found."""

from __future__ import annotations

import random

import pytest

from graph.budgets import StepBudget
from graph.errors import Refused
from graph.paths import paths
from graph.paths.paths import path_difference
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import Views
from schemas.path import Path
from schemas.query import PathsQuery
from tests.unit.evaluation.maps import HEADER, argument, statement

NAMES = [f"s{i}" for i in range(6)]


def snapshots(seed: int) -> tuple[Views, Views]:
    pick = random.Random(seed)

    def step(node_id: str) -> object:
        start, end = pick.sample(NAMES, 2)
        return argument(node_id, [start], end, pick.choice("+-"))

    nodes = [statement(n) for n in NAMES] + [step(f"a{i}") for i in range(12)]
    before = ArgumentGraph.of(HEADER, nodes)  # type: ignore[arg-type]
    after = before.derive(HEADER, [("a3", None), ("a5", step("a5")), ("n1", step("n1"))])  # type: ignore[list-item]
    return Views(before, before), Views(after, after)


def keys(paths: tuple[Path, ...]) -> set[tuple[object, ...]]:
    return {(p.nodes, *(s.stance for s in p.steps)) for p in paths}


@pytest.mark.parametrize("ends", [{}, {"from": ("s0", "s1"), "to": ("s5",)}, {"from": ("s2",)}])
@pytest.mark.parametrize("seed", range(12))
def test_what_is_given_is_sure_wherever_the_search_stops(
    seed: int, ends: dict[str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = snapshots(seed)
    query = PathsQuery.model_validate({**ends, "limit": 1000})
    whole = path_difference(before, after, query)
    assert whole.complete
    for compared, steps in ((1, 100_000), (3, 100_000), (1000, 10), (1000, 60)):
        monkeypatch.setattr(paths, "_COMPARED", compared)
        part = path_difference(before, after, query, StepBudget(steps))
        assert keys(part.gained) <= keys(whole.gained)
        assert keys(part.lost) <= keys(whole.lost)
        same = (keys(part.gained), keys(part.lost)) == (keys(whole.gained), keys(whole.lost))
        assert same or not part.complete


def test_a_step_that_turns_round_is_lost_and_gained() -> None:
    before = ArgumentGraph.of(HEADER, [statement("p"), statement("t"), argument("a", ["p"], "t", "+")])
    after = before.derive(HEADER, [("a", argument("a", ["p"], "t", "-"))])
    found = path_difference(Views(before, before), Views(after, after), PathsQuery())
    assert [p.polarity for p in (*found.gained, *found.lost)] == ["opposing", "supporting"]


def test_an_end_may_be_on_either_side_and_must_be_on_one() -> None:
    before = ArgumentGraph.of(HEADER, [statement("p"), statement("t"), argument("a", ["p"], "t", "+")])
    after = before.derive(HEADER, [("a", None), ("p", None), ("q", statement("q"))])
    sides = Views(before, before), Views(after, after)
    found = path_difference(*sides, PathsQuery.model_validate({"from": ("p", "q")}))
    assert [p.nodes for p in found.lost] == [("p", "a", "t")]
    with pytest.raises(Refused) as refused:
        path_difference(*sides, PathsQuery.model_validate({"from": ("p", "nobody")}))
    assert [p.pointer for p in refused.value.problems] == ["/from/1"]
