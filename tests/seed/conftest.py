"""The seed's document, and the shared articles and reading where they are here."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from seed.articles import load_document
from tests.support.ci import not_here

KINDS = ("actors", "motives", "statements", "arguments", "sources", "assertions")
Node = dict[str, Any]


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    return load_document()


@pytest.fixture(scope="session")
def nodes(document: dict[str, Any]) -> dict[str, Node]:
    return {node["id"]: node for kind in KINDS for node in document[kind]}


@pytest.fixture(scope="session")
def said(document: dict[str, Any]) -> dict[str, list[Node]]:
    """The assertions of each statement and argument, by its id."""
    of: defaultdict[str, list[Node]] = defaultdict(list)
    for assertion in document["assertions"]:
        of[assertion["of"]].append(assertion)
    return dict(of)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the articles and their reading, which are not part of the repository."""
    folder = Path(os.environ.get("ARGUMAP_SHARED") or Path(__file__).parents[3] / "shared")
    if not (folder / "articles").is_dir():
        not_here("no shared articles beside the repository, and ARGUMAP_SHARED names no folder that has them")
    return folder


@pytest.fixture(scope="session")
def files(shared: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((shared / "articles").glob("*.txt"))}


@pytest.fixture(scope="session")
def reading(shared: Path) -> dict[str, Any]:
    path = shared / "reading" / "gold.json"
    if not path.is_file():
        not_here("the shared folder has no reading of the articles")
    return json.loads(path.read_bytes())
