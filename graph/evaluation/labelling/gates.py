"""Labels as a network of conjunctions in three values, and the networks that the readings of a map make of it.

`grounds` takes a map as it stands; `weighed` adds that a lighter attacker does not defeat what is heavier; `deductive`
and `necessary` close attacks under support and read what is there then as Dung's framework.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.snapshot.arrays import Arrays, Floats
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.relations import NONE, Ints

Labels = npt.NDArray[np.int8]
"""1 accepted, -1 rejected, 0 undecided."""
Mask = npt.NDArray[np.bool_]
Edges = tuple[Any, Any]
"""Gates that are inputs, and beside each `2 * to + negated`."""
Pairs = tuple[Ints, Ints]
_LARGE = 20_000
"""Gates and edges from which array sweeps are faster than lists."""
_NARROW = 48
"""Gates decided in one step below which a loop is faster than a sweep."""


class Gates(NamedTuple):
    """Gates by number; the first ones are the nodes of the arrays, those behind them helpers.

    A gate is the conjunction of its inputs in Kleene's strong three-valued logic, an input may be negated, and a
    gate without inputs is true. An argument is the conjunction of its premises and of its negated opponents; a
    statement that of its negated opponents and, where it needs a ground, of the negated helper `groundless`, which
    is the conjunction of its negated supporters.
    """

    starts: Ints
    edges: Ints
    """Of gate g, at `starts[g]` to `starts[g + 1]`: `2 * to + negated`."""
    inputs: Ints
    """How many inputs each gate has."""
    nodes: int
    own: Mapping[int, int] = MappingProxyType({})
    """The helpers that are own grounds of statements, by the statement, where that is another gate."""

    def __len__(self) -> int:
        return len(self.inputs)

    def sources(self) -> Ints:
        """The gate that each edge leaves."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))


def from_edges(size: int, nodes: int, sources: Ints, edges: Ints) -> Gates:
    """Gates of unordered edges."""
    order = np.argsort(sources, kind="stable")
    starts = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(sources, minlength=size), out=starts[1:])
    inputs = np.bincount(edges >> 1, minlength=size).astype(np.int32)
    return Gates(starts, np.ascontiguousarray(edges[order], dtype=np.int32), inputs, nodes)


def least_labels(gates: Gates) -> Labels:
    """The least labelling in information: what follows from the gates without inputs; O(gates + edges).

    On Dung's frameworks the grounded labelling (Dung 1995, Caminada 2006); in general the least fixpoint of
    Kleene's operator (Fitting 1985).
    """
    return np.asarray(Propagation(gates).run()[0], dtype=np.int8)


def ranks(gates: Gates) -> npt.NDArray[np.int32]:
    """By gate when it is decided: each follows from gates of lower rank. What stays undecided ranks behind all."""
    order = np.asarray(Propagation(gates).run()[1], dtype=np.int32)
    found = np.full(len(gates), len(gates), dtype=np.int32)
    found[order] = np.arange(len(order), dtype=np.int32)
    return found


