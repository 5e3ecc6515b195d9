"""What a change did to the conclusions of a map: the verdicts of theses, the rank of motives."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator

from graph.evaluation.explanation.what_if import what_if
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation_query import Ask
from schemas.history import ChangedVerdict, ChangeEffect
from schemas.node import Statement
from schemas.what_if import EvaluationDifference, WhatIfAnswer

MOST = 100
"""Verdicts and motives that one effect names."""
_BOTH: tuple[Ask, ...] = ("evaluation", "motives")


def effect_of(before: ArgumentGraph, after: ArgumentGraph) -> ChangeEffect:
    """What led from one snapshot to the next did to verdicts of theses and ranks of motives."""
    found = what_if(before, after, _BOTH)
    verdicts = [v for v in verdicts_in(found) if is_thesis(before, v.id) or is_thesis(after, v.id)]
    motives = [m for m in (found.motives or ()) if m.rank_before != m.rank_after]
    return ChangeEffect(tuple(verdicts[:MOST]), len(verdicts), tuple(motives[:MOST]), len(motives))


def is_thesis(graph: ArgumentGraph, node_id: str) -> bool:
    """Whether a node is a conclusion: a constructed statement, or one that is argued about and bears on nothing."""
    number = graph.find(node_id)
    node = None if number is None else graph.at(number)
    if number is None or not isinstance(node, Statement):
        return False
    return node.origin == "constructed" or (bool(graph.incoming(number)) and not graph.outgoing(number))


def verdicts_in(found: WhatIfAnswer) -> Iterator[ChangedVerdict]:
    """The nodes of a comparison whose grounded verdict differs, in the order of their ids."""
    changed = found.evaluation.changed if isinstance(found.evaluation, EvaluationDifference) else ()
    for one in changed:
        was, now = (None if side is None else side.verdict for side in (one.before, one.after))
        if was != now:
            stood, stands = (None if side is None else side.standing for side in (one.before, one.after))
            yield ChangedVerdict(one.id, was, now, stood, stands)


class Effects:
    """The effects that were worked out, kept up to a bound: what a change did stays as it is."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, ChangeEffect] = OrderedDict()

    def get(self, key: Hashable) -> ChangeEffect | None:
        """What is kept under a key."""
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: Hashable, effect: ChangeEffect) -> None:
        """Keep an effect; the least recently used goes where there are too many."""
        self._held[key] = effect
        if len(self._held) > self._most:
            self._held.popitem(last=False)
