"""Ids and times that the service makes."""

import secrets
from datetime import UTC, datetime

from schemas.vocabulary import Kind

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PREFIX: dict[Kind | str, str] = {
    "actor": "actor",
    "motive": "motive",
    "statement": "p",
    "argument": "a",
    "source": "s",
    "assertion": "x",
    "map": "map",
    "remark": "r",
    "draft": "draft",
    "change": "change",
}


def now() -> str:
    """This instant in RFC 3339, UTC, microseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(time: str) -> datetime | None:
    """The instant that a time in RFC 3339 names; None where the calendar or the clock has no such one."""
    try:
        return datetime.fromisoformat(time)
    except ValueError:
        return None


def new_id(kind: Kind | str) -> str:
    """An id that sorts by the time it was made: 48 bits of milliseconds, 60 of chance (in the manner of ULID)."""
    moment = int(datetime.now(UTC).timestamp() * 1000)
    return f"{_PREFIX[kind]}-{_base32(moment, 10)}{_base32(secrets.randbits(60), 12)}"


def _base32(value: int, length: int) -> str:
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in reversed(range(length)))
