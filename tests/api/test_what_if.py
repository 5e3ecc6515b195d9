"""Hypothetical edits: the answer is what writing and reading would show, and nothing is written."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SEED, client_of

Json = dict[str, Any]
MAP = "/v1/maps/m"
VIEWS: list[Json] = [{}, {"sources": "x0"}, {"actors": ["y0", "y1"]}, {"without": ["s1", "x1"]}, {"basis": "explicit"}]


def drawn(pick: random.Random) -> list[Json]:
    """A small map: some of it said by somebody somewhere, with undercuts, linked premises and circles."""
    made = [("actor", f"y{i}", {"name": f"Y{i}", "actor_kind": "person"}) for i in range(3)]
    made += [("source", f"x{i}", {"title": f"X{i}", "source_kind": "article"}) for i in range(2)]
    made += [("motive", f"m{i}", _motive(f"m{i}", pick)) for i in range(2)]
    made += [("statement", f"s{i}", _statement(f"s{i}", pick)) for i in range(7)]
    points = [node_id for kind, node_id, _ in made if kind in {"motive", "statement"}]
    steps: list[str] = []
    while len(steps) < 9:
        node_id = f"a{len(steps)}"
        value = _argument(points, steps, pick)
        if value["target"] not in value["premises"]:
            made.append(("argument", node_id, value))
            steps.append(node_id)
    for i, of in enumerate(pick.sample([*points[2:], *steps], 9)):
        chain = pick.sample(["y0", "y1", "y2"], pick.randint(0, 2))
        basis = {"basis": pick.choice(["explicit", "inferred"])} if of in steps else {}
        made.append(("assertion", f"z{i}", {"of": of, "source": f"x{pick.randint(0, 1)}", "chain": chain, **basis}))
    return [{"op": "create", "kind": kind, "id": node_id, "value": value} for kind, node_id, value in made]


def _motive(node_id: str, pick: random.Random) -> Json:
    return {"name": node_id, "category": "other", "text": node_id, "actor": "y0", "credence": pick.random()}


def _statement(node_id: str, pick: random.Random) -> Json:
    return {"text": node_id, "credence": pick.random(), "origin": pick.choice(["attributed", "author", "constructed"])}


def _argument(points: list[str], steps: list[str], pick: random.Random) -> Json:
    premises = pick.sample(points, pick.randint(1, 2))
    target = pick.choice(steps) if steps and pick.random() < 0.2 else pick.choice(points)
    stance = pick.choice(["supporting", "opposing"])
    return {"premises": premises, "target": target, "stance": stance, "credence": pick.random()}


def edits_of(pick: random.Random, nodes: Mapping[str, str]) -> list[Json]:
    """Edits as a reader would try them; some are refused."""
    of_kind: dict[str, list[str]] = {}
    for node_id, kind in nodes.items():
        of_kind.setdefault(kind, []).append(node_id)
    points = [*of_kind.get("motive", []), *of_kind["statement"]]
    found: list[Json] = []
    for i in range(pick.randint(1, 3)):
        kinds = ["statement", "argument", "argument", "motive", "assertion", "source", "actor"]
        kind = pick.choice([k for k in kinds if k in of_kind])
        node_id = pick.choice(of_kind[kind])
        match pick.choice(["set", "set", "delete", "create"]):
            case "create":
                value = _argument(points, of_kind.get("argument", []), pick)
                found.append({"op": "create", "kind": "arguments", "id": f"n{i}", "value": value})
            case "set" if kind == "argument":
                some = pick.choice([("stance",), ("credence",), ("premises",), ("target", "premises")])
                value = _argument(points, of_kind.get("argument", []), pick)
                found.append({"op": "update", "kind": kind, "id": node_id, "value": {n: value[n] for n in some}})
            case "set" if kind in {"motive", "statement"}:
                found.append({"op": "update", "kind": kind, "id": node_id, "value": {"credence": pick.random()}})
            case _:
                found.append({"op": "delete", "kind": kind, "id": node_id, "cascade": pick.random() < 0.9})
    return found


class Read:
    """How a map stands in a view, read question by question."""

    def __init__(self, client: TestClient, view: Json) -> None:
        def ask(path: str, **more: Any) -> Json:
            answer = client.get(f"{MAP}/{path}", params={**view, **more})
            assert answer.status_code == 200, answer.text
            found: Json = answer.json()
            return found

        verdicts = ask("evaluation")["nodes"]
        weighed = {n["id"]: n["strength"] for n in ask("evaluation", semantics="quadratic-energy")["nodes"]}
        self.standing = {
            n["id"]: {**{name: n[name] for name in ("verdict", "cause", "standing")}, "strength": weighed[n["id"]]}
            for n in verdicts
        }
        methods = ("quadratic-energy", "df-quad", "euler", "mlp")
        self.strengths = [
            {n["id"]: n["strength"] for n in ask("evaluation", semantics=name, kinds="motive")["nodes"]}
            for name in methods
        ]
        self.motives = {n["id"]: weighed[n["id"]] for n in verdicts if n["kind"] == "motive"}
        self.paths = ask("paths", limit=1000)["items"]

    def apart(self, before: str, behind: str) -> bool:
        return all(strength[before] > strength[behind] for strength in self.strengths)

    def rank(self, motive: str) -> int | None:
        value = self.motives.get(motive)
        return None if value is None else 1 + sum(other > value for other in self.motives.values())


def difference(before: Read, after: Read) -> Json:
    ids = sorted({*before.standing, *after.standing})
    sides = [(i, before.standing.get(i), after.standing.get(i)) for i in ids]
    return {
        "changed": [{"id": i, "before": was, "after": now} for i, was, now in sides if was != now],
        "ranks": {m: (before.rank(m), after.rank(m)) for m in {*before.motives, *after.motives}},
        "gained": keys(after.paths) - keys(before.paths),
        "lost": keys(before.paths) - keys(after.paths),
    }


def keys(paths: list[Json]) -> set[tuple[Any, ...]]:
    return {(*p["nodes"], *(s["stance"] for s in p["steps"])) for p in paths}


@pytest.fixture(scope="module")
def empty() -> Iterator[TestClient]:
    with client_of() as opened:
        yield opened


@pytest.mark.parametrize("seed", range(25))
def test_it_equals_writing_and_then_reading(empty: TestClient, seed: int) -> None:
    pick = random.Random(seed)
    empty.delete(MAP)
    empty.post("/v1/maps", json={"id": "m", "title": "M"})
    made = empty.post(f"{MAP}/batch", json={"operations": drawn(pick)})
    assert made.status_code == 200, made.text
    for _ in range(3):
        listed = (empty.get(f"{MAP}/{kind}s?limit=1000").json()["items"] for kind in KINDS)
        edits = edits_of(pick, {n["id"]: n["kind"] for items in listed for n in items})
        view = pick.choice(VIEWS)
        before, revision = Read(empty, view), empty.get(MAP).json()["revision"]
        asked = {"edits": edits, "ask": ["evaluation", "paths", "motives"], "limit": 1000}
        told = empty.post(f"{MAP}/what-if", json=asked, params=view)
        assert empty.get(MAP).json()["revision"] == revision
        written = empty.post(f"{MAP}/batch", json={"operations": edits})
        assert written.status_code == told.status_code
        if told.status_code != 200:
            assert told.json() == {**written.json(), "errors": [
                {**e, "pointer": e["pointer"].replace("/operations", "/edits", 1)} for e in written.json()["errors"]
            ]}  # fmt: skip
            continue
        after, answer = Read(empty, view), told.json()
        expected = difference(before, after)
        assert answer["complete"]
        assert answer["evaluation"]["changed"] == expected["changed"]
        assert {m["id"]: (m["rank_before"], m["rank_after"]) for m in answer["motives"]} == expected["ranks"]
        there = [m for m in answer["motives"] if m["rank_after"] is not None]
        assert [m["separable"] for m in there[1:]] == [after.apart(a["id"], b["id"]) for a, b in pairwise(there)]
        assert keys(answer["paths"]["gained"]) == expected["gained"]
        assert keys(answer["paths"]["lost"]) == expected["lost"]


KINDS = ("actor", "source", "motive", "statement", "argument", "assertion")


def test_left_open_it_answers_all_that_has_something_to_say(seeded: TestClient, client: TestClient) -> None:
    gone = {"edits": [{"op": "delete", "kind": "statements", "id": "p-49", "cascade": True}]}
    answer = seeded.post(f"{SEED}/what-if", json=gone)
    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", False)
    assert {"evaluation", "motives"} < set(answer.json())
    assert "paths" not in answer.json()
    assert answer.json()["semantics"] == "grounded, quadratic-energy"
    assert "defaults" in answer.json()
    ended = seeded.post(f"{SEED}/what-if", json={**gone, "from": ["p-50"], "to": ["food"]}).json()
    assert [p["nodes"][-1] for p in ended["paths"]["lost"]] == ["food"] * 6
    bare = {"edits": [{"op": "delete", "kind": "motive", "id": "food"}, *gone["edits"]], "ask": ["paths"]}
    assert seeded.post(f"{SEED}/what-if", json=bare).status_code == 409
    no_motives = {"edits": [{"op": "update", "kind": "statement", "id": "s1", "value": {"credence": 1.0}}]}
    assert "motives" not in client.post(f"{MAP}/what-if?without=food", json=no_motives).json()


def test_a_limit_of_paths_is_said_and_what_is_given_is_sure(seeded: TestClient) -> None:
    gone = {"edits": [{"op": "delete", "kind": "motives", "id": "food", "cascade": True}], "ask": ["paths"]}
    whole = seeded.post(f"{SEED}/what-if", json={**gone, "limit": 1000}).json()["paths"]
    assert whole["complete"]
    for limit in (1, 5):
        part = seeded.post(f"{SEED}/what-if", json={**gone, "limit": limit}).json()
        assert (part["complete"], part["reason"]) == (False, "limit")
        assert part["paths"]["lost"] == whole["lost"][:limit]


def test_edits_may_make_what_the_view_names(seeded: TestClient) -> None:
    new = {"op": "create", "kind": "sources", "id": "s-new", "value": {"title": "New", "source_kind": "article"}}
    body = {"edits": [new], "ask": ["evaluation"]}
    assert seeded.post(f"{SEED}/what-if", params={"sources": "s-new"}, json=body).status_code == 200
    other = seeded.post(f"{SEED}/what-if", params={"sources": "s-newer"}, json=body)
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/sources/0")
    old = {"edits": [{"op": "update", "kind": "statement", "id": "p-50", "value": {"credence": 1.0}}]}
    assert seeded.post(f"{SEED}/what-if?as_of=1", json=old).json()["revision"] == 1
    assert seeded.post(f"{SEED}/what-if?as_of=9", json=old).status_code == 422


GONE = [{"op": "delete", "kind": "motive", "id": "food", "cascade": True}]
NOPE = [{"op": "update", "kind": "argument", "id": "a-001", "value": {"premises": ["nope"]}}]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"edits": []}, ["/edits"]),
        ({}, ["/edits"]),
        ({"edits": [{"op": "delete", "kind": "statments", "id": "p-50"}]}, ["/edits/0/kind"]),
        ({"edits": [{"op": "delete", "kind": "statement"}, 1]}, ["/edits/0/id", "/edits/1"]),
        ({"edits": [{"op": "delete", "kind": "source", "id": "none"}]}, ["/edits/0/id"]),
        ({"edits": NOPE}, ["/edits/0/value/premises/0"]),
        ({"edits": GONE, "ask": ["strength"]}, ["/ask/0"]),
        ({"edits": GONE, "asks": []}, ["/asks"]),
        ({"edits": GONE, "from": ["nobody"]}, ["/from/0"]),
        ({"edits": GONE, "ask": ["motives"], "to": ["food"]}, ["/to"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(seeded: TestClient, body: Json, pointers: list[str]) -> None:
    answer = seeded.post(f"{SEED}/what-if", json=body)
    assert answer.status_code in {404, 422}
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
