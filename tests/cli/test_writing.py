"""`argumap add`, `edit`, `rm`, `node`, `list` and `api`: a map is made, read and changed without another tool."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Done


@pytest.fixture
def winter(cli: Cli) -> Cli:
    """The command over a store of its own with one small map, made by the command alone."""
    assert cli("maps", "create", "winter", "--title", "Winter").code == 0
    for words in (
        ("statement", "id=short", "text=Rice is short.", "tags=food", "tags=north", "credence=0.5"),
        ("statement", "id=cold", "text=It is cold.", "note=700"),
        ("source", "id=paper", "title=Paper", "source_kind=article"),
        ("assertion", "id=x", "of=short", "source=paper", "locator.paragraph=3", "locator.start=2", "locator.end=9"),
    ):
        assert made(cli, *words) == words[1].removeprefix("id=")
    return cli


def made(cli: Cli, *words: str) -> str:
    done = cli("add", *words)
    assert done.code == 0, done.err
    return done.out.splitlines()[0].removeprefix("Made ").removesuffix(".")


def read(cli: Cli, node_id: str) -> dict[str, object]:
    done = cli("node", node_id, "--json")
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def test_fields_are_plain_text_or_json_and_lists_come_again(winter: Cli) -> None:
    short = read(winter, "short")
    assert (short["text"], short["tags"], short["credence"]) == ("Rice is short.", ["food", "north"], 0.5)
    assert read(winter, "x")["locator"] == {"paragraph": 3, "start": 2, "end": 9, "prefix": None, "suffix": None}


def test_a_text_that_looks_like_a_number_stays_one(winter: Cli) -> None:
    assert read(winter, "cold")["note"] == "700"


def test_an_argument_is_made_of_its_fields_or_in_the_short_form(winter: Cli) -> None:
    own = made(winter, "argument", "premises=cold", "target=short", "stance=supporting", "confidence=high")
    assert read(winter, own)["premises"] == ["cold"]
    done = winter(
        "add", "argument", "text=Fields froze.", "target=short", "stance=supporting", "source=paper", "--json"
    )
    assert len(json.loads(done.out)["created"]) == 3


def test_a_node_that_is_nearly_there_is_told(winter: Cli) -> None:
    assert (
        "Nearly the same: short, Rice is short. (argumap merge)" in winter("add", "statement", "text=Rice is short").out
    )


def test_a_file_gives_fields_and_words_go_before_it(winter: Cli, tmp_path: Path) -> None:
    file = tmp_path / "node.json"
    file.write_text(json.dumps({"id": "wet", "text": "It is wet.", "tags": ["a"]}))
    assert made(winter, "statement", "text=It rains.", "--file", str(file)) == "wet"
    assert (read(winter, "wet")["text"], read(winter, "wet")["tags"]) == ("It rains.", ["a"])


def test_an_edit_changes_what_it_names_and_says_the_version(winter: Cli) -> None:
    assert winter("edit", "short", "note=Seen.", "--unset", "credence").out == "Changed short, now at version 3.\n"
    short = read(winter, "short")
    assert (short["note"], short["credence"], short["tags"]) == ("Seen.", None, ["food", "north"])
    assert winter("edit", "short", "note=Seen.").out == "short is so already, at version 3.\n"
    stale = winter("edit", "short", "note=Late.", "--if-version", "1")
    assert (stale.code, "version 3" in stale.err) == (1, True)
    assert winter("edit", "short").code == 2


def test_what_others_refer_to_goes_only_with_them_and_after_asking(
    winter: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = winter("rm", "short")
    assert (kept.code, "x refers to short" in kept.err) == (1, True)
    monkeypatch.setattr("typer._click.termui.visible_prompt_func", lambda *_: "n")
    assert winter("rm", "short", "--cascade").code == 1
    assert winter("rm", "short", "cold", "--cascade", "--yes").out == "Deleted cold, short, x.\n"
    assert winter("node", "short").code == 2


def test_several_go_together_or_not_at_all(winter: Cli) -> None:
    assert winter("rm", "cold", "short").code == 1
    assert winter("node", "cold").code == 0
    assert winter("rm", "x", "short").out == "Deleted short, x.\n"


def test_a_list_is_filtered_and_ordered_and_an_empty_one_is_no_answer(winter: Cli) -> None:
    assert [row.split()[0] for row in winter("list", "statements", "--sort=-id").out.splitlines()] == [
        "ID",
        "short",
        "cold",
    ]
    assert winter("list", "statement", "--q", "rice").out.splitlines()[1:] == ["short  Rice is short."]
    none = winter("list", "statements", "--where", "credence=0.9")
    assert (none.code, none.err) == (1, "argumap: the view has no such statements\n")
    assert winter("list", "statements", "--where", "credence").code == 2
    paged = winter("list", "statements", "--limit", "1")
    assert paged.out.splitlines()[-1] == "1 of 2; a higher --limit shows more."


def test_a_node_is_shown_with_its_links(winter: Cli) -> None:
    lines = winter("node", "short").out.splitlines()
    assert lines[0].startswith("Statement short, version ")
    assert any(line.split() == ["of", "←", "what", "paper", "says", "of", "short", "(x)"] for line in lines)


def test_any_request_is_sent_as_it_is(winter: Cli, tmp_path: Path) -> None:
    assert json.loads(winter("api", "get", "/v1/maps").out)["total"] == 1
    assert json.loads(winter("api", "GET", "statements", "-q", "limit=1").out)["total"] == 2
    body = {"operations": [{"op": "update", "kind": "statement", "id": "cold", "value": {"note": "x"}}]}
    (tmp_path / "edits.json").write_text(json.dumps(body))
    assert json.loads(winter("api", "POST", "batch", "-d", f"@{tmp_path / 'edits.json'}").out)["updated"] == ["cold"]
    stale = winter("api", "PATCH", "statements/cold", "-d", '{"note": "y"}', "--header", 'If-Match: "1"')
    assert (stale.code, stale.out) == (1, "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "statment", "text=x"), "statement"),
        (("add", "statement", "text"), "text=Bread is short"),
        (("add", "statement", "text=a", "text=b"), "said twice"),
        (("add", "statement", "txet=a"), "text"),
        (("add", "statement", "--file", "nowhere.json"), "nowhere.json"),
        (("api", "FETCH", "/v1/maps"), "FETCH"),
        (("api", "POST", "batch", "-d", "{"), "no JSON"),
        (("api", "GET", "nowhere"), "nowhere"),
        (("node", "nobody"), "nobody"),
        (("list", "things"), "things"),
    ],
)
def test_wrong_use_is_told_with_what_would_do(winter: Cli, words: tuple[str, ...], told: str) -> None:
    done = winter(*words)
    assert (done.code, told in done.err) == (2, True), done


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("words", [("node", "p-50"), ("list", "motives"), ("api", "GET", "/v1/maps")])
def test_a_running_service_says_the_same(cli: Cli, running: str, words: tuple[str, ...]) -> None:
    def timeless(done: Done) -> list[str]:
        return [line for line in done.out.splitlines() if "202" not in line]

    own, theirs = cli(*words), cli(*words, "--url", running)
    assert (own.code, theirs.code) == (0, 0)
    assert timeless(own) == timeless(theirs)
