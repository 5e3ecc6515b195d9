"""Circular support: points that rest on one another, each at most once in a circle that is told."""

from collections import deque
from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, cuttable, plain, say, together
from graph.reports.words import count
from graph.snapshot.arrays import arrays_of
from graph.snapshot.columns import ARGUMENT

_SHOWN = 3


def circle(reading: Reading, node_id: str) -> list[str]:
    """The shortest way from a node along what it supports back to itself; empty where there is none. O(its uses)."""
    before: dict[str, str] = {}
    waiting = deque([node_id])
    while waiting:
        current = waiting.popleft()
        for step in reading.outgoing(current):
            reached = step.argument.target
            if step.opposes or reached in before:
                continue
            before[reached] = current
            if reached == node_id:
                return _walked(before, node_id)
            waiting.append(reached)
    return []


def circular(reading: Reading, node_id: str) -> Iterator[Phrase]:
    """A sentence on the circle in which the support of a node runs, if it does."""
    found = circle(reading, node_id)
    if found:
        yield told(reading, found)


def circles(reading: Reading, most: int) -> Iterator[Phrase]:
    """A sentence on each part of the map whose points support one another in a circle; O(nodes + premises) for each.

    Of more parts than `most` the rest are counted.
    """
    firsts = _firsts(reading)
    yield from (told(reading, circle(reading, first)) for first in firsts[:most])
    if rest := firsts[most:]:
        yield plain(f"Support runs in a circle in {count(len(rest), 'more place')}", *rest)


def _firsts(reading: Reading) -> list[str]:
    """A node of each component of more than one node among the supporting steps, in the order of ids."""
    arrays = arrays_of(reading.graph)
    supports = (arrays.sign > 0) & (arrays.kinds == ARGUMENT) & (arrays.kinds[arrays.target] != ARGUMENT)
    steps = np.flatnonzero(supports)
    argument = arrays.premises.keys()
    held = supports[argument]
    rows = np.concatenate([arrays.premises.values[held], steps])
    columns = np.concatenate([argument[held], arrays.target[steps]])
    size = len(arrays)
    links = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(size, size))
    _, member = connected_components(links, connection="strong")
    points = np.flatnonzero((arrays.kinds != ARGUMENT) & (np.bincount(member)[member] > 1))
    found: dict[int, str] = {}
    for at, component in zip(points.tolist(), member[points].tolist(), strict=True):
        node_id = reading.graph.id(arrays.number(at))
        found[component] = min(found.get(component, node_id), node_id)
    return sorted(found.values())


def told(reading: Reading, found: list[str]) -> Phrase:
    """A circle in words."""
    first = reading.mention(found[0])
    if len(found) == 1:
        return say("Its support runs in a circle, from itself to itself: {}", first)
    others = together([cuttable(reading.text(n), n) for n in found[1 : _SHOWN + 1]], "; ", "; ")
    on = "" if len(found) <= _SHOWN + 1 else f" and {len(found) - _SHOWN - 1:,} more points"
    return say("Its support runs in a circle: {}; from there to {}{}; and back", first, others, on).on(*found)


def _walked(before: dict[str, str], node_id: str) -> list[str]:
    found = [before[node_id]]
    while found[-1] != node_id:
        found.append(before[found[-1]])
    return found[::-1]
