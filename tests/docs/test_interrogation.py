"""The pages about interrogation and verdicts are true: their commands give the answers that they show."""

from __future__ import annotations

from typing import get_args

import pytest
from starlette.testclient import TestClient

from schemas.evaluation import Semantics
from schemas.weights import DEFAULT_WEIGHTS
from service.cli import run
from service.settings import variable
from tests.docs.console import Shown, agrees, shown_in
from tests.support.files import ROOT

PAGE = (ROOT / "docs" / "interrogation.md").read_text(encoding="utf-8")
VERDICTS = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
SHOWN = [*shown_in(PAGE), *shown_in(VERDICTS)]
pytestmark = pytest.mark.usefixtures("no_other_settings")
SERVICE = "http://127.0.0.1:8000"


@pytest.mark.parametrize("shown", SHOWN, ids=[shown.command[:70] for shown in SHOWN])
def test_a_command_gives_what_the_page_shows(
    shown: Shown, service: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    program, *words = shown.words
    if program == "argumap":
        capsys.readouterr()
        assert run(words) == 0
        real = capsys.readouterr().out
    else:
        assert (program, words[0]) == ("curl", "-s")
        address = words[1].removeprefix(SERVICE)
        named = dict(zip(words[2::2], words[3::2], strict=True))
        headers = dict([named["-H"].split(": ")]) if "-H" in named else {}
        method = "POST" if "-d" in named else "GET"
        reply = service.request(method, address, content=named.get("-d"), headers=headers)
        assert reply.status_code == 200, reply.text
        real = reply.text
    assert len(shown.output) > 20
    assert agrees(shown.output, real), f"really:\n{real}"


def test_every_question_is_asked_and_every_semantics_named() -> None:
    asked = {shown.words[1] for shown in SHOWN if shown.words[0] == "argumap"}
    assert asked == {"evaluation", "acceptance", "why", "influence", "cruxes", "what-if", "connections"}
    assert [name for name in get_args(Semantics) if f"`{name}`" not in PAGE] == []
    settings = ("evaluation_budget", "path_budget", "workers", "queue", "batch_limit")
    assert [name for name in settings if f"`{variable(name)}`" not in PAGE] == []


def test_the_page_of_verdicts_has_the_table_that_holds() -> None:
    table = DEFAULT_WEIGHTS.model_dump()
    grades = {**table["confidence"], **table["manner"]}
    assert [f"{name} {value:g}" for name, value in grades.items() if f"{name} {value:g}" not in VERDICTS] == []
    lettered = zip("ABCDE", table["reliability"].values(), strict=True)
    letters = ", ".join(f"{letter} {value:g}" for letter, value in lettered)
    assert letters in VERDICTS
    assert list(table["credibility"].values()) == list(table["reliability"].values())
    for told in (f"at most {table['most']:g}", f"map's author | {table['author']:g} |"):
        assert told in VERDICTS
