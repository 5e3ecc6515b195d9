"""The stream of a map's changes, as another process has it: nothing is missed, nothing comes twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event as Flag
from typing import Any

import httpx2
import pytest

from schemas.query import ViewQuery
from service.app import create_app
from service.http.context import Service
from service.http.errors import Busy
from service.live import stream
from service.settings import Settings
from tests.api.conftest import SMALL
from tests.api.serving import Served
from tests.support.events import EVENTS, Event, Listener
from tests.support.waiting import others_go_on, until

_MAPS = count()


class Pair:
    """Two services on one store, and a client of them."""

    def __init__(self, here: str, there: str) -> None:
        self.here = here
        self.there = there
        self.client = httpx2.Client(timeout=60)

    def write(self, url: str, map_id: str, **patch: Any) -> int:
        """Change a statement through one of them; the revision."""
        done = self.client.patch(f"{url}/v1/maps/{map_id}/statements/s1", json=patch)
        assert done.status_code == 200, done.text
        return int(done.json()["revision"])

    def batch(self, url: str, map_id: str, *operations: dict[str, Any]) -> int:
        done = self.client.post(f"{url}/v1/maps/{map_id}/batch", json={"operations": operations})
        assert done.status_code == 200, done.text
        return int(done.json()["revision"])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("live")
    given = {"ARGUMAP_STORE": f"sqlite:{folder / 'store.db'}", "ARGUMAP_SEED": "0", "ARGUMAP_HEARTBEAT": "0.2"}
    for name in ("here", "there"):
        (folder / name).mkdir()
    with Served(folder / "here", given) as here, Served(folder / "there", given) as there:
        both = Pair(here.url, there.url)
        yield both
        both.client.close()


@pytest.fixture
def map_id(pair: Pair) -> str:
    """A map of its own, at revision 2."""
    name = f"m{next(_MAPS)}"
    pair.client.post(f"{pair.here}/v1/maps", json={"id": name, "title": "small"})
    assert pair.batch(pair.here, name, *SMALL) == 2
    return name


def told(events: list[Event]) -> list[tuple[str, int | None]]:
    return [(event.name, event.id) for event in events]


def test_it_says_where_it_begins_and_then_each_change_once(pair: Pair, map_id: str) -> None:
    with Listener(pair.here, map_id) as listener:
        assert listener.answer.headers["content-type"].startswith("text/event-stream")
        assert listener.answer.headers["cache-control"] == "no-store"
        assert listener.next() == Event("ready", 2, {"map": map_id, "revision": 2})
        revision = pair.write(pair.here, map_id, note="x")
        event = listener.next()
    assert (event.name, event.id, event.data["nodes"]) == ("change", revision, ["s1"])
    listed = pair.client.get(f"{pair.here}/v1/maps/{map_id}/changes", params={"since": 2, "effects": "false"}).json()
    assert {"map": map_id, **listed["items"][0]} == event.data, "as the list has it"


def test_what_another_process_writes_is_told_too(pair: Pair, map_id: str) -> None:
    with Listener(pair.here, map_id) as listener:
        listener.next()
        for n in range(3):
            revision = pair.write(pair.there, map_id, note=f"{n}")
            assert listener.next().id == revision


def test_a_listener_that_is_cut_off_a_hundred_times_misses_and_doubles_nothing(pair: Pair, map_id: str) -> None:
    chance, changes = random.Random(7), 150
    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(
            lambda: [pair.write((pair.here, pair.there)[n % 2], map_id, note=f"{n}") for n in range(changes)]
        )
        heard: list[int | None] = []
        last: int | None = 2
        cuts = 0
        while cuts < 100 or last != 2 + changes:
            with Listener(chance.choice((pair.here, pair.there)), map_id, last) as listener:
                first = listener.next()
                assert (first.name, first.id) == ("ready", last)
                for _ in range(chance.randrange(4)):
                    if listener.last == 2 + changes:
                        break
                    heard.append(listener.next().id)
                last = listener.last
            cuts += 1
        assert writing.result()[-1] == 2 + changes
    assert heard == list(range(3, 3 + changes))


def test_it_goes_on_from_a_revision_that_is_asked_for(pair: Pair, map_id: str) -> None:
    last = [pair.write(pair.here, map_id, note=f"{n}") for n in range(4)][-1]
    with Listener(pair.here, map_id, since=last - 2) as listener:
        assert told(listener.until(last)) == [("ready", last - 2), ("change", last - 1), ("change", last)]


def test_one_can_follow_a_node_and_its_verdict(pair: Pair, map_id: str) -> None:
    with Listener(pair.here, map_id, node=["food"]) as listener:
        before = listener.next().data["verdicts"]["food"]
        pair.write(pair.there, map_id, note="nothing of it")
        against = {"premises": ["s2"], "target": "a1", "stance": "opposing", "confidence": "high"}
        turn = [
            {"op": "update", "kind": "statement", "id": "s1", "value": {"credence": 1.0, "origin": "author"}},
            {"op": "update", "kind": "argument", "id": "a2", "value": {"confidence": "high", "credence": 1.0}},
            {"op": "create", "kind": "argument", "id": "a3", "value": against},
        ]
        gone = [{"op": "delete", "kind": "argument", "id": one} for one in ("a2", "a3")]
        strong = pair.batch(pair.there, map_id, *turn)
        weak = pair.batch(pair.there, map_id, *gone)
        touched = pair.batch(
            pair.there, map_id, {"op": "update", "kind": "motive", "id": "food", "value": {"note": "x"}}
        )
        events = listener.until(touched)
    assert events[-1].name == "change", "it touches the node and turns nothing"
    turned = [one["after"] for event in events[:-1] for one in event.data["verdicts"]]
    assert {event.name for event in events[:-1]} == {"verdict"}
    assert {event.id for event in events[:-1]} <= {strong, weak}, "what touches it not, and turns nothing, is not told"
    assert turned, "neither turned anything"
    for was, now in zip([before, *turned], turned, strict=False):
        assert was != now


def test_changes_are_followed_by_author_and_field(pair: Pair, map_id: str) -> None:
    with Listener(pair.here, map_id, field=["text"]) as listener, Listener(pair.here, map_id, by=["nobody"]) as other:
        assert (listener.next().name, other.next().name) == ("ready", "ready")
        pair.write(pair.here, map_id, note="x")
        revision = pair.write(pair.here, map_id, text="The shop is not open.")
        assert told([listener.next()]) == [("change", revision)]
        for _ in other.answer_lines():  # passed over, and yet known to a client that is cut off
            if other.last == revision:
                break
        assert other.last == revision


@pytest.mark.parametrize(("last", "reason"), [("9999", "ahead"), ("never", "unknown_id"), ("-1", "unknown_id")])
def test_where_it_cannot_go_on_it_says_so_and_goes_on_from_now(pair: Pair, map_id: str, last: str, reason: str) -> None:
    with Listener(pair.here, map_id, headers={**EVENTS, "Last-Event-ID": last}) as listener:
        assert listener.next() == Event("reset", 2, {"map": map_id, "revision": 2, "reason": reason})
        assert pair.write(pair.here, map_id, note="x") == listener.next().id


def test_a_map_that_goes_ends_the_stream(pair: Pair, map_id: str) -> None:
    with Listener(pair.here, map_id) as listener:
        listener.next()
        pair.client.delete(f"{pair.there}/v1/maps/{map_id}")
        assert [(event.name, event.data) for event in listener.rest()] == [("gone", {"map": map_id})]
    assert pair.client.get(f"{pair.here}/v1/maps/{map_id}/changes", headers=EVENTS).status_code == 404


def test_silence_is_broken_by_comments(pair: Pair, map_id: str) -> None:
    with Listener(pair.here, map_id) as listener:
        listener.next()
        for _ in listener.answer_lines():
            if listener.comments >= 3:
                break
    assert listener.comments == 3


@pytest.mark.parametrize("query", [{"until": "2"}, {"as_of": "1"}, {"cursor": "abc"}, {"node": "nobody"}])
def test_what_a_stream_cannot_do_is_refused(pair: Pair, map_id: str, query: dict[str, str]) -> None:
    refused = pair.client.get(f"{pair.here}/v1/maps/{map_id}/changes", params=query, headers=EVENTS)
    assert refused.status_code == 422, refused.text
    assert refused.headers["content-type"] == "application/problem+json"


def test_the_list_and_its_head_are_not_mistaken_for_the_stream(pair: Pair, map_id: str) -> None:
    address = f"{pair.here}/v1/maps/{map_id}/changes"
    for _ in range(2):  # the second time the answer is kept
        assert pair.client.get(address).json()["total"] == 2
    with Listener(pair.here, map_id) as listener:
        assert listener.next().name == "ready"
    assert pair.client.head(address, headers=EVENTS).headers["content-type"] == "application/json"


def test_a_node_that_was_merged_is_followed_as_the_other(pair: Pair, map_id: str) -> None:
    pair.batch(pair.here, map_id, {"op": "create", "kind": "statement", "id": "s3", "value": {"text": "Shut."}})
    pair.client.post(f"{pair.here}/v1/maps/{map_id}/merges", json={"keep": "s1", "drop": "s3"})
    with Listener(pair.here, map_id, node=["s3"]) as listener:
        assert list(listener.next().data["verdicts"]) == ["s1"]
        assert pair.write(pair.here, map_id, note="x") == listener.next().id


def test_a_service_that_ends_ends_its_streams(tmp_path: Path) -> None:
    given = {"ARGUMAP_STORE": f"sqlite:{tmp_path / 'store.db'}", "ARGUMAP_SHUTDOWN_TIMEOUT": "50"}
    with Served(tmp_path, given) as served, Listener(served.url, "food-finance-firepower") as listener:
        assert listener.next().name == "ready"
        assert served.end() == 0
        assert listener.rest() == []
        assert "Traceback" not in (tmp_path / "service.log").read_text()


def test_more_streams_than_may_be_are_refused_until_one_ends(tmp_path: Path) -> None:
    given = {"ARGUMAP_STORE": f"sqlite:{tmp_path / 'store.db'}", "ARGUMAP_LISTENERS": "1"}
    name = "food-finance-firepower"
    with Served(tmp_path, given) as served:
        with Listener(served.url, name) as listener:
            listener.next()
            refused = httpx2.get(f"{served.url}/v1/maps/{name}/changes", headers=EVENTS)
            assert (refused.status_code, refused.json()["code"]) == (503, "busy")
            assert "ARGUMAP_LISTENERS" in refused.json()["detail"]
        status = 503
        while status == 503:  # the service hears of it in its own time
            again = Listener(served.url, name)
            status = again.opened()
            again.close()
        assert status == 200


async def test_who_follows_a_verdict_hears_late_where_too_much_waits_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_NODE", 1e9)  # as if it were a large map
    app = create_app(Settings(store="sqlite::memory:", workers=1, queue=1))
    service: Service = app.state.service
    await service.open()
    hold = Flag()
    held = [asyncio.create_task(service.work.run(hold.wait)) for _ in range(2)]
    await until(lambda: service.work.waiting == 1)
    with pytest.raises(Busy):
        await service.work.run(lambda: None)
    view = ViewQuery()
    asked = [asyncio.create_task(app.state.streams.judged("food-finance-firepower", view)) for _ in range(100)]
    await others_go_on(20)
    assert not any(one.done() for one in asked)
    hold.set()
    assert len({id(graph) for graph in await asyncio.gather(*asked)}) == 1
    await asyncio.gather(*held)
    await service.close()
