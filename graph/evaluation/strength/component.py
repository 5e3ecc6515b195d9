"""Solves one component of a network by itself, given the strengths around it: the same sweeps as in the whole."""

from collections.abc import Callable
from typing import Any

import numpy as np

from graph.evaluation.strength.network import Network
from graph.evaluation.strength.solver import Circle, compiled, pass_through, plain, tools
from graph.snapshot.columns import NONE

Look = Callable[[int], float]


def solved_alone(
    network: Network, kind: int, component: int, around: Look, credence: Look
) -> tuple[list[float], Circle]:
    """The strengths of a component's cells by position.

    `around` gives the strengths of cells outside of it by position, `credence` that of a node by compact number: what
    it stands on may have changed, its links may not.
    """
    first, last = int(network.bounds[component]), int(network.bounds[component + 1])
    n = last - first
    span = slice(int(network.starts[first]), int(network.starts[last]))
    led = slice(int(network.leads[first]), int(network.leads[last]))
    entries, premises = network.entries[span], network.premises[led]
    near = np.concatenate([entries >> 1, premises])
    far = np.unique(near[(near < first) | (near >= last)])

    def local(positions: Any) -> Any:
        outside = np.searchsorted(far, positions) + n
        return np.where((positions >= first) & (positions < last), positions - first, outside).astype(np.int32)

    own = network.compact[first:last].tolist()
    base = np.asarray([credence(i) for i in own])
    starts = network.starts[first : last + 1] - network.starts[first]
    leads = network.leads[first : last + 1] - network.leads[first]
    net = (
        starts,
        local(entries >> 1) * 2 + (entries & 1),
        _weights(network, own, credence),
        base,
        leads,
        local(premises),
    )
    s = np.concatenate([base, [around(p) for p in far.tolist()]])
    if tools(network).compiled:
        found, circles = pass_through(
            compiled(net), kind, s, np.asarray([0, n], dtype=np.int32), np.ones(1, dtype=np.bool_)
        )
    else:
        found, circles = pass_through(plain(net), kind, s.tolist(), [0, n], [True])
    return found[:n].tolist(), circles[0]


def _weights(network: Network, own: list[int], credence: Look) -> Any:
    steps = [step for i in own for step in network.arrays.incoming.of(i).tolist()]
    plain = network.position[np.asarray(steps, dtype=np.int64)] == NONE
    return np.asarray([credence(step) if p else 1.0 for step, p in zip(steps, plain.tolist(), strict=True)])
