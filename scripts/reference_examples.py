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
from starlette.testclient import TestClient

from service.app import create_app
from service.examples import MADE_FOR_EXAMPLES
from service.http.openapi import EXAMPLES
from service.http.route import DirectRoute, Operation
from service.routes import OPERATIONS
from service.settings import Settings

_SHOWN = 3
"""Items of a list that an example shows."""
_TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_MADE = re.compile(r"\b(actor|motive|p|a|s|x|map)-[0-9a-z]{22}\b")


def answers() -> dict[str, Any]:
    """The answer to the example request of each operation, by its id; each write on a seed of its own."""
    with _seeded() as read:
        return {route.operation.name: _answer(route.operation, read) for route in OPERATIONS if _is_shown(route)}


def _is_shown(route: DirectRoute) -> bool:
    return "application/json" in route.operation.answers and route.path != "/openapi.json"


def _answer(operation: Operation, read: TestClient) -> Any:
    if operation.method == "GET":
        return _asked(operation, read)
    with _seeded() as own:
        return _asked(operation, own)


@contextmanager
def _seeded() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(store="sqlite::memory:"))) as client:
        client.post("/v1/maps", json=MADE_FOR_EXAMPLES)
        yield client


def _asked(operation: Operation, client: TestClient) -> Any:
    example = operation.example
    sent = {"json": example["body"]} if "body" in example else {}
    path = operation.path.format(**example.get("path", {}))
    query = {name: _said(value) for name, value in example.get("query", {}).items()}
    answer = client.request(operation.method, path, params=query, **sent)
    if answer.status_code != operation.status:
        raise RuntimeError(f"{operation.name} answers {answer.status_code}: {answer.text}")
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
    Path(EXAMPLES).write_bytes(written())
