"""Dates in words, as far as they are known."""

from schemas.source import Dating

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def dated(dating: Dating | None) -> str:
    """The date as a part of a sentence: "of 3 November 2024", "of unknown date, not before 22 October 2024"."""
    if dating is None:
        return "of unknown date"
    if dating.value is not None:
        return f"of {day(dating.value)}"
    bounds = [f"not before {day(dating.earliest)}"] if dating.earliest else []
    bounds += [f"not after {day(dating.latest)}"] if dating.latest else []
    return f"of unknown date{''.join(f', {bound}' for bound in bounds)}"


def day(value: str) -> str:
    """A date, month or year as people write it; one that no calendar has stays as it is."""
    year, *rest = value.split("-")
    numbers = [int(part) for part in rest]
    if not numbers or not 1 <= numbers[0] <= len(_MONTHS):
        return value
    month = _MONTHS[numbers[0] - 1]
    return f"{numbers[1]} {month} {year}" if len(numbers) > 1 else f"{month} {year}"
