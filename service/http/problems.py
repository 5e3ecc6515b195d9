"""Problems: which status each error has, what its code means, and how it is answered (RFC 9457)."""

import logging
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from graph import errors as graph_errors
from graph.errors import GraphError, Refused
from graph.keys.secret import redacted
from schemas.problem import FAULTS_AT_MOST, FieldProblem, Place, did_you_mean, explain_faults
from service.http import errors
from service.http.context import admit
from service.http.encoding import PROBLEM, Encoded, encode
from service.http.errors import NoRoute, OtherMethod, ServiceError

_log = logging.getLogger("argumap")
_RETRY_AFTER = "2"
_LONGEST_DETAIL, _LONGEST_POINTER = 2000, 500
_WRONG = ', error="invalid_token"'
"""Behind the challenge where something was shown (RFC 6750, 3.1)."""
_WRITES = {"POST", "PUT", "PATCH"}
_ID_STEP = 5
"""Where a node's id stands in an address below a map: /v1/maps/{map}/{kind}/{id}."""

STATUS: dict[type[Exception], int] = {
    errors.Unreadable: 400,
    graph_errors.KeyRefused: 401,
    errors.ForeignOrigin: 403,
    errors.NotYours: 403,
    errors.SwitchedOff: 403,
    graph_errors.Merged: 308,
    graph_errors.ScopeTooLow: 403,
    errors.NoRoute: 404,
    graph_errors.NotFound: 404,
    errors.OtherMethod: 405,
    graph_errors.Conflict: 409,
    errors.ConditionFailed: 412,
    graph_errors.Stale: 412,
    errors.BodyTooLarge: 413,
    graph_errors.TooLarge: 413,
    errors.UrlTooLong: 414,
    errors.OtherCoding: 415,
    errors.OtherMedia: 415,
    errors.OtherHost: 421,
    graph_errors.Refused: 422,
    errors.ConditionMissing: 428,
    graph_errors.TooManyRequests: 429,
    graph_errors.StoreUnusable: 500,
    graph_errors.NotSupported: 501,
    graph_errors.MapDamaged: 500,
    errors.Busy: 503,
    errors.TookTooLong: 503,
    graph_errors.IssuerUnavailable: 503,
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
    """Every fault that was found, a hundred at most."""
    id: str | None = None
    """Of an unforeseen failure: the request under which the service has logged it."""


def handle_problems(app: FastAPI) -> None:
    """Let whatever goes wrong in a path function or in the framework be answered with a problem."""

    async def ours(request: Request, error: Exception) -> Encoded:
        return answer_of(error, request.scope)

    async def refused(request: Request, error: Exception) -> Encoded:
        status = error.status_code if isinstance(error, HTTPException) else 500
        try:
            await admit(request.app.state.service, request.scope)
        except GraphError as outside:
            return answer_of(outside, request.scope)  # which addresses there are is no affair of who has no key
        if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            return answer_of(_routing_error(request), request.scope)
        phrase = HTTPStatus(status).phrase
        code = re.sub(r"[^a-z]+", "_", phrase.lower())
        return problem(request.scope, status, code, str(getattr(error, "detail", phrase)), (), {})

    async def invalid(request: Request, error: Exception) -> Encoded:
        return answer_of(_validation_error(error), request.scope)

    async def unforeseen(request: Request, error: Exception) -> Encoded:
        return failure(error, request)

    app.add_exception_handler(GraphError, ours)
    app.add_exception_handler(ServiceError, ours)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unforeseen)


