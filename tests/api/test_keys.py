"""Keys: each operation asks for what it declares, and a map that a key does not open is as if it were not there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph.keys.secret import new_key
from schemas.base import now
from schemas.key import SCOPES, KeyRecord, Scope
from service.app import create_app
from service.auth.guard import Guard
from service.http.work import WorkRecord
from service.reference.examples import MAP
from service.settings import Settings
from tests.api.conftest import filled, settings_of
from tests.api.test_statuses import OPERATIONS, Operation
from tests.support.neo4j import Neo4jAddress
from tests.support.stores import STORES, place_of

FIRST = ("create_map", "run_batch")
OTHER = "/v1/maps/other"


class Service:
    """A service with keys, and the owner of its store."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self._app = create_app(Settings(**given))
        self._owners = create_app(Settings(**given), trusting=True)

    @contextmanager
    def entered(self) -> Iterator[Service]:
        with _client(self._app) as self.client, _client(self._owners) as self.owner:
            yield self

    @property
    def guard(self) -> Guard:
        found: Guard = self._app.state.service.guard
        return found

    def key(self, scope: Scope = "read", *maps: str, name: str | None = None) -> dict[str, str]:
        """A new key as the header that shows it."""
        body = {"name": name or new_key().id, "scope": scope, **({"maps": maps} if maps else {})}
        made = self.owner.post("/v1/keys", json=body)
        assert made.status_code == 201, made.text
        return {"Authorization": f"Bearer {made.json()['key']}"}

    def ask(self, operation: Operation, headers: dict[str, str]) -> Any:
        request = operation.request()
        return self.client.request(operation.method, **{**request, "headers": {**request["headers"], **headers}})


def _client(app: Any) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture(scope="module", params=STORES)
def service(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    neo4j_of_version: Callable[[str], Neo4jAddress],
) -> Iterator[Service]:
    """A service over the map of the examples, another map, and keys."""
    place = place_of(request.param, tmp_path_factory.mktemp("keys"), neo4j_of_version)
    with Service(settings_of(place)).entered() as service:
        for name in FIRST:
            [one] = [one for one in OPERATIONS if one.name == name]
            assert service.owner.request(one.method, **one.request()).is_success
        filled(service.owner, "other")
        service.key("admin")
        yield service


def _scope(operation: Operation) -> Any:
    return operation.declared["x-key-scope"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_each_operation_asks_for_what_it_declares(service: Service, operation: Operation) -> None:
    right = service.key("admin")["Authorization"]
    swapped = right[:-8] + ("a" if right[-8] != "a" else "b") + right[-7:]
    forged = f"Bearer {new_key().text}"
    for shown in (
        {},
        *({"Authorization": wrong} for wrong in ("", "Basic YTpi", "Bearer", forged, swapped, right[7:])),
    ):
        answer = service.ask(operation, shown)
        if _scope(operation) is None:
            assert answer.status_code == (401 if operation.name == "sign_in" else 200)
            continue
        assert answer.status_code == 401, shown
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["code"] == ("key_invalid" if shown else "key_required")
        assert MAP not in answer.text
    needed = _scope(operation)
    for lower in SCOPES[: 0 if needed is None else SCOPES.index(needed)]:
        _too_low(service.ask(operation, service.key(lower)))
    if needed == "admin" and not operation.asks_a_map:
        _too_low(service.ask(operation, service.key("admin", "other")))


def _too_low(answer: Any) -> None:
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_too_low")
    assert MAP not in answer.text


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.asks_a_map], ids=lambda o: o.name)
def test_a_map_that_a_key_does_not_open_is_as_if_it_were_not_there(service: Service, operation: Operation) -> None:
    key = service.key("admin", "other")
    request = operation.request()
    there, nowhere = (
        service.client.request(
            operation.method, **{**request, "url": request["url"].replace(MAP, name), "headers": key}
        )
        for name in (MAP, "no-such-map")
    )
    assert there.status_code == nowhere.status_code == 404
    assert there.text.replace(MAP, "no-such-map") == nowhere.text
    assert _lasting(there.headers) == {**_lasting(nowhere.headers), "content-length": str(len(there.content))}


def _lasting(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "x-request-id"}


