"""Prints which of the project's files a request passes: those that a reader has to open to follow it."""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from httpx2 import ASGITransport, AsyncClient

from graph.stores import open_store
from service.app import create_app
from service.settings import Settings

_ROOT = Path(__file__).parents[1]
_OURS = tuple(f"{_ROOT / name}/" for name in ("schemas", "graph", "seed", "service"))
_MAP = "/v1/maps/food-finance-firepower"


class Asked(NamedTuple):
    """A request; `before` is one like it, after which nothing is done for the first time."""

    method: str
    path: str
    before: Mapping[str, Any]
    now: Mapping[str, Any]


REQUESTS = {
    "a path question": Asked(
        "GET", f"{_MAP}/paths", {"from": "p-49", "to": "t-main"}, {"from": "p-50", "to": "t-main"}
    ),
    "an evaluation": Asked("GET", f"{_MAP}/evaluation", {"motives": "food"}, {}),
    "a POST of an argument": Asked(
        "POST",
        f"{_MAP}/arguments",
        {"text": "Rice is short in the north.", "stance": "supporting", "target": "food"},
        {"text": "Shells are sold for fuel.", "stance": "supporting", "target": "food"},
    ),
}


def files_passed(asked: Asked) -> list[str]:
    """The files of which a function is entered while the request is answered, in order; the map is in memory."""
    return asyncio.run(_passed(asked))


async def _passed(asked: Asked) -> list[str]:
    app = create_app(Settings(), open_store("sqlite::memory:"))
    transport = ASGITransport(app=app)
    found: set[str] = set()
    # Threads of the service start with the profiler, so that work on them counts too.
    with _noted(found):
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            await _ask(client, asked.method, asked.path, asked.before)
            found.clear()
            await _ask(client, asked.method, asked.path, asked.now)
            passed = sorted(found)
    return passed


async def _ask(client: AsyncClient, method: str, path: str, given: Mapping[str, Any]) -> None:
    body, query = (given, None) if method == "POST" else (None, dict(given))
    answer = await client.request(method, path, params=query, json=body)
    if answer.status_code not in (200, 201):
        raise RuntimeError(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
    json.loads(answer.text)


@contextmanager
def _noted(found: set[str]) -> Iterator[None]:
    def note(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(_OURS):
            found.add(name.removeprefix(f"{_ROOT}/"))

    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def main() -> int:
    """Print the files of each request, and how many there are."""
    for name, asked in REQUESTS.items():
        passed = files_passed(asked)
        print(f"{name} passes {len(passed)} files:")
        for file in passed:
            print(f"  {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
