"""The gradual semantics in one table: what each makes of a node, how fast that grows, and a bound of how fast."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from schemas.evaluation_query import Gradual

# Every formula stands once and is read two ways: over arrays, and over single numbers where a call of numpy for each
# would cost ten times the work. Both ways give the same bits: IEEE 754 fixes + - * / for either, and `exp` is numpy's
# in both (that of the C library differs in the last digit).


@dataclass(frozen=True, slots=True)
class Maths:
    """The functions that formulas need beside + - * /, over arrays or over single numbers."""

    where: Callable[[Any, Any, Any], Any]
    exp: Callable[[Any], Any]
    clip: Callable[[Any, float, float], Any]


ARRAYS = Maths(np.where, np.exp, np.clip)
NUMBERS = Maths(
    where=lambda condition, so, otherwise: so if condition else otherwise,
    exp=lambda x: float(np.exp(x)),
    clip=lambda x, least, most: min(max(x, least), most),
)


@dataclass(frozen=True, slots=True)
class GradualSemantics:
    """One semantics: an influence of a base strength w under an aggregate g of what bears on a node."""

    by_product: bool
    """Whether g is what the opposing leave less what the supporting leave, each by a product; else it is the sum."""
    influence: Callable[[Any, Any, Maths], Any]
    """The strength that w and g give, in [0, 1]."""
    slopes: Callable[[Any, Any, Maths], tuple[Any, Any]]
    """How fast the influence grows with w and with g; at a kink the mean of both sides."""
    steepest: Callable[[Any, Any, Maths], Any]
    """A Lipschitz bound of the influence in g, for a base w or, where the second argument says so, for any base."""
    base_is_bounded: bool
    """Whether the influence is Lipschitz in w with bound 1, whatever g is."""


def _quadratic_influence(w: Any, g: Any, maths: Maths) -> Any:
    h = g * g / (1.0 + g * g)
    return maths.where(g > 0.0, w + (1.0 - w) * h, w - w * h)


def _quadratic_slopes(w: Any, g: Any, maths: Maths) -> tuple[Any, Any]:
    scale = 1.0 + g * g
    return 1.0 / scale, maths.where(g > 0.0, 1.0 - w, w) * 2.0 * abs(g) / (scale * scale)


def _farther_end(w: Any, moves: Any, maths: Maths) -> Any:
    """How far a strength can get from its base."""
    return maths.where(moves, 1.0, maths.where(w < 0.5, 1.0 - w, w))


def _linear_influence(w: Any, g: Any, maths: Maths) -> Any:
    return w + maths.where(g >= 0.0, 1.0 - w, w) * g


def _linear_slopes(w: Any, g: Any, maths: Maths) -> tuple[Any, Any]:
    return 1.0 - abs(g), maths.where(g > 0.0, 1.0 - w, maths.where(g < 0.0, w, 0.5))


def _euler_influence(w: Any, g: Any, maths: Maths) -> Any:
    return 1.0 - (1.0 - w * w) / (1.0 + w * maths.exp(maths.clip(g, -700.0, 700.0)))


def _euler_slopes(w: Any, g: Any, maths: Maths) -> tuple[Any, Any]:
    e = maths.exp(maths.clip(g, -300.0, 300.0))
    scale = (1.0 + w * e) * (1.0 + w * e)
    return (2.0 * w + e * (1.0 + w * w)) / scale, (1.0 - w * w) * w * e / scale


def _logistic_influence(w: Any, g: Any, maths: Maths) -> Any:
    inside = maths.where(w > 0.0, w, 1.0)
    found = 1.0 / (1.0 + (1.0 - inside) / inside * maths.exp(maths.clip(-g, -700.0, 700.0)))
    return maths.where((w <= 0.0) | (w >= 1.0), w, found)


def _logistic_slopes(w: Any, g: Any, maths: Maths) -> tuple[Any, Any]:
    fixed = (w <= 0.0) | (w >= 1.0)
    inside = maths.where(fixed, 0.5, w)
    strength = 1.0 / (1.0 + (1.0 - inside) / inside / maths.exp(maths.clip(g, -300.0, 300.0)))
    by_sum = strength * (1.0 - strength)
    return maths.where(fixed, 1.0, by_sum / (inside * (1.0 - inside))), maths.where(fixed, 0.0, by_sum)


SEMANTICS: dict[Gradual, GradualSemantics] = {
    # Potyka 2018: with h(g) = g² / (1 + g²), w + (1 - w) h above zero and w - w h below; h' is at most 3√3 / 8.
    "quadratic-energy": GradualSemantics(
        by_product=False, influence=_quadratic_influence, slopes=_quadratic_slopes,
        steepest=lambda w, moves, maths: 0.6495190528383290 * _farther_end(w, moves, maths), base_is_bounded=True,
    ),
    # Rago, Toni, Aurisicchio & Baroni 2016: w + (1 - w) g above zero and w + w g below, g in [-1, 1].
    "df-quad": GradualSemantics(
        by_product=True, influence=_linear_influence, slopes=_linear_slopes, steepest=_farther_end,
        base_is_bounded=True,
    ),
    # Amgoud & Ben-Naim 2018: 1 - (1 - w²) / (1 + w e^g); x / (1 + x)² is at most 1/4.
    "euler": GradualSemantics(
        by_product=False, influence=_euler_influence, slopes=_euler_slopes,
        steepest=lambda w, moves, maths: maths.where(moves, 0.25, 0.25 * (1.0 - w * w)), base_is_bounded=False,
    ),
    # Potyka 2021: the logistic function of logit(w) + g; bases of 0 and 1 stay what they are.
    "mlp": GradualSemantics(
        by_product=False, influence=_logistic_influence, slopes=_logistic_slopes,
        steepest=lambda w, moves, maths: maths.where(moves | ((w > 0.0) & (w < 1.0)), 0.25, 0.0),
        base_is_bounded=False,
    ),
}  # fmt: skip
