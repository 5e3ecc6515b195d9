"""Times as clients name them: any RFC 3339 time, or a date, as instants in UTC."""

import re
from datetime import UTC, datetime, timedelta

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")
_TICK = timedelta(microseconds=1)


def instant_named(text: str, *, begins: bool = False) -> datetime | None:
    """The instant that a text names; of a date its last one in UTC, or its first where `begins`.

    None where it names none: another form, or a day that the calendar does not have.
    """
    try:
        if _DATE.fullmatch(text):
            day = datetime.fromisoformat(text).replace(tzinfo=UTC)
            return day if begins else day + timedelta(days=1) - _TICK
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None


def just_before(instant: datetime) -> datetime:
    """The last instant before another, as finely as changes are stamped."""
    return instant - _TICK


def stamp(instant: datetime) -> str:
    """An instant as changes are stamped: RFC 3339, UTC, microseconds."""
    return f"{instant.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
