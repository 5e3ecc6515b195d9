"""Solves a network component by component: one pass, sweeps on circles, and for stubborn ones damping and flow."""

from typing import Any, NamedTuple

import numpy as np

from graph.arrays import Floats
from graph.evaluation import kernels
from graph.evaluation import solver_kernels as inner
from graph.evaluation.gates import Engine
from graph.evaluation.network import Network
from graph.evaluation.strength_kernels import DF_QUAD, EULER, MLP, QUADRATIC
from schemas.evaluation_query import Gradual

KINDS: dict[Gradual, int] = {"quadratic-energy": QUADRATIC, "df-quad": DF_QUAD, "euler": EULER, "mlp": MLP}
CLOSE = 1e-14
"""A sweep that changes no strength by more ends the sweeps."""
GOOD = 1e-11
"""A residual that counts as settled where rounding keeps the sweeps from `CLOSE`."""
_ROUNDS = 200
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

    def zeros(self, size: int) -> Any:
        return np.zeros(size) if self.compiled else [0.0] * size


def tools(network: Network, engine: Engine = "auto") -> Tools:
    """The kernels to use for a network."""
    if engine == "compiled" or (engine == "auto" and kernels.worth(len(network) + len(network.entries))):
        fast = inner.forward_fast, inner.flow_fast
        return Tools(network.parts, *fast, compiled=True)
    lists = tuple(part.tolist() for part in network.parts)
    plain = inner.forward, inner.flow
    return Tools(lists, *plain, compiled=False)


def solve(network: Network, semantics: Gradual, engine: Engine = "auto") -> Solution:
    """The strengths under a semantics; one pass, O(nodes + links), without circles, else that per sweep.

    A circle is swept by Gauss-Seidel from the credences; where this does not settle, with damping, and then as
    the continuous model by Runge-Kutta (Potyka 2018). What still does not settle oscillates.
    """
    kind = KINDS[semantics]
    if engine == "auto" and not network.ring.any() and _vectorised(network):
        return Solution(_by_rounds(network, semantics), {})
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
    at = 0
    while True:
        at = kit.forward(kit.net, kind, s, bounds, ring, sweeps, changes, sure, scratch, at, CLOSE)
        if at >= parts:
            break
        done = Circle(int(sweeps[at]), float(changes[at]), True, bool(sure[at]))
        stubborn[at] = done if done.residual <= GOOD else _flow(kit, kind, s, bounds[at], bounds[at + 1], done)
        at += 1
    circles = {
        c: stubborn[c] if c in stubborn else Circle(int(sweeps[c]), float(changes[c]), True, bool(sure[c]))
        for c in circular
    }
    return np.asarray(s), circles


def _flow(kit: Tools, kind: int, s: Any, first: int, last: int, before: Circle) -> Circle:
    """A circle that rounds did not settle: the continuous model from the credences, as far as it settles."""
    n = int(last - first)
    for v in range(first, last):
        s[v] = kit.net[3][v]
    low, high, slope = kit.zeros(n), kit.zeros(n), kit.zeros(5 * n)
    done, speed = before.iterations, 0.0
    links = n + int(kit.net[0][last]) - int(kit.net[0][first])
    most = max(100, _FLOW_WORK // (4 * links) if kit.compiled else _FLOW_WORK // (200 * links))
    for steps in (min(_FLOW_STEPS, most), min(_FLOW_LAST, most)):
        speed = float(kit.flow(kit.net, kind, s, first, last, _FLOW_STEP, steps, low, high, slope))
        done += steps
        if speed <= GOOD:
            return Circle(done, speed, True, before.unique)
    for v in range(n):
        s[first + v] = 0.5 * (low[v] + high[v])
    return Circle(done, speed, False, False, tuple(map(float, low)), tuple(map(float, high)))


# --- without a compiler ---------------------------------------------------------------------------


def _vectorised(network: Network) -> bool:
    return not kernels.available() and len(network) + len(network.entries) >= kernels.WORTH_COMPILING


def _by_rounds(network: Network, semantics: Gradual) -> Floats:
    """All cells at once, again and again until nothing moves: as many rounds as the map is deep.

    A map deeper than `_ROUNDS` is finished by the plain pass instead.
    """
    s = network.base.copy()
    rows = np.repeat(np.arange(len(network)), np.diff(network.starts))
    for _ in range(_ROUNDS):
        new = _round(network, KINDS[semantics], rows, s)
        if np.array_equal(new, s):
            return s
        s = new
    return solve(network, semantics, "plain").strength


def _round(network: Network, kind: int, rows: Any, s: Floats) -> Floats:
    size = len(network)
    w = network.base.copy()
    led = np.flatnonzero(np.diff(network.leads))
    if len(led):
        w[led] *= np.minimum.reduceat(s[network.premises], network.leads[led])
    x = network.weights * s[network.entries >> 1]
    opposing = (network.entries & 1).astype(bool)
    if kind == DF_QUAD:
        sides = np.ones((2, size))
        for side, chosen in enumerate((opposing, ~opposing)):
            np.multiply.at(sides[side], rows[chosen], 1.0 - x[chosen])
        g = sides[0] - sides[1]
    else:
        g = np.bincount(rows, np.where(opposing, -x, x), minlength=size)
    return np.where(np.diff(network.starts) > 0, _influence(kind, w, g), w)


def _influence(kind: int, w: Floats, g: Floats) -> Floats:
    if kind == QUADRATIC:
        h = g * g / (1.0 + g * g)
        return np.where(g > 0.0, w + (1.0 - w) * h, w - w * h)
    if kind == DF_QUAD:
        return np.where(g >= 0.0, w + (1.0 - w) * g, w + w * g)
    bounded = np.clip(g, -700.0, 700.0)
    if kind == EULER:
        return 1.0 - (1.0 - w * w) / (1.0 + w * np.exp(bounded))
    inside = np.clip(w, 1e-300, 1.0)
    found = 1.0 / (1.0 + (1.0 - inside) / inside * np.exp(-bounded))
    return np.where((w <= 0.0) | (w >= 1.0), w, found)
