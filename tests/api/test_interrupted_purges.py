"""A purge takes as long as it takes, and ends when nobody wants it any more: the store is as it was, and that is said.

The purges here never end by themselves. One asks whether it is wanted, as all do; one is deaf, as one would be that
waits for its disk.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from graph.maps.doctor import examine
from graph.maps.redaction import Redaction
from graph.maps.workspace import Workspace
from graph.stores.sqlite import SqliteStore
from tests.api.serving import Served
from tests.support.files import ROOT
from tests.support.waiting import until

SECRET = "Zwetschgenkanarienvogel"
_ENDLESS = """
import sys, time
from graph.budgets import check_wanted
from graph.maps.redaction import Redaction

def endless(self):
    print("purging", file=sys.stderr, flush=True)
    while True:
        {asks}
        time.sleep(0.01)

Redaction.end = endless
"""
ASKS, DEAF = _ENDLESS.format(asks="check_wanted()"), _ENDLESS.format(asks="pass")
_PATIENCE = 120.0


def _file(folder: Path) -> Path:
    return folder / "store.db"


def _served(folder: Path, before: str) -> Served:
    settings = {"ARGUMAP_STORE": f"sqlite:{_file(folder)}", "ARGUMAP_SEED": "0", "ARGUMAP_SHUTDOWN_TIMEOUT": "600"}
    return Served(folder, settings, before=before)


def _fill(url: str) -> None:
    httpx2.post(f"{url}/v1/maps", json={"id": "m", "title": "A map"}).raise_for_status()
    made = {"id": "s", "text": f"{SECRET} sings"}
    httpx2.post(f"{url}/v1/maps/m/statements", json=made).raise_for_status()


class _Purge(threading.Thread):
    """A client that waits for the answer."""

    def __init__(self, served: Served) -> None:
        super().__init__()
        self._url = f"{served.url}/v1/maps/m/purge"
        self.answer: httpx2.Response | None = None

    def run(self) -> None:
        with suppress(httpx2.TransportError):
            self.answer = httpx2.post(self._url, json={"texts": [SECRET]}, timeout=_PATIENCE)


async def _purging(served: Served) -> _Purge:
    client = _Purge(served)
    client.start()
    await until(lambda: "purging" in served.log())
    return client


async def _nothing_was_taken_out(folder: Path) -> None:
    """The store is whole and holds what it held, and the same purge ends once it is let."""
    with sqlite3.connect(_file(folder)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = SqliteStore(str(_file(folder)))
    await store.open()
    try:
        workspace = Workspace(store)
        graph = await workspace.at("m")
        assert graph.revision == 2
        assert SECRET in graph.node("s").model_dump_json()
        assert await examine(store, "m") == []
        assert (await workspace.redact("m", Redaction(frozenset(), (SECRET,)), "ann")).revision == 3
        assert not _holds_it(folder)
    finally:
        await store.close()


def _holds_it(folder: Path) -> list[str]:
    return [one.name for one in folder.glob("store.db*") if SECRET.encode() in one.read_bytes()]


async def test_a_purge_ends_with_the_service_and_says_that_it_is_to_be_repeated(tmp_path: Path) -> None:
    with _served(tmp_path, ASKS) as served:
        _fill(served.url)
        client = await _purging(served)
        os.kill(served.process.pid, signal.SIGTERM)
        assert served.process.wait(timeout=_PATIENCE) == 0
        client.join()
        assert client.answer is not None
        assert (client.answer.status_code, client.answer.json()["code"]) == (503, "interrupted")
        assert "Retry-After" in client.answer.headers
        assert "purge of map 'm' was interrupted: nothing was taken out, and it must be repeated" in served.log()
    await _nothing_was_taken_out(tmp_path)


async def test_a_second_signal_ends_the_process_in_the_midst_of_a_purge(tmp_path: Path) -> None:
    with _served(tmp_path, DEAF) as served:
        _fill(served.url)
        client = await _purging(served)
        os.kill(served.process.pid, signal.SIGTERM)
        await until(lambda: _refuses(served.url))
        assert served.process.poll() is None
        os.kill(served.process.pid, signal.SIGTERM)
        assert served.process.wait(timeout=_PATIENCE) == -signal.SIGTERM
        client.join()
    await _nothing_was_taken_out(tmp_path)


def _refuses(url: str) -> bool:
    try:
        httpx2.get(f"{url}/healthz", timeout=_PATIENCE)
    except httpx2.TransportError:
        return True
    return False


async def test_a_purge_ends_when_its_client_leaves(tmp_path: Path) -> None:
    with _served(tmp_path, ASKS) as served:
        _fill(served.url)
        wire = served.connect()
        body = b'{"texts": ["%s"]}' % SECRET.encode()
        wire.say(
            "POST /v1/maps/m/purge HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/json\n"
            f"Content-Length: {len(body)}",
            body,
        )
        await until(lambda: "purging" in served.log())
        wire.close()
        await until(lambda: "was interrupted" in served.log())
        note = httpx2.patch(f"{served.url}/v1/maps/m/statements/s", json={"note": "free"}, timeout=_PATIENCE)
        assert note.json()["revision"] == 3
        back = httpx2.post(f"{served.url}/v1/maps/m/changes/3/revert", timeout=_PATIENCE)
        assert back.status_code == 200


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 1), (signal.SIGTERM, -signal.SIGTERM)])
def test_the_command_can_be_interrupted(tmp_path: Path, number: int, code: int) -> None:
    with _served(tmp_path, "") as served:
        _fill(served.url)
    given = ["purge", "m", "--text-file", "-", "--yes", "--store", f"sqlite:{_file(tmp_path)}"]
    command = subprocess.Popen(
        [sys.executable, "-c", f"{ASKS}\nfrom service.cli import main\nmain({given!r})"],
        cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert command.stdin is not None
    assert command.stderr is not None
    with command.stdin, command.stderr:
        command.stdin.write(SECRET)
        command.stdin.close()
        assert command.stderr.readline() == "purging\n"
        command.send_signal(number)
        said = command.stderr.read()
        assert command.wait(timeout=_PATIENCE) == code
    if number == signal.SIGINT:
        assert said == (
            "argumap: stopped; where the purge had not ended yet nothing was taken out, so give the command again\n"
        )
    asyncio.run(_nothing_was_taken_out(tmp_path))


def test_a_signal_before_the_service_is_ready_is_followed_by_one_that_ends_it(tmp_path: Path) -> None:
    """While the store is opened, which may wait for threads: the first signal would be waited for, not the second."""
    before = """
