"""Long questions: answers that time cut are kept nowhere, and nobody is worked for who has gone away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from graph.budgets import OutOfTime, StepBudget, Timeout
from graph.evaluation.explanation import budget
from service.app import create_app
from service.http.context import Service
from service.routes import evaluation
from service.settings import Settings
from tests.api.conftest import SEED, client_of
from tests.support.waiting import until

QUESTIONS = [
    "/evaluation?semantics=preferred",
    "/evaluation/acceptance?id=t-main",
    "/nodes/t-main/why",
    "/influence?target=t-main&limit=1000",
    "/cruxes?target=t-main",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_whole_answer_is_tagged_and_known_again(question: str) -> None:
    with client_of(seed=True) as client:
        first = client.get(SEED + question)
        assert (first.status_code, first.json()["reason"]) == (200, None)
        tag = first.headers["etag"]
        assert client.get(SEED + question).content == first.content
        assert client.get(SEED + question, headers={"If-None-Match": tag}).status_code == 304
        other = client.get(f"{SEED}{question}{'&' if '?' in question else '?'}without=p-72")
        assert other.headers["etag"] != tag
        client.patch(f"{SEED}/statements/p-50", json={"note": "seen"})
        assert client.get(SEED + question, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("question", QUESTIONS[:2])
def test_an_answer_that_time_cut_is_kept_nowhere(question: str) -> None:
    with client_of(seed=True, evaluation_budget=1e-9) as client:
        cut = client.get(SEED + question, headers={"If-None-Match": "*"})
        assert (cut.status_code, cut.json()["complete"], cut.json()["reason"]) == (200, False, "budget")
        assert "etag" not in cut.headers
        assert cut.headers["cache-control"] == "no-store"
        service: Service = client.app.state.service  # type: ignore[attr-defined]
        path, _, query = (SEED + question).partition("?")
        assert service.answers.get((path, query.encode())) is None


@pytest.mark.parametrize("question", QUESTIONS[2:])
def test_an_answer_that_steps_cut_is_the_same_each_time(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps are the same everywhere, so what they cut may be kept, and a budget of time does not matter."""
    monkeypatch.setattr(budget, "EXPLAINING", StepBudget(40))
    answers = []
    for seconds in (1e-9, 5.0):
        with client_of(seed=True, evaluation_budget=seconds) as client:
            answers.append(client.get(SEED + question))
    one, other = answers
    assert (one.json()["complete"], one.json()["reason"]) == (False, "budget")
    assert one.content == other.content
    assert "etag" in one.headers


def endless(begun: list[object], ended: list[object]) -> Callable[..., Any]:
    def ask(graph: Any, query: Any, left: Timeout, **_: Any) -> Any:
        begun.append(query)
        try:
            while True:
                left.check()
        except OutOfTime:
            ended.append(query)
            raise

    return ask


def test_who_goes_away_is_not_worked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits in line and never begins; the first ends long before its time is up."""
    begun: list[object] = []
    ended: list[object] = []
    monkeypatch.setattr(evaluation, "evaluate", endless(begun, ended))
    app = create_app(Settings(store="sqlite::memory:", workers=1, evaluation_budget=3600.0))
    service: Service = app.state.service
    listening: list[object] = []

    async def leave() -> None:
        """Both hang up once the first is worked for and the second waits."""
        await service.open()
        try:
            async with asyncio.timeout(60):
                gone = asyncio.create_task(until(lambda: begun and len(listening) == 2))
                await asyncio.gather(*(_asked(app, gone, listening) for _ in range(2)))
        finally:
            await service.close()

    asyncio.run(leave())
    assert (len(begun), len(ended)) == (1, 1)
    assert service.work.waiting == 0


async def _asked(app: Any, gone: asyncio.Task[None], listening: list[object]) -> None:
    """Ask as a server would for a client that hangs up."""
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        listening.append(app)
        await asyncio.shield(gone)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        """Nobody hears it."""

    path = f"{SEED}/evaluation"
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)
