"""The reading `weighed`: structured argumentation in which a lighter attacker does not defeat what is heavier."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.evaluation.labelling.gates import Gates, from_edges
from graph.snapshot.arrays import Arrays, Floats
from graph.snapshot.columns import ARGUMENT

Mask = npt.NDArray[np.bool_]
Edges = tuple[Any, Any]
"""Gates that are inputs, and beside each `2 * to + negated`."""


def weighed_gates(arrays: Arrays, weights: Floats) -> Gates:
    """The gates of the reading `weighed`, O(nodes + premises) but for sorting what is contested, vectorised.

    ASPIC+ with preferences over the last links (Modgil & Prakken 2013). At a statement each argument that opposes it
    and each ground of it attack each other, an attack succeeding unless the attacker is lighter; a statement is
    accepted when a ground of it is. `weights` are those of arguments and of own grounds, by compact number; a ground
    of no weight (0 or NaN) is none.

    What a heavier side does to a lighter one is the conjunction "none of at least this weight is accepted", one for
    each weight that occurs, each built on the one before it: so there are as many inputs as arguments, not as many as
    attacks. Where a statement's own ground is all that it has, the statement is that ground.
    """
    there = _There.of(arrays, weights)
    parts = [*_premises(arrays), *_undercuts(arrays, weights), *_alone(arrays, weights, there)]
    helpers = _Helpers(len(arrays))
    parts += _unopposed(there, helpers)
    at = np.flatnonzero(there.opposed & there.supported & there.own)
    own = helpers.take(len(at))
    parts += _contested(weights, there, helpers, at, own)
    sources, edges = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    gates = from_edges(helpers.size, len(arrays), sources, edges)
    return Gates(*gates[:3], len(arrays), dict(zip(at.tolist(), own.tolist(), strict=True)))


class _There(NamedTuple):
    """What bears on statements and motives."""

    arguments: Any
    """Those whose target is a statement or motive, in order."""
    target: Any
    opposes: Mask
    grounds: Mask
    """Whether one is a ground: it supports, and weighs something."""
    own: Mask
    """Of each node whether it has an own ground."""
    opposed: Mask
    supported: Mask
    concludes: Mask
    """Whether a node is a statement or motive."""

    @classmethod
    def of(cls, arrays: Arrays, weights: Floats) -> "_There":
        concludes = arrays.kinds != ARGUMENT
        arguments = np.flatnonzero(~concludes)
        arguments = arguments[concludes[arrays.target[arguments]]]
        target = arrays.target[arguments]
        opposes = arrays.sign[arguments] < 0
        grounds = ~opposes & (weights[arguments] > 0.0)
        opposed, supported = np.zeros(len(arrays), dtype=np.bool_), np.zeros(len(arrays), dtype=np.bool_)
        opposed[target[opposes]], supported[target[grounds]] = True, True
        own = concludes & (weights > 0.0)  # of NaN nothing is true
        return cls(arguments, target, opposes, grounds, own, opposed, supported, concludes)


class _Helpers:
    """Numbers for gates behind those of the nodes."""

    def __init__(self, size: int) -> None:
        self.size = size

    def take(self, count: int) -> Any:
        found = np.arange(self.size, self.size + count)
        self.size += count
        return found


def _premises(arrays: Arrays) -> Iterator[Edges]:
    yield arrays.outgoing.keys(), arrays.outgoing.values * 2


def _undercuts(arrays: Arrays, weights: Floats) -> Iterator[Edges]:
    arguments = np.flatnonzero((arrays.kinds == ARGUMENT) & (arrays.sign < 0))
    target = arrays.target[arguments]
    hits = (arrays.kinds[target] == ARGUMENT) & (weights[arguments] >= weights[target])
    yield arguments[hits], target[hits] * 2 + 1


def _alone(arrays: Arrays, weights: Floats, there: _There) -> Iterator[Edges]:
    """Statements that stand on their own ground alone, against arguments that oppose them."""
    chosen = there.own & there.opposed & ~there.supported
    opponents = there.arguments[there.opposes & chosen[there.target]]
    target = arrays.target[opponents]
    hits = weights[opponents] >= weights[target]
    yield opponents[hits], target[hits] * 2 + 1
    back = weights[opponents] <= weights[target]
    order = np.argsort(target[back], kind="stable")
    yield target[back][order], opponents[back][order] * 2 + 1


def _unopposed(there: _There, helpers: _Helpers) -> Iterator[Edges]:
    """What has no own ground and nothing against it: accepted as soon as a supporting argument is."""
    needy = there.concludes & ~there.own & ~there.opposed
    bears = there.grounds & needy[there.target]
    grounds = np.bincount(there.target[bears], minlength=len(needy))
    alone = bears & (grounds[there.target] == 1)  # the one ground is the statement, under another name
    yield there.arguments[alone], there.target[alone] * 2
    several = np.flatnonzero(needy & (grounds != 1))
    helper = np.zeros(len(needy), dtype=np.int64)
    helper[several] = helpers.take(len(several))
    bears &= ~alone
    yield there.arguments[bears], helper[there.target[bears]] * 2 + 1
    yield helper[several], several * 2 + 1


def _contested(weights: Floats, there: _There, helpers: _Helpers, at: Any, own: Any) -> Iterator[Edges]:
    """What is opposed and has grounds beside its own, or none at all; `own` are the own grounds of the nodes `at`."""
    chosen = there.opposed & (there.supported | ~there.own) & there.concludes
    grounds, opponents = (there.arguments[side & chosen[there.target]] for side in (there.grounds, there.opposes))
    target = np.zeros(len(chosen), dtype=np.int64)
    target[there.arguments] = there.target
    for_ = _Side(np.concatenate([grounds, own]), np.concatenate([target[grounds], at]),
                 np.concatenate([weights[grounds], weights[at]]))  # fmt: skip
    against = _Side(opponents, target[opponents], weights[opponents])
    for side, other in ((for_, against), (against, for_)):
        yield from side.chained(helpers)
        yield side.attacking(other)
    nodes, last = for_.whole()
    yield last, nodes * 2 + 1
    without = np.flatnonzero(chosen & ~there.supported & ~there.own)
    yield helpers.take(len(without)), without * 2 + 1  # a helper without inputs is true: nothing grounds these


class _Side:
    """One side at many nodes, in levels of equal weight, the heaviest first."""

    def __init__(self, gates: Any, nodes: Any, weights: Floats) -> None:
        order = np.lexsort((-weights, nodes))
        self.gates, self.nodes, self.weights = gates[order], nodes[order], weights[order]
        fresh = (np.diff(self.nodes, prepend=-1) != 0) | (np.diff(self.weights, prepend=-1.0) != 0)
        self.level = np.cumsum(fresh) - 1
        self.heads = np.flatnonzero(fresh)
        self.numbers = np.zeros(0, dtype=np.int64)

    def chained(self, helpers: _Helpers) -> Iterator[Edges]:
        """A helper for each level: none of it is accepted, nor of the heavier ones at the same node."""
        self.numbers = helpers.take(len(self.heads))
        yield self.gates, self.numbers[self.level] * 2 + 1
        nodes = self.nodes[self.heads]
        on = np.flatnonzero(nodes[1:] == nodes[:-1])
        yield self.numbers[on], self.numbers[on + 1] * 2

    def whole(self) -> Edges:
        """The nodes, and of each the helper of its lightest level: nothing of this side is accepted."""
        nodes = self.nodes[self.heads]
        last = np.flatnonzero(np.diff(nodes, append=-1))
        return nodes[last], self.numbers[last]

    def attacking(self, other: "_Side") -> Edges:
        """What is not accepted here lets those of the other side be that are not heavier."""
        nodes = np.concatenate([self.nodes[self.heads], other.nodes])
        weights = np.concatenate([self.weights[self.heads], other.weights])
        behind = np.repeat([0, 1], [len(self.heads), len(other.nodes)])
        order = np.lexsort((behind, -weights, nodes))
        is_level = order < len(self.heads)
        latest = np.maximum.accumulate(np.where(is_level, np.arange(len(order)), -1))
        asked = np.flatnonzero(~is_level)
        level = latest[asked]
        there = level >= 0
        there[there] = nodes[order[level[there]]] == nodes[order[asked[there]]]
        attacked = order[asked[there]] - len(self.heads)
        return self.numbers[order[level[there]]], other.gates[attacked] * 2
