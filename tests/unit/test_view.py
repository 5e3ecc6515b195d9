"""What stays in a narrowed view, rule by rule as the domain's section on views numbers them."""

from __future__ import annotations

from typing import Any

import pytest

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import narrow
from schemas.query import ViewQuery
from schemas.vocabulary import KINDS
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, motive, source, statement


def kept(graph: ArgumentGraph, *prefixes: str, **filters: Any) -> set[str]:
    """Ids that stay, of those with one of the prefixes if any are given."""
    view = narrow(graph, ViewQuery(**filters))
    return {node.id for node in view.nodes() if node.id.startswith(prefixes or ("",))}


@pytest.fixture
def two_sources() -> ArgumentGraph:
    """p-1 in s-1 by k-1; p-2 in s-2 (citing s-1) by k-2; p-3 in both; p-4 of the author."""
    return graph_of(
        actor("k-1"), actor("k-2"), actor("k-3"), source("s-1"), source("s-2"), source("s-3"),
        statement("p-1"), statement("p-2"), statement("p-3"), statement("p-4"),
        assertion("x-1", "p-1", "s-1", chain=("k-2", "k-1")),
        assertion("x-2", "p-2", "s-2", cited_source="s-1", chain=("k-1", "k-2")),
        assertion("x-3", "p-3", "s-1", chain=("k-1",)),
        assertion("x-4", "p-3", "s-2"),
    )  # fmt: skip


def test_without_filters_the_view_is_the_snapshot_itself(two_sources: ArgumentGraph) -> None:
    assert narrow(two_sources, ViewQuery()) is two_sources
    assert narrow(two_sources, ViewQuery(as_of="1")) is two_sources


# --- 1. assertions ---------------------------------------------------------------------------------


def test_an_assertion_stays_if_its_source_or_its_cited_source_is_named(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, "x-", sources=("s-1",)) == {"x-1", "x-2", "x-3"}
    assert kept(two_sources, "x-", sources=("s-2",)) == {"x-2", "x-4"}
    assert kept(two_sources, "x-", sources=("s-3",)) == set()
    assert kept(two_sources, "x-", sources=("s-3", "s-2")) == {"x-2", "x-4"}


def test_an_assertion_stays_if_the_last_of_its_chain_is_named(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, "x-", actors=("k-1",)) == {"x-1", "x-3", "x-4"}
    assert kept(two_sources, "x-", actors=("k-2",)) == {"x-2", "x-4"}


def test_an_empty_chain_passes_whoever_is_named(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, "x-", actors=("k-3",)) == {"x-4"}


def test_explicit_drops_the_inferred_assertions_of_arguments() -> None:
    graph = graph_of(
        source("s"), statement("p"), statement("q"), argument("a", "p", "q"), argument("b", "q", "p"),
        assertion("x-e", "a", "s", basis="explicit"), assertion("x-i", "a", "s", basis="inferred"),
        assertion("x-b", "b", "s", basis="inferred"), assertion("x-p", "p", "s"), assertion("x-n", "a", "s"),
    )  # fmt: skip
    assert kept(graph, "x-", basis="explicit") == {"x-e", "x-n", "x-p"}
    assert kept(graph, "a", "b", basis="explicit") == {"a"}
    assert kept(graph, "x-", basis="all") == {"x-e", "x-i", "x-b", "x-p", "x-n"}


def test_every_filter_must_pass(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, "x-", sources=("s-1",), actors=("k-1",)) == {"x-1", "x-3"}
    assert kept(two_sources, "x-", sources=("s-2",), actors=("k-1",)) == {"x-4"}


# --- 2. statements and motives ---------------------------------------------------------------------


def test_a_statement_stays_if_one_of_its_assertions_does_or_it_has_none(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, "p-", sources=("s-1",)) == {"p-1", "p-2", "p-3", "p-4"}
    assert kept(two_sources, "p-", sources=("s-2",)) == {"p-2", "p-3", "p-4"}
    assert kept(two_sources, "p-", sources=("s-3",)) == {"p-4"}


def test_a_constructed_statement_with_assertions_falls_with_them() -> None:
    graph = graph_of(source("s-1"), source("s-2"), statement("t", origin="constructed"), assertion("x", "t", "s-1"))
    assert kept(graph, "t", sources=("s-2",)) == set()


@pytest.fixture
def two_motives() -> ArgumentGraph:
    def concern(name: str) -> dict[str, str]:
        return {"motive": name, "role": "driver"}

    return graph_of(
        actor("k"), actor("k-2"), source("s"), motive("m-1", "k"), motive("m-2", "k-2"),
        statement("p-1", concerns=(concern("m-1"),)), statement("p-2", concerns=(concern("m-2"),)),
        statement("p-12", concerns=(concern("m-2"), concern("m-1"))), statement("p-0"),
        statement("t", origin="constructed"), assertion("x-1", "p-1", "s", chain=("k",)),
        argument("a-1", ("p-1", "m-1"), "t"), argument("a-2", "m-2", "t"), argument("a-12", "m-1", "m-2"),
    )  # fmt: skip


