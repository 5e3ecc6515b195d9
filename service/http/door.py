"""The outermost layer: kept answers go out here at once, and whatever fails inside leaves as a problem."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from graph.errors import GraphError
from service.errors import ServiceError
from service.http.route import DirectRoute
from service.http.table import Table
from service.problems import answer_of, failure
from service.wire import tags
from service.wire.answer import Answer
from service.wire.headers import header


class Application(FastAPI):
    """The framework's application with a shorter way for our own operations.

    A request goes through the framework's layers and patterns only where no operation answers it: for the
    page, for an address or method that is not there, and for the lifespan. Whatever is to stand before every
    answer, kept ones too, belongs here and not into a middleware.
    """

    def __init__(self, operations: Sequence[DirectRoute], **described: Any) -> None:
        super().__init__(**described)
        self.router.routes.extend(operations)
        self._table = Table(operations)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        sending = _Sending(send)
        try:
            kept = await self._kept(scope)
            if kept is not None:
                await kept.send(sending)
                return
            found = self._table.find(scope["method"], scope["path"])
            if found is None:
                await super().__call__(scope, receive, sending)
                return
            scope["app"] = self
            scope["route"], scope["path_params"] = found
            await found[0].app(scope, receive, sending)
        except (GraphError, ServiceError) as error:
            await sending.instead(answer_of(error))
        except Exception as error:
            if not sending.done:  # the framework raises again what its handler has answered
                await sending.instead(failure(error))

    async def _kept(self, scope: Scope) -> Answer | None:
        """The answer that is kept for a request, where the store says that it still holds."""
        if scope["method"] != "GET":
            return None
        service = self.state.service
        found = service.answers.get((scope["path"], scope["query_string"]))
        if found is None or await service.workspace.version(found.map) != found.version:
            return None
        known: bool = tags.is_fresh(header(scope, b"if-none-match"), found.tag)
        answer: Answer = found.unchanged if known else found.answer
        return answer


class _Sending:
    """What goes out, and how far it has gone."""

    __slots__ = ("_send", "begun", "done")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False
        self.done = False

    async def __call__(self, message: Message) -> None:
        self.begun = True
        await self._send(message)
        self.done = message["type"] == "http.response.body" and not message.get("more_body", False)

    async def instead(self, answer: Answer) -> None:
        """Say what went wrong; where half of an answer is out, only cutting the connection can tell it."""
        if self.begun:
            raise ConnectionAbortedError("the answer could not be finished")
        await answer.send(self._send)


def _without_body(send: Send) -> Send:
    async def head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        await send(message)

    return head
