"""The examples of Carneades whose labels are said by their authors, as far as they use what a map has too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.evaluation.labelling.labelling import labels
from graph.snapshot.argument_graph import ArgumentGraph
from tests.corpus.shared import fixtures, read_framework
from tests.unit.evaluation.maps import Step, graph

# Left out: those whose labels rest on issues, weights or rules, which a map does not have.
EXAMPLES = ("frisian", "independent-support-loop", "odd-loop", "pollock-red-light", "unsupported")
VALUES = {"in": 1, "out": -1, "undecided": 0}


def as_map(example: dict[str, Any], names: dict[str, str]) -> ArgumentGraph:
    statements = example["statements"]
    assumed = set(example.get("assumptions") or [])
    assumed |= {n for n, s in statements.items() if isinstance(s, dict) and s.get("assumed")}
    return graph(
        [names[n] for n in statements if n in assumed],
        [names[n] for n in statements if n not in assumed],
        list(steps(example, names)),
    )


def steps(example: dict[str, Any], names: dict[str, str]) -> Iterator[Step]:
    for i, argument in enumerate((example.get("arguments") or {}).values()):
        yield f"a{i}", [names[p] for p in argument["premises"]], names[argument["conclusion"]], "+"
        if "undercutter" in argument:
            yield f"u{i}", [names[argument["undercutter"]]], f"a{i}", "-"


@pytest.mark.parametrize("name", EXAMPLES)
def test_labels_are_those_that_the_authors_say(name: str) -> None:
    path: Path = fixtures("carneades-other") / "files" / "YAML" / f"{name}.yml"
    example = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = {n: f"s{i}" for i, n in enumerate(example["statements"])}
    g = as_map(example, names)
    labelled = labels(g)
    place = labelled.arrays.compact(g.size)
    for said, nodes in example["tests"].items():
        for node in nodes:
            assert labelled.labels[place[g.number(names[node])]] == VALUES[said], (node, said)


@pytest.mark.parametrize(
    ("name", "accepted"), [("odd_cycle1", set()), ("reinstatement1", {"1", "3"}), ("simple_attack1", {"2"})]
)
def test_frameworks(name: str, accepted: set[str]) -> None:
    g = read_framework(fixtures("carneades-other") / "files" / "TGF" / f"{name}.tgf")
    labelled = labels(g)
    found = {g.id(int(n)) for n, label in zip(labelled.arrays.numbers, labelled.labels, strict=True) if label > 0}
    assert {n for n in found if n in "123"} == accepted
