"""The seed as a snapshot, and summaries by heading."""

from __future__ import annotations

import pytest

from graph.editing.editor import Provenance
from graph.editing.planning import plan
from graph.maps.replay import empty
from graph.snapshot.argument_graph import ArgumentGraph
from seed.articles import load_document
from seed.editions import creates
from tests.support.headers import AT, header


@pytest.fixture(scope="session")
def seed() -> ArgumentGraph:
    document = load_document()
    fields = {name: document[name] for name in ("id", "title", "question", "description")}
    blank = header(**fields).model_copy(update={"revision": 0})
    return plan(empty(blank), list(creates(document)), Provenance("seed", AT)).graph
