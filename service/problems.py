"""Problems: which status each error has, what its code means, and how it is said (RFC 9457)."""

import logging
import secrets
from collections.abc import Callable, Iterable
from http import HTTPStatus

import msgspec

from graph import errors as graph_errors
from schemas.problem import FieldProblem
from service import errors
from service.wire.answer import PROBLEM, Answer, encode

_log = logging.getLogger("argumap")
_RETRY_AFTER = "2"
AnyError = graph_errors.GraphError | errors.ServiceError

STATUS: dict[type[Exception], int] = {
    errors.Unreadable: 400,
    errors.NoRoute: 404,
    graph_errors.NotFound: 404,
    errors.OtherMethod: 405,
    graph_errors.Conflict: 409,
    graph_errors.Stale: 412,
    errors.BodyTooLarge: 413,
    graph_errors.TooLarge: 413,
    errors.OtherCoding: 415,
    errors.OtherMedia: 415,
    graph_errors.Refused: 422,
    errors.ConditionMissing: 428,
    graph_errors.StoreUnusable: 500,
    errors.Busy: 503,
    graph_errors.RevisionTaken: 503,
    graph_errors.StoreUnavailable: 503,
    graph_errors.OutcomeUnknown: 503,
}
"""The one table of statuses: each error class that is ever raised, and what it answers."""


class Problem(msgspec.Struct, omit_defaults=True):
    """What is wrong, where, and what to do about it (RFC 9457)."""

    type: str
    """Address of a page that explains the code."""
    title: str
    status: int
    detail: str
    code: str
    """Stable name for programs."""
    errors: list[FieldProblem] = []
    id: str | None = None
    """Of an unforeseen failure: the number under which the service has logged it."""


def status_of(error: Exception) -> int:
    """The status of an error; what the table does not know is a failure of the service."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def answer_of(error: AnyError, place: Callable[[FieldProblem], FieldProblem] | None = None) -> Answer:
    """The answer to an error, its places seen as `place` has them."""
    status = status_of(error)
    headers = dict(getattr(error, "headers", {}))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = _RETRY_AFTER
    faults = [place(p) if place else p for p in error.problems]
    return problem(status, error.name, error.detail, faults, headers)


def failure(error: BaseException) -> Answer:
    """The answer to an error that nobody foresaw: logged with a number, and told without its inside."""
    number = secrets.token_hex(6)
    _log.error("failure %s", number, exc_info=error)
    detail = "this is a fault of the service, not of the request; the map is as it was or as it was answered"
    return Answer(
        encode(Problem(_page("internal"), CODES["internal"][0], 500, detail, "internal", id=number)),
        status=500,
        media=PROBLEM,
    )


def problem(status: int, code: str, detail: str, faults: Iterable[FieldProblem], headers: dict[str, str]) -> Answer:
    """An answer that says what is wrong."""
    title = CODES[code][0] if code in CODES else HTTPStatus(status).phrase
    body = Problem(_page(code), title, status, detail, code, list(faults))
    return Answer(encode(body), status=status, media=PROBLEM, headers=headers)


def _page(code: str) -> str:
    return f"/docs/problems/{code}"


CODES: dict[str, tuple[str, str]] = {
    "busy": ("Too much at once", "More long questions wait than the service takes. Try again after Retry-After."),
    "conflict": ("Conflict", "The map's present state stands against the request."),
    "cut_off": ("Request cut off", "The connection ended before the body did."),
    "file_exists": ("File there already", "A backup is written to a new file only."),
    "id_taken": ("Id taken", "Another node or map has this id. Choose another id, or leave it out."),
    "if_match_required": (
        "Condition missing",
        "This service changes or deletes a node only with If-Match: read the node and send its ETag along.",
    ),
    "internal": ("Failure of the service", "A fault of the service. Its log has the details under the answer's id."),
    "invalid": ("Not well formed", "The input parses and breaks a rule of the field that `errors` names."),
    "invalid_idempotency_key": ("Key not valid", "An Idempotency-Key is 1 to 255 printable characters."),
    "invalid_parameter": ("Parameter not valid", "A parameter of the query has a value that it cannot have."),
    "key_reused": ("Key used before", "The Idempotency-Key came with another request before. Choose a new one."),
    "map_not_found": ("No such map", "No map has this id. GET /v1/maps lists those that there are."),
    "media_type": ("Media type not taken", "The body is of another media type than this address takes."),
    "method_not_allowed": ("Method not allowed", "The address exists and does not have this method; see Allow."),
    "node_not_found": ("No such node", "The map has no node of this id and kind in the view that was asked for."),
    "not_a_query": ("Query not readable", "The query of the address does not parse."),
    "not_an_object": ("Not an object", "The body is JSON and not an object."),
    "not_found": ("Not found", "There is no such thing."),
    "not_json": ("Not JSON", "The body does not parse as JSON (RFC 8259)."),
    "not_utf8": ("Not UTF-8", "Body or query holds bytes that are no UTF-8."),
    "other_format": ("Another format", "The document is of no format that is taken here, or of a newer version of it."),
    "outcome_unknown": (
        "Outcome not known",
        "The store went away while it wrote. Send the request again with the same Idempotency-Key, or read first.",
    ),
    "revision_taken": ("WriteResult to without pause", "Other writers were faster each time. Try again."),
    "revision_unknown": ("No such revision", "`as_of` names a revision or time outside of the map's history."),
    "route_not_found": ("No such address", "The service has nothing at this address. /docs lists what there is."),
    "rule_broken": ("Rule broken", "The write would leave the map without one of its rules; `errors` says where."),
    "stale": ("Changed since", "The node was changed since it was read. Read it again, and write again."),
    "still_referred_to": (
        "Still referred to",
        "Others refer to what should go. Delete or change those first, or delete with cascade=true.",
    ),
    "store_error": ("Store failed", "The store failed."),
    "store_unavailable": ("Store away", "The store does not answer. Try again after Retry-After."),
    "store_unusable": ("Store not usable", "The store's data are damaged or of a newer version; see the log."),
    "too_deep": ("Nested too deep", "The body is nested deeper than the limit."),
    "too_large": ("Too large", "The request is past a limit of size; the detail names the limit and its setting."),
    "wrong_kind": ("Node of another kind", "The node is of a kind that cannot be asked about so; see the detail."),
    "unknown_id": ("Id never known", "The map never had a node of this id, or it is of another kind."),
    "unknown_kind": ("Unknown kind", "There is no such kind of node; the detail names the nearest."),
    "unknown_parameter": ("Unknown parameter", "The query has a parameter that this address does not take."),
}
"""Each code with its title and the sentence that its page says."""
