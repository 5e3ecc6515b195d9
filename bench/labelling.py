"""Labels: the grounded labelling at a million arguments, and searched semantics against the Python libraries."""

from collections.abc import Callable, Iterator
from time import process_time

from bench.figure import Figure
from bench.frameworks import Pairs, as_arrays, as_graph, choices, clusters, preferential, random_attacks, rewired
from bench.peers import enumerators, native
from graph.budgets import Timeout
from graph.evaluation.labelling.acceptance import extensions
from graph.evaluation.labelling.gates import gates_of, least_labels
from graph.evaluation.labelling.labelling import labels
from graph.evaluation.labelling.semantics import Several
from graph.snapshot.argument_graph import ArgumentGraph

SIZE = 1_000_000
FAMILIES: dict[str, tuple[int, Pairs]] = {
    "pairs 200": (200, choices(200)),
    "random 60": (60, random_attacks(60, 4)),
    "random 100": (100, random_attacks(100, 5)),
    "random 200": (200, random_attacks(200, 4)),
    "ring with chords 200": (200, rewired(200, 8, 0.3)),
    "preferential 200": (200, preferential(200, 2)),
    "components 300": (300, clusters(300, 20)),
}
"""Name, size and attacks; the Python peers take minutes beyond."""


def figures() -> Iterator[Figure]:
    """Grounded at scale, then preferred and stable on every family."""
    yield from _grounded()
    for family, (size, pairs) in FAMILIES.items():
        for semantics in ("preferred", "stable"):
            yield from _searched(family, size, pairs, semantics)


def best(run: Callable[[], object], times: int = 3) -> float:
    """Seconds of the quickest of some runs, of the processor, which a busy machine does not lengthen."""
    found = []
    for _ in range(times):
        begin = process_time()
        run()
        found.append(process_time() - begin)
    return min(found)


def _grounded() -> Iterator[Figure]:
    # A million arguments between as many statements, as a map of tree shape has.
    sizes = {"a map of 1,000,000 arguments": (SIZE, 1), "Dung's with 1,000,000 and 2,000,000 attacks": (SIZE, 2)}
    for name, (size, per_node) in sizes.items():
        arrays = as_arrays(size, random_attacks(size, per_node), attacks_only=True)
        gates = gates_of(arrays)
        seconds = best(lambda gates=gates: least_labels(gates))  # type: ignore[misc]
        goal = "< 0.3 s" if per_node == 1 else ""
        yield Figure(f"grounded, {name}", seconds, "s", None, goal, not goal or seconds < 0.3)
        yield Figure(f"  and its gates from arrays, {name}", best(lambda a=arrays: gates_of(a)), "s")  # type: ignore[misc]


def _searched(family: str, size: int, pairs: Pairs, semantics: Several) -> Iterator[Figure]:
    graph = as_graph(size, pairs)

    def ours() -> object:
        fresh = ArgumentGraph(graph.header, graph.columns)
        return extensions(labels(fresh), semantics, 100_000, Timeout(60))

    seconds = best(ours, 5)
    found = extensions(labels(graph), semantics, 100_000, Timeout(60))
    name = f"{semantics}, {family}, all {len(found.listed)} extensions"
    peers = [*enumerators(size, pairs, semantics, len(found.listed))]
    if not peers:
        yield Figure(f"{name}: no Python peer is installed, or none ends", seconds * 1e3, "ms")
    for peer, run in peers:
        count = run()
        took = best(run, 2)
        wrong = "" if count == len(found.listed) else f" which finds {count}"
        yield Figure(f"{name}, against {peer}{wrong}", seconds * 1e3, "ms", took / seconds, "> 1", took > seconds)
    limit = native(size, pairs, semantics)
    if limit is not None:
        peer, run = limit
        took, count = best(run, 2), run()
        wrong = "" if count == len(found.listed) else f" which finds {count}"
        yield Figure(
            f"  to {peer} (native, without its start){wrong}", took * 1e3, "ms", seconds / took, "< 2",
            seconds < 2 * took,
        )  # fmt: skip