def test_a_motive_stays_only_if_named_where_motives_are(two_motives: ArgumentGraph) -> None:
    assert kept(two_motives, "m-", motives=("m-1",)) == {"m-1"}
    assert kept(two_motives, "m-", motives=("m-2", "m-1")) == {"m-1", "m-2"}
    assert kept(two_motives, "m-", sources=("s",)) == {"m-1", "m-2"}


def test_a_statement_stays_if_it_concerns_a_named_motive_or_is_constructed(two_motives: ArgumentGraph) -> None:
    assert kept(two_motives, "p-", "t", motives=("m-1",)) == {"p-1", "p-12", "t"}
    assert kept(two_motives, "p-", "t", motives=("m-2",)) == {"p-2", "p-12", "t"}


def test_motives_and_sources_must_both_pass(two_motives: ArgumentGraph) -> None:
    assert kept(two_motives, "p-", motives=("m-1",), sources=("nowhere",)) == {"p-12"}


# --- 3. arguments ----------------------------------------------------------------------------------


def test_an_argument_needs_its_target_and_all_its_premises(two_motives: ArgumentGraph) -> None:
    assert kept(two_motives, "a-", motives=("m-1",)) == {"a-1"}
    assert kept(two_motives, "a-", motives=("m-2",)) == {"a-2"}
    assert kept(two_motives, "a-", motives=("m-1", "m-2")) == {"a-1", "a-2", "a-12"}
    assert kept(two_motives, "a-", without=("p-1",)) == {"a-2", "a-12"}


def test_an_argument_needs_one_of_its_assertions_or_to_have_none() -> None:
    graph = graph_of(
        source("s-1"), source("s-2"), statement("p"), statement("q"),
        argument("a-said", "p", "q"), argument("a-twice", "p", "q"), argument("a-own", "p", "q"),
        assertion("x-1", "a-said", "s-1"), assertion("x-2", "a-twice", "s-1"), assertion("x-3", "a-twice", "s-2"),
    )  # fmt: skip
    assert kept(graph, "a-", sources=("s-2",)) == {"a-twice", "a-own"}


@pytest.mark.parametrize(
    ("least", "stay"),
    [("low", {"a-low", "a-medium", "a-high"}), ("medium", {"a-medium", "a-high"}), ("high", {"a-high"})],
)
def test_an_argument_needs_the_confidence_asked_for(least: str, stay: set[str]) -> None:
    graph = graph_of(
        statement("p"), statement("q"), source("s"),
        *(argument(f"a-{c}", "p", "q", confidence=c) for c in ("low", "medium", "high")),
    )  # fmt: skip
    assert kept(graph, "a-", min_confidence=least, sources=("s",)) == stay
    assert kept(graph, "a-", min_confidence=least) == stay


@pytest.fixture
def undercuts() -> ArgumentGraph:
    """B attacks a, c attacks b, d attacks c; e bears on d's premise."""
    return graph_of(
        statement("p"), statement("q"), statement("r"), argument("a", "p", "q"),
        argument("b", "r", "a", "opposing"), argument("c", "r", "b", "opposing"),
        argument("d", "r", "c", "opposing"), argument("e", "p", "r", confidence="low"),
    )  # fmt: skip


def test_an_undercut_falls_with_the_argument_that_it_attacks_and_so_on(undercuts: ArgumentGraph) -> None:
    assert kept(undercuts, without=("q",)) == {"p", "r", "e"}
    assert kept(undercuts, without=("b",)) == {"p", "q", "r", "a", "e"}
    assert kept(undercuts, without=("c",)) == {"p", "q", "r", "a", "b", "e"}


def test_an_argument_stays_when_what_attacks_it_falls(undercuts: ArgumentGraph) -> None:
    assert kept(undercuts, without=("d",)) == {"p", "q", "r", "a", "b", "c", "e"}
    assert kept(undercuts, min_confidence="medium") == {"p", "q", "r", "a", "b", "c", "d"}


def test_arguments_that_attack_each_other_in_a_ring_stay() -> None:
    graph = graph_of(statement("p"), argument("a", "p", "b", "opposing"), argument("b", "p", "a", "opposing"))
    assert kept(graph, min_confidence="medium") == {"p", "a", "b"}
    assert kept(graph, without=("a",)) == {"p"}


# --- 4. without ------------------------------------------------------------------------------------


def test_an_actor_goes_with_the_assertions_that_it_is_committed_to(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, without=("k-1",)) == {"k-2", "s-1", "s-2", "x-2", "x-4", "p-2", "p-3", "p-4"}


