"""Units of figures: which can be compared, and by what one is more than the other.

Physical units by pint, currencies by ISO 4217; what neither knows, such as shells or troops, is itself alone.
"""

import re
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from typing import Any, NamedTuple

from iso4217 import Currency

from graph.search.folding import folded

_PLAIN = re.compile(r"([^\W\d_]+|°[CF]|%)([23]?)(?:/([^\W\d_]+)([23]?))?")
"""A name, squared or cubed, by another: nothing that pint would calculate with."""
_LONGEST = 40
_AMBIGUOUS = re.compile(r"\w*(ton|pound|barrel|gallon|bushel|cup|point|count|turn|revolution|cycle|dozen|bit)s?", re.I)
"""Words that mean one thing to pint and may mean another in a text."""
_SHARE = {"share": Decimal(1), "percent": Decimal("0.01"), "%": Decimal("0.01"), "per cent": Decimal("0.01")}
_SIGNS = {"€": "EUR", "₩": "KRW", "₽": "RUB", "₴": "UAH", "₹": "INR"}
_DIGITS = 15
"""Figures that were turned into another unit are compared to so many digits."""


class Measure(NamedTuple):
    """What a unit measures: those of one kind can be compared."""

    kind: str
    factor: Decimal = Decimal(1)
    """So many of what the kind is counted in."""
    offset: Decimal = Decimal(0)
    """Where it begins to count, in what the kind is counted in."""


@lru_cache(maxsize=4096)
def measure_of(unit: str | None) -> Measure:
    """What a unit measures."""
    if unit is None:
        return Measure("")
    name = " ".join(unit.split())
    if (code := _currency(name)) is not None:
        return Measure(f"currency {code}")
    if (share := _SHARE.get(name.casefold())) is not None:
        return Measure("share", share)
    return _physical(name) or Measure(f"count {folded(name) or name}")


def in_kind(figure: Decimal, unit: str | None, per: str | None = None) -> Decimal:
    """A figure in what its kind is counted in, so that it can be compared with others of the kind and rate.

    One that is counted so anyway keeps all its digits.
    """
    measure, rate = measure_of(unit), measure_of(per).factor
    if measure == Measure(measure.kind) and rate == 1:
        return figure
    with localcontext() as context:
        context.prec = 2 * _DIGITS
        found = (figure * measure.factor + measure.offset) / rate
        context.prec = _DIGITS
        return +found


def _currency(name: str) -> str | None:
    if name in _SIGNS:
        return _SIGNS[name]
    return name if name in _codes() else _names().get(name.casefold().removesuffix("s"))


@cache
def _codes() -> frozenset[str]:
    return frozenset(currency.code for currency in Currency)


@cache
def _names() -> dict[str, str]:
    return {currency.currency_name.casefold(): currency.code for currency in Currency}


def _physical(name: str) -> Measure | None:
    found = _PLAIN.fullmatch(name) if len(name) <= _LONGEST else None
    if found is None or any(_AMBIGUOUS.fullmatch(part) for part in found.groups() if part):
        return None
    above, power, below, power_below = found.groups()
    words = f"{above}**{power or 1}" + (f" / {below}**{power_below or 1}" if below else "")
    for spelling in dict.fromkeys((words, words.casefold())):
        if (measure := _by_pint(spelling)) is not None:
            return measure
    return None


def _by_pint(words: str) -> Measure | None:
    registry = _registry()
    try:
        unit = registry.Unit(words)
        zero, one = (registry.Quantity(Decimal(n), unit).to_base_units() for n in (0, 1))
    except Exception:
        return None
    if not unit.dimensionality:
        return None
    return Measure(f"{one.units}", one.magnitude - zero.magnitude, zero.magnitude)


@cache
def _registry() -> Any:
    from pint import UnitRegistry  # noqa: PLC0415 - half a second, and hardly a map needs it

    return UnitRegistry(non_int_type=Decimal, cache_folder=None)
