"""Dates as EDTF (ISO 8601-2) writes them: which days one may mean, how finely it is known, what else is known of it."""

import calendar
import re
from typing import Annotated, Any, NamedTuple, Self

from pydantic import AfterValidator, Discriminator, StringConstraints, Tag, ValidationInfo, model_validator

from schemas.base import Record, Text
from schemas.vocabulary import Precision

Day = tuple[int, int, int]
"""A day of the proleptic Gregorian calendar: year, month, day; years before 1 are as ISO 8601 counts them."""
LONGEST = 200
"""Characters of a date; EDTF itself sets no limit."""
EXAMPLES = "2024, 2024-11, 2024-11-03, 2024-11~, 202X, 2024-10/2024-12"

_QUALIFIER = "[?~%]?"
_DATE = re.compile(
    rf"{_QUALIFIER}(?P<year>-?[0-9X]{{4}}){_QUALIFIER}"
    rf"(?:-{_QUALIFIER}(?P<month>[0-9X]{{2}}){_QUALIFIER}(?:-{_QUALIFIER}(?P<day>[0-9X]{{2}}){_QUALIFIER})?)?"
)
_LONG_YEAR = re.compile(r"Y(?P<year>-?[1-9][0-9]{4,17})")
_TIME = re.compile(
    r"(?P<date>-?[0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?"
)
_NORTHERN = {0: (3, 5), 1: (6, 8), 2: (9, 11), 3: (12, 2)}
"""First and last month of spring, summer, autumn and winter."""
_PARTS = {
    **{21 + n: months for n, months in _NORTHERN.items()},  # of no hemisphere: taken for the northern
    **{25 + n: months for n, months in _NORTHERN.items()},
    **{29 + n: _NORTHERN[(n + 2) % 4] for n in range(4)},
    **{33 + n: (3 * n + 1, 3 * n + 3) for n in range(4)},
    **{37 + n: (4 * n + 1, 4 * n + 4) for n in range(3)},
    **{40 + n: (6 * n + 1, 6 * n + 6) for n in range(2)},
}
"""Seasons, quarters, thirds and halves of a year, by EDTF's number for each."""
_FINER: dict[Precision, int] = {"unknown": 0, "year": 1, "month": 2, "day": 3}


class Span(NamedTuple):
    """The days that a date may mean, both ends included; None where it is open or not known."""

    earliest: Day | None
    latest: Day | None
    precision: Precision
    """`day`, `month` or `year` of a single date; `unknown` of an interval, a set, a season and of `202X`."""


def span_of(text: str) -> Span:
    """Read a date; raises `ValueError` with what is wrong where it is no EDTF or the calendar has no such day.

    Levels 0 and 1, and of level 2 qualified and unspecified parts, sets, and the divisions of a year; what is
    qualified (`?`, `~`, `%`) means the same days.
    """
    if len(text) > LONGEST:
        raise ValueError(f"a date has at most {LONGEST} characters")
    if text[:1] in "[{" and text[-1:] in "]}" and len(text) > 2:
        return _set(text)
    if "/" in text:
        return _interval(text)
    return _single(text)


def finer(one: Precision, other: Precision) -> bool:
    """Whether one precision is finer than another, `unknown` being the coarsest."""
    return _FINER[one] > _FINER[other]


def _single(text: str) -> Span:
    if found := _TIME.fullmatch(text):
        return _single(found["date"])
    if found := _LONG_YEAR.fullmatch(text):
        year = int(found["year"])
        return Span((year, 1, 1), (year, 12, 31), "year")
    found = _DATE.fullmatch(text)
    if found is None or found["year"] == "-0000":
        raise ValueError(f"is no date as EDTF writes it; for example {EXAMPLES}")
    first, last = _years(found["year"])
    month, day = found["month"], found["day"]
    if month is None:
        return Span((first, 1, 1), (last, 12, 31), "year" if first == last else "unknown")
    if (part := _part_of_year(month, day)) is not None:
        return Span((first, part[0], 1), _end_of_part(last, *part), "unknown")
    known = first == last and "X" not in month
    months = [m for m in range(1, 13) if _fits(m, month)]
    if not months:
        raise ValueError(f"has no month {month}; months are 01 to 12")
    if day is None or day == "XX":
        ends = (first, months[0], 1), (last, months[-1], calendar.monthrange(_like(last), months[-1])[1])
        return Span(*ends, "month" if known and day is None else "unknown")
    return _day(text, (first, last), months, day, known="X" not in text)


def _day(text: str, years: tuple[int, int], months: list[int], day: str, *, known: bool) -> Span:
    # Four years in a row hold every shape that a month can have, save where the century drops its leap day.
    candidates = {*range(years[0], min(years[0] + 9, years[1] + 1)), *range(max(years[0], years[1] - 8), years[1] + 1)}
    days = [
        (year, month, number)
        for year in sorted(candidates)
        for month in months
        for number in range(1, calendar.monthrange(_like(year), month)[1] + 1)
        if _fits(number, day)
    ]
    if not days:
        raise ValueError(f"names the day {text}, which the calendar does not have")
    return Span(days[0], days[-1], "day" if known else "unknown")


