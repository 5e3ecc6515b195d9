"""The README is true: its commands give the answers that it shows."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from service.cli import run
from tests.docs.console import Shown, agrees, shown_in
from tests.support.files import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = list(shown_in(README))
pytestmark = pytest.mark.usefixtures("no_other_settings")
SERVICE = "http://127.0.0.1:8000"


def answer(shown: Shown, service: TestClient, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command of the README really prints."""
    program, *arguments = shown.words
    if program == "curl":
        assert arguments[0] == "-s"
        reply = service.get(arguments[1].removeprefix(SERVICE))
        assert reply.status_code == 200, reply.text
        return reply.text
    assert program == "argumap"
    capsys.readouterr()
    assert run(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shown", SHOWN, ids=[shown.command for shown in SHOWN])
def test_a_command_gives_what_the_page_shows(
    shown: Shown, service: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(shown.output) > 20
    real = answer(shown, service, capsys)
    assert agrees(shown.output, real), f"really:\n{real}"


def test_three_questions_are_asked_both_ways() -> None:
    asked = [[s.words[0] for s in shown_in(part)] for part in README.split("\n**")[1:]]
    assert len(asked) == 3
    assert all(set(programs) == {"argumap", "curl"} for programs in asked)


def test_every_link_leads_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_make_target_exists() -> None:
    known = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"(?:^|`)make ([a-z0-9-]+)", README, re.M))
    assert {"run", "test"} <= named
    assert named <= known


def test_figures_about_the_example_are_true(service: TestClient) -> None:
    counts = service.get("/v1/maps/food-finance-firepower").json()["counts"]
    assert f"{counts['statements']}\nstatements, {counts['arguments']} arguments" in README
    claims = service.get("/v1/maps/food-finance-firepower/assertions?limit=1000").json()["items"]
    passages = [one for one in claims if not one["of"].startswith("a-")]
    assert f"{len(passages)} passages" in README


def test_what_is_shown_can_disagree() -> None:
    assert agrees("a\n…\nd\n", "a\nb\nc\nd\n")
    assert agrees("…\nd\n", "d")
    assert agrees("a\n…\n", "a\nb\n")
    assert agrees('{"a":1,\n "b":…}\n', '{"a":1,"b":{"c":2}}')
    assert agrees("x … z", "x y z")
    assert not agrees("a\n…\nd\n", "a\nb\n")
    assert not agrees("x y", "x z")
    assert not agrees("a (1)", "a 1")
