"""A server in a process of its own that says, when asked by a signal, how much CPU it has used."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from bench.figure import Unmeasurable

_READY = 60


class Child:
    """One running server."""

    def __init__(self, process: subprocess.Popen[str], out: IO[str], port: int) -> None:
        self._process = process
        self._out = out
        self.port = port

    @classmethod
    def start(cls, kind: str, *more: str, **settings: str) -> Child:
        """Start `ours` over a store's file, or with settings, or `bare` with a file to send; wait until it answers."""
        command = [sys.executable, "-m", "bench.http_server", kind, *more]
        folder = Path(__file__).parents[1]
        given = {f"ARGUMAP_{name.upper()}": value for name, value in settings.items()}
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, env={**os.environ, **given})
        if process.stdout is None:
            raise RuntimeError("no output to read")
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the {kind} server did not start")
        return cls(process, process.stdout, int(line.split("127.0.0.1:")[1].split()[0]))

    def cpu(self) -> float:
        """Seconds of CPU that it has used so far."""
        self._process.send_signal(signal.SIGUSR1)
        return float(json.loads(self._out.readline()))

    def spent(self) -> float:
        """The same without its doing anything, so that it is told while it is busy; 0 where the system does not."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(one.read_text(encoding="ascii").split()[0]) for one in tasks) / 1e9

    def memory(self) -> float:
        """Megabytes that it holds; raises `Unmeasurable` where the system does not tell."""
        told = Path(f"/proc/{self._process.pid}/status")
        if not told.exists():
            raise Unmeasurable("this system does not tell what another process holds")
        [line] = [line for line in told.read_text().splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024

    def peak(self) -> float:
        """Megabytes that it has held at most."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024

    def end(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(_READY)
        self._out.close()


def _tell(*_: object) -> None:
    print(time.process_time(), flush=True)


def _bare(file: Path) -> Any:
    body = file.read_bytes()
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))],
    }
    whole = {"type": "http.response.body", "body": body}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start)
        await send(whole)

    return app


def _run_bare(file: Path) -> None:
    import uvicorn  # noqa: PLC0415 - a child loads what it serves with

    from service.server import address_of, listen  # noqa: PLC0415

    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        _bare(file), access_log=False, server_header=False, date_header=True, log_level="warning", lifespan="off"
    )
    print(address_of(listener), flush=True)
    uvicorn.Server(config).run(sockets=[listener])


def _run_ours(file: Path | None) -> None:
    from service.server import serve  # noqa: PLC0415
    from service.settings import Settings, read_settings  # noqa: PLC0415

    serve(read_settings() if file is None else Settings(port=0, store=f"sqlite:{file}"))


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _tell)
    if sys.argv[1] == "bare":
        _run_bare(Path(sys.argv[3]))
    else:
        _run_ours(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
