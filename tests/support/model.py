"""A map as plain dictionaries: what the store and the workspace are held against, sharing no code with them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
Documents = dict[str, Document]
"""By id: `kind`, `version` and the fields that are not at their default."""

VITAL = {
    "motive": ("actor",),
    "argument": ("premises", "target"),
    "assertion": ("of", "source", "chain"),
}
LOOSE = {
    "actor": ("affiliations", "same_as"),
    "statement": ("concerns", "about"),
    "source": ("publisher", "author", "cited_in", "repeats", "same_as"),
    "assertion": ("cited_source", "belief_holder", "alternative_chain", "probable_origin"),
}


def named(value: Any) -> list[str]:
    """The ids that a field names."""
    if value is None:
        return []
    if isinstance(value, list):
        return [each["motive"] if isinstance(each, dict) else each for each in value]
    return [value]


def holders(documents: Documents, node_id: str) -> list[str]:
    """The nodes that refer to a node."""
    found = set()
    for other, document in documents.items():
        for name in (*VITAL.get(document["kind"], ()), *LOOSE.get(document["kind"], ())):
            if node_id in named(document.get(name)):
                found.add(other)
    return sorted(found)


def cascaded(documents: Documents, root: str) -> Documents:
    """What is left when a node goes with everything that is void without it."""
    gone, waiting = set(), [root]
    while waiting:
        going = waiting.pop()
        gone.add(going)
        for other, document in documents.items():
            vital = VITAL.get(document["kind"], ())
            if other not in gone and any(going in named(document.get(name)) for name in vital):
                waiting.append(other)
    return {i: _detached(document, gone) for i, document in documents.items() if i not in gone}


def _detached(document: Document, gone: set[str]) -> Document:
    left = dict(document)
    for name in LOOSE.get(document["kind"], ()):
        value = left.get(name)
        if isinstance(value, list):
            left[name] = [each for each in value if named([each])[0] not in gone]
            if not left[name]:
                del left[name]
        elif value in gone:
            del left[name]
    return left if left == document else {**left, "version": document["version"] + 1}


def attributed(before: Documents, after: Documents) -> Documents:
    """What a write makes of statements of no stated origin that it gives an assertion."""
    given = {
        document["of"]
        for node_id, document in after.items()
        if document["kind"] == "assertion"
        if (was := before.get(node_id)) is None or was["kind"] != "assertion" or was["of"] != document["of"]
    }
    told = dict(after)
    for statement in given:
        document = after.get(statement)
        if document is not None and document["kind"] == "statement" and "origin" not in document:
            more = 1 if document == before.get(statement) else 0
            told[statement] = {**document, "origin": "attributed", "version": document["version"] + more}
    return told


@dataclass
class Model:
    """Every revision of a map."""

    titles: list[str] = field(default_factory=list)
    revisions: list[Documents] = field(default_factory=list)

    @property
    def now(self) -> Documents:
        """A copy of the documents as they stand."""
        return deepcopy(self.revisions[-1])

    @property
    def title(self) -> str:
        return self.titles[-1]

    def add(self, documents: Documents, title: str | None = None) -> None:
        """The next revision; none where nothing changes. A statement given an assertion becomes attributed."""
        documents = attributed(self.revisions[-1], documents)
        heading = self.title if title is None else title
        if (documents, heading) != (self.revisions[-1], self.title):
            self.revisions.append(deepcopy(documents))
            self.titles.append(heading)

    def ids(self, *kinds: str) -> list[str]:
        """Ids that stand now, of some kinds if any are given."""
        return sorted(i for i, document in self.revisions[-1].items() if not kinds or document["kind"] in kinds)
