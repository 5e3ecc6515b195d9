"""Merging an edition into a map that was worked on: what users did stays, the rest follows, nothing dangles."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seed.merging import Held, Merge, Nodes, merge_edition


def actor(**fields: Any) -> Held:
    return Held("actor", {"name": "Ann", "actor_kind": "person", **fields})


def statement(text: str, **fields: Any) -> Held:
    return Held("statement", {"text": text, **fields})


def argument(premises: list[str], target: str, **fields: Any) -> Held:
    return Held("argument", {"premises": premises, "target": target, "stance": "supporting", **fields})


def applied(mine: Nodes, done: Merge) -> Nodes:
    """Carry the commands out the plain way: what they leave must be whole."""
    after = dict(mine)
    for command in done.commands:
        node_id, value = command.id or "", dict(command.value or {})
        if command.op == "delete":
            del after[node_id]
        elif command.op == "create":
            assert node_id not in after
            after[node_id] = Held(command.kind, value)
        else:
            fields = {k: v for k, v in {**after[node_id].fields, **value}.items() if v is not None}
            after[node_id] = Held(command.kind, fields)
    return after


BASE: Nodes = {"s": statement("One."), "t": statement("Two."), "a": argument(["s"], "t", confidence="low")}
NEW: Nodes = {
    "s": statement("One, better said."),
    "t": statement("Two."),
    "u": statement("Three."),
    "a": argument(["s", "u"], "t", confidence="high"),
}


def test_a_map_that_nobody_touched_becomes_the_new_edition() -> None:
    done = merge_edition(BASE, BASE, NEW)
    assert applied(BASE, done) == NEW
    assert not done.kept
    assert not merge_edition(NEW, BASE, NEW).commands


def test_a_field_that_only_the_user_changed_stays_beside_one_that_only_the_edition_changed() -> None:
    mine = {**BASE, "s": statement("One.", note="Mine.")}
    done = merge_edition(mine, BASE, NEW)
    assert applied(mine, done)["s"] == statement("One, better said.", note="Mine.")
    assert not done.kept


def test_a_field_that_both_changed_stays_the_users_and_is_told() -> None:
    mine = {**BASE, "s": statement("One, as I see it.")}
    done = merge_edition(mine, BASE, NEW)
    assert applied(mine, done)["s"] == mine["s"]
    assert [(one.id, one.why) for one in done.kept] == [("s", "the edition changes text too; yours stays")]


def test_a_step_that_was_drawn_anew_by_both_is_taken_whole_from_one() -> None:
    mine = {**BASE, "a": argument(["t"], "s", confidence="low")}
    done = merge_edition(mine, BASE, NEW)
    assert applied(mine, done)["a"] == argument(["t"], "s", confidence="high")
    assert [one.id for one in done.kept] == ["a"]


def test_what_the_user_deleted_stays_deleted_and_takes_along_what_the_edition_builds_on_it() -> None:
    mine = {"t": BASE["t"]}
    done = merge_edition(mine, BASE, {**NEW, "b": argument(["s"], "u"), "c": argument(["u"], "t")})
    after = applied(mine, done)
    assert set(after) == {"t", "u", "c"}
    assert {one.id: one.why.split(";")[0] for one in done.kept} == {
        "s": "the edition changes it",
        "a": "the edition changes it",
        "b": "the edition's refers to s, which you deleted",
    }


def test_what_the_edition_drops_stays_where_something_of_the_users_refers_to_it() -> None:
    base = {"s": statement("One."), "p": actor(), "t": statement("Two.", about=["p"])}
    mine = {**base, "mine": argument(["t"], "s")}
    done = merge_edition(mine, base, {"s": base["s"]})
    assert applied(mine, done) == mine
    assert {one.id: one.why for one in done.kept} == {
        "t": "the edition drops it; it stays, since mine refers to it",
        "p": "the edition drops it; it stays, since t refers to it",
    }


def test_an_id_that_both_made_stays_the_users() -> None:
    mine = {**BASE, "u": actor()}
    done = merge_edition(mine, BASE, {**BASE, "u": statement("Three.")})
    assert applied(mine, done) == mine
    assert done.kept[0].why == "the edition has a statement of this id; yours stays"


def test_an_object_is_patched_to_what_the_edition_has() -> None:
    there = {"t": statement("Two."), "x": Held("source", {"title": "X"})}
    where = {"of": "t", "source": "x"}
    base = {**there, "s": Held("assertion", {**where, "locator": {"start": 1, "end": 2, "paragraph": 1}})}
    new = {**there, "s": Held("assertion", {**where, "locator": {"start": 1, "end": 3}})}
    [command] = merge_edition(base, base, new).commands
    assert command.value == {"locator": {"start": 1, "end": 3, "paragraph": None}}


IDS = "abcdefgh"


def _random_map(rng: random.Random, start: dict[str, Held] | None = None) -> dict[str, Held]:
    nodes = dict(start or {})
    for name in rng.sample(IDS, rng.randrange(1, len(IDS))):
        others = [one for one in nodes if one != name]
        if rng.random() < 0.25 or (name in "efgh" and len(others) < 2):
            nodes.pop(name, None)
        elif name in "efgh":
            nodes[name] = argument([rng.choice(others)], rng.choice(others), confidence=rng.choice(["low", "high"]))
        else:
            nodes[name] = statement(rng.choice("xyz"), scope=rng.choice("xyz"))
    while dangling := [i for i, held in nodes.items() if not _refers(held) <= nodes.keys()]:
        for name in dangling:
            del nodes[name]
    return nodes


def _refers(held: Held) -> set[str]:
    return {*held.fields["premises"], held.fields["target"]} if held.kind == "argument" else set()


@given(seed=st.integers(0, 2**32))
def test_whatever_was_done_nothing_of_the_users_is_lost_and_nothing_dangles(seed: int) -> None:
    rng = random.Random(seed)
    base = _random_map(rng)
    mine, new = _random_map(rng, base), _random_map(rng, base)
    done = merge_edition(mine, base, new)
    after = applied(mine, done)
    told = {one.id for one in done.kept}
    assert all(_refers(held) <= after.keys() for held in after.values())
    for node_id in {*base, *mine, *new}:
        was, own, theirs, then = (nodes.get(node_id) for nodes in (base, mine, new, after))
        if own in (theirs, was):  # nobody's work is at stake: the edition's, or told why not
            assert then == theirs or node_id in told
        elif theirs == was:
            assert then == own
        else:  # both did something
            assert then == own or (then is not None and own is not None)
            for name in own.fields if own is not None else {}:
                changed = was is None or own.fields.get(name) != was.fields.get(name)
                if changed and then is not None:
                    assert then.fields.get(name) == own.fields.get(name), name


def test_a_map_that_is_not_whole_comes_to_an_end() -> None:
    mine = {"a": argument(["gone"], "gone")}
    assert applied(mine, merge_edition(mine, mine, {"a": argument(["gone"], "lost")})) == mine


@pytest.mark.parametrize("mine", [BASE, NEW, {}])
def test_merging_twice_changes_nothing_more(mine: Nodes) -> None:
    once = applied(mine, merge_edition(mine, BASE, NEW))
    assert applied(once, merge_edition(once, BASE, NEW)) == once