def test_an_actor_that_only_passes_on_takes_no_assertion_with_it(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, "x-", without=("k-2",)) == {"x-1", "x-3", "x-4"}


def test_a_source_goes_with_the_assertions_found_in_it_or_citing_it(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, without=("s-1",)) == {"s-2", "x-4", "p-3", "p-4"}
    assert kept(two_sources, without=("s-2",)) == {"s-1", "k-1", "k-2", "x-1", "x-3", "p-1", "p-3", "p-4"}


def test_a_statement_goes_with_its_assertions_and_its_arguments() -> None:
    graph = graph_of(
        source("s"), statement("p"), statement("q"), argument("a", "p", "q"),
        assertion("x-p", "p", "s"), assertion("x-a", "a", "s"), assertion("x-q", "q", "s"),
    )  # fmt: skip
    assert kept(graph, without=("p",)) == {"q", "x-q", "s"}


def test_an_assertion_taken_out_takes_the_statement_that_it_alone_carries(two_sources: ArgumentGraph) -> None:
    assert kept(two_sources, "p-", without=("x-1",)) == {"p-2", "p-3", "p-4"}
    assert kept(two_sources, "p-", without=("x-3",)) == {"p-1", "p-2", "p-3", "p-4"}
    assert kept(two_sources, "p-", without=("x-3", "x-4")) == {"p-1", "p-2", "p-4"}


def test_a_motive_goes_with_its_arguments_and_nothing_else(two_motives: ArgumentGraph) -> None:
    assert kept(two_motives, "m-", "a-", "p-", without=("m-1",)) == {"m-2", "a-2", "p-0", "p-1", "p-2", "p-12"}


def test_taking_out_what_is_not_there_only_narrows_to_the_named(two_sources: ArgumentGraph) -> None:
    everything = {node.id for node in two_sources.nodes()}
    assert kept(two_sources, without=("gone",)) == everything - {"k-3", "s-3"}


# --- 5. actors and sources -------------------------------------------------------------------------


def test_with_filters_the_actors_and_sources_that_a_remaining_node_names_stay() -> None:
    graph = graph_of(
        *(actor(f"k-{name}") for name in ("last", "first", "holder", "other", "origin", "driven", "idle", "gone")),
        *(source(f"s-{name}") for name in ("in", "cited", "idle", "gone")),
        statement("p"), statement("q"), motive("m", "k-driven"),
        assertion(
            "x", "p", "s-in", cited_source="s-cited", chain=("k-first", "k-last"), belief_holder="k-holder",
            alternative_chain=("k-other",), probable_origin=("k-origin",),
        ),
        assertion("y", "q", "s-gone", chain=("k-gone",)),
    )  # fmt: skip
    assert kept(graph, "k-", sources=("s-in",)) == {
        "k-last", "k-first", "k-holder", "k-other", "k-origin", "k-driven",
    }  # fmt: skip
    assert kept(graph, "s-", sources=("s-in",)) == {"s-in", "s-cited"}


def test_the_actor_of_a_motive_that_falls_goes_too(two_motives: ArgumentGraph) -> None:
    assert kept(two_motives, "k", motives=("m-1",)) == {"k"}
    assert kept(two_motives, "k", motives=("m-2",)) == {"k-2"}


def test_what_was_taken_out_stays_out_although_it_is_named(two_motives: ArgumentGraph) -> None:
    assert kept(two_motives, "k", "m-", without=("k-2",)) == {"k", "m-1", "m-2"}


def test_an_assertion_falls_with_what_it_asserts_and_its_source_with_it() -> None:
    graph = graph_of(
        source("s-1"), source("s-2"), statement("p"), statement("q"), argument("a", "p", "q", confidence="low"),
        assertion("x-a", "a", "s-2"), assertion("x-p", "p", "s-1"),
    )  # fmt: skip
    assert kept(graph, min_confidence="high") == {"p", "q", "x-p", "s-1"}


def test_a_view_keeps_the_header_and_the_links_among_what_stays(undercuts: ArgumentGraph) -> None:
    view = narrow(undercuts, ViewQuery(without=("b",)))
    assert view.header == undercuts.header.model_copy(update={"counts": view.counts})
    assert view.counts == {kind: len(list(view.nodes(kind))) for kind in KINDS}
    number = view.number("a")
    assert [view.id(n) for n in view.premises(number)] == ["p"]
    assert view.id(view.target(number)) == "q"
    assert list(view.incoming(number)) == []


def test_equal_filters_in_another_order_are_one_key() -> None:
    one = ViewQuery(sources=("a", "b"), without=("c", "d", "c"))
    other = ViewQuery(sources=("b", "a", "a"), without=("d", "c"))
    assert one.filters() == other.filters()
    assert one.filters() != ViewQuery(sources=("a",), without=("c", "d")).filters()
    assert ViewQuery(sources=("a",)).filters() != ViewQuery(actors=("a",)).filters()
