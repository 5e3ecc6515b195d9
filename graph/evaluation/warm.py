"""Compiles the kernels before the first question needs them, so that no budget is spent on it."""

from threading import Lock

import numpy as np

from graph.budgets import Timeout
from graph.evaluation import kernels
from graph.evaluation.labelling.gates import gates_of, least_labels
from graph.evaluation.strength import gradient
from graph.evaluation.strength import solver_kernels as inner
from graph.evaluation.strength.network import build
from graph.evaluation.strength.solver import solve, tools
from graph.snapshot.arrays import of_steps
from graph.snapshot.columns import ARGUMENT, STATEMENT

_ONCE = Lock()


def warm_up(nodes: int | None = None) -> None:
    """Compile every kernel, once in a process and only where a map of so many nodes is worth it; some seconds.

    Does nothing where there is no numba. Questions that come meanwhile wait for it, and their time runs from then.
    """
    if nodes is not None and not kernels.worth(nodes):
        return
    with _ONCE:
        if kernels.available() and not kernels.is_ready():
            _compile()


def _compile() -> None:
    """Run every kernel on two statements that oppose each other."""
    kinds = np.asarray([STATEMENT, STATEMENT, ARGUMENT, ARGUMENT], dtype=np.uint8)
    ends = np.asarray([0, 1], dtype=np.int32)
    arrays = of_steps(kinds, np.full(4, 0.5), ends, ends[::-1].copy(), np.full(2, -1, dtype=np.int8))
    least_labels(gates_of(arrays), "compiled")
    network = build(arrays)
    starts, edges = network.starts, network.entries >> 1
    kernels.components_fast(starts, edges, *(np.zeros(2, dtype=np.int32) for _ in range(7)))
    kit = tools(network, "compiled")
    s = solve(network, "quadratic-energy", "compiled").strength
    bounds = network.bounds
    inner.flow_fast(kit.net, 0, s, bounds[0], bounds[1], 0.1, 1, np.zeros(2), np.zeros(2), np.zeros(10))
    steps = arrays.incoming.values
    gradient.gradient(network, kit, 0, s, 0, steps, Timeout(600.0))
    kernels.ready()
