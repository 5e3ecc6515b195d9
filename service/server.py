"""The server: listens, opens the store, loads the example map on a first start, and says where it answers.

Each of its connections is bounded in what it may send and how long it may take, and so is how many there may be. One
look a moment goes over all of them, so a bound costs a request nothing but the note of a time.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, NamedTuple, NoReturn, TextIO

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service.app import create_app, store_of
from service.collector import collect_at_rest, settle
from service.http.context import VERSION, Service
from service.http.middleware import guarded_headers
from service.http.problems import problem
from service.logs import set_up
from service.settings import (
    PREFIX,
    Settings,
    SettingsError,
    files_open_to_others,
    is_open_to_network,
    refuse_to_listen,
)

_log = logging.getLogger("argumap")
_BACKLOG = 2048
_LET_END = 1.0
"""Seconds that long questions have to notice that nobody waits for them."""
_SWITCHING = 0.001
"""Seconds after which a thread that computes lets another do so: the event loop waits so long for each of those that
work, some times for one answer. With Python's own 5 ms an answer beside four of them takes four times as long."""
_KEPT_BACK = 64
"""Files that the process may have open beside its connections: the store's, the page's."""
_FEWEST = 16
HEAD, HEADERS = 64 << 10, 100
"""Bytes of the head of a request, and headers in it."""
LONGEST_URL = 32 << 10
"""Characters of an address that the application sees at all; its own limit is a setting."""
_LOOKS, _SLOWEST = 8, 2.0
"""Looks at the connections in the shortest time that one may take, and seconds from one to the next at most."""


class Bounds(NamedTuple):
    """What connections may take."""

    connections: int
    head: float
    """Seconds for the head of a request, from its first byte, and before the first one."""
    body: float
    """Seconds for the body."""
    sending: float
    """Seconds in which a client must take something of an answer."""

    @property
    def pause(self) -> float:
        """Seconds between two looks at the connections; a bound is kept to within an eighth of itself."""
        return min(_SLOWEST, min(self.head, self.body, self.sending) / _LOOKS)


def serve(settings: Settings, *, out: TextIO = sys.stdout) -> None:
    """Serve until a signal ends it.

    Prints one line when it is ready; that a newer edition of the example can be had goes to standard error. Raises
    `SettingsError` for an address that cannot be listened on and what the store raises where it cannot be opened.
    """
    sys.setswitchinterval(_SWITCHING)
    set_up("json" if settings.log_format == "json" else "text", access=settings.access_log)
    for file in files_open_to_others(settings):
        _log.warning("others on this machine may read %s; `chmod 600` keeps them out", file)
    if is_open_to_network(settings) and not asyncio.run(_has_keys(settings)):
        refuse_to_listen(settings)
    listener = listen(settings.host, settings.port)
    signal.signal(signal.SIGTERM, _leave)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(settings, listener, out))
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


