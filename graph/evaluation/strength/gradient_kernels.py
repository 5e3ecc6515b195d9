"""The inner loops of the gradient: slopes of each cell, and one pass back through the components."""

import math
from typing import Any

from graph.evaluation.kernels import fast, inner


def slopes(  # noqa: C901 - one derivative for each semantics
    starts: Any, entries: Any, weights: Any, base: Any, leads: Any, premises: Any, kind: int, s: Any,
    by_base: Any, by_input: Any, weak: Any,
) -> None:  # fmt: skip
    """Of each cell the slope by its base, by each input's strength, and its first weakest premise (-1 of none)."""
    for v in range(len(base)):
        least, weak[v] = 1.0, -1
        for k in range(leads[v], leads[v + 1]):
            if weak[v] == -1 or s[premises[k]] < least:
                least, weak[v] = s[premises[k]], premises[k]
        w, first, last = base[v] * least, starts[v], starts[v + 1]
        if first == last:
            by_base[v] = 1.0
            continue
        if kind == 1:
            against, support, no_against, no_support = 1.0, 1.0, 0, 0
            for k in range(first, last):
                rest = 1.0 - weights[k] * s[entries[k] >> 1]
                if entries[k] & 1:
                    against, no_against = (against * rest, no_against) if rest != 0.0 else (against, no_against + 1)
                else:
                    support, no_support = (support * rest, no_support) if rest != 0.0 else (support, no_support + 1)
            g = (against if no_against == 0 else 0.0) - (support if no_support == 0 else 0.0)
            by_base[v] = 1.0 - abs(g)
            by_sum = 1.0 - w if g > 0.0 else (w if g < 0.0 else 0.5)
            for k in range(first, last):
                rest = 1.0 - weights[k] * s[entries[k] >> 1]
                zeros, product = (no_against, against) if entries[k] & 1 else (no_support, support)
                others = product if zeros == (1 if rest == 0.0 else 0) else 0.0
                others = others / rest if rest != 0.0 else others
                by_input[k] = -by_sum * others if entries[k] & 1 else by_sum * others
            continue
        g = 0.0
        for k in range(first, last):
            g += (-1.0 if entries[k] & 1 else 1.0) * weights[k] * s[entries[k] >> 1]
        if kind == 0:
            scale = 1.0 + g * g
            by_base[v], by_sum = 1.0 / scale, (1.0 - w if g > 0.0 else w) * 2.0 * abs(g) / (scale * scale)
        elif kind == 2:
            e = math.exp(min(300.0, max(-300.0, g)))
            scale = (1.0 + w * e) * (1.0 + w * e)
            by_base[v], by_sum = (2.0 * w + e * (1.0 + w * w)) / scale, (1.0 - w * w) * w * e / scale
        elif w <= 0.0 or w >= 1.0:
            by_base[v], by_sum = 1.0, 0.0
        else:
            strength = 1.0 / (1.0 + (1.0 - w) / w / math.exp(min(300.0, max(-300.0, g))))
            by_sum = strength * (1.0 - strength)
            by_base[v] = by_sum / (w * (1.0 - w))
        for k in range(first, last):
            by_input[k] = -by_sum if entries[k] & 1 else by_sum


@inner
def _send_on(
    starts: Any, entries: Any, weights: Any, base: Any, first: int, last: int, by_base: Any, by_input: Any, weak: Any,
    pull: Any,
) -> None:  # fmt: skip
    """Send the pull of a component's cells on to the inputs that lie before it."""
    for v in range(first, last):
        if pull[v] == 0.0:
            continue
        for k in range(starts[v], starts[v + 1]):
            u = entries[k] >> 1
            if u < first:
                pull[u] += pull[v] * by_input[k] * weights[k]
        if 0 <= weak[v] < first:
            pull[weak[v]] += pull[v] * by_base[v] * base[v]


def back(  # noqa: C901 - one component after another
    starts: Any, entries: Any, weights: Any, base: Any, bounds: Any, ring: Any, by_base: Any, by_input: Any, weak: Any,
    pull: Any, new: Any, at: int, step: float, rounds: int, close: float, again: bool,
) -> int:  # fmt: skip
    """Send the pull of each cell on to its inputs, the last component first, from the one numbered `at`.

    Inside a circle rounds of steps over (I - Jᵀ) λ = e, stable where the same steps led to the strengths. Returns the
    number of a component that has not settled yet, to go on with `again`, or -1 when done. `new` is scratch of twice
    the number of cells, the second half of it e.
    """
    size = len(base)
    for c in range(at, -1, -1):
        first, last = bounds[c], bounds[c + 1]
        if ring[c] != 0:
            most = 0.0
            for v in range(first, last):
                if c != at or not again:
                    new[size + v] = pull[v]
                most = max(most, abs(pull[v]))
            settled = most == 0.0
            for _ in range(rounds):
                if settled:
                    break
                new[first:last] = new[size + first : size + last]
                for v in range(first, last):
                    for k in range(starts[v], starts[v + 1]):
                        u = entries[k] >> 1
                        if first <= u < last:
                            new[u] += pull[v] * by_input[k] * weights[k]
                    if weak[v] >= first:
                        new[weak[v]] += pull[v] * by_base[v] * base[v]
                change, most = 0.0, 0.0
                for v in range(first, last):
                    change = max(change, abs(new[v] - pull[v]))
                    pull[v] += step * (new[v] - pull[v])
                    most = max(most, abs(pull[v]))
                settled = change <= close * most
                if most > 1e12:
                    break
            if not settled:
                return c
        _send_on(starts, entries, weights, base, first, last, by_base, by_input, weak, pull)
    return -1


slopes_fast = fast(slopes)
back_fast = fast(back)
