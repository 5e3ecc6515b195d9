"""How commands end: missing stores and services, pipes that close, faults, and help that comes fast."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import commands
from service.cli.output import working
from tests.cli.conftest import Cli
from tests.support.files import ROOT

COMMANDS = sorted(str(one.name) for one in (*commands.app.registered_commands, *commands.app.registered_groups))
PROMISED = {"serve", "seed", "maps", "paths", "summary", "graph", "export", "settings"}
READS = (["maps"], ["paths", "p-50", "t-main"], ["summary"], ["graph"], ["export"])


def argumap(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ARGUMAP_")}
    return subprocess.Popen(
        [sys.executable, "-m", "service", *arguments],
        cwd=ROOT, env={**clean, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("command", READS, ids=lambda command: command[0])
def test_a_store_that_is_not_there_is_not_made_by_asking(cli: Cli, command: list[str], tmp_path: Path) -> None:
    done = cli(*command)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"argumap: there is no store at {tmp_path / 'own.sqlite'}; `argumap seed` makes one")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [*READS, ["seed"]], ids=lambda command: command[0])
def test_a_service_that_is_not_there_ends_with_three(cli: Cli, command: list[str]) -> None:
    done = cli(*command, "--url", "http://127.0.0.1:1")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("argumap: no service answers at http://127.0.0.1:1")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        (["--url", "127.0.0.1:8000"], 2, "it looks like http://"),
        (["--store", "postgres://x"], 2, "names no store"),
        (["--store", "sqlite:"], 2, "names no store"),
        (["--store", "bolt://127.0.0.1:1"], 3, "127.0.0.1:1"),
    ],
)
def test_a_place_that_is_none_is_told_plainly(cli: Cli, place: list[str], code: int, said: str) -> None:
    done = cli("maps", *place)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_file_that_is_no_store_ends_with_three(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "text.sqlite"
    file.write_text("no database at all " * 500, encoding="utf-8")
    done = cli("maps", "--store", f"sqlite:{file}")
    assert done.code == 3
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", [["cypher", "RETURN 1"], ["adopt"]], ids=lambda command: command[0])
def test_what_this_store_never_can_is_wrong_use(cli: Cli, command: list[str], seeded_file: str) -> None:
    done = cli(*command, "--store", seeded_file)
    assert (done.code, done.out) == (2, "")
    assert "an SQLite store" in done.err or "Neo4j" in done.err


def test_a_server_that_is_no_argumap_is_told(cli: Cli) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        done = cli("maps", "--url", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert (done.code, done.err) == (3, "argumap: what answers is no argumap service: status 404\n")


def test_a_setting_that_does_not_exist_is_wrong_use(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGUMAP_STOER", "x")
    done = cli("maps")
    assert done.code == 2
    assert "did you mean ARGUMAP_STORE?" in done.err


def test_a_fault_is_told_in_one_line_and_at_length_only_when_asked(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a screw is loose")

    monkeypatch.setattr("service.cli.question.the_map", broken)
    monkeypatch.setattr("service.cli.target.Target.embedded", broken)
    done = cli("summary")
    assert done.code == 3
    assert done.err.startswith("argumap: this is a fault of argumap: RuntimeError: a screw is loose")
    assert "Traceback" not in done.err
    assert "Traceback" in cli("--debug", "summary").err


def test_a_reader_that_has_enough_ends_it_quietly(seeded_file: str) -> None:
    process = argumap("summary", "--store", seeded_file)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert (process.wait(30), error) == (0, "")


def test_an_interrupt_ends_it_quietly() -> None:
    start = "import signal, sys; from service import cli; from service.cli import commands\n"
    stop = "commands.execute = lambda _: signal.raise_signal(signal.SIGINT)\nsys.exit(cli.run(['maps']))"
    done = subprocess.run([sys.executable, "-c", start + stop], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


def test_the_installed_command_runs(seeded_file: str) -> None:
    process = argumap("paths", "eu-53", "t-main", "--source", "s-eu", ARGUMAP_STORE=seeded_file)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (0, "")
    assert out.endswith("9 paths: 9 supporting. There are no others.\n")


def test_help_loads_nothing_big_so_that_it_comes_fast() -> None:
    code = "import sys; from service.cli import run; run(['--help']); print({m.split('.')[0] for m in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    assert [
        name for name in ("fastapi", "numpy", "neo4j", "httpx2", "rich", "apsw", "pydantic") if f"'{name}'" in loaded
    ] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(cli: Cli, command: str) -> None:
    done = cli(command, "--help")
    assert done.code == 0
    assert "Examples:\n" in done.out
    assert f"argumap {command}" in done.out
    assert cli(command, "-h").out == done.out


def test_all_commands_are_known_and_a_mistyped_one_is_met_with_a_hint(cli: Cli) -> None:
    assert set(COMMANDS) >= PROMISED
    done = cli("pahts")
    assert done.code == 2
    assert "paths" in done.err
    assert cli("--version").out.startswith("argumap 0.")


def test_progress_is_for_terminals_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with working("Counting"):
        pass
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with working("Counting"):
        pass
    out, err = capsys.readouterr()
    assert out == ""
    assert "Counting" in err


def test_nothing_asked_gives_the_help_and_is_wrong_use(cli: Cli) -> None:
    done = cli()
    assert done.code == 2
    assert "Commands:" in done.out + done.err
