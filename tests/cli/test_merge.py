"""`argumap merge`: what it says, tries and keeps."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def twins(cli: Cli, running: str) -> tuple[str, str]:
    """Two actors of the seed's map that are one, made anew for each test; their ids."""
    from httpx2 import post

    made = []
    for name in ("Ministry", "The Ministry"):
        body = {"name": name, "actor_kind": "organisation", "tags": [name]}
        made.append(post(f"{running}/v1/maps/food-finance-firepower/actors", json=body).json()["id"])
    return made[0], made[1]


def test_a_merge_says_what_it_did_and_the_old_id_leads_on(cli: Cli, running: str, twins: tuple[str, str]) -> None:
    keep, drop = twins
    would = cli("merge", keep, drop, "--dry-run", "--url", running)
    assert would.out.splitlines()[0] == f"Would merge {drop} into {keep}."
    done = cli("merge", keep, drop, "--field", "name=drop", "--url", running)
    assert done.code == 0
    assert done.out.splitlines() == [f"Merged {drop} into {keep}.", "  tags: of both", f"  name: of {drop}"]
    again = cli("merge", keep, drop, "--url", running)
    assert (again.code, f"merged into '{keep}'" in again.err) == (2, True)


def test_a_judgement_is_kept(cli: Cli, running: str, twins: tuple[str, str]) -> None:
    keep, drop = twins
    done = cli("merge", keep, drop, "--not-same", "--url", running)
    assert (done.code, done.out) == (0, f"{keep} and {drop} are kept as two different nodes.\n")
    as_json = json.loads(cli("merge", keep, drop, "--not-same", "--json", "--url", running).out)
    assert as_json["node"]["different_from"] == [drop]


def test_a_choice_is_written_as_a_field_and_whose(cli: Cli, running: str, twins: tuple[str, str]) -> None:
    assert cli("merge", *twins, "--field", "name", "--url", running).code == 2
    refused = cli("merge", *twins, "--field", "nmae=drop", "--url", running)
    assert (refused.code, "/fields/nmae" in refused.err, "name" in refused.err) == (2, True, True)


def test_what_may_be_there_twice_is_listed_with_the_command_that_merges_it(
    cli: Cli, running: str, twins: tuple[str, str]
) -> None:
    done = cli("duplicates", "--kind", "actor", "--url", running)
    assert done.code == 0
    lines = done.out.splitlines()
    # Other tests have made such twins too: each is a pair with the first of them.
    at = next(place for place, text in enumerate(lines) if text.endswith(f" {twins[1]}"))
    assert lines[at].startswith("actor, 100% alike: argumap merge ")
    assert lines[at + 2] == f"  The Ministry ({twins[1]})"
    assert json.loads(cli("duplicates", "--kind", "motive", "--json", "--url", running).out)["items"] == []
