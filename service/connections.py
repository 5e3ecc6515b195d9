"""The connections of the server: each bounded in what it may send, how long it may take, and how many there may be.

One look a moment goes over all of them, so a bound costs a request nothing but the note of a time.
"""

import asyncio
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service.http.headers import guarded_headers
from service.http.problems import problem

HEAD, HEADERS = 64 << 10, 100
"""Bytes of the head of a request, and headers in it."""
LONGEST_URL = 32 << 10
"""Characters of an address that the application sees at all; its own limit is a setting."""
_LOOK_EVERY = 0.5


class Bounds(NamedTuple):
    """What connections may take."""

    connections: int
    head: float
    """Seconds for the head of a request, from its first byte, and before the first one."""
    body: float
    """Seconds for the body."""
    sending: float
    """Seconds in which a client must take something of an answer."""


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


async def look_after(connections: set[Any]) -> None:
    """Look at every connection now and then, until it is cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        now = loop.time()
        for one in list(connections):
            if isinstance(one, BoundedProtocol):
                one.look(now)
