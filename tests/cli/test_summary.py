"""`argumap summary`: of the map and of four kinds of node, as Markdown and as JSON."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ((), "# Food, finance and firepower: North Korea in Russia's war"),
        (("food",), "# Food: North Korea joined to relieve its food shortage"),
        (("wi-sung-lac",), "# Wi Sung-lac"),
        (("s-kh",), "# The Korea Herald, 3 November 2024 (no headline in the file)"),
        (("p-12",), "# The soldiers' pay comes to more than 200 million US dollars a year"),
    ],
)
def test_every_subject_has_its_summary(cli: Cli, subject: tuple[str, ...], title: str) -> None:
    done = cli("summary", *subject)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == title


def test_the_brief_is_what_is_told_unless_more_is_asked_for(cli: Cli) -> None:
    brief, normal, full = (cli("summary", "--detail", how).out for how in ("brief", "normal", "full"))
    assert cli("summary").out == brief
    assert len(brief) < len(normal) <= len(full)
    refused = cli("summary", "--detail", "long")
    assert refused.code == 2
    assert "detail" in refused.err


def test_a_number_behind_each_clause_leads_to_its_receipts(cli: Cli) -> None:
    told, receipts = cli("summary", "food").out.split("## Receipts")
    assert "[1]" in told
    assert re.search(r"^1\. food$", receipts, re.MULTILINE)


def test_every_sentence_at_length_ends_with_its_receipts(cli: Cli) -> None:
    items = [line for line in cli("summary", "food", "--detail", "normal").out.splitlines() if line.startswith("- ")]
    assert items
    assert [item for item in items if not item.endswith("]")] == []


def test_a_page_to_save(cli: Cli) -> None:
    out = cli("summary", "food", "--html").out
    assert out.startswith("<!doctype html>")
    assert out.endswith("</html>\n")


def test_json_is_the_apis_own(cli: Cli, running: str) -> None:
    own = cli("summary", "p-12", "--json")
    assert own.out == cli("summary", "p-12", "--json", "--url", running).out
    assert set(json.loads(own.out)) == {"map", "revision", "title", "detail", "words", "sections"}


def test_a_view_narrows_it(cli: Cli) -> None:
    assert "Korea Herald" not in cli("summary", "p-12", "--source", "s-eu").out


@pytest.mark.parametrize(("subject", "said"), [("nobody", "nobody"), ("a-001", "of kind argument")])
def test_what_has_no_summary_ends_with_two(cli: Cli, subject: str, said: str) -> None:
    done = cli("summary", subject)
    assert done.code == 2
    assert said in done.err


def test_a_terminal_gets_it_set(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    out = cli("summary", "p-12").out
    assert "# The soldiers" not in out
    assert "The soldiers' pay comes to more than 200 million US dollars a year" in out
