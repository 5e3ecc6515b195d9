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
    assert {n for n, verdict in found.items() if verdict == bare} == {"x-hedge-china"}, "no passage names it"
    assert not [n for n, verdict in found.items() if verdict == ("rejected", "opposed")], "nobody is refuted"
    standings = {n["id"]: n["standing"] for n in ask(seeded, "evaluation")["nodes"]}
    gains = ("gain-food", "gain-finance", "gain-firepower", "gain-space", "gain-defence")
    assert {standings[n] for n in ("t-short", *gains)} == {"unchallenged", "upheld"}
    assert standings["gain-defence"] == "upheld", "against what the INSS says of the time after the war"
    assert {n for n, one in standings.items() if one == "contested"} == {
        "t-main", "t-long", "t-opp", "p-54", "p-55", "p-36", "p-73", "p-64", "p-46", "p-08",
    }  # fmt: skip


def test_the_whole_is_contested_by_way_of_the_long_run(seeded: TestClient) -> None:
    for_it = standing(seeded, without=["t-opp", "p-36", "p-64"])
    assert (for_it["t-long"], for_it["t-main"]) == (("accepted", None), ("accepted", None))
    against = standing(seeded, without="nam-sung-wook")
    assert (against["t-long"], against["t-opp"]) == (("rejected", "opposed"), ("accepted", None))
    assert against["t-main"] == ("undecided", "contested"), "Wi's verdict against the agency's is left"


def test_food_and_help_in_war_come_before_firepower_or_are_not_told_apart(seeded: TestClient) -> None:
    for semantics in ("quadratic-energy", "df-quad", "euler", "mlp"):
        found = {n["id"]: n["strength"] for n in ask(seeded, "evaluation", semantics=semantics)["nodes"]}
        assert min(found["food"], found["defence-pact"]) > found["firepower"], semantics


def differing(client: TestClient, **view: Any) -> dict[str, str]:
    """Theses and motives that stand otherwise in a view than in the whole map."""
    whole, found = standing(client), standing(client, **view)
    named = [n for n in whole if n.startswith(("t-", "x-")) or n in MOTIVES]
    return {n: found[n][1] or found[n][0] for n in named if n in found and found[n] != whole[n]}


@pytest.mark.parametrize("outlet", OUTLETS)
def test_no_thesis_and_no_motive_hangs_on_one_outlet(seeded: TestClient, outlet: str) -> None:
    assert differing(seeded, sources=outlet) == {}
    assert differing(seeded, without=outlet) == {}


def test_what_stands_only_by_inferred_steps(seeded: TestClient) -> None:
    assert differing(seeded, basis="explicit") == {}
    assert differing(seeded, basis="explicit", sources="s-eu") == {}
    by_the_herald = {"firepower": "no_ground", "space-technology": "no_ground"}
    assert differing(seeded, basis="explicit", sources="s-kh") == by_the_herald


@pytest.mark.parametrize(
    ("speaker", "main", "opposite", "pact"),
    [
        ("wi-sung-lac", "accepted", None, "accepted"),
        ("nam-sung-wook", "no_ground", None, "no_ground"),
        ("inss", "opposed", "accepted", "no_ground"),
        ("nis", "opposed", None, "no_ground"),
        ("analysts-eu", "opposed", "accepted", "no_ground"),
        ("eu-today", "no_ground", None, "accepted"),
        ("sk-intel-sources", "no_ground", None, "no_ground"),
    ],
)
def test_what_each_speaker_alone_carries(
    seeded: TestClient, speaker: str, main: str, opposite: str | None, pact: str
) -> None:
    """The thesis of the INSS is there where it is said: it is attributed."""
    found = standing(seeded, actors=speaker)
    said = {n: found[n][1] or found[n][0] for n in ("t-main", "t-opp", "defence-pact") if n in found}
    assert (said["t-main"], said.get("t-opp"), said["defence-pact"]) == (main, opposite, pact)


def test_two_speakers_are_missed(seeded: TestClient, document: Mapping[str, Any]) -> None:
    speakers = {a["chain"][-1] for a in document["assertions"] if a["chain"]}
    missed = {s: found for s in sorted(speakers) if (found := differing(seeded, without=s))}
    assert missed == {
        "inss": {"x-us-election": "no_ground"},
        "nam-sung-wook": {"t-long": "opposed", "t-opp": "accepted"},
    }


@pytest.mark.parametrize(
    ("outlet", "together"),
    [("s-eu", ["eu-today", "wi-sung-lac"]), ("s-kh", ["wi-sung-lac"])],
)
def test_that_joining_relieves_hunger_rests_on_one_man_and_on_what_one_outlet_says_itself(
    seeded: TestClient, outlet: str, together: list[str]
) -> None:
    asked = {"target": "gain-food", "over": "actors", "sources": outlet}
    found = ask(seeded, "cruxes", **asked)
    assert (found["verdict"], found["complete"]) == ("accepted", True)
    assert [cut["members"] for cut in found["cuts"]] == [together]
    assert standing(seeded, sources=outlet, without=together)["gain-food"][0] == "rejected"
    alone = [{"id": "wi-sung-lac", "before": "accepted", "after": "rejected"}]
    assert found["single"] == ([] if outlet == "s-eu" else alone)
    if outlet == "s-eu":
        assert ask(seeded, "cruxes", **asked, without="eu-today")["single"] == alone


def test_why_the_main_thesis_is_contested_and_what_would_settle_it(seeded: TestClient) -> None:
    found = ask(seeded, "nodes/t-main/why")
    assert (found["verdict"], found["standing"], found["complete"]) == ("undecided", "contested", True)
    assert found["weight"]["value"] is None
    assert [one["weight"] for one in found["for"]] == sorted((one["weight"] for one in found["for"]), reverse=True)
    assert [(one["id"], one["premises"]) for one in found["against"]] == [
        ("a-148", ["p-08"]), ("a-187", ["t-opp"]),
    ]  # fmt: skip
    assert found["flip"] == {"remove": ["p-46", "p-54"], "to": "rejected", "smallest": True, "at_least": 2}
    assert standing(seeded, without=["p-46", "p-54"])["t-main"][0] == "rejected"


def test_every_flip_really_flips(seeded: TestClient, document: Mapping[str, Any]) -> None:
    kinds = {n["id"]: n["kind"] for plural in PLURALS for n in document[plural]}
    for node_id in [*MOTIVES, "t-main", "t-short", "t-long", "t-opp", "p-08", "p-36", "p-64", "a-008", "a-150"]:
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
    assert found["items"][0]["id"] == "t-opp", "the verdict on the long run"
    assert "p-46" in [item["id"] for item in found["items"]], "and the one on the whole"
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
