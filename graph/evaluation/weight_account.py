"""Where a weight comes from, in words and numbers."""

from collections.abc import Iterator

from graph.evaluation.originators import Originator, originators_of
from graph.evaluation.weights import is_by_assertions, passage_of, table_of, weight_of
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.node import label
from schemas.source import Source
from schemas.statement import Statement
from schemas.why import WeightAccount, WeightPart


def weight_account(graph: ArgumentGraph, number: int) -> WeightAccount:
    """The weight of a motive, statement or argument with where it comes from; O(its assertions)."""
    return WeightAccount(weight_of(graph, number)[0], tuple(_parts(graph, number)))


def _parts(graph: ArgumentGraph, number: int) -> Iterator[WeightPart]:
    node, table = graph.at(number), table_of(graph)
    if not isinstance(node, Argument) and not (isinstance(node, Statement) and node.origin != "constructed"):
        yield WeightPart("constructed: it stands on its arguments alone", None)
    elif node.credence is not None:
        yield WeightPart(f"set by hand: {node.credence:g}", node.credence, (node.id,))
    elif isinstance(node, Argument):
        word = f"{node.confidence} confidence" if node.confidence else "no confidence given, so as medium"
        value = table.of_confidence(node.confidence or "medium")
        yield WeightPart(f"{word}: {value:g}", value, (node.id,))
    elif is_by_assertions(node) and (places := sorted(graph.referrers("of", number), key=graph.id)):
        yield from _said(graph, number, places)
    elif node.origin == "attributed":
        yield WeightPart("attributed, and nobody asserts it any more: 0", 0.0, (node.id,))
    else:
        yield WeightPart(f"put forward by the map's author: {table.author:g}", table.author, (node.id,))


def _said(graph: ArgumentGraph, number: int, places: list[int]) -> Iterator[WeightPart]:
    table, witnesses = table_of(graph), originators_of(graph)
    weights = {place: passage_of(graph, place).weight(table) for place in places}
    found = witnesses.behind(places)
    independent = witnesses.independent(found)
    shown = [max((n for one in together for n in one.places), key=lambda n: weights[n]) for together in independent]
    for one in found:
        best = max(one.places, key=lambda n: weights[n])
        yield _passage(graph, best, weights[best], one)
    value = weight_of(graph, number)[0]
    if len(found) > 1:
        yield WeightPart(_together(weights, shown, len(found), table.most, value or 0.0), value)


def _passage(graph: ArgumentGraph, place: int, weight: float, one: Originator) -> WeightPart:
    node, passage, table = graph.at(place), passage_of(graph, place), table_of(graph)
    assert isinstance(node, Assertion)
    source = graph.at(graph.number(node.source))
    title = label(source)
    who = f" by {label(graph.at(one.actors[0]))}" if one.actors else ""
    factors = [f"{node.modality} {table.of_manner(node.modality):g}"]
    if isinstance(source, Source) and source.reliability not in (None, "F"):
        factors.append(f"reliability {source.reliability} × {table.of_reliability(source.reliability):g}")
    if node.credibility not in (None, 6):
        factors.append(f"credibility {node.credibility} × {table.of_credibility(node.credibility):g}")
    nodes = (node.id, node.source, *map(graph.id, one.actors))
    if passage.is_retracted:
        what = (
            "has been retracted" if passage.source.status == "retracted" else "cites a source that has been retracted"
        )
        return WeightPart(f"said{who} in “{title}”, which {what}: 0", 0.0, nodes)
    return WeightPart(f"said{who} in “{title}”: {', '.join(factors)} = {weight:g}", weight, nodes)


def _together(weights: dict[int, float], shown: list[int], most_witnesses: int, most: float, value: float) -> str:
    if len(shown) < 2:
        return f"{most_witnesses} originators that are not shown to be independent: the heaviest counts, {value:g}"
    product = "".join(f"(1 − {weights[n]:g})" for n in shown)
    capped = f", at most {most:g}" if value == most else ""
    return f"{len(shown)} originators shown to be independent: 1 − {product} = {value:g}{capped}"
