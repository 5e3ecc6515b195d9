"""The inner loops of strength, in the subset of Python that runs over lists and compiles over arrays.

A cell is a statement, a motive or an argument that is more than its one premise. Its inputs are entries
`2 * cell + opposing` with a weight; an argument also has premises, the weakest of which scales its credence.
"""

import math
from typing import Any

from graph.evaluation.kernels import inner

QUADRATIC, DF_QUAD, EULER, MLP = 0, 1, 2, 3


@inner
def influence(kind: int, w: float, g: float) -> float:
    """What a base strength becomes under an aggregate; each as in its paper (see `strength.strength`)."""
    if kind == 0:
        h = g * g / (1.0 + g * g)
        return w + (1.0 - w) * h if g > 0.0 else w - w * h
    if kind == 1:
        return w + (1.0 - w) * g if g >= 0.0 else w + w * g
    bounded = min(700.0, max(-700.0, g))
    if kind == 2:
        return 1.0 - (1.0 - w * w) / (1.0 + w * math.exp(bounded))
    if w <= 0.0 or w >= 1.0:
        return w
    return 1.0 / (1.0 + (1.0 - w) / w * math.exp(-bounded))


@inner
def total(entries: Any, weights: Any, s: Any, first: int, last: int) -> float:
    """Supporting less opposing strengths, in the order of the entries."""
    g = 0.0
    for k in range(first, last):
        x = weights[k] * s[entries[k] >> 1]
        g += -x if entries[k] & 1 else x
    return g


@inner
def sides(entries: Any, weights: Any, s: Any, first: int, last: int) -> float:
    """What the opposing leave less what the supporting leave, each by a product (Rago et al. 2016)."""
    against, support = 1.0, 1.0
    for k in range(first, last):
        rest = 1.0 - weights[k] * s[entries[k] >> 1]
        if entries[k] & 1:
            against *= rest
        else:
            support *= rest
    return against - support


@inner
def weakest(premises: Any, s: Any, first: int, last: int) -> float:
    """The least strength of some premises, 1 of none."""
    least = 1.0
    for k in range(first, last):
        least = min(least, s[premises[k]])
    return least


@inner
def cell(
    starts: Any, entries: Any, weights: Any, base: Any, leads: Any, premises: Any, kind: int, s: Any, v: int
) -> float:
    """The strength that a cell's inputs give it; the arrays one by one, since a tuple of them costs twice the time."""
    w: float = base[v] * weakest(premises, s, leads[v], leads[v + 1])
    first, last = starts[v], starts[v + 1]
    if first == last:
        return w
    if kind == 1:
        return influence(kind, w, sides(entries, weights, s, first, last))
    return influence(kind, w, total(entries, weights, s, first, last))


@inner
def bound(  # noqa: C901 - one bound, term by term
    starts: Any, entries: Any, weights: Any, base: Any, leads: Any, premises: Any, kind: int, first: int, last: int,
    size: Any,
) -> float:  # fmt: skip
    """A bound of how far some rounds over a component can keep two solutions apart; below 1 there is only one.

    Row by row the Lipschitz bounds of influence and aggregate (Mossakowski & Neuhaus 2018; Potyka 2019); inputs from
    outside the component are constants. Infinite where no bound holds.
    """
    n = last - first
    for v in range(n):
        size[v] = 1.0
    most = 0.0
    for _ in range(6):
        most = 0.0
        for v in range(first, last):
            w = base[v]
            inside = 0.0
            for k in range(starts[v], starts[v + 1]):
                u = entries[k] >> 1
                if first <= u < last:
                    inside += weights[k] * size[u - first]
            led = 0.0
            for k in range(leads[v], leads[v + 1]):
                if first <= premises[k] < last:
                    led += w * size[premises[k] - first]
            # The base of an argument moves with its premises, so anything from 0 to its credence.
            moves = leads[v] < leads[v + 1]
            top = 1.0 if moves else max(w, 1.0 - w)
            if kind == 0:
                inside *= 0.6495190528383290 * top
            elif kind == 1:
                inside *= top
            elif kind == 2:
                inside *= 0.25 if moves else 0.25 * (1.0 - w * w)
            elif moves or 0.0 < w < 1.0:
                inside *= 0.25
            else:
                inside = 0.0
            if led > 0.0 and kind >= 2 and starts[v] < starts[v + 1]:
                return math.inf  # the influence of these two is not Lipschitz in the base
            size[n + v - first] = inside + led
            most = max(most, inside + led)
        if most < 1.0 or most > 8.0:
            break
        for v in range(n):
            size[v] = size[n + v]
    return most
