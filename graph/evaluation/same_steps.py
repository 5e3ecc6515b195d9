"""Whether an edited node still has the steps that it had when arrays were built: then nothing has moved."""

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays
from graph.snapshot.columns import ARGUMENT


def same_steps(arrays: Arrays, at: int, graph: ArgumentGraph, number: int) -> bool:
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
