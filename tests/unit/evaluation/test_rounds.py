"""Large circles in arrays: the same strengths, rounds and verdicts on convergence as cell by cell."""

from __future__ import annotations

import random

import numpy as np
import pytest

from graph.evaluation.strength import solver
from graph.evaluation.strength import sweeps as rounds
from graph.evaluation.strength.network import Network, network_of
from graph.evaluation.strength.solver import KINDS, Solution, solve
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns
from schemas.node import AnyNode
from tests.unit.evaluation.maps import HEADER, argument, statement


def tangle(credence: tuple[float, float], *, size: int = 700) -> Network:
    """One large circle, with linked premises and undercuts in it."""
    pick = random.Random(size)
    names = [f"s{n:04}" for n in range(size)]
    nodes: list[AnyNode] = [statement(name, credence=pick.uniform(0.05, 0.95)) for name in names]
    made: list[str] = []
    for n in range(2 * size):
        premises = pick.sample(names, 2 if n % 9 == 0 else 1)
        target = pick.choice(made) if n % 11 == 10 else pick.choice([name for name in names if name not in premises])
        sign = pick.choice("+-")
        nodes.append(argument(f"a{n:04}", premises, target, sign, pick.uniform(*credence)))
        made.append(f"a{n:04}")
    return network_of(ArgumentGraph.of(HEADER, nodes))


def row(size: int) -> Network:
    """A circle in which each cell hangs on the one before it, and the first on the last."""
    names = [f"s{n:04}" for n in range(size)]
    nodes: list[AnyNode] = [statement(name, credence=0.5) for name in names]
    nodes += [argument(f"a{n:04}", [names[n - 1]], names[n], "-", 0.4) for n in range(size)]
    return network_of(ArgumentGraph.of(HEADER, nodes))


def both(network: Network, semantics: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Solution, Solution]:
    """Solved cell by cell, and with large circles in arrays."""
    with monkeypatch.context() as alone:
        alone.setattr(solver, "_LARGE", 10**9)
        cell_by_cell = solve(network, semantics, "plain")  # type: ignore[arg-type]
    return cell_by_cell, solve(network, semantics, "plain")  # type: ignore[arg-type]


@pytest.mark.parametrize("semantics", sorted(KINDS))
@pytest.mark.parametrize("credence", [(0.02, 0.1), (0.5, 1.0)], ids=["one solution", "perhaps several"])
def test_a_tangle_comes_out_the_same(
    semantics: str, credence: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    cells, arrays = both(tangle(credence), semantics, monkeypatch)
    assert np.max(np.abs(cells.strength - arrays.strength)) <= 1e-13
    assert cells.circles.keys() == arrays.circles.keys()
    for number, told in cells.circles.items():
        found = arrays.circles[number]
        assert (found.converged, found.unique) == (told.converged, told.unique)
        assert abs(found.iterations - told.iterations) <= 1


def test_both_ways_of_solving_are_tried_by_these_maps() -> None:
    proven = {credence: set() for credence in ((0.02, 0.1), (0.5, 1.0))}
    for credence, found in proven.items():
        for semantics in KINDS:
            found.update(circle.unique for circle in solve(tangle(credence), semantics, "plain").circles.values())
    assert True in proven[0.02, 0.1]
    assert False in proven[0.5, 1.0]


def test_a_long_row_is_left_to_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    network = row(1500)
    asked: list[object] = []
    circle = rounds.circle
    monkeypatch.setattr(rounds, "circle", lambda *given: asked.append(found := circle(*given)) or found)
    cells, arrays = both(network, "df-quad", monkeypatch)
    assert asked == [None]
    assert np.array_equal(cells.strength, arrays.strength)


def test_what_does_not_settle_oscillates_in_arrays_too(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [[f"g{k}m{m}" for m in range(4)] for k in range(5)]
    nodes: list[AnyNode] = [statement(n, credence=1.0 - 0.03 * k) for k, group in enumerate(groups) for n in group]
    edges = [(a, b) for k in range(5) for a in groups[k] for b in groups[(k + 1) % 5]]
    nodes += [argument(f"r{i}", [a], b, "-") for i, (a, b) in enumerate(edges)]
    network = network_of(ArgumentGraph.of(HEADER, nodes))
    told = solve(network, "quadratic-energy", "plain").circles
    monkeypatch.setattr(solver, "_LARGE", 1)
    found = solve(network, "quadratic-energy", "plain").circles
    [cells], [arrays] = told.values(), found.values()
    assert (cells.converged, arrays.converged) == (False, False)
    assert arrays.iterations == cells.iterations
    assert np.max(np.abs(np.asarray([arrays.low, arrays.high]) - [cells.low, cells.high])) < 1e-6


def test_an_empty_map_has_no_strengths() -> None:
    assert len(solve(network_of(ArgumentGraph(HEADER, Columns([], b"", []))), "euler", "plain").strength) == 0
