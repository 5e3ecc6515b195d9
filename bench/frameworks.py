"""Frameworks and bipolar networks to measure labels and strengths on, as arrays; the same seed gives the same one."""

import numpy as np
import numpy.typing as npt

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, of_steps
from graph.snapshot.columns import ARGUMENT, STATEMENT, Columns
from schemas.map import MapHeader

Pairs = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]
_AT = "2026-01-01T00:00:00Z"


def random_attacks(size: int, per_node: int, seed: int = 1) -> Pairs:
    """Attacks between nodes drawn at random, so many for each node on average."""
    random = np.random.default_rng(seed)
    pairs = random.integers(0, size, (2, size * per_node), dtype=np.int32)
    return pairs[0], pairs[1]


def rewired(size: int, near: int, chance: float, seed: int = 1) -> Pairs:
    """A ring in which each node meets its nearest ones, some ends drawn anew (Watts & Strogatz 1998), either way."""
    random = np.random.default_rng(seed)
    first = np.repeat(np.arange(size), near // 2)
    second = (first + np.tile(np.arange(1, near // 2 + 1), size)) % size
    second = np.where(random.random(len(second)) < chance, random.integers(0, size, len(second)), second)
    turn = random.random(len(first)) < 0.5
    ends = np.where(turn, first, second), np.where(turn, second, first)
    apart = first != second
    return ends[0][apart].astype(np.int32), ends[1][apart].astype(np.int32)


def preferential(size: int, per_node: int, seed: int = 1) -> Pairs:
    """New nodes attack such as are attacked much already, and are sometimes attacked back (Barabási & Albert 1999)."""
    random = np.random.default_rng(seed)
    ends, pairs = [0], list[tuple[int, int]]()
    for node in range(1, size):
        for chosen in sorted({ends[i] for i in random.integers(0, len(ends), per_node).tolist()}):
            pairs.append((node, chosen))
            ends += [node, chosen]
            if random.random() < 0.2:
                pairs.append((chosen, node))
    first, second = np.asarray(pairs, dtype=np.int32).T
    return first, second


def clusters(size: int, width: int, seed: int = 1) -> Pairs:
    """Strongly connected clusters, each attacked by earlier ones now and then."""
    random = np.random.default_rng(seed)
    first = np.repeat(np.arange(size), 3)
    second = first // width * width + random.integers(0, width, len(first))
    later = np.arange(width, size)[random.random(size - width) < 0.2]
    earlier = (random.random(len(later)) * (later // width * width)).astype(np.int64)
    ends = np.concatenate([first, earlier]), np.concatenate([second, later])
    apart = ends[0] != ends[1]
    return ends[0][apart].astype(np.int32), ends[1][apart].astype(np.int32)


def choices(size: int) -> Pairs:
    """Pairs that attack each other, every pair also the next one: 2 to the number of pairs labellings."""
    first = np.arange(0, size, 2, dtype=np.int32)
    ends = [(first, first + 1), (first + 1, first), (first[:-1], first[1:] + 1)]
    return np.concatenate([a for a, _ in ends]), np.concatenate([b for _, b in ends])


def acyclic(edges: int, seed: int = 1) -> Pairs:
    """Three edges for each node on average, from later to earlier ones, under shuffled numbers."""
    random = np.random.default_rng(seed)
    size = edges // 3
    ends = random.integers(0, size, (2, edges))
    ends = ends[:, ends[0] != ends[1]]
    names = random.permutation(size).astype(np.int32)
    return names[ends.max(axis=0)], names[ends.min(axis=0)]


def map_like(size: int, back: float = 0.02, seed: int = 1) -> Pairs:
    """A random tree towards its root, and for some nodes an edge from an ancestor back: many small circles."""
    random = np.random.default_rng(seed)
    parent = np.concatenate([[0], (random.random(size - 1) * np.arange(1, size)).astype(np.int64)])
    low = random.integers(1, size, int(size * back))
    high = parent[low]
    for _ in range(3):
        high = np.where(random.random(len(high)) < 0.5, parent[high], high)
    names = random.permutation(size).astype(np.int32)
    sources = np.concatenate([np.arange(1, size), high])
    targets = np.concatenate([parent[1:], low])
    return names[sources], names[targets]


def as_arrays(size: int, pairs: Pairs, seed: int = 1, *, attacks_only: bool = False) -> Arrays:
    """The arrays of a map whose arguments are the pairs: statements first, then one argument for each pair."""
    random = np.random.default_rng(seed)
    count = len(pairs[0])
    sign = np.full(count, -1) if attacks_only else random.choice([-1, 1], count)
    kinds = np.repeat(np.asarray([STATEMENT, ARGUMENT], dtype=np.uint8), [size, count])
    credence = np.concatenate([random.random(size), np.ones(count)])
    return of_steps(kinds, credence, pairs[0], pairs[1], sign.astype(np.int8))


def as_graph(size: int, pairs: Pairs) -> ArgumentGraph:
    """A snapshot whose arguments oppose along the pairs."""
    width = len(str(size + len(pairs[0])))
    ids = [f"a{n:0{width}}" for n in range(len(pairs[0]))] + [f"s{n:0{width}}" for n in range(size)]
    steps = [
        f'{{"id":"{a}","premises":["s{p:0{width}}"],"target":"s{t:0{width}}","stance":"opposing"}}'.encode()
        for a, p, t in zip(ids, pairs[0].tolist(), pairs[1].tolist(), strict=False)
    ]
    said = [f'{{"id":"{s}","text":"{s}"}}'.encode() for s in ids[len(steps) :]]
    kinds = bytes([ARGUMENT]) * len(steps) + bytes([STATEMENT]) * size
    header = MapHeader(id="b", title="B", revision=1, created_at=_AT, created_by="b", updated_at=_AT, updated_by="b")
    return ArgumentGraph(header, Columns.read(ids, kinds, [*steps, *said]))
