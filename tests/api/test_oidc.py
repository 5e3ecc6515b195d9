"""Tokens of an OpenID Connect issuer, which runs here: what is taken, what is not, and how its keys are fetched."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from starlette.testclient import TestClient

from service.app import create_app
from service.auth import oidc
from service.settings import Settings, SettingsError, read_settings
from tests.api.conftest import client_of, filled

MAP = "/v1/maps/m"
US = "argumap"
Headers = dict[str, str]


class Issuer:
    """An issuer of tokens with keys of three sorts."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, Any]] = {
            "r": ("RS256", rsa.generate_private_key(65537, 2048)),
            "e": ("ES256", ec.generate_private_key(ec.SECP256R1())),
            "o": ("EdDSA", ed25519.Ed25519PrivateKey.generate()),
        }
        self.asked = 0
        """How often its keys were fetched."""
        self.is_away = False
        self.says_it_is: str | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def token(self, key: str = "r", *, name: str | None = "", algorithm: str = "", **claims: Any) -> str:
        """A good token, but for what is said otherwise; a claim that is None is left out."""
        sort, private = self.keys[key]
        given = {"iss": self.url, "aud": US, "sub": "ann", "exp": time.time() + 300, "argumap": {"scope": "write"}}
        told = {name: value for name, value in {**given, **claims}.items() if value is not None}
        headers = {} if name is None else {"kid": name or key}
        return jwt.encode(told, private, algorithm or sort, headers=headers)

    def _handler(issuer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if issuer.is_away:
                    self.send_error(503)
                    return
                if self.path == "/keys":
                    issuer.asked += 1
                body = json.dumps(issuer._document(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _document(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.says_it_is or self.url, "jwks_uri": f"{self.url}/keys"}
        public = []
        for name, (algorithm, private) in self.keys.items():
            kind = jwt.get_algorithm_by_name(algorithm)
            key = json.loads(kind.to_jwk(private.public_key()))
            public.append({**key, "kid": name, "use": "sig"})
        return {"keys": [*public, {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}]}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    one = Issuer()
    yield one
    one.close()


def service_of(issuer: Issuer, **more: Any) -> TestClient:
    return client_of(oidc_issuer=issuer.url, oidc_audience=US, **more)


def shown(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def client(issuer: Issuer) -> Iterator[TestClient]:
    with service_of(issuer) as client:
        client.headers.update(shown(issuer.token(sub="owner", argumap={"scope": "admin"})))
        filled(client)
        filled(client, "closed")
        del client.headers["Authorization"]
        yield client


@pytest.mark.parametrize("key", ["r", "e", "o"])
def test_a_token_is_taken_and_its_subject_recorded(client: TestClient, issuer: Issuer, key: str) -> None:
    headers = shown(issuer.token(key, sub=f"ann by {key}"))
    made = client.post(f"{MAP}/statements", json={"text": f"It rains, {key}."}, headers=headers)
    assert (made.status_code, made.json()["created_by"]) == (201, f"ann by {key}")
    session = client.get("/v1/session", headers=headers).json()
    assert session == {"name": f"ann by {key}", "scope": "write", "maps": None}


def test_without_a_token_nothing_is_open_although_no_key_is_set_up(client: TestClient) -> None:
    assert client.get(MAP).json()["code"] == "key_required"
    assert client.get("/healthz").status_code == 200


def test_a_token_allows_what_its_claim_says(client: TestClient, issuer: Issuer) -> None:
    reader = shown(issuer.token(argumap="read"))
    assert client.get(MAP, headers=reader).status_code == 200
    assert client.post(f"{MAP}/statements", json={"text": "x"}, headers=reader).json()["code"] == "scope_too_low"
    some = shown(issuer.token(argumap={"scope": "write", "maps": ["m"]}))
    assert client.get(MAP, headers=some).status_code == 200
    assert client.get("/v1/maps/closed", headers=some).json()["code"] == "map_not_found"
    assert [one["id"] for one in client.get("/v1/maps", headers=some).json()["items"]] == ["m"]
    for claim in (None, "owner", {"scope": "all"}, {"maps": ["m"]}, {"scope": "read", "maps": "m"}, 3):
        answer = client.get(MAP, headers=shown(issuer.token(argumap=claim)))
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_too_low"), claim


def _none(issuer: Issuer) -> str:
    head, body, _ = issuer.token().split(".")
    return jwt.encode(jwt.decode(f"{head}.{body}.", options={"verify_signature": False}), None, "none")


WRONG: dict[str, Callable[[Issuer], str]] = {
    "over": lambda i: i.token(exp=time.time() - 60),
    "not yet": lambda i: i.token(nbf=time.time() + 600),
    "without an end": lambda i: i.token(exp=None),
    "of another audience": lambda i: i.token(aud="another"),
    "of no audience": lambda i: i.token(aud=None),
    "of another issuer": lambda i: i.token(iss="http://127.0.0.1:1"),
    "of nobody": lambda i: i.token(sub=None),
    "of who asks without a key": lambda i: i.token(sub="local"),
    "of a name that steers": lambda i: i.token(sub="ann\u202e"),
    "unsigned": _none,
    "signed with a secret": lambda i: jwt.encode(
        {"iss": i.url, "aud": US}, "s" * 32, "HS256", headers={"kid": "shared"}
    ),
    "signed with another's key": lambda i: Issuer.token(_other(i), "r"),
    "of a key of another sort": lambda i: i.token("e", name="r"),
    "of an algorithm that is not taken": lambda i: i.token("r", algorithm="RS512"),
    "changed": lambda i: _changed(i.token()),
    "too long": lambda i: i.token(more="x" * 9000),
    "no token": lambda i: "a.b.c",
    "of a key that is not known": lambda i: i.token(name="gone"),
}


def _other(issuer: Issuer) -> Issuer:
    other = object.__new__(Issuer)
    other.url, other.keys = issuer.url, {"r": ("RS256", rsa.generate_private_key(65537, 2048))}
    return other


def _changed(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body[:-2]}{'AA' if body[-2:] != 'AA' else 'BB'}.{signature}"


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_good_token_is_refused_and_not_repeated(client: TestClient, issuer: Issuer, name: str) -> None:
    token = WRONG[name](issuer)
    answer = client.get(MAP, headers=shown(token))
    assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert token[:20] not in answer.text


def test_a_token_that_was_taken_is_not_when_it_is_over(
    issuer: Issuer, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = shown(issuer.token(exp=time.time() + 100))
    assert client.get(MAP, headers=headers).status_code == 200
    now = time.time
    monkeypatch.setattr(oidc.time, "time", lambda: now() + 200)
    assert client.get(MAP, headers=headers).status_code == 401


def test_keys_are_fetched_anew_for_an_unknown_one_and_never_often(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_of(issuer) as client:
        assert client.get("/v1/maps", headers=shown(issuer.token())).status_code == 200
        asked = issuer.asked
        for n in range(50):
            assert client.get("/v1/maps", headers=shown(issuer.token(name=f"made up {n}"))).status_code == 401
        assert issuer.asked == asked, "whatever tokens come"
        issuer.keys["new"] = ("ES256", ec.generate_private_key(ec.SECP256R1()))
        token = issuer.token("new")
        assert client.get("/v1/maps", headers=shown(token)).status_code == 401
        monkeypatch.setattr(oidc, "AT_MOST_EVERY", 0.0)
        assert client.get("/v1/maps", headers=shown(token)).status_code == 200
        del issuer.keys["new"]
        assert client.get("/v1/maps", headers=shown(token)).status_code == 200, "not looked up for each request"
        assert client.get("/v1/maps", headers=shown(issuer.token(name="made up"))).status_code == 401
        assert client.get("/v1/maps", headers=shown(token)).status_code == 401, "what was found good is found out anew"


def test_an_issuer_that_is_away_is_told_and_comes_back(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    issuer.is_away = True
    try:
        with service_of(issuer) as client:
            answer = client.get("/v1/maps", headers=shown(issuer.token()))
            assert (answer.status_code, answer.json()["code"]) == (503, "issuer_unavailable")
            assert "retry-after" in answer.headers
            assert client.get("/healthz").status_code == 200
            issuer.is_away = False
            monkeypatch.setattr(oidc, "AT_MOST_EVERY", 0.0)
            assert client.get("/v1/maps", headers=shown(issuer.token())).status_code == 200
            issuer.is_away = True
            assert client.get("/v1/maps", headers=shown(issuer.token(name="made up"))).status_code == 401
            assert client.get("/v1/maps", headers=shown(issuer.token())).status_code == 200, "its keys are known"
    finally:
        issuer.is_away = False


def test_who_says_to_be_another_issuer_is_not_believed(issuer: Issuer) -> None:
    issuer.says_it_is = "https://another.example"
    try:
        with service_of(issuer) as client:
            assert client.get("/v1/maps", headers=shown(issuer.token())).status_code == 503
    finally:
        issuer.says_it_is = None


def test_keys_of_the_service_go_beside_tokens(client: TestClient, issuer: Issuer) -> None:
    admin = shown(issuer.token(argumap="admin"))
    made = client.post("/v1/keys", json={"name": "machine", "scope": "read"}, headers=admin)
    assert made.status_code == 201, made.text
    assert client.get(MAP, headers=shown(made.json()["key"])).status_code == 200


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"ARGUMAP_OIDC_ISSUER": "https://login.example"}, "OIDC_AUDIENCE"),
        ({"ARGUMAP_OIDC_AUDIENCE": "argumap"}, "OIDC_ISSUER"),
        ({"ARGUMAP_OIDC_ISSUER": "http://login.example", "ARGUMAP_OIDC_AUDIENCE": "argumap"}, "https://"),
    ],
)
def test_an_issuer_is_not_taken_by_halves(given: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        read_settings(given)
    with pytest.raises(SettingsError):
        create_app(Settings(oidc_issuer="https://login.example"))
