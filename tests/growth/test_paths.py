"""Searches for paths cost what they promise: in what they look at, never in what lies beyond it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph.budgets import Allowance, StepBudget, encode_cursor, page_of
from graph.drawing.networkx_graph import to_networkx
from graph.drawing.node_link import count_edges, layered_positions, most_important, node_link
from graph.paths.bidirectional import BackwardHeuristic, Ball, BidirectionalHeuristic, ForwardHeuristic
from graph.paths.cost_heuristic import CostHeuristic
from graph.paths.endpoints import first_nodes, last_nodes
from graph.paths.k_shortest import unbranched
from graph.paths.paths import PathRendering, paths
from graph.paths.reachability import Neighbours, consequences, grounds
from graph.paths.search_graph import Computed, OrderIndex, WeakestPremises, search_graph
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import KIND_CODE
from schemas.query import ReachabilityQuery
from tests.growth.work import CONSTANT, LINEAR, LINEARITHMIC, LOGARITHMIC, counted, grows, promises
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.unit.paths.maps import asked, map_of

Question = Callable[[], object]


def chain(n: int, *more: str) -> ArgumentGraph:
    """So many arguments, each from one statement to the next."""
    return map_of(*(f"a{i:05}: s{i:05} -> s{i + 1:05}" for i in range(n)), *more)


def star(n: int) -> ArgumentGraph:
    """So many arguments that all bear on one statement, which bears on another."""
    return map_of(*(f"a{i:05}: s{i:05} -> hub" for i in range(n)), "out: hub -> end")


def dense(n: int) -> ArgumentGraph:
    """One argument of n premises."""
    return map_of(f"a: {' '.join(f's{i:05}' for i in range(n))} -> end")


def many() -> Allowance:
    return Allowance(StepBudget(10**9))


@promises("graph.paths.bidirectional.Ball")
@pytest.mark.parametrize("shape", [chain, star, dense])
def test_a_ball_costs_the_edges_in_it(shape: Callable[[int], ArgumentGraph]) -> None:
    def prepare(n: int) -> Question:
        graph = shape(n)
        end = graph.number(f"s{n:05}") if shape is chain else graph.number("end")
        space = search_graph(graph)

        def grow() -> int:
            ball = Ball(space.predecessors, [end], many())
            while ball.rim:
                ball.grow(ball.beyond())
            return len(ball.distance)

        return grow

    grows(prepare, LINEAR)


@promises("graph.paths.bidirectional.Ball")
def test_a_ball_does_not_cost_what_lies_outside_of_it() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        space = search_graph(graph)

        def grow() -> None:
            ball = Ball(space.successors, [graph.number("s00000")], many())
            for _ in range(10):
                ball.grow(ball.beyond())

        return grow

    grows(prepare, CONSTANT)


@promises("graph.paths.bidirectional.BidirectionalHeuristic")
def test_two_balls_that_meet_cost_the_edges_in_them() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        space = search_graph(graph)

        def deepen() -> None:
            ends = Ball(space.predecessors, [graph.number(f"s{n:05}")], many())
            heuristic = BidirectionalHeuristic(
                space.successors, space.predecessors, [graph.number("s00000")], ends, many()
            )
            while not heuristic.is_whole:
                heuristic.deepen(heuristic.depth + 1)

        return deepen

    grows(prepare, LINEAR)


@promises("graph.paths.bidirectional.ForwardHeuristic")
def test_a_ball_around_the_starts_costs_the_edges_in_it() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        space = search_graph(graph)

        def deepen() -> None:
            starts = [graph.number("s00000")]
            heuristic = ForwardHeuristic(space.successors, space.predecessors, starts, space.is_end, many())
            while not heuristic.is_whole:
                heuristic.deepen(heuristic.depth + 1)

        return deepen

    grows(prepare, LINEAR)


@promises("graph.paths.bidirectional.BackwardHeuristic")
def test_a_ball_around_the_ends_costs_the_edges_in_it() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        space = search_graph(graph)

        def deepen() -> None:
            ends = [graph.number(f"s{n:05}")]
            heuristic = BackwardHeuristic(space.predecessors, space.is_start, ends, space.key_of, many())
            while not heuristic.is_whole:
                heuristic.deepen(heuristic.depth + 1)

        return deepen

    grows(prepare, LINEAR)


@promises("graph.paths.cost_heuristic.CostHeuristic")
@pytest.mark.parametrize("shape", [chain, star])
def test_balls_by_cost_cost_their_edges_and_a_logarithm(shape: Callable[[int], ArgumentGraph]) -> None:
    def prepare(n: int) -> Question:
        graph = shape(n)
        space = search_graph(graph)
        start, end = graph.number("s00000"), graph.number(f"s{n:05}" if shape is chain else "end")
        costed = [
            Computed(lambda at, near=near: [(to, 7) for to in near[at]])
            for near in (space.successors, space.predecessors)
        ]

        def deepen() -> None:
            heuristic = CostHeuristic(*costed, [(start, start, 0)], [end], many())
            while not heuristic.is_whole:
                heuristic.deepen(heuristic.depth + 1)

        return deepen

    grows(prepare, LINEARITHMIC)


@promises("graph.paths.search_graph.WeakestPremises")
def test_every_premise_of_one_argument_asks_for_the_weakest_of_the_others() -> None:
    def prepare(n: int) -> Question:
        graph = dense(n)
        number = graph.number("a")

        def ask() -> float:
            weakest = WeakestPremises(graph)
            return max(weakest.other(number, premise) for premise in graph.premises(number))

        return ask

    grows(prepare, LINEAR, n=800)


@promises("graph.paths.k_shortest.unbranched")
def test_an_unbranched_path_costs_its_length() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        edges = search_graph(graph).edges
        start, end = graph.number("s00000"), graph.number(f"s{n:05}")
        return lambda: unbranched(edges, start, end, many())

    grows(prepare, LINEAR)


@promises("graph.paths.paths.PathRendering.path")
def test_rendering_a_path_costs_its_length() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        space = search_graph(graph)
        found = unbranched(space.edges, graph.number("s00000"), graph.number(f"s{n:05}"), many())
        assert found is not None
        ((_, path),) = found
        rendering = PathRendering(graph, space.keys)
        return lambda: rendering.path(path)

    grows(prepare, LINEAR)


@promises("graph.paths.search_graph.search_graph")
def test_the_edges_after_an_edit_cost_the_edit_and_not_the_map() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        search_graph(graph)
        derived = graph.derive(header(), [("new", argument("new", ("s00001",), "s00003"))])
        return lambda: search_graph(derived)

    grows(prepare, CONSTANT)


@promises("graph.paths.search_graph.search_graph")
def test_the_edges_after_an_edit_do_not_cost_the_edits_before_it() -> None:
    def prepare(n: int) -> Question:
        graph = chain(50)
        for i in range(n):
            search_graph(graph)
            graph = graph.derive(header(), [(f"n{i:05}", argument(f"n{i:05}", (f"s{i % 50:05}",), "s00050"))])
        derived = graph.derive(header(), [("zz", statement("zz")), ("new", argument("new", ("s00001",), "zz"))])
        search_graph(graph)
        return lambda: search_graph(derived)

    grows(prepare, LINEARITHMIC, n=50)  # s00001 has a new outgoing argument for each fifty edits


@promises("graph.paths.search_graph.OrderIndex")
def test_sort_keys_of_new_ids_cost_a_logarithm_each() -> None:
    def prepare(n: int) -> Question:
        columns = chain(10).columns

        def insert() -> None:
            index = OrderIndex(columns)
            for i in range(n):
                index.key(f"s00003-{i * 7919 % n:05}")

        return insert

    grows(prepare, LINEARITHMIC)


@promises("graph.paths.endpoints.first_nodes", "graph.paths.endpoints.last_nodes")
def test_the_ends_of_the_map_cost_its_nodes_once_and_then_the_patch() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        return lambda: (first_nodes(graph), last_nodes(graph))

    def after_an_edit(n: int) -> Question:
        graph = chain(n)
        first_nodes(graph), last_nodes(graph)
        derived = graph.derive(header(), [("new", argument("new", ("s00001",), "s00003"))])
        return lambda: (first_nodes(derived), last_nodes(derived))

    grows(prepare, LINEAR)
    grows(after_an_edit, CONSTANT)


def hub(n: int) -> ArgumentGraph:
    """So many assertions of one source."""
    said = [assertion(f"x{i:05}", "p", "src", chain=("ann",)) for i in range(n)]
    return graph_of(actor("ann"), source("src"), statement("p"), said)


@promises("graph.paths.reachability.Neighbours.around", "graph.paths.reachability.Neighbours.links")
@pytest.mark.parametrize(("shape", "focus"), [(chain, "s00000"), (star, "hub"), (dense, "a"), (hub, "p")])
def test_what_is_around_a_node_costs_its_links(shape: Callable[[int], ArgumentGraph], focus: str) -> None:
    def prepare(n: int) -> Question:
        graph = shape(n)
        neighbours = Neighbours(graph, frozenset(KIND_CODE.values()))
        neighbours.around([graph.number(focus)], None, 10**6)  # reads what refers to what, once for the snapshot
        return lambda: neighbours.around([graph.number(focus)], None, 10**6)

    grows(prepare, LINEAR, n=100)


@promises("graph.drawing.node_link.count_edges")
def test_counting_links_costs_the_patch() -> None:
    def prepare(n: int) -> Question:
        graph = hub(n)
        count_edges(graph, KIND_CODE.values())
        derived = graph.derive(header(), [("more", assertion("more", "p", "src"))])
        return lambda: count_edges(derived, KIND_CODE.values())

    grows(prepare, CONSTANT, n=100)


@promises("graph.paths.reachability.grounds", "graph.paths.reachability.consequences")
@pytest.mark.parametrize("shape", [chain, star, dense])
def test_grounds_and_consequences_cost_the_links_behind_and_ahead(shape: Callable[[int], ArgumentGraph]) -> None:
    def prepare(n: int) -> Question:
        graph = shape(n)
        last = f"s{n:05}" if shape is chain else "end"
        query = ReachabilityQuery()
        return lambda: (grounds(graph, last, query), consequences(graph, "s00000", query))

    grows(prepare, LINEARITHMIC)


@promises("graph.budgets.page_of")
def test_a_page_costs_its_items_and_not_those_before_it() -> None:
    def prepare(n: int) -> Question:
        cursor = encode_cursor("asked", (n // 2, "x"))
        items = [(i, "x") for i in range(n)]
        return lambda: page_of(items, lambda item: item, tuple[int, str], question="asked", limit=10, cursor=cursor)

    grows(prepare, LOGARITHMIC)


@pytest.mark.parametrize("order", ["length", "strength"])
def test_the_steps_of_a_search_are_in_proportion_to_its_work_around_a_hub(order: str) -> None:
    def prepare(n: int) -> Question:
        graph = map_of(*(f"a{i:05}: hub -> s{i:05}" for i in range(n)), *(f"b{i:05}: s{i:05} -> end" for i in range(n)))
        return lambda: paths(graph, asked(start="hub", to="end", limit=3, order=order), StepBudget(10**9))

    small, large = counted(prepare(100)), counted(prepare(400))
    assert large.instructions / large.steps <= small.instructions / small.steps * 1.5


@promises("graph.drawing.node_link.count_edges")
def test_counting_links_of_some_relations_costs_their_links() -> None:
    def prepare(n: int) -> Question:
        graph = hub(n)
        return lambda: count_edges(graph, KIND_CODE.values(), ("found_in",))

    grows(prepare, LINEAR)


@promises("graph.drawing.node_link.node_link", "graph.drawing.node_link.edges_of")
@pytest.mark.parametrize(("shape", "focus"), [(chain, "s00000"), (star, "hub"), (dense, "a"), (hub, "p")])
def test_a_document_costs_the_links_of_its_nodes(shape: Callable[[int], ArgumentGraph], focus: str) -> None:
    def prepare(n: int) -> Question:
        graph = shape(n)
        neighbours = Neighbours(graph, frozenset(KIND_CODE.values()))
        shown, is_cut = neighbours.around([graph.number(focus)], 1, 10**6)
        return lambda: node_link(neighbours, shown, is_cut=is_cut)

    grows(prepare, LINEARITHMIC, n=100)


@promises("graph.drawing.node_link.node_link")
def test_a_document_of_a_few_nodes_of_a_hub_costs_their_links_once() -> None:
    def prepare(n: int) -> Question:
        graph = star(n)
        neighbours = Neighbours(graph, frozenset(KIND_CODE.values()))
        shown = {graph.number(i) for i in ("hub", "end", "out")}
        neighbours.around(shown, 0, 10)
        return lambda: node_link(neighbours, shown, is_cut=True)

    grows(prepare, LINEAR)


@promises("graph.drawing.node_link.most_important")
@pytest.mark.parametrize("shape", [chain, star, lambda n: map_of(*(f"a{i:05}: p{i:05} -> t{i:05}" for i in range(n)))])
def test_the_most_important_nodes_cost_an_order_of_all_and_the_links_of_those_given(
    shape: Callable[[int], ArgumentGraph],
) -> None:
    def prepare(n: int) -> Question:
        neighbours = Neighbours(shape(n), frozenset(KIND_CODE.values()))
        return lambda: most_important(neighbours, n, many())

    grows(prepare, LINEARITHMIC)


@promises("graph.drawing.networkx_graph.to_networkx")
def test_a_networkx_graph_costs_the_nodes_and_links() -> None:
    def prepare(n: int) -> Question:
        graph = chain(n)
        return lambda: to_networkx(graph)

    grows(prepare, LINEAR, n=100)


@promises("graph.drawing.node_link.layered_positions")
@pytest.mark.parametrize(
    "links",
    [
        lambda n: [(f"s{i}", f"s{i + 1}") for i in range(n)],
        lambda n: [(f"s{i}", "hub") for i in range(n)],
        lambda n: [(f"s{i}", f"s{(i + 1) % n}") for i in range(n)],
    ],
)
def test_positions_cost_nodes_and_links_and_a_logarithm(links: Callable[[int], list[tuple[str, str]]]) -> None:
    def prepare(n: int) -> Question:
        some = links(n)
        ids = {end for link in some for end in link}
        return lambda: layered_positions(ids, some)

    grows(prepare, LINEARITHMIC, n=50)
