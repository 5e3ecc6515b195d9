"""A batch: operations of four sorts that happen together or not at all."""

from typing import Annotated, Any, Literal

from pydantic import Field, WrapValidator
from typing_extensions import TypeAliasType

from schemas.base import Id, Record
from schemas.problem import while_faults_are_few
from schemas.vocabulary import KINDS, PLURALS

KindWord = Literal[(*KINDS, *PLURALS)]  # type: ignore[valid-type]
"""A kind, in the singular or in the plural."""
Fields = dict[str, Any]
_Version = Annotated[int, Field(ge=1)]


class BatchCreate(Record):
    """Make a node; an argument also in the short form."""

    op: Literal["create"]
    """What is to be done."""
    kind: KindWord
    """In the singular or in the plural."""
    id: Id | None = None
    """Left out, the service makes one."""
    value: Fields
    """The fields of the node."""


class BatchUpdate(Record):
    """Change a node."""

    op: Literal["update"]
    """What is to be done."""
    kind: KindWord
    """In the singular or in the plural."""
    id: Id
    """The node."""
    value: Fields
    """A merge patch (RFC 7396): only what changes."""
    if_version: _Version | None = None
    """Only if the node is still at this version."""


class BatchUpsert(Record):
    """Make a node, or change it where it is there already."""

    op: Literal["upsert"]
    """What is to be done."""
    kind: KindWord
    """In the singular or in the plural."""
    id: Id
    """The node."""
    value: Fields
    """Its fields; of a node that is there, those named here are set and the others stay."""


class BatchDelete(Record):
    """Delete a node."""

    op: Literal["delete"]
    """What is to be done."""
    kind: KindWord
    """In the singular or in the plural."""
    id: Id
    """The node."""
    cascade: bool = False
    """Take along what refers to the node."""
    if_version: _Version | None = None
    """Only if the node is still at this version."""


BatchOperation = TypeAliasType(
    "BatchOperation",
    Annotated[
        BatchCreate | BatchUpdate | BatchUpsert | BatchDelete,
        Field(discriminator="op", description="What is done to one node."),
    ],
)
"""One operation; as a named type it is one in the OpenAPI document too."""


CountedOperation = Annotated[BatchOperation, WrapValidator(while_faults_are_few)]
"""One of many: where enough faults are found the rest is not looked at."""


class BatchRequest(Record):
    """Operations that happen together or not at all; a later one may refer to what an earlier one makes."""

    operations: Annotated[tuple[CountedOperation, ...], Field(min_length=1)]
    """In order."""
    dry_run: bool = False
    """Only say what would happen."""