def test_an_address_that_is_none_is_not_told_without_a_key(service: Service) -> None:
    for path in ("/nowhere", f"/v1/maps/{MAP}/nonsense", "/v1/maps/none/nonsense"):
        assert service.client.get(path).status_code == 401
        assert service.client.put(f"/v1/maps/{MAP}").status_code == 401
        assert service.client.get(path, headers=service.key()).status_code == 404


SEEN = (
    *("/v1/maps", "/v1/maps?limit=1", "/v1/search?q=bridge", "/v1/search?q=shop", "/v1/search?q=s&limit=2"),
    *(
        "/v1/search?q=hungry&maps=other",
        "/v1/search?q=hungry&maps=old-bridge&maps=other",
        "/v1/maps/other",
        "/v1/capabilities",
    ),
    *("/v1/maps/other/statements", "/v1/maps/other/nodes/close", "/v1/maps/old-bridge?as_of=1", "/readyz", "/healthz"),
)


@pytest.mark.parametrize("seed", range(4))
def test_what_happens_to_a_map_shows_nowhere_to_a_key_that_does_not_open_it(service: Service, seed: int) -> None:
    key, chance = service.key("write", MAP), random.Random(seed)

    def seen() -> list[Any]:
        tried = [
            service.client.post("/v1/maps", json={"id": one, "title": "x"}, headers=key) for one in ("other", "new")
        ]
        idem = {**key, "Idempotency-Key": f"same-{seed}"}
        made = service.client.post(f"/v1/maps/{MAP}/batch", json={"operations": [], "dry_run": True}, headers=idem)
        answers = [service.client.get(path, headers=key) for path in SEEN]
        return [(a.status_code, a.content, _lasting(a.headers)) for a in (*tried, made, *answers)]

    before = seen()
    for _ in range(6):
        match chance.randrange(6):
            case 0:
                service.owner.post(f"{OTHER}/statements", json={"text": f"The bridge shop {chance.random()}"})
            case 1:
                service.owner.delete(OTHER)
            case 2:
                service.owner.post("/v1/maps", json={"id": "other", "title": "other"})
            case 3:
                idem = {"Idempotency-Key": f"same-{seed}"}
                service.owner.post(f"{OTHER}/statements", json={"text": "bridge"}, headers=idem)
            case _:
                one = chance.choice([one for one in OPERATIONS if one.asks_a_map])
                request = one.request()
                service.owner.request(one.method, **{**request, "url": request["url"].replace(MAP, "other")})
        assert seen() == before
    service.owner.post("/v1/maps", json={"id": "other", "title": "other"})


def test_a_kept_answer_is_not_sent_to_whom_its_map_is_closed(service: Service) -> None:
    path = f"/v1/maps/{MAP}/paths?from=load-test&to=close"
    reader, other = service.key("read", MAP), service.key("read", "other")
    kept = service.client.get(path, headers=reader)
    assert service.client.get(path, headers=reader).content == kept.content
    for shown, status in (({}, 401), (other, 404)):
        again = service.client.get(path, headers={**shown, "If-None-Match": kept.headers["etag"]})
        assert again.status_code == status
        assert "etag" not in again.headers


def test_a_revoked_key_is_no_good_in_another_process_with_its_next_request(service: Service) -> None:
    key = service.key("read", name="leaver")
    path = f"/v1/maps/{MAP}"
    with Service(service.given).entered() as another:
        assert another.client.get(path, headers=key).status_code == 200
        revoked = service.owner.delete("/v1/keys/leaver")
        assert revoked.json()["revoked_at"]
        refused = another.client.get(path, headers=key)
        assert (refused.status_code, refused.json()["code"]) == (401, "key_invalid")
        assert "revoked" in refused.json()["detail"]
    service.key("read", name="leaver")
    assert service.owner.post("/v1/keys", json={"name": "leaver", "scope": "read"}).status_code == 409


def test_a_key_ends_when_it_was_said_to(service: Service) -> None:
    made = service.owner.post("/v1/keys", json={"name": "guest", "scope": "read", "expires": 1}).json()
    assert made["created_at"] < made["expires_at"]
    over = new_key()
    record = KeyRecord(
        over.id, "late", over.digest, "read", None, now(), "local", expires_at="2020-01-01T00:00:00.000000Z"
    )
    portal = service.owner.portal
    assert portal is not None
    assert portal.call(service._owners.state.service.store.keys.add, record)
    refused = service.client.get("/v1/maps", headers={"Authorization": f"Bearer {over.text}"})
    assert (refused.status_code, "expired" in refused.json()["detail"]) == (401, True)


