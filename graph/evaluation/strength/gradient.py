"""How fast a strength grows with each credence it depends on: one pass back through the network (adjoint method)."""

from typing import Any

import numpy as np

from graph.budgets import OutOfTime, Timeout
from graph.evaluation.strength import gradient_kernels as inner
from graph.evaluation.strength.network import Network
from graph.evaluation.strength.solver import Tools
from graph.snapshot.arrays import Floats, Ints

_STEPS = (0.5, 0.1, 0.02)
"""Lengths of the steps inside a circle, each tried where the one before does not settle."""
_ROUNDS = 4_000
"""Rounds over a circle before shorter steps are tried."""
_WORK = 5_000_000
"""Links visited between two looks at the budget."""
_CLOSE, _FAR = 1e-14, 1e12


def gradient(network: Network, kit: Tools, kind: int, s: Floats, at: int, steps: Ints, budget: Timeout) -> Floats:
    """The derivative of a cell's strength by the credence of each node, by compact number.

    Exact where the semantics is differentiable; at a kink the mean of both sides, for equal weakest premises the first
    by id. One pass, O(cells + links), inside circles that per round of the linear system (Yin, Potyka & Toni 2023).
    `steps` names the argument of each entry. May raise `OutOfTime`, also where a circle's system does not settle.
    """
    size = len(network)
    by_base, by_input, pull, new = (kit.zeros(n) for n in (size, len(network.entries), size, 2 * size))
    weak: Any = np.zeros(size, dtype=np.int32) if kit.compiled else [0] * size
    strength = s if kit.compiled else s.tolist()
    slopes: Any = inner.slopes_fast if kit.compiled else inner.slopes
    slopes(*kit.net, kind, strength, by_base, by_input, weak)
    pull[at] = 1.0
    _pass_back(network, kit, (by_base, by_input, weak, pull, new), budget)
    least = np.ones(size)
    led = np.flatnonzero(np.diff(network.leads))
    least[led] = s[np.asarray(weak)[led]]
    found = np.zeros(len(network.arrays))
    found[network.compact] = np.asarray(pull) * np.asarray(by_base) * least
    plain = network.position[steps] < 0
    rows = np.repeat(np.arange(size), np.diff(network.starts))
    by_step = np.asarray(pull)[rows] * np.asarray(by_input) * s[network.entries >> 1]
    found[steps[plain]] = by_step[plain]
    return found


def _pass_back(network: Network, kit: Tools, parts: tuple[Any, ...], budget: Timeout) -> None:
    run: Any = inner.back_fast if kit.compiled else inner.back
    bounds, ring = (network.bounds, network.ring) if kit.compiled else (network.bounds.tolist(), network.ring.tolist())
    starts, entries, weights, base = kit.net[:4]
    pull, new = parts[-2:]
    slice_ = max(2, min(200, _WORK // max(1, len(network.entries))))
    at, tries, done, again = len(bounds) - 2, 0, 0, False
    while at >= 0:
        budget.check()
        step = _STEPS[tries]
        stopped = int(run(starts, entries, weights, base, bounds, ring, *parts, at, step, slice_, _CLOSE, again))
        done, again = (done + slice_ if stopped == at else slice_), True
        if stopped >= 0 and (done >= _ROUNDS or _runs_away(pull[bounds[stopped] : bounds[stopped + 1]])):
            tries, done, again = tries + 1, 0, False
            if tries == len(_STEPS):
                raise OutOfTime
            first, last = bounds[stopped], bounds[stopped + 1]
            pull[first:last] = new[len(network) + first : len(network) + last]
        elif stopped != at:
            tries = 0
        at = stopped


def _runs_away(pull: Any) -> bool:
    return max(map(abs, pull)) > _FAR if isinstance(pull, list) else bool(np.max(np.abs(pull)) > _FAR)
