"""The seed against the reading that it was made from: every claim, relation and field is accounted for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

import pytest

from seed.paragraphs import Paragraphs
from seed.verify import match
from tests.seed.conftest import KINDS, Node

Document = dict[str, Any]
Reading = dict[str, Any]
Said = dict[str, list[Node]]
RANK = {"low": 0, "medium": 1, "high": 2}
MARK = re.compile(r'\b(s-eu|s-kh) (\d+|line \d+) \[(\d+):(\d+)\] "([^"]+)"')


def slug(text: str | None) -> str | None:
    return text.replace("_", "-") if text else None


def tagged(node: Node, prefix: str) -> list[str]:
    return [tag.removeprefix(prefix) for tag in node.get("tags", []) if tag.startswith(prefix)]


def full(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, False)} | {
        name: False for name in ("min_inclusive", "max_inclusive") if values.get(name) is False
    }


@pytest.fixture
def claims(reading: Reading) -> dict[str, Node]:
    return {claim["id"]: claim for claim in reading["claims"]}


@pytest.fixture
def place(reading: Reading, claims: dict[str, Node]) -> dict[str, str]:
    """The statement or motive of each claim and conclusion."""
    of = {name: claim["proposition"].lower() for name, claim in claims.items()}
    for one in reading["conclusions"]:
        of[one["id"]] = slug(one.get("motive")) or one["id"].lower()
    return of


def test_every_claim_is_an_assertion_with_all_that_was_read_of_it(reading: Reading, nodes: dict[str, Node]) -> None:
    for claim in reading["claims"]:
        node, spoken = nodes[claim["id"].lower()], claim["attribution"]
        assert node["of"] == claim["proposition"].lower()
        assert node["source"] == claim["source"].lower()
        assert node.get("cited_source") == (claim["cited_source"] and claim["cited_source"].lower())
        if claim["cited_through"]:
            assert nodes[node["cited_source"]]["cited_in"] == [claim["cited_through"].lower()]
        assert node["chain"] == [slug(name) for name in spoken["chain"]]
        assert node["chain"][-1] == slug(claim["asserter"])
        assert node["style"] == slug(spoken["style"])
        assert node.get("belief_holder") == slug(spoken["belief_holder"])
        assert node.get("alternative_chain", []) == [slug(name) for name in spoken["alternative_chain"] or []]
        assert ("alternative_chain" in node) == spoken["ambiguous"]
        assert node.get("probable_origin", []) == [slug(name) for name in spoken["probable_origin"] or []]
        span = {"paragraph": claim["paragraph"], "start": claim["span"]["start"], "end": claim["span"]["end"]}
        assert (node["wording"], node["locator"]) == (claim["paraphrase"], span)
        assert (node["modality"], node["polarity"]) == (claim["modality"], claim["polarity"])
        assert node.get("hedges", []) == claim["hedges"]
        assert node.get("forecast", False) == claim["forecast"]
        assert node.get("presupposed", False) == claim["presupposed"]
        assert node.get("horizon", "unspecified") == slug(claim["horizon"])
        assert ("condition" in node) == bool(claim["condition"])


def test_the_rest_of_a_claim_stands_in_its_tags_quote_note_and_date(reading: Reading, nodes: dict[str, Node]) -> None:
    for claim in reading["claims"]:
        node = nodes[claim["id"].lower()]
        for name in ("slug", "kind", "salience", "feeds"):
            assert tagged(node, f"{name}:") == [slug(claim[name])]
        assert tagged(node, "beneficiary:") == [slug(one) for one in [claim["direct_beneficiary"]] if one]
        assert tagged(node, "location:") == [claim["location"]][: claim["location"] != "body"]
        assert tagged(node, "figure:") == [one["text_cue"] for one in claim["quantities"]]
        words = {node["quote"], *tagged(node, "figure:"), *tagged(node, "keyword:")}
        assert words >= {*claim["keywords"], claim["quote_fragment"] or node["quote"]}
        assert (claim["note"] or "").lower() in node.get("note", "").lower()
        dated, date = node.get("dated", {}), claim["date"]
        for name in ("value", "earliest", "latest"):
            assert dated.get(name) == date.get(name), node["id"]


def test_every_quantity_keeps_its_bounds_and_what_is_not_said(reading: Reading, nodes: dict[str, Node]) -> None:
    count = 0
    for claim in reading["claims"]:
        node = nodes[claim["id"].lower()]
        for read, kept in zip(claim["quantities"], node.get("quantities", []), strict=True):
            assert kept == full({k: v for k, v in read.items() if k not in {"id", "text_cue"}}), read["id"]
            count += 1
    assert count == 28


def test_what_a_statement_concerns_is_the_union_of_its_claims(
    reading: Reading, nodes: dict[str, Node], said: Said
) -> None:
    for proposition in reading["propositions"]:
        node = nodes[proposition["id"].lower()]
        assert node["text"] == proposition["text"]
        assert {one["id"] for one in said[node["id"]]} == {name.lower() for name in proposition["claims"]}
        assert tagged(node, "match:") == [one for one in [proposition["alignment"]] if one]
        assert tagged(node, "slug:") == [slug(proposition["slug"])]
    for claim in reading["claims"]:
        node = nodes[claim["proposition"].lower()]
        union = {(one["motive"], one["role"], one["basis"]) for one in node.get("concerns", [])}
        less = tagged(nodes[claim["id"].lower()], "not-concerns:")
        own = {one for one in union if f"{one[0]}={one[1]}" not in less}
        read = {(slug(one["motive"]), one["role"], one["basis"]) for one in claim["motives"]}
        assert own == read, claim["id"]
        assert node["scope"] == slug(claim["scope"])


def test_who_a_proposition_goes_back_to_follows_from_the_map(
    reading: Reading, nodes: dict[str, Node], said: Said
) -> None:
    for proposition in reading["propositions"]:
        ends = {(one.get("probable_origin") or one["chain"])[-1] for one in said[proposition["id"].lower()]}
        doubles = {same for name in ends for same in nodes[name].get("same_as", [])}
        read = {slug(name) for name in proposition["effective_originators"]}
        assert ends - doubles == read, proposition["id"]


def test_every_relation_is_an_argument_a_reading_of_one_or_a_repeat(
    reading: Reading, document: Document, nodes: dict[str, Node], place: dict[str, str]
) -> None:
    """165 relations: 10 constructed, 2 repeats; the other 153 with 8 linked pairs are 145 readings."""
    readings = {node["id"]: [node["id"], *tagged(node, "with:")] for node in document["assertions"] if "basis" in node}
    repeats = {name for node in document["statements"] for name in tagged(node, "repeat:")}
    constructed = {one["id"].lower() for one in reading["relations"] if one["constructed"]}
    covered = Counter([name for names in readings.values() for name in names])
    assert covered.keys() | repeats | constructed == {one["id"].lower() for one in reading["relations"]}
    assert (len(covered), max(covered.values()), len(readings)) == (153, 1, 145)
    assert (repeats, len(constructed)) == ({"r-134", "r-146"}, 10)
    relations = {one["id"].lower(): one for one in reading["relations"]}
    attacked = {name: nodes[first]["of"] for first, names in readings.items() for name in names}
    attacked |= {name: f"a-{name[2:]}" for name in constructed}
    for first, names in readings.items():
        group = [relations[name] for name in names]
        assert {one["linked_group"] for one in group} == {group[0]["linked_group"]}
        assert len(names) == 1 or group[0]["linked_group"]
        _check_argument(nodes[nodes[first]["of"]], group, place, attacked)
        _check_reading(nodes[first], nodes[nodes[first]["of"]], group)
    for name in constructed:
        _check_argument(nodes[attacked[name]], [relations[name]], place, attacked)


def _check_argument(argument: Node, group: list[Node], place: dict[str, str], attacked: dict[str, str]) -> None:
    target = group[0]["target"]
    assert set(argument["premises"]) == {place[one["source"]] for one in group}
    assert argument["target"] == (place.get(target) or attacked[target.lower()])
    assert {"supports": "supporting", "attacks": "opposing"}[group[0]["type"]] == argument["stance"]
    assert all(one["rationale"] in argument["rationale"] for one in group)
    for one in group:
        if one["value_direction"]:
            assert f"{place[one['source']]} {one['value_direction']}" in argument["note"]


def _check_reading(node: Node, argument: Node, group: list[Node]) -> None:
    explicit = [one for one in group if one["evidence"] == "explicit"]
    assert node["source"] == group[0]["article"].lower()
    assert node["basis"] == ("explicit" if explicit else "inferred")
    cues = [one["evidence_cue"] for one in explicit]
    if cues:
        assert node["locator"] == {name: cues[0][name] for name in ("paragraph", "start", "end")}
        assert node["quote"] == cues[0]["words"]
    for cue in cues[1:]:
        assert cue == cues[0] or f'[{cue["start"]}:{cue["end"]}] "{cue["words"]}"' in node["note"]
    own = max((one["confidence"] for one in group), key=lambda one: RANK[one])
    assert own == (tagged(node, "confidence:") or [argument["confidence"]])[0]
    assert RANK[own] <= RANK[argument["confidence"]]
    roles = [slug(one["role"]) for one in group]
    assert roles[0] == (tagged(node, "role:") or [argument["scheme"]])[0]
    steps = "+".join(one["source"].lower() for one in group)
    assert tagged(node, "step:")[0].startswith(f"{steps}>")


def test_the_counts_of_arguments_follow_from_the_relations(reading: Reading, place: dict[str, str]) -> None:
    groups: defaultdict[str, list[Node]] = defaultdict(list)
    for one in reading["relations"]:
        groups[one["linked_group"] or one["id"]].append(one)
    articles: defaultdict[tuple[frozenset[str], str, str], set[str | None]] = defaultdict(set)
    for group in groups.values():
        premises = frozenset(place[one["source"]] for one in group)
        target = place.get(group[0]["target"], group[0]["target"])
        if target not in premises:
            articles[premises, target, group[0]["type"]].add(group[0]["article"])
    assert len(articles) + 1 == 124, "and the second direction of the symmetric one"
    assert sum(type_ == "attacks" for _, _, type_ in articles) + 1 == 16
    assert sum(len(premises) > 1 for premises, _, _ in articles) == 6
    assert Counter(len(one - {None}) for one in articles.values()) == {2: 26, 1: 52 + 35, 0: 10}


def test_actors_sources_and_motives_are_those_of_the_reading(
    reading: Reading, nodes: dict[str, Node], document: Document
) -> None:
    last = {node["chain"][-1] for node in document["assertions"] if "chain" in node}
    relaying = {name for node in document["assertions"] for name in node.get("chain", [])[:-1]}
    for actor in reading["actors"]:
        node = nodes[slug(actor["id"]) or ""]
        assert (node["name"], node["actor_kind"]) == (actor["name"], actor["type"])
        assert node.get("aliases", []) == actor["aliases"]
        belongs_to = (actor["affiliation"] or "").split()[:1]  # "inss (former president)"
        assert node.get("affiliations", []) == [slug(one) for one in belongs_to]
        assert (node["id"] in last, node["id"] in relaying) == (actor["speaks"], actor["relays"])
        assert ("unnamed" in node.get("tags", [])) != actor["named"]
    for source in reading["sources"]:
        node = nodes[source["id"].lower()]
        assert node["title"] == source["title"] or source["id"] == "S-KH"
        assert node.get("cited_in", []) == [one.lower() for one in source["cited_in"] or []]
        assert node.get("same_as", []) == [one.lower() for one in source.get("probable_same_as", [])]
        assert node.get("published", {}).get("value") == source["date"]
        assert slug(source["kind"]) in {node["source_kind"], *tagged(node, "kind:")}
    texts = {one["id"]: one["text"] for one in reading["conclusions"]}
    for motive in reading["motives"]:
        node = nodes[slug(motive["id"]) or ""]
        conclusion = texts[motive["conclusion"]] if (motive["conclusion"] or "T-")[0] == "C" else None
        assert node["text"] == (conclusion or motive["definition"])
        assert conclusion is None or node["definition"] == motive["definition"]


def test_checks_discrepancies_judgements_and_positions_stand_at_their_nodes(
    reading: Reading, document: Document, nodes: dict[str, Node]
) -> None:
    notes = "\n".join(node.get("note", "") for kind in KINDS for node in document[kind])
    for part in ("quantity_checks", "discrepancies", "judgement_calls"):
        for one in reading[part]:
            assert len(re.findall(rf"^{one['id']}\b", notes, re.MULTILINE)) == 1, one["id"]
    for one in reading["quantity_checks"]:
        for name in [*one["inputs"], *one["checks"]]:
            assert one["id"].lower() in tagged(nodes[name.lower()], "check:")
    for one in reading["discrepancies"]:
        for name in [*one["eu_claims"], *one["kh_claims"]]:
            assert one["id"].lower() in tagged(nodes[name.lower()], "discrepancy:")
    for one in reading["positions"]:
        assert tagged(nodes[slug(one["actor"]) or ""], "position:") == [one["stance"]]
    for one in reading["qualifications"]:
        assert f'("{one["cue"]}")' in nodes[one["of"].lower()]["note"]
    assert all(one["name"] in document["description"] for one in reading["entities"])
    assert all(one["fact"] in notes for one in reading["role_facts"])


def test_every_mark_in_a_note_stands_in_the_text(document: Document, files: dict[str, bytes]) -> None:
    texts = match(document, files).texts
    paragraphs = {name: Paragraphs.of(text) for name, text in texts.items()}
    notes = "\n".join(node.get("note", "") for kind in KINDS for node in document[kind])
    marks = MARK.findall(notes)
    for source, where, start, end, words in marks:
        span = (int(start), int(end))
        assert texts[source][slice(*span)] == words
        if where.isdigit():
            assert paragraphs[source].number_of(*span) == int(where), words
    assert len(marks) > 60


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
