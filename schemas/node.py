"""The six kinds of node as one type, and how a document of any kind is read."""

from typing import Any

from schemas.actor import Actor
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.base import Node
from schemas.motive import Motive
from schemas.source import Source
from schemas.statement import Statement
from schemas.vocabulary import Kind

AnyNode = Actor | Motive | Statement | Argument | Source | Assertion

MODELS: dict[Kind, type[AnyNode]] = {
    "actor": Actor,
    "motive": Motive,
    "statement": Statement,
    "argument": Argument,
    "source": Source,
    "assertion": Assertion,
}
SERVICE_FIELDS = frozenset({"kind", "version", "created_at", "created_by", "updated_at", "updated_by"})
"""Fields that the service writes and a client does not."""


def read_node(kind: Kind, document: bytes) -> AnyNode:
    """Read a stored document of the given kind."""
    return MODELS[kind].read(document)


def label(node: AnyNode) -> str:
    """What to print for a node: its text, name or title, or for a step its own id."""
    match node:
        case Statement() | Motive():
            return node.text
        case Actor():
            return node.name
        case Source():
            return node.title
        case Assertion():
            return node.wording or node.quote or node.id
        case _:
            return node.warrant or node.id


def client_fields(model: type[Node]) -> dict[str, Any]:
    """The fields that a client may write, by name."""
    return {name: field for name, field in model.model_fields.items() if name not in SERVICE_FIELDS}
