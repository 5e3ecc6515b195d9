"""The seed by itself: its counts with their reasons, its references, and what the map answers."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, get_args

import networkx as nx
import pytest

from schemas.base import Node as AnyNode
from schemas.node import MODELS, SERVICE_FIELDS
from schemas.vocabulary import Kind, Origin
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
    assert document["edition"] == 2
    assert {kind: len(document[kind]) for kind in KINDS} == {
        "actors": 27, "sources": 17, "motives": 7, "statements": 88, "arguments": 125, "assertions": 232,
    }  # fmt: skip


GAINS = {f"gain-{name}" for name in ("food", "finance", "firepower", "space", "defence")}
THESES = {"t-main", "t-short", "t-long", "t-opp", "t-why"}
ASSUMED = {"h-full-year", "h-rice-delivered", "h-wages-kept"}


def test_88_statements_by_who_puts_them_forward(document: Document, said: Said) -> None:
    by = {origin: {n["id"] for n in document["statements"] if n["origin"] == origin} for origin in get_args(Origin)}
    assert by["constructed"] == GAINS | THESES - {"t-opp"}, "conclusions stand on their arguments alone"
    assert by["author"] == ASSUMED, "what the conclusions need and no text says"
    assert by["attributed"] == {f"p-{n:02}" for n in range(1, 77) if n != 45} | {"t-opp"}
    assert by["attributed"] == set(said) & {node["id"] for node in document["statements"]}


def test_what_no_text_says_is_marked_and_needed(document: Document, nodes: dict[str, Node]) -> None:
    needed = {premise for node in document["arguments"] if len(node["premises"]) > 1 for premise in node["premises"]}
    assert needed >= ASSUMED, "beside what a text says"
    assert all("No text says so" in nodes[name]["note"] for name in ASSUMED)


def test_statements_by_outlet(document: Document, said: Said) -> None:
    outlets = Counter(
        "+".join(sorted({one["source"] for one in said[node["id"]]}))
        for node in document["statements"] if node["id"] in said
    )  # fmt: skip
    assert outlets == {"s-eu+s-kh": 25, "s-eu": 35, "s-kh": 16}


def test_a_text_joined_from_several_passages_says_how_each_of_them_fits(said: Said) -> None:
    for name, places in said.items():
        if name.startswith(("p-", "t-")):
            assert all(one.get("match") for one in places), name
            assert len(places) > 1 or places[0]["match"] == "same", name


def test_every_statement_says_whom_it_is_about(document: Document) -> None:
    assert all(node["about"] for node in document["statements"])


def test_7_motives_explain_and_benefits_are_statements(document: Document, nodes: dict[str, Node]) -> None:
    named = {"food", "finance", "firepower", "space-technology", "defence-pact"}
    extra = {"x-us-election", "x-hedge-china"}
    assert {node["id"] for node in document["motives"]} == named | extra
    assert all(nodes[name]["category"] == name for name in named)
    assert all(nodes[name]["category"] == "other" for name in extra)
    assert all(nodes[name]["actor"] == "north-korea" and nodes[name]["text"].endswith(".") for name in named | extra)
    steps = {(premise, a["target"]) for a in document["arguments"] for premise in a["premises"]}
    assert {(name, "t-why") for name in named | {"x-us-election"}} <= steps
    assert {(f"gain-{name}", name) for name in ("food", "finance", "firepower")} <= steps
    assert {("gain-space", "space-technology"), ("gain-defence", "defence-pact")} <= steps
    assert {(gain, "t-short") for gain in GAINS} <= steps
    assert not [node["id"] for node in document["arguments"] if {"x-hedge-china"} & {*node["premises"], node["target"]}]
    assert "No passage names" in nodes["x-hedge-china"]["definition"]


def test_232_assertions_are_105_passages_and_127_places_of_steps(document: Document) -> None:
    of_statements = [node for node in document["assertions"] if node["id"][:2] != "r-"]
    of_arguments = [node for node in document["assertions"] if node["id"][:2] == "r-"]
    assert [node["id"] for node in of_statements] == [
        *(f"eu-{n:02}" for n in range(1, 64)), *(f"kh-{n:02}" for n in range(1, 43))
    ]  # fmt: skip
    assert (len(of_statements), len(of_arguments)) == (63 + 42, 127)
    assert all(node["of"].startswith("a-") for node in of_arguments)
    assert Counter(node["basis"] for node in of_arguments) == {"explicit": 69, "inferred": 58}
    assert all(("locator" in node) == (node["basis"] == "explicit") for node in of_arguments)
    assert not [node["id"] for node in of_statements if "basis" in node]


def test_who_takes_a_step_is_named_where_a_text_marks_it_and_nowhere_else(document: Document) -> None:
    for node in document["assertions"]:
        if node["of"].startswith("a-"):
            assert ("chain" in node) == (node["basis"] == "explicit"), node["id"]


def test_whoever_opposes_by_a_marked_step_is_who_says_it(document: Document, nodes: dict[str, Node]) -> None:
    speakers = {
        (node["id"], nodes[node["of"]]["target"], node["chain"][-1])
        for node in document["assertions"]
        if "chain" in node and node["of"].startswith("a-") and nodes[node["of"]]["stance"] == "opposing"
    }
    assert speakers == {
        ("r-062", "t-opp", "sk-some"), ("r-112", "p-66", "wi-sung-lac"), ("r-148", "t-main", "nis"),
        ("r-151", "p-08", "korea-herald"), ("r-152", "a-141", "nam-sung-wook"),
    }  # fmt: skip
    assert not [one for one in speakers if one[2] == "eu-today"], "EU Today opposes nobody in its own voice"


def test_125_arguments_of_which_21_are_the_analysts_own(document: Document, said: Said) -> None:
    own = {node["id"] for node in document["arguments"]} - set(said)
    assert len(own) == 21
    by = {node["id"]: node for node in document["arguments"]}
    ends = {end for name in own for end in (*by[name]["premises"], by[name]["target"])}
    motives = {node["id"] for node in document["motives"]}
    assert ends <= GAINS | THESES | motives | {"p-54"}, "no text takes a step between conclusions"
    outlets = Counter("+".join(sorted({one["source"] for one in said[name]})) for name in set(by) - own)
    assert outlets == {"s-eu+s-kh": 19, "s-eu": 48, "s-kh": 37}


def test_every_premise_target_and_stance_stands_once(document: Document) -> None:
    steps = Counter((frozenset(a["premises"]), a["target"], a["stance"]) for a in document["arguments"])
    assert max(steps.values()) == 1


def test_a_need_never_stands_alone_as_evidence_that_it_is_met(document: Document) -> None:
    needs = {
        node["id"] for node in document["statements"]
        if {one["role"] for one in node.get("concerns", [])} == {"need"}
    }  # fmt: skip
    met = {node["id"] for node in document["statements"] if "benefit" in {c["role"] for c in node.get("concerns", [])}}
    steps = {node["id"] for node in document["arguments"] if node["target"] in met and {*node["premises"]} <= needs}
    assert not steps


def test_a_contradiction_goes_both_ways_and_weighs_the_same(document: Document, nodes: dict[str, Node]) -> None:
    reverses = [node for node in document["arguments"] if node["id"].endswith("-reverse")]
    pairs = set()
    for node in reverses:
        other = nodes[node["id"].removesuffix("-reverse")]
        assert (node["premises"], node["target"]) == ([other["target"]], *other["premises"])
        assert {node["stance"], other["stance"]} == {"opposing"}
        assert {node["confidence"], other["confidence"]} == {"high"}
        pairs.add((other["premises"][0], other["target"]))
    assert pairs == {("t-opp", "t-long"), ("p-54", "p-36"), ("p-55", "p-36"), ("p-73", "p-64"), ("p-46", "p-08")}


def test_a_gain_against_a_balance_goes_one_way_and_is_not_sure(document: Document) -> None:
    both = {node["id"].removesuffix("-reverse") for node in document["arguments"] if "-reverse" in node["id"]}
    one_way = {
        (*node["premises"], node["target"]): node["confidence"]
        for node in document["arguments"]
        if node["stance"] == "opposing" and node["id"].removesuffix("-reverse") not in both
    }
    assert one_way == {
        ("t-opp", "t-main"): "medium", ("p-08", "t-main"): "medium", ("p-67", "p-66"): "low",
        ("p-49", "a-041"): "low", ("p-64", "gain-defence"): "medium", ("p-31", "p-08"): "medium",
        ("p-72", "a-141"): "medium", ("p-46", "t-opp"): "low",
    }  # fmt: skip


def test_no_inner_tag_and_no_working_note_is_left(document: Document) -> None:
    tags = {tag for kind in KINDS for node in document[kind] for tag in node.get("tags", [])}
    assert tags == {"thesis", "unnamed", "language:en"}
    notes = [node["note"] for kind in KINDS for node in document[kind] if "note" in node]
    assert not [note for note in notes if re.search(r"\b[A-Z]-\d\d|\n|\[\d+:\d+\]", note)]


def test_no_id_stands_twice_and_each_list_is_sorted(document: Document) -> None:
    for kind in KINDS:
        ids = [node["id"] for node in document[kind]]
        assert ids == sorted(set(ids)), kind
    assert len({node["id"] for kind in KINDS for node in document[kind]}) == 27 + 17 + 7 + 88 + 125 + 232


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
    assert Counter(today.values()) == {"supporting": 9}
    assert Counter(herald.values()) == {"supporting": 10, "opposing": 10}
    against = {path for path, polarity in herald.items() if polarity == "opposing"}
    assert {path[path.index("a-164") - 1 :][:4] for path in against} == {("p-49", "a-164", "a-041", "gain-food")}
    assert not [path for path in today if "a-164" in path]
    shortest = ("p-50", "a-042", "p-49", "a-047", "gain-food", "a-001", "t-short", "a-008", "t-main")
    assert min(herald, key=len) == min(today, key=len) == shortest
