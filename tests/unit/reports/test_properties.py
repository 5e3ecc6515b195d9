"""What holds of every summary of every map: its receipts are real, it is stable, and a view keeps its secrets."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.reports.summary import markdown
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import narrow
from schemas.query import ViewQuery
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.strategies import Nodes, whole_maps
from tests.support.summaries import everything, sentences

ABSENCE = re.compile(
    r"^(The map says nothing yet|Nothing is argued yet|The question is|Nobody is recorded"
    r"|Nothing here has a source|Nothing is contested)"
)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(graph: ArgumentGraph) -> None:
    for made in everything(graph):
        headings = [section.heading for section in made.sections]
        assert all(section.sentences for section in made.sections), headings
        for sentence in sentences(made):
            assert all(node_id in graph for node_id in (*sentence.nodes, *sentence.sources)), sentence
            assert all(graph.node(i).kind == "source" for i in sentence.sources), sentence
            assert not any(graph.node(i).kind == "source" for i in sentence.nodes), sentence
            assert sentence.nodes or sentence.sources or ABSENCE.match(sentence.text), sentence
            assert sentence.text.strip(), sentence
        assert markdown(made).count("\n- ") == len(sentences(made)), "one line for each sentence"


@QUICK
@given(whole_maps())
def test_every_id_behind_a_sentence_is_in_the_map(nodes: Nodes) -> None:
    check(graph_of(list(nodes.values())))


@QUICK
@given(whole_maps(), st.data())
def test_every_id_behind_a_sentence_is_in_the_view(nodes: Nodes, data: st.DataObject) -> None:
    graph = graph_of(list(nodes.values()))

    def some(kind: str) -> tuple[str, ...]:
        ids = [node.id for node in nodes.values() if kind in (node.kind, "any")]
        return tuple(data.draw(st.lists(st.sampled_from(ids), max_size=2))) if ids else ()

    view = ViewQuery(
        sources=some("source"), actors=some("actor"), motives=some("motive"), without=some("any"),
        basis=data.draw(st.sampled_from(["all", "explicit"])),
    )  # fmt: skip
    check(narrow(graph, view))


@QUICK
@given(whole_maps(), st.randoms())
def test_the_order_in_which_nodes_came_changes_nothing(nodes: Nodes, chance: object) -> None:
    shuffled = list(nodes.values())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(everything(graph_of(list(nodes.values())))) == list(everything(graph_of(shuffled)))


WORDS = st.sampled_from(["asserted", "reported", "believed", "possible"])


@QUICK
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("pqr"), WORDS), min_size=1, max_size=8))
def test_one_outlets_view_never_tells_what_only_the_other_has(places: list[tuple[str, str, str]]) -> None:
    """Each outlet words each statement with a word of its own; the view of one must not know the other's."""
    nodes = [
        *(actor(f"out{o}", f"Outlet{o.upper()}", actor_kind="outlet") for o in "ab"),
        *(source(f"s-{o}", f"Article of {o.upper()}", publisher=f"out{o}") for o in "ab"),
        *(statement(s, f"plain{s}") for s in "pqr"),
        argument("a1", "p", "q"),
        argument("a2", "r", "q", "opposing"),
        *(
            assertion(f"x{i}", s, f"s-{o}", chain=(f"out{o}",), wording=f"secret{o}{s}", modality=way)
            for i, (o, s, way) in enumerate(places)
        ),
    ]
    seen = narrow(graph_of(nodes), ViewQuery(sources=("s-a",)))
    text = " ".join(s.text for made in everything(seen) for s in sentences(made))
    assert "secretb" not in text
    assert "OutletB" not in text
