"""The strength engine against the formulas written out once more, and each of its ways against the other."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from graph.evaluation.strength import solver
from graph.evaluation.strength.network import ARRAYS, NUMBERS, SEMANTICS, Network, network_of
from graph.evaluation.strength.solver import Block, solve, strength_of, strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns
from schemas.node import AnyNode, Argument
from tests.unit.evaluation.maps import HEADER, argument, statement

CREDENCES = {"one solution": (0.02, 0.1), "perhaps several": (0.5, 1.0)}


def tangle(credence: tuple[float, float], *, size: int = 60) -> ArgumentGraph:
    """One cyclic component and what hangs on it, with linked premises and undercuts in it."""
    pick = random.Random(size)
    names = [f"s{n:04}" for n in range(size)]
    nodes: list[AnyNode] = [statement(name, credence=pick.uniform(0.05, 0.95)) for name in names]
    made: list[str] = []
    for n in range(2 * size):
        premises = pick.sample(names, 2 if n % 9 == 0 else 1)
        target = pick.choice(made) if n % 11 == 10 else pick.choice([name for name in names if name not in premises])
        nodes.append(argument(f"a{n:04}", premises, target, pick.choice("+-"), pick.uniform(*credence)))
        made.append(f"a{n:04}")
    return ArgumentGraph.of(HEADER, nodes)


def influence(semantics: str, w: float, support: list[float], against: list[float]) -> float:
    """The four papers' formulas in the plainest words."""
    if not support and not against:
        return w
    total = sum(support) - sum(against)
    match semantics:
        case "quadratic-energy":
            h = total**2 / (1 + total**2)
            return w + (1 - w) * h if total > 0 else w - w * h
        case "df-quad":
            left = math.prod(1 - x for x in against) - math.prod(1 - x for x in support)
            return w + (1 - w) * left if left > 0 else w + w * left
        case "euler":
            return 1 - (1 - w**2) / (1 + w * math.exp(total))
        case "mlp":
            return w if w in (0.0, 1.0) else 1 / (1 + math.exp(-math.log(w / (1 - w)) - total))
    raise ValueError(semantics)


def once_more(graph: ArgumentGraph, semantics: str, strength: dict[str, float]) -> dict[str, float]:
    """What each node's inputs make of it."""
    found = {}
    for node in graph.nodes():
        sides: dict[int, list[float]] = {1: [], -1: []}
        for step in graph.incoming(graph.number(node.id)):
            sides[graph.sign(step)].append(strength[graph.id(step)])
        w = node.credence  # type: ignore[union-attr]
        if isinstance(node, Argument):
            w *= min(strength[p] for p in node.premises)
        found[node.id] = influence(semantics, w, sides[1], sides[-1])
    return found


def solved(graph: ArgumentGraph, semantics: str) -> tuple[dict[str, float], bool]:
    fresh = ArgumentGraph(graph.header, graph.columns)
    found = strengths(fresh, semantics)  # type: ignore[arg-type]
    ids = [fresh.id(n) for n in found.network.arrays.numbers.tolist()]
    return dict(zip(ids, found.all().tolist(), strict=True)), found.converged


@pytest.mark.parametrize("semantics", sorted(SEMANTICS))
@pytest.mark.parametrize("credence", CREDENCES)
def test_strengths_are_what_their_inputs_make_of_them(semantics: str, credence: str) -> None:
    graph = tangle(CREDENCES[credence])
    found, converged = solved(graph, semantics)
    assert converged
    assert found == pytest.approx(once_more(graph, semantics, found), abs=1e-11)


def test_components_with_one_solution_and_with_several_are_tried_by_these_maps() -> None:
    proven = {
        name: {solution.unique for s in SEMANTICS for solution in strengths(tangle(c), s).cyclic.values()}
        for name, c in CREDENCES.items()
    }
    assert True in proven["one solution"]
    assert False in proven["perhaps several"]


@pytest.mark.parametrize("semantics", sorted(SEMANTICS))
@pytest.mark.parametrize("seed", range(5))
def test_single_numbers_and_arrays_give_the_same_bits(semantics: str, seed: int) -> None:
    pick = random.Random(seed)
    wide = [pick.choice((0, 1, 2, 8, 9, 40, 700)) for _ in range(40)]
    nodes: list[AnyNode] = [statement(f"s{n:04}", pick.choice((0.0, 1.0, pick.random()))) for n in range(800)]
    for n, width in enumerate(wide):
        nodes.append(statement(f"t{n:02}", pick.choice((0.0, 1.0, pick.random()))))
        for k, premise in enumerate(pick.sample(range(800), width)):
            nodes.append(argument(f"a{n:02}-{k:03}", [f"s{premise:04}"], f"t{n:02}", pick.choice("+-"), pick.random()))
    network = network_of(ArgumentGraph.of(HEADER, nodes))
    s = solve(network, semantics).strength  # type: ignore[arg-type]
    cells = network.cells
    rows = [slice(a, b) for a, b in zip(cells.starts, cells.starts[1:], strict=False)]
    one_by_one = [
        strength_of(
            w, [], [x * s[k] for x, k in zip(cells.signed[r], cells.sources[r], strict=True)], SEMANTICS[semantics]
        )  # type: ignore[index]
        for w, r in zip(cells.base.tolist(), rows, strict=True)
    ]
    assert one_by_one == s.tolist()


