"""The short form of an argument, inline premises, and what is reported as nearly the same."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

MANY = "/v1/maps/m/arguments"
SHORT = {"text": "Ann ate at noon.", "stance": "opposing", "target": "s2"}


def test_the_short_form_makes_statement_assertion_and_argument(client: TestClient) -> None:
    before = client.get("/v1/maps/m").json()
    place = {"paragraph": 3, "start": 10, "end": 20}
    made = client.post(MANY, json={**SHORT, "actor": "ann", "source": "paper", "locator": place})
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["revision"] == before["revision"] + 1
    assert (body["stance"], body["target"], body["attack"]) == ("opposing", "s2", "undermine")
    [premise] = body["premises"]
    assert client.get(f"/v1/maps/m/statements/{premise}").json()["text"] == SHORT["text"]
    [assertion] = [i for i in body["created"] if i not in (premise, body["id"])]
    said = client.get(f"/v1/maps/m/assertions/{assertion}").json()
    assert (said["of"], said["source"], said["chain"]) == (premise, "paper", ["press", "ann"])
    assert said["locator"].items() >= place.items()
    assert body["similar"] == []


def test_the_publisher_stands_once(client: TestClient) -> None:
    for actor, chain in (("press", ["press"]), (None, ["press"]), ("ann", ["press", "ann"])):
        made = client.post(MANY, json={**SHORT, "source": "paper", **({"actor": actor} if actor else {})}).json()
        links = client.get(f"/v1/maps/m/nodes/{made['premises'][0]}").json()["links"]
        [assertion] = [link["source"] for link in links if link["relation"] == "of"]
        assert client.get(f"/v1/maps/m/assertions/{assertion}").json()["chain"] == chain
    client.post("/v1/maps/m/sources", json={"id": "leaflet", "title": "Leaflet", "source_kind": "other"})
    made = client.post(MANY, json={**SHORT, "source": "leaflet", "actor": "ann"})
    assert made.status_code == 201


def test_without_source_the_statement_is_the_authors_own(client: TestClient) -> None:
    made = client.post(MANY, json=SHORT).json()
    assert sorted(made["created"]) == sorted([made["id"], *made["premises"]])


def test_premises_mix_ids_and_statements(client: TestClient) -> None:
    inline = {"id": "thought", "text": "A new thought.", "concerns": [{"motive": "food", "role": "need"}]}
    made = client.post(MANY, json={"premises": ["s1", inline], "target": "s2", "stance": "supporting"})
    assert made.status_code == 201
    assert made.json()["premises"] == ["s1", "thought"]
    assert made.json()["created"] == sorted(["thought", made.json()["id"]])
    said = client.post(
        MANY, json={"premises": [{"text": "Another."}, "s1"], "target": "s2", "stance": "supporting", "source": "paper"}
    ).json()
    assert len(said["created"]) == 3


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({**SHORT, "actor": "ann"}, "/actor"),
        ({**SHORT, "locator": {"paragraph": 1}}, "/locator"),
        ({**SHORT, "actor": "nobody", "source": "paper"}, "/actor"),
        ({**SHORT, "actor": "paper", "source": "paper"}, "/actor"),
        ({**SHORT, "source": "nowhere"}, "/source"),
        ({**SHORT, "source": "ann"}, "/source"),
        ({**SHORT, "source": 7}, "/source"),
        ({**SHORT, "source": "paper", "locator": {"paragraph": -1}}, "/locator/paragraph"),
        ({**SHORT, "source": "paper", "locator": {"start": 9, "end": 3}}, "/locator"),
        ({**SHORT, "premises": ["s1"]}, "/text"),
        ({**SHORT, "text": ""}, "/text"),
        ({**SHORT, "text": 7}, "/text"),
        ({**SHORT, "target": "gone"}, "/target"),
        ({**SHORT, "target": "ann"}, "/target"),
        ({**SHORT, "stance": "for"}, "/stance"),
        ({**SHORT, "colour": "red"}, "/colour"),
        ({"stance": "opposing", "target": "s2"}, "/premises"),
        ({"stance": "opposing", "target": "s2", "premises": []}, "/premises"),
        ({"stance": "opposing", "target": "s2", "premises": "s1"}, "/premises"),
        ({"stance": "opposing", "target": "s2", "premises": ["s1"], "source": "paper"}, "/source"),
        ({"stance": "opposing", "target": "s2", "premises": ["a1"]}, "/premises/0"),
        ({"stance": "opposing", "target": "s2", "premises": ["s1", {"txt": "x"}]}, "/premises/1/txt"),
        ({"stance": "opposing", "target": "s2", "premises": ["s1", {"text": 5}]}, "/premises/1/text"),
        ({"stance": "opposing", "target": "s2", "premises": ["s1", 5]}, "/premises/1"),
        ({"stance": "opposing", "target": "s2", "premises": ["s1", "s1"]}, "/premises/1"),
        ({"stance": "supporting", "target": "s1", "premises": ["s1"]}, "/target"),
    ],
)  # fmt: skip
def test_a_fault_is_placed_in_the_form(client: TestClient, form: dict[str, Any], place: str) -> None:
    before = client.get("/v1/maps/m").content
    refused = client.post(MANY, json=form)
    assert refused.status_code == 422, refused.text
    assert place in [e["pointer"] for e in refused.json()["errors"]], refused.text
    assert client.get("/v1/maps/m").content == before


def test_near_duplicates_are_reported_and_not_merged(client: TestClient) -> None:
    made = client.post("/v1/maps/m/statements", json={"id": "s3", "text": "ann is HUNGRY"}).json()
    assert made["similar"] == [{"id": "s2", "text": "Ann is hungry.", "score": 1.0}]
    made = client.post(MANY, json={**SHORT, "text": "Ann is hungry!"}).json()
    assert [one["id"] for one in made["similar"]] == ["s2", "s3"]
    assert len(made["created"]) == 2
    far = client.post(MANY, json={**SHORT, "text": "Trains run on time in the north."}).json()
    assert (far["similar"], far["similar_complete"]) == ([], True)


def test_the_same_argument_again_is_allowed_and_said(client: TestClient) -> None:
    again = {"premises": ["s2", "s1"], "target": "food", "stance": "supporting"}
    made = client.post(MANY, json=again)
    assert made.status_code == 201
    assert [(one["id"], one["score"]) for one in made.json()["similar"]] == [("a1", 1.0)]
    other = client.post(MANY, json={**again, "stance": "opposing"}).json()
    assert other["similar"] == []


def test_the_short_form_makes_its_actor_and_its_source(client: TestClient) -> None:
    form = {
        "text": "The mill stands still.", "statement_id": "mill", "stance": "supporting", "target": "s2",
        "actor": {"name": "Bo"}, "source": {"title": "Mills", "publisher": {"name": "The Gazette"}},
    }  # fmt: skip
    made = client.post("/v1/maps/m/arguments", json=form)
    assert made.status_code == 201, made.text
    assert made.json()["premises"] == ["mill"]
    nodes = [client.get(f"/v1/maps/m/nodes/{node_id}").json() for node_id in made.json()["created"]]
    by_kind = {kind: [one for one in nodes if one["kind"] == kind] for kind in ("actor", "source", "assertion")}
    names = {one["name"]: one for one in by_kind["actor"]}
    assert {name: one["actor_kind"] for name, one in names.items()} == {"Bo": "person", "The Gazette": "outlet"}
    [source], [assertion] = by_kind["source"], by_kind["assertion"]
    assert source["publisher"] == names["The Gazette"]["id"]
    assert assertion["chain"] == [names["The Gazette"]["id"], names["Bo"]["id"]]
    wrong = client.post("/v1/maps/m/arguments", json={**form, "statement_id": "other", "source": {"titel": "x"}})
    assert wrong.status_code == 422
    assert {fault["pointer"] for fault in wrong.json()["errors"]} == {"/source/titel", "/source/title"}
