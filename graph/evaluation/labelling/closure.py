"""The readings `deductive` and `necessary`: attacks closed under support, then read as Dung's framework."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.evaluation.labelling.gates import Gates, from_edges
from graph.snapshot.arrays import Arrays, Ints
from graph.snapshot.columns import ARGUMENT

Pairs = tuple[Ints, Ints]


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
