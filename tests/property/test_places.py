"""What is told of many places at once is what each of them tells, in a map that was changed too."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.reports.places import Places
from graph.reports.reading import Reading
from graph.reports.witnesses import witnesses
from graph.snapshot.argument_graph import ArgumentGraph, speaker_of
from graph.snapshot.relations import NONE
from tests.support.nodes import assertion
from tests.support.worlds import worlds


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.data())
def test_places_at_once_are_the_places_one_by_one(graph: ArgumentGraph, data: st.DataObject) -> None:
    points = [node.id for node in graph.nodes("statement")]
    gone = data.draw(st.sets(st.sampled_from([*points, "id-x0", "id-k1"]).filter(graph.__contains__), max_size=2))
    left = [p for p in points if p not in gone]
    if left:
        new = assertion("id-a-new", data.draw(st.sampled_from(left)), "id-s0", chain=("id-k2", "id-k0"))
        graph = graph.derive(graph.header, [*((i, None) for i in sorted(gone)), (new.id, new)])
    every = Places(graph)
    asked = list(graph.numbers("statement"))
    held = every.held(asked)
    assert held.widths.tolist() == [len(graph.assertions_of(graph.id(n))) for n in asked]
    expected = [place.id for n in asked for place in graph.assertions_of(graph.id(n))]
    assert [graph.id(n) for n in held.places.tolist()] == expected
    behind = []
    for place in held.places.tolist():
        named = (speaker_of(graph, place), *graph.references("found_in", place), *graph.references("cites", place))
        here = [n for n in named if n != NONE and graph.alive(n)]
        assert every.speaker[place] == (here[0] if named[0] in here else NONE)
        behind += [place, *here]
    assert every.behind(held.places) == list(dict.fromkeys(behind))
    assert [bool(every.is_said[n]) for n in asked] == [width > 0 for width in held.widths.tolist()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_the_places_of_all_witnesses_are_all_places(graph: ArgumentGraph) -> None:
    statements = [node.id for node in graph.nodes("statement")]
    found = witnesses(Reading(graph), statements)
    every = [place.id for s in statements for place in graph.assertions_of(s)]
    assert sorted(graph.id(n) for one in found.found for n in one.places) == sorted(every)
    assert found.most == len(found.found)
