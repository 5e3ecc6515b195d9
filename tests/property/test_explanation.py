"""Why and cruxes against what they mean: taking things out of small maps in every way and looking again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

import pytest

from graph.budgets import StepBudget
from graph.evaluation.explanation.cruxes import cruxes
from graph.evaluation.explanation.why import why
from graph.evaluation.labelling.labelling import VERDICTS, labels
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import narrow
from schemas.evaluation_query import CruxesQuery, WhyQuery
from schemas.node import AnyNode, Argument
from schemas.query import ViewQuery
from tests.property.test_weights import whole
from tests.unit.evaluation.maps import HEADER, argument, statement

LEVELS = (0.3, 0.5, 0.6)


def weighed_map(seed: int) -> ArgumentGraph:
    """Up to eight nodes: supports, linked premises, undercuts, cycles, weights of three levels."""
    pick = random.Random(seed)
    names = [f"s{i}" for i in range(pick.randint(2, 4))]
    nodes: list[AnyNode] = [
        statement(n, pick.choice(LEVELS), "constructed" if pick.random() < 0.4 else "author") for n in names
    ]
    made: list[str] = []
    for i in range(pick.randint(1, 6)):
        premises = pick.sample(names, pick.choice((1, 1, 1, 2)))
        target = pick.choice(made) if made and pick.random() < 0.2 else pick.choice(names)
        sign = "-" if target in premises else pick.choice("+-")
        nodes.append(argument(f"a{i}", premises, target, sign, pick.choice(LEVELS)))
        made.append(f"a{i}")
    return ArgumentGraph.of(HEADER, nodes)


def verdict_of(g: ArgumentGraph, node_id: str) -> str | None:
    number = g.find(node_id)
    if number is None:
        return None
    labelled = labels(g)
    return VERDICTS[int(labelled.labels[labelled.arrays.compact(g.size)[number]])]


def without(g: ArgumentGraph, gone: tuple[str, ...]) -> ArgumentGraph:
    return narrow(g, ViewQuery(without=gone)) if gone else g


def smaller_than(others: list[str], size: int) -> Iterator[tuple[str, ...]]:
    for n in range(1, size):
        yield from combinations(others, n)


@pytest.mark.parametrize("seed", range(80))
def test_the_flip_is_the_smallest_removal_that_changes_the_verdict(seed: int) -> None:
    g = weighed_map(seed)
    ids = [n.id for n in g.nodes()]
    for node_id in ids:
        answer = why(g, WhyQuery(id=node_id))
        others = [n for n in ids if n != node_id]
        assert answer.complete
        if answer.flip is not None:
            flip = answer.flip
            assert (flip.smallest, flip.at_least) == (True, len(flip.remove))
            view = without(g, flip.remove)
            assert (verdict_of(view, node_id) or "rejected") == flip.to != answer.verdict
        for gone in smaller_than(others, len(answer.flip.remove) if answer.flip else 4):
            view = without(g, gone)
            assert node_id not in view or verdict_of(view, node_id) == answer.verdict, (node_id, gone)


@pytest.mark.parametrize("seed", range(80))
def test_the_deciding_set_decides_whatever_becomes_of_the_others_and_none_smaller_does(seed: int) -> None:
    g = weighed_map(seed)
    steps = sorted(n.id for n in g.nodes("argument"))
    for node in g.nodes():
        answer = why(g, WhyQuery(id=node.id))
        if answer.verdict == "undecided":
            continue
        own = {node.id} if isinstance(node, Argument) else set()
        assert decides(g, node.id, answer.verdict, own.union(answer.deciding), steps)
        for size in range(len(answer.deciding)):
            for chosen in combinations(steps, size):
                assert not decides(g, node.id, answer.verdict, own.union(chosen), steps), (node.id, chosen)


def decides(g: ArgumentGraph, node_id: str, verdict: str, chosen: set[str], steps: list[str]) -> bool:
    """Whether the verdict holds whichever of the other arguments are there."""
    free = [a for a in steps if a not in chosen]
    for size in range(len(free) + 1):
        for gone in combinations(free, size):
            view = without(g, gone)
            if chosen <= {n.id for n in view.nodes()} and verdict_of(view, node_id) != verdict:
                return False
    return True


@pytest.mark.parametrize("seed", range(120))
def test_of_what_is_undecided_some_undecided_step_is_told(seed: int) -> None:
    """Nothing is undecided but by a cycle, and every cycle goes through an argument."""
    g = weighed_map(seed)
    for node in g.nodes():
        answer = why(g, WhyQuery(id=node.id))
        if answer.verdict == "undecided":
            assert answer.deciding
            assert {verdict_of(g, step) for step in answer.deciding} == {"undecided"}


@pytest.mark.parametrize("seed", range(80))
def test_cuts_are_all_smallest_sets_of_statements_that_take_the_ground(seed: int) -> None:
    g = weighed_map(seed)
    names = [n.id for n in g.nodes("statement")]
    for target in names:
        answer = cruxes(g, CruxesQuery(target=target, over="statements"))
        assert answer.complete
        check_cuts(g, target, [n for n in names if n != target], answer.verdict, {c.members for c in answer.cuts})
        for item in names:
            if item != target:
                after = verdict_of(without(g, (item,)), target)
                told = {s.id: s.after for s in answer.single}
                assert told.get(item, answer.verdict) == after


@pytest.mark.parametrize("over", ["actors", "sources"])
@pytest.mark.parametrize("seed", range(40))
def test_cuts_over_who_says_it_count_what_own_grounds_lose(seed: int, over: str) -> None:
    g = ArgumentGraph.of(HEADER, whole(random.Random(seed)).values())
    items = [n.id for n in g.nodes(over[:-1])]  # type: ignore[arg-type]
    for target in ("p0", "p1"):
        answer = cruxes(g, CruxesQuery(target=target, over=over))  # type: ignore[arg-type]
        found = {c.members for c in answer.cuts}
        for members in found:
            assert is_cut(without(g, members), target, answer.verdict)
        if answer.complete:
            least = min(map(len, found), default=len(items) + 1)
            for gone in smaller_than(items, min(least, 3)):
                assert not is_cut(without(g, gone), target, answer.verdict), gone


def check_cuts(g: ArgumentGraph, target: str, others: list[str], verdict: str, found: set[tuple[str, ...]]) -> None:
    working = [
        gone
        for size in range(1, len(others) + 1)
        for gone in combinations(others, size)
        if is_cut(without(g, gone), target, verdict)
    ]
    least = min(map(len, working), default=0)
    assert found == {gone for gone in working if len(gone) == least}


def is_cut(view: ArgumentGraph, target: str, verdict: str) -> bool:
    """An accepted conclusion loses its acceptance, an undecided one every ground, a rejected one what rejects it."""
    after = verdict_of(view, target)
    return {
        "accepted": after != "accepted",
        "undecided": after in ("rejected", None),
        "rejected": after in ("accepted", "undecided"),
    }[verdict]


@pytest.mark.parametrize("steps", [0, 30, 200, 2_000])
def test_an_answer_that_ran_out_of_steps_keeps_the_best_and_what_is_proven(steps: int) -> None:
    for seed in range(30):
        g = weighed_map(seed)
        for node in g.nodes():
            whole_answer, part = (why(g, WhyQuery(id=node.id), StepBudget(n)) for n in (10**6, steps))
            assert part == why(ArgumentGraph.of(HEADER, g.nodes()), WhyQuery(id=node.id), StepBudget(steps))
            assert (part.reason == "budget") == (not part.complete)
            if part.flip is not None and whole_answer.flip is not None:
                assert part.flip.at_least <= len(whole_answer.flip.remove) <= len(part.flip.remove)
                assert part.flip.smallest <= (len(part.flip.remove) == len(whole_answer.flip.remove))
            if part.complete:
                assert (part.flip is None) == (whole_answer.flip is None)


@pytest.mark.parametrize("seed", range(40))
def test_a_contested_pair_settles_what_is_decided_whichever_of_the_two_is_taken_out(seed: int) -> None:
    g = weighed_map(seed)
    speaking = [n.id for n in g.nodes() if not isinstance(n, Argument)]
    for node_id in speaking:
        if verdict_of(g, node_id) != "undecided":
            continue
        for found in cruxes(g, CruxesQuery(target=node_id)).contested:
            views = [without(g, (one,)) for one in found.pair]
            settled = [
                n
                for n in speaking
                if verdict_of(g, n) == "undecided"
                and n not in found.pair
                and all((verdict_of(view, n) or "rejected") != "undecided" for view in views)
            ]
            assert set(found.settles) <= set(settled), (node_id, found)
            assert (node_id in settled) == (node_id in found.settles) or node_id in found.pair, (node_id, found)


def test_many_contested_pairs_are_all_looked_at() -> None:
    nodes: list[AnyNode] = [statement("t", origin="constructed"), statement("g"), argument("gt", ("g",), "t", "+", 0.6)]
    for i in range(500):
        x, y = f"x{i:03}", f"y{i:03}"
        nodes += [statement(x), statement(y), argument(f"o{i:03}", (x,), "t", "-", 0.9)]
        nodes += [argument(f"p{i:03}", (x,), y, "-", 0.6), argument(f"q{i:03}", (y,), x, "-", 0.6)]
    found = cruxes(ArgumentGraph.of(HEADER, nodes), CruxesQuery(target="t", limit=1000))
    assert (found.reason, len(found.contested), len(found.single)) == (None, 1000, 501)


def test_what_decides_a_chain_with_a_way_back_in_it_is_the_chain_from_its_ground() -> None:
    names = [f"s{i:04}" for i in range(1500)]
    nodes: list[AnyNode] = [statement(names[0]), *(statement(n, origin="constructed") for n in names[1:])]
    nodes += [argument(f"a{i:04}", (names[i],), names[i + 1], "+", 0.6) for i in range(len(names) - 1)]
    nodes.append(argument("back", (names[-1],), names[700], "+", 0.6))
    answer = why(ArgumentGraph.of(HEADER, nodes), WhyQuery(id=names[-1]))
    assert answer.complete
    assert len(answer.deciding) == len(names) - 1
    assert "back" not in answer.deciding
