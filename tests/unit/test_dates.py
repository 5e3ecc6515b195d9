"""Dates as EDTF has them: which days they may mean, and that the calendar has these."""

from __future__ import annotations

import calendar
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graph.reports.source import dated
from schemas.dates import Dating, Span, span_of
from schemas.node import Source


@given(st.dates(date(1, 1, 1)))
def test_every_day_of_the_calendar_means_itself(day: date) -> None:
    assert span_of(day.isoformat()) == Span((day.year, day.month, day.day), (day.year, day.month, day.day), "day")


@given(st.integers(1, 9999), st.integers(0, 99), st.integers(0, 99))
def test_only_days_that_the_calendar_has_are_read(year: int, month: int, day: int) -> None:
    there = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    try:
        span_of(f"{year:04}-{month:02}-{day:02}")
        read = True
    except ValueError:
        read = False
    assert read == there


@given(st.dates(date(1000, 1, 1)), st.lists(st.booleans(), min_size=8, max_size=8))
def test_a_date_with_unknown_digits_spans_all_days_that_fit_them(day: date, hidden: list[bool]) -> None:
    digits = iter(hidden)
    text = "".join("X" if c.isdigit() and next(digits) else c for c in day.isoformat())
    if "X" in text[8:] and text[8:] != "XX" and "X" in text[:7]:
        text = text[:8] + day.isoformat()[8:]
    span = span_of(text)
    here = (day.year, day.month, day.day)
    assert span.earliest is not None
    assert span.latest is not None
    assert span.earliest <= here <= span.latest
    for end in (span.earliest, span.latest):
        shown = f"{end[0]:04}-{end[1]:02}-{end[2]:02}"
        assert all(t in ("X", s) for t, s in zip(text, shown, strict=True)), "both ends fit the digits that are known"


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2024", (2024, 1, 1), (2024, 12, 31), "year"),
        ("2024-02", (2024, 2, 1), (2024, 2, 29), "month"),
        ("1900-02", (1900, 2, 1), (1900, 2, 28), "month"),
        ("2024-11~", (2024, 11, 1), (2024, 11, 30), "month"),
        ("2024?-11-~03", (2024, 11, 3), (2024, 11, 3), "day"),
        ("-0044-03-15", (-44, 3, 15), (-44, 3, 15), "day"),
        ("Y170000002", (170000002, 1, 1), (170000002, 12, 31), "year"),
        ("2024-11-03T23:59:59+09:00", (2024, 11, 3), (2024, 11, 3), "day"),
        ("202X", (2020, 1, 1), (2029, 12, 31), "unknown"),
        ("2024-11-XX", (2024, 11, 1), (2024, 11, 30), "unknown"),
        ("2024-22", (2024, 6, 1), (2024, 8, 31), "unknown"),
        ("2023-24", (2023, 12, 1), (2024, 2, 29), "unknown"),
        ("2024-33", (2024, 1, 1), (2024, 3, 31), "unknown"),
        ("2024-01/2024-03-15", (2024, 1, 1), (2024, 3, 15), "unknown"),
        ("../2024-03", None, (2024, 3, 31), "unknown"),
        ("2024-03/", (2024, 3, 1), None, "unknown"),
        ("[2024-01-05,2024-03..]", (2024, 1, 5), None, "unknown"),
        ("{2023, 2024-02}", (2023, 1, 1), (2024, 2, 29), "unknown"),
    ],
)
def test_what_a_date_spans(text: str, earliest: object, latest: object, precision: str) -> None:
    assert span_of(text) == (earliest, latest, precision)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-2-3", "2024-13", "2024-00", "2024-02-30", "2023-02-29", "2024-42", "2024-02-3X", "soon",
     "2024-05/2024-02", "../..", "/", "1/2/3", "[2024}", "[2024,]", "-0000", "2024-11-03T25:00:00", "2024-W05",
     "X" * 300],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        span_of(text)


def written(**dating: object) -> Source:
    fields = {"id": "s", "title": "A", "source_kind": "article", "published": dating.pop("whole", dating)}
    return Source.read(msgspec.json.encode(fields), is_written=True)


@pytest.mark.parametrize(
    "dating",
    [
        {"value": "2024-02-31", "precision": "day"},
        {"earliest": "2024-12", "latest": "2024-01"},
        {"value": "2024-11-03", "earliest": "2024-11-05"},
        {"value": "2024-11-03", "latest": "2024-10"},
        {"value": "2024", "precision": "day"},
        {"precision": "day"},
        {"whole": "2024-02-30"},
        {"whole": "soon"},
    ],
)
def test_bounds_and_precision_must_fit_the_value(dating: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        written(**dating)


@pytest.mark.parametrize(
    ("dating", "words"),
    [
        ({"whole": "2024-11-03"}, "of 3 November 2024"),
        ({"value": "2024-11-03", "precision": "month"}, "of November 2024"),
        ({"whole": "2024-11~"}, "of about November 2024"),
        ({"whole": "2024?"}, "of perhaps 2024"),
        ({"whole": "202X"}, "of between 1 January 2020 and 31 December 2029"),
        ({"whole": "2024-10/2024-12-05"}, "of from October 2024 to 5 December 2024"),
        ({"whole": "-0043"}, "of 44 BC"),
        ({"earliest": "2024-10-22"}, "undated, not before 22 October 2024"),
    ],
)
def test_a_date_in_words(dating: dict[str, object], words: str) -> None:
    assert dated(written(**dating).published) == words


def test_what_a_store_holds_is_read_as_it_is() -> None:
    old = b'{"id":"s","title":"A","source_kind":"article","published":{"value":"2024-02-31","earliest":"2025"}}'
    assert Source.read(old).published == Dating(value="2024-02-31", earliest="2025")
