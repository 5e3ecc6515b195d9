"""Who a service is to a Neo4j server: user and password, read anew when they are refused, and certificates."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import neo4j
from neo4j.auth_management import AsyncAuthManager, AsyncClientCertificateProviders, ClientCertificate

from graph.errors import StoreUnavailable

_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
"""Seconds without a call after a refusal, doubled each time: a server shuts out whoever goes on asking."""

_UNAUTHORIZED = "Neo.ClientError.Security.Unauthorized"
_REFUSED = {_UNAUTHORIZED, "Neo.ClientError.Security.AuthenticationRateLimit"}


@dataclass(frozen=True)
class Access:
    """What it takes to be let in, and how many connections may be open."""

    user: str | None = None
    password: str | Callable[[], str | None] | None = None
    """The password, or what reads it: asked for again whenever the server refuses the one that it gave before."""
    authority: str | None = None
    """File with the certificates of the authority that signed the server's; None takes those of the system."""
    certificate: str | None = None
    """File with a certificate of our own, which some servers ask for."""
    key: str | None = None
    """File with the key of that certificate, where it is not in the same file."""
    pool: int = 100

    def read(self) -> tuple[str, str] | None:
        """User and password as they are now; None where neither is given. Raises `StoreUnavailable`."""
        try:
            password = self.password() if callable(self.password) else self.password
        except (OSError, ValueError) as error:
            raise StoreUnavailable(f"the password for Neo4j cannot be read: {error}") from error
        return None if self.user is None and password is None else (self.user or "neo4j", password or "")

    def where(self, url: str) -> dict[str, Any]:
        """The address for the driver with what encrypts the way to it."""
        found: dict[str, Any] = {"uri": url}
        if self.authority is not None:
            scheme, _, rest = url.partition(":")
            found["uri"] = f"{scheme.partition('+')[0]}:{rest}"
            found |= {"encrypted": True, "trusted_certificates": neo4j.TrustCustomCAs(self.authority)}
        if self.certificate is not None:
            own = ClientCertificate(self.certificate, self.key)
            found["client_certificate"] = AsyncClientCertificateProviders.static(own)
        return found


class Credentials(AsyncAuthManager):
    """User and password as the driver asks for them, and what became of them: after a refusal there is a pause, which
    another password ends.
    """

    def __init__(self, access: Access, where: str) -> None:
        self._access = access
        self._where = where
        self._refused: tuple[str, str] | None = None
        self._until = 0.0
        self._pause = _PAUSE

    async def get_auth(self) -> tuple[str, str] | None:
        """User and password as they are now: an old one offered by several connections at once would already be too
        often for the server. Reading a small file costs a fraction of what the call does.
        """
        return self._access.read()

    async def handle_security_exception(self, auth: Any, error: neo4j.exceptions.Neo4jError) -> bool:
        """Note what the server refused on a connection that was open; the driver does not tell of one that it opens."""
        if error.code in _REFUSED:
            self.note_refusal(auth)
        return error.code == _UNAUTHORIZED and self.are_others

    def offered(self) -> tuple[str, str] | None:
        """What a connection that is opened now offers; raises `StoreUnavailable`."""
        return self._access.read()

    def note_refusal(self, offered: tuple[str, str] | None) -> None:
        """Begin a pause: the server refused this user and password, or will not hear them for a while."""
        self._pause = min(2 * self._pause, _LONGEST_PAUSE) if offered == self._refused else _PAUSE
        self._refused, self._until = offered, time.monotonic() + self._pause

    @property
    def are_others(self) -> bool:
        """Whether user and password are others than those that were refused, so that asking again makes sense."""
        return self._access.read() != self._refused

    def check(self) -> None:
        """Raise `StoreUnavailable` while there is a pause."""
        left = self._until - time.monotonic()
        if left > 0 and not self.are_others:
            raise StoreUnavailable(
                f"Neo4j refused the user name or password ({self._where}); the next attempt is in {left:.0f} seconds, "
                "or as soon as another password is set"
            )
