"""What a map's history says that a store should hold, beside what it holds: the ground of doctor and repair."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from schemas.change import Change, Edit
from schemas.map import MapFields, MapHeader
from schemas.vocabulary import KINDS, Kind

Part = Literal["file", "schema", "head", "history", "document", "properties", "relationships", "index"]


class Finding(NamedTuple):
    """One place where a store contradicts the history of a map, or the history itself."""

    map: str | None
    """None of what concerns the whole store."""
    part: Part
    node: str | None
    detail: str


@dataclass
class Expected:
    """A map as its history, followed from its first entry, says that it is."""

    header: MapHeader
    nodes: dict[str, tuple[Kind, bytes]] = field(default_factory=dict)
    """Kind and document by id."""
    touched: dict[str, list[int]] = field(default_factory=dict)
    """The revisions that touched each node that the map has or ever had."""
    findings: list[Finding] = field(default_factory=list)
    """Where the history contradicts itself."""

    @classmethod
    def born(cls, first: Change) -> "Expected":
        """Before the first entry of its history."""
        at, by = (first.at, first.by) if first.born is None else (first.born.at, first.born.by)
        stamped: dict[str, Any] = {"created_at": at, "created_by": by, "updated_at": at, "updated_by": by}
        return cls(MapHeader.model_construct(id=first.map, title="", revision=0, counts={}, **stamped))

    def follow(self, changes: Sequence[Change]) -> None:
        """Carry the map along these entries; O(edits)."""
        for change in changes:
            for edit in change.edits:
                self._apply(change, edit)
            self.header = self.header.model_copy(
                update={
                    "revision": change.revision, "change": change.uid, "updated_at": change.at,
                    "updated_by": change.by,
                    "redacted": self.header.redacted if change.redaction is None else change.revision,
                }
            )  # fmt: skip

    def finish(self) -> "Expected":
        """Count the nodes."""
        counts = dict.fromkeys(KINDS, 0)
        for kind, _ in self.nodes.values():
            counts[kind] += 1
        self.header = self.header.model_copy(update={"counts": counts})
        return self

    @property
    def former(self) -> set[str]:
        """Ids that the map had and has no more."""
        return self.touched.keys() - self.nodes.keys()

    def _apply(self, change: Change, edit: Edit) -> None:
        if edit.kind == "map":
            if edit.after is not None:
                fields = MapFields.read(bytes(edit.after))
                self.header = self.header.model_copy(update={n: getattr(fields, n) for n in MapFields.model_fields})
            return
        was = self.nodes.get(edit.id)
        if (None if was is None else was[1]) != (None if edit.before is None else bytes(edit.before)):
            detail = f"revision {change.revision} changes another state of it than the one that the entry before left"
            self.findings.append(Finding(change.map, "history", edit.id, detail))
        self.touched.setdefault(edit.id, []).append(change.revision)
        if edit.after is None:
            self.nodes.pop(edit.id, None)
        else:
            self.nodes[edit.id] = (edit.kind, bytes(edit.after))
