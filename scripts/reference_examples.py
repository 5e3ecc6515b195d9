"""Writes an example answer for each operation of the reference: what the service really answers about the seed.

python -m scripts.reference_examples
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from service.app import create_app
from service.reference.examples import EXAMPLES, MADE_FOR_EXAMPLES
from service.reference.openapi import ANSWERS
from service.routes import ROUTERS
from service.settings import Settings

_SHOWN = 3
"""Items of a list that an example shows."""
_TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_MADE = re.compile(r"\b(actor|motive|p|a|s|x|map)-[0-9a-z]{22}\b")


def answers() -> dict[str, Any]:
    """The answer to the example request of each operation, by its id; each write on a seed of its own."""
    with _seeded() as read:
        return {route.name: _answer(route, read) for route in _routes()}


def _routes() -> Iterator[APIRoute]:
    for route in (one for router in ROUTERS for one in router.routes if isinstance(one, APIRoute)):
        if route.response_model is not None and route.path != "/openapi.json":
            yield route


def _answer(route: APIRoute, read: TestClient) -> Any:
    if route.methods == {"GET"}:
        return _asked(route, read)
    with _seeded() as own:
        return _asked(route, own)


@contextmanager
def _seeded() -> Iterator[TestClient]:
    app = create_app(Settings(store="sqlite::memory:"))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        client.post("/v1/maps", json=MADE_FOR_EXAMPLES)
        yield client


def _asked(route: APIRoute, client: TestClient) -> Any:
    example = EXAMPLES.get(route.name, {})
    [method] = route.methods or {"GET"}
    sent = {"json": example["body"]} if "body" in example else {}
    path = route.path.format(**example.get("path", {}))
    query = {name: _said(value) for name, value in example.get("query", {}).items()}
    answer = client.request(method, path, params=query, **sent)
    if answer.status_code != (route.status_code or 200):
        raise RuntimeError(f"{route.name} answers {answer.status_code}: {answer.text}")
    return _short(msgspec.json.decode(_plain(answer.text)))


def _said(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _plain(text: str) -> str:
    """The answer without what differs from run to run."""
    made: dict[str, str] = {}

    def same(match: re.Match[str]) -> str:
        return made.setdefault(match[0], f"{match[1]}-{len(made) + 1:022}")

    return _TIME.sub("2026-01-31T12:00:00.000000Z", _MADE.sub(same, text))


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [_short(one) for one in value[:_SHOWN]]
    return {name: _short(one) for name, one in value.items()} if isinstance(value, dict) else value


def written() -> bytes:
    """The file's text."""
    return msgspec.json.format(msgspec.json.encode(answers()), indent=1) + b"\n"


if __name__ == "__main__":
    Path(ANSWERS).write_bytes(written())
