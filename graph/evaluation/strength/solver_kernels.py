"""The loops over cells: a pass through the components, sweeps on circles, and the continuous model for the rest."""

from typing import Any

from graph.evaluation.kernels import fast, inner
from graph.evaluation.strength.strength_kernels import bound, cell, influence, sides, total, weakest


@inner
def settle(
    starts: Any,
    entries: Any,
    weights: Any,
    base: Any,
    leads: Any,
    premises: Any,
    kind: int,
    s: Any,
    first: int,
    last: int,
    rounds: int,
    close: float,
) -> Any:
    """Sweep over a component, each cell seeing those before it, until a sweep changes less than `close`.

    Gauss-Seidel: right where there is one solution, and fastest. Gives up when the change has not halved in 50
    sweeps. Returns the sweeps and the last change.
    """
    mark, since, change = 2.0, 0, 0.0
    for t in range(rounds):
        change = 0.0
        for v in range(first, last):
            w = base[v]  # the body of `cell`, as in `forward`
            if leads[v] < leads[v + 1]:
                w = w * weakest(premises, s, leads[v], leads[v + 1])
            head, tail = starts[v], starts[v + 1]
            if head < tail:
                g = sides(entries, weights, s, head, tail) if kind == 1 else total(entries, weights, s, head, tail)
                w = influence(kind, w, g)
            change = max(change, abs(w - s[v]))
            s[v] = w
        if change <= close:
            return t + 1, change
        since += 1
        if change <= 0.5 * mark:
            mark, since = change, 0
        elif since >= 50:
            return t + 1, change
    return rounds, change


@inner
def relax(
    starts: Any,
    entries: Any,
    weights: Any,
    base: Any,
    leads: Any,
    premises: Any,
    kind: int,
    s: Any,
    first: int,
    last: int,
    rounds: int,
    close: float,
    new: Any,
) -> Any:
    """All cells of a component at once, half way to where their inputs send them, until a round changes little.

    The continuous model in steps of one half: where there may be several solutions it goes where that goes, and
    treats equal cells alike. Gives up as `settle` does; returns the rounds and the last change.
    """
    mark, since, change = 2.0, 0, 0.0
    for t in range(rounds):
        change = 0.0
        for v in range(first, last):
            w = base[v]  # the body of `cell`, as in `forward`
            if leads[v] < leads[v + 1]:
                w = w * weakest(premises, s, leads[v], leads[v + 1])
            head, tail = starts[v], starts[v + 1]
            if head < tail:
                g = sides(entries, weights, s, head, tail) if kind == 1 else total(entries, weights, s, head, tail)
                w = influence(kind, w, g)
            new[v - first] = w
            change = max(change, abs(w - s[v]))
        for v in range(first, last):
            s[v] = 0.5 * s[v] + 0.5 * new[v - first]
        if change <= close:
            return t + 1, change
        since += 1
        if change <= 0.5 * mark:
            mark, since = change, 0
        elif since >= 50:
            return t + 1, change
    return rounds, change


def forward(
    net: Any, kind: int, s: Any, bounds: Any, ring: Any, sweeps: Any, changes: Any, sure: Any, scratch: Any,
    at: int, close: float,
) -> int:  # fmt: skip
    """Component after component from the one numbered `at`: single cells at once, circles by sweeps.

    `sure` takes whether a circle has one solution only, `scratch` has room for the largest component twice. Returns
    the number of a component that does not settle, or that `ring` marks by a 2, or the number of components.
    """
    starts, entries, weights, base, leads, premises = net
    for c in range(at, len(bounds) - 1):
        first, last = bounds[c], bounds[c + 1]
        if ring[c] == 0:  # not by `cell`: a call for each costs as much as its work
            w = base[first]
            if leads[first] < leads[last]:
                w = w * weakest(premises, s, leads[first], leads[last])
            head, tail = starts[first], starts[last]
            if head < tail:
                g = sides(entries, weights, s, head, tail) if kind == 1 else total(entries, weights, s, head, tail)
                w = influence(kind, w, g)
            s[first] = w
            continue
        if ring[c] > 1:
            return c
        for v in range(first, last):
            s[v] = base[v]
        one = bound(starts, entries, weights, base, leads, premises, kind, first, last, scratch) < 1.0
        sure[c] = 1 if one else 0
        if one:
            sweeps[c], changes[c] = settle(
                starts, entries, weights, base, leads, premises, kind, s, first, last, 2000, close
            )
        else:
            sweeps[c], changes[c] = relax(
                starts, entries, weights, base, leads, premises, kind, s, first, last, 2000, close, scratch
            )
        if changes[c] > close:
            return c
    return len(bounds) - 1


def flow(
    net: Any,
    kind: int,
    s: Any,
    first: int,
    last: int,
    step: float,
    steps: int,
    low: Any,
    high: Any,
    slope: Any,
) -> float:
    """The continuous model ds/dt = f(s) - s (Potyka 2018) by classical Runge-Kutta; returns the last speed.

    `low` and `high` take the envelope; `slope` is scratch of five times the component's size.
    """
    starts, entries, weights, base, leads, premises = net
    n = last - first
    speed = 0.0
    for v in range(n):
        low[v] = high[v] = s[first + v]
    for _ in range(steps):
        for v in range(n):
            slope[4 * n + v] = s[first + v]
        for stage in range(4):
            for v in range(n):
                slope[stage * n + v] = (
                    cell(starts, entries, weights, base, leads, premises, kind, s, first + v) - s[first + v]
                )
            if stage < 3:
                reach = step if stage == 2 else 0.5 * step
                for v in range(n):
                    s[first + v] = slope[4 * n + v] + reach * slope[stage * n + v]
        speed = 0.0
        for v in range(n):
            k1, k2, k3, k4 = slope[v], slope[n + v], slope[2 * n + v], slope[3 * n + v]
            speed = max(speed, abs(k1))
            s[first + v] = slope[4 * n + v] + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
            low[v] = min(low[v], s[first + v])
            high[v] = max(high[v], s[first + v])
        if speed <= 1e-13:
            return speed
    return speed


forward_fast = fast(forward)
flow_fast = fast(flow)
