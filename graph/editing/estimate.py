"""What commands will cost, told before they are worked out: in microseconds, from bytes, links and what would fall."""

from collections.abc import Iterable

import msgspec

from graph.editing.cascade import falling_with
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import RELATIONS_TO, Number
from schemas.change import Command
from schemas.vocabulary import KINDS

COMMAND = 100.0
"""For reading, checking and applying one small node."""
BYTE = 0.02
"""For each byte that is validated and encoded."""
REFERENCE = 3.0
"""For each reference that is checked or taken off."""
HOLDER = 1.0
"""For each node that refers to one that is to go."""
_FIELDS_LOOKED_AT, _COST_LOOKED_AT = 5_000, 10_000.0
ENOUGH = 1e6
"""Where so much work is in sight nobody needs to know how much more there is."""


def cost_of(graph: ArgumentGraph, commands: Iterable[Command]) -> float:
    """Roughly the microseconds that `plan` takes for these commands on this snapshot.

    O(commands), the fields and bytes of the first ones, whose mean stands for the rest where there is much to them, and
    the references to what they delete until `ENOUGH` is in sight.
    """
    cost, values = 0.0, _Values()
    for command in commands:
        cost += COMMAND
        if command.value is not None:
            cost += values.cost(command.value)
        number = None if command.id is None or command.op == "create" else graph.find(command.id)
        if number is not None:
            cost += BYTE * len(graph.stored(number))
            if command.op == "delete":
                cost += _of_delete(graph, number, cascade=command.cascade)
        if cost >= ENOUGH:
            break
    return cost


class _Values:
    """What values cost; behind the first thousands of fields or hundred kilobytes what those cost on the average."""

    def __init__(self) -> None:
        self._seen = 0
        self._fields = 0
        self._cost = 0.0

    def cost(self, value: dict[str, object]) -> float:
        if self._fields >= _FIELDS_LOOKED_AT or self._cost >= _COST_LOOKED_AT:
            return self._cost / self._seen
        cost = BYTE * len(msgspec.json.encode(value)) + REFERENCE * _references(value)
        self._seen += 1
        self._fields += len(value)
        self._cost += cost
        return cost


def _references(value: dict[str, object]) -> int:
    """How many items its lists have: most of them refer to a node each."""
    return sum(len(items) for items in value.values() if isinstance(items, list | tuple))


def _of_delete(graph: ArgumentGraph, number: Number, *, cascade: bool) -> float:
    if not cascade:
        relations = RELATIONS_TO[KINDS[graph.kind(number)]]
        return HOLDER * sum(len(graph.referrers(relation, number)) for relation in relations)
    falling = falling_with(graph, graph.id(number), most=int(ENOUGH / COMMAND))
    return COMMAND * (len(falling.nodes) + len(falling.loosened)) + REFERENCE * falling.links
