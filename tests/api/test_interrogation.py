"""What the example map says when it is interrogated: what stands, why, what it rests on, and what would flip it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SEED
from tests.support.grounded import grounded, narrowed

PLURALS = ("actors", "motives", "statements", "arguments", "sources", "assertions")
OUTLETS = ("s-eu", "s-kh")
MOTIVES = ("food", "finance", "firepower", "space-technology", "defence-pact")
Standing = dict[str, tuple[str, str | None]]


@pytest.fixture(scope="module")
def document(seeded: TestClient) -> dict[str, list[dict[str, Any]]]:
    return {plural: ask(seeded, plural, limit=1000)["items"] for plural in PLURALS}


def ask(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(f"{SEED}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def standing(client: TestClient, **query: Any) -> Standing:
    return {n["id"]: (n["verdict"], n["cause"]) for n in ask(client, "evaluation", **query)["nodes"]}


def test_the_conclusions_of_both_articles_together(seeded: TestClient) -> None:
    found = standing(seeded)
    accepted, contested, bare = ("accepted", None), ("undecided", "contested"), ("rejected", "no_ground")
    assert {found[n] for n in ("t-short", "t-why")} == {accepted}
    assert {found[n] for n in ("t-main", "t-long", "t-opp")} == {contested}, "nothing outweighs the other side"
    assert {found[m] for m in MOTIVES} == {accepted}
    assert {n for n, verdict in found.items() if verdict == bare} == {"x-hedge-china", "x-us-election"}


def differing(client: TestClient, **view: Any) -> dict[str, str]:
    """Theses and motives that stand otherwise in a view than in the whole map."""
    whole, found = standing(client), standing(client, **view)
    named = [n for n in whole if n.startswith(("t-", "x-")) or n in MOTIVES]
    return {n: found[n][1] or found[n][0] for n in named if n in found and found[n] != whole[n]}


@pytest.mark.parametrize(("outlet", "alone"), [("s-eu", {"t-main": "accepted"}), ("s-kh", {})])
def test_no_thesis_and_no_motive_hangs_on_one_outlet(seeded: TestClient, outlet: str, alone: dict[str, str]) -> None:
    """What is contested is so by what the Herald says; without it the main thesis is accepted."""
    assert differing(seeded, sources=outlet) == alone
    other = next(one for one in OUTLETS if one != outlet)
    assert differing(seeded, without=other) == alone


def test_what_stands_only_by_inferred_steps(seeded: TestClient) -> None:
    both = {"t-main": "accepted", "x-durability": "contested"}
    assert differing(seeded, basis="explicit") == {"t-long": "open", "t-opp": "opposed", **both}
    assert differing(seeded, basis="explicit", sources="s-eu") == both
    by_the_herald = {"t-opp": "no_ground", "firepower": "no_ground", "space-technology": "no_ground"}
    assert differing(seeded, basis="explicit", sources="s-kh") == {"t-long": "open", **both, **by_the_herald}


@pytest.mark.parametrize(
    ("speaker", "main", "opposite", "pact"),
    [
        ("wi-sung-lac", "accepted", "no_ground", "accepted"),
        ("nam-sung-wook", "accepted", "opposed", "accepted"),
        ("inss", "opposed", "accepted", "opposed"),
        ("nis", "opposed", "accepted", "no_ground"),
        ("analysts-eu", "opposed", "accepted", "no_ground"),
        ("eu-today", "accepted", "accepted", "accepted"),
        ("sk-intel-sources", "no_ground", "no_ground", "no_ground"),
    ],
)
def test_what_each_speaker_alone_carries(seeded: TestClient, speaker: str, main: str, opposite: str, pact: str) -> None:
    found = standing(seeded, actors=speaker)
    assert [found[n][1] or found[n][0] for n in ("t-main", "t-opp", "defence-pact")] == [main, opposite, pact]


def test_only_one_speaker_is_missed(seeded: TestClient, document: Mapping[str, Any]) -> None:
    speakers = {a["chain"][-1] for a in document["assertions"] if a["chain"]}
    missed = {s: found for s in sorted(speakers) if (found := differing(seeded, without=s))}
    assert missed == {
        "nam-sung-wook": {"t-long": "no_ground", "x-durability": "opposed", "x-leverage": "no_ground"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("outlet", "together"),
    [("s-eu", ["eu-today", "nam-sung-wook"]), ("s-kh", ["experts-seoul", "nam-sung-wook", "wi-sung-lac"])],
)
def test_the_defence_pact_rests_on_no_single_actor_in_either_outlet(
    seeded: TestClient, outlet: str, together: list[str]
) -> None:
    asked = {"target": "defence-pact", "over": "actors", "sources": outlet}
    found = ask(seeded, "cruxes", **asked)
    assert (found["verdict"], found["single"], found["complete"]) == ("accepted", [], True)
    assert [cut["members"] for cut in found["cuts"]] == [together]
    assert standing(seeded, sources=outlet, without=together)["defence-pact"][0] == "rejected"
    if outlet == "s-eu":
        besides = ask(seeded, "cruxes", **asked, without="eu-today")
        assert besides["single"] == [{"id": "nam-sung-wook", "before": "accepted", "after": "rejected"}]


def test_why_the_main_thesis_is_contested_and_what_would_settle_it(seeded: TestClient) -> None:
    found = ask(seeded, "nodes/t-main/why")
    assert (found["verdict"], found["standing"], found["complete"]) == ("undecided", "contested", True)
    assert found["weight"]["value"] is None
    assert [one["weight"] for one in found["for"]] == sorted((one["weight"] for one in found["for"]), reverse=True)
    assert [(one["id"], one["premises"]) for one in found["against"]] == [("a-148", ["p-08"])]
    assert found["flip"] == {"remove": ["p-08"], "to": "accepted", "smallest": True, "at_least": 1}
    assert standing(seeded, without="p-08")["t-main"] == ("accepted", None)


def test_every_flip_really_flips(seeded: TestClient, document: Mapping[str, Any]) -> None:
    kinds = {n["id"]: n["kind"] for plural in PLURALS for n in document[plural]}
    for node_id in [*MOTIVES, "t-main", "t-short", "t-long", "t-opp", "p-08", "p-36", "p-64", "a-001"]:
        found = ask(seeded, f"nodes/{node_id}/why")
        if found["flip"] is None:
            continue
        gone = found["flip"]["remove"]
        # An argument without one of its premises is not there any more.
        after = standing(seeded, without=gone).get(node_id, ("rejected", None))
        assert after[0] == found["flip"]["to"] != found["verdict"]
        edits = [{"op": "delete", "kind": kinds[n], "id": n, "cascade": True} for n in gone]
        done = seeded.post(f"{SEED}/what-if", json={"edits": edits, "ask": ["evaluation"]})
        changed = {c["id"]: c for c in done.json()["evaluation"]["changed"]}
        assert changed[node_id]["before"]["verdict"] == found["verdict"]
        assert (changed[node_id]["after"] or {"verdict": "rejected"})["verdict"] == found["flip"]["to"]


def test_influence_is_what_the_view_without_shows(seeded: TestClient) -> None:
    found = ask(seeded, "influence", target="t-main", limit=5)
    assert (found["method"], found["semantics"], found["reason"]) == ("removal", "quadratic-energy", "limit")
    assert found["items"][0]["id"] == "p-46", "the verdict that everything else is a comment on"
    for item in found["items"]:
        weighed = ask(seeded, "evaluation", semantics="quadratic-energy", without=item["id"])["nodes"]
        [there] = [n["strength"] for n in weighed if n["id"] == "t-main"]
        assert item["value"] == pytest.approx(found["strength"] - there, abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_verdicts_of_any_view_are_those_of_the_words(
    seeded: TestClient, document: Mapping[str, list[dict[str, Any]]], seed: int
) -> None:
    pick = random.Random(seed)

    def some(plural: str, most: int) -> list[str]:
        return pick.sample([n["id"] for n in document[plural]], pick.randint(0, most))

    view: dict[str, Any] = {
        "sources": some("sources", 2) if pick.random() < 0.4 else [],
        "actors": some("actors", 6) if pick.random() < 0.4 else [],
        "motives": some("motives", 3) if pick.random() < 0.3 else [],
        "without": [n for plural in PLURALS for n in some(plural, 2)] if pick.random() < 0.7 else [],
        "basis": pick.choice(["all", "all", "explicit"]),
        "min_confidence": pick.choice(["low", "low", "medium", "high"]),
    }
    found = standing(seeded, **view)
    weights = {n["id"]: n["weight"] for n in ask(seeded, "evaluation", **view)["nodes"]}
    expected = grounded(*narrowed(document, **view), weights)
    assert {n: verdict for n, (verdict, _) in found.items()} == expected
    assert all(cause is not None for verdict, cause in found.values() if verdict == "rejected")