@pytest.mark.parametrize("semantics", sorted(SEMANTICS))
def test_formulas_read_as_numbers_and_as_arrays_agree(semantics: str) -> None:
    table = SEMANTICS[semantics]  # type: ignore[index]
    some = np.asarray([0.0, 1e-300, 0.1, 0.5, 0.9, 1.0])
    aggregates = np.asarray(
        [-1.0, -0.3, -0.0, 0.0, 0.4, 1.0] if table.by_product else [-800.0, -2.0, -0.1, 0.0, 3.0, 9e9]
    )
    w, g = (grid.ravel() for grid in np.meshgrid(some, aggregates))
    with np.errstate(over="ignore"):
        arrays = table.influence(w, g, ARRAYS), *table.slopes(w, g, ARRAYS)
        numbers = [
            (table.influence(a, b, NUMBERS), *table.slopes(a, b, NUMBERS))
            for a, b in zip(w.tolist(), g.tolist(), strict=True)
        ]
    assert np.array_equal(np.asarray(arrays).T, np.asarray(numbers))
    assert np.all((arrays[0] >= 0.0) & (arrays[0] <= 1.0))


@pytest.mark.parametrize("semantics", sorted(SEMANTICS))
def test_slopes_and_bound_are_those_of_the_influence(semantics: str) -> None:
    table = SEMANTICS[semantics]  # type: ignore[index]
    pick, step = random.Random(1), 1e-6
    for _ in range(500):
        w, g = pick.uniform(0.01, 0.99), pick.uniform(-0.99, 0.99) * (1.0 if table.by_product else 4.0)
        by_w = (table.influence(w + step, g, NUMBERS) - table.influence(w - step, g, NUMBERS)) / (2 * step)
        by_g = (table.influence(w, g + step, NUMBERS) - table.influence(w, g - step, NUMBERS)) / (2 * step)
        assert table.slopes(w, g, NUMBERS) == pytest.approx((by_w, by_g), abs=1e-5)
        assert abs(by_g) <= table.steepest(w, False, NUMBERS) + 1e-6 <= table.steepest(w, True, NUMBERS) + 2e-6
        assert not table.base_is_bounded or abs(by_w) <= 1.0 + 1e-6


@pytest.mark.parametrize("semantics", sorted(SEMANTICS))
def test_layers_in_loops_and_in_arrays_give_the_same_bits(semantics: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of(tangle((0.5, 1.0)))
    found = []
    for narrow in (0, 10**9):
        monkeypatch.setattr(solver, "_NARROW", narrow)
        found.append(solve(network, semantics).strength.tolist())  # type: ignore[arg-type]
    assert found[0] == found[1]


@pytest.mark.parametrize("semantics", sorted(SEMANTICS))
def test_components_are_solved_as_if_each_were_alone(semantics: str) -> None:
    alone = [ring(k, 3 + k) for k in range(6)]
    together, _ = solved(ArgumentGraph.of(HEADER, [n for nodes in alone for n in nodes]), semantics)
    for nodes in alone:
        found, _ = solved(ArgumentGraph.of(HEADER, nodes), semantics)
        assert found == {n: together[n] for n in found}


def ring(k: int, size: int) -> list[AnyNode]:
    pick = random.Random(k)
    names = [f"r{k}s{n}" for n in range(size)]
    nodes: list[AnyNode] = [statement(name, credence=pick.random()) for name in names]
    return nodes + [argument(f"r{k}a{n}", [names[n - 1]], names[n], pick.choice("+-"), 1.0) for n in range(size)]


def oscillating() -> Network:
    groups = [[f"g{k}m{m}" for m in range(4)] for k in range(5)]
    nodes: list[AnyNode] = [statement(n, credence=1.0 - 0.03 * k) for k, group in enumerate(groups) for n in group]
    edges = [(a, b) for k in range(5) for a in groups[k] for b in groups[(k + 1) % 5]]
    nodes += [argument(f"r{i}", [a], b, "-") for i, (a, b) in enumerate(edges)]
    return network_of(ArgumentGraph.of(HEADER, nodes))


def test_what_does_not_settle_is_followed_for_a_bounded_number_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    follow = solver._follow
    monkeypatch.setattr(solver, "_follow", lambda *given: steps.append(1) or follow(*given))
    network = oscillating()
    monkeypatch.setattr(solver, "_FLOW_WORK", 200 * (len(network) + len(network.cells.sources)))
    [told] = solve(network, "quadratic-energy").cyclic.values()
    assert (told.converged, told.unique) == (False, False)
    assert all(low < high for low, high in zip(told.low, told.high, strict=True))
    assert len(steps) == 2 * 200


def test_an_empty_map_has_no_strengths() -> None:
    assert len(solve(network_of(ArgumentGraph(HEADER, Columns.read([], b"", []))), "euler").strength) == 0


@pytest.mark.parametrize("size", [2_000, 8_000])
def test_a_pass_visits_each_input_once(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    visited: list[int] = []
    values = Block.values

    def counting(block: Block, s: object) -> object:
        visited.append(len(block.cells.sources) + len(block))
        return values(block, s)  # type: ignore[arg-type]

    monkeypatch.setattr(Block, "values", counting)
    monkeypatch.setattr(solver, "_NARROW", 0)
    nodes: list[AnyNode] = [statement(f"s{n:05}") for n in range(size)]
    nodes += [argument(f"a{n:05}", [f"s{n:05}"], f"s{n // 2:05}", "+") for n in range(1, size)]
    network = network_of(ArgumentGraph.of(HEADER, nodes))
    solve(network, "quadratic-energy")
    assert sum(visited) == len(network) + len(network.cells.sources)
