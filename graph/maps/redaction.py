"""Redaction: what is taken out of a map and of all its history, so that only ids and a mark are left.

A node keeps what says how it hangs together: ids, references, grades, choices and who wrote it when. A text is taken
out wherever it stands. The same document always becomes the same, so that a history stays one that can be followed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args, get_origin

import msgspec
from pydantic import ValidationError

from graph.budgets import check_wanted
from graph.snapshot.relations import REFERENCES
from schemas.base import SLUG_PATTERN
from schemas.change import Change, Edit, IdempotencyRecord, decode_change, encode_change
from schemas.map import MapFields, MapHeader
from schemas.node import MODELS, decoded, encoded, read_node
from schemas.vocabulary import Kind

MARK = "[redacted]"
"""What stands where something was taken out."""
SLUG_MARK = "redacted"
_FILL = "\u2588"
"""Stands for each character of a text of a source, so that offsets count as before."""
SHORTEST = 4
"""Characters of a text that can be taken out: a shorter one stands in too many others."""
_OWN_AT_LEAST = 12
"""Characters of what a node said from which it is looked for in the answers to other writes too."""
_STAYS = frozenset(
    {"id", "kind", "node", "map", "op", "mark", "by", "at", "version", "merged", "different_from"}
    | {"created_at", "created_by", "updated_at", "updated_by", "stance", "target", "revision", "score", "act"}
    | {reference.field for reference in REFERENCES}
)
"""Fields that hold ids, times and choices, in documents and in what was answered."""


@dataclass
class Found:
    """How many places something was taken out of."""

    changes: int = 0
    """Entries of the log."""
    nodes: int = 0
    """Nodes as they are now."""
    receipts: int = 0
    """Answers that are kept for an idempotency key."""
    remarks: int = 0
    """Records beside the map."""
    texts: int = 0
    """Texts of sources."""

    @property
    def any(self) -> bool:
        """Whether there was anything."""
        return bool(self.changes or self.nodes or self.receipts or self.remarks or self.texts)


class OnlyTried(Exception):
    """A transaction is not to be committed: all of it was done only to say what it would do."""


@dataclass
class Redaction:
    """What is to go: nodes, and texts wherever they stand. A store shows it all entries of the log, then has each
    document rewritten; the methods give back the very thing that they were given where nothing of it goes. Each of
    them raises `Cancelled` where it is not wanted any more: the store then takes all of it back.
    """

    nodes: frozenset[str]
    texts: tuple[str, ...] = ()
    dry: bool = False
    """Whether it is only to be said what would go."""
    found: Found = field(default_factory=Found)
    _said: set[str] = field(default_factory=set)
    """What the nodes have said in any version, as far as it is long enough to be told from anything else."""

    @cached_property
    def _written(self) -> tuple[bytes, ...]:
        """The texts as they stand in a document; JSON writes each in one way only."""
        return tuple(msgspec.json.encode(one)[1:-1] for one in self.texts)

    def begin(self) -> None:
        """Count anew: a transaction may be tried again."""
        self.found = Found()

    def end(self) -> None:
        """All is rewritten; raises `OnlyTried`, which a store takes the transaction back by, where that was a trial."""
        check_wanted()
        if self.dry:
            raise OnlyTried

    def look_at(self, changes: Iterable[Change]) -> None:
        """Learn what the nodes have said; all entries must be seen before the first is rewritten."""
        for change in changes:
            check_wanted()
            for edit in change.edits:
                if edit.kind != "map" and edit.id in self.nodes:
                    for document in (edit.before, edit.after):
                        if document is not None:
                            self._said.update(_strings(decoded(bytes(document))))

    # --- what a store rewrites ------------------------------------------------------------------

    def change(self, change: Change) -> Change:
        """An entry of the log."""
        check_wanted()
        edits = tuple(self._edit(edit) for edit in change.edits)
        if any(new is not old for new, old in zip(edits, change.edits, strict=True)):
            self.found.changes += 1
        record = None if change.idempotency is None else self._record(change, change.idempotency)
        return msgspec.structs.replace(change, edits=edits, idempotency=record)

    def document(self, kind: Kind, node_id: str, document: bytes) -> bytes:
        """The document of a node as it is now."""
        check_wanted()
        new = self._document(kind, node_id, document)
        self.found.nodes += new is not document
        return new

    def header(self, header: MapHeader) -> MapHeader:
        """What the map says of itself."""
        fields = header.model_dump(include={"title", "question", "description"})
        return header.model_copy(update={name: _marked(value, self.texts) for name, value in fields.items()})

    def beside(self, subject: str, document: bytes) -> bytes:
        """A record beside the map."""
        check_wanted()
        value = msgspec.json.decode(document)
        proposed = value.pop("change", None)
        new = self._without(_blanked(value) if subject in self.nodes else self._unsaid(value))
        if proposed is None:
            if new == value:
                return document
            self.found.remarks += 1
            return msgspec.json.encode(new)
        # A draft: what it proposes is a change as the log has them.
        raw = bytes(msgspec.json.decode(document, type=dict[str, msgspec.Raw])["change"])
        change = encode_change(self.change(decode_change(raw)))
        if new == value and change == raw:
            return document
        self.found.remarks += 1
        return msgspec.json.encode({**new, "change": msgspec.Raw(change)})

    def source_text(self, source: str, text: str) -> str | None:
        """The text of a source; None where all of it goes."""
        check_wanted()
        new: str | None = text
        for one in self.texts:
            new = new.replace(one, _FILL * len(one)) if new is not None else None
        if source in self.nodes:
            new = None
        self.found.texts += new != text
        return new

    # --- how ------------------------------------------------------------------------------------

    def _edit(self, edit: Edit) -> Edit:
        before, after = (self._side(edit, document) for document in (edit.before, edit.after))
        check_wanted()  # one entry may hold a whole map
        return edit if before is edit.before and after is edit.after else Edit(edit.kind, edit.id, before, after)

    def _side(self, edit: Edit, document: msgspec.Raw | None) -> msgspec.Raw | None:
        if document is None:
            return None
        held = bytes(document)
        new = self._map_fields(held) if edit.kind == "map" else self._document(edit.kind, edit.id, held)
        return document if new is held else msgspec.Raw(new)

    def _map_fields(self, document: bytes) -> bytes:
        value = msgspec.json.decode(document)
        new = _marked(value, self.texts)
        return document if new == value else MapFields.model_validate(new).dense()

    def _document(self, kind: Kind, node_id: str, document: bytes) -> bytes:
        if node_id in self.nodes:
            new = _bare(kind, document)
            return document if new == document else new
        if not any(one in document for one in self._written):
            return document
        fields = decoded(document)
        new = encoded({n: v if n in _STAYS else _marked(v, self.texts) for n, v in fields.items()})
        try:
            read_node(kind, new)
        except ValidationError:
            return _bare(kind, document)  # a part of an address, or a mark that is longer than what it stands for
        return document if new == document else new

    def _record(self, change: Change, record: IdempotencyRecord) -> IdempotencyRecord:
        answer = msgspec.json.decode(record.answer)
        body = answer.get("body") if isinstance(answer, dict) else answer
        is_about = any(edit.id in self.nodes for edit in change.edits)
        new = _blanked(body) if is_about else self._without(self._unsaid(body))
        if new == body:
            return record
        self.found.receipts += 1
        whole = {**answer, "body": new} if isinstance(answer, dict) else new
        return msgspec.structs.replace(record, answer=msgspec.json.encode(whole).decode())

    def _unsaid(self, value: Any) -> Any:
        """An answer without what the nodes have said."""
        if isinstance(value, dict):
            if value.get("id") in self.nodes:
                return _blanked(value)
            return {name: self._unsaid(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._unsaid(one) for one in value]
        return MARK if isinstance(value, str) and value in self._said else value

    def _without(self, value: Any) -> Any:
        return _marked(value, self.texts, _STAYS) if self.texts else value


def _bare(kind: Kind, document: bytes) -> bytes:
    """The document of a node that keeps how it hangs together."""
    model = MODELS[kind]
    kept: dict[str, Any] = {}
    for name, value in decoded(document).items():
        known = model.model_fields.get(name)
        if name in _STAYS or (known is not None and _is_choice(known.annotation)):
            kept[name] = value
        elif known is not None and known.is_required():
            is_slug = any(getattr(one, "pattern", None) == SLUG_PATTERN for one in known.metadata)
            kept[name] = SLUG_MARK if is_slug else MARK
    return encoded(kept)


def _is_choice(annotation: Any) -> bool:
    """Whether a field holds one of some words, or a grade."""
    if get_origin(annotation) is Literal or annotation in (float, bool):
        return True
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return bool(parts) and all(_is_choice(part) for part in parts if isinstance(part, type) or get_args(part))


def _strings(value: Any, name: str = "") -> Iterable[str]:
    if isinstance(value, str):
        if name not in _STAYS and len(value) >= _OWN_AT_LEAST:
            yield value
    elif isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _strings(one, inner)
    elif isinstance(value, Collection):
        for one in value:
            yield from _strings(one, name)


def _blanked(value: Any, name: str = "") -> Any:
    """A value whose texts are all marks, but for ids, times and choices."""
    if isinstance(value, str):
        return value if name in _STAYS else MARK
    if isinstance(value, dict):
        return {inner: _blanked(one, inner) for inner, one in value.items()}
    if isinstance(value, list):
        return [_blanked(one, name) for one in value]
    return value


def _marked(value: Any, texts: Iterable[str], stays: frozenset[str] = frozenset()) -> Any:
    """A value with a mark in place of each of the texts, but for fields that stay."""
    if isinstance(value, str):
        for text in texts:
            value = value.replace(text, MARK)
        return value
    if isinstance(value, dict):
        return {name: one if name in stays else _marked(one, texts, stays) for name, one in value.items()}
    if isinstance(value, list):
        return [_marked(one, texts, stays) for one in value]
    return value