def test_what_one_who_may_only_propose_wants_changed_is_a_draft_that_others_decide(service: Service) -> None:
    agent, analyst = service.key("propose", "other", name="agent"), service.key("write", "other", name="analyst")
    there = {"id": "s8", "text": "Bread was cheap."}
    assert service.client.post("/v1/maps/other/statements", json=there, headers=analyst).status_code == 201
    before = service.client.get("/v1/maps/other", headers=agent).json()["revision"]
    made = {"id": "s9", "text": "Bread is dear."}
    refused = service.client.post("/v1/maps/other/statements", json=made, headers=agent)
    assert (refused.status_code, "proposed as a draft" in refused.json()["detail"]) == (403, True)
    edit = {"op": "create", "kind": "statement", "id": "s9", "value": {"text": "Bread is dear."}}
    body = {"id": "dear", "title": "Dear bread", "operations": [edit]}
    assert service.client.post("/v1/maps/other/drafts", json=body, headers=agent).json()["by"] == "agent"
    assert service.client.post("/v1/maps/other/drafts/dear/accept", json={}, headers=agent).status_code == 403
    assert service.client.post("/v1/maps/other/nodes/s8/remarks", json={"text": "So?"}, headers=agent).is_success
    assert service.client.get("/v1/maps/other", headers=agent).json()["revision"] == before
    assert service.client.post("/v1/maps/other/drafts/dear/accept", json={}, headers=analyst).json()["created"] == [
        "s9"
    ]


def test_a_change_records_whose_key_it_was_made_with(service: Service) -> None:
    key = service.key("write", MAP, name="Ida of the county")
    made = service.client.post(f"/v1/maps/{MAP}/statements", json={"text": "Cranes are dear."}, headers=key)
    assert made.status_code == 201, made.text
    assert made.json()["created_by"] == "Ida of the county"
    portal = service.client.portal
    assert portal is not None
    portal.call(service.guard.close)  # the use is noted aside
    listed = service.owner.get("/v1/keys?limit=1000").json()["items"]
    [used] = [one for one in listed if one["name"] == "Ida of the county"]
    assert used["created_at"][:10] <= used["used_at"][:10]
    assert all("digest" not in one and "key" not in one for one in listed)


