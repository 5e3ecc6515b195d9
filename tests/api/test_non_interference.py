"""Non-interference: whatever happens in maps that a key does not open, what that key is answered is the same.

Two services are asked the same by one key, at random and of every operation; in one of them others make, change, search
and delete what the key does not open meanwhile. Each answer is compared whole but for what differs in any two services:
times, made-up ids and tags.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from schemas.key import Scope
from service.reference.examples import MAP
from tests.api.test_keys import FIRST, Service
from tests.api.test_statuses import OPERATIONS, Operation

MINE, HIDDEN = MAP, "hidden"
"""The map of the examples is open to the key; others have one of the same nodes, which is not."""
_TIME = re.compile(r"20\d\d-\d\d-\d\dT[0-9:.]+Z")
_TAG = re.compile(r"\b[0-9]+\.[0-9a-f]{8,}(-[0-9a-f]{8,})?")
_MADE_UP = re.compile(r"\b[a-z]+-[0-9a-z]{22}\b")
_STEPS = 40


class Principal:
    """Asks at random; the same seed asks the same."""

    def __init__(self, service: Service, key: dict[str, str], maps: tuple[str, ...], seed: int) -> None:
        self._service, self._key, self._maps, self._chance = service, key, maps, random.Random(seed)
        self._tags = ['"1"', '"x"']

    def ask(self, only: str = "") -> Any:
        """Ask something, with conditions and idempotency keys that others may use too."""
        chance = self._chance
        operation = chance.choice([one for one in OPERATIONS if one.method == only or not only])
        request = _of(operation, chance.choice(self._maps), chance.choice(("", "", "dry_run", "limit", "q")))
        headers = {**request.pop("headers"), **self._key, "Accept-Encoding": "identity"}
        if operation.method == "post":
            headers["Idempotency-Key"] = f"same-{chance.randrange(6)}"
        if not chance.randrange(4):
            name = "If-None-Match" if operation.method == "get" else "If-Match"
            headers[name] = self._tags[chance.randrange(len(self._tags))]
        answer = self._service.client.request(operation.method, **request, headers=headers)
        if "etag" in answer.headers:
            self._tags = [*self._tags[-5:], answer.headers["etag"]]
        return operation.name, request["url"], answer


def _of(operation: Operation, map_id: str, more: str) -> dict[str, Any]:
    request = operation.request()
    changed = json.loads(json.dumps(request).replace(MAP, map_id))
    changed["params"] |= {"dry_run": {"dry_run": "true"}, "limit": {"limit": "2"}, "q": {"q": "bridge"}}.get(more, {})
    return dict(changed)


def _told(asked: tuple[str, str, Any]) -> Any:
    """An answer without what differs in any two services; made-up ids by the order in which they come."""
    name, url, answer = asked
    headers = {one: value for one, value in answer.headers.items() if one not in ("x-request-id", "etag", "set-cookie")}
    known: dict[str, str] = {}
    text = _TAG.sub("TAG", _TIME.sub("TIME", f"{headers} {answer.text}"))
    return name, url, answer.status_code, _MADE_UP.sub(lambda m: known.setdefault(m[0], f"made-up-{len(known)}"), text)


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[tuple[Service, Service]]:
    """Two services that hold the same."""
    with ExitStack() as opened:
        yield tuple(
            opened.enter_context(
                Service({"store": f"sqlite:{tmp_path / name}.db", "seed": False, "deleted_days": 1}).entered()
            )
            for name in ("one", "other")
        )  # type: ignore[misc]


def _filled(service: Service, scope: Scope) -> dict[str, str]:
    for name in FIRST:
        [one] = [one for one in OPERATIONS if one.name == name]
        for map_id in (MINE, HIDDEN):
            assert service.owner.request(one.method, **_of(one, map_id, "")).is_success
    return service.key(scope, MINE, name="who asks")


@pytest.mark.parametrize(("seed", "scope"), [(1, "write"), (2, "admin"), (3, "read")])
def test_what_others_do_where_a_key_may_not_look_changes_none_of_its_answers(
    twins: tuple[Service, Service], seed: int, scope: Scope
) -> None:
    quiet, lively = (Principal(one, _filled(one, scope), (MINE, MINE, MINE, HIDDEN, "none"), seed) for one in twins)
    others = Principal(twins[1], twins[1].key("admin", HIDDEN, name="others"), (HIDDEN, HIDDEN, "new"), seed)
    owner = Principal(twins[1], twins[1].key("admin", name="owner"), (HIDDEN, "new"), seed + 100)
    for step in range(_STEPS):
        for asking in (others, owner):
            if asking is others or not step % 3:
                _, url, answer = asking.ask()
                assert answer.status_code < 500 or answer.status_code == 501, (url, answer.text)
        assert _told(quiet.ask()) == _told(lively.ask()), step
