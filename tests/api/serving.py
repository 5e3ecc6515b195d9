"""The service as a process of its own, and a connection that says bytes as they are given."""

from __future__ import annotations

import os
import re
import select
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import pytest

from tests.support.files import ROOT

_START = "from service import server, settings; server.serve(settings.read_settings())"
_WAIT = 60


class Served:
    """A running service; leaving the context ends it."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *, before: str = "") -> None:
        """`before`: what the process does before it serves."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ARGUMAP_")}
        self._log = (folder / "service.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"{before}\n{_START}"],
            cwd=ROOT,
            env={**clean, "ARGUMAP_PORT": "0", **settings},
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.line = ""
        self.url = ""

    def __enter__(self) -> Served:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], _WAIT)
        self.line = self.process.stdout.readline() if ready else ""
        found = re.search(r"http://\S+", self.line)
        if found is None:
            said = self.log()
            self.end()
            pytest.fail(f"not ready: {self.line!r} {said}")
        self.url = found[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.end()

    def log(self) -> str:
        """What the process has said on its error output."""
        self._log.seek(0)
        return self._log.read()

    def complaints(self) -> list[str]:
        """What of that is no record of a request that was answered."""
        return [line for line in self.log().splitlines() if " info argumap.audit: answered " not in line]

    def end(self) -> int:
        """End the process as a user would, and give its exit code."""
        if self._log.closed:
            return self.process.returncode
        self.process.terminate()
        code = self.process.wait(timeout=_WAIT)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()
        return code

    def connect(self) -> Wire:
        """A connection of bytes."""
        place = urlsplit(self.url)
        return Wire(socket.create_connection((place.hostname, place.port), timeout=_WAIT))


class Wire:
    """One connection, on which several requests may follow one another."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._rest = b""

    def say(self, head: str, *parts: bytes) -> None:
        """Send a request: its head in lines, then pieces of a body as they are."""
        self._connection.sendall(head.strip().replace("\n", "\r\n").encode() + b"\r\n\r\n")
        for part in parts:
            self._connection.sendall(part)

    def hear(self, *, body: bool = True) -> tuple[int, dict[str, str], bytes]:
        """The next answer: status, headers and body."""
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
        size = int(headers.get("content-length", "0")) if body else 0
        while len(self._rest) < size:
            self._more()
        said, self._rest = self._rest[:size], self._rest[size:]
        return int(lines[0].split()[1]), headers, said

    def ended(self) -> bool:
        """Whether the other side has ended the connection."""
        try:
            return self._connection.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self._connection.close()

    def _more(self) -> None:
        part = self._connection.recv(65536)
        assert part, f"the connection ended behind {self._rest!r}"
        self._rest += part
