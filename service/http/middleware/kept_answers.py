"""Answers that were given before and still hold go out without being made again."""

from starlette.types import ASGIApp, Receive, Scope, Send

from service.http import etags
from service.http.headers import header
from service.http.service import Service


class KeptAnswers:
    """Asks the store only whether the map has changed since."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self.app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            found = self._service.answers.get((scope["path"], scope["query_string"]))
            if found is not None:
                try:
                    version = await self._service.workspace.version(found.map)
                except Exception:
                    version = None  # the application finds the same fault, and answers it
                if version == found.version:
                    known = etags.is_fresh(header(scope, b"if-none-match"), found.tag)
                    await (found.unchanged if known else found.answer)(scope, receive, send)
                    return
        await self.app(scope, receive, send)
