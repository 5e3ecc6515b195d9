"""Which names the service answers to, which pages may write, and how long an address may be."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.errors import ForeignOrigin, OtherHost, ServiceError, UrlTooLong
from service.http.problems import answer_of

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ANY = "*"


class Hosts:
    """Refuses a Host that is none of ours (421), a write from another origin's page (403), a long address (414).

    A browser that a foreign name leads to this machine says that name in `Host`; a page of another site says
    itself in `Origin`. Programs send neither and are not concerned.
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], origins: Iterable[str], url_limit: int) -> None:
        self.app = app
        self._hosts = _LOOPBACK | {host.lower() for host in hosts}
        self._origins = frozenset(origins)
        self._limit = url_limit
        self._known: dict[bytes, bool] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is None:
            await self.app(scope, receive, send)
        else:
            await answer_of(refused, scope)(scope, receive, send)

    def _refusal(self, scope: Scope) -> ServiceError | None:
        host, origin, site = b"", None, b""
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"origin":
                origin = value
            elif name == b"sec-fetch-site":
                site = value
        if host and not self._is_ours(host):
            return OtherHost(
                f"this service does not answer to the name {host[:100].decode('latin-1')!r}; call it by localhost or "
                "127.0.0.1, or name it in ARGUMAP_HOSTS"
            )
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self._limit:
            return UrlTooLong(
                f"the address is longer than {self._limit} characters (setting ARGUMAP_URL_LIMIT); "
                "ask with fewer parameters"
            )
        if scope["method"] not in _SAFE and not self._may_write(scope, host, origin, site):
            return ForeignOrigin(
                "a page of another origin may not write here; ARGUMAP_CORS_ORIGINS names the origins that may"
            )
        return None

    def _is_ours(self, host: bytes) -> bool:
        if ANY in self._hosts:
            return True
        known = self._known.get(host)
        if known is None:
            known = _name(host) in self._hosts
            if len(self._known) < 100:
                self._known[host] = known
        return known

    def _may_write(self, scope: Scope, host: bytes, origin: bytes | None, site: bytes) -> bool:
        if origin is None:
            return site in (b"", b"same-origin", b"none")
        said = origin.decode("latin-1")
        if said in self._origins or ANY in self._origins:
            return True
        return said != "null" and urlsplit(said).netloc.lower() == host.decode("latin-1").lower()


def _name(host: bytes) -> str:
    """A Host without its port."""
    text = host.decode("latin-1").lower()
    if text.startswith("["):
        return text[: text.find("]") + 1]
    return text.partition(":")[0].rstrip(".")
