"""Keys: who may come in; make, list and revoke them."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import Path, Query, Response

from graph.budgets import decode_cursor, encode_cursor
from graph.errors import Conflict, NotFound, Refused, ScopeTooLow
from graph.keys.secret import new_key
from schemas.base import Time, now
from schemas.key import LOCAL, KeyCreate, KeyRecord, Scope
from schemas.problem import FieldProblem, did_you_mean, pointer
from schemas.query import PageQuery
from service.auth.guard import Principal
from service.http.context import Context, ReadContext
from service.http.encoding import Encoded, encode
from service.http.responses import tagged
from service.http.routing import Router, needs
from service.models.responses import deletes, reads_of_service, writes
from service.models.structs import model_of


class KeyRead(msgspec.Struct, frozen=True):
    """A key without its secret."""

    id: str
    """The part of the key behind `argm_`."""
    name: str
    """Whose it is: what is written with it records this name."""
    scope: Scope
    """What it allows."""
    maps: tuple[str, ...] | None
    """The maps that it opens; null for all."""
    created_at: Time
    """When it was made."""
    created_by: str
    """Who made it."""
    expires_at: Time | None
    """When it becomes invalid; null for never."""
    revoked_at: Time | None
    """When it was revoked; null where it was not."""
    used_at: Time | None
    """When it was last used, to the minute; null for never."""


class KeyCreated(KeyRead, frozen=True, kw_only=True):
    """A new key."""

    key: str
    """What goes behind `Authorization: Bearer`; it is never shown again."""


class KeyList(msgspec.Struct, frozen=True):
    """A page of keys."""

    items: list[KeyRead]
    """In the order of ids."""
    total: int
    """How many there are in all."""
    next: str | None
    """Cursor of the next page; null at the end."""


router = Router(tags=["Keys"])
_audit = logging.getLogger("argumap.audit")
_LIST = "keys"
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_NO_STORE = {"Cache-Control": "no-store"}
_Key = Annotated[str, Path(alias="id", description="Id of a key, or the name of one that is valid.")]


@router.get("/v1/keys", response_model=model_of(KeyList), responses=reads_of_service(503), openapi_extra=needs("admin"))
async def list_keys(context: ReadContext, query: Annotated[PageQuery, Query()]) -> Response:
    """Every key that was ever made, without its secret, in the order of ids."""
    context.principal.check_whole("listing keys")
    keys = await context.service.store.keys.all()
    behind = "" if query.cursor is None else decode_cursor(query.cursor, _LIST, str)
    rest = [one for one in keys if one.id > behind]
    shown = rest[: query.limit]
    following = encode_cursor(_LIST, shown[-1].id) if len(rest) > len(shown) else None
    return tagged(context, encode(KeyList([_shown(one) for one in shown], len(keys), following)))


@router.post(
    "/v1/keys", status_code=201, response_model=model_of(KeyCreated),
    responses=writes(409, tagged=False), openapi_extra=needs("admin"),
)  # fmt: skip
async def create_key(context: ReadContext, body: KeyCreate) -> Response:
    """Make a key; the answer is the only one that ever shows it."""
    asking, service = context.principal, context.service
    asking.check_whole("making a key")
    if not (service.trusting or await service.guard.is_set_up()):
        raise ScopeTooLow("the first key is made on the store itself: `argumap keys create --name NAME --scope admin`")
    await _check(context, body)
    made = new_key()
    moment = datetime.now(UTC)
    expires = None if body.expires is None else (moment + timedelta(days=body.expires)).strftime(_TIME)
    key = KeyRecord(made.id, body.name, made.digest, body.scope, body.maps, now(), asking.name, expires)
    if not await service.store.keys.add(key):
        raise Conflict(
            f"there is a valid key {body.name!r} already; choose another name, or revoke that one first",
            [FieldProblem("/name", "taken")],
            code="name_taken",
        )
    _tell("key made", asking, key)
    answer = KeyCreated(**msgspec.structs.asdict(_shown(key)), key=made.text)
    return Encoded(encode(answer), status=201, headers=_NO_STORE)


@router.delete(
    "/v1/keys/{id}", response_model=model_of(KeyRead), responses=deletes(tagged=False), openapi_extra=needs("admin")
)
async def delete_key(context: ReadContext, key: _Key) -> Response:
    """Revoke a key: it is no good any more with the next request, whichever process that reaches."""
    context.principal.check_whole("revoking a key")
    keys = context.service.store.keys
    found = await keys.find(key) or next((k for k in await keys.all() if k.name == key and not k.revoked_at), None)
    revoked = None if found is None else await keys.revoke(found.id, now())
    if revoked is None:
        raise NotFound(f"there is no key {key[:100]!r}; GET /v1/keys lists those that there are", code="key_not_found")
    _tell("key revoked", context.principal, revoked)
    return Encoded(encode(_shown(revoked)), headers=_NO_STORE)


async def _check(context: Context, body: KeyCreate) -> None:
    if body.name == LOCAL:
        detail = f"{LOCAL!r} is what a service without keys calls whoever asks; choose another name"
        raise Refused(detail, [FieldProblem("/name", detail)])
    if body.maps is None:
        return
    known = {header.id for header in await context.service.store.maps()}
    faults = [
        FieldProblem(pointer("maps", place), f"there is no map {one!r}; {did_you_mean(one, known)}", "unknown_id")
        for place, one in enumerate(body.maps)
        if one not in known
    ]
    if faults:
        raise Refused(faults[0].detail, faults, code="unknown_id")


def _shown(key: KeyRecord) -> KeyRead:
    fields = {name: getattr(key, name) for name in KeyRead.__struct_fields__}
    return KeyRead(**fields)


def _tell(what: str, who: Principal, key: KeyRecord) -> None:
    """Record who did what to which key."""
    fields = {"by": who.name, "key": key.id, "name": key.name, "scope": key.scope, "maps": key.maps}
    _audit.info(what, extra={"fields": fields})
