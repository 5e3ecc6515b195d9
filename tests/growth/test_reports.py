"""What reports and look-ups of near duplicates cost, counted at n and 4n."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph.reports.circles import circle, circles
from graph.reports.conclusions import conclusions
from graph.reports.lines import closure, strongest
from graph.reports.names import Names
from graph.reports.places import Places
from graph.reports.reading import Reading
from graph.reports.speech import speech
from graph.reports.summary import SUBJECTS, html_page, markdown, summary_of, summary_of_map
from graph.reports.witnesses import witnesses
from graph.search.near_duplicates import same_arguments, similar_statements
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode
from schemas.vocabulary import Kind
from tests.growth.work import CONSTANT, LINEAR, LINEARITHMIC, grows, promises
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, motive, source, statement

Question = Callable[[], object]
SPEAKERS = [actor("speaker", "The Speaker"), actor("press", "The Press"), source("paper", publisher="press")]


def stance(i: int) -> str:
    return "opposing" if i % 7 == 3 else "supporting"


def chain(n: int) -> list[AnyNode]:
    """N supporting steps, one behind the other, up to `p000000`."""
    return [
        *(statement(f"p{i:06}", f"what {i} says of it") for i in range(n + 1)),
        *(argument(f"a{i:06}", f"p{i + 1:06}", f"p{i:06}", confidence=("low", "high")[i % 2]) for i in range(n)),
    ]


def fan(n: int) -> list[AnyNode]:
    """N steps for `hub`, some against it, each from a statement of its own."""
    return [
        statement("hub", "what everything is about"),
        *(statement(f"p{i:06}", f"what {i} says of it") for i in range(n)),
        *(argument(f"a{i:06}", f"p{i:06}", "hub", stance(i)) for i in range(n)),
    ]


def said(n: int) -> list[AnyNode]:
    """N assertions of one speaker in two papers, one a copy: of one statement half of them, of others the rest."""

    def said_of(i: int) -> AnyNode:
        """Every so often in a wording of its own, or as another source has it."""
        more: dict[str, object] = {"wording": f"in words, {i}"} if i % 5 == 0 else {}
        if i % 7 == 0:
            more["cited_source"] = "paper"
        subject = "hub" if i % 2 else f"p{i // 2:06}"
        return assertion(f"x{i:06}", subject, "copy" if i % 4 == 1 else "paper", chain=("press", "speaker"), **more)

    return [
        *SPEAKERS,
        source("copy", "A copy", publisher="press", repeats=("paper",)),
        motive("goal", "speaker", "The speaker wants it."),
        statement("hub", "what everything is about", concerns=({"motive": "goal", "role": "driver"},)),
        argument("to-goal", "hub", "goal"),
        *(statement(f"p{i:06}", f"what {i} says of it") for i in range(n // 2)),
        *(said_of(i) for i in range(n)),
    ]


def mixed(n: int) -> ArgumentGraph:
    """A map of n statements with as many steps and assertions, and some speakers, motives and sources."""
    few = max(1, n // 10)
    return graph_of(
        [actor(f"k{i:06}", f"Actor {i}") for i in range(few)],
        [source(f"s{i:06}", f"Source {i}", publisher=f"k{i:06}") for i in range(few)],
        [motive(f"m{i:06}", f"k{i:06}", f"Actor {i} wants it") for i in range(few)],
        [statement(f"p{i:06}", f"what {i} says of it") for i in range(n)],
        [
            argument(f"a{i:06}", f"p{i:06}", f"p{i // 3:06}" if i % 5 else f"m{i % few:06}", stance(i))
            for i in range(1, n)
        ],
        [assertion(f"x{i:06}", f"p{i:06}", f"s{i % few:06}", chain=(f"k{i * 7 % few:06}",)) for i in range(n)],
    )  # fmt: skip


def apart(*around: AnyNode, n: int) -> ArgumentGraph:
    """What is asked about, in a map with n nodes that have nothing to do with it."""
    return graph_of(*around, [statement(f"z{i:06}", f"apart, {i}") for i in range(n)])


@promises("graph.reports.lines.closure", "graph.reports.lines.strongest")
@pytest.mark.parametrize(("shape", "end"), [(chain, "p000000"), (fan, "hub")])
def test_lines_cost_what_supports_a_node(shape: Callable[[int], list[AnyNode]], end: str) -> None:
    def closed(n: int) -> Question:
        reading = Reading(graph_of(*shape(n)))
        return lambda: closure(reading, end)

    def lines(n: int) -> Question:
        reading = Reading(graph_of(*shape(n)))
        return lambda: strongest(reading, end, n)

    def elsewhere(n: int) -> Question:
        reading = Reading(apart(*shape(10), n=n))
        return lambda: strongest(reading, end, 5)

    grows(closed, LINEARITHMIC, n=80)
    grows(lines, LINEARITHMIC, n=80)
    grows(elsewhere, CONSTANT)


@promises("graph.reports.speech.speech")
def test_speech_costs_the_links_of_the_actor() -> None:
    def of_many(n: int) -> Question:
        reading = Reading(graph_of(*said(n)))
        return lambda: speech(reading, "speaker")

    def of_few(n: int) -> Question:
        reading = Reading(graph_of(*said(n), assertion("y", "hub", "paper", chain=("other",)), actor("other")))
        reading.graph.holders("other", ("spoken_by",))  # the index of relations, once for all
        return lambda: speech(reading, "other")

    grows(of_many, LINEAR)
    grows(of_few, CONSTANT)


def circular(n: int) -> list[AnyNode]:
    """A chain that ends where it begins, and circles of two."""
    pairs = [(f"u{i:06}", f"v{i:06}") for i in range(n // 10)]
    return [
        *chain(n),
        argument("back", "p000000", f"p{n:06}"),
        *(statement(p, p) for pair in pairs for p in pair),
        *(argument(f"c{one}", one, other) for pair in pairs for one, other in (pair, pair[::-1])),
    ]


@promises("graph.reports.circles.circle", "graph.reports.circles.circles")
def test_circles_cost_the_links() -> None:
    def one(n: int) -> Question:
        reading = Reading(graph_of(*circular(n)))
        return lambda: circle(reading, "p000000")

    def every(n: int) -> Question:
        reading = Reading(graph_of(*circular(n)))
        return lambda: list(circles(reading, 3))

    grows(one, LINEARITHMIC, n=80)
    grows(every, LINEARITHMIC, n=80)


@promises("graph.reports.conclusions.conclusions")
def test_conclusions_cost_the_nodes() -> None:
    def of(n: int) -> Question:
        reading = Reading(mixed(n))
        return lambda: conclusions(reading, 3)

    grows(of, LINEARITHMIC, n=80)


@promises("graph.reports.reading.Reading.use")
def test_how_premises_are_used_is_worked_out_in_one_pass() -> None:
    def of(n: int) -> Question:
        reading = Reading(mixed(n))
        reading.verdict("p000000")  # the map is labelled before
        return lambda: [reading.use(f"p{i:06}") for i in range(n)]

    grows(of, LINEAR, n=80)


@promises("graph.reports.witnesses.witnesses")
def test_witnesses_cost_the_assertions() -> None:
    def of(n: int) -> Question:
        reading = Reading(graph_of(*said(n)))
        statements = [node.id for node in reading.graph.nodes("statement")]
        return lambda: witnesses(reading, statements)

    grows(of, LINEARITHMIC, n=80)


@promises("graph.reports.places.Places", "graph.reports.places.Places.held")
def test_places_of_many_nodes_cost_these() -> None:
    def of(n: int) -> Question:
        graph = graph_of(*said(n))
        statements = list(graph.numbers("statement"))

        def asked() -> object:
            every = Places(graph)
            return every.behind(every.held(statements).places), every.origin

        return asked

    def of_one(n: int) -> Question:
        graph = mixed(n)
        every, hub = Places(graph), graph.number("p000001")
        assert len(every.held([hub]).places) == 1
        return lambda: every.held([hub])

    grows(of, LINEARITHMIC, n=80)
    grows(of_one, CONSTANT)


@promises("graph.reports.names.Names")
def test_names_cost_the_actors_however_many_have_one_name() -> None:
    def of(n: int) -> Question:
        graph = graph_of([actor(f"k{i:06}", "Kim") for i in range(n)])
        return lambda: Names(graph).actor("k000003")

    grows(of, LINEAR, n=80)


def wide(n: int) -> list[AnyNode]:
    """Steps of many premises for and against one point, each of them opposed too."""
    points = [f"p{i:06}" for i in range(n)]
    return [
        statement("hub", "what everything is about", origin="constructed"),
        *(statement(p, f"point {p}") for p in points),
        argument("all", tuple(points), "hub"),
        argument("none", tuple(points), "hub", "opposing"),
        *(argument(f"o{i:06}", points[i - 1], points[i], "opposing") for i in range(n)),
    ]


@promises("graph.reports.briefs.brief_of_map")
@pytest.mark.parametrize("shape", [fan, said, wide])
def test_a_brief_costs_the_view(shape: Callable[[int], list[AnyNode]]) -> None:
    def of(n: int) -> Question:
        graph = graph_of(*shape(n))
        return lambda: summary_of_map(graph, "brief")

    grows(of, LINEARITHMIC, n=80)


def test_a_step_of_many_premises_costs_these() -> None:
    def of_map(n: int) -> Question:
        graph = graph_of(*wide(n))
        return lambda: summary_of_map(graph)

    def of_hub(n: int) -> Question:
        graph = graph_of(*wide(n))
        return lambda: summary_of(graph, "statement", "hub")

    grows(of_map, LINEARITHMIC, n=80)
    grows(of_hub, LINEARITHMIC, n=80)


@promises("graph.reports.summary.summary_of_map")
def test_a_summary_costs_the_view() -> None:
    def of_all(n: int) -> Question:
        graph = mixed(n)
        return lambda: summary_of_map(graph)

    def of_one_speaker(n: int) -> Question:
        graph = graph_of(*said(n))
        return lambda: summary_of_map(graph)

    def written(n: int) -> Question:
        graph = mixed(n)
        return lambda: (markdown(summary_of_map(graph, "full")), html_page(summary_of_map(graph), graph))

    grows(written, LINEARITHMIC, n=80)
    grows(of_all, LINEARITHMIC, n=80)
    grows(of_one_speaker, LINEARITHMIC, n=80)


@pytest.mark.parametrize(
    ("kind", "node_id"), [("actor", "speaker"), ("motive", "goal"), ("source", "paper"), ("statement", "hub")]
)
def test_a_summary_of_one_node_costs_at_most_the_view(kind: Kind, node_id: str) -> None:
    assert kind in SUBJECTS

    def of_one(n: int) -> Question:
        graph = graph_of(*said(n))
        return lambda: summary_of(graph, kind, node_id)

    grows(of_one, LINEARITHMIC, n=80)


@promises("graph.search.near_duplicates.similar_statements")
def test_looking_for_near_duplicates_costs_the_statements() -> None:
    def all_alike(n: int) -> Question:
        graph = graph_of(*fan(n))
        return lambda: similar_statements(graph, "what 1 says of it")

    grows(all_alike, LINEARITHMIC)


@promises("graph.search.near_duplicates.same_arguments")
def test_looking_for_the_same_argument_costs_the_links_of_its_target() -> None:
    def at_the_hub(n: int) -> Question:
        graph = graph_of(*fan(n))
        return lambda: same_arguments(graph, ["p000000"], "hub", "supporting")

    def elsewhere(n: int) -> Question:
        graph = apart(*fan(10), n=n)
        return lambda: same_arguments(graph, ["p000000"], "hub", "supporting")

    grows(at_the_hub, LINEAR)
    grows(elsewhere, CONSTANT)
