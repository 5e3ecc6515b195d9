"""A quantity: a figure with its bounds, its unit and what it is counted per."""

from decimal import Decimal
from typing import Annotated, Any, Self

import msgspec
from pydantic import Field, ValidationInfo, WithJsonSchema, model_validator

from schemas.base import Line, Record
from schemas.problem import FieldProblem, pointer

Figure = Annotated[Decimal, Field(strict=False, allow_inf_nan=False), WithJsonSchema({"type": "number"})]
"""A decimal, kept digit for digit."""
FIGURES = ("value", "min", "max")
_DIGITS_AT_MOST = 100
_SAYS = ("value", "min", "max", "unit", "of", "per", "vague")


class Quantity(Record):
    """A figure as it is said; null is an answer: "up to 700,000" has no minimum."""

    value: Figure | None = None
    """The point figure."""
    min: Figure | None = None
    """The lower bound."""
    max: Figure | None = None
    """The upper bound."""
    min_inclusive: bool | None = None
    """Whether the lower bound itself is meant too; null where the text leaves it open."""
    max_inclusive: bool | None = None
    """Whether the upper bound itself is meant too; null where the text leaves it open."""
    unit: Line | None = None
    """A code, for example `USD` (ISO 4217), `t`, `persons`."""
    of: Line | None = None
    """What is counted."""
    per: Line | None = None
    """The rate's denominator, for example `year` or `soldier-month`."""
    per_basis: Line | None = None
    """Whether the rate is stated, implied or not stated."""
    approximate: bool = False
    """Whether the text says "about" or the like."""
    vague: Line | None = None
    """The words of an amount without a figure."""

    @model_validator(mode="after")
    def _makes_sense(self, info: ValidationInfo) -> Self:
        if info.context is None:  # what a store holds is read as it is
            return self
        if self.value is None and self.min is None and self.max is None and self.vague is None:
            raise ValueError("a quantity says how much: give value, min, max, or vague with the words of the text")
        for name in FIGURES:
            _check_size(name, getattr(self, name))
        _check_order(self)
        return self


def _check_size(name: str, figure: Decimal | None) -> None:
    if figure is not None and (
        len(figure.as_tuple().digits) > _DIGITS_AT_MOST or abs(figure.adjusted()) > _DIGITS_AT_MOST
    ):
        raise ValueError(f"{name} has more than {_DIGITS_AT_MOST} digits before or behind the point")


def _check_order(quantity: Quantity) -> None:
    least, most, value = quantity.min, quantity.max, quantity.value
    if least is not None and most is not None:
        both = quantity.min_inclusive is not False and quantity.max_inclusive is not False
        if least > most:
            raise ValueError(f"min {least} is above max {most}; swap them")
        if least == most and not both:
            raise ValueError(f"no figure lies between min {least} and max {most} where one of them is not included")
    if value is None:
        return
    if least is not None and (value < least or (value == least and quantity.min_inclusive is False)):
        raise ValueError(f"value {value} lies below min {least}")
    if most is not None and (value > most or (value == most and quantity.max_inclusive is False)):
        raise ValueError(f"value {value} lies above max {most}")


# --- digit for digit ----------------------------------------------------------------------------

_read = msgspec.json.Decoder(float_hook=Decimal).decode
_write = msgspec.json.Encoder(decimal_format="number").encode


def decoded(document: bytes | str) -> Any:
    """JSON as plain values, its numbers with a point or an exponent as decimals; raises `msgspec.DecodeError`."""
    return _read(document)


def encoded(value: Any) -> bytes:
    """Plain values as JSON, decimals as numbers with all their digits."""
    return _write(value)


def with_texts(document: bytes | str) -> bytes:
    """An assertion's JSON with its figures as texts: pydantic reads a JSON number through a float, which rounds."""
    fields = decoded(document)
    for quantity in _quantities(fields):
        for name in FIGURES:
            if isinstance(quantity.get(name), int | Decimal) and not isinstance(quantity[name], bool):
                quantity[name] = str(quantity[name])
    return encoded(fields)


def with_numbers(fields: dict[str, Any]) -> dict[str, Any]:
    """An assertion's fields with its figures, which pydantic writes as texts, as numbers again; changed in place."""
    for quantity in _quantities(fields):
        for name in FIGURES:
            if isinstance(quantity.get(name), str):
                quantity[name] = _number(quantity[name])
    return fields


def no_numbers(fields: Any) -> list[FieldProblem]:
    """Figures that a client wrote as something else, such as a text."""
    return [
        FieldProblem(pointer("quantities", place, name), "must be a number, written without quotation marks")
        for place, quantity in enumerate(_quantities(fields))
        for name in FIGURES
        if not _is_number(quantity.get(name))
    ]


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _number(text: str) -> int | Decimal:
    figure = Decimal(text)
    return int(figure) if text.lstrip("-").isdecimal() and text != "-0" else figure


def _quantities(fields: Any) -> list[dict[str, Any]]:
    held = fields.get("quantities") if isinstance(fields, dict) else None
    return [quantity for quantity in held if isinstance(quantity, dict)] if isinstance(held, list) else []
