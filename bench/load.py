"""Load: the first answer on a large map against the bare load of its rows, and the memory that it takes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figure import Figure
from bench.filling import fill, statement_id

SIZES = (100_000, 1_000_000)
_ROUNDS = 3
_AT_MOST = 2.0


def figures() -> Iterator[Figure]:
    """Both sizes, an argument counted together with the statement that is its premise."""
    with TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.db"
            fill(path, size)
            yield from _of(path, size)
            path.unlink()


def _of(path: Path, size: int) -> Iterator[Figure]:
    # In turns, so that what else the machine does falls on both.
    rounds = [(_cost("bare", path, size), _cost("answer", path, size)) for _ in range(_ROUNDS)]
    bare = min(one["cpu"] for one, _ in rounds)
    answer = min(other["cpu"] for _, other in rounds)
    name = f"{size:,} arguments"
    yield Figure(f"load: {name}, bare load of the rows (CPU)", bare, "s")
    ratio = answer / bare
    goal = f"<= {_AT_MOST:g}" if size == max(SIZES) else ""
    yield Figure(f"load: {name}, first answer (CPU)", answer, "s", ratio, goal, not goal or ratio <= _AT_MOST)
    wall = min(one["wall"] for one, _ in rounds), min(other["wall"] for _, other in rounds)
    yield Figure(f"load: {name}, first answer (wall)", wall[1], "s", wall[1] / wall[0])
    memory = min(other["memory"] for _, other in rounds)
    yield Figure(f"load: {name}, memory per argument with its statement", memory / size, "bytes")


def _cost(what: str, path: Path, size: int) -> dict[str, float]:
    ends = statement_id(size - 1, size), statement_id(0, size)
    command = [sys.executable, "-m", "bench.load_child", what, str(path), *ends]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    cost: dict[str, float] = json.loads(said)
    return cost
