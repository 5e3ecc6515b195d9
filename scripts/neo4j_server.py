"""Runs a real Neo4j Community server on loopback from its published jars, without a container engine.

    python -m scripts.neo4j_server start DIR [--port N] [--version 5.26.30]
    python -m scripts.neo4j_server stop DIR
    python -m scripts.neo4j_server status DIR
    python -m scripts.neo4j_server versions

It needs Java and, the first time, Maven. As a module, `with Neo4jServer(folder) as server:` gives
`server.uri`, `.user`, `.password` and `.pid`, and `stop`, `kill`, `freeze` and `thaw` for tests of faults.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from scripts.neo4j_jars import LATEST, LTS, Neo4jServerError, Release, find_java, jars, releases
from scripts.neo4j_process import CHILDREN, command_line, configuration, free_port, is_ours, refuse_busy_port

START_SECONDS = 120
STOP_SECONDS = 30
USER = "neo4j"


class Neo4jServer:
    """One server in one folder; starting, stopping and starting again keeps its data, port and password."""

    user = USER

    def __init__(
        self,
        folder: Path | str,
        *,
        version: str = LTS,
        port: int = 0,
        password: str | None = None,
        heap_mb: int = 512,
        settings: dict[str, str] | None = None,
        jvm: tuple[str, ...] = (),
    ) -> None:
        self.folder = Path(folder).resolve()
        self.release = Release.of(version)
        self.port = port
        self.password = password or secrets.token_urlsafe(18)
        self.heap_mb = heap_mb
        self.settings = settings or {}
        self.jvm = jvm
        self.pid: int | None = None

    @classmethod
    def attached(cls, folder: Path | str) -> Neo4jServer:
        """The server that an earlier `start` left in this folder, running or not."""
        path = Path(folder) / "server.json"
        try:
            state: dict[str, Any] = json.loads(path.read_text())
        except FileNotFoundError:
            raise Neo4jServerError(f"no server was ever started in {folder}") from None
        server = cls(folder, version=state["version"], port=state["port"], password=state["password"])
        server.pid = state["pid"]
        return server

    @property
    def version(self) -> str:
        """The version of Neo4j, as `5.26.30`."""
        return self.release.version

    @property
    def uri(self) -> str:
        """The address for a driver."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the process is there and is ours, frozen or not."""
        return self.pid is not None and is_ours(self.pid, self.folder)

    def start(self) -> Self:
        """Start and wait until a query is answered; what went wrong is said with the end of the log."""
        if (self.folder / "server.json").exists():
            earlier = Neo4jServer.attached(self.folder)
            if earlier.running:
                raise Neo4jServerError(f"a server runs in {self.folder} already: {earlier.uri}, pid {earlier.pid}")
        java = find_java(self.release)
        classpath = jars(self.release)
        self.port = self.port or free_port()
        refuse_busy_port(self.port)
        self._write_configuration()
        self.pid = self._launch(java, classpath)
        self._write_state()
        try:
            self._wait_for_port()
            self._wait_for_answer()
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self, timeout: float = STOP_SECONDS) -> None:
        """Ask for a clean stop and wait for it; a server that is not there is stopped."""
        if not self.running or self.pid is None:
            return
        self.thaw()
        os.kill(self.pid, signal.SIGTERM)
        if not self._ends_within(timeout):
            raise Neo4jServerError(f"Neo4j (pid {self.pid}) did not stop within {timeout:g} s\n{self.log_tail()}")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.running and self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            self._ends_within(10)

    def freeze(self) -> None:
        """Stop the process without closing a connection: the server is there and says nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    def log_tail(self, lines: int = 15) -> str:
        """The end of what the server logged; a wrong setting or a busy port stands there."""
        found = []
        for name in ("neo4j.log", "console.log"):
            path = self.folder / "logs" / name
            if path.exists():
                found += [f"--- {name}", *path.read_text(errors="replace").splitlines()[-lines:]]
        return "\n".join(found)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _signal(self, number: signal.Signals) -> None:
        if self.running and self.pid is not None:
            os.kill(self.pid, number)

    def _ends_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.running and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.running

    def _write_configuration(self) -> None:
        for name in ("conf", "data", "logs", "run", "plugins", "import"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        settings = {**configuration(self.port, self.heap_mb), **self.settings}
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.folder / "conf" / "neo4j.conf").write_text(text)

    def _launch(self, java: Path, classpath: Path) -> int:
        command = command_line(self.release, java, classpath, self.folder, self.heap_mb, self.jvm)
        with (self.folder / "logs" / "console.log").open("wb") as console:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for whoever asked, not for the server.
            )
        CHILDREN[process.pid] = process
        return process.pid

    def _write_state(self) -> None:
        path = self.folder / "server.json"
        state = {"version": self.version, "port": self.port, "pid": self.pid, "password": self.password}
        path.touch(mode=0o600)
        path.write_text(json.dumps(state))

    def _wait_for_port(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.running:
                raise Neo4jServerError(f"Neo4j {self.version} ended while it started\n{self.log_tail()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise Neo4jServerError(f"nothing answered on port {self.port} in {START_SECONDS} s\n{self.log_tail()}")

    def _wait_for_answer(self) -> None:
        """Set the password of a new server, and wait until its database is online."""
        from neo4j import GraphDatabase  # noqa: PLC0415 - stopping a server needs no driver
        from neo4j.exceptions import AuthError, DriverError, Neo4jError  # noqa: PLC0415

        deadline = time.monotonic() + 60
        while True:
            try:
                with GraphDatabase.driver(self.uri, auth=(USER, self.password)) as driver:
                    driver.execute_query("RETURN 1", database_="neo4j")
                return
            except AuthError:
                with GraphDatabase.driver(self.uri, auth=(USER, "neo4j")) as driver:
                    driver.execute_query(
                        "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password",
                        password=self.password,
                        database_="system",
                    )
            except (DriverError, Neo4jError) as error:
                if time.monotonic() > deadline:
                    raise Neo4jServerError(f"Neo4j answers no query: {error}\n{self.log_tail()}") from error
                time.sleep(0.2)


def _describe(server: Neo4jServer) -> str:
    return "\n".join(
        (
            f"Neo4j {server.version} {'runs' if server.running else 'does not run'} in {server.folder}",
            f"  uri       {server.uri}",
            f"  user      {server.user}",
            f"  password  {server.password}",
            "Let the service use it:",
            f"  ARGUMAP_STORE={server.uri} ARGUMAP_NEO4J_USER={server.user} "
            f"ARGUMAP_NEO4J_PASSWORD={server.password} make run",
        )
    )


def _started(asked: argparse.Namespace) -> Neo4jServer:
    """The server which runs there already, or a new one."""
    if (asked.dir / "server.json").exists():
        earlier = Neo4jServer.attached(asked.dir)
        if earlier.running:
            return earlier
        asked.password = asked.password or earlier.password  # the data know no other
    server = Neo4jServer(asked.dir, version=asked.version, port=asked.port, password=asked.password)
    return server.start()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="neo4j_server", description="A real Neo4j on loopback, without containers.")
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("start", help="start a server in a folder")
    start.add_argument("dir", type=Path)
    start.add_argument("--port", type=int, default=0, help="default: a free one")
    start.add_argument("--version", default=LTS, help=f"default: {LTS}; the newest known: {LATEST}")
    start.add_argument("--password", default=os.environ.get("NEO4J_PASSWORD"), help="default: a random one")
    for name, sentence in (
        ("stop", "stop it cleanly"),
        ("status", "say whether it runs and where"),
    ):
        commands.add_parser(name, help=sentence).add_argument("dir", type=Path)
    commands.add_parser("versions", help="the versions known, and whether the Java for them is here")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; 0 done, 3 not possible here."""
    asked = _arguments().parse_args(arguments)
    try:
        if asked.command == "versions":
            print("\n".join(releases()))
        elif asked.command == "start":
            print(_describe(_started(asked)))
        elif asked.command == "stop":
            Neo4jServer.attached(asked.dir).stop()
            print(f"stopped: {asked.dir}")
        else:
            print(_describe(Neo4jServer.attached(asked.dir)))
    except Neo4jServerError as error:
        print(f"neo4j_server: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
