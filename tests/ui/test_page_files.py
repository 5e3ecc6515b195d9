"""How the service hands out the page: headers, conditions, compression and a note where it is not built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.routes import page
from service.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>" + "<p>page</p>" * 50)
    (tmp_path / "assets" / "index-abc.js").write_text("1;" * 500)
    (tmp_path / "inputs.sha256").write_text("secret")
    monkeypatch.setattr(page, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(
        create_app(Settings(store=f"sqlite:{tmp_path / 'x.sqlite'}", seed=False)), base_url="http://127.0.0.1"
    ) as client:
        yield client


def test_the_page_is_asked_for_each_time_and_its_assets_once(client: TestClient) -> None:
    first = client.get("/")
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-type"].startswith("text/html")
    assert client.get("/", headers={"if-none-match": first.headers["etag"]}).status_code == 304
    asset = client.get("/assets/index-abc.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"].startswith("text/javascript")


def test_a_policy_keeps_every_script_out_but_the_page_s_own(client: TestClient) -> None:
    for path in ("/", "/assets/index-abc.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert client.get(path).headers["x-content-type-options"] == "nosniff"


def test_compressed_and_plain_bytes_have_tags_of_their_own(client: TestClient) -> None:
    packed = client.get("/assets/index-abc.js", headers={"accept-encoding": "gzip"})
    plain = client.get("/assets/index-abc.js", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/assets/..%2Finputs.sha256", "/inputs.sha256", "/assets/%00.js", "/assets/index-abc.map"],
)
def test_what_is_not_part_of_the_page_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_page_built_anew_is_served_without_a_restart(client: TestClient, folder: Path) -> None:
    before = client.get("/").headers["etag"]
    (folder / "index.html").write_text("<!doctype html>new")
    assert client.get("/").text.endswith("new")
    assert client.get("/").headers["etag"] != before


def test_a_page_that_is_not_built_is_a_note_that_says_what_to_do(client: TestClient, folder: Path) -> None:
    (folder / "index.html").unlink()
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make page" in answer.text
    assert "/docs" in answer.text


def test_a_head_request_has_the_headers_alone(client: TestClient) -> None:
    answer = client.head("/")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["etag"] == client.get("/").headers["etag"]
