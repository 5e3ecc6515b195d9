"""A client of an event stream: what it was told, event by event, over a connection that can be cut off anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, NamedTuple

import httpx2

EVENTS = {"Accept": "text/event-stream"}
_WAIT = 60.0


class Event(NamedTuple):
    """One event as it came."""

    name: str
    id: int | None
    data: Any


class Listener:
    """Follows the changes of a map; leaving the context cuts the connection off."""

    def __init__(
        self, url: str, map_id: str, last: int | None = None, headers: Mapping[str, str] = EVENTS, **query: Any
    ) -> None:
        if last is not None:
            headers = {**headers, "Last-Event-ID": str(last)}
        self._client = httpx2.Client(timeout=_WAIT)
        self._stream = self._client.stream("GET", f"{url}/v1/maps/{map_id}/changes", params=query, headers=headers)
        self.last = last
        """The id of the last event, as a browser keeps it."""
        self.comments = 0

    def __enter__(self) -> Listener:
        self.opened()
        return self

    def opened(self) -> int:
        """Connect; the status of the answer."""
        self.answer = self._stream.__enter__()
        self._lines = self.answer.iter_lines()
        self._events = self._read()
        return self.answer.status_code

    def close(self) -> None:
        """Cut the connection off."""
        self._client.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def next(self) -> Event:
        """The next event; waits for it."""
        return next(self._events)

    def until(self, revision: int) -> list[Event]:
        """The events up to the one of a revision."""
        found = [self.next()]
        while found[-1].id != revision:
            found.append(self.next())
        return found

    def rest(self) -> list[Event]:
        """What comes until the service ends the stream."""
        return list(self._events)

    def answer_lines(self) -> Iterator[str]:
        """The lines that come, where what they tell beside events is of interest."""
        for line in self._lines:
            if line.startswith(":"):
                self.comments += 1
            if line.startswith("id: "):
                self.last = int(line.removeprefix("id: "))
            yield line

    def _read(self) -> Iterator[Event]:
        fields: dict[str, str] = {}
        for line in self.answer_lines():
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
            elif not line:
                if "data" in fields:
                    number = int(fields["id"]) if "id" in fields else None
                    yield Event(fields.get("event", "message"), number, json.loads(fields["data"]))
                fields = {}
