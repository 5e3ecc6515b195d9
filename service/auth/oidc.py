"""Tokens of an OpenID Connect issuer: the service is a resource server, which takes them beside its own keys.

A token is taken where it is signed with a key that the issuer publishes, by one of the algorithms below, for this
service as its audience, and is not over. What it allows stands in a claim of it: `{"scope": "write", "maps": ["m"]}`,
without `maps` for all, or the scope alone.

The issuer's keys are fetched beside the requests: when the service starts, now and then, and when a token names a key
that is not known, but never more often than `AT_MOST_EVERY`, whatever tokens come.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, NamedTuple

import httpx2
import jwt

from graph.errors import IssuerUnavailable, KeyRefused, ScopeTooLow
from schemas.key import LOCAL, SCOPES, Scope

_log = logging.getLogger("argumap")
ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""Those that are taken, each with the type of its keys: none that shares a secret, and no setting adds one."""
AT_MOST_EVERY = 30.0
"""Seconds between two fetches that unknown keys make."""
_ANEW_EVERY = 600.0
_PATIENCE = 5.0
_LARGEST = 1 << 20
"""Bytes of what an issuer may answer."""
_LONGEST = 8192
"""Characters of a token."""
_LONGEST_NAME = 100
_LEEWAY = 30.0
"""Seconds that clocks may differ."""
_KNOWN = 10_000


class Bearer(NamedTuple):
    """What a token that is taken says of who shows it."""

    subject: str
    name: str
    """What changes record."""
    scope: Scope
    maps: frozenset[str] | None
    """The maps that it opens; None for all."""
    until: float
    """When it is over, in seconds since 1970."""


