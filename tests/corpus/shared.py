"""Where the shared fixtures are, and how their frameworks become maps."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.ci import not_here
from tests.support.files import ROOT
from tests.unit.evaluation.maps import HEADER, argument, framework, statement


def fixtures(name: str) -> Path:
    """A folder of fixtures; a missing one is a visible skip, on CI a failure."""
    shared = Path(os.environ.get("ARGUMAP_SHARED") or ROOT.parent / "shared")
    found = shared / "fixtures" / name
    if not found.is_dir():
        not_here(f"no fixtures {name!r}: set ARGUMAP_SHARED to the folder that has fixtures/{name}")
    return found


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((fixtures(name) / "expected.json").read_text(encoding="utf-8"))
    return found


def qbaf(case: dict[str, Any]) -> ArgumentGraph:
    """A quantitative bipolar framework: statements with credences, one argument for each edge."""
    edges = [(a, b, "-") for a, b in case["attacks"]] + [(a, b, "+") for a, b in case["supports"]]
    steps = [argument(f"step-{i}", [a], b, sign) for i, (a, b, sign) in enumerate(edges)]
    return ArgumentGraph.of(HEADER, [*(statement(n, credence=w) for n, w in case["base"].items()), *steps])


def read_framework(path: Path) -> ArgumentGraph:
    """A framework in one of the formats of ICCMA: apx, tgf or the numbered one of 2023."""
    text = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".apx":
            names = re.findall(r"arg\((\w+)\)", text)
            attacks = re.findall(r"att\((\w+),\s*(\w+)\)", text)
        case ".tgf":
            head, _, tail = text.partition("#")
            names = head.split()
            attacks = [(a, b) for a, b in (line.split() for line in tail.splitlines() if line.strip())]
        case _:
            first, *lines = [line for line in text.splitlines() if line and not line.startswith("#")]
            names = [str(i + 1) for i in range(int(first.split()[2]))]
            attacks = [(a, b) for a, b in (line.split() for line in lines)]
    return framework(names, attacks)
