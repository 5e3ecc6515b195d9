"""Figures in words: bounds stay bounds, and what is not given is said not to be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from graph.reports.figures import comparable, differing, figure, figures, same_figure
from graph.reports.reading import Reading
from graph.reports.sentence import clauses_of
from schemas.node import Quantity
from tests.support.headers import graph_of
from tests.support.nodes import actor, assertion, source, statement

FIGURES: list[tuple[dict[str, Any], str]] = [
    (
        {"min": 200_000_000, "min_inclusive": False, "unit": "USD", "of": "pay", "per": "year", "per_basis": "stated"},
        "more than 200,000,000 USD per year (pay): no maximum given",
    ),
    ({"max": 700_000, "max_inclusive": True, "unit": "t"}, "up to 700,000 t: no minimum given"),
    ({"min": 10_000, "min_inclusive": True, "unit": "persons"}, "at least 10,000 persons: no maximum given"),
    ({"min": 600_000, "max": 700_000, "unit": "t", "of": "rice"}, "600,000 to 700,000 t (rice)"),
    ({"min": 1, "max": 2, "min_inclusive": False, "unit": "t"}, "more than 1 and up to 2 t"),
    ({"value": 2000, "approximate": True, "unit": "USD", "per": "soldier-month"}, "about 2,000 USD per soldier-month"),
    ({"value": 5, "min": 4, "max": 6}, "5 (4 to 6)"),
    ({"min": 0.5, "min_inclusive": False, "unit": "share"}, "a share of more than half: no maximum given"),
    ({"max": 1 / 3, "max_inclusive": False, "unit": "share"}, "a share of less than one third: no minimum given"),
    ({"value": 0.125, "unit": "share"}, "a share of 12.5%"),
    ({"vague": "thousands", "unit": "persons", "of": "soldiers"}, "“thousands” (soldiers): no figure given"),
    ({"vague": "a few", "unit": "containers", "of": "shells"}, "“a few” (containers, shells): no figure given"),
    ({"vague": "much of", "unit": "share"}, "“much of”: no figure given"),
    (
        {"min": 50_000, "max": 100_000, "unit": "t", "per": "year", "per_basis": "implied"},
        "50,000 to 100,000 t per year, where the rate is implied and not stated",
    ),
    ({"value": 3, "unit": "t", "of": "rice (carried over)"}, "3 t (rice, carried over)"),
    ({"value": 1, "unit": "satellites"}, "1 satellite"),
    ({"value": 1, "unit": "series"}, "1 series"),
    ({"value": 1, "unit": "GBs"}, "1 GBs"),
    ({"value": 1, "max": 3, "unit": "boxes"}, "1 (up to 3) boxes"),
    ({}, "no figure"),
    ({"value": 0.1}, "0.1"),
    ({"value": -2.5, "unit": "t"}, "-2.5 t"),
]


@pytest.mark.parametrize(("fields", "text"), FIGURES, ids=[text for _, text in FIGURES])
def test_a_figure_says_what_was_said(fields: dict[str, Any], text: str) -> None:
    assert figure(Quantity(**fields)) == text


def test_the_same_amount_is_of_the_same_thing_at_the_same_rate() -> None:
    one = Quantity(value=1, unit="t", of="food", per="year", per_basis="implied")
    assert same_figure(one, Quantity(value=1, unit="t", of="Food (of any sort)", per="year", per_basis="stated"))
    assert same_figure(one, Quantity(value=1, unit="t", per="year"))
    assert not same_figure(one, Quantity(value=1, unit="t", of="grain", per="year"))
    assert not same_figure(one, Quantity(value=1, unit="t", of="food", per="delivery"))
    assert not same_figure(Quantity(max=2), Quantity(max=2, max_inclusive=False))


def one_unit(value: str, unit: str, per: str | None = None) -> Quantity:
    return Quantity(value=Decimal(value), unit=unit, per=per)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("1.5", "t"), ("1500", "kg")), (("1", "mile"), ("1.609344", "km")), (("3", "ha"), ("30000", "m2")),
        (("32", "°F"), ("0", "°C")), (("0.5", "share"), ("50", "%")), (("12", "USD"), ("12", "US dollars")),
        (("2000", "USD", "month"), ("24000", "USD", "year")), (("36", "km/h"), ("10", "m/s")),
    ],
)  # fmt: skip
def test_units_that_measure_the_same_are_compared(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    a, b = one_unit(*one), one_unit(*other)
    assert comparable(a, b)
    assert same_figure(a, b)
    more = b.model_copy(update={"value": Decimal(other[0]) * 2 + 1})
    assert comparable(a, more)
    assert not same_figure(a, more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("1", "t"), ("1", "km")), (("1", "USD"), ("1", "KRW")), (("1", "shells"), ("1", "containers")),
        (("1", "t"), ("1", "tons")), (("1", "ALL"), ("1", "t")), (("1", "USD", "month"), ("1", "USD", "soldier-month")),
        (("9", "9**9**9"), ("9", "m")),
    ],
)  # fmt: skip
def test_units_that_do_not_are_not(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert not comparable(one_unit(*one), one_unit(*other))


def test_figures_of_one_unit_are_compared_digit_for_digit() -> None:
    one, other = (one_unit(f"1234567890123456789.{cents}", "USD") for cents in (55, 56))
    assert comparable(one, other)
    assert not same_figure(one, other)


PEOPLE = [
    actor("one", "One", actor_kind="outlet"),
    actor("two", "Two", actor_kind="outlet"),
    actor("ann", "Ann", actor_kind="person"),
    source("s-1", publisher="one"),
    source("s-2", publisher="two"),
]


def said(*quantities: Quantity | None) -> list[str]:
    """What is told of a statement to which each place gives one of these quantities, or none."""
    chains = [("s-1", ("one",)), ("s-2", ("two", "ann"))]
    places = [
        assertion(f"x{i}", "p", where, chain=chain, quantities=() if given is None else (given,))
        for i, (given, (where, chain)) in enumerate(zip(quantities, chains))
    ]
    found = figures(Reading(graph_of(PEOPLE, statement("p", "It pays"), places)), ["p"])
    return ["".join(clause.text for clause in clauses_of(told)) for told in found]


def test_outlets_that_give_the_same_figure_are_told_together() -> None:
    pay = Quantity(value=5, unit="USD")
    assert said(pay, pay) == ["It pays: One and Two citing Ann give the same figure, 5 USD"]


def test_outlets_that_differ_are_told_apart_and_nothing_is_added_up() -> None:
    assert said(Quantity(max=7, unit="t"), Quantity(min=6, max=7, unit="t")) == [
        "It pays: the figures differ: One gives up to 7 t: no minimum given; Two citing Ann gives 6 to 7 t"
    ]


def test_equal_amounts_of_different_things_do_not_agree() -> None:
    assert said(Quantity(value=1, unit="t", of="food"), Quantity(value=1, unit="t", of="grain")) == [
        "It pays: One gives 1 t (food); Two citing Ann gives 1 t (grain)"
    ]


def test_a_remark_on_what_is_counted_and_its_absence_do_not_part_figures() -> None:
    for other in (None, "Rice (carried over)", "rice"):
        one = Quantity(value=1, unit="t", of="rice")
        assert said(one, Quantity(value=1, unit="t", of=other))[0].startswith(
            "It pays: One and Two citing Ann give the same figure"
        )
        assert "differ" in said(one, Quantity(value=2, unit="t", of=other))[0]


def test_figures_of_different_things_neither_agree_nor_differ() -> None:
    assert said(Quantity(value=1, unit="t"), Quantity(value=9, unit="USD")) == [
        "It pays: One gives 1 t; Two citing Ann gives 9 USD"
    ]


def test_one_outlet_alone_and_none() -> None:
    assert said(None, Quantity(value=1, unit="t")) == ["It pays: Two citing Ann gives 1 t"]
    assert said(None, None) == []


def test_which_statements_differ() -> None:
    nodes = [statement("p"), statement("q"), statement("r")]
    spread = [(1.0, 2.0), (1.0, 1.0), (1.0, None)]
    places = [
        assertion(f"x{n}{i}", node.id, where, quantities=() if v is None else (Quantity(value=v, unit="t"),))
        for n, (node, values) in enumerate(zip(nodes, spread))
        for i, (v, where) in enumerate(zip(values, ("s-1", "s-2")))
    ]
    assert differing(Reading(graph_of(PEOPLE, nodes, places)), ["p", "q", "r"]) == ["p"]
