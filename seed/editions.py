"""Editions of a map that ships with the package: which one a map has, and the commands that make or update it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from graph.editing.editor import Provenance, own_fields
from graph.editing.planning import plan
from graph.interchange.json_document import read_nodes
from graph.maps.replay import empty
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.map import MapHeader
from schemas.vocabulary import PLURALS
from seed.articles import DEFAULT, Document, editions
from seed.merging import Held, Merge, Nodes, merge_edition

_NOBODY = Provenance("seed", "2000-01-01T00:00:00Z")


class Standing(NamedTuple):
    """Where a map stands beside the editions of what ships under its id."""

    has: int | None
    """The edition that it has, None where it is none of them."""
    newest: int

    @property
    def is_outdated(self) -> bool:
        """Whether a newer edition can be offered."""
        return self.has is not None and self.has < self.newest


def creates(document: Document) -> Iterator[Command]:
    """A create for each node of a document."""
    yield from (command for command, _ in read_nodes({plural: document.get(plural, []) for plural in PLURALS}))


def operation_of(command: Command) -> dict[str, Any]:
    """A command as an operation of a batch."""
    operation = {"op": command.op, "kind": f"{command.kind}s", "id": command.id}
    return operation if command.value is None else {**operation, "value": command.value}


def standing(mine: Nodes, name: str = DEFAULT) -> Standing:
    """Which edition a map has: the one that it shares most with, of what tells the editions apart.

    A map that was worked on has the edition still that it was made from, or brought to. Raises `LookupError`.
    """
    known = [_stored(one) for one in editions(name)]
    shared = [_shared(mine, one, known) for one in known]
    most = max(shared)
    return Standing(len(known) - shared[::-1].index(most) if most else None, len(known))


def update_of(mine: Nodes, has: int, name: str = DEFAULT) -> Merge:
    """What brings a map that has one edition to the newest, as far as its users left it as it was."""
    known = editions(name)
    return merge_edition(mine, _stored(known[has - 1]), _stored(known[-1]))


def nodes_of(graph: ArgumentGraph) -> Nodes:
    """The nodes of a snapshot as they are compared."""
    return {node.id: Held(node.kind, own_fields(node)) for kind in PLURALS.values() for node in graph.nodes(kind)}


def nodes_of_export(nodes: Mapping[str, Sequence[dict[str, Any]]]) -> Nodes:
    """The same of the `nodes` of a map's JSON document, its figures read digit for digit."""
    return {node["id"]: Held(kind, node) for plural, kind in PLURALS.items() for node in nodes.get(plural, ())}


def _stored(document: Document) -> Nodes:
    """The nodes of an edition as a store has them once it is loaded."""
    times = dict.fromkeys(("created_at", "updated_at"), _NOBODY.at) | dict.fromkeys(
        ("created_by", "updated_by"), _NOBODY.by
    )
    header = MapHeader.model_validate({"id": document["id"], "title": document["title"], "revision": 1, **times})
    return nodes_of(plan(empty(header), list(creates(document)), _NOBODY).graph)


def _shared(mine: Nodes, edition: Nodes, all_editions: Sequence[Nodes]) -> int:
    others = [one for one in all_editions if one is not edition]
    telling = (i for i, held in edition.items() if not others or any(other.get(i) != held for other in others))
    return sum(mine.get(i) == edition[i] for i in telling)
