"""The seed against the reading that it was made from: every claim, relation and field is accounted for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from seed.verify import match
from tests.seed.conftest import KINDS, Node

Document = dict[str, Any]
Reading = dict[str, Any]
Said = dict[str, list[Node]]


def slug(text: str | None) -> str | None:
    return text.replace("_", "-") if text else None


def full(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, False)} | {
        name: False for name in ("min_inclusive", "max_inclusive") if values.get(name) is False
    }


@pytest.fixture
def claims(reading: Reading) -> dict[str, Node]:
    return {claim["id"].lower(): claim for claim in reading["claims"]}


MOVED = {"eu-08": "t-opp", "kh-13": "t-opp", "eu-45": "p-46", "eu-15": "p-74", "eu-31": "p-75", "kh-08": "p-76"}
"""Passages of joined propositions that say something else than the others, or what a thesis says."""
REWORDED = {"eu-04", "kh-03", "kh-04", "kh-11", "kh-32"}
"""Passages whose paraphrase said "several" or "most" where the text has another degree."""
TRACED = {"eu-08": "inss", "eu-35": "inss", "eu-45": "wi-sung-lac", "kh-06": "wi-sung-lac"}
"""Introductions that the body of the article fills with a speaker."""
INFERRED = {"r-034", "r-097"}
"""Steps that the reading took for marked and whose mark is of the premise alone."""


def test_every_claim_is_an_assertion_with_all_that_was_read_of_it(
    claims: dict[str, Node], nodes: dict[str, Node]
) -> None:
    assert len(claims) == 105
    for name, claim in claims.items():
        node, spoken = nodes[name], claim["attribution"]
        assert node["of"] == MOVED.get(name, claim["proposition"].lower())
        assert node["source"] == claim["source"].lower()
        assert node.get("cited_source") == (claim["cited_source"] and claim["cited_source"].lower())
        if claim["cited_through"]:
            assert nodes[node["cited_source"]]["cited_in"] == [claim["cited_through"].lower()]
        assert node["chain"] == [slug(one) for one in spoken["chain"]]
        assert node["chain"][-1] == slug(claim["asserter"])
        assert node["style"] == slug(spoken["style"])
        assert node.get("belief_holder") == slug(spoken["belief_holder"])
        assert node.get("alternative_chain", []) == [slug(one) for one in spoken["alternative_chain"] or []]
        assert ("alternative_chain" in node) == spoken["ambiguous"]
        origin = node.get("probable_origin", [])
        if name in TRACED:
            assert (origin[-1], spoken["probable_origin"]) == (TRACED[name], None)
        else:
            assert origin == [slug(one) for one in spoken["probable_origin"] or []]
        span = {"paragraph": claim["paragraph"], "start": claim["span"]["start"], "end": claim["span"]["end"]}
        assert node["locator"] == span
        assert (node["wording"] != claim["paraphrase"]) == (name in REWORDED)
        assert (node["modality"], node["polarity"]) == (claim["modality"], claim["polarity"])
        assert node.get("hedges", []) == claim["hedges"]
        assert node.get("forecast", False) == claim["forecast"]
        assert node.get("presupposed", False) == claim["presupposed"]
        assert node.get("horizon", "unspecified") == slug(claim["horizon"])
        assert ("condition" in node) == bool(claim["condition"])
        assert node["quote"] == (claim["quote_fragment"] or node["quote"])
        dated, date = node.get("dated", {}), claim["date"]
        assert {one: dated.get(one) for one in ("value", "earliest", "latest")} == {
            one: date.get(one) for one in ("value", "earliest", "latest")
        }, name


def test_every_quantity_keeps_its_bounds_and_what_is_not_said(claims: dict[str, Node], nodes: dict[str, Node]) -> None:
    count = 0
    for name, claim in claims.items():
        for read, kept in zip(claim["quantities"], nodes[name].get("quantities", []), strict=True):
            assert kept == full({k: v for k, v in read.items() if k not in {"id", "text_cue"}}), read["id"]
            count += 1
    assert count == 28


def test_what_a_statement_concerns_is_what_its_passages_do(
    claims: dict[str, Node], nodes: dict[str, Node], said: Said, document: Document
) -> None:
    """Of the motives that there are: durability and leverage are questions of the map and drive nobody."""
    motives = {node["id"] for node in document["motives"]}
    for node in document["statements"]:
        if node["origin"] == "attributed":
            read = {
                (slug(one["motive"]), one["role"], one["basis"])
                for place in said[node["id"]]
                for one in claims[place["id"]]["motives"]
                if slug(one["motive"]) in motives
            }
            assert {(one["motive"], one["role"], one["basis"]) for one in node.get("concerns", [])} == read, node["id"]
            scopes = {slug(claims[place["id"]]["scope"]) for place in said[node["id"]]}
            assert node["scope"] in scopes, node["id"]


def test_a_statement_has_no_hedge_of_its_own_for_how_firmly_it_is_said_is_told_of_each_passage(
    said: Said, nodes: dict[str, Node]
) -> None:
    hedges = re.compile(r"\b(believed|reportedly|seems?|appears?|may|might|could|likely|probably|expected|thought)\b")
    for name in said:
        if not name.startswith("a-"):
            assert not hedges.search(nodes[name]["text"]), name


def test_who_a_proposition_goes_back_to_follows_from_the_map(
    reading: Reading, nodes: dict[str, Node], said: Said
) -> None:
    for proposition in reading["propositions"]:
        name = proposition["id"].lower()
        places = [nodes[one.lower()] for one in proposition["claims"]]
        if {place["id"] for place in places} & (set(MOVED) | set(TRACED)) or name in MOVED.values():
            continue
        assert said[name] == sorted(places, key=lambda one: one["id"])
        ends = {(one.get("probable_origin") or one["chain"])[-1] for one in places}
        doubles = {same for end in ends for same in nodes[end].get("same_as", [])}
        assert ends - doubles == {slug(one) for one in proposition["effective_originators"]}, name


def test_a_place_of_a_step_stands_where_the_reading_found_it(reading: Reading, nodes: dict[str, Node]) -> None:
    relations = {one["id"].lower(): one for one in reading["relations"]}
    for name, node in nodes.items():
        if not name.startswith("r-") or name not in relations:
            continue
        read = relations[name]
        assert node["source"] == read["article"].lower()
        explicit = read["evidence"] == "explicit" and name not in INFERRED
        if name != "r-120":  # of two linked relations the first is marked
            assert node["basis"] == ("explicit" if explicit else "inferred"), name
        if explicit:
            cue = read["evidence_cue"]
            assert node["locator"] == {one: cue[one] for one in ("paragraph", "start", "end")}, name
            assert node["quote"] == cue["words"]


def test_steps_that_the_first_reading_did_not_have_are_counted(reading: Reading, nodes: dict[str, Node]) -> None:
    known = {one["id"].lower() for one in reading["relations"]}
    new = {name for name in nodes if name.startswith("r-") and name not in known}
    reverses = {name for name in new if name.endswith("-reverse")}
    assert reverses == {f"r-{n}-reverse" for n in ("099", "100", "154", "155", "166", "188")}
    assert new - reverses == {"r-166", "r-167", "r-168", "r-180", "r-182", "r-188"}


def test_actors_and_sources_are_those_of_the_reading_without_the_sites_furniture(
    reading: Reading, nodes: dict[str, Node], document: Document
) -> None:
    of_passages = [node for node in document["assertions"] if not node["id"].startswith("r-")]
    last = {node["chain"][-1] for node in of_passages}
    relaying = {name for node in of_passages for name in node["chain"][:-1]}
    assert {slug(one["id"]) for one in reading["actors"]} - {one["id"] for one in document["actors"]} == {
        "el-pais",
        "putin",
    }
    for actor in reading["actors"]:
        if slug(actor["id"]) not in nodes:
            continue
        node = nodes[slug(actor["id"]) or ""]
        assert (node["name"], node["actor_kind"]) == (actor["name"], actor["type"])
        assert node.get("aliases", []) == actor["aliases"]
        belongs_to = (actor["affiliation"] or "").split()[:1]  # "inss (former president)"
        own = ["south-korea"] if node["id"] == "wi-sung-lac" else []
        assert node.get("affiliations", []) == [*(slug(one) for one in belongs_to), *own]
        assert (node["id"] in last, node["id"] in relaying) == (actor["speaks"], actor["relays"])
        assert ("unnamed" in node.get("tags", [])) != actor["named"]
    for source in reading["sources"]:
        node = nodes[source["id"].lower()]
        assert node["title"] == source["title"] or source["id"] == "S-KH"
        assert node.get("cited_in", []) == [one.lower() for one in source["cited_in"] or []]
        assert node.get("same_as", []) == [one.lower() for one in source.get("probable_same_as", [])]
        assert node.get("published", {}).get("value") == source["date"]


def test_the_office_of_each_named_speaker_is_the_first_thing_told_of_it(nodes: dict[str, Node]) -> None:
    assert nodes["wi-sung-lac"]["role"] == "South Korean lawmaker and former ambassador to Russia"
    assert nodes["nam-sung-wook"]["role"] == "Former president of the INSS"
    assert nodes["inss"]["role"].startswith("Think tank affiliated with the NIS")
    assert nodes["nis"]["role"] == "South Korea's intelligence service"


def test_no_sentence_of_the_articles_stands_in_the_seed(document: Document, files: dict[str, bytes]) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"[\w']+", text.lower().replace("’", "'"))

    def runs(text: str, length: int) -> set[tuple[str, ...]]:
        all_words = words(text)
        return {tuple(all_words[at : at + length]) for at in range(len(all_words) - length + 1)}

    articles = {run for text in match(document, files).texts.values() for run in runs(text, 8)}
    for kind in KINDS:
        for node in document[kind]:
            for name, value in node.items():
                if name != "title":  # the headline names the article
                    assert not runs(str(value), 8) & articles, (node["id"], name)
    assert runs(document["sources"][0]["title"], 8) & articles, "the check itself sees a headline"
