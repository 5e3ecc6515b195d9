"""Entity tags: a tag is equal exactly where the bytes are, and a condition is judged as RFC 9110 says."""

import re
from hashlib import blake2b

from pydantic import BaseModel

from graph.snapshot.argument_graph import ArgumentGraph
from schemas.query import ViewQuery

_TAG = re.compile(r'\s*(?P<weak>W/)?"(?P<tag>[\x21\x23-\x7e\x80-\uffff]*)"\s*(?:,|$)')


def of_read(graph: ArgumentGraph, query: BaseModel, salt: str) -> str:
    """The tag of a question about a map: its birth, its revision, the view and the question."""
    asked = query.model_dump_json(exclude={"as_of"} | _IDS, exclude_defaults=True)
    narrowed = query.filters() if isinstance(query, ViewQuery) else ()
    return f'"{graph.revision}-{digest(graph.header.created_at, asked, repr(narrowed), salt)}"'


_IDS = {"sources", "actors", "motives", "without"}
"""Filters whose order does not matter; they count by `ViewQuery.filters`."""


def of_node(version: int, document: bytes, derived: str, salt: str) -> str:
    """The tag of one node: its version and a digest of its document, then what is derived of it."""
    whole = f'"{version}-{digest(document, salt)}'
    return f'{whole}-{derived}"' if derived else whole + '"'


def digest(*parts: str | bytes) -> str:
    """A short digest of several texts."""
    whole = blake2b(digest_size=9)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


def is_fresh(condition: str | None, tag: str) -> bool:
    """Whether If-None-Match says that the client has these bytes; weak tags count too."""
    if condition is None:
        return False
    if condition == tag:
        return True
    return condition.strip() == "*" or any(f'"{found}"' == tag for _, found in _tags(condition))


def allows(condition: str, tag: str) -> bool:
    """Whether If-Match names the state that a node is in; weak tags never do.

    What is derived does not count: it is no part of what a write changes, and an edit elsewhere must not make
    a writer's tag stale.
    """
    if condition.strip() == "*":
        return True
    state = _state(tag.strip('"'))
    return any(not weak and _state(found) == state for weak, found in _tags(condition))


def _tags(condition: str) -> list[tuple[bool, str]]:
    return [(bool(m["weak"]), m["tag"]) for m in _TAG.finditer(condition)]


def _state(tag: str) -> str:
    return "-".join(tag.split("-")[:2])
