"""Pages of other origins in a real browser: whatever they try, they read and write nothing of the service."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.ui.conftest import ARGUMENTS, NAMES
from tests.ui.small import SmallMap

_TRIES = """async ([service, map]) => {
  const body = JSON.stringify({id: "stolen", title: "x"}), json = {"Content-Type": "application/json"};
  const plain = {"Content-Type": "text/plain"};
  const asked = (path, options) => fetch(service + path, options).then(answer => answer.text());
  const element = (name, set) => new Promise((yes, no) => {
    const made = Object.assign(document.createElement(name), {onload: () => yes(name + " loaded"), onerror: no});
    set(made);
    document.body.append(made);
  });
  const posted = () => new Promise(yes => {
    const frame = Object.assign(document.createElement("iframe"), {name: "target"});
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"), {
      method: "post", action: service + "/v1/maps", enctype: "text/plain", target: "target",
    });
    const whole = {name: body.slice(0, -1) + ',"description":"', value: '"}'};  // what is sent is JSON to the letter
    form.append(Object.assign(document.createElement("input"), whole));
    document.body.append(form);
    frame.onload = () => yes("");
    form.submit();
  });
  const streamed = () => new Promise((yes, no) => {
    const stream = new EventSource(service + `/v1/maps/${map}/changes`);
    stream.addEventListener("ready", event => { stream.close(); yes(event.data); });
    stream.onerror = () => { stream.close(); no(); };
  });
  const read = [];
  for (const attempt of [
    () => asked("/v1/maps"),
    () => asked("/v1/maps", {credentials: "include"}),
    () => asked("/v1/maps", {mode: "no-cors"}),
    () => asked("/healthz", {mode: "no-cors"}),
    () => asked("/v1/maps", {method: "POST", headers: json, body}),
    () => asked("/v1/maps", {method: "POST", headers: plain, body, mode: "no-cors"}),
    () => asked(`/v1/maps/${map}`, {method: "PATCH", headers: json, body: '{"title": "stolen"}'}),
    () => asked(`/v1/maps/${map}`, {method: "DELETE"}),
    () => asked(`/v1/maps/${map}/undo`, {method: "POST", mode: "no-cors"}),
    () => element("script", made => { made.src = service + "/v1/maps"; }),
    () => element("img", made => { made.src = service + "/favicon.svg"; }),
    () => element("link", made => { made.rel = "stylesheet"; made.href = service + "/v1/maps"; }),
    streamed,
    posted,
  ]) {
    try { const found = await attempt(); if (found) read.push(found); } catch { /* as it should be */ }
  }
  return read;
}"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><title>Elsewhere</title><body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is to be told."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """The port of a page that is not ours."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def misled(browser: Browser) -> Iterator[Browser]:
    """A browser that foreign names lead to this machine."""
    path = next(found for name in NAMES if (found := shutil.which(name)))
    rules = "--host-resolver-rules=MAP *.example 127.0.0.1"
    started = browser.browser_type.launch(executable_path=path, args=[*ARGUMENTS, rules])
    yield started
    started.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "evil.example"])
def test_a_page_of_another_origin_reads_and_writes_nothing(
    misled: Browser, service: str, elsewhere: int, small: SmallMap, name: str
) -> None:
    before = _standing(service)
    page = misled.new_page()
    page.goto(f"http://{name}:{elsewhere}/")
    assert page.evaluate(_TRIES, [service, small.id]) == []
    page.close()
    assert _standing(service) == before


def test_the_same_asked_by_the_page_itself_is_answered(misled: Browser, service: str) -> None:
    """So that it is the origin that is refused, and not what was asked for."""
    page = misled.new_page()
    page.goto(f"{service}/", wait_until="domcontentloaded")
    asked = "async address => (await fetch(address)).text()"
    assert "food-finance-firepower" in page.evaluate(asked, f"{service}/v1/maps")
    page.close()


def test_a_name_that_is_led_to_this_machine_reads_and_writes_nothing(
    misled: Browser, service: str, small: SmallMap
) -> None:
    """The page and the service are then of one origin to the browser: only the name tells."""
    before = _standing(service)
    address = f"http://rebound.example:{urlsplit(service).port}"
    page = misled.new_page()
    answer = page.goto(f"{address}/")
    assert answer is not None
    assert answer.status == 421
    found = page.evaluate(_TRIES, [address, small.id])
    assert all("does not answer to the name" in one for one in found), found
    page.close()
    assert _standing(service) == before


def _standing(service: str) -> list[tuple[str, int, str]]:
    maps = httpx2.get(f"{service}/v1/maps").json()["items"]
    return [(one["id"], one["revision"], one["title"]) for one in maps]