class Tokens:
    """Reads the tokens of one issuer."""

    def __init__(self, issuer: str, audience: str, *, claim: str, name: str) -> None:
        """`claim` holds what a token allows, `name` what changes record: one that is of one person for ever."""
        self._issuer, self._audience = issuer, audience
        self._claim, self._name = claim, name
        self._published: list[Mapping[str, Any]] = []
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._known: OrderedDict[bytes, Bearer] = OrderedDict()
        """Tokens that were found good, by their digests, until the issuer's keys change."""
        self._wanted = asyncio.Event()
        self._fetched = asyncio.Event()
        self._last = float("-inf")
        self._is_fetching = True
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Fetch the issuer's keys from now on."""
        self._task = asyncio.create_task(self._fetch())

    async def close(self) -> None:
        """Fetch no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def read(self, token: str) -> Bearer:
        """What a token says; raises `KeyRefused`, `ScopeTooLow` where it allows nothing, and `IssuerUnavailable` where
        the issuer's keys are not known yet.
        """
        if len(token) > _LONGEST:
            raise _refused("is too long")
        digest = sha256(token.encode()).digest()
        found = self._known.get(digest)
        if found is None:
            found = self._checked(token, await self._key_of(token))
            self._known[digest] = found
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)
        if found.until + _LEEWAY <= time.time():
            raise _refused("is over")
        return found

    def _checked(self, token: str, key: jwt.PyJWK) -> Bearer:
        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "aud", "iss", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise _refused("is over") from error
        except jwt.InvalidAudienceError as error:
            raise _refused("is for another audience") from error
        except jwt.InvalidIssuerError as error:
            raise _refused("is of another issuer") from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise _refused("is none that this service takes") from error
        return self._bearer(claims)

    def _bearer(self, claims: Mapping[str, Any]) -> Bearer:
        name, given = claims.get(self._name), claims.get(self._claim)
        if (
            not isinstance(name, str)
            or not name.isprintable()
            or not 0 < len(name.strip()) == len(name) <= _LONGEST_NAME
        ):
            raise _refused(f"has no claim {self._name!r} that could be recorded as a name")
        if name == LOCAL:
            raise _refused(f"names nobody: {LOCAL!r} is whoever asks where no key is set up")
        allowed = given if isinstance(given, dict) else {"scope": given}
        scope, maps = allowed.get("scope"), allowed.get("maps")
        are_ids = maps is None or (isinstance(maps, list) and all(isinstance(one, str) for one in maps))
        if scope not in SCOPES or not are_ids:
            raise ScopeTooLow(
                f"the token allows nothing here: its claim {self._claim!r} names no scope of this service"
            )
        return Bearer(claims["sub"], name, scope, None if maps is None else frozenset(maps), float(claims["exp"]))

    async def _key_of(self, token: str) -> jwt.PyJWK:
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise _refused("is none that this service takes") from error
        algorithm, name = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise _refused("is signed in a way that is not taken")
        key = self._named(name)
        if key is None:
            await self._ask_again()
            key = self._named(name)
        if key is None or key.key_type != ALGORITHMS[algorithm]:
            raise _refused("is signed with a key that is none of the issuer's")
        return key

    def _named(self, name: str | None) -> jwt.PyJWK | None:
        """The key of a name; a token that names none is of the only one."""
        if name is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(name)

    # --- the issuer's keys ----------------------------------------------------------------------

    async def _ask_again(self) -> None:
        """Have the keys fetched unless that was done just now, and wait for them a while."""
        is_due = time.monotonic() - self._last >= AT_MOST_EVERY
        if is_due and not self._is_fetching:
            self._wanted.set()
        if is_due or self._is_fetching:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await self._fetched.wait()
        if not self._keys:
            raise IssuerUnavailable("the keys of the issuer of tokens are not to be had now; try again in a moment")

    async def _fetch(self) -> None:
        async with httpx2.AsyncClient(timeout=_PATIENCE, follow_redirects=False) as client:
            while True:
                self._wanted.clear()
                self._is_fetching = True
                try:
                    published = await _published(client, self._issuer)
                except (httpx2.HTTPError, jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError) as error:
                    _log.warning("the keys of the issuer %s cannot be had: %s", self._issuer, type(error).__name__)
                else:
                    if published != self._published:
                        self._known.clear()
                        self._published, self._keys = published, dict(_usable(published))
                self._last, self._is_fetching = time.monotonic(), False
                done, self._fetched = self._fetched, asyncio.Event()
                done.set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_ANEW_EVERY if self._keys else AT_MOST_EVERY):
                        await self._wanted.wait()


async def _published(client: httpx2.AsyncClient, issuer: str) -> list[Mapping[str, Any]]:
    """The keys that an issuer publishes, as it does (OpenID Connect Discovery 1.0)."""
    told = await _document(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if told["issuer"] != issuer:
        raise ValueError("the document is of another issuer")
    address = str(told["jwks_uri"])
    if issuer.startswith("https://") and not address.startswith("https://"):
        raise ValueError("the keys are not published over https")
    return list((await _document(client, address))["keys"])


def _usable(published: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str | None, jwt.PyJWK]]:
    """Those of the keys by name that are for signatures of a sort that is taken."""
    for one in published:
        if one.get("use", "sig") == "sig" and one.get("alg") in (None, *ALGORITHMS):
            with suppress(jwt.PyJWTError):
                if (key := jwt.PyJWK(dict(one))).key_type in ALGORITHMS.values():
                    yield key.key_id, key


async def _document(client: httpx2.AsyncClient, address: str) -> Any:
    async with client.stream("GET", address, headers={"Accept": "application/json"}) as answer:
        answer.raise_for_status()
        body = b""
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > _LARGEST:
                raise ValueError("the answer is too large")
    return httpx2.Response(200, content=body).json()


def _is_name(text: str) -> bool:
    return text.isprintable() and 0 < len(text.strip()) == len(text) <= _LONGEST_NAME


def _refused(why: str) -> KeyRefused:
    """A token that is not taken; what is said holds nothing of it."""
    return KeyRefused(f"the token {why}", code="key_invalid")
