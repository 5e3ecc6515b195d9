"""A quantity: a figure with its bounds, its unit and what it is counted per."""

from typing import Annotated

from pydantic import Field

from schemas.base import Line, Record

Figure = Annotated[float, Field(allow_inf_nan=False)]


class Quantity(Record):
    """A figure as it is said; null is an answer: "up to 700,000" has no minimum."""

    value: Figure | None = None
    """The point figure."""
    min: Figure | None = None
    max: Figure | None = None
    min_inclusive: bool | None = None
    max_inclusive: bool | None = None
    unit: Line | None = None
    """A code, for example `USD`, `persons`, `t`."""
    of: Line | None = None
    """What is counted."""
    per: Line | None = None
    """The rate's denominator, for example `year` or `soldier-month`."""
    per_basis: Line | None = None
    """Whether the rate is stated, implied or not stated."""
    approximate: bool = False
    vague: Line | None = None
    """The words of an amount without a figure."""
