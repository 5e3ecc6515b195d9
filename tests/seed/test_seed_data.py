"""The seed by itself: its counts with their reasons, its references, and what the map answers."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, get_args

import networkx as nx
import pytest

from schemas.base import Node as AnyNode
from schemas.node import MODELS, SERVICE_FIELDS
from schemas.vocabulary import Kind
from seed.articles import DEFAULT, load_document, names
from tests.seed.conftest import KINDS, Node

Document = dict[str, Any]
Said = dict[str, list[Node]]


def test_the_seed_is_listed_and_an_unknown_name_says_what_there_is() -> None:
    assert names() == (DEFAULT,)
    assert load_document()["id"] == DEFAULT
    with pytest.raises(LookupError, match=rf"no seed 'food'; there is {DEFAULT}"):
        load_document("food")


def test_the_number_of_nodes_of_each_kind(document: Document) -> None:
    assert {kind: len(document[kind]) for kind in KINDS} == {
        "actors": 29, "sources": 17, "motives": 9, "statements": 78, "arguments": 124, "assertions": 250,
    }  # fmt: skip


def test_78_statements_are_73_propositions_and_5_theses(document: Document, said: Said) -> None:
    statements = {node["id"]: node for node in document["statements"]}
    theses = {name for name, node in statements.items() if node.get("origin") == "constructed"}
    assert theses == {"t-main", "t-short", "t-long", "t-opp", "t-why"}
    assert set(statements) - theses == {f"p-{n:02}" for n in range(1, 74)}
    assert not theses & set(said), "a thesis stands on its arguments alone"
    assert set(statements) - theses <= set(said), "every proposition is said somewhere"


def test_propositions_by_outlet(document: Document, said: Said) -> None:
    outlets = Counter(
        "+".join(sorted({one["source"] for one in said[node["id"]]}))
        for node in document["statements"] if node["id"] in said
    )  # fmt: skip
    assert outlets == {"s-eu+s-kh": 27, "s-eu": 33, "s-kh": 13}


def test_9_motives_are_5_named_and_4_extra(document: Document, nodes: dict[str, Node]) -> None:
    named = {"food", "finance", "firepower", "space-technology", "defence-pact"}
    extra = {"x-us-election", "x-leverage", "x-durability", "x-hedge-china"}
    assert {node["id"] for node in document["motives"]} == named | extra
    assert all(nodes[name]["category"] == name for name in named)
    assert all(nodes[name]["category"] == "other" and "extra" in nodes[name]["tags"] for name in extra)
    used = {end for node in document["arguments"] for end in [*node["premises"], node["target"]]}
    assert {"x-us-election", "x-hedge-china"}.isdisjoint(used), "these two start with no argument"
    assert named | {"x-leverage", "x-durability"} <= used


def test_250_assertions_are_105_of_statements_and_145_of_arguments(document: Document) -> None:
    of_statements = [node for node in document["assertions"] if node["of"][:2] == "p-"]
    of_arguments = [node for node in document["assertions"] if node["of"][:2] == "a-"]
    assert [node["id"] for node in of_statements] == [
        *(f"eu-{n:02}" for n in range(1, 64)), *(f"kh-{n:02}" for n in range(1, 43))
    ]  # fmt: skip
    assert len(of_statements) == 63 + 42 == 105
    assert len(of_arguments) == 145
    assert all(node["id"].startswith("r-") and "chain" not in node for node in of_arguments)
    assert Counter(node["basis"] for node in of_arguments) == {"explicit": 84, "inferred": 61}
    assert all(("locator" in node) == (node["basis"] == "explicit") for node in of_arguments)
    assert not [node["id"] for node in of_statements if "basis" in node]


def test_124_arguments_are_113_read_ones_and_11_constructed_ones(document: Document, said: Said) -> None:
    constructed = {node["id"] for node in document["arguments"] if node["scheme"] == "constructed"}
    assert constructed == {f"a-{n:03}" for n in range(1, 11)} | {"a-010-reverse"}
    assert {node["id"] for node in document["arguments"] if node["id"] not in said} == constructed
    read = [node for node in document["arguments"] if node["id"] in said]
    outlets = Counter("+".join(sorted({one["source"] for one in said[node["id"]]})) for node in read)
    assert outlets == {"s-eu+s-kh": 26, "s-eu": 52, "s-kh": 35}
    assert len(read) == 26 + 52 + 35 == 113


def test_every_premise_target_and_stance_stands_once(document: Document) -> None:
    steps = Counter((frozenset(a["premises"]), a["target"], a["stance"]) for a in document["arguments"])
    assert max(steps.values()) == 1


def test_the_6_linked_arguments(document: Document) -> None:
    steps = [(*node["premises"], node["target"]) for node in document["arguments"]]
    assert {step for step in steps if len(step) > 2} == {
        ("p-10", "p-11", "p-12"), ("p-12", "p-13", "p-14"), ("p-17", "p-19", "p-20"),
        ("p-10", "p-22", "p-23"), ("p-21", "p-22", "p-24"), ("p-18", "p-19", "p-69"),
    }  # fmt: skip


def test_16_opposing_arguments_of_which_2_undercut(document: Document) -> None:
    opposing = [node for node in document["arguments"] if node["stance"] == "opposing"]
    assert len(opposing) == 16
    undercuts = {(*node["premises"], node["target"]) for node in opposing if node["target"].startswith("a-")}
    assert undercuts == {("p-49", "a-001"), ("p-39", "a-106")}


def test_the_symmetric_rebut_stands_in_both_directions(nodes: dict[str, Node]) -> None:
    steps = [(nodes[name]["premises"], nodes[name]["target"]) for name in ("a-010", "a-010-reverse")]
    assert steps == [(["t-opp"], "t-long"), (["t-long"], "t-opp")]


def test_no_id_stands_twice_and_each_list_is_sorted(document: Document) -> None:
    for kind in KINDS:
        ids = [node["id"] for node in document[kind]]
        assert ids == sorted(set(ids)), kind
    assert len({node["id"] for kind in KINDS for node in document[kind]}) == 29 + 17 + 9 + 78 + 124 + 250


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_node_is_one_of_its_model_and_says_nothing_empty(document: Document, kind: Kind) -> None:
    model: type[AnyNode] = MODELS[kind]
    for node in document[f"{kind}s"]:
        model.read(json.dumps(node))
        assert not SERVICE_FIELDS & set(node), node["id"]
        assert not [name for name, value in node.items() if value in (None, [], "")], node["id"]


REFERENCES = {
    "actors": {"affiliations": {"actors"}, "same_as": {"actors"}},
    "motives": {"actor": {"actors"}},
    "statements": {},
    "arguments": {"premises": {"statements", "motives"}, "target": {"statements", "motives", "arguments"}},
    "sources": {
        "publisher": {"actors"}, "author": {"actors"},
        "cited_in": {"sources"}, "repeats": {"sources"}, "same_as": {"sources"},
    },
    "assertions": {
        "of": {"statements", "arguments"}, "source": {"sources"}, "cited_source": {"sources"},
        "chain": {"actors"}, "belief_holder": {"actors"},
        "alternative_chain": {"actors"}, "probable_origin": {"actors"},
    },
}  # fmt: skip


def test_every_reference_names_a_node_of_a_kind_it_may(document: Document) -> None:
    kind_of = {node["id"]: kind for kind in KINDS for node in document[kind]}
    for kind, fields in REFERENCES.items():
        for node in document[kind]:
            for name, kinds in fields.items():
                value = node.get(name, [])
                for one in [value] if isinstance(value, str) else value:
                    assert kind_of.get(one) in kinds, (node["id"], name, one)
    concerns = [one for node in document["statements"] for one in node.get("concerns", [])]
    assert {kind_of[one["motive"]] for one in concerns} == {"motives"}


def test_no_argument_targets_itself_or_supports_its_own_premise(document: Document) -> None:
    for node in document["arguments"]:
        assert node["target"] != node["id"]
        assert node["stance"] == "opposing" or node["target"] not in node["premises"], node["id"]


def test_the_chain_starts_with_the_publisher_of_the_source(document: Document, nodes: dict[str, Node]) -> None:
    for node in document["assertions"]:
        if "chain" in node:
            assert node["chain"][0] == nodes[node["source"]]["publisher"], node["id"]
        if "cited_source" in node:  # directly, or inside what the source cites
            cited_in = nodes[node["cited_source"]]["cited_in"]
            inside = [one for name in cited_in for one in nodes[name].get("cited_in", [])]
            assert node["source"] in {*cited_in, *inside}, node["id"]


@pytest.mark.parametrize("assertion", ["eu-12", "kh-21"])
def test_the_years_revenue_has_an_exclusive_lower_bound_and_no_other(nodes: dict[str, Node], assertion: str) -> None:
    assert nodes[assertion]["of"] == "p-12"
    rate = {"unit": "USD", "of": "pay", "per": "year", "per_basis": "stated"}
    assert nodes[assertion]["quantities"] == [{"min": 200_000_000, "min_inclusive": False, **rate}]


def _paths(document: Document, said: Said, source: str) -> dict[tuple[str, ...], str]:
    """Every simple path from p-50 to t-main in what one source leaves, with its polarity; brute force."""

    def stays(name: str) -> bool:
        return name not in said or any(source in {a["source"], a.get("cited_source")} for a in said[name])

    kept = {node["id"] for kind in ("motives", "statements") for node in document[kind] if stays(node["id"])}
    arguments = [node for node in document["arguments"] if stays(node["id"])]
    graph = nx.MultiDiGraph()
    opposing = set()
    for node in sorted(arguments, key=lambda one: one["target"].startswith("a-")):
        if {*node["premises"], node["target"]} <= kept:
            kept.add(node["id"])
            graph.add_edges_from((premise, node["id"]) for premise in node["premises"])
            graph.add_edge(node["id"], node["target"])
            opposing |= {node["id"]} if node["stance"] == "opposing" else set()
    return {
        tuple(path): "opposing" if sum(one in opposing for one in path) % 2 else "supporting"
        for path in nx.all_simple_paths(graph, "p-50", "t-main")
    }


def test_the_paths_from_the_shell_sale_to_the_thesis_differ_between_the_outlets(document: Document, said: Said) -> None:
    today, herald = (_paths(document, said, source) for source in ("s-eu", "s-kh"))
    assert Counter(today.values()) == {"supporting": 4}
    assert Counter(herald.values()) == {"supporting": 3, "opposing": 2}
    against = {path for path, polarity in herald.items() if polarity == "opposing"}
    assert {path[-6:-2] for path in against} == {("p-49", "a-164", "a-001", "t-short")}
    assert not [path for path in today if "a-164" in path]
    assert min(herald, key=len) == min(today, key=len) == ("p-50", "a-074", "firepower", "a-003", "t-main")
