"""`argumap paths`: over a file and over a running service, readable and byte for byte."""

from __future__ import annotations

import json
import urllib.request

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("seeded")


def test_the_two_outlets_differ_by_an_undercut(cli: Cli) -> None:
    eu = cli("paths", "p-50", "t-main", "--source", "s-eu")
    kh = cli("paths", "p-50", "t-main", "--source", "s-kh", "--limit", "100")
    assert (eu.code, kh.code, eu.err, kh.err) == (0, 0, "", "")
    assert eu.out.splitlines()[-1] == "9 paths: 9 supporting. There are no others."
    assert kh.out.splitlines()[-1] == "20 paths: 10 supporting and 10 opposing. There are no others."
    assert "undercuts" not in eu.out
    assert "   − undercuts the step from p-15 to gain-food (a-041)  [a-164, inferred, low confidence]" in kh.out


def test_an_assertion_stands_for_its_statement(cli: Cli) -> None:
    said, held = (cli("paths", one, "t-main", "--limit", "200", "--json").out for one in ("eu-53", "p-50"))
    assert said == held
    assert '"next":null' in said


def test_each_step_is_told_in_words(cli: Cli) -> None:
    done = cli("paths", "p-50", "p-49")
    assert done.out.splitlines()[:3] == [
        "1. + supporting, 1 step",
        "     “North Korea sells artillery shells to Russia” (p-50)",
        "   + supports “Selling shells to Russia eases North Korea's food shortage” (p-49)  "
        "[a-042, explicit, high confidence]",
    ]


def test_what_is_cut_off_is_said(cli: Cli) -> None:
    assert cli("paths", "p-50", "t-main", "--limit", "1").out.splitlines()[-1] == (
        "1 path: 1 supporting. There are more: a higher --limit shows them."
    )
    assert "--max-length lets them in" in cli("paths", "p-50", "t-main", "--max-length", "5").out


def test_terms_reach_the_question(cli: Cli) -> None:
    given = ("paths", "p-50", "t-main", "--json")
    opposing = json.loads(cli(*given, "--polarity", "opposing", "--limit", "1000").out)
    assert {item["polarity"] for item in opposing["items"]} == {"opposing"}
    avoided = json.loads(cli(*given, "--avoid", "p-49", "--avoid", "t-long", "--via", "p-53").out)
    assert all("p-53" in item["nodes"] and "p-49" not in item["nodes"] for item in avoided["items"])
    assert avoided["items"]


def test_no_path_ends_with_one_and_says_why(cli: Cli) -> None:
    done = cli("paths", "t-main", "p-50")
    assert (done.code, done.out) == (1, "")
    assert done.err == "argumap: No argument path leads from t-main to p-50.\n"
    filtered = cli("paths", "p-50", "t-main", "--without", "p-50")
    assert filtered.code == 1
    assert "there is one without them" in filtered.err
    asked = cli("paths", "t-main", "p-50", "--json")
    assert (asked.code, json.loads(asked.out)["items"]) == (1, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody", "t-main"], "nobody"),
        (["p-50", "t-main", "--source", "nobody"], "never had a node 'nobody'"),
        (["p-50", "t-main", "--limit", "0"], "limit"),
        (["p-50", "t-main", "--limit", "many"], "limit"),
        (["p-50", "t-main", "--polarity", "sideways"], "polarity"),
        (["p-50", "t-main", "--basis", "none"], "basis"),
        (["p-50", "t-main", "--as-of", "99"], "no revision 99"),
        (["p-50", "t-main", "--map", "atlantis"], "no map 'atlantis'"),
        (["p-50", "t-main", "--map", "../maps"], "can be no id"),
        (["p-50", "t-main", "surplus"], "surplus"),
        (["--colour"], "--colour"),
        (["p-50", "t-main", "--store", "sqlite:x", "--url", "http://127.0.0.1:1"], "not both"),
    ],
)
def test_wrong_use_ends_with_two_and_a_sentence(cli: Cli, arguments: list[str], said: str) -> None:
    done = cli("paths", *arguments)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_a_running_service_gives_the_same_bytes(cli: Cli, running: str) -> None:
    asked = ("paths", "eu-53", "t-main", "--source", "s-kh")
    assert cli(*asked, "--json", "--url", running).out == cli(*asked, "--json").out
    assert cli(*asked, "--url", running).out == cli(*asked).out
    address = f"{running}/v1/maps/food-finance-firepower/paths?from=eu-53&to=t-main&sources=s-kh"
    with urllib.request.urlopen(address) as answer:
        assert answer.read().decode() == cli(*asked, "--json").out


def test_the_environment_names_the_service_and_an_option_goes_first(
    cli: Cli, running: str, monkeypatch: pytest.MonkeyPatch, seeded_file: str
) -> None:
    monkeypatch.setenv("ARGUMAP_URL", running + "/")
    assert cli("paths", "p-49", "food").code == 0
    monkeypatch.setenv("ARGUMAP_URL", "http://127.0.0.1:1")
    assert cli("paths", "p-49", "food").code == 3
    assert cli("paths", "p-49", "food", "--store", seeded_file).code == 0
