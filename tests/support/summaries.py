"""Summaries as tests read them."""

from __future__ import annotations

from collections.abc import Iterator

from graph.reports.summary import SUBJECTS, summary_of, summary_of_map
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import narrow
from schemas.query import SummaryDetail, SummaryQuery, ViewQuery
from schemas.summary import Sentence, Summary


def summary(graph: ArgumentGraph, node_id: str | None = None, detail: str = "normal", **view: object) -> Summary:
    """The summary of a node, or of the map, in a view."""
    seen = narrow(graph, ViewQuery.model_validate(view))
    told: SummaryDetail = SummaryQuery.model_validate({"detail": detail}).detail
    return summary_of_map(seen, told) if node_id is None else summary_of(seen, seen.node(node_id).kind, node_id, told)


def under(summary: Summary, heading: str) -> list[str]:
    """The texts under a heading; none where the summary has no such section."""
    return [s.text for section in summary.sections if section.heading == heading for s in section.sentences]


def sentences(summary: Summary) -> list[Sentence]:
    return [sentence for section in summary.sections for sentence in section.sentences]


def everything(graph: ArgumentGraph) -> Iterator[Summary]:
    """Every summary that there can be of a view."""
    yield summary_of_map(graph)
    for node in graph.nodes():
        if node.kind in SUBJECTS:
            yield summary_of(graph, node.kind, node.id)
