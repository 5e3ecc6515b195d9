"""A document of a map that ships with the package, as the commands that make its nodes."""

from collections.abc import Iterator
from typing import Any

from schemas.change import Command
from schemas.vocabulary import PLURALS
from seed.articles import Document


def creates(document: Document) -> Iterator[Command]:
    """A create for each node of a document, kind by kind."""
    for plural, kind in PLURALS.items():
        for node in document.get(plural, ()):
            yield Command.model_construct(op="create", kind=kind, id=node["id"], value=node)


def operation_of(command: Command) -> dict[str, Any]:
    """A command as an operation of a batch."""
    operation = {"op": command.op, "kind": f"{command.kind}s", "id": command.id}
    return operation if command.value is None else {**operation, "value": command.value}
