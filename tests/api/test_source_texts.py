"""The text of a source: attached, read with its passages, taken away; and what a passage of it holds."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SMALL, client_of

TEXT = "The Paper\n\nThe shop is shut, said Ann. At least 20 people are hungry.\n"
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
AT = "/v1/maps/m/sources/paper/text"


@pytest.fixture
def client() -> Iterator[TestClient]:
    with client_of() as one:
        assert one.post("/v1/maps", json={"id": "m", "title": "M"}).status_code == 201
        assert one.post("/v1/maps/m/batch", json={"operations": SMALL}).status_code == 200
        yield one


def put(client: TestClient, text: str | bytes = TEXT, **headers: str) -> httpx2.Response:
    return client.put(AT, content=text, headers={**PLAIN, **headers})


def test_a_source_without_a_digest_is_given_it(client: TestClient) -> None:
    before = client.get("/v1/maps/m").json()["revision"]
    answer = put(client)
    assert answer.status_code == 200
    body = answer.json()
    digest = sha256(TEXT.encode()).hexdigest()
    assert (body["sha256"], body["updated"], body["revision"]) == (digest, ["paper"], before + 1)
    assert client.get("/v1/maps/m/sources/paper").json()["sha256"] == digest
    assert put(client).json()["revision"] == before + 1, "the same text again changes nothing"
    assert client.get("/v1/maps/m/texts").json()["items"] == [{"source": "paper", "title": "Paper", "sha256": digest}]


def test_the_text_comes_with_its_paragraphs_and_passages(client: TestClient) -> None:
    place = {"start": TEXT.index("The shop"), "end": TEXT.index(", said")}
    client.patch("/v1/maps/m/assertions/x1", json={"locator": place})
    put(client)
    body = client.get(AT, params={"labels": True}).json()
    assert body["text"] == TEXT
    assert [TEXT[p["start"] : p["end"]] for p in body["paragraphs"]] == ["The Paper", TEXT.splitlines()[2]]
    assert [p["number"] for p in body["paragraphs"]] == [0, 1]
    [passage] = body["passages"]
    assert passage == {"assertion": "x1", "of": "s2", "fit": "exact", "paragraph": 1, "stance": "supporting", **place}
    assert body["labels"]["s2"] == "Ann is hungry."
    plain = client.get(AT, params={"format": "text"})
    assert (plain.text, plain.headers["content-type"]) == (TEXT, "text/plain; charset=utf-8")


def test_another_text_than_the_offsets_count_in_is_refused(client: TestClient) -> None:
    put(client)
    answer = put(client, TEXT.replace("20", "30"))
    assert (answer.status_code, answer.json()["code"]) == (409, "other_text")
    assert client.get(AT).json()["text"] == TEXT
    assert put(client, TEXT.replace("\n", "\r\n")).status_code == 200
    assert client.get(AT).json()["text"] == TEXT, "only the line ends were others"


@pytest.mark.parametrize(
    ("sent", "media", "status", "code"),
    [
        (b"caf\xe9", "text/plain", 400, "not_utf8"),
        (b"x", "text/plain; charset=iso-8859-1", 400, "not_utf8"),
        (b"  \n", "text/plain", 422, "no_text"),
        (b"a\0b", "text/plain", 422, "no_text"),
        (b"{}", "application/json", 415, "media_type"),
    ],
)
def test_what_is_no_text_is_refused(client: TestClient, sent: bytes, media: str, status: int, code: str) -> None:
    answer = client.put(AT, content=sent, headers={"Content-Type": media})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get(AT).status_code == 404


def test_what_is_read_is_never_older_than_the_text(client: TestClient) -> None:
    put(client)
    first = client.get(AT)
    tag = first.headers["etag"]
    assert client.get(AT, headers={"If-None-Match": tag}).status_code == 304
    gone = client.delete(AT)
    assert (gone.status_code, gone.json()["deleted"]) == (200, [])
    assert client.get(AT, headers={"If-None-Match": tag}).status_code == 404
    assert client.get("/v1/maps/m/texts").json()["items"] == []
    assert client.delete(AT).json()["code"] == "text_not_attached"
    assert client.get("/v1/maps/m/sources/paper").json()["sha256"], "its digest stays: the offsets count in that text"


def test_preconditions_are_held(client: TestClient) -> None:
    assert put(client, **{"If-Match": '"1-x"'}).status_code == 412
    assert put(client, **{"If-None-Match": "*"}).status_code == 200
    assert put(client, **{"If-None-Match": "*"}).status_code == 412
    tag = client.get(AT).headers["etag"]
    assert put(client, **{"If-Match": tag}).status_code == 200
    client.patch("/v1/maps/m/actors/ann", json={"name": "Anna"})
    assert client.delete(AT, headers={"If-Match": tag}).status_code == 412
    assert client.delete(AT, headers={"If-Match": client.get(AT).headers["etag"]}).status_code == 200


def test_a_text_that_no_longer_fits_its_source_is_not_shown(client: TestClient) -> None:
    put(client)
    client.patch("/v1/maps/m/sources/paper", json={"sha256": "0" * 64})
    answer = client.get(AT)
    assert (answer.status_code, answer.json()["code"]) == (404, "text_not_attached")
    client.patch("/v1/maps/m/sources/paper", json={"sha256": sha256(TEXT.encode()).hexdigest()})
    assert client.get(AT).json()["text"] == TEXT


def test_a_text_is_part_of_no_export_and_goes_with_its_map(client: TestClient) -> None:
    put(client)
    assert "said Ann" not in client.get("/v1/maps/m/export").text
    assert client.delete("/v1/maps/m").status_code == 200
    assert client.get(AT).json()["code"] == "map_not_found"


def test_what_a_passage_holds_is_suggested_and_nothing_is_stored(client: TestClient) -> None:
    put(client)
    before = client.get("/v1/maps/m").json()["revision"]
    passage = {"start": TEXT.index("The shop"), "end": TEXT.index(" At least")}
    body = client.post("/v1/maps/m/sources/paper/passage", json=passage).json()
    assert (body["text"], body["paragraph"], body["chain"]) == ("The shop is shut, said Ann.", 1, ["press", "ann"])
    assert [(one["actor"], one["how"]) for one in body["speakers"]] == [("ann", "said")]
    assert body["similar"][0]["id"] == "s1"
    behind = {"start": TEXT.index("At least"), "end": len(TEXT)}
    [figure] = client.post("/v1/maps/m/sources/paper/passage", json=behind).json()["quantities"]
    assert figure["quantity"] == {"min": 20, "min_inclusive": True, "unit": "persons", "of": "people"}
    assert client.get("/v1/maps/m").json()["revision"] == before


@pytest.mark.parametrize("passage", [{"start": 0, "end": 9999}, {"start": 5, "end": 5}, {"start": 9, "end": 11}, {}])
def test_a_passage_that_is_none_is_refused(client: TestClient, passage: dict[str, int]) -> None:
    put(client)
    answer = client.post("/v1/maps/m/sources/paper/passage", json=passage)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_source_that_is_not_there_has_no_text(client: TestClient) -> None:
    for method in ("get", "delete"):
        assert getattr(client, method)("/v1/maps/m/sources/nowhere/text").json()["code"] == "node_not_found"
    assert client.put("/v1/maps/m/sources/ann/text", content="x", headers=PLAIN).json()["code"] == "node_not_found"
