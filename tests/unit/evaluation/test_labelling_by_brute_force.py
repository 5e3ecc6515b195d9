"""Every semantics against brute force: all digraphs of up to three arguments here, four marked slow, random maps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations, product

import pytest

from graph.budgets import Timeout
from graph.evaluation.labelling import gates
from graph.evaluation.labelling.acceptance import Extensions, acceptance, extensions
from graph.evaluation.labelling.labelling import labels
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation_query import AcceptanceQuery
from tests.unit.evaluation.maps import accepted_sets, all_complete, by_brute_force, framework, graph

SEVERAL = ("complete", "preferred", "stable", "semi-stable", "ideal")


def digraphs(size: int) -> Iterator[ArgumentGraph]:
    """Every digraph with loops, one of each kind: those that differ by names alone are the same."""
    names = "abcd"[:size]
    pairs = list(product(range(size), repeat=2))
    renamings = [[pairs.index((p[a], p[b])) for a, b in pairs] for p in permutations(range(size))]
    for chosen in product((False, True), repeat=len(pairs)):
        if all(tuple(chosen[i] for i in renaming) <= chosen for renaming in renamings):
            yield framework(names, [(names[a], names[b]) for (a, b), there in zip(pairs, chosen, strict=True) if there])


def random_map(seed: int) -> ArgumentGraph:
    """Up to eight nodes that bear on each other: supports, linked premises, undercuts, self-attacks, circles."""
    pick = random.Random(seed)
    names = [f"s{i}" for i in range(pick.randint(1, 5))]
    constructed = [n for n in names if pick.random() < 0.4]
    steps: list[tuple[str, list[str], str, str]] = []
    for i in range(pick.randint(0, 8)):
        premises = pick.sample(names, min(len(names), pick.choice((1, 1, 1, 2, 3))))
        undercut = bool(steps) and sum(t.startswith("a") for _, _, t, _ in steps) < 3 and pick.random() < 0.3
        target = pick.choice([s[0] for s in steps]) if undercut else pick.choice(names)
        steps.append((f"a{i}", premises, target, pick.choice("+--")))
    return graph([n for n in names if n not in constructed], constructed, steps)


def check(g: ArgumentGraph) -> None:
    labelled = labels(g, "grounds")
    ids = [g.id(n) for n in labelled.arrays.numbers.tolist()]
    [grounded] = by_brute_force(g, "grounded")
    assert dict(zip(ids, labelled.labels.tolist(), strict=True)) == grounded
    for semantics in SEVERAL:
        wanted = by_brute_force(g, semantics)
        found = extensions(labelled, semantics, 10_000, Timeout(60))
        names = [tuple(ids[i] for i in e) for e in found.listed]
        assert len(set(names)) == len(names)
        assert set(names) == accepted_sets(g, wanted), semantics
        assert found.reason == (None if wanted else "no_extension")
        assert verdicts(ids, found) == agreed(wanted, grounded), semantics
        first = extensions(labelled, semantics, 1, Timeout(60))
        assert list(first.listed) == list(found.listed[:1])
        assert verdicts(ids, first) == verdicts(ids, found), f"{semantics}: verdicts do not depend on the limit"


def verdicts(ids: list[str], found: Extensions) -> dict[str, int]:
    return dict(zip(ids, found.labels.tolist(), strict=True))


def agreed(found: list[dict[str, int]], grounded: dict[str, int]) -> dict[str, int]:
    if not found:
        return grounded
    return {n: v if all(f[n] == v for f in found) else 0 for n, v in found[0].items()}


def check_acceptance(g: ArgumentGraph) -> None:
    for semantics in ("grounded", *SEVERAL):
        wanted = by_brute_force(g, semantics)
        for node in g.nodes():
            for mode, over in (("credulous", any), ("sceptical", all)):
                answer = acceptance(g, AcceptanceQuery(id=node.id, semantics=semantics, mode=mode, reading="grounds"))
                assert answer.accepted == over(f[node.id] > 0 for f in wanted), (semantics, mode, node.id)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_all_digraphs_of_up_to_two_arguments(size: int) -> None:
    for g in digraphs(size):
        check(g)
        check_acceptance(g)


def test_all_digraphs_of_three_arguments() -> None:
    for g in digraphs(3):
        check(g)


@pytest.mark.slow
def test_all_digraphs_of_four_arguments() -> None:
    for g in digraphs(4):
        check(g)


@pytest.mark.parametrize("block", range(8))
def test_random_maps_with_supports_linked_premises_and_undercuts(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        g = random_map(seed)
        check(g)
        if seed % 5 == 0:
            check_acceptance(g)


@pytest.mark.parametrize("seed", range(60))
def test_sweeps_and_lists_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [labels(random_map(seed), "grounds").every.tolist()]
    monkeypatch.setattr(gates, "_LARGE", 0)
    for narrow in (0, 3):  # in wide steps alone, and in both kinds
        monkeypatch.setattr(gates, "_NARROW", narrow)
        found.append(labels(random_map(seed), "grounds").every.tolist())
    assert found[0] == found[1] == found[2]
    assert sum(1 for _ in all_complete(random_map(seed))) >= 1
