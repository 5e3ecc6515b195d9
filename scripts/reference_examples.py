"""Writes an example answer for each operation of the reference: what the service really answers, whole.

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
from service.reference.examples import EXAMPLES, Example
from service.reference.openapi import ANSWERS
from service.settings import Settings

_MAKING = ("create_map", "run_batch", "attach_source_text", "create_key", "create_remark",
           "create_draft", "create_remark_of_draft")  # fmt: skip
"""The operations that make the map of the examples the key to it and what is said beside it, in this order."""
_OF_NEO4J: dict[str, dict[str, Any]] = {
    "adopt_hand_edits": {
        "map": "old-bridge", "revision": None, "created": [], "updated": ["cracks"], "deleted": [],
        "conflicts": [
            {"node": "lorries", "detail": "'lorries' is referred to by a-1; delete or change it first, or use cascade"}
        ],
        "dry_run": True,
    },
    "ask_cypher": {
        "columns": ["kind", "nodes"], "rows": [["actor", 3], ["statement", 5]], "complete": True, "cut_by": None,
    },
}  # fmt: skip
"""Answers that only a Neo4j gives, which no run of this script needs."""
_TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_MADE = re.compile(r"\b(actor|motive|p|a|s|x|r|map|change|draft)-[0-9a-z]{22}\b")
Call = tuple[str, str]
"""Method and path."""


def answers() -> dict[str, Any]:
    """The answer to the example request of each operation that answers JSON, by its id.

    Raises `RuntimeError` where an example is refused.
    """
    calls = _calls(create_app(Settings(store="sqlite::memory:", seed=False)).openapi())
    with _made(calls, _MAKING) as read:
        return {name: _answer(calls, name, read) for name in calls}


def written() -> bytes:
    """The file's text."""
    return msgspec.json.format(msgspec.json.encode(answers()), indent=1) + b"\n"


def _calls(document: dict[str, Any]) -> dict[str, Call]:
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if path != "/openapi.json" and _answers_json(operation)
    }


def _answers_json(operation: dict[str, Any]) -> bool:
    return "application/json" in operation["responses"][min(operation["responses"])].get("content", {})


def _answer(calls: dict[str, Call], name: str, read: TestClient) -> Any:
    if name in _OF_NEO4J:
        return _OF_NEO4J[name]
    if calls[name][0] == "GET":
        return _asked(calls, name, read)
    before = _MAKING[: _MAKING.index(name)] if name in _MAKING else (*_MAKING, *EXAMPLES.get(name, {}).get("after", ()))
    with _made(calls, before) as own:  # a write must not change what the other examples see
        return _asked(calls, name, own)


@contextmanager
def _made(calls: dict[str, Call], names: tuple[str, ...]) -> Iterator[TestClient]:
    """A service of its own that these operations have been asked of."""
    app = create_app(Settings(store="sqlite::memory:", seed=False), trusting=True)
    with TestClient(app, base_url="http://localhost") as client:
        for name in names:
            _asked(calls, name, client)
        yield client


def _asked(calls: dict[str, Call], name: str, client: TestClient) -> Any:
    (method, path), example = calls[name], EXAMPLES.get(name, {})
    query = {one: _said(value) for one, value in example.get("query", {}).items()}
    answer = client.request(method, path.format(**example.get("path", {})), params=query, **_body(example))
    if not answer.is_success:
        raise RuntimeError(f"the example of {name} is answered with {answer.status_code}: {answer.text}")
    return msgspec.json.decode(_plain(_without_secret(answer.text) if path.startswith("/v1/keys") else answer.text))


def _body(example: Example) -> dict[str, Any]:
    if "text" in example:
        return {"content": example["text"], "headers": {"Content-Type": "text/plain"}}
    return {"json": example["body"]} if "body" in example else {}


def _said(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _without_secret(text: str) -> str:
    """The answer about keys with one that never was."""
    return re.sub(r'"id":"\w{10}"', '"id":"0123456789"', re.sub(r"argm_\w+", f"argm_0123456789_{'0' * 38}", text))


def _plain(text: str) -> str:
    """The answer without what differs from run to run."""
    made: dict[str, str] = {}

    def same(match: re.Match[str]) -> str:
        return made.setdefault(match[0], f"{match[1]}-{len(made) + 1:022}")

    return _TIME.sub("2026-01-31T12:00:00.000000Z", _MADE.sub(same, text))


if __name__ == "__main__":
    Path(ANSWERS).write_bytes(written())
