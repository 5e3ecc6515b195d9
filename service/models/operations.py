"""Operations of a body as commands, and what is wrong with one of them, seen from the request that holds them."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.errors import GraphError, NotFound, Refused, TooLarge
from schemas.change import Command
from schemas.problem import FieldProblem, pointer
from schemas.vocabulary import PLURALS

COMMAND = 20.0
"""Estimated microseconds that one operation costs to read."""


def commands_of(operations: Any, limit: int) -> list[Command]:
    """The commands of a list of operations, checked and as they were sent; raises `TooLarge` beyond the limit."""
    if len(operations) > limit:
        raise TooLarge(
            f"{len(operations)} operations are more than {limit} (setting ARGUMAP_BATCH_LIMIT); send fewer at once"
        )
    return [_command(one) for one in operations]


def _command(one: Mapping[str, Any]) -> Command:
    return Command.model_validate({**one, "kind": PLURALS.get(one["kind"], one["kind"])})


def placed(error: GraphError, commands: Sequence[Command], name: str) -> GraphError:
    """The error with its faults in their operations; an id that an operation names wrongly is a fault of the body."""
    place(error, commands, name)
    if isinstance(error, NotFound) and (error.commands or error.command is not None):  # else it is of the address
        return Refused(error.detail, error.problems, code="unknown_id")
    return error


def place(error: GraphError, commands: Sequence[Command], name: str) -> None:
    """Say in which operation of the field `name` a fault lies and where in it."""
    if error.commands:
        error.problems = tuple(
            p.at(pointer(name, i) + _inner(p.pointer, commands[i], error))
            for i, p in zip(error.commands, error.problems)
        )
        return
    if error.command is None:
        return
    at, command = pointer(name, error.command), commands[error.command]
    if not error.problems:
        error.problems = (FieldProblem(f"{at}/id", error.detail),)
        return
    error.problems = tuple(p.at(at + _inner(p.pointer, command, error)) for p in error.problems)


def _inner(pointed: str, command: Command, error: GraphError) -> str:
    if pointed == "/id" and command.id is not None:
        return pointed
    return "" if not pointed or isinstance(error, NotFound) else "/value" + pointed