def status_of(error: Exception) -> int:
    """The status of an error; what the table does not know is a failure of the service."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def answer_of(error: Exception, scope: Scope) -> Encoded:
    """The answer to an error of ours."""
    if not isinstance(error, GraphError | ServiceError):
        raise TypeError(f"{type(error).__name__} is no error of this service")
    status = status_of(error)
    headers = dict(getattr(error, "headers", {}))
    if isinstance(error, graph_errors.Merged):
        moved = _moved(error, scope)
        # It may be undone, so nobody is to remember it as permanent redirects are.
        headers |= {} if moved is None else {"Location": moved, "Cache-Control": "no-cache"}
        status = status if moved is not None else HTTPStatus.NOT_FOUND
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = _RETRY_AFTER
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = f'Bearer realm="argumap"{_WRONG if error.name == "key_invalid" else ""}'
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED:
        fields = {"method": scope.get("method"), "path": scope.get("path"), "code": error.name, "why": error.detail}
        _log.warning("could not answer", exc_info=error.__cause__, extra={"fields": fields})
    part: Place = "body" if scope.get("method") in _WRITES else "query"
    faults = [
        FieldProblem(p.pointer, p.detail, p.code or error.name, p.in_ or part) for p in error.problems[:FAULTS_AT_MOST]
    ]
    return problem(scope, status, error.name, error.detail, faults, headers)


def _moved(error: graph_errors.Merged, scope: Scope) -> str | None:
    """The same address of the node that another was merged into; None where the address is not of that one."""
    steps = str(scope["path"]).split("/")
    if scope.get("path_params", {}).get("id") != error.node_id or error.node_id not in steps[_ID_STEP:]:
        return None
    steps[steps.index(error.node_id, _ID_STEP)] = error.into
    query = scope.get("query_string", b"").decode("latin-1")
    return "/".join(steps) + (f"?{query}" if query else "")


def failure(error: BaseException, request: Request) -> Encoded:
    """The answer to an error that nobody foresaw: logged with the request's id, and told without its inside."""
    number = str(request.scope.get("state", {}).get("request_id", ""))
    fields = {"method": request.method, "path": request.url.path}
    _log.error("failure %s", number, exc_info=error, extra={"fields": fields})
    detail = "this is a fault of the service, not of the request; the map is as it was or as it was answered"
    body = Problem(_page(request.scope, "internal"), CODES["internal"][0], 500, detail, "internal", id=number or None)
    return Encoded(encode(body), status=500, media=PROBLEM)


def problem(
    scope: Scope, status: int, code: str, detail: str, faults: Iterable[FieldProblem], headers: Mapping[str, str]
) -> Encoded:
    """An answer that says what is wrong."""
    title = CODES[code][0] if code in CODES else HTTPStatus(status).phrase
    told = [
        msgspec.structs.replace(one, detail=_short(one.detail), pointer=redacted(one.pointer[:_LONGEST_POINTER]))
        for one in faults
    ]
    body = Problem(_page(scope, code), title, status, _short(detail), code, told)
    return Encoded(encode(body), status=status, media=PROBLEM, headers=headers)


_ECHO = 100
"""Characters of what a client sent that an answer repeats at a place."""
_LONG = re.compile(rf"([^\s,;:]{{{_ECHO}}})[^\s,;:]++")
_QUOTED = re.compile(rf"(?<!\w)'([^']{{{_ECHO}}})[^']++'")


def _short(text: str) -> str:
    """A text of a problem without keys, and with what is long in it cut: it may be a client's own."""
    if len(text) <= _ECHO:
        return redacted(text)
    return _LONG.sub(r"\1…", _QUOTED.sub(r"'\1…'", redacted(text[: 4 * _LONGEST_DETAIL])))[:_LONGEST_DETAIL]


