"""Cursors: where a page ended, so that the next one begins right behind it whatever was written between."""

import base64
import binascii
from typing import Any

import msgspec

from graph.errors import Refused
from schemas.problem import FieldProblem
from service.http.encoding import encode

Place = tuple[tuple[int, Any], str]
"""Where an item stands: the value that the list is sorted by, made comparable, and its id."""


def encoded(place: Place, asked: str) -> str:
    """The cursor behind an item of the list that `asked` names."""
    return base64.urlsafe_b64encode(encode([asked, place])).decode().rstrip("=")


def decoded(cursor: str | None, asked: str) -> Place | None:
    """Where a cursor points; raises `Refused` for one of another list or of nobody's making."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        question, place = msgspec.json.decode(raw, type=tuple[str, tuple[tuple[int, Any], str]])
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise _no_cursor("is invalid; take `next` of the page before") from error
    if question != asked:
        raise _no_cursor("belongs to another question; ask with the same filters and order, or begin anew")
    return place


def _no_cursor(detail: str) -> Refused:
    return Refused(f"the cursor {detail}", [FieldProblem("/cursor", f"the cursor {detail}")], code="invalid_parameter")
