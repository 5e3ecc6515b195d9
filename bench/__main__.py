"""The bench: runs every measurement, prints a line for each figure and says whether its goal is reached."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from bench.figure import Figure, Unmeasurable

PARTS = (
    *("paths", "labelling", "weighed", "strength", "interrogation", "texts", "write", "load", "history"),
    *("views", "request_cost", "http", "silence", "adversary", "listeners", "cypher", "neo4j", "page"),
)
"""Modules of this folder, each with `figures()`, in the order in which they are run."""


def measure(parts: Sequence[str], tell: Callable[[str], None]) -> Iterator[Figure]:
    """The figures of the named parts, as they come; a part that cannot run here says why."""
    for part in parts:
        try:
            yield from import_module(f"bench.{part}").figures()
        except Unmeasurable as reason:
            tell(f"{part}: not measured: {reason}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 1 where a goal is not reached."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all if left out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(f"{platform.python_implementation()} {platform.python_version()} on {os.cpu_count()} cores", flush=True)
    found = []
    for figure in measure(asked.parts or PARTS, lambda line: print(line, file=sys.stderr)):
        found.append(figure)
        print(figure.line(), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps({"figures": [asdict(f) for f in found]}, indent=1) + "\n")
    return 0 if all(f.ok for f in found) else 1


if __name__ == "__main__":
    sys.exit(main())
