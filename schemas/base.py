"""The base of every record: frozen, exact about its fields, and able to name the field that was meant.

With it the ids and times that the service makes, and times as clients name them.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from schemas.vocabulary import Kind

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$"
TIME_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"

SLUG_PATTERN = r"^[a-z0-9][a-z0-9.-]{0,99}$"


@dataclass(frozen=True)
class Format:
    """What a text holds, as JSON Schema names it (`date-time`, `uri`); it says so and checks nothing."""

    name: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the type with its format."""
        return {**handler(schema), "format": self.name}


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""An id: 1 to 128 letters, digits and . _ ~ -, so that it stands in a path without escaping."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
"""A text that must say something."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""A short text: a name or a title."""
Note = Annotated[str, StringConstraints(max_length=20_000)]
Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Time = Annotated[str, StringConstraints(pattern=TIME_PATTERN), Format("date-time")]
"""An instant: RFC 3339 in UTC with Z."""
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
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")
_TICK = timedelta(microseconds=1)
_WRITTEN = {"written": True}
Credence = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


class Record(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True, validate_default=False
    )

    @classmethod
    def read(cls, document: bytes | str, *, is_written: bool = False) -> Self:
        """Read the record from JSON; raises `pydantic.ValidationError`.

        What `is_written` now is checked in full. What a store holds was checked by the rules of its time, and is
        read as it is, so that a map stays readable when a rule is added.
        """
        return cls.model_validate_json(document, context=_WRITTEN if is_written else None)

    def dense(self) -> bytes:
        """The record as JSON without the fields that have their default value: the form that is stored."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)

    def document(self) -> dict[str, Any]:
        """The record as plain JSON values with every field, as a client sees it."""
        return self.model_dump(mode="json")


class Node(Record):
    """What nodes of every kind have: an identity, a version and who wrote it when."""

    id: Id
    """Unique in its map, across all kinds."""
    version: int = Field(default=1, ge=1)
    """Grows by one with each change of this node."""
    created_at: Time = "1970-01-01T00:00:00Z"
    created_by: str = ""
    updated_at: Time = "1970-01-01T00:00:00Z"
    updated_by: str = ""
    tags: tuple[Tag, ...] = ()
    note: Note | None = None
    merged: tuple[Id, ...] = ()
    """Ids of nodes that were merged into this one and lead to it as long as no other node has them."""
    different_from: tuple[Id, ...] = ()
    """Nodes that look the same and were judged not to be; a hint at a near duplicate leaves them out."""

    def document(self) -> dict[str, Any]:
        """The node as a client sees it: identity first, then its own fields, who wrote it last."""
        values = self.model_dump(mode="json")
        head = {"id": values.pop("id"), "kind": values.pop("kind")}
        tail = {name: values.pop(name) for name in Node.model_fields if name != "id"}
        return {**head, **values, **tail}


# --- ids and times --------------------------------------------------------------------------------


def now() -> str:
    """This instant in RFC 3339, UTC, microseconds."""
    return stamp(datetime.now(UTC))


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
