"""Compiles the kernels before the first question needs them, so that no budget is spent on it."""

import numpy as np

from graph.arrays import of_steps
from graph.columns import ARGUMENT, STATEMENT
from graph.evaluation import gradient, kernels
from graph.evaluation import solver_kernels as inner
from graph.evaluation.budget import Budget
from graph.evaluation.gates import gates_of, least_labels
from graph.evaluation.network import build
from graph.evaluation.solver import solve, tools


def warm_up() -> None:
    """Compile every kernel on two statements that oppose each other; some seconds, nothing where there is no numba.

    May run beside questions: those that need a kernel meanwhile wait for it.
    """
    if not kernels.available():
        return
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
    steps = arrays.bearing.values
    gradient.gradient(network, kit, 0, s, 0, steps, Budget(600.0))
    kernels.ready()
