"""What an edit may have changed beside what it touches: weights of whatever it reaches, and steps that moved."""

from collections.abc import Iterable, Iterator

from graph.evaluation.weights import table_of
from graph.snapshot.argument_graph import ArgumentGraph, DerivedFrom
from graph.snapshot.arrays import Arrays, Compact
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.relations import Number
from schemas.node import Actor, AnyNode, Source
from schemas.vocabulary import Relation

AT_MOST = 1_000
"""Nodes looked at before all weights anew are cheaper."""
_TIES: tuple[Relation, ...] = (
    "same_as", "affiliated_with", "repeats", "cited_in", "published_by", "written_by",
)  # fmt: skip
_NAMED: tuple[Relation, ...] = (
    "found_in", "cites", "spoken_by", "may_originate_with", "may_be_spoken_by",
)  # fmt: skip


class TooMany(Exception):
    """The edit moves the weights of a large part of the map."""


def reweighed(graph: ArgumentGraph, origin: DerivedFrom) -> set[Number]:
    """The nodes whose weight may differ from what it was behind an edit; O(what the edit reaches).

    An assertion moves the weight of what it asserts, a source those of what is found in it or cites it; what ties an
    actor or a source to others moves those of all that any of them says. Raises `TooMany`.
    """
    before = ArgumentGraph(origin.header, graph.columns, origin.patch)
    if table_of(before) != table_of(graph):
        raise TooMany
    return _Reach(before, graph).of(origin.touched)


class _Reach:
    def __init__(self, before: ArgumentGraph, after: ArgumentGraph) -> None:
        self.sides = before, after
        self.work = 0

    def of(self, touched: Iterable[Number]) -> set[Number]:
        found = set(touched)
        tied, moved = set[Number](), set[Number]()
        for number in touched:
            was, now = (side.at(number) if side.alive(number) else None for side in self.sides)
            found.update(self._near(number, ("of",), backwards=False))
            if _ties(was) != _ties(now):
                tied.add(number)
            if _grade(was) != _grade(now):
                moved.add(number)
        passages = self._passages(moved | self._tied(tied))
        return found.union(*(self._near(n, ("of",), backwards=False) for n in passages))

    def _tied(self, numbers: set[Number]) -> set[Number]:
        seen, todo = set(numbers), list(numbers)
        for at in todo:  # grows while it is read
            for other in (*self._near(at, _TIES, backwards=False), *self._near(at, _TIES, backwards=True)):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return seen

    def _passages(self, numbers: Iterable[Number]) -> set[Number]:
        return {found for number in numbers for found in self._near(number, _NAMED, backwards=True)}

    def _near(self, number: Number, relations: Iterable[Relation], *, backwards: bool) -> Iterator[Number]:
        for side in self.sides:
            if number >= side.size:
                continue
            for relation in relations:
                for other in (side.referrers if backwards else side.references)(relation, number):
                    self.work += 1
                    if self.work > AT_MOST:
                        raise TooMany
                    yield other


def _ties(node: AnyNode | None) -> object:
    """What of an actor or a source says with whom it hangs together."""
    if isinstance(node, Actor):
        return node.actor_kind, node.same_as, node.affiliations
    if isinstance(node, Source):
        return node.publisher, node.author, node.repeats, node.same_as, node.cited_in
    return None


def _grade(node: AnyNode | None) -> object:
    return (node.reliability, node.status) if isinstance(node, Source) else None


# --- steps -----------------------------------------------------------------------------------------


def same_steps(arrays: Arrays, at: Compact, graph: ArgumentGraph, number: Number) -> bool:
    """Whether a living node has the same kind, premises, target, and steps that bear on it; O(its links)."""
    if graph.kind(number) != arrays.kinds[at]:
        return False
    steps = arrays.incoming.of(at)
    signs = dict(zip(arrays.numbers[steps].tolist(), arrays.sign[steps].tolist(), strict=True))
    if {a: graph.sign(a) for a in graph.incoming(number)} != signs:
        return False
    if graph.kind(number) != ARGUMENT:
        return True
    premises = sorted(arrays.numbers[arrays.premises.of(at)].tolist())
    there = graph.target(number) == arrays.numbers[arrays.target[at]] and graph.sign(number) == arrays.sign[at]
    return bool(there) and sorted(graph.premises(number)) == premises