class Propagation:
    """Gates that may be labelled again and again, each time with something taken out.

    A decided gate tells those that it is an input of: one is true when all inputs are, and false when the first is.
    Small networks are run over lists, large ones in array sweeps, of all gates decided in the step before.
    """

    def __init__(self, gates: Gates) -> None:
        self._gates = gates
        self._large = len(gates) + len(gates.edges) >= _LARGE
        self._parts: tuple[Any, Any, Any] = (gates.starts, gates.edges, gates.inputs)
        if not self._large:
            self._parts = (gates.starts.tolist(), gates.edges.tolist(), gates.inputs.tolist())

    def run(self, gone: Collection[int] = (), doubtful: Iterable[int] = ()) -> tuple[Any, Any]:
        """Labels, and the decided gates in an order in which each follows from those before it.

        Gates that are gone are false; doubtful ones have an input more, of which nothing is known.
        """
        return self._in_sweeps(sorted(gone), list(doubtful)) if self._large else self._in_lists(sorted(gone), doubtful)

    def _in_lists(self, gone: list[int], doubtful: Iterable[int]) -> tuple[list[int], list[int]]:
        starts, edges, inputs = self._parts
        waiting = inputs.copy()
        for gate in doubtful:
            waiting[gate] += 1
        label = [0] * len(waiting)
        queue = gone
        for gate in queue:
            label[gate] = -1
        for gate, count in enumerate(waiting):
            if count == 0 and label[gate] == 0:
                label[gate] = 1
                queue.append(gate)
        for gate in queue:  # grows while it is read
            for edge in edges[starts[gate] : starts[gate + 1]]:
                to = edge >> 1
                if label[to]:
                    continue
                if (label[gate] > 0) == (edge & 1 == 0):
                    waiting[to] -= 1
                    if waiting[to]:
                        continue
                    label[to] = 1
                else:
                    label[to] = -1
                queue.append(to)
        return label, queue

    def _in_sweeps(self, gone: list[int], doubtful: list[int]) -> tuple[Labels, npt.NDArray[np.intp]]:
        gates, waiting = self._gates, self._gates.inputs.copy()
        waiting[doubtful] += 1
        label = np.zeros(len(gates), dtype=np.int8)
        label[gone] = -1
        front = np.flatnonzero((waiting == 0) & (label == 0))
        label[front] = 1
        front = np.concatenate([np.asarray(gone, dtype=np.intp), front])
        order = [front]
        while len(front):
            if len(front) < _NARROW:
                queue, done = _narrow(gates, waiting, label, front.tolist())
                order.append(np.asarray(queue[len(front) :], dtype=np.intp))
                front = np.asarray(queue[done:], dtype=np.intp)
            else:
                front = _wide(gates, waiting, label, front)
                order.append(front)
        return label, np.concatenate(order)


