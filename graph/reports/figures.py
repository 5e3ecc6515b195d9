"""Figures in words: a quantity with its bounds, and with what it does not say."""

import re
from decimal import Decimal

from graph.reports.units import in_kind, measure_of
from graph.search.folding import folded
from schemas.quantity import FIGURES, Quantity

_REMARK = re.compile(r"\([^()]*\)")
_FRACTIONS = {
    Decimal(1) / 2: "half", Decimal(1) / 3: "one third", Decimal(2) / 3: "two thirds",
    Decimal(1) / 4: "one quarter", Decimal(3) / 4: "three quarters",
}  # fmt: skip
_NEAR = Decimal("1e-9")
"""Thirds are written with some of their digits only."""


def figure(quantity: Quantity) -> str:
    """The quantity as it was said: bounds as bounds, and a bound that is not given named as not given."""
    if quantity.vague is not None:
        return f"“{quantity.vague}”{_counted(quantity)}: no figure given"
    per = f" per {quantity.per}" if quantity.per else ""
    implied = ", where the rate is implied and not stated" if per and quantity.per_basis == "implied" else ""
    share = "a share of " if quantity.unit == "share" else ""
    return f"{share}{_amount(quantity)}{_unit(quantity)}{per}{_of(quantity)}{implied}{_not_given(quantity)}"


def same_figure(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same amount of the same thing, at the same rate, in whatever units."""
    return comparable(one, other) and _bare(one) == _bare(other)


def amount_of(quantity: Quantity) -> tuple[object, ...]:
    """What two quantities have in common that say the same amount, whatever they count."""
    one = quantity
    return (one.value, one.min, one.max, one.min_inclusive, one.max_inclusive, one.unit, one.per, one.vague)


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are in units that measure the same, and of one thing, so that they may agree or differ."""
    alike = measure_of(one.unit).kind == measure_of(other.unit).kind
    return alike and _same_thing(one, other) and _same_rate(one, other)


def _same_rate(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are counted per the same, as far as they say."""
    return one.per is None or other.per is None or measure_of(one.per).kind == measure_of(other.per).kind


def _same_thing(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities count the same, as far as they say; what stands in brackets is a remark on it."""
    return one.of is None or other.of is None or _thing(one.of) == _thing(other.of)


def _thing(of: str) -> str:
    return folded(_REMARK.sub("", of)) or folded(of)


def _bare(quantity: Quantity) -> Quantity:
    """A quantity in the units in which those like it are counted."""
    unit, per = quantity.unit, quantity.per
    figures = {name: getattr(quantity, name) for name in FIGURES}
    counted = {name: None if value is None else in_kind(value, unit, per) for name, value in figures.items()}
    kinds = {"unit": measure_of(unit).kind, "per": None if per is None else measure_of(per).kind}
    return quantity.model_copy(update={**counted, **kinds, "of": None, "per_basis": None})


def _amount(quantity: Quantity) -> str:
    bounds = _bounds(quantity)
    about = "about " if quantity.approximate else ""
    if quantity.value is None:
        return about + bounds if bounds else "no figure"
    return f"{about}{_number(quantity, quantity.value)}" + (f" ({bounds})" if bounds else "")


def _bounds(quantity: Quantity) -> str:
    least, most = quantity.min, quantity.max
    if least is not None and most is not None:
        if quantity.min_inclusive is not False and quantity.max_inclusive is not False:
            return f"{_number(quantity, least)} to {_number(quantity, most)}"
        return f"{_least(quantity, least)} and {_most(quantity, most)}"
    if least is not None:
        return _least(quantity, least)
    return _most(quantity, most) if most is not None else ""


def _least(quantity: Quantity, bound: Decimal) -> str:
    return ("more than " if quantity.min_inclusive is False else "at least ") + _number(quantity, bound)


def _most(quantity: Quantity, bound: Decimal) -> str:
    return ("less than " if quantity.max_inclusive is False else "up to ") + _number(quantity, bound)


def _not_given(quantity: Quantity) -> str:
    if quantity.value is not None or (quantity.min is None) == (quantity.max is None):
        return ""
    return ": no minimum given" if quantity.min is None else ": no maximum given"


def _unit(quantity: Quantity) -> str:
    if not quantity.unit or quantity.unit == "share":
        return ""
    is_one = quantity.value == 1 and quantity.min is None and quantity.max is None
    return f" {_singular(quantity.unit) if is_one else quantity.unit}"


def _singular(unit: str) -> str:
    """The unit of one, where it is a word in the plural: "1 satellite"; symbols and codes stay."""
    is_plural = unit.isalpha() and unit.islower() and len(unit) > _SYMBOL and unit.endswith("s")
    return unit if not is_plural or unit.endswith(("ss", "us", "is")) or unit in _BOTH_NUMBERS else unit[:-1]


_SYMBOL = 3
_BOTH_NUMBERS = frozenset({"series", "species", "lens", "headquarters", "means", "crossroads"})


def _counted(quantity: Quantity) -> str:
    """What an amount without a figure counts, in which unit."""
    unit = quantity.unit if quantity.unit not in ("share", "persons") else None
    parts = [part for part in (unit, quantity.of) if part]
    return f" ({', '.join(parts)})" if parts else ""


def _of(quantity: Quantity) -> str:
    """What is counted, in brackets, since it may be any text."""
    return f" ({quantity.of.replace(' (', ', ').replace(')', '')})" if quantity.of else ""


def _number(quantity: Quantity, value: Decimal) -> str:
    """The figure with all its digits and no more."""
    if quantity.unit == "share":
        near = next((words for part, words in _FRACTIONS.items() if abs(part - value) < _NEAR), None)
        return near or f"{_in_percent(value):,f}%"
    return f"{value:,f}"


def _in_percent(value: Decimal) -> Decimal:
    # Arithmetic of decimals rounds to 28 digits; moving the point does not.
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, int(exponent) + 2))
