"""Solves a network component by component: one pass, sweeps on circles, and for stubborn ones damping and flow."""

from typing import Any, NamedTuple

import numpy as np

from graph.evaluation import kernels
from graph.evaluation.labelling.gates import Engine
from graph.evaluation.strength import solver_kernels as inner
from graph.evaluation.strength import sweeps as rounds
from graph.evaluation.strength.network import Network
from graph.evaluation.strength.strength_kernels import DF_QUAD, EULER, MLP, QUADRATIC
from graph.snapshot.arrays import Floats
from schemas.evaluation_query import Gradual

KINDS: dict[Gradual, int] = {"quadratic-energy": QUADRATIC, "df-quad": DF_QUAD, "euler": EULER, "mlp": MLP}
CLOSE = 1e-14
"""A sweep that changes no strength by more ends the sweeps."""
GOOD = 1e-11
"""A residual that counts as settled where rounding keeps the sweeps from `CLOSE`."""
_DEEPEST = 200
"""Rounds in arrays after which a map without circles is left to the plain pass."""
_LARGE = 2_000
"""Cells and links of a circle from which rounds in arrays are faster than loops that are not compiled."""
_FLOW_STEP, _FLOW_STEPS, _FLOW_LAST = 0.1, 6_000, 2_000
_FLOW_WORK = 500_000_000
"""Links that the continuous model visits at most; a circle too large to settle within them is said not to."""


class Circle(NamedTuple):
    """How a component that depends on itself was solved."""

    iterations: int
    residual: float
    converged: bool
    unique: bool
    """Whether a contraction bound proves that there is no other solution."""
    low: tuple[float, ...] = ()
    """By cell of the component, only where it oscillates."""
    high: tuple[float, ...] = ()


class Solution(NamedTuple):
    """Strength by position, and what became of each circle by the number of its component."""

    strength: Floats
    circles: dict[int, Circle]


class Tools(NamedTuple):
    """The kernels and the numbers they run over: compiled with arrays, or plain with lists."""

    net: Any
    forward: Any
    flow: Any
    compiled: bool
    slowness: int
    """How long a visit of a link takes, in fourths of a compiled one."""

    def zeros(self, size: int) -> Any:
        return np.zeros(size) if self.compiled else [0.0] * size


def tools(network: Network, engine: Engine = "auto") -> Tools:
    """The kernels to use for a network."""
    if engine == "compiled" or (engine == "auto" and kernels.worth(len(network) + len(network.entries))):
        return compiled(network.parts)
    return plain(network.parts)


def compiled(net: Any) -> Tools:
    """The compiled kernels over arrays."""
    return Tools(net, inner.forward_fast, inner.flow_fast, compiled=True, slowness=4)


def plain(net: Any) -> Tools:
    """The kernels as Python runs them, over lists."""
    return Tools(tuple(part.tolist() for part in net), inner.forward, inner.flow, compiled=False, slowness=200)


def solve(network: Network, semantics: Gradual, engine: Engine = "auto") -> Solution:
    """The strengths under a semantics; one pass, O(nodes + links), without circles, else that per sweep.

    A circle is swept by Gauss-Seidel from the credences; where this does not settle, with damping, and then as
    the continuous model by Runge-Kutta (Potyka 2018). What still does not settle oscillates.
    """
    kind = KINDS[semantics]
    if engine == "auto" and not network.ring.any() and _is_large(network):
        found = rounds.without_circles(network, kind, _DEEPEST)
        if found is not None:
            return Solution(found, {})
    kit = tools(network, engine)
    s = kit.zeros(len(network))
    bounds = network.bounds if kit.compiled else network.bounds.tolist()
    ring = network.ring if kit.compiled else network.ring.tolist()
    return Solution(*pass_through(kit, kind, s, bounds, ring))


def pass_through(kit: Tools, kind: int, s: Any, bounds: Any, ring: Any) -> tuple[Floats, dict[int, Circle]]:
    """Fill in the strengths of all components, and tell how the circles were solved."""
    parts = len(bounds) - 1
    circular = np.flatnonzero(ring).tolist()
    widest = max((int(bounds[c + 1]) - int(bounds[c]) for c in circular), default=0)
    sweeps, changes, sure = kit.zeros(parts), kit.zeros(parts), kit.zeros(parts)
    scratch = kit.zeros(2 * widest)
    stubborn: dict[int, Circle] = {}
    ring = ring if kit.compiled else _with_large(kit, bounds, ring, circular)
    at = 0
    while True:
        at = kit.forward(kit.net, kind, s, bounds, ring, sweeps, changes, sure, scratch, at, CLOSE)
        if at >= parts:
            break
        if ring[at] > 1 and sweeps[at] == 0:
            done = _in_arrays(kit, kind, s, bounds[at], bounds[at + 1])
            if done is None:
                ring[at] = 1
                continue
        else:
            done = Circle(int(sweeps[at]), float(changes[at]), True, bool(sure[at]))
            done = done if done.residual <= GOOD else _flow(kit, kind, s, bounds[at], bounds[at + 1], done)
        stubborn[at] = done
        at += 1
    circles = {
        c: stubborn[c] if c in stubborn else Circle(int(sweeps[c]), float(changes[c]), True, bool(sure[c]))
        for c in circular
    }
    return np.asarray(s), circles


def _with_large(kit: Tools, bounds: Any, ring: Any, circular: list[int]) -> list[int]:
    """Which components depend on themselves, the large ones marked by a 2."""
    found = [int(one) for one in ring]
    starts = kit.net[0]
    for c in circular:
        first, last = bounds[c], bounds[c + 1]
        if last - first + starts[last] - starts[first] >= _LARGE:
            found[c] = 2
    return found


def _in_arrays(kit: Tools, kind: int, s: list[float], first: int, last: int) -> Circle | None:
    """A large circle without a compiler; None where loops are faster all the same."""
    whole = np.asarray(s)
    settled = rounds.circle(kit.net, kind, whole, first, last, CLOSE)
    if settled is None:
        return None
    done = Circle(settled[0], settled[1], True, settled[2])
    if done.residual > GOOD:
        arrays = Tools(kit.net, None, rounds.flow, compiled=True, slowness=20)
        done = _flow(arrays, kind, whole, first, last, done)
    s[first:last] = whole[first:last].tolist()
    return done


def _flow(kit: Tools, kind: int, s: Any, first: int, last: int, before: Circle) -> Circle:
    """A circle that rounds did not settle: the continuous model from the credences, as far as it settles."""
    n = int(last - first)
    for v in range(first, last):
        s[v] = kit.net[3][v]
    low, high, slope = kit.zeros(n), kit.zeros(n), kit.zeros(5 * n)
    done, speed = before.iterations, 0.0
    links = n + int(kit.net[0][last]) - int(kit.net[0][first])
    most = max(100, _FLOW_WORK // (kit.slowness * links))
    for steps in (min(_FLOW_STEPS, most), min(_FLOW_LAST, most)):
        speed = float(kit.flow(kit.net, kind, s, first, last, _FLOW_STEP, steps, low, high, slope))
        done += steps
        if speed <= GOOD:
            return Circle(done, speed, True, before.unique)
    for v in range(n):
        s[first + v] = 0.5 * (low[v] + high[v])
    return Circle(done, speed, False, False, tuple(map(float, low)), tuple(map(float, high)))


def _is_large(network: Network) -> bool:
    """Whether arrays are the faster way, since nothing can be compiled."""
    return not kernels.available() and len(network) + len(network.entries) >= kernels.WORTH_COMPILING
