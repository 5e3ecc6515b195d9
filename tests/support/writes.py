"""Writes that are hard on a service, put to a hostile map; `dry` ones store nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

_BATCH = 5_000
"""As many operations as a batch may have."""


class Write(NamedTuple):
    """A request that changes a map, or says what a change would do."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, Any] = MappingProxyType({})


def _large_batch(map_id: str) -> Write:
    made = [{"op": "create", "kind": "statements", "id": f"new{n:05}", "value": _new(n)} for n in range(_BATCH // 2)]
    joined = [
        {
            "op": "create",
            "kind": "arguments",
            "id": f"joined{n:05}",
            "value": {"premises": [f"new{n:05}"], "target": "centre", "stance": "supporting"},
        }
        for n in range(_BATCH // 2)
    ]
    return Write("POST", f"/v1/maps/{map_id}/batch", {"operations": [*made, *joined]})


def _new(n: int) -> dict[str, str]:
    return {"text": f"what is newly said of the matter, {n}"}


def _cascade_dry_run(map_id: str) -> Write:
    gone = {"op": "delete", "kind": "statements", "id": "centre", "cascade": True}
    return Write("POST", f"/v1/maps/{map_id}/batch", {"operations": [gone], "dry_run": True})


def _cascade(map_id: str) -> Write:
    return Write("DELETE", f"/v1/maps/{map_id}/statements/centre", query={"cascade": "true"})


def _refused_delete(map_id: str) -> Write:
    return Write("DELETE", f"/v1/maps/{map_id}/statements/centre")


def _patch(map_id: str) -> Write:
    return Write("PATCH", f"/v1/maps/{map_id}/statements/centre", {"note": "seen"})


def _argument(map_id: str) -> Write:
    return Write(
        "POST",
        f"/v1/maps/{map_id}/arguments",
        {"text": "what is said of the matter anew", "stance": "supporting", "target": "centre", "source": "paper"},
    )


def _statement(map_id: str) -> Write:
    return Write("POST", f"/v1/maps/{map_id}/statements", {"text": "что об этом говорят в одном предложении"})


def _what_if_edited(map_id: str) -> Write:
    edits = [{"op": "update", "kind": "statement", "id": "centre", "value": {"credence": 0.1}}]
    return Write(
        "POST",
        f"/v1/maps/{map_id}/what-if",
        {"edits": edits, "ask": ["evaluation", "motives", "paths"], "to": ["goal"]},
    )


def _what_if_deleted(map_id: str) -> Write:
    gone = {"op": "delete", "kind": "statement", "id": "centre", "cascade": True}
    body = {"edits": [gone], "ask": ["evaluation", "motives"]}
    return Write("POST", f"/v1/maps/{map_id}/what-if", body, {"without": "copy"})


def _patch_map(map_id: str) -> Write:
    return Write("PATCH", f"/v1/maps/{map_id}", {"title": "Another title"})


def _delete_map(map_id: str) -> Write:
    return Write("DELETE", f"/v1/maps/{map_id}")


WRITES: dict[str, Callable[[str], Write]] = {
    "a large batch": _large_batch,
    "a dry run of a cascade": _cascade_dry_run,
    "a delete with what refers to it": _cascade,
    "a delete that is refused": _refused_delete,
    "a PATCH of a node": _patch,
    "a POST of an argument": _argument,
    "a POST of a statement": _statement,
    "a what-if of an edit": _what_if_edited,
    "a what-if of a delete": _what_if_deleted,
    "a PATCH of the map": _patch_map,
    "a delete of the map": _delete_map,
}
