"""A map as one JSON document, which loses nothing that an author wrote."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType
from pydantic import ValidationError

from graph.editing.editor import own_fields
from graph.errors import Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.map import MapCreate, MapHeader
from schemas.map_document import MapDocument, MapOfDocument
from schemas.node import decoded, encoded
from schemas.problem import FieldProblem, did_you_mean, explain, pointer
from schemas.vocabulary import KINDS, PLURALS

FORMAT, VERSION = "argumap", 1
_PARTS = ("format", "version", "map", "nodes")


class ReadDocument(NamedTuple):
    """What a document asks for."""

    draft: MapCreate
    commands: list[Command]
    """A create for each node."""
    places: list[str]
    """Where each command's node stands in the document, as a JSON pointer."""


def dump(graph: ArgumentGraph) -> bytes:
    """The document of a snapshot: the map's own fields, then under the plural of each kind its nodes by id.

    A node has the fields that a client writes and that are not at their default, so each is what a create
    takes; who wrote it when belongs to the history and is not in it. Equal snapshots give equal bytes.
    """
    header = graph.header
    own = MapOfDocument(header.id, header.title, header.question, header.description, _table(header))
    nodes = {f"{kind}s": [own_fields(node) for node in graph.nodes(kind)] for kind in KINDS}
    return encoded(MapDocument(FORMAT, VERSION, own, nodes))


def read_document(document: bytes) -> ReadDocument:
    """Read a document back; what its nodes hold is checked when they are created. Raises `Refused`."""
    try:
        parts = decoded(document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(f"this is no JSON: {error}", code="other_format") from error
    _check_parts(parts)
    try:
        draft = MapCreate.read(encoded(parts["map"]))
    except ValidationError as error:
        faults = [fault.under("/map") for fault in explain(error, MapCreate)]
        raise Refused("the map's own fields are not well formed", faults) from error
    found = list(read_nodes(parts["nodes"]))
    return ReadDocument(draft, [command for command, _ in found], [place for _, place in found])


def read_nodes(nodes: Mapping[str, Any]) -> Iterator[tuple[Command, str]]:
    """A create for each node of a document, and where the node stands in it; raises `Refused`."""
    for plural, held in nodes.items():
        if plural not in PLURALS:
            detail = f"no kind of node; {did_you_mean(plural, PLURALS)}"
            raise Refused(f"{plural!r} is {detail}", [FieldProblem(pointer("nodes", plural), detail)])
        for place, node in enumerate(held if isinstance(held, list) else [None]):
            where = pointer("nodes", plural, place)
            if not isinstance(node, dict) or not isinstance(node.get("id"), str):
                detail = "must be an object with an id"
                raise Refused(f"{where}: {detail}", [FieldProblem(where, detail)])
            yield Command(op="create", kind=PLURALS[plural], id=node["id"], value=node), where


def _table(header: MapHeader) -> dict[str, Any] | UnsetType:
    return UNSET if header.weights is None else msgspec.json.decode(header.weights.dense())


def _check_parts(parts: Any) -> None:
    if not isinstance(parts, dict) or parts.get("format") != FORMAT:
        raise Refused(f'this is no document of {FORMAT}: it has no "format": "{FORMAT}"', code="other_format")
    if parts.get("version") != VERSION:
        detail = f"this is version {parts.get('version')!r} of the format; version {VERSION} is known here"
        raise Refused(detail, [FieldProblem("/version", detail)], code="other_format")
    faults = [
        FieldProblem(f"/{name}", f"unknown; {did_you_mean(name, _PARTS)}") for name in parts if name not in _PARTS
    ]
    faults += [FieldProblem(f"/{name}", "missing") for name in _PARTS if name not in parts]
    if not faults and not isinstance(parts["nodes"], dict):
        faults.append(FieldProblem("/nodes", "must be an object with a list for each kind"))
    if faults:
        raise Refused(f"{faults[0].pointer}: {faults[0].detail}", faults)
