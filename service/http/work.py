"""The record of a piece of work: who asked for what, what it took, and what came of it.

There is one for each request, of HTTP, of a command on its own store and of an agent alike. It is made at the door,
what is done for it adds to its cost wherever that is done, and when all of it has ended it is settled once: figures,
records of access and audit, the shares of the governor and the bounds on rates are all drawn from it.
"""

from collections.abc import Awaitable, Callable, Generator
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter, thread_time
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class WorkRecord:
    """One piece of work; it holds no text and no secret of anybody."""

    method: str
    path: str
    operation: str = ""
    """The name of the operation; of a kept answer `kept`, of an address that is none `none`."""
    client: str = ""
    """Whose line its long parts wait in, and whose share they are charged to."""
    principal: str | None = None
    """Who asked, as changes record it."""
    key: str | None = None
    """Id of the key that was shown."""
    address: str = ""
    """Where the request came from."""
    trace_id: str | None = None
    """Id of the trace that it belongs to, where spans are made."""
    status: int = 0
    """What came of it: the status of the answer; 0 where none was begun."""
    on_loop: float = 0.0
    """Seconds of the processor that it took of the event loop."""
    on_threads: float = 0.0
    """The same of threads; of a store's own threads only what a purge took is known, and of a database nothing."""
    began: float = field(default_factory=perf_counter)
    seconds: float = 0.0
    """From the request to the end of its answer, by the clock."""
    parts: int = 1
    """How many parts of it are under way: the answer, and what runs on threads."""
    is_metered: bool = False
    """Whether what is done just now is charged already."""

    @property
    def cost(self) -> float:
        """Seconds of the processor that it took in all."""
        return self.on_loop + self.on_threads


WORK: ContextVar[WorkRecord | None] = ContextVar("work", default=None)
"""What is worked on; set at the door for all that is done in a request."""
Settled = Callable[[WorkRecord], None]
"""Is told each record once, when the work has ended; must be quick."""


class Metered(Generic[T]):
    """Something to wait for whose steps on the event loop are charged to a record."""

    __slots__ = ("_asked", "_record")

    def __init__(self, asked: Awaitable[T], record: WorkRecord) -> None:
        self._asked = asked
        self._record = record

    def __await__(self) -> Generator[Any, Any, T]:
        """The same steps, each between two looks at the clock of this thread."""
        steps = self._asked.__await__()
        go: Callable[[Any], Any] = steps.send
        given: Any = None
        while True:
            begun, self._record.is_metered = thread_time(), True
            try:
                waited_for = go(given)
            except StopIteration as end:
                result: T = end.value
                return result
            finally:
                self._record.is_metered = False
                self._record.on_loop += thread_time() - begun
            try:
                given = yield waited_for
                go = steps.send
            except GeneratorExit:
                steps.close()
                raise
            except BaseException as error:  # cancelled, mostly: it is for the work to say what comes of that
                given, go = error, steps.throw