def test_keys_of_idempotency_are_each_principals_own(service: Service) -> None:
    one, two = service.key("write", MAP), service.key("write", MAP)
    sent = {"Idempotency-Key": "the very same"}
    first = service.client.post(f"/v1/maps/{MAP}/statements", json={"text": "Ice is thin."}, headers={**one, **sent})
    other = service.client.post(f"/v1/maps/{MAP}/statements", json={"text": "Ice is thin."}, headers={**two, **sent})
    again = service.client.post(f"/v1/maps/{MAP}/statements", json={"text": "Ice is thin."}, headers={**one, **sent})
    assert first.json()["id"] != other.json()["id"]
    assert again.content == first.content
    assert (other.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")


def test_a_key_is_not_repeated_where_it_was_sent_by_mistake(service: Service) -> None:
    secret = new_key().text
    for path in (f"/v1/maps?{secret}=1", f"/{secret}", f"/v1/maps/{secret}", f"/v1/search?q=x&maps={secret}"):
        for headers in ({}, service.key()):
            answer = service.client.get(path, headers=headers)
            assert answer.status_code in (401, 404, 422)
            assert secret not in answer.text
            assert secret not in str(answer.headers)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "local", "scope": "read"}, "invalid"),
        ({"name": "x", "scope": "root"}, "invalid"),
        ({"name": " ", "scope": "read"}, "invalid"),
        ({"name": "x\ny", "scope": "read"}, "invalid"),
        ({"name": "x", "scope": "read", "maps": []}, "invalid"),
        ({"name": "x", "scope": "read", "maps": ["old-bride"]}, "unknown_id"),
        ({"name": "x", "scope": "read", "expires": 0}, "invalid"),
        ({"name": "x"}, "invalid"),
    ],
)
def test_a_key_that_cannot_be_is_refused(service: Service, body: Any, code: str) -> None:
    before = service.owner.get("/v1/keys").json()["total"]
    refused = service.owner.post("/v1/keys", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert service.owner.get("/v1/keys").json()["total"] == before


def test_the_first_key_is_not_made_over_http(tmp_path: Path) -> None:
    given = {"store": f"sqlite:{tmp_path / 'store.db'}", "seed": False}
    with Service(given).entered() as service:
        refused = service.client.post("/v1/keys", json={"name": "me", "scope": "admin"})
        assert (refused.status_code, "argumap keys create" in refused.json()["detail"]) == (403, True)
        assert service.client.get("/v1/keys").json()["total"] == 0
        assert service.client.get("/v1/maps", headers={"Authorization": "Bearer nonsense"}).status_code == 200
        shown = service.key("admin")
        assert service.client.get("/v1/maps").status_code == 401
        assert service.client.post("/v1/keys", json={"name": "you", "scope": "read"}, headers=shown).status_code == 201
        assert service.client.get("/v1/maps", headers={**shown, "Host": "maps.example"}).status_code == 200
        secret = shown["Authorization"][7:]
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert held.count(secret[:15].encode()) <= 1, "the id alone"
    assert secret.encode() not in held
    assert secret[16:].encode() not in held


def test_a_page_that_has_signed_in_is_known_by_a_cookie_that_no_script_reads(service: Service) -> None:
    shown = service.key("write", MAP, name="Ann at the page")
    key = shown["Authorization"].removeprefix("Bearer ")
    for wrong in ("", new_key().text, key[:-1], "Basic x"):
        assert service.client.post("/v1/session", json={"key": wrong}).status_code in (401, 422)
    page = service.client  # the same loop as before: a store's connections belong to it
    try:
        signed_in = page.post("/v1/session", json={"key": key})
        assert signed_in.json() == {"name": "Ann at the page", "scope": "write", "maps": [MAP]}
        cookie = signed_in.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        assert page.get("/v1/session").json()["name"] == "Ann at the page"
        made = page.post(f"/v1/maps/{MAP}/statements", json={"text": "Trams are slow."})
        assert made.json()["created_by"] == "Ann at the page"
        foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert page.post(f"/v1/maps/{MAP}/statements", json={"text": "x"}, headers=foreign).status_code == 403
        assert "Max-Age=0" in page.delete("/v1/session").headers["set-cookie"]
        assert page.get("/v1/session").status_code == 401
        page.cookies.set("argumap_key", key)
        service.owner.delete("/v1/keys/Ann at the page")
        assert page.get("/v1/session").status_code == 401
    finally:
        page.cookies.clear()


def test_a_key_that_asks_too_often_is_told_when_to_ask_again(tmp_path: Path) -> None:
    given = {"store": f"sqlite:{tmp_path / 'store.db'}", "seed": False, "rate": 1}
    with Service(given).entered() as service:
        one, other = service.key("read"), service.key("read")
        answers = [service.client.get("/v1/maps", headers=one) for _ in range(30)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) >= 20
        assert {answer.status_code for answer in answers} == {200, 429}
        assert refused[0].json()["code"] == "too_many_requests"
        assert int(refused[0].headers["retry-after"]) >= 1
        assert service.client.get("/v1/maps", headers=other).status_code == 200
        assert service.client.get("/healthz").status_code == 200


def test_a_key_whose_work_took_more_than_its_share_is_told_when_to_ask_again(tmp_path: Path) -> None:
    given = {"store": f"sqlite:{tmp_path / 'store.db'}", "seed": False, "rate_work": 1}
    with Service(given).entered() as service:
        one, other = service.key("read"), service.key("read")
        assert service.client.get("/v1/capabilities").json()["limits"]["rate_work"] == 1
        assert service.client.get("/v1/maps", headers=one).status_code == 200
        [held] = [key for key in service.owner.get("/v1/keys").json()["items"] if key["id"] in str(one)]
        service._app.state.service.rates.charge(WorkRecord("GET", "/", client=f"key {held['id']}", on_threads=2.0))
        refused = service.client.get("/v1/maps", headers=one)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        assert "ARGUMAP_RATE_WORK" in refused.json()["detail"]
        assert 1 <= int(refused.headers["retry-after"]) <= 120
        assert service.client.get("/v1/maps", headers=other).status_code == 200
        figures = service.client.get("/metrics", headers=other).text
        assert 'argumap_work_cpu_seconds_total{operation="list_maps"}' in figures
