"""Signing in: a page shows its key once and is known by a cookie that no script can read."""

from typing import Annotated

import msgspec
from fastapi import Response
from pydantic import StringConstraints

from schemas.base import Record
from schemas.key import Scope
from service.auth.guard import Principal
from service.http.context import COOKIE, ReadContext
from service.http.encoding import Encoded, client_address, encode
from service.http.routing import Router, needs
from service.models.responses import reads_of_service, writes
from service.models.structs import model_of


class Session(msgspec.Struct, frozen=True):
    """Whom the service takes the client for."""

    name: str | None
    """What changes record; `local` where no key is set up, null for nobody."""
    scope: Scope | None
    """What is allowed; null for nobody."""
    maps: tuple[str, ...] | None
    """The maps that are open; null for all."""


router = Router(tags=["Keys"])
_NO_STORE = {"Cache-Control": "no-store"}
_DAYS = 30


class SignIn(Record):
    """A key to be known by."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """The key, as it was shown when it was made."""


@router.get(
    "/v1/session", response_model=model_of(Session), responses=reads_of_service(503, tagged=False),
    openapi_extra=needs("read"),
)  # fmt: skip
async def read_session(context: ReadContext) -> Response:
    """Who asks, and what that one may do."""
    return _told(context.principal)


@router.post(
    "/v1/session", response_model=model_of(Session), responses=writes(401, tagged=False), openapi_extra=needs(None)
)
async def sign_in(context: ReadContext, body: SignIn) -> Response:
    """Be known by a cookie from now on, which holds the key and is read by the service alone.

    It goes to this service only, and never with what a page of another origin sends.
    """
    scope = context.request.scope
    known = await context.service.guard.admit(f"Bearer {body.key}", client_address(scope))
    if known.key is None:  # no key is set up, so there is nobody to tell from another
        return _told(known)
    return _told(known, _cookie(body.key, _DAYS * 86_400, encrypted=scope.get("scheme") == "https"))


@router.delete(
    "/v1/session",
    response_model=model_of(Session),
    responses=reads_of_service(403, tagged=False),
    openapi_extra=needs(None),
)
async def sign_out(context: ReadContext) -> Response:
    """Be known no more: the cookie goes."""
    gone = _cookie("", 0, encrypted=context.request.scope.get("scheme") == "https")
    return Encoded(encode(Session(None, None, None)), headers={**_NO_STORE, "Set-Cookie": gone})


def _told(known: Principal, cookie: str | None = None) -> Response:
    maps = None if known.maps is None else tuple(sorted(known.maps))
    more = {} if cookie is None else {"Set-Cookie": cookie}
    return Encoded(encode(Session(known.name, known.scope, maps)), headers={**_NO_STORE, **more})


def _cookie(value: str, seconds: int, *, encrypted: bool) -> str:
    secure = "; Secure" if encrypted else ""
    return f"{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
