"""The API as the commands use it: one way to ask, whatever carries the question."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from service.cli.failure import Ending, Failure

Parameters = Sequence[tuple[str, str]]
_HELD = (409, 412, 428)


class Reply(NamedTuple):
    """An answer as it came."""

    status: int
    body: bytes

    @property
    def value(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.body)


class Api(ABC):
    """A service to ask; a context that holds the connection."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *error: object) -> None: ...

    @abstractmethod
    def send(self, method: str, target: str, body: bytes | None) -> Reply:
        """Carry one request; `target` is path and query. Raises `Failure` where nobody answers."""

    def get(self, path: str, parameters: Parameters = ()) -> Reply:
        """Ask a question; raises `Failure` with the problem where there is one."""
        return self._checked(self.send("GET", _target(path, parameters), None))

    def post(self, path: str, value: object, parameters: Parameters = ()) -> Reply:
        """Make something of a JSON value; raises `Failure`."""
        return self._checked(self.send("POST", _target(path, parameters), json.dumps(value).encode()))

    def delete(self, path: str) -> Reply:
        """Delete what stands there; raises `Failure`."""
        return self._checked(self.send("DELETE", path, None))

    def _checked(self, reply: Reply) -> Reply:
        if reply.status < 400:
            return reply
        raise _failure(reply)


def path(*steps: str) -> str:
    """A path of these steps; raises `Failure` for what can be no id, lest it lead elsewhere."""
    from schemas.base import ID_PATTERN  # noqa: PLC0415 - the help must come fast

    for step in steps:
        if not re.fullmatch(ID_PATTERN, step):
            raise Failure(Ending.MISUSE, f"{step!r} can be no id: letters, digits and . _ ~ - make one")
    return "".join(f"/{step}" for step in steps)


def _target(path: str, parameters: Parameters) -> str:
    return f"{path}?{urlencode(list(parameters))}" if parameters else path


def _failure(reply: Reply) -> Failure:
    ending = Ending.AWAY if reply.status >= 500 else Ending.NO if reply.status in _HELD else Ending.MISUSE
    try:
        problem = reply.value
        detail = str(problem["detail"])
    except (ValueError, TypeError, KeyError):
        return Failure(Ending.AWAY, f"what answers is no argumap service: status {reply.status}")
    faults = [fault for fault in problem.get("errors", []) if fault["detail"] not in detail]
    return Failure(ending, detail, *(f"{fault['pointer']}: {fault['detail']}" for fault in faults))
