"""A change: what one write did to a map, with everything needed to undo it."""

from typing import Annotated, Literal, Self

import msgspec
from pydantic import Field, model_validator

from schemas.base import Record
from schemas.vocabulary import Kind, Op

JsonObject = dict[str, object]


class Command(Record):
    """One command: create, update (merge patch) or delete a node."""

    op: Op
    kind: Kind
    id: str | None = None
    """The node; may be left out of a create, where the service makes one."""
    value: JsonObject | None = None
    """Fields of a create, or the merge patch (RFC 7396) of an update."""
    cascade: bool = False
    """Of a delete: take along what refers to the node."""
    if_version: Annotated[int, Field(ge=1)] | None = None
    """Only if the node is still at this version."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.op != "create" and self.id is None:
            raise ValueError(f"{self.op} needs the id of a node")
        if self.op != "delete" and self.value is None:
            raise ValueError(f"{self.op} needs a value")
        return self


class Edit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a change did to one node: its stored document before and after, null where there was or is none."""

    kind: Kind | Literal["map"]
    id: str
    before: msgspec.Raw | None = None
    after: msgspec.Raw | None = None

    @property
    def size(self) -> int:
        """Bytes of both documents."""
        return sum(memoryview(document).nbytes for document in (self.before, self.after) if document is not None)


class EditNote(msgspec.Struct, frozen=True):
    """Something that a write did to what it was given and that its writer should know."""

    id: str
    """The node."""
    pointer: str
    """Where in the node."""
    detail: str


class IdempotencyRecord(msgspec.Struct, frozen=True):
    """What an idempotency key was answered with, kept with the change that it made."""

    key: str
    fingerprint: str
    """Digest of method, path and body."""
    answer: str
    """The first answer's body, JSON."""


Reversing = Literal["undo", "redo", "revert"]


class Reversal(msgspec.Struct, frozen=True, omit_defaults=True):
    """That a change takes back what earlier ones did, or, as a redo, what an undo took back."""

    act: Reversing
    """What was done."""
    revision: int
    """The change that is undone, done again or reverted; of a revert of many the one behind which they begin."""
    since: bool = False
    """Of a revert: everything behind the revision was reverted, and not the revision itself."""


class Redacted(msgspec.Struct, frozen=True, omit_defaults=True):
    """That something was taken out of the map and all its history; it cannot be taken back."""

    nodes: tuple[str, ...] = ()
    """Nodes of which ids and a mark are left."""
    texts: int = 0
    """How many texts were taken out wherever they stood; which, nobody is told."""


class Birth(msgspec.Struct, frozen=True):
    """When a map was made, and by whom."""

    at: str
    by: str


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of a map's append-only log; swapping before and after of each edit gives its inverse."""

    map: str
    revision: int
    uid: str
    """Tells this change from any other, so that a write whose connection was cut can be looked up."""
    at: str
    by: str
    edits: tuple[Edit, ...]
    idempotency: IdempotencyRecord | None = msgspec.field(default=None, name="receipt")
    """Written as `receipt` in the logs of all versions."""
    follows: str = ""
    """Uid of the change before it, by which a map that was set back is told from one that went on; empty of a first
    one, and in the logs of earlier versions."""
    reversal: Reversal | None = None
    """What it takes back, where it was made to do so."""
    redaction: Redacted | None = None
    """What it took out of the entries before it too, where it was made to do so."""
    born: Birth | None = None
    """Of an entry that stands for itself and all before it, which the log does not keep any more: its edits make the
    whole map as it was then."""

    @property
    def begins(self) -> bool:
        """Whether the log has nothing before it: it makes the map, or stands for what is not kept."""
        return self.revision == 1 or self.born is not None

    def inverse(self) -> tuple[Edit, ...]:
        """The edits that undo this change, last first."""
        return tuple(Edit(e.kind, e.id, e.after, e.before) for e in reversed(self.edits))


def encode_change(change: Change) -> bytes:
    """The change as JSON for a store's log."""
    return msgspec.json.encode(change)


def decode_change(document: bytes | str) -> Change:
    """Read a change back from a store's log; raises `msgspec.DecodeError`."""
    entry = _read_entry(document)
    edits = tuple(Edit(e.kind, e.id, _present(e.before), _present(e.after)) for e in entry.edits)
    made = (entry.map, entry.revision, entry.uid, entry.at, entry.by, edits)
    return Change(*made, entry.idempotency, entry.follows, entry.reversal, entry.redaction, entry.born)


_NOTHING = msgspec.Raw(b"null")


class _EntryEdit(msgspec.Struct):
    """An edit as msgspec can read it: it takes no `Raw | None`."""

    kind: Kind | Literal["map"]
    id: str
    before: msgspec.Raw = _NOTHING
    after: msgspec.Raw = _NOTHING


class _Entry(msgspec.Struct):
    map: str
    revision: int
    uid: str
    at: str
    by: str
    edits: tuple[_EntryEdit, ...]
    idempotency: IdempotencyRecord | None = msgspec.field(default=None, name="receipt")
    follows: str = ""
    reversal: Reversal | None = None
    redaction: Redacted | None = None
    born: Birth | None = None


def _present(document: msgspec.Raw) -> msgspec.Raw | None:
    return None if document == _NOTHING else document


def instant(time: str) -> str:
    """An RFC 3339 time in UTC with all six digits of its microseconds, so that text order is the order in time."""
    seconds, _, fraction = time.removesuffix("Z").partition(".")
    return f"{seconds}.{fraction:0<6}Z"


_read_entry = msgspec.json.Decoder(_Entry).decode
