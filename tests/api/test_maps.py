"""Maps: made, listed, read, renamed, deleted."""

from __future__ import annotations

from starlette.testclient import TestClient


def test_a_map_is_made_and_read(client: TestClient) -> None:
    made = client.post("/v1/maps", json={"id": "new", "title": "New", "question": "?", "description": "d"})
    assert made.status_code == 201
    assert made.headers["location"] == "/v1/maps/new"
    body = made.json()
    assert list(body)[:5] == ["id", "title", "question", "description", "revision"]
    assert body["revision"] == 1
    assert body["counts"] == dict.fromkeys(("actors", "motives", "statements", "arguments", "sources", "assertions"), 0)
    read = client.get(made.headers["location"])
    assert read.json() == body
    assert read.headers["etag"] == made.headers["etag"]


def test_an_id_is_made_where_none_is_given(client: TestClient) -> None:
    first, second = (client.post("/v1/maps", json={"title": "x"}).json()["id"] for _ in range(2))
    assert first != second


def test_an_id_taken_is_refused(client: TestClient) -> None:
    taken = client.post("/v1/maps", json={"id": "m", "title": "again"})
    assert taken.status_code == 409
    assert taken.json()["code"] == "id_taken"
    assert taken.json()["errors"][0]["pointer"] == "/id"
    assert client.get("/v1/maps/m").json()["title"] == "small"


def test_maps_are_listed_in_pages(client: TestClient) -> None:
    for name in ("b", "a", "c"):
        client.post("/v1/maps", json={"id": name, "title": name})
    whole = client.get("/v1/maps").json()
    assert [one["id"] for one in whole["items"]] == ["a", "b", "c", "m"]
    assert (whole["total"], whole["next"]) == (4, None)
    first = client.get("/v1/maps", params={"limit": 3}).json()
    second = client.get("/v1/maps", params={"limit": 3, "cursor": first["next"]}).json()
    assert first["items"] + second["items"] == whole["items"]
    assert second["next"] is None


def test_a_listed_map_counts_its_nodes_after_every_kind_of_write(client: TestClient) -> None:
    def listed() -> dict[str, int]:
        [one] = [one for one in client.get("/v1/maps").json()["items"] if one["id"] == "m"]
        assert one == client.get("/v1/maps/m").json()
        return one["counts"]

    before = listed()
    client.post("/v1/maps/m/statements", json={"id": "one-more", "text": "One more"})
    assert listed() == before | {"statements": before["statements"] + 1}
    client.patch("/v1/maps/m/statements/one-more", json={"text": "One more still"})
    assert client.post("/v1/maps/m/actors", json={"id": "someone", "name": "S", "actor_kind": "person"}).is_success
    assert listed() == before | {"statements": before["statements"] + 1, "actors": before["actors"] + 1}
    client.delete("/v1/maps/m/statements/one-more")
    client.delete("/v1/maps/m/actors/someone")
    assert listed() == before


def test_a_map_is_renamed_by_a_merge_patch(client: TestClient) -> None:
    before = client.get("/v1/maps/m").json()
    done = client.patch("/v1/maps/m", json={"title": "large", "question": None})
    assert done.status_code == 200
    assert (done.json()["title"], done.json()["question"]) == ("large", "")
    assert done.json()["revision"] == before["revision"] + 1
    assert client.get("/v1/maps/m").headers["etag"] == done.headers["etag"]
    assert client.get("/v1/maps/m", params={"as_of": before["revision"]}).json()["title"] == "small"


def test_a_map_must_keep_a_title(client: TestClient) -> None:
    refused = client.patch("/v1/maps/m", json={"title": None})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/title")


def test_a_map_is_deleted_with_its_history(client: TestClient) -> None:
    gone = client.delete("/v1/maps/m")
    assert gone.status_code == 200
    assert gone.json()["deleted"] == ["m"]
    assert client.get("/v1/maps/m").status_code == 404
    assert client.get("/v1/maps/m/statements").json()["code"] == "map_not_found"
    assert client.delete("/v1/maps/m").status_code == 404


def test_a_map_made_anew_under_an_old_id_is_another_one(client: TestClient) -> None:
    old = client.get("/v1/maps/m/statements")
    client.delete("/v1/maps/m")
    client.post("/v1/maps", json={"id": "m", "title": "anew"})
    new = client.get("/v1/maps/m/statements", headers={"If-None-Match": old.headers["etag"]})
    assert new.status_code == 200
    assert new.json()["items"] == []


def test_a_stale_map_is_not_renamed(client: TestClient) -> None:
    tag = client.get("/v1/maps/m").headers["etag"]
    client.post("/v1/maps/m/statements", json={"text": "Something new."})
    refused = client.patch("/v1/maps/m", json={"title": "late"}, headers={"If-Match": tag})
    assert (refused.status_code, refused.json()["code"]) == (412, "stale")
    assert client.delete("/v1/maps/m", headers={"If-Match": tag}).status_code == 412


def test_an_id_that_can_be_none_is_not_asked_for(client: TestClient) -> None:
    for name in ("%00", "a%2Fb", "-x", "a" * 200, "%F0%9F%98%80"):
        assert client.get(f"/v1/maps/{name}").status_code == 404, name


def test_what_grades_count_for_is_a_field_of_the_map(client: TestClient) -> None:
    made = client.post("/v1/maps", json={"id": "w", "title": "W", "weights": {"author": 0.25}})
    assert made.json()["weights"]["confidence"] == {"high": 0.9, "medium": 0.6, "low": 0.3}
    client.post("/v1/maps/w/statements", json={"id": "p", "text": "It is so."})

    def weight() -> float:
        found: float = client.get("/v1/maps/w/evaluation").json()["nodes"][0]["weight"]
        return found

    assert weight() == 0.25
    merged = client.patch("/v1/maps/w", json={"weights": {"author": 0.75}}).json()
    assert (merged["weights"]["author"], merged["weights"]["most"], weight()) == (0.75, 0.95, 0.75)
    assert client.get("/v1/maps/w/evaluation", params={"as_of": 2}).json()["defaults"]["weights"]["author"] == 0.25
    assert client.patch("/v1/maps/w", json={"weights": None}).json()["weights"] is None
    assert weight() == 0.5


def test_a_table_in_which_less_is_more_is_refused(client: TestClient) -> None:
    for table, pointer in (
        ({"confidence": {"low": 0.95}}, "/weights"),
        ({"author": 1.5}, "/weights/author"),
        ({"authors": 0.5}, "/weights/authors"),
    ):
        refused = client.patch("/v1/maps/m", json={"weights": table})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
