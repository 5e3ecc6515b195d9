"""Entity tags and conditions on them, as RFC 9110 (section 13) has them.

The tag of a node begins with its version, and a condition may name the version alone; that of a map is its
revision with a digest of its birth; that of every other read adds the view and the question to these. A
compressed answer has the coding behind its tag, `"3.a1b2c3+gzip"`, since its bytes are others; in a condition it
counts as the tag itself.
"""

from collections.abc import Iterator
from hashlib import blake2b

from pydantic import BaseModel

from graph.snapshot.argument_graph import ArgumentGraph
from schemas.query import ViewQuery

CODINGS = ("gzip", "br", "zstd")
_LONGEST = 8192
"""Characters of a condition that are looked at; a longer one names nothing that this service gave."""


def of_read(graph: ArgumentGraph, view: ViewQuery, question: BaseModel | None, salt: str) -> str:
    """The tag of a question about a map: its birth, its revision, the view and the question."""
    asked = "" if question is None else question.model_dump_json(exclude_defaults=True)
    narrowed = repr((view.filters(), view.labels))
    return f'"{graph.revision}-{digest(graph.header.created_at, asked, narrowed, salt)}"'


def digest(*parts: str | bytes) -> str:
    """A short digest of several texts."""
    whole = blake2b(digest_size=9)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


def is_fresh(condition: str | None, tag: str) -> bool:
    """Whether If-None-Match names these bytes; weak tags count too."""
    if condition is None:
        return False
    if condition == tag:
        return True
    return condition.strip() == "*" or any(plain(found) == tag.strip('"') for _, found in read(condition))


def plain(tag: str) -> str:
    """A tag without the coding behind it."""
    name, plus, coding = tag.rpartition("+")
    return name if plus and coding in CODINGS else tag


def read(condition: str) -> Iterator[tuple[bool, str]]:
    """The tags of a condition, each with whether it is weak; one pass, and what is malformed names nothing."""
    if len(condition) > _LONGEST:
        return
    place = 0
    while (start := condition.find('"', place)) >= 0:
        end = condition.find('"', start + 1)
        if end < 0:
            return
        yield condition[max(place, start - 2) : start] == "W/", condition[start + 1 : end]
        place = end + 1
