"""A map as the first version of the stores kept it, for tests of what a newer one makes of it."""

from __future__ import annotations

import msgspec

from schemas.change import Change, Edit
from tests.support.chronicle import Chronicle
from tests.support.nodes import assertion, source, statement


def first_form(document: bytes) -> bytes:
    """A document as it was: no origin but `constructed`, figures as floats."""
    fields = msgspec.json.decode(document)
    if fields.get("origin") != "constructed":
        fields.pop("origin", None)
    for quantity in fields.get("quantities", ()):
        for name in ("value", "min", "max"):
            if name in quantity:
                quantity[name] = float(quantity[name])
    return msgspec.json.encode(fields)


def first_change(change: Change) -> Change:
    edits = tuple(Edit(e.kind, e.id, _raw(e.before), _raw(e.after)) for e in change.edits)
    return msgspec.structs.replace(change, edits=edits)


def _raw(document: msgspec.Raw | None) -> msgspec.Raw | None:
    return None if document is None else msgspec.Raw(first_form(bytes(document)))


def told() -> Chronicle:
    """Statements that were asserted, are no longer, never were and stand on arguments, over several changes."""
    map_ = Chronicle()
    figures = ({"value": 10000, "unit": "persons"}, {"max": "0.5", "unit": "share"})
    map_.next(source("s"), statement("said", origin="attributed"), statement("own"),
              assertion("x", "said", "s", quantities=figures))  # fmt: skip
    map_.next(statement("left", origin="attributed"), statement("t", origin="constructed"),
              assertion("y", "left", "s"), assertion("z", "t", "s"))  # fmt: skip
    map_.next(statement("own", "It rains", credence=0.5), gone=["y"])
    return map_
