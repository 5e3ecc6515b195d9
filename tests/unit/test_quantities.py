"""Figures: kept digit for digit from the wire to the wire, and refused where they contradict themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.interchange.json_document import dump, read_document
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.node import Assertion, decoded, encoded
from tests.support.editing import done, problems, refusal, small_map
from tests.support.headers import graph_of

figures = st.decimals(allow_nan=False, allow_infinity=False).filter(
    lambda d: max(len(d.as_tuple().digits), abs(d.adjusted())) <= 100
) | st.integers(-(10**60), 10**60)


@pytest.fixture
def graph() -> ArgumentGraph:
    return small_map()


def said(**quantity: Any) -> Command:
    value = {"of": "p", "source": "s", "quantities": [quantity]}
    return Command(op="create", kind="assertion", id="z", value=value)


def number(text: bytes) -> str:
    """The figure as it stands in the JSON of an assertion."""
    return text.split(b'"value":')[1].split(b",")[0].split(b"}")[0].decode()


@given(figures)
def test_a_figure_comes_back_digit_for_digit(figure: Decimal | int) -> None:
    spelled = encoded(figure).decode()
    sent = decoded(f'{{"value":{spelled},"unit":"t"}}')
    planned = done(small_map(), said(**sent))
    stored = planned.graph.document("z") or b""
    again = Assertion.read(stored)
    for form in (stored, again.dense(), encoded(again.document()), dump(planned.graph)):
        assert number(form) == spelled or Decimal(number(form)).as_tuple() == Decimal(spelled).as_tuple()
    held = again.quantities[0].value
    assert held is not None
    assert held.as_tuple() == Decimal(spelled).as_tuple()


@pytest.mark.parametrize("spelled", ["1234567890.55", "9007199254740993", "0.99999", "1.50", "1e23", "0.1", "-0.00"])
def test_what_floats_would_change_is_kept(graph: ArgumentGraph, spelled: str) -> None:
    planned = done(graph, said(**decoded(f'{{"value":{spelled}}}')))
    out = number(encoded(planned.graph.node("z").document()))
    assert Decimal(out).as_tuple() == Decimal(spelled).as_tuple()


def test_a_document_read_back_has_the_same_figures(graph: ArgumentGraph) -> None:
    whole = dump(done(graph, said(value=Decimal("1234567890.55"), min=Decimal("1e9"))).graph)
    loaded = read_document(whole)
    empty = graph_of()
    assert dump(done(empty, *loaded.commands).graph) == whole


def test_a_whole_number_is_whole_on_the_wire(graph: ArgumentGraph) -> None:
    body = encoded(done(graph, said(value=9007199254740993)).graph.node("z").document())
    value = msgspec.json.decode(body)["quantities"][0]["value"]
    assert isinstance(value, int)
    assert value == 9007199254740993


@pytest.mark.parametrize(
    ("quantity", "says"),
    [
        ({}, "how much"),
        ({"unit": "t", "approximate": True}, "how much"),
        ({"min": 10, "max": 5}, "above max"),
        ({"min": 5, "max": 5, "min_inclusive": False}, "no figure lies between"),
        ({"min": 5, "value": 5, "min_inclusive": False}, "is the min itself"),
        ({"max": 5, "value": 5, "max_inclusive": False}, "is the max itself"),
        ({"value": 100, "min": 1, "max": 5}, "above max"),
        ({"value": 0, "min": 1}, "below min"),
        ({"value": 10**101}, "digits"),
    ],
)
def test_a_figure_that_contradicts_itself_is_refused(graph: ArgumentGraph, quantity: dict[str, Any], says: str) -> None:
    [(place, detail)] = problems(refusal(graph, said(**quantity)))
    assert place == "/quantities/0"
    assert says in detail


@pytest.mark.parametrize("value", ["5", True, [1], {"a": 1}])
def test_a_figure_is_a_number(graph: ArgumentGraph, value: object) -> None:
    assert problems(refusal(graph, said(value=value))) == [
        ("/quantities/0/value", "must be a number, written without quotation marks")
    ]


def test_what_a_store_holds_is_read_as_it_is() -> None:
    old = Assertion.read(b'{"id":"x","of":"p","source":"s","quantities":[{"min":10.5,"max":5.0}]}')
    assert (old.quantities[0].min, old.quantities[0].max) == (Decimal("10.5"), Decimal("5.0"))
