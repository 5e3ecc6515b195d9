"""The reading `weighed` against the words of the domain page: all maps of four nodes, random ones of eight."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain, combinations, combinations_with_replacement, product

import numpy as np
import pytest

from graph.budgets import Timeout
from graph.evaluation.labelling.acceptance import extensions
from graph.evaluation.labelling.gates import least_labels, weighed_gates
from graph.evaluation.labelling.labelling import Labelled, causes, labels, standings
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode, Argument
from tests.unit.evaluation.maps import HEADER, argument, statement, those_of
from tests.unit.evaluation.test_labelling_by_brute_force import digraphs, random_map
from tests.unit.evaluation.weighed_by_hand import SmallMap, Step

LEVELS = (0.3, 0.5, 0.6)
SEVERAL = ("complete", "preferred", "stable", "semi-stable", "ideal")


def labelled(small: SmallMap) -> tuple[list[str], Labelled]:
    ids, arrays, weights = small.arrays()
    gates = weighed_gates(arrays, weights)
    return ids, Labelled(arrays, weights, "weighed", gates, least_labels(gates))


def check(small: SmallMap, semantics: tuple[str, ...] = SEVERAL) -> None:
    ids, found = labelled(small)
    every = list(small.complete())
    [grounded] = those_of("grounded", every)
    assert dict(zip(ids, found.labels.tolist(), strict=True)) == grounded, small
    assert causes(found, found.labels) == [small.cause(grounded, i) for i in ids], small
    told = [small.standing(grounded, i) if i in small.statements else None for i in ids]
    assert standings(found, found.labels) == told, small
    for name in semantics:
        wanted = those_of(name, every)
        got = extensions(found, name, 10_000, Timeout(60))  # type: ignore[arg-type]
        names = [tuple(ids[i] for i in e) for e in got.listed]
        assert len(set(names)) == len(names)
        accepted = {tuple(sorted(n for n, v in a.items() if v > 0 and n in small.statements)) for a in wanted}
        assert set(names) == accepted, (name, small)


def steps_over(statements: tuple[str, ...], names: tuple[str, ...], own: str) -> Iterator[Step]:
    """Every argument that may stand among these, of every weight; the heaviest two levels for what is not compared."""
    sets = chain.from_iterable(combinations(statements, n) for n in range(1, len(statements) + 1))
    for premises, target, sign, weight in product(sets, (*statements, *names), "+-", LEVELS):
        if target != own and not (sign == "+" and target in premises):
            yield Step(premises, target, sign, weight)


def all_maps(statements: int, arguments: int) -> Iterator[SmallMap]:
    """Every map of so many statements and arguments whose arguments target statements or each other."""
    names, steps = tuple("pqr"[:statements]), tuple("abc"[:arguments])
    for weights in combinations_with_replacement((None, *LEVELS), statements):
        for chosen in product(*(steps_over(names, steps, own) for own in steps)):
            if arguments < 2 or list(chosen) == sorted(chosen) or any(step.target in steps for step in chosen):
                yield SmallMap(dict(zip(names, weights, strict=True)), dict(zip(steps, chosen, strict=True)))


@pytest.mark.parametrize(("statements", "arguments"), [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 1)])
def test_all_maps_of_up_to_four_nodes(statements: int, arguments: int) -> None:
    for small in all_maps(statements, arguments):
        check(small, ("preferred",))


@pytest.mark.slow
@pytest.mark.parametrize(("statements", "arguments"), [(1, 3), (2, 2)])
def test_all_maps_of_four_nodes_with_several_arguments(statements: int, arguments: int) -> None:
    for small in all_maps(statements, arguments):
        check(small, ("complete",))


def random_small(seed: int) -> SmallMap:
    """Up to eight nodes: supports, linked premises, undercuts, cycles, weights of all levels and 0."""
    pick = random.Random(seed)
    names = [f"s{i}" for i in range(pick.randint(1, 4))]
    small = SmallMap({n: pick.choice((None, 0.0, *LEVELS, *LEVELS)) for n in names})
    for i in range(pick.randint(0, 8 - len(names))):
        premises = tuple(pick.sample(names, min(len(names), pick.choice((1, 1, 1, 2)))))
        target = pick.choice([*small.steps, *names] if pick.random() < 0.4 else names)
        small.steps[f"a{i}"] = Step(premises, target, pick.choice("+--"), pick.choice((0.0, *LEVELS, *LEVELS)))
    return small


@pytest.mark.parametrize("block", range(8))
def test_random_maps_of_up_to_eight_nodes(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        check(random_small(seed))


def test_frameworks_of_dung_come_out_unchanged() -> None:
    """Author's statements and ungraded opposing arguments; with several premises those of a SETAF."""
    for g in (*digraphs(2), *digraphs(3)):
        same_labels(g)
    for seed in range(60):
        same_labels(attacks_of(random_map(seed)))


def attacks_of(g: ArgumentGraph) -> ArgumentGraph:
    """The map with every argument made an opposing one that nobody graded, and every statement the author's."""
    nodes: list[AnyNode] = [statement(n.id) for n in g.nodes("statement")]
    steps = [n for n in g.nodes("argument") if isinstance(n, Argument)]
    return ArgumentGraph.of(HEADER, nodes + [argument(n.id, n.premises, n.target, "-", None) for n in steps])


def same_labels(g: ArgumentGraph) -> None:
    assert labels(g, "weighed").labels.tolist() == labels(g, "grounds").labels.tolist()
    for name in ("complete", "semi-stable"):
        one, other = (extensions(labels(g, r), name, 10_000, Timeout(60)) for r in ("weighed", "grounds"))  # type: ignore[arg-type]
        assert set(one.listed) == set(other.listed)


def test_one_weak_objection_does_not_overturn_nine_good_reasons() -> None:
    small = SmallMap({"t": None, **{f"p{i}": 0.5 for i in range(10)}})
    small.steps = {f"a{i}": Step((f"p{i}",), "t", "+", 0.9) for i in range(9)}
    small.steps["a9"] = Step(("p9",), "t", "-", 0.3)
    ids, found = labelled(small)
    at = ids.index("t")
    assert (found.labels[at], standings(found, found.labels)[at]) == (1, "upheld")


def test_two_flat_contradictions_leave_both_contested() -> None:
    small = SmallMap({"p": 0.5, "q": 0.5}, {"a": Step(("p",), "q", "-", 0.6), "b": Step(("q",), "p", "-", 0.6)})
    ids, found = labelled(small)
    told = dict(zip(ids, standings(found, found.labels), strict=True))
    assert (told["p"], told["q"]) == ("contested", "contested")
    accepted = extensions(found, "preferred", 10, Timeout(60)).listed
    assert {tuple(ids[i] for i in e) for e in accepted} == {("p",), ("q",)}


def test_gates_are_linear_in_the_arguments_where_the_attacks_are_quadratic() -> None:
    small = SmallMap({"t": None, "p": 0.5})
    for i in range(60):
        small.steps[f"a{i:02}"] = Step(("p",), "t", "+-"[i % 2], round(0.1 + i / 100, 2))
    _, arrays, weights = small.arrays()
    gates = weighed_gates(arrays, weights)
    assert len(gates) + len(gates.edges) < 8 * 60
    assert np.all(gates.edges >= 0)
