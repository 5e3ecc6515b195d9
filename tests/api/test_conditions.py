"""Entity tags and conditions: equal tags are equal bytes, and nobody overwrites what they have not seen."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import client_of, filled

ONE = "/v1/maps/m/statements/s1"
READS = [
    "/v1/maps",
    "/v1/maps/m",
    "/v1/maps/m?without=s1",
    "/v1/maps/m/statements",
    "/v1/maps/m/statements?q=ann",
    ONE,
    f"{ONE}?as_of=2",
    "/v1/maps/m/arguments/a2",
    "/v1/maps/m/nodes/s1",
    "/v1/maps/m/paths",
    "/v1/maps/m/summary",
    "/v1/maps/m/summary?format=markdown",
    "/v1/search?q=ann",
    "/v1/capabilities",
    "/openapi.json",
    "/docs",
]


@pytest.mark.parametrize("path", READS)
def test_a_read_has_a_strong_tag_and_answers_304(client: TestClient, path: str) -> None:
    read = client.get(path)
    assert read.status_code == 200, read.text
    tag = read.headers["etag"]
    assert tag.startswith('"')
    assert tag.endswith('"')
    for condition in (tag, f"W/{tag}", f'"other", {tag}', "*", f'"a,b" , {tag},'):
        again = client.get(path, headers={"If-None-Match": condition})
        assert (again.status_code, again.content) == (304, b""), condition
        assert again.headers["etag"] == tag
        assert "content-type" not in again.headers
    for condition in ('"other"', tag.strip('"'), f'"{tag[1:-3]}"', ""):
        assert client.get(path, headers={"If-None-Match": condition}).status_code == 200, condition
    head = client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert head.headers["content-length"] == read.headers["content-length"]
    assert client.head(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_condition_over_several_lines_is_one_list(client: TestClient) -> None:
    tag = client.get(ONE).headers["etag"]
    lines = [("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert client.get(ONE, headers=lines).status_code == 304
    assert client.get(ONE, headers=lines).status_code == 304, "from the cache too"


def test_an_edit_elsewhere_leaves_the_tag_of_a_node(client: TestClient) -> None:
    tag, whole = client.get(ONE).headers["etag"], client.get("/v1/maps/m/statements").headers["etag"]
    client.patch("/v1/maps/m/statements/s2", json={"note": "x"})
    assert client.get(ONE).headers["etag"] == tag
    assert client.get("/v1/maps/m/statements").headers["etag"] != whole
    assert client.patch(ONE, json={"note": "mine"}, headers={"If-Match": tag}).status_code == 200


def test_what_is_derived_changes_the_tag_and_not_the_state(client: TestClient) -> None:
    """An edit elsewhere may change an argument's basis: other bytes, and still the version that a writer saw."""
    one = "/v1/maps/m/arguments/a2"
    read = client.get(one)
    client.post("/v1/maps/m/assertions", json={"of": "a2", "source": "paper", "basis": "explicit"})
    again = client.get(one, headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 200
    assert (again.json()["version"], again.json()["basis"]) == (1, "explicit")
    assert client.patch(one, json={"note": "x"}, headers={"If-Match": read.headers["etag"]}).status_code == 200


def test_equal_tags_are_equal_bytes_in_every_view(client: TestClient) -> None:
    seen: dict[str, bytes] = {}
    client.patch(ONE, json={"note": "x"})
    client.delete("/v1/maps/m/arguments/a2")
    for as_of in range(2, 5):
        for view in ("", "&basis=explicit", "&sources=paper", "&without=s2"):
            for path in (ONE, "/v1/maps/m/arguments/a1", "/v1/maps/m/arguments/a2"):
                read = client.get(f"{path}?as_of={as_of}{view}")
                if read.status_code == 200:
                    assert seen.setdefault(path + read.headers["etag"], read.content) == read.content


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_stale_writer_is_refused(client: TestClient, method: str) -> None:
    tag = client.get(ONE).headers["etag"]
    client.patch(ONE, json={"note": "first"})
    before = client.get("/v1/maps/m").content

    def write(condition: str) -> int:
        body = {"json": {"note": "second"}} if method == "patch" else {"params": {"cascade": "true"}}
        return client.request(method, ONE, headers={"If-Match": condition}, **body).status_code

    now = client.get(ONE).headers["etag"]
    for condition in (tag, f"W/{now}", '"x"', now.strip('"'), "", f"{tag}, W/{now}"):
        assert write(condition) == 412, condition
    assert client.get("/v1/maps/m").content == before
    assert write(f'"x", {now}') == 200


def test_a_node_made_anew_has_another_state(client: TestClient) -> None:
    client.post("/v1/maps/m/statements", json={"id": "s3", "text": "x"})
    tag = client.get("/v1/maps/m/statements/s3").headers["etag"]
    client.delete("/v1/maps/m/statements/s3")
    client.post("/v1/maps/m/statements", json={"id": "s3", "text": "x"})
    refused = client.patch("/v1/maps/m/statements/s3", json={"note": "x"}, headers={"If-Match": tag})
    assert refused.status_code == 412


def test_any_state_will_do_for_a_star_and_none_for_what_is_not_there(client: TestClient) -> None:
    assert client.patch(ONE, json={"note": "x"}, headers={"If-Match": "*"}).status_code == 200
    assert client.patch(f"{ONE}0", json={"note": "x"}, headers={"If-Match": "*"}).status_code == 404


def test_a_setting_asks_for_the_condition() -> None:
    with client_of(require_if_match=True) as client:
        filled(client)
        for write in (
            client.patch(ONE, json={"note": "x"}),
            client.delete(ONE),
            client.patch("/v1/maps/m", json={"title": "x"}),
            client.delete("/v1/maps/m"),
        ):
            assert (write.status_code, write.json()["code"]) == (428, "if_match_required")
        tag = client.get(ONE).headers["etag"]
        assert client.patch(ONE, json={"note": "x"}, headers={"If-Match": tag}).status_code == 200
        assert client.get("/v1/capabilities").json()["require_if_match"] is True


def test_a_kept_answer_is_not_older_than_the_map(client: TestClient) -> None:
    path = "/v1/maps/m/statements"
    for n in range(5):
        assert client.get(path).json()["total"] == client.get(path).json()["total"] == 2 + n
        client.post(path, json={"text": f"number {n}"})