def _years(text: str) -> tuple[int, int]:
    sign = -1 if text.startswith("-") else 1
    ends = sorted(sign * int(text.lstrip("-").replace("X", digit)) for digit in "09")
    return ends[0], ends[1]


def _like(year: int) -> int:
    """A year that Python's calendar knows and that has the same months: the calendar repeats after 400 years."""
    return year % 400 + 400


def _fits(number: int, pattern: str) -> bool:
    return all(p in ("X", c) for p, c in zip(pattern, f"{number:02}", strict=True))


def _part_of_year(month: str, day: str | None) -> tuple[int, int] | None:
    if "X" in month or day is not None or int(month) < 21:
        return None
    part = _PARTS.get(int(month))
    if part is None:
        raise ValueError(f"has no month or season {month}; months are 01 to 12, seasons 21 to 41")
    return part


def _end_of_part(year: int, first: int, last: int) -> Day:
    ends = year + 1 if last < first else year
    return ends, last, calendar.monthrange(_like(ends), last)[1]


def _interval(text: str) -> Span:
    parts = text.split("/")
    if len(parts) != 2 or set(parts) <= {"", ".."}:
        raise ValueError("an interval has two dates with one / between, of which one may be open (..)")
    begin, end = (None if part in ("", "..") else _single(part) for part in parts)
    if begin is not None and end is not None and _after(begin.earliest, end.latest):
        raise ValueError(f"ends ({parts[1]}) before it begins ({parts[0]})")
    return Span(begin.earliest if begin else None, end.latest if end else None, "unknown")


def _set(text: str) -> Span:
    """One of several dates, or all of them: from the first to the last."""
    if (text[0] == "[") != (text[-1] == "]"):
        raise ValueError("a set of dates ends with the bracket that fits its first")
    earliest: list[Day | None] = []
    latest: list[Day | None] = []
    for part in text[1:-1].split(","):
        first, dots, last = part.strip().partition("..")
        if not first and not last:
            raise ValueError("a set of dates has a date between its commas")
        begin, end = (_single(p) if p else None for p in (first, last if dots else first))
        earliest.append(begin.earliest if begin else None)
        latest.append(end.latest if end else None)
    least = None if None in earliest else min(d for d in earliest if d is not None)
    most = None if None in latest else max(d for d in latest if d is not None)
    return Span(least, most, "unknown")


def _after(one: Day | None, other: Day | None) -> bool:
    return one is not None and other is not None and one > other


def _checked(text: str, info: ValidationInfo) -> str:
    if info.context is not None:  # what a store holds is read as it is
        span_of(text)
    return text


Edtf = Annotated[str, StringConstraints(min_length=4, max_length=LONGEST), AfterValidator(_checked)]
"""A date in EDTF (ISO 8601-2): `2024`, `2024-11-03`, `2024-11~` (about), `202X`, `2024-10/2024-12`."""


class Dating(Record):
    """A date as far as it is known; null is an answer."""

    value: Edtf | None = None
    """The date."""
    precision: Precision = "unknown"
    """How finely the value is known: it may be coarser than the value is written, never finer."""
    earliest: Edtf | None = None
    """Not before this."""
    latest: Edtf | None = None
    """Not after this."""
    note: Text | None = None
    """How the date was found."""

    @model_validator(mode="after")
    def _in_order(self, info: ValidationInfo) -> Self:
        if info.context is None:
            return self
        value, earliest, latest = (None if d is None else span_of(d) for d in (self.value, self.earliest, self.latest))
        if _ends_before(latest, earliest):
            raise ValueError(f"latest {self.latest} lies before earliest {self.earliest}; swap them")
        if _ends_before(value, earliest):
            raise ValueError(f"value {self.value} lies before earliest {self.earliest}")
        if _ends_before(latest, value):
            raise ValueError(f"value {self.value} lies after latest {self.latest}")
        if (value, earliest, latest) == (None, None, None) and self.precision != "unknown":
            raise ValueError(f"precision {self.precision} is of no date: give a value, or a bound, or leave it out")
        if value is not None and finer(self.precision, value.precision) and value.precision != "unknown":
            raise ValueError(f"precision {self.precision} is finer than the value {self.value}, a {value.precision}")
        return self


def _form(value: Any) -> str:
    return "<text>" if isinstance(value, str) else "<parts>"


Date = Annotated[Annotated[Edtf, Tag("<text>")] | Annotated[Dating, Tag("<parts>")], Discriminator(_form)]
"""A date as EDTF, or what is known of it in parts."""


def dating_of(date: Date | None) -> Dating | None:
    """A date in parts, however it was written."""
    return Dating(value=date, precision=span_of(date).precision) if isinstance(date, str) else date


def _ends_before(one: Span | None, other: Span | None) -> bool:
    """Whether all that one may mean lies before all that the other may mean."""
    if one is None or other is None or one.latest is None or other.earliest is None:
        return False
    return one.latest < other.earliest
