"""Operations in a body, and what is wrong with one of them, seen from the request that holds them."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from graph.errors import GraphError, NotFound, TooLarge
from schemas.change import Command
from schemas.problem import FieldProblem, did_you_mean, explain, pointer
from schemas.vocabulary import KINDS, PLURALS


def commands_of(value: Any, name: str, limit: int, faults: list[FieldProblem]) -> list[Command]:
    """Read the operations in the field `name` of a body; adds what is wrong to `faults`, raises `TooLarge`."""
    if not isinstance(value, list) or not value:
        faults.append(FieldProblem(pointer(name), "must be a list of at least one operation"))
        return []
    if len(value) > limit:
        raise TooLarge(
            f"{len(value)} operations are more than {limit} (setting ARGUMAP_BATCH_LIMIT); send fewer at once"
        )
    commands = [_command(one, pointer(name, i), faults) for i, one in enumerate(value)]
    return [c for c in commands if c is not None]


def _command(value: Any, place: str, faults: list[FieldProblem]) -> Command | None:
    if not isinstance(value, dict):
        faults.append(FieldProblem(place, "must be an operation: an object with op, kind and id"))
        return None
    named = PLURALS.get(value["kind"], value["kind"]) if isinstance(value.get("kind"), str) else None
    if named is not None and named not in KINDS:
        known = [*PLURALS, *KINDS]
        faults.append(FieldProblem(f"{place}/kind", f"unknown kind {named!r}; {did_you_mean(named, known)}"))
        return None
    try:
        return Command.model_validate({**value, **({"kind": named} if named else {})})
    except ValidationError as error:
        faults.extend(p.under(place) for p in explain(error, Command))
        return None


def place(error: GraphError, commands: Sequence[Command], name: str) -> None:
    """Say in which operation of the field `name` a fault lies and where in it."""
    if error.command is None:
        return
    at, command = pointer(name, error.command), commands[error.command]
    if not error.problems:
        error.problems = (FieldProblem(f"{at}/id", error.detail),)
        return
    error.problems = tuple(FieldProblem(at + _inner(p.pointer, command, error), p.detail) for p in error.problems)


def _inner(pointed: str, command: Command, error: GraphError) -> str:
    if pointed == "/id" and command.id is not None:
        return pointed
    return "" if not pointed or isinstance(error, NotFound) else "/value" + pointed
