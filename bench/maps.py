"""Maps to measure on, made from a seed: the same number gives the same map on every machine."""

from collections.abc import Iterator
from random import Random

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT, STATEMENT, Columns
from schemas.map import MapHeader

_AT = "2026-01-01T00:00:00Z"
Step = tuple[str, tuple[str, ...], str, bool]
"""An argument's id, its premises, its target, and whether it opposes it."""


def tree_like(arguments: int, seed: int = 1) -> ArgumentGraph:
    """Each statement but the first bears on an earlier one (a random recursive tree), or undercuts a step."""
    random = Random(seed)
    width = len(str(arguments))
    steps: list[Step] = []
    for n in range(1, arguments + 1):
        undercuts = n > 50 and n % 50 == 0
        target = f"a{random.randrange(1, n):0{width}}" if undercuts else f"s{random.randrange(n):0{width}}"
        steps.append((f"a{n:0{width}}", (f"s{n:0{width}}",), target, random.random() < 0.15))
    return _graph("tree-like", [f"s{n:0{width}}" for n in range(arguments + 1)], steps)


def many_routes(arguments: int, seed: int = 1) -> ArgumentGraph:
    """A third as many statements as arguments, joined at random: cycles, linked premises and undercuts among them."""
    random = Random(seed)
    width = len(str(arguments))
    statements = [f"s{n:0{width}}" for n in range(max(2, arguments // 3))]
    steps: list[Step] = []
    for n in range(arguments):
        ends = random.sample(statements, 3 if n % 10 == 0 else 2)
        target = f"a{random.randrange(n):0{width}}" if n % 50 == 49 else ends[0]
        steps.append((f"a{n:0{width}}", tuple(ends[1:]), target, random.random() < 0.15))
    return _graph("many-routes", statements, steps)


def _graph(name: str, statements: list[str], steps: list[Step]) -> ArgumentGraph:
    nodes = sorted([*_statements(statements), *_arguments(steps)])
    kinds = bytes(kind for _, kind, _ in nodes)
    header = MapHeader(
        id=name, title=name, revision=1, created_at=_AT, created_by="bench", updated_at=_AT, updated_by="bench"
    )
    return ArgumentGraph(header, Columns.read([n[0] for n in nodes], kinds, [n[2] for n in nodes]))


def _statements(ids: list[str]) -> Iterator[tuple[str, int, bytes]]:
    for node_id in ids:
        yield node_id, STATEMENT, f'{{"id":"{node_id}","text":"what {node_id} says of the matter"}}'.encode()


def _arguments(steps: list[Step]) -> Iterator[tuple[str, int, bytes]]:
    for node_id, premises, target, opposes in steps:
        listed = ",".join(f'"{p}"' for p in premises)
        stance = "opposing" if opposes else "supporting"
        text = f'{{"id":"{node_id}","premises":[{listed}],"target":"{target}","stance":"{stance}"}}'
        yield node_id, ARGUMENT, text.encode()
