"""`argumap settings` and the options of `argumap serve`: one table, and no secret in it."""

from __future__ import annotations

import json
import re

import pytest

from service.settings import setting_fields, variable
from tests.cli.conftest import Cli


def test_every_setting_is_a_line_with_value_and_origin(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGUMAP_PORT", "9001")
    lines = {line.split()[0]: line for line in cli("settings").out.splitlines()}
    assert {variable(one.name) for one in setting_fields()} | {"ARGUMAP_URL", "ARGUMAP_KEY", "SETTING"} == set(lines)
    assert re.match(r"ARGUMAP_PORT +9001 +environment  ", lines["ARGUMAP_PORT"])
    assert re.match(r"ARGUMAP_HOST +127\.0\.0\.1 +default  ", lines["ARGUMAP_HOST"])


def test_secrets_are_not_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGUMAP_NEO4J_PASSWORD", "let-me-in-7")
    monkeypatch.setenv("ARGUMAP_KEY", "open-too")
    for arguments in (("settings",), ("settings", "--json")):
        out = cli(*arguments).out
        assert "let-me" not in out
        assert out.count("(set)") == 2


def test_json_is_an_object_by_variable(cli: Cli) -> None:
    told = json.loads(cli("settings", "--json").out)
    assert told["ARGUMAP_PORT"] == {"value": "8000", "from": "default", "sentence": told["ARGUMAP_PORT"]["sentence"]}


def test_every_setting_is_an_option_of_serve(cli: Cli) -> None:
    told = cli("serve", "--help").out
    for one in setting_fields():
        assert f"--{one.name.replace('_', '-')}" in told
        assert variable(one.name) in told.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--port", "eighty"), 2, "ARGUMAP_PORT"),
        (("--host", "0.0.0.0"), 2, "refusing to listen"),
        (("--store", "postgres://x"), 2, "names no store"),
        (("--store", "bolt://127.0.0.1:1", "--port", "0", "--store-timeout", "1"), 3, "127.0.0.1:1"),
    ],
)
def test_serve_refuses_plainly(cli: Cli, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = cli("serve", *arguments)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err
