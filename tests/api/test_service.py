"""The service itself: alive, ready, what it can do, and a reference that needs nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.testclient import TestClient

from tests.api.conftest import client_of, filled


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json()["alive"] is True
    ready = client.get("/readyz").json()
    assert (ready["ready"], ready["store"]["name"]) == (True, "sqlite")


def test_a_file_that_is_damaged_or_gone_is_not_ready_and_writes_are_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with client_of(store=f"sqlite:{path}") as client:
        filled(client)
    with client_of(store=f"sqlite:{path}") as client:
        assert client.get("/readyz").status_code == 200
        path.rename(tmp_path / "aside.db")
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["code"]) == (500, "store_unusable")
        assert "taken away" in ready.json()["detail"]
        assert client.post("/v1/maps/m/statements", json={"text": "Lost?"}).status_code in (500, 503)
        assert client.get("/healthz").status_code == 200
        (tmp_path / "aside.db").rename(path)
        assert client.get("/readyz").status_code == 200
    sound = path.read_bytes()
    middle = len(sound) // 2 // 4096 * 4096
    path.write_bytes(sound[:middle] + b"\xa5" * 8192 + sound[middle + 8192 :])
    with client_of(store=f"sqlite:{path}") as client:
        assert "damaged" in client.get("/readyz").json()["detail"]


def test_capabilities(client: TestClient) -> None:
    said = client.get("/v1/capabilities").json()
    assert said["version"]
    assert said["store"]["name"] == "sqlite"
    assert said["limits"]["body_limit"] == 4 << 20
    assert set(said["formats"]) == {"json", "markdown"}
    for format in said["formats"]:
        assert client.get("/v1/maps/m/summary", params={"format": format}).status_code == 200


def test_the_reference_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert not re.search(r"<script|<link|<img|@import|url\(", page.text)
    outside = {a for a in re.findall(r'(?:href|src)="([^"]+)"', page.text) if not a.startswith(("#", "/"))}
    assert outside == set()
    assert "default-src 'none'" in page.headers["content-security-policy"]
    targets = set(re.findall(r'href="#([^"]+)"', page.text))
    assert targets <= set(re.findall(r'id="([^"]+)"', page.text))


def test_the_reference_has_every_operation(client: TestClient) -> None:
    document, page = client.get("/openapi.json").json(), client.get("/docs").text
    for methods in document["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page


def test_a_search_finds_words_in_all_maps_or_some(client: TestClient) -> None:
    client.post("/v1/maps", json={"id": "other", "title": "x"})
    client.post("/v1/maps/other/statements", json={"id": "o1", "text": "Ann is not hungry at all, she says."})
    found = client.get("/v1/search", params={"q": "HUNG ann"}).json()
    assert [(i["map"], i["id"], i["kind"]) for i in found["items"]] == [
        ("m", "s2", "statement"), ("other", "o1", "statement"),
    ]  # fmt: skip
    assert found["complete"] is True
    assert found["items"][0]["score"] > found["items"][1]["score"] > 0
    assert found["items"][1]["snippet"] == "Ann is not hungry at all, she says."
    assert [i["map"] for i in client.get("/v1/search?q=hungry&maps=other").json()["items"]] == ["other"]
    assert client.get("/v1/search?q=ann&kinds=actors").json()["items"][0]["id"] == "ann"
    few = client.get("/v1/search?q=ann&limit=1").json()
    assert (len(few["items"]), few["complete"], few["reason"]) == (1, False, "limit")


def test_a_search_goes_on_behind_its_cursor_whatever_was_written_between(client: TestClient) -> None:
    client.post("/v1/maps", json={"id": "long", "title": "x"})
    for n in range(7):
        client.post("/v1/maps/long/statements", json={"id": f"p{n}", "text": f"Grain and {'more ' * n}rice"})
    asked = {"q": "grain", "maps": "long", "limit": "3"}
    first = client.get("/v1/search", params=asked).json()
    assert [i["id"] for i in first["items"]] == ["p0", "p1", "p2"]
    assert (first["total"], first["items"][0]["field"]) == (7, "text")
    client.delete("/v1/maps/long/statements/p2")
    client.post("/v1/maps/long/statements", json={"id": "new", "text": "Grain"})
    second = client.get("/v1/search", params={**asked, "cursor": first["next"], "limit": "2"}).json()
    assert [i["id"] for i in second["items"]] == ["p3", "p4"]
    third = client.get("/v1/search", params={**asked, "cursor": second["next"]}).json()
    assert [i["id"] for i in third["items"]] == ["p5", "p6"]
    assert (third["total"], third["next"], third["complete"], third["reason"]) == (7, None, True, None)
    scores = [i["score"] for page in (first, second, third) for i in page["items"]]
    assert scores == sorted(scores, reverse=True)
    refused = client.get("/v1/search", params={**asked, "q": "rice", "cursor": first["next"]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/cursor")


def test_a_search_says_where_it_matched_and_shows_it(client: TestClient) -> None:
    text = f"{'Before. ' * 40}The U.S. sent 700,000 rounds. {'After. ' * 40}End."
    client.post("/v1/maps/m/statements", json={"id": "far", "text": text, "note": "朝鲜向俄罗斯派遣部队"})
    for words, field, shown in (
        ("U.S.", "text", "The U.S. sent"),
        ("700000", "text", "700,000"),
        ("部队", "note", "派遣部队"),
    ):
        [item] = client.get("/v1/search", params={"q": words}).json()["items"]
        assert (item["id"], item["field"], item["text"]) == ("far", field, text)
        assert shown in item["snippet"]
        assert len(item["snippet"]) < 170
