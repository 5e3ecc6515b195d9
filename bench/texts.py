"""Texts: near duplicates among 100,000 statements, the summary of the seed, and how soon a command's help comes."""

import subprocess
import sys
from collections.abc import Iterator
from time import process_time

from bench.figure import Figure, timed
from bench.maps import tree_like
from graph.editing.editor import Provenance
from graph.editing.planning import plan
from graph.maps.replay import empty
from graph.reports.summary import summary_of_map
from graph.search.near_duplicates import similar_statements
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.map import MapHeader
from seed.articles import load_document
from seed.editions import creates

SIZE = 100_000
_HELP = "from service.cli import run; run(['--help'])"
_AT = "2026-01-01T00:00:00.000000Z"


def figures() -> Iterator[Figure]:
    """Each in seconds or milliseconds of its own; there is no peer to compare with."""
    graph = tree_like(SIZE)
    similar_statements(graph, "what s000001 says of the matter")  # the texts are read once
    texts = [f"a wholly different text, number {n}, that nothing resembles at all" for n in range(20)]
    found = timed(lambda text: similar_statements(graph, text), texts, process_time)
    yield Figure(
        f"texts: near duplicates among {SIZE:,} statements", found.median * 1e3, "ms", None, "< 250 ms",
        found.median < 0.25,
    )  # fmt: skip
    told = timed(summary_of_map, [_seed() for _ in range(5)], process_time)
    yield Figure("texts: the summary of the seed", told.median * 1e3, "ms", None, "< 1,000 ms", told.median < 1)
    helped = timed(lambda _: subprocess.run([sys.executable, "-c", _HELP], check=True, capture_output=True), range(5))
    yield Figure("texts: the help of the command (wall)", helped.median, "s", None, "< 1 s", helped.median < 1)


def _seed() -> ArgumentGraph:
    header = MapHeader(
        id="seed", title="Seed", revision=1, created_at=_AT, created_by="bench", updated_at=_AT, updated_by="bench"
    )
    return plan(empty(header), list(creates(load_document())), Provenance("bench", _AT)).graph
