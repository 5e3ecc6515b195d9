"""A snapshot as strength sees it: cells with weighted inputs, in an order in which a pass can go once through them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.evaluation import kernels
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, Csr, Floats, Ints, arrays_of
from graph.snapshot.columns import ARGUMENT, NONE

KEY = "network"


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Cells by position: components one after another, each behind all that it depends on.

    A cell is a statement, a motive or an argument that is more than its one premise. An argument of one premise that
    nothing bears on needs no cell: it is its premise's strength times its own credence, the weight of an entry.
    Inputs stand in the order of ids, so that sums are the same bits for the same map.
    """

    arrays: Arrays
    position: Ints
    """By compact number; NONE for an argument without a cell."""
    compact: Ints
    """By position."""
    starts: Ints
    entries: Ints
    """`2 * position + opposing`."""
    weights: Floats
    base: Floats
    leads: Ints
    """Where the premises of a cell begin; those of statements and motives are empty."""
    premises: Ints
    bounds: Ints
    """Where components begin."""
    ring: npt.NDArray[np.bool_]
    """Whether a component depends on itself."""

    @property
    def parts(self) -> tuple[Ints, Ints, Floats, Floats, Ints, Ints]:
        """What the kernels take."""
        return self.starts, self.entries, self.weights, self.base, self.leads, self.premises

    def __len__(self) -> int:
        return len(self.base)


def network_of(graph: ArgumentGraph) -> Network:
    """The snapshot's network, kept with it; O(nodes + links)."""
    found = graph.memo.get(KEY)
    if not isinstance(found, Network):
        found = graph.memo[KEY] = build(arrays_of(graph))
    return found


def build(arrays: Arrays) -> Network:
    """A network of arrays; O(nodes + links), vectorised but for the components."""
    argument = arrays.kinds == ARGUMENT
    widths = np.diff(arrays.premises.starts)
    plain = argument & (widths == 1) & (np.diff(arrays.incoming.starts) == 0)
    compact = np.flatnonzero(~plain).astype(np.int32)
    cell = np.full(len(arrays), NONE, dtype=np.int32)
    cell[compact] = np.arange(len(compact), dtype=np.int32)
    step = arrays.incoming.values
    lead = np.full(len(arrays), NONE, dtype=np.int32)
    lead[plain] = arrays.premises.values[arrays.premises.starts[:-1][plain]]
    inputs = Csr(_gaps(arrays.incoming.starts, compact), cell[np.where(plain[step], lead[step], step)])
    leading = np.where(argument & ~plain, widths, 0)[compact]
    leads = Csr(_starts(leading), cell[arrays.premises.values[np.repeat(~plain, widths)]])
    order, bounds, ring = _components(inputs, leads)
    position = np.empty(len(order), dtype=np.int32)
    position[order] = np.arange(len(order), dtype=np.int32)
    starts, at = moved(inputs.starts, order)
    signs = (arrays.sign[step] < 0)[at]
    weights = np.where(plain[step], arrays.credence[step], 1.0)[at]
    lead_starts, lead_at = moved(leads.starts, order)
    placed = np.full(len(arrays), NONE, dtype=np.int32)
    placed[compact] = position
    return Network(
        arrays, placed, compact[order], starts, position[inputs.values[at]] * 2 + signs.astype(np.int32), weights,
        arrays.credence[compact[order]], lead_starts, position[leads.values[lead_at]], bounds, ring,
    )  # fmt: skip


def _starts(widths: npt.NDArray[np.integer]) -> Ints:
    starts = np.zeros(len(widths) + 1, dtype=np.int32)
    np.cumsum(widths, out=starts[1:])
    return starts


def _gaps(starts: Ints, rows: Ints) -> Ints:
    """The starts of some rows where the others are empty."""
    return np.append(starts[rows], starts[-1:]).astype(np.int32)


def moved(starts: Ints, order: Ints) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The starts of rows in another order, and where each of their values was."""
    widths = np.diff(starts)[order]
    found = _starts(widths)
    return found, np.arange(found[-1]) + np.repeat(starts[order] - found[:-1], widths)


def _components(inputs: Csr, leads: Csr) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Cells in order, where components begin, and which of these depend on themselves."""
    size = len(inputs.starts) - 1
    both = _starts(np.diff(inputs.starts) + np.diff(leads.starts))
    edges = np.empty(both[-1], dtype=np.int32)
    shift = both[:-1] - inputs.starts[:-1]
    edges[np.arange(len(inputs.values)) + np.repeat(shift, np.diff(inputs.starts))] = inputs.values
    shift = both[:-1] + np.diff(inputs.starts) - leads.starts[:-1]
    edges[np.arange(len(leads.values)) + np.repeat(shift, np.diff(leads.starts))] = leads.values
    order, member = _ordered(both, edges, size)
    counts = np.bincount(member, minlength=1) if size else np.zeros(0, dtype=np.int64)
    if np.any(counts > 1):
        order = np.lexsort((np.arange(size), member)).astype(np.int32)
    ring = counts > 1
    rows = np.repeat(np.arange(size, dtype=np.int32), np.diff(both))
    ring[member[rows[rows == edges]]] = True
    return order, _starts(counts), ring


def _ordered(starts: Ints, edges: Ints, size: int) -> tuple[Ints, Ints]:
    if kernels.worth(size + len(edges)):
        order, member, *scratch = (np.zeros(size, dtype=np.int32) for _ in range(7))
        kernels.components_fast(starts, edges, order, member, *scratch)
        return order, member
    if size + len(edges) >= kernels.WORTH_COMPILING:
        matrix = csr_array((np.ones(len(edges), dtype=np.int8), edges, starts), shape=(size, size))
        _, found = connected_components(matrix, connection="strong")
        rows = np.repeat(np.arange(size), np.diff(starts))
        # scipy numbers components behind what they reach, though it does not say so: trusted only where checked.
        if np.all(found[rows] >= found[edges]):
            return np.argsort(found, kind="stable").astype(np.int32), found.astype(np.int32)
    lists = ([0] * size for _ in range(7))
    ordered, members, *spare = lists
    kernels.components(starts.tolist(), edges.tolist(), ordered, members, *spare)
    return np.asarray(ordered, dtype=np.int32), np.asarray(members, dtype=np.int32)
