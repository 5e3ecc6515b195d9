"""Questions that may take long: in turn, within a time, and only as long as somebody waits for the answer."""

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any, Protocol, TypeVar

from starlette.types import Receive

from graph.budgets import Cancelled, StepBudget, Timeout
from graph.snapshot.argument_graph import ArgumentGraph
from service.context import VERSION
from service.errors import Busy
from service.http.ask import Ask
from service.wire import tags
from service.wire.answer import Answer, encode

T = TypeVar("T")
Gone = Callable[[], bool]
"""Whether nobody waits for the answer any more."""
_NO_STORE = {"Cache-Control": "no-store"}


class Bounded(Protocol):
    """An answer that says whether time ran out."""

    @property
    def reason(self) -> str | None:
        """`budget` where it did."""


async def judge(ask: Ask[Any], graph: ArgumentGraph, question: Callable[[Timeout], Bounded]) -> Answer:
    """Answer a question that is bounded by time, unless the client has the answer already.

    What an answer holds that ran out of time depends on how fast the machine was just then. So it has no tag
    and is kept nowhere: the next time there may be more of it.
    """
    tag = tags.of_read(graph, ask.query, VERSION)
    if _known(ask, tag):
        return Answer.unchanged(tag)
    seconds = ask.service.settings.evaluation_budget

    def work(gone: Gone) -> tuple[bytes, bool]:
        found = question(Timeout(seconds, gone))  # the time runs from here, not from when the question was put
        return encode(found), found.reason == "budget"

    body, cut = await attended(ask, work)
    if cut:
        return Answer(body, headers=_NO_STORE)
    return _kept(ask, graph, tag, body)


async def search(ask: Ask[Any], graph: ArgumentGraph, question: Callable[[StepBudget], object]) -> Answer:
    """Answer a question that is bounded by steps, unless the client has the answer already.

    Steps are the same everywhere, so an answer that ran out of them is as good to keep as any other.
    """
    tag = tags.of_read(graph, ask.query, VERSION)
    if _known(ask, tag):
        return Answer.unchanged(tag)
    steps = ask.service.settings.path_budget
    body = await attended(ask, lambda gone: encode(question(StepBudget(steps, gone))))
    return _kept(ask, graph, tag, body)


def _known(ask: Ask[Any], tag: str) -> bool:
    """Whether the client has the answer; `*` says so only of an answer that there is, so that it is made first."""
    condition = ask.header(b"if-none-match")
    return condition is not None and condition.strip() != "*" and ask.fresh(tag)


def _kept(ask: Ask[Any], graph: ArgumentGraph, tag: str, body: bytes) -> Answer:
    answer = ask.keep(graph, tag, Answer(body, tag=tag))
    return Answer.unchanged(tag) if ask.fresh(tag) else answer


def passing(value: object) -> Answer:
    """The answer to a question that is asked by POST: nothing is stored, and nothing is to be kept."""
    return Answer(encode(value), headers=_NO_STORE)


async def attended(ask: Ask[Any], work: Callable[[Gone], T]) -> T:
    """Do long work on a thread, in turn, and end it when the client goes away."""
    gone, begun = Event(), Event()

    def run() -> T:
        begun.set()
        return work(gone.is_set)

    working = asyncio.ensure_future(ask.service.long(run))
    leaving = asyncio.ensure_future(_left(ask.receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            gone.set()
            if not begun.is_set():  # nobody needs a place in the line any more
                working.cancel()
            await asyncio.wait({working})
        if working.cancelled():
            raise Busy("nobody waits for the answer any more")
        return working.result()
    except Cancelled as error:
        raise Busy("nobody waits for the answer any more") from error
    finally:
        gone.set()
        leaving.cancel()
        working.cancel()


async def _left(receive: Receive | None) -> None:
    """Return when the client has gone away; without a way to tell, never."""
    if receive is None:
        await asyncio.Event().wait()
        return
    while (await receive())["type"] != "http.disconnect":
        pass
