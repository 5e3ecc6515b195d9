"""Dates in words, as far as they are known."""

import re

from schemas.dates import Day, span_of
from schemas.source import Date, dating_of

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PLAIN = re.compile(r"(-?[0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DOUBTS = {"?": "perhaps ", "~": "about ", "%": "perhaps about "}


def dated(date: Date | None) -> str:
    """The date as a part of a sentence: "of 3 November 2024", "of unknown date, not before 22 October 2024"."""
    dating = dating_of(date)
    if dating is None:
        return "of unknown date"
    if dating.value is not None:
        coarse = dating.precision if dating.precision in ("month", "year") else "day"
        return f"of {day(dating.value, parts={'day': 3, 'month': 2, 'year': 1}[coarse])}"
    bounds = [f"not before {day(dating.earliest)}"] if dating.earliest else []
    bounds += [f"not after {day(dating.latest)}"] if dating.latest else []
    return f"of unknown date{''.join(f', {bound}' for bound in bounds)}"


def day(value: str, *, parts: int = 3) -> str:
    """A date as people write it, of year, month and day the first `parts`; one that no calendar has stays as it is."""
    doubt = _DOUBTS.get(value[-1:], "")
    plain = _PLAIN.fullmatch(value[:-1] if doubt else value)
    if plain is not None:
        return doubt + _words([int(p) for p in plain.groups()[:parts] if p is not None], value)
    if value.count("/") == 1:
        begin, end = (None if part in ("", "..") else day(part) for part in value.split("/"))
        return f"from {begin} to {end}" if begin and end else f"from {begin} on" if begin else f"until {end}"
    try:
        span = span_of(value)
    except ValueError:
        return value
    if span.earliest is None or span.latest is None:
        return value
    return f"between {_day(span.earliest)} and {_day(span.latest)}"


def _day(value: Day) -> str:
    return _words(list(value), "")


def _words(numbers: list[int], otherwise: str) -> str:
    year, *rest = numbers
    if rest and not 1 <= rest[0] <= len(_MONTHS):
        return otherwise
    called = f"{year}" if year > 0 else f"{1 - year} BC"
    month = f"{_MONTHS[rest[0] - 1]} {called}" if rest else called
    return f"{rest[1]} {month}" if len(rest) > 1 else month
