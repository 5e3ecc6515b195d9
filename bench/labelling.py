"""Labels: the grounded labelling at a million arguments, and searched semantics against the Python libraries."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from time import process_time
from typing import Any

from bench.figure import Figure
from bench.frameworks import Pairs, as_arrays, as_graph, choices, random_attacks
from graph.argument_graph import ArgumentGraph
from graph.evaluation import kernels
from graph.evaluation.budget import Budget
from graph.evaluation.extensions import extensions
from graph.evaluation.gates import gates_of, least_labels
from graph.evaluation.labelling import labels
from graph.evaluation.semantics import Several

SIZE = 1_000_000
FAMILIES = {"random 60": (60, 4), "random 100": (100, 5), "random 200": (200, 4)}
"""Name, size and attacks for each argument; the peers take minutes beyond."""


def figures() -> Iterator[Figure]:
    """Grounded at scale, then preferred and stable on every family."""
    yield from _grounded()
    families = [(name, size, random_attacks(size, per_node)) for name, (size, per_node) in FAMILIES.items()]
    for family, size, pairs in (*families, ("pairs 20", 20, choices(20))):
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
    compiled = kernels.available()
    how = "compiled" if compiled else "numpy"
    least_labels(gates_of(as_arrays(4, random_attacks(4, 2))), "compiled" if compiled else "auto")
    # A million arguments between as many statements, as a map of tree shape has.
    sizes = {"a map of 1,000,000 arguments": (SIZE, 1), "Dung's with 1,000,000 and 2,000,000 attacks": (SIZE, 2)}
    for name, (size, per_node) in sizes.items():
        arrays = as_arrays(size, random_attacks(size, per_node), attacks_only=True)
        gates = gates_of(arrays)
        seconds = best(lambda gates=gates: least_labels(gates))  # type: ignore[misc]
        goal = "< 0.3 s" if per_node == 1 else ""
        yield Figure(f"grounded, {name}, {how}", seconds, "s", None, goal, not goal or seconds < 0.3 or not compiled)
        yield Figure(f"  and its gates from arrays, {name}", best(lambda a=arrays: gates_of(a)), "s")  # type: ignore[misc]


def _searched(family: str, size: int, pairs: Pairs, semantics: Several) -> Iterator[Figure]:
    graph = as_graph(size, pairs)

    def ours() -> object:
        fresh = ArgumentGraph(graph.header, graph.columns)
        return extensions(labels(fresh), semantics, 100_000, Budget(60))

    seconds = best(ours)
    found = extensions(labels(graph), semantics, 100_000, Budget(60))
    name = f"{semantics}, {family}, all {len(found.listed)} extensions"
    peers = [*_peers(size, pairs, semantics)]
    if not peers:
        yield Figure(f"{name}: no peer installed", seconds * 1e3, "ms")
    for peer, run in peers:
        begin = process_time()
        count = run()
        took = process_time() - begin
        wrong = "" if count == len(found.listed) else f" which finds {count}"
        yield Figure(f"{name}, against {peer}{wrong}", seconds * 1e3, "ms", took / seconds, "> 1", took > seconds)


def _peers(size: int, pairs: Pairs, semantics: Several) -> Iterator[tuple[str, Callable[[], int]]]:
    """The libraries that are installed; each answers with the number of extensions."""
    names = [str(n) for n in range(size)]
    attacks: list[Any] = sorted({(str(a), str(b)) for a, b in zip(*(p.tolist() for p in pairs), strict=True)})
    if find_spec("pygarg") is not None:
        from pygarg.dung import solver  # noqa: PLC0415 - optional

        short = {"preferred": "PR", "stable": "ST"}[semantics]
        yield "pygarg", lambda: len(solver.extension_enumeration(names, [list(a) for a in attacks], short))
