"""What tests ask a workspace to write, in one line."""

from __future__ import annotations

from typing import Any

from graph.editing.editor import own_fields
from graph.editing.planning import Plan, plan
from graph.maps.commit_queue import IdempotencyKey, WriteRequest
from schemas.change import Command
from schemas.node import AnyNode
from tests.support.nodes import statement


def write_request(*commands: Command, by: str = "ann", key: str | None = None, fingerprint: str = "f") -> WriteRequest:
    """A write request of these commands that answers with the ids that they concern."""
    return WriteRequest(
        lambda graph, provenance: plan(graph, commands, provenance),
        by,
        _answer,
        None if key is None else IdempotencyKey(key, fingerprint),
    )


def _answer(planned: Plan) -> bytes:
    return ",".join(result.id for result in planned.results).encode()


def create(node: AnyNode) -> Command:
    """The command that makes a node."""
    fields = own_fields(node)
    return Command(op="create", kind=node.kind, id=fields.pop("id"), value=fields)


def create_statement(id: str, text: str = "It sells shells") -> Command:
    return create(statement(id, text))


def update(kind: Any, id: str, if_version: int | None = None, **patch: Any) -> Command:
    return Command(op="update", kind=kind, id=id, value=patch, if_version=if_version)


def delete(kind: Any, id: str, *, cascade: bool = False) -> Command:
    return Command(op="delete", kind=kind, id=id, cascade=cascade)