import signal, sys, threading, time
from service import server
from service.http.context import Service

async def opened(self):
    threading.Thread(target=time.sleep, args=(600,)).start()
    print("opening", file=sys.stderr, flush=True)
    time.sleep(600)

Service.open = opened
"""
    log = (tmp_path / "log").open("w+")
    start = f"{before}\nfrom service import settings\nserver.serve(settings.read_settings())"
    environment = {**os.environ, "ARGUMAP_STORE": f"sqlite:{_file(tmp_path)}", "ARGUMAP_PORT": "0"}
    process = subprocess.Popen([sys.executable, "-c", start], cwd=ROOT, env=environment, stderr=log)
    try:
        _until(lambda: "opening" in (tmp_path / "log").read_text())
        process.send_signal(signal.SIGTERM)
        _until(lambda: process.poll() is not None or _is_default(process.pid, signal.SIGTERM))
        assert process.poll() is None, "a thread is waited for"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=_PATIENCE) == -signal.SIGTERM
    finally:
        process.kill()
        log.close()


def _is_default(pid: int, number: int) -> bool:
    """Whether the system's own handler stands for a signal in a process."""
    caught = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigCgt:"))
    return not int(caught.split()[1], 16) >> (number - 1) & 1


def _until(holds: Callable[[], bool]) -> None:
    asyncio.run(until(holds))