def _wide(gates: Gates, waiting: Ints, label: Labels, front: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    widths = gates.starts[front + 1] - gates.starts[front]
    ends = np.cumsum(widths)
    at = np.arange(ends[-1]) + np.repeat(gates.starts[front] - ends + widths, widths)
    edges = gates.edges[at]
    to = (edges >> 1).astype(np.intp)
    holds = (np.repeat(label[front], widths) > 0) == (edges & 1 == 0)
    open_ = label[to] == 0
    fallen = np.unique(to[~holds & open_])
    met = to[holds & open_]
    np.subtract.at(waiting, met, 1)
    label[fallen] = -1
    met = np.unique(met[(waiting[met] == 0) & (label[met] == 0)])
    label[met] = 1
    return np.concatenate([fallen, met])


def _narrow(gates: Gates, waiting: Ints, label: Labels, queue: list[int]) -> tuple[list[int], int]:
    """Gate by gate while few wait; the queue, and how many of it have told."""
    done = 0
    starts, edges, left, known = gates.starts.data, gates.edges.data, waiting.data, label.data
    while done < len(queue) and len(queue) - done < 2 * _NARROW:
        gate = queue[done]
        done += 1
        value = known[gate] > 0
        for edge in edges[starts[gate] : starts[gate + 1]].tolist():
            to = edge >> 1
            if known[to]:
                continue
            if value == (edge & 1 == 0):
                left[to] -= 1
                if left[to]:
                    continue
                known[to] = 1
            else:
                known[to] = -1
            queue.append(to)
    return queue, done


# --- the reading grounds ---------------------------------------------------------------------------


def gates_of(arrays: Arrays) -> Gates:
    """The gates of the reading `grounds`; O(nodes + premises), vectorised."""
    size = len(arrays)
    grounded = np.flatnonzero(arrays.constructed).astype(np.int32)
    helper = np.full(size, NONE, dtype=np.int32)
    helper[grounded] = np.arange(size, size + len(grounded), dtype=np.int32)
    arguments = np.flatnonzero(arrays.kinds == ARGUMENT).astype(np.int32)
    targets = arrays.target[arguments]
    against = arrays.sign[arguments] < 0
    to = np.where(against, targets, helper[targets])
    bears = to != NONE  # support of what stands anyway changes no label
    width = np.zeros(size + len(grounded), dtype=np.int32)
    width[:size] = np.diff(arrays.outgoing.starts)
    width[arguments[bears]] = 1
    width[size:] = 1
    starts = np.zeros(len(width) + 1, dtype=np.int32)
    np.cumsum(width, out=starts[1:])
    edges = np.empty(int(starts[-1]), dtype=np.int32)
    used = arrays.outgoing.keys()
    edges[starts[used] + np.arange(len(used), dtype=np.int32) - arrays.outgoing.starts[used]] = (
        arrays.outgoing.values * 2
    )
    edges[starts[arguments[bears]]] = to[bears] * 2 + 1
    edges[starts[size:-1]] = grounded * 2 + 1
    inputs = np.bincount(edges >> 1, minlength=len(width)).astype(np.int32)
    return Gates(starts, edges, inputs, size)


# --- the reading weighed ---------------------------------------------------------------------------


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


# --- the readings deductive and necessary ----------------------------------------------------------


class Abstract(NamedTuple):
    """A map as Dung sees it: who implies whom, who attacks whom."""

    alias: Ints
    """For an argument of one premise that nothing opposes its premise, which it says nothing beyond; else itself."""
    implies: Pairs
    """(x, y): who accepts x must accept y."""
    attacks: Pairs


def abstract(arrays: Arrays, *, deductive: bool) -> Abstract:
    """Statements, motives and those arguments that are more than their premise; O(nodes + premises).

    A supporting argument makes its target follow from it (deductive: Boella et al. 2010; Cayrol & Lagasquie-Schiex
    2013), or makes its target need it (necessary: Nouioua & Risch 2011). Either way an argument needs its premises.
    """
    size = len(arrays)
    arguments = np.flatnonzero(arrays.kinds == ARGUMENT).astype(np.int32)
    opposed = np.zeros(size, dtype=np.bool_)
    opposed[arrays.target[arguments[arrays.sign[arguments] < 0]]] = True
    widths = np.diff(arrays.premises.starts)
    alias = np.arange(size, dtype=np.int32)
    plain = arguments[(widths[arguments] == 1) & ~opposed[arguments]]
    alias[plain] = arrays.premises.values[arrays.premises.starts[plain]]
    users = arrays.premises.keys()
    own = alias[users] == users
    supports = arguments[(arrays.sign[arguments] > 0) & (arrays.kinds[arrays.target[arguments]] != ARGUMENT)]
    first, second = alias[supports], arrays.target[supports]
    if not deductive:
        first, second = second, first
    implies = (np.concatenate([users[own], first]), np.concatenate([arrays.premises.values[own], second]))
    opposing = arguments[arrays.sign[arguments] < 0]
    return Abstract(alias, implies, (alias[opposing], arrays.target[opposing]))


def closed_gates(arrays: Arrays, *, deductive: bool) -> Gates:
    """Gates of Dung's framework over the closed attacks, linear in the map where the closure may be quadratic.

    x attacks y in the closure when something that x implies attacks something that y implies. So each component of
    the implications gets two helpers: `spared`, nothing that implies it is accepted, and `unhit`, nothing
    that attacks it or what it implies is accepted. A node is accepted exactly when its component is unhit.
    """
    map_ = abstract(arrays, deductive=deductive)
    size = len(arrays)
    count, member = _components(size, map_.implies)
    spared, unhit = member + size, member + size + count
    own = np.flatnonzero(map_.alias == np.arange(size)).astype(np.int32)
    plain = np.flatnonzero(map_.alias != np.arange(size)).astype(np.int32)
    first, second = map_.implies
    across = member[first] != member[second]
    first, second = first[across], second[across]
    attacker, attacked = map_.attacks
    sources = [own, spared[first], spared[attacker], unhit[second], unhit[own], map_.alias[plain]]
    edges = [
        spared[own] * 2 + 1, spared[second] * 2, unhit[attacked] * 2, unhit[first] * 2, own * 2, plain * 2,
    ]  # fmt: skip
    return from_edges(size + 2 * count, size, np.concatenate(sources), np.concatenate(edges))


def _components(size: int, pairs: Pairs) -> tuple[int, Ints]:
    ones: npt.NDArray[np.int8] = np.ones(len(pairs[0]), dtype=np.int8)
    count, member = connected_components(csr_array((ones, pairs), shape=(size, size)), connection="strong")
    return int(count), member.astype(np.int32)
