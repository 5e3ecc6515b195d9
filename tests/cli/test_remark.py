"""`argumap remark`: what was said beside a map, and saying more."""

from __future__ import annotations

from tests.cli.conftest import Cli


def test_a_remark_is_made_shown_and_taken_back(cli: Cli) -> None:
    assert cli("maps", "create", "winter", "--title", "Winter").code == 0
    assert cli("add", "statement", "id=p", "text=It is cold.").code == 0
    none = cli("remark", "p")
    assert (none.code, none.err) == (1, "argumap: nobody has said anything beside the map yet\n")
    said = cli("remark", "p", "Nobody wears a coat.", "--disagree").out
    assert said.startswith("Said of p: r-")
    name = said.split()[-1].removesuffix(".")
    for words in (("remark", "p"), ("remark",)):
        lines = cli(*words).out.splitlines()
        assert lines[1].split(maxsplit=4) == [name, "p", "local", "disagree", "Nobody wears a coat."]
        assert lines[-1] == "1 remark; 0 agree, 1 disagree."
    assert cli("remark", "--take-back", name).out == f"Took back {name}.\n"
    assert cli("remark", "p").code == 1


def test_a_mark_has_a_reason(cli: Cli) -> None:
    assert cli("remark", "p", "--agree").code == 2
    assert cli("remark", "p", "x", "--agree", "--disagree").code == 2
