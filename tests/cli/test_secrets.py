"""Secrets come out nowhere: a password and a key that are given to every command stand in nothing that it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from service.cli.commands import app
from tests.cli.conftest import Cli

PASSWORD = "canary-of-the-password-7"
KEY = "argm_canary00000_000000000000000000000000000000"
_ENDLESS = {"serve"}
"""Commands that go on once they have begun; what they say where they cannot is tried by itself."""


def _commands(group: Any, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command with a word for each thing that it requires."""
    inner = getattr(group, "commands", {})
    found = [command for name, one in inner.items() for command in _commands(one, (*before, name))]
    if before and (not inner or getattr(group, "invoke_without_command", False)):
        required = [one for one in group.params if one.required]
        given = [part for one in required for part in ((*one.opts[:1], "x") if one.opts[0].startswith("-") else ("x",))]
        found.append((*before, *given))
    return found


COMMANDS = [one for one in _commands(typer.main.get_command(app)) if one[0] not in _ENDLESS]


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGUMAP_NEO4J_PASSWORD", PASSWORD)
    monkeypatch.setenv("ARGUMAP_KEY", KEY)
    monkeypatch.setenv("ARGUMAP_STORE_TIMEOUT", "1")


def test_there_are_commands_to_try() -> None:
    assert len(COMMANDS) > 30


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_says_the_key_or_the_password(cli: Cli, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.setenv("ARGUMAP_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ARGUMAP_STORE", "sqlite:no-such-store.db")
    for arguments in (command, ("--debug", *command)):
        done = cli(*arguments)
        assert PASSWORD not in done.out + done.err
        assert KEY not in done.out + done.err


@pytest.mark.parametrize("command", [("maps",), ("doctor",), ("keys", "list"), ("settings",), ("serve", "--port", "0")])
def test_a_database_that_is_not_there_is_told_of_without_its_password(cli: Cli, command: tuple[str, ...]) -> None:
    done = cli("--debug", *command, "--store", "bolt://127.0.0.1:1") if command != ("settings",) else cli("settings")
    assert PASSWORD not in done.out + done.err


@pytest.mark.parametrize("address", ["neo4j://db.example:7687", "bolt://10.0.0.1", "bolt://[2001:db8::1]:7687"])
def test_a_password_is_not_sent_in_clear_to_another_machine(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    done = cli("maps", "--store", address)
    assert done.code == 2
    assert "ARGUMAP_CLEAR_TEXT=1" in done.err
    assert "+s://" in done.err


@pytest.mark.parametrize("address", ["http://db.example:8000", "HTTP://10.0.0.1", "http://localhost.example"])
def test_a_key_is_not_sent_in_clear_to_another_machine(cli: Cli, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    done = cli("maps", "--url", address)
    assert done.code == 2
    assert "ARGUMAP_CLEAR_TEXT=1" in done.err
    assert KEY not in done.err


def test_who_says_that_the_network_is_safe_is_believed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGUMAP_CLEAR_TEXT", "1")
    done = cli("maps", "--url", "http://127.0.0.1.nip.invalid:1")
    assert done.code == 3, done.err


def test_files_that_others_may_read_are_told_of(tmp_path: Path) -> None:
    from service.settings import Settings, files_open_to_others

    files = [tmp_path / name for name in ("store.db", "password", "key")]
    for file in files:
        file.touch(mode=0o600)
        file.chmod(0o600)
    settings = Settings(store=f"sqlite:{files[0]}", neo4j_password_file=str(files[1]), neo4j_key=str(files[2]))
    assert files_open_to_others(settings) == []
    for place, mode in enumerate((0o644, 0o640, 0o602)):
        files[place].chmod(mode)
    assert files_open_to_others(settings) == [str(file) for file in files]
