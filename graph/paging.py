"""Pages of an answer: a cursor says which question it continues, and behind which place in the answer's total order.

A place is what the items are ordered by, never a count of items: so a page begins right behind the one before,
whatever was written between.
"""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from pydantic import BaseModel

from graph.errors import Refused
from schemas.problem import FieldProblem
from schemas.query import ViewQuery

T = TypeVar("T")
_encode = msgspec.json.Encoder(decimal_format="number").encode
_NOT_ASKED = {"cursor", "limit", *ViewQuery.model_fields}


class Page(NamedTuple, Generic[T]):
    """A part of an answer."""

    items: Sequence[T]
    total: int
    """Items on all pages."""
    next: str | None
    """The cursor behind the last item; None at the end."""


def question_of(map_id: str, view: ViewQuery | None, query: BaseModel, *about: str) -> str:
    """A digest of what is asked: the map, the view's filters, the query and what else the address names.

    The revision, the size of a page and the cursor are no part of it.
    """
    asked = query.model_dump_json(exclude=_NOT_ASKED, exclude_defaults=True)
    parts = (map_id, repr(() if view is None else view.filters()), type(query).__name__, asked, *about)
    whole = blake2b(digest_size=9)
    for part in parts:
        whole.update(b"%d:" % len(part))
        whole.update(part.encode())
    return whole.hexdigest()


def encode_cursor(question: str, place: object) -> str:
    """The cursor behind a place, a value that JSON can hold, in the answer to a question."""
    return base64.urlsafe_b64encode(_encode([question, place])).decode().rstrip("=")


def decode_cursor(cursor: str, question: str, shape: type[T]) -> T:
    """The place that a cursor points behind. Raises `Refused` for one of another question or of nobody's making."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        asked, place = msgspec.json.decode(raw, type=tuple[str, shape])  # type: ignore[valid-type]
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise _invalid("is invalid; take `next` of the page before") from error
    if asked != question:
        raise _invalid("belongs to another question; ask with the same filters and order, or begin anew")
    found: T = place
    return found


def page_of(
    items: Sequence[T],
    place_of: Callable[[T], Any],
    shape: type[Any],
    *,
    question: str,
    limit: int,
    cursor: str | None,
) -> Page[T]:
    """The page behind a cursor of items that stand in the order of their places.

    `shape` is the type of a place, as it is read from JSON. O(page + log items). Raises `Refused`.
    """
    begin = 0
    if cursor is not None:
        begin = bisect_right(items, decode_cursor(cursor, question, shape), key=place_of)
    shown = items[begin : begin + limit]
    more = begin + len(shown) < len(items)
    return Page(shown, len(items), encode_cursor(question, place_of(shown[-1])) if more else None)


def _invalid(what: str) -> Refused:
    return Refused(f"the cursor {what}", [FieldProblem("/cursor", f"the cursor {what}")], code="invalid_parameter")