def _page(scope: Scope, code: str) -> str:
    """The absolute address of the page about a code, by the name that the client called the service."""
    host = next((value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host"), "")
    if not re.fullmatch(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?", host):
        host = "127.0.0.1"
    return f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}/docs/problems/{code}"


def _routing_error(request: Request) -> ServiceError:
    """Why no route has answered: the address is none, or it has other methods."""
    path = request.scope["path"]
    allowed = _methods(request.app, path)
    if allowed:
        detail = f"{path[:200]} has no {request.method[:20]}; it has {', '.join(allowed)}"
        return OtherMethod(detail, allowed)
    return NoRoute(f"there is nothing at {path[:200]}{_hint(request.app, path)}; /docs lists what there is")


def _methods(app: FastAPI, path: str) -> list[str]:
    found = {m for r in app.state.routes if r.path_regex.match(path) for m in r.methods or ()}
    return sorted({*found, "HEAD"}) if "GET" in found else sorted(found)


def _hint(app: FastAPI, path: str) -> str:
    """The nearest word below a map, where a word there is not known."""
    word = re.match(r"/v1/maps/[^/]+/([^/]+)", path)
    known = {r.path.split("/")[4] for r in app.state.routes if r.path.startswith("/v1/maps/{map}/")}
    return f"; {did_you_mean(word[1], known)}" if word and word[1] not in known else ""


def _validation_error(error: Exception) -> Refused:
    """What the framework finds wrong with parameters, as our own error."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    found = []
    for fault in faults[:FAULTS_AT_MOST]:
        place, *steps = fault["loc"]
        [told] = explain_faults([{**fault, "loc": tuple(steps)}], None)
        found.append(FieldProblem(told.pointer, told.detail, told.code, place))
    first = found[0]
    return Refused(f"{first.pointer[1:]}: {first.detail}", found, code="invalid_parameter")


CODES: dict[str, tuple[str, str]] = {
    "busy": ("Service busy", "More long questions wait than the service takes. Try again after Retry-After."),
    "change_not_found": (
        "No such change",
        "The map has no change of this revision; the detail says which it has.",
    ),
    "conflict": ("Conflict", "The map's present state stands against the request."),
    "cut_off": ("Request cut off", "The connection ended before the body did."),
    "file_exists": ("File there already", "A backup is written to a new file only."),
    "headers_too_large": ("Headers too large", "A request has at most 100 headers of 64 KB in all."),
    "id_taken": ("Id taken", "Another node or map has this id. Choose another id, or leave it out."),
    "if_match_required": (
        "Precondition required",
        "This service changes or deletes a node only with If-Match: read the node and send its ETag along.",
    ),
    "internal": ("Failure of the service", "A fault of the service. Its log has the details under the answer's id."),
    "interrupted": (
        "Interrupted",
        "It was stopped before its end, and all of it was taken back: nothing has changed. Ask for it again.",
    ),
    "invalid": ("Not well formed", "The input parses and breaks a rule of the field that `errors` names."),
    "invalid_idempotency_key": ("Key not valid", "An Idempotency-Key is 1 to 255 printable characters."),
    "invalid_parameter": ("Parameter not valid", "A parameter of the query has a value that it cannot have."),
    "issuer_unavailable": (
        "Issuer not there",
        "The issuer of tokens does not publish its keys now, so no token can be told. Try again after Retry-After.",
    ),
    "key_not_found": ("No such key", "There is no key of this id, and no valid one of this name."),
    "key_reused": ("Key used before", "The Idempotency-Key came with another request before. Choose a new one."),
    "map_damaged": (
        "Map damaged in the store",
        "What the store holds of this map contradicts itself, most often because somebody changed it by hand. Nothing "
        "of it is served; `argumap doctor` lists what is wrong, `argumap adopt` takes in what somebody meant to change "
        "in Neo4j, and `argumap repair` makes it again from its history.",
    ),
    "draft_changed": ("Changed meanwhile", "Somebody else has changed or decided the draft just now. Read it again."),
    "draft_conflict": (
        "Conflict with what came after",
        "Others have set the fields of the draft since, or hold or miss what would go or come; `errors` says where.",
    ),
    "draft_decided": ("Decided already", "The draft was accepted or declined, and is open no more."),
    "draft_not_found": ("No such draft", "The map has no draft of this id."),
    "map_not_found": ("No such map", "No map has this id. GET /v1/maps lists those that there are."),
    "media_type": ("Media type not taken", "The body is of another media type than this address takes."),
    "merged": ("Merged into another", "The node was merged into another, which `Location` names; ask for that one."),
    "method_not_allowed": ("Method not allowed", "The address exists and does not have this method; see Allow."),
    "node_not_found": ("No such node", "The map has no node of this id and kind in the view that was asked for."),
    "no_text": ("No text", "What was sent is empty, or a file that is no plain text."),
    "not_a_query": ("Query not readable", "The query of the address does not parse."),
    "not_an_object": ("Not an object", "The body is JSON and not an object."),
    "not_found": ("Not found", "There is no such thing."),
    "not_http": ("Not HTTP", "What was sent is not a request of HTTP/1.1."),
    "not_json": ("Not JSON", "The body does not parse as JSON (RFC 8259)."),
    "not_yours": ("Another's", "Only who has made it may change it or take it back."),
    "not_utf8": ("Not UTF-8", "Body or query holds bytes that are no UTF-8."),
    "nothing_to_redo": ("Nothing to redo", "The caller has undone nothing since their last change of the map."),
    "not_supported": ("Not on this store", "The store that the service runs on cannot do this; Neo4j can."),
    "nothing_to_undo": ("Nothing to undo", "No change of the caller to this map is left that could be undone."),
    "other_format": ("Another format", "The document is of no format that is taken here, or of a newer version of it."),
    "outcome_unknown": (
        "Outcome not known",
        "The store went away while it wrote. Send the request again with the same Idempotency-Key, or read first.",
    ),
    "quota_reached": (
        "Quota reached",
        "The map, what it keeps, or what you may have in it, can grow no further: an ARGUMAP_QUOTA_ setting bounds "
        "it. Delete something, a text, remark or draft where it is what the map keeps, or ask who runs the service.",
    ),
    "remark_not_found": ("No such remark", "The map has no remark of this id."),
    "revert_conflict": (
        "Conflict with what came after",
        "Others have set the same fields since, or hold or miss what would go or come; `errors` says where.",
    ),
    "revision_compacted": (
        "Not kept any more",
        "The map does not keep states of so long ago any more (setting ARGUMAP_LOG_DAYS).",
    ),
    "revision_taken": ("Too many concurrent writes", "Other writers were faster each time. Try again."),
    "revision_unknown": ("No such revision", "`as_of` names a revision or time outside of the map's history."),
    "route_not_found": ("No such address", "The service has nothing at this address. /docs lists what there is."),
    "rule_broken": ("Rule broken", "The write would leave the map without one of its rules; `errors` says where."),
    "statement_refused": (
        "Statement not answered",
        "A statement of Cypher that does not parse, or does more than read the graph; `errors` says what.",
    ),
    "switched_off": (
        "Switched off",
        "Whoever runs the service has not switched it on; the detail names the setting.",
    ),
    "too_many_items": ("Too many items", "A list or an object has more items than a body may have (1000)."),
    "too_many_requests": (
        "Too many requests",
        "You ask more often than ARGUMAP_RATE allows, or what you asked for took more of the processor than "
        "ARGUMAP_RATE_WORK. Wait as Retry-After says.",
    ),
    "too_slow": ("Too slow", "The request was not there in time (ARGUMAP_HEAD_TIMEOUT, ARGUMAP_BODY_TIMEOUT)."),
    "too_many_connections": (
        "Too many connections",
        "The service has as many connections as ARGUMAP_CONNECTIONS says.",
    ),
    "unusable_text": (
        "Text that cannot be kept",
        "A text has control characters, turns the direction of writing, or holds nothing but blanks.",
    ),
    "stale": (
        "Precondition failed: changed since you read it",
        "The node or map was changed since it was read. Read it again, and write again.",
    ),
    "still_referred_to": (
        "Still referred to",
        "Others refer to what should go. Delete or change those first, or delete with cascade=true.",
    ),
    "foreign_origin": (
        "Foreign origin",
        "A page of another origin may not write here. ARGUMAP_CORS_ORIGINS names the origins that may.",
    ),
    "other_text": (
        "Another text",
        "The text is not the one that the offsets of the source count in: its digest differs.",
    ),
    "other_host": (
        "Unknown host",
        "The service does not answer to this Host. ARGUMAP_HOSTS names the names that it answers to.",
    ),
    "precondition_failed": (
        "Precondition failed",
        "If-Match or If-None-Match does not hold for what is there; the detail says which tag it has.",
    ),
    "key_required": (
        "Key required",
        "The service asks for a key. Send `Authorization: Bearer KEY`; whoever runs the service makes keys.",
    ),
    "key_invalid": (
        "Key not valid",
        "What was sent is no key of this service, or one that has expired or was revoked.",
    ),
    "name_taken": ("Name taken", "A key that is valid has this name already. Choose another, or revoke that one."),
    "scope_too_low": (
        "Scope too low",
        "The key does not allow this: its scope is too low, or it opens certain maps and this is about all of them.",
    ),
    "text_not_attached": ("No text attached", "The source has no text here. PUT one at this address."),
    "took_too_long": ("Took too long", "The answer was not ready in time. Ask for less, or try again."),
    "url_too_long": ("URL too long", "The address is past the limit of length. Ask with fewer parameters."),
    "store_error": ("Store failed", "The store failed."),
    "store_unavailable": ("Store unavailable", "The store does not answer. Try again after Retry-After."),
    "store_unusable": ("Store unusable", "The store's data are damaged or of a newer version; see the log."),
    "too_deep": ("Nested too deep", "The body is nested deeper than the limit."),
    "too_large": ("Too large", "The request is past a limit of size; the detail names the limit and its setting."),
    "wrong_kind": ("Node of another kind", "The node is of a kind that cannot be asked about so; see the detail."),
    "unknown_id": ("Unknown id", "The map never had a node of this id, or it is of another kind."),
    "unknown_kind": ("Unknown kind", "There is no such kind of node; the detail names the nearest."),
    "unknown_parameter": ("Unknown parameter", "The query has a parameter that this address does not take."),
}
"""Each code with its title and the sentence that its page says."""
