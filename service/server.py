"""The server: listens, opens the store, loads the example map on a first start, and says where it answers."""

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TextIO

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.app import create_app, store_of
from service.http.context import VERSION, Service
from service.http.problems import problem
from service.settings import PREFIX, Settings, SettingsError, is_open_to_network, refuse_to_listen

_BACKLOG = 2048
_HEAD, _HEADERS = 64 << 10, 100
"""Bytes of the head of a request, and headers in it."""
_LONGEST_URL = 32 << 10
"""Characters of an address that the application sees at all; its own limit is a setting."""


def serve(settings: Settings, *, out: TextIO = sys.stdout) -> None:
    """Serve until a signal ends it.

    Prints one line when it is ready; that a newer edition of the example can be had goes to standard error. Raises
    `SettingsError` for an address that cannot be listened on and what the store raises where it cannot be opened.
    """
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
    """Whether a key was ever set up in the store: then the service asks for one, for good."""
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
    config = uvicorn.Config(
        app,
        access_log=False,
        server_header=False,
        date_header=True,
        log_level="warning",
        lifespan="on",
        http=_BoundedProtocol,
        timeout_graceful_shutdown=max(1, round(settings.shutdown_timeout)),
    )
    if notice is not None:
        print(f"argumap: {notice}", file=sys.stderr, flush=True)
    line = f"argumap {VERSION} answers on {address_of(listener)} with the maps in {settings.store_shown}"
    await _Server(config, lambda: print(line, file=out, flush=True), service.watch.stop).serve(sockets=[listener])


class _BoundedProtocol(HttpToolsProtocol):
    """The server's own protocol, which refuses a head of a request that is too large and says why in a problem."""

    _head = 0
    _in_head = False
    _headers = 0

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head, self._headers, self._in_head = 0, 0, True

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._headers += 1

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._headers > _HEADERS:
            raise ValueError("too many headers")
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > _HEAD:
                self.send_400_response("too large")

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with the head of the request; the connection ends behind it."""
        if len(self.url) > _LONGEST_URL:
            status, code, detail = 414, "url_too_long", f"the address is longer than {_LONGEST_URL} characters"
        elif self._head > _HEAD or self._headers > _HEADERS:
            status, code = 431, "headers_too_large"
            detail = f"the headers are more than {_HEADERS} or larger than {_HEAD} bytes"
        else:
            status, code, detail = 400, "not_http", "this is not a request of HTTP/1.1; the connection is closed"
        told = problem({"headers": ()}, status, code, detail, (), {"Connection": "close"})
        head = [b"HTTP/1.1 %d \r\n" % status, *(b"%s: %s\r\n" % pair for pair in told.raw_headers), b"\r\n"]
        self.transport.write(b"".join(head) + told.body)
        self.transport.close()


class _Server(uvicorn.Server):
    """Says when it is ready, and ends what would not end by itself before it waits for the connections."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], leaving: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._leaving = leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._leaving()
        await super().shutdown(sockets)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - not everywhere
    except ImportError:
        return None
    return uvloop.new_event_loop


def _leave(number: int, frame: object) -> NoReturn:
    """Called again by the server when it has ended: the process then ends as done, not as killed."""
    raise SystemExit(0)
