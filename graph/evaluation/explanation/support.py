"""How well an argument is supported: what is marked in a text before what is inferred, the heavier, the named."""

from graph.evaluation.originators import originators_of
from graph.snapshot.argument_graph import ArgumentGraph

_BASIS_OWN = 1


def support_key(graph: ArgumentGraph, argument: int, weight: float) -> tuple[int, float, int, int, str]:
    """A key that puts the best supported first: explicit, then own, then inferred; heavier; named; more witnesses."""
    witnesses = originators_of(graph)
    said = list(graph.referrers("of", argument))
    basis = _BASIS_OWN if not said else 0 if any(map(graph.is_explicit, said)) else 2
    places = [sorted(graph.referrers("of", premise), key=graph.id) for premise in graph.premises(argument)]
    behind = [witnesses.behind(here) for here in places if here]
    named = sum(any(one.is_traced for one in found) for found in behind)
    shown = sum(len(witnesses.independent(found)) for found in behind)
    return basis, -weight, -named, -shown, graph.id(argument)
