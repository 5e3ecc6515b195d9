"""What a newer model makes of stored documents: the same for every store, so that equal maps stay equal."""

from collections.abc import Iterable
from typing import Any

import msgspec

from schemas.change import Change, Edit
from schemas.node import FIGURES, decoded, encoded
from schemas.vocabulary import Kind


class _Of(msgspec.Struct):
    of: str


class Attributed:
    """The second form of documents: who puts a statement forward is said, and figures are decimals.

    Before, a statement was `asserted` or `constructed`, the first being left out of what was stored. Now one that was
    ever given an assertion is `attributed`, and any other is its author's, which is left out. Figures were floats, so
    that 5 was stored as 5.0. What is in this form already comes out as it went in.
    """

    def __init__(self) -> None:
        self._asserted: set[str] = set()

    def look_at(self, changes: Iterable[Change]) -> None:
        """Learn from a map's changes which statements were ever given an assertion; all must be seen first."""
        for change in changes:
            for edit in change.edits:
                if edit.kind == "assertion" and edit.after is not None:
                    self._asserted.add(msgspec.json.decode(edit.after, type=_Of).of)

    def document(self, kind: Kind | str, node_id: str, document: bytes) -> bytes:
        """A node's document in the new form."""
        if kind == "statement":
            return _with_origin(document) if node_id in self._asserted else document
        if kind == "assertion" and b'"quantities"' in document:
            return _with_whole_figures(document)
        return document

    def change(self, change: Change) -> Change:
        """An entry of the log with its documents in the new form."""
        edits = tuple(Edit(e.kind, e.id, self._raw(e, e.before), self._raw(e, e.after)) for e in change.edits)
        return msgspec.structs.replace(change, edits=edits)

    def _raw(self, edit: Edit, document: msgspec.Raw | None) -> msgspec.Raw | None:
        return None if document is None else msgspec.Raw(self.document(edit.kind, edit.id, bytes(document)))


def _with_origin(document: bytes) -> bytes:
    fields: dict[str, Any] = decoded(document)
    if fields.get("origin", "asserted") != "asserted":
        return document
    fields.pop("origin", None)
    whole = {}
    for name, value in fields.items():  # where a node that is written anew has it
        whole[name] = value
        if name == "text":
            whole["origin"] = "attributed"
    return encoded(whole)


def _with_whole_figures(document: bytes) -> bytes:
    fields: dict[str, Any] = decoded(document)
    for quantity in fields["quantities"]:
        for name in FIGURES:
            figure = quantity.get(name)
            if figure is not None and figure == int(figure):
                quantity[name] = int(figure)
    return encoded(fields)
