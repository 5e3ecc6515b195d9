"""Bad input of any kind: a problem with its code, its place and what to do, and the map as it was."""

# ruff: noqa: E501 - a row of the table is read as one line

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.http.problems import CODES

MANY, ONE = "/v1/maps/m/statements", "/v1/maps/m/statements/s1"
ARGUMENT = {"premises": ["s1"], "target": "s2", "stance": "supporting"}
JSON = {"Content-Type": "application/json"}

# name: method, path, what is sent, status, code, place
ROWS: dict[str, tuple[str, str, dict[str, Any], int, str, str | None]] = {
    "dangling-premise": ("POST", "/v1/maps/m/arguments", {"json": {**ARGUMENT, "premises": ["s1", "gone"]}}, 422, "rule_broken", "/premises/1"),
    "dangling-target": ("POST", "/v1/maps/m/arguments", {"json": {**ARGUMENT, "target": "gone"}}, 422, "rule_broken", "/target"),
    "premise-is-an-argument": ("POST", "/v1/maps/m/arguments", {"json": {**ARGUMENT, "premises": ["a1"]}}, 422, "rule_broken", "/premises/0"),
    "target-is-an-actor": ("POST", "/v1/maps/m/arguments", {"json": {**ARGUMENT, "target": "ann"}}, 422, "rule_broken", "/target"),
    "patch-to-dangling": ("PATCH", "/v1/maps/m/arguments/a1", {"json": {"target": "gone"}}, 422, "rule_broken", "/target"),
    "unknown-kind": ("POST", "/v1/maps/m/statments", {"json": {"text": "x"}}, 404, "route_not_found", None),
    "unknown-kind-in-batch": ("POST", "/v1/maps/m/batch", {"json": {"operations": [{"op": "create", "kind": "claim", "value": {}}]}}, 422, "invalid", "/operations/0/kind"),
    "id-taken": ("POST", MANY, {"json": {"id": "s1", "text": "x"}}, 409, "id_taken", "/id"),
    "id-taken-by-another-kind": ("POST", MANY, {"json": {"id": "ann", "text": "x"}}, 409, "id_taken", "/id"),
    "id-that-is-none": ("POST", MANY, {"json": {"id": "no blanks", "text": "x"}}, 422, "invalid", "/id"),
    "id-changed": ("PATCH", ONE, {"json": {"id": "other"}}, 422, "invalid", "/id"),
    "kind-changed": ("PATCH", ONE, {"json": {"kind": "motive"}}, 422, "invalid", "/kind"),
    "text-of-a-megabyte": ("POST", MANY, {"json": {"text": "x" * 1_000_000}}, 422, "invalid", "/text"),
    "body-past-the-limit": ("POST", MANY, {"json": {"text": "x" * 5_000_000}}, 413, "too_large", None),
    "empty-text": ("POST", MANY, {"json": {"text": ""}}, 422, "invalid", "/text"),
    "missing-text": ("POST", MANY, {"json": {}}, 422, "invalid", "/text"),
    "wrong-type": ("POST", MANY, {"json": {"text": 7}}, 422, "invalid", "/text"),
    "wrong-type-inside": ("POST", MANY, {"json": {"text": "x", "concerns": [{"motive": "food", "role": 1}]}}, 422, "invalid", "/concerns/0/role"),
    "number-past-its-bounds": ("POST", MANY, {"json": {"text": "x", "credence": 1.5}}, 422, "invalid", "/credence"),
    "unknown-field": ("POST", MANY, {"json": {"text": "x", "colour": "red"}}, 422, "invalid", "/colour"),
    "unknown-field-in-patch": ("PATCH", ONE, {"json": {"txt": "x"}}, 422, "invalid", "/txt"),
    "unknown-field-of-a-map": ("POST", "/v1/maps", {"json": {"title": "x", "titel": "y"}}, 422, "invalid", "/titel"),
    "word-not-in-the-list": ("POST", "/v1/maps/m/arguments", {"json": {**ARGUMENT, "stance": "for"}}, 422, "invalid", "/stance"),
    "broken-json": ("POST", MANY, {"content": b'{"text": ', "headers": JSON}, 400, "not_json", ""),
    "empty-body": ("POST", MANY, {"content": b"", "headers": JSON}, 400, "not_json", ""),
    "body-that-is-a-list": ("POST", MANY, {"content": b"[]", "headers": JSON}, 400, "not_an_object", ""),
    "body-that-is-null": ("PATCH", ONE, {"content": b"null", "headers": JSON}, 400, "not_an_object", ""),
    "nan": ("POST", MANY, {"content": b'{"text": "x", "credence": NaN}', "headers": JSON}, 400, "not_json", ""),
    "an exponent that no number has": (
        *("POST", MANY, {"content": b'{"text": "x", "credence": 1e' + b"9" * 30 + b"}", "headers": JSON}),
        *(400, "not_json", ""),
    ),
    "infinity": ("POST", MANY, {"content": b'{"text": "x", "credence": 1e999}', "headers": JSON}, 400, "not_json", ""),
    "number-of-many-digits": ("POST", MANY, {"content": b'{"text": "x", "credence": ' + b"1" * 4400 + b"}", "headers": JSON}, 400, "not_json", ""),
    "name-twice": ("POST", MANY, {"content": b'{"text": "x", "text": "y"}', "headers": JSON}, 400, "not_json", ""),
    "not-utf8": ("POST", MANY, {"content": b'{"text": "\xff"}', "headers": JSON}, 400, "not_utf8", ""),
    "half-a-surrogate-pair": ("POST", MANY, {"content": b'{"text": "\\ud800"}', "headers": JSON}, 400, "not_utf8", ""),
    "nested-too-deep": ("POST", MANY, {"content": b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "headers": JSON}, 400, "too_deep", ""),
    "byte-order-mark": ("POST", MANY, {"content": b'\xef\xbb\xbf{"text": "x"}', "headers": JSON}, 400, "not_json", ""),
    "text-beside": ("POST", MANY, {"content": b'{"text": "x"} x', "headers": JSON}, 400, "not_json", ""),
    "another-media-type": ("POST", MANY, {"content": b"text=x", "headers": {"Content-Type": "text/plain"}}, 415, "media_type", None),
    "no-media-type": ("POST", MANY, {"content": b'{"text": "x"}'}, 415, "media_type", None),
    "merge-patch-to-make": ("POST", MANY, {"content": b'{"text": "x"}', "headers": {"Content-Type": "application/merge-patch+json"}}, 415, "media_type", None),
    "compressed": ("POST", MANY, {"content": b"\x1f\x8b", "headers": {**JSON, "Content-Encoding": "gzip"}}, 415, "media_type", None),
    "json-patch": ("PATCH", ONE, {"content": b"[]", "headers": {"Content-Type": "application/json-patch+json"}}, 415, "media_type", None),
    "stale": ("PATCH", ONE, {"json": {"note": "x"}, "headers": {"If-Match": '"9.a1b2c3"'}}, 412, "stale", "/If-Match"),
    "tag-of-the-map": (
        "PATCH", ONE, {"json": {"note": "x"}, "headers": {"If-Match": '"1-0"'}}, 412, "precondition_failed", "/If-Match",
    ),
    "url-too-long": ("GET", f"{MANY}?q={'x' * 20_000}", {}, 414, "url_too_long", None),
    "another-host": ("GET", MANY, {"headers": {"Host": "evil.example"}}, 421, "other_host", None),
    "another-origin": (
        "POST", MANY, {"json": {"text": "x"}, "headers": {"Origin": "http://evil.example"}}, 403, "foreign_origin", None,
    ),
    "stale-delete": ("DELETE", ONE, {"headers": {"If-Match": '"9.a1b2c3"'}}, 412, "stale", "/If-Match"),
    "still-referred-to": ("DELETE", ONE, {}, 409, "still_referred_to", ""),
    "cascade-that-is-no-word": ("DELETE", f"{ONE}?cascade=yes", {}, 422, "invalid_parameter", "/cascade"),
    "unknown-parameter": ("GET", f"{MANY}?limt=5", {}, 422, "unknown_parameter", "/limt"),
    "unknown-parameter-of-a-write": ("POST", f"{MANY}?dry_run=true", {"json": {"text": "x"}}, 422, "unknown_parameter", "/dry_run"),
    "negative-limit": ("GET", f"{MANY}?limit=-1", {}, 422, "invalid_parameter", "/limit"),
    "limit-of-nothing": ("GET", f"{MANY}?limit=0", {}, 422, "invalid_parameter", "/limit"),
    "limit-past-its-bound": ("GET", f"{MANY}?limit=1001", {}, 422, "invalid_parameter", "/limit"),
    "limit-that-is-no-number": ("GET", f"{MANY}?limit=ten", {}, 422, "invalid_parameter", "/limit"),
    "limit-that-is-no-whole-number": ("GET", f"{MANY}?limit=1.5", {}, 422, "invalid_parameter", "/limit"),
    "limit-of-many-digits": ("GET", f"{MANY}?limit={'9' * 5000}", {}, 422, "invalid_parameter", "/limit"),
    "limit-twice": ("GET", f"{MANY}?limit=1&limit=2", {}, 422, "invalid_parameter", "/limit"),
    "limit-empty": ("GET", f"{MANY}?limit=", {}, 422, "invalid_parameter", "/limit"),
    "source-empty": ("GET", f"{MANY}?sources=", {}, 422, "invalid_parameter", "/sources/0"),
    "words-empty": ("GET", f"{MANY}?q=%20", {}, 422, "invalid_parameter", "/q"),
    "query-not-utf8": ("GET", f"{MANY}?q=%ff", {}, 400, "not_utf8", None),
    "query-of-many-fields": ("GET", f"{MANY}?{'a&' * 6000}", {}, 400, "not_a_query", None),
    "sort-by-what-is-not-there": ("GET", f"{MANY}?sort=colour", {}, 422, "invalid_parameter", "/sort"),
    "filter-not-in-the-list": ("GET", "/v1/maps/m/arguments?stance=for", {}, 422, "invalid_parameter", "/stance/0"),
    "as-of-before-the-beginning": ("GET", f"{MANY}?as_of=0", {}, 422, "revision_unknown", "/as_of"),
    "as-of-negative": ("GET", f"{MANY}?as_of=-1", {}, 422, "revision_unknown", "/as_of"),
    "as-of-after-the-end": ("GET", f"{MANY}?as_of=1000000000", {}, 422, "revision_unknown", "/as_of"),
    "as-of-a-time-before": ("GET", f"{MANY}?as_of=2001-01-01T00:00:00Z", {}, 422, "revision_unknown", "/as_of"),
    "as-of-no-time": ("GET", f"{MANY}?as_of=yesterday", {}, 422, "revision_unknown", "/as_of"),
    "source-never-known": ("GET", f"{MANY}?sources=nobody", {}, 422, "unknown_id", "/sources/0"),
    "source-that-is-an-actor": ("GET", f"{MANY}?sources=paper&sources=ann", {}, 422, "unknown_id", "/sources/1"),
    "ids-with-commas": ("GET", f"{MANY}?without=s1,s2", {}, 422, "unknown_id", "/without/0"),
    "path-from-nobody": ("GET", "/v1/maps/m/paths?from=nobody", {}, 422, "unknown_id", "/from/0"),
    "summary-in-no-format": ("GET", "/v1/maps/m/summary?format=pdf", {}, 422, "invalid_parameter", "/format"),
    "search-for-nothing": ("GET", "/v1/search", {}, 422, "invalid_parameter", "/q"),
    "search-in-no-map": ("GET", "/v1/search?q=x&maps=nowhere", {}, 422, "invalid_parameter", "/maps/0"),
    "search-for-no-kind": ("GET", "/v1/search?q=x&kinds=claim", {}, 422, "invalid_parameter", "/kinds/0"),
    "no-such-map": ("GET", "/v1/maps/nowhere/statements", {}, 404, "map_not_found", None),
    "write-to-no-map": ("POST", "/v1/maps/nowhere/statements", {"json": {"text": "x"}}, 404, "map_not_found", None),
    "no-such-node": ("GET", f"{MANY}/nobody", {}, 404, "node_not_found", None),
    "patch-of-no-node": ("PATCH", f"{MANY}/nobody", {"json": {"note": "x"}}, 404, "node_not_found", None),
    "delete-of-no-node": ("DELETE", f"{MANY}/nobody", {}, 404, "node_not_found", None),
    "node-id-that-can-be-none": ("GET", f"{MANY}/%00%ff", {}, 404, "node_not_found", None),
    "no-such-address": ("GET", "/v1/nothing", {}, 404, "route_not_found", None),
    "slash-behind": ("GET", "/v1/maps/", {}, 404, "route_not_found", None),
    "no-such-method": ("PUT", "/v1/maps", {"json": {}}, 405, "method_not_allowed", None),
    "no-such-method-on-a-node": ("POST", ONE, {"json": {}}, 405, "method_not_allowed", None),
    "options": ("OPTIONS", MANY, {}, 405, "method_not_allowed", None),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_bad_input_is_a_problem_and_changes_nothing(client: TestClient, name: str) -> None:
    method, path, sent, status, code, place = ROWS[name]
    before = client.get("/v1/maps/m").content, client.get("/v1/maps").content
    answer = client.request(method, path, **sent)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code, answer.text
    assert (body["status"], body["type"]) == (status, f"http://{answer.request.headers['host']}/docs/problems/{code}")
    assert body["title"] == CODES[code][0]
    assert len(body["detail"]) > 10
    assert list(body)[:5] == ["type", "title", "status", "detail", "code"]
    if place is not None:
        assert body["errors"][0]["pointer"] == place, answer.text
        assert body["errors"][0]["detail"]
    assert (client.get("/v1/maps/m").content, client.get("/v1/maps").content) == before


@pytest.mark.parametrize(
    ("path", "near"),
    [
        (f"{MANY}?limt=5", "'limit'"),
        ("/v1/maps/m/statments", "'statements'"),
        ("/v1/maps/m/paths?form=s1", "'from'"),
        ("/v1/search?q=x&kinds=statment", "'statement'"),
    ],
)
def test_the_nearest_known_name_is_told(client: TestClient, path: str, near: str) -> None:
    assert f"did you mean {near}" in client.get(path).json()["detail"]


def test_what_an_address_takes_is_told(client: TestClient) -> None:
    assert client.put("/v1/maps").headers["allow"] == "GET, HEAD, POST"
    assert client.put(ONE).headers["allow"] == "DELETE, GET, HEAD, PATCH"
    assert client.post("/v1/maps/m/paths", json={}).headers["allow"] == "GET, HEAD"
    other = {"Content-Type": "text/csv"}
    assert client.patch(ONE, content=b"x", headers=other).headers["accept-patch"] == (
        "application/json, application/merge-patch+json"
    )
    assert client.post(MANY, content=b"x", headers=other).headers["accept"] == "application/json"


def test_every_fault_is_told_at_once(client: TestClient) -> None:
    refused = client.post("/v1/maps/m/arguments", json={"premises": [1], "stance": "for", "colour": "red"})
    assert {e["pointer"] for e in refused.json()["errors"]} >= {"/premises/0", "/target", "/stance", "/colour"}
    refused = client.get(f"{MANY}?limt=1&sotr=x&q=&sort=id&sort=text")
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/limt", "/sotr", "/q", "/sort"]


def test_a_pointer_is_escaped(client: TestClient) -> None:
    refused = client.post(MANY, json={"text": "x", "a/b~c": 1})
    assert refused.json()["errors"][0]["pointer"] == "/a~1b~0c"


def test_a_problem_tells_no_inside(client: TestClient) -> None:
    for method, path, sent, *_ in ROWS.values():
        text = client.request(method, path, **sent).text
        assert not re.search(r"Traceback|File \"|pydantic|msgspec|0x[0-9a-f]{6}", text), path
