"""What an operation declares of its answers beside the model of the good one: every other status that it has."""

from typing import Any

from service.http.problems import Problem
from service.models.structs import model_of

Declared = dict[int | str, dict[str, Any]]
_ETAG = {"description": "Strong tag of this answer.", "schema": {"type": "string"}}
_LOCATION = {"description": "Where what was made stands.", "schema": {"type": "string", "format": "uri-reference"}}
_RETRY = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
MEANING = {
    304: "The client has these bytes already (If-None-Match).",
    308: "The node was merged into another, which `Location` names; ask for that one.",
    400: "What was sent does not parse.",
    401: "The service asks for a key, and none that is valid was shown.",
    403: "The key does not allow it, or the page of another origin asks for it.",
    404: "No such map, node or address.",
    409: "An id is taken, or others still refer to what should go.",
    412: "A precondition does not hold: changed since it was read (If-Match), or another tag.",
    413: "Larger than a limit or a quota.",
    414: "The address is longer than the limit.",
    415: "A body of another media type.",
    421: "The service does not answer to this Host.",
    422: "It parses and is wrong.",
    428: "If-Match is missing, and this service asks for it.",
    429: "More requests than allowed; try again after Retry-After.",
    500: "A fault of the service; its log has the request under the id that the answer gives.",
    501: "The store of this service cannot do it.",
    503: "The store is away or too much waits; try again after Retry-After.",
}
_ALWAYS = (400, 414, 421, 422, 500)


def reads(*more: int, media: tuple[str, ...] = (), tagged: bool = True) -> Declared:
    """Of a read below a map."""
    return reads_of_service(404, 503, *more, media=media, tagged=tagged)


def reads_of_service(*more: int, media: tuple[str, ...] = (), tagged: bool = True) -> Declared:
    """Of a read that is about no map; `more` names what else can go wrong."""
    found = _problems(*more)
    if tagged:
        found[304] = {"description": MEANING[304], "headers": {"ETag": _ETAG}}
        found[200] = {"headers": {"ETag": _ETAG}}
    if media:
        text = {name: {"schema": {"type": "string"}} for name in media}
        found[200] = {**found.get(200, {}), "content": text}
    return found


def writes(*more: int, status: int = 200, tagged: bool = True) -> Declared:
    """Of a write with a body."""
    found = _problems(403, 413, 415, 503, *more)
    if tagged:
        headers = {"ETag": _ETAG, **({"Location": _LOCATION} if status == 201 else {})}
        found[status] = {"headers": headers}
    return found


def deletes(*more: int, tagged: bool = True) -> Declared:
    """Of a delete, and of any other write without a body."""
    good: Declared = {200: {"headers": {"ETag": _ETAG}}} if tagged else {}
    return {**_problems(403, 404, 503, *more), **good}


def _problems(*statuses: int) -> Declared:
    return {status: _problem(status) for status in sorted({*_ALWAYS, *statuses})}


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    made: dict[str, Any] = {"description": MEANING[status], "content": content}
    return {**made, "headers": {"Retry-After": _RETRY}} if status in (429, 503) else made


PROBLEM = model_of(Problem)
"""The model of every problem; the document names it once."""