async def _has_keys(settings: Settings) -> bool:
    """Whether a key was ever set up in the store, for then the service asks for one for good, or it takes tokens."""
    if settings.oidc_issuer is not None:
        return True
    store = store_of(settings)
    try:
        await store.open()
        return await store.keys.is_set_up()
    finally:
        await store.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; raises `SettingsError` where it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError(f"{PREFIX}HOST={host} is no address of this machine: {error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"cannot listen on {host} port {port}: {error.strerror}; {PREFIX}PORT=0 takes a free one"
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """The address of a socket as a browser takes it."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


async def _serve(settings: Settings, listener: socket.socket, out: TextIO) -> None:
    app = create_app(settings)
    service: Service = app.state.service
    try:
        await service.open()  # here, so that a store that is away ends the start with its own error
        notice = await service.newer_edition()
    except BaseException:
        await service.close()
        raise
    bounds = _bounds(settings)
    config = uvicorn.Config(
        app,
        access_log=False,
        server_header=False,
        date_header=True,
        log_config=None,
        log_level="warning",
        lifespan="on",
        http=partial(BoundedProtocol, bounds),  # type: ignore[arg-type]
        ws="none",
        timeout_graceful_shutdown=max(1, round(settings.shutdown_timeout)),
    )
    if notice is not None:
        print(f"argumap: {notice}", file=sys.stderr, flush=True)
    line = f"argumap {VERSION} answers on {address_of(listener)} with the maps in {settings.store_shown}"
    try:
        await _Server(config, service, bounds, lambda: print(line, file=out, flush=True)).serve(sockets=[listener])
    finally:
        if not await service.work.at_rest(_LET_END):
            _log.warning("long questions were cut off: they did not end when they were told to")
            _end_now()


def _end_now() -> NoReturn:
    """End the process although threads still run: Python itself would wait for them."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def _bounds(settings: Settings) -> Bounds:
    """What connections may take: no more of them than the system lets the process have open."""
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        files = settings.connections + _KEPT_BACK
    else:
        files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = settings.connections + _KEPT_BACK
        if files < wanted:
            files = min(wanted, most)
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    connections = max(_FEWEST, min(settings.connections, files - _KEPT_BACK))
    return Bounds(connections, settings.head_timeout, settings.body_timeout, settings.send_timeout)


class _Server(uvicorn.Server):
    """Says when it is ready, and ends what would not end by itself before it waits for the connections."""

    def __init__(self, config: uvicorn.Config, service: Service, bounds: Bounds, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._service = service
        self._bounds = bounds
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settle()
        work = self._service.work
        self._looking = asyncio.create_task(look_after(self.server_state.connections, self._bounds.pause))
        self._collecting = asyncio.create_task(collect_at_rest(lambda: not work.running))
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.work.leaving.set()
        await self._service.watch.stop()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Leave in an orderly way; the next signal of the kind is the system's, which always ends the process."""
        super().handle_exit(sig, frame)
        signal.signal(sig, signal.SIG_DFL)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - not everywhere
    except ImportError:
        return None
    return uvloop.new_event_loop


def _leave(number: int, frame: object) -> NoReturn:
    """Called again by the server when it has ended: the process then ends as done, not as killed.

    Before and behind the server too the next signal always ends the process, whatever thread Python waits for.
    """
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(0)


class BoundedProtocol(HttpToolsProtocol):
    """The server's own protocol with bounds, which says why it ends a connection in a problem."""

    def __init__(self, bounds: Bounds, **given: Any) -> None:
        """What the server gives, behind the bounds."""
        super().__init__(**given)
        self._bounds = bounds
        self._head = 0
        self._in_head = False
        self._headers = 0
        self._heard_by: float | None = None
        """When the client must have said what it began to say; None while it is our turn."""
        self._taken_by: float | None = None
        """When the client must have taken something of the answer."""
        self.since = 0.0

    # --- how many -------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, if need be for one that does nothing."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self._heard_by = self.since + self._bounds.head
        if len(self.connections) > self._bounds.connections:
            self._make_room()

    def _make_room(self) -> None:
        others = [one for one in self.connections if isinstance(one, BoundedProtocol) and one is not self]
        idle = [one for one in others if one.is_idle]
        if idle:
            min(idle, key=lambda one: one.since).transport.abort()
        else:
            self._end(503, "too_many_connections", "the service has as many connections as it takes; try again")

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        answered: RequestResponseCycle | None = self.cycle
        return answered is None or answered.response_complete

    # --- how long -------------------------------------------------------------------------------

    def look(self, now: float) -> None:
        """End the connection where the client has taken too long."""
        if self._taken_by is not None and now > self._taken_by:
            self.transport.abort()
        elif self._heard_by is not None and now > self._heard_by:
            self._give_up(now)

    def _give_up(self, now: float) -> None:
        if self.flow.read_paused:  # it is our turn: what it sends is not read yet
            self._heard_by = now + self._bounds.body
        elif not self._in_head and self.is_idle:
            self.transport.close()  # it has said nothing
        else:
            self._end(408, "too_slow", "the request was not there in time; the connection is closed")

    def pause_writing(self) -> None:
        """The client does not take what is sent."""
        super().pause_writing()
        self._taken_by = self.loop.time() + self._bounds.sending

    def resume_writing(self) -> None:
        """The client has taken something."""
        super().resume_writing()
        self._taken_by = None

    # --- how large ------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """The first byte of a request is there."""
        super().on_message_begin()
        self._head, self._headers, self._in_head = 0, 0, True
        self._heard_by = self.loop.time() + self._bounds.head

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header is there."""
        super().on_header(name, value)
        self._headers += 1

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._in_head = False
        if self._headers > HEADERS:
            raise ValueError("too many headers")
        self._heard_by = self.loop.time() + self._bounds.body
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is there."""
        self._heard_by = None
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Some bytes are there."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > HEAD:
                self.send_400_response("too large")

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with the head of the request; the connection ends behind it."""
        if len(self.url) > LONGEST_URL:
            self._end(414, "url_too_long", f"the address is longer than {LONGEST_URL} characters")
        elif self._head > HEAD or self._headers > HEADERS:
            detail = f"the headers are more than {HEADERS} or larger than {HEAD} bytes"
            self._end(431, "headers_too_large", detail)
        else:
            self._end(400, "not_http", "this is not a request of HTTP/1.1; the connection is closed")

    def _end(self, status: int, code: str, detail: str) -> None:
        if self.transport.is_closing():
            return
        if not self.is_idle and self.cycle.response_started:
            self.transport.abort()  # half an answer must not pass for a whole one
            return
        retry = {"Retry-After": "2"} if status == 503 else {}
        told = problem({"headers": ()}, status, code, detail, (), {"Connection": "close", **retry})
        lines = [b"%s: %s\r\n" % pair for pair in guarded_headers(told.raw_headers)]
        self.transport.write(b"".join([b"HTTP/1.1 %d \r\n" % status, *lines, b"\r\n", told.body]))
        self.transport.close()


async def look_after(connections: set[Any], pause: float) -> None:
    """Look at every connection with pauses of so many seconds, until it is cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(pause)
        now = loop.time()
        for one in list(connections):
            if isinstance(one, BoundedProtocol):
                one.look(now)
