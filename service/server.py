"""The server: listens, opens the store, loads the example map on a first start, and says where it answers."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from types import FrameType
from typing import NoReturn, TextIO

import uvicorn

from service.app import create_app, store_of
from service.connections import BoundedProtocol, Bounds, look_after
from service.http.context import VERSION, Service
from service.logs import set_up
from service.settings import PREFIX, Settings, SettingsError, is_open_to_network, refuse_to_listen

_log = logging.getLogger("argumap")
_BACKLOG = 2048
_LET_END = 1.0
"""Seconds that long questions have to notice that nobody waits for them."""
_KEPT_BACK = 64
"""Files that the process may have open beside its connections: the store's, the page's."""
_FEWEST = 16


def serve(settings: Settings, *, out: TextIO = sys.stdout) -> None:
    """Serve until a signal ends it.

    Prints one line when it is ready; that a newer edition of the example can be had goes to standard error. Raises
    `SettingsError` for an address that cannot be listened on and what the store raises where it cannot be opened.
    """
    set_up("json" if settings.log_format == "json" else "text", access=settings.access_log)
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
        log_config=None,
        log_level="warning",
        lifespan="on",
        http=partial(BoundedProtocol, _bounds(settings)),  # type: ignore[arg-type]
        ws="none",
        timeout_graceful_shutdown=max(1, round(settings.shutdown_timeout)),
    )
    if notice is not None:
        print(f"argumap: {notice}", file=sys.stderr, flush=True)
    line = f"argumap {VERSION} answers on {address_of(listener)} with the maps in {settings.store_shown}"
    try:
        await _Server(config, lambda: print(line, file=out, flush=True), service.watch.stop).serve(sockets=[listener])
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

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], leaving: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._leaving = leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._looking = asyncio.create_task(look_after(self.server_state.connections))
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._leaving()
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
    """Called again by the server when it has ended: the process then ends as done, not as killed."""
    raise SystemExit(0)
