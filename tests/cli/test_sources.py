"""`argumap sources`: a text is attached, read, marked and taken away, from a store and from a service."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

TEXT = "Over 20,000 tons of rice may be sold this year, said Yonhap.\n"


@pytest.fixture(params=["store", "service"])
def somewhere(request: pytest.FixtureRequest, cli: Cli) -> list[str]:
    if request.param == "service":
        return ["--url", request.getfixturevalue("running")]
    assert cli("seed").code == 0
    return []


def test_a_text_lives_its_life(cli: Cli, somewhere: list[str], tmp_path: Path) -> None:
    file = tmp_path / "said.txt"
    file.write_text(TEXT)
    done = cli("sources", "attach", "s-yonhap", str(file), *somewhere)
    assert (done.code, done.out) == (0, "Attached 61 characters to s-yonhap; 0 passages are marked in it.\n")
    assert cli("sources", "text", "s-yonhap", *somewhere).out == f"{TEXT}\n"
    assert json.loads(cli("sources", "text", "s-yonhap", "--json", *somewhere).out)["characters"] == len(TEXT)
    rows = [line.split()[:2] for line in cli("sources", "list", *somewhere).out.splitlines()]
    assert ["s-yonhap", "yes"] in rows
    assert ["s-nk-grain", "no"] in rows
    told = cli("sources", "passage", "s-yonhap", "0", "60", *somewhere).out.splitlines()
    assert "Said by: Yonhap (“Yonhap”)" in told
    assert "Put as: possible (may)" in told
    assert "Figure: Over 20,000 tons of rice: min 20000, min_inclusive False, unit t, of rice" in told
    assert cli("sources", "detach", "s-yonhap", *somewhere).out == "The text of s-yonhap is gone.\n"
    assert cli("sources", "text", "s-yonhap", *somewhere).code == 2


def test_a_text_that_does_not_fit_ends_with_one(cli: Cli, tmp_path: Path) -> None:
    cli("seed")
    file = tmp_path / "other.txt"
    file.write_text("Another article.")
    done = cli("sources", "attach", "s-eu", str(file))
    assert done.code == 1
    assert "SHA-256" in done.err
    assert cli("sources", "attach", "s-eu", str(tmp_path / "nowhere")).code == 2
