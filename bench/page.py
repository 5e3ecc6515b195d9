"""The page through a real browser: how soon the map is seen, and how soon a question is answered on the screen."""

import gzip
import re
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Browser, Page, sync_playwright

import hatch_build
from bench.figure import Figure, Unmeasurable

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "service" / "static"
SEED = "food-finance-firepower"
LARGE = "large"
_START = "from service import server, settings; server.serve(settings.read_settings())"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_LONG = """() => { window.longest = 0
    const keep = (one) => { window.longest = Math.max(window.longest, one.duration) }
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(keep))
    observer.observe({ type: 'longtask', buffered: true }) }"""
_DRAWN = "() => document.querySelectorAll('svg.canvas [data-id]').length > {} && !document.querySelector('progress')"


def figures() -> Iterator[Figure]:
    """Needs Chromium and a built page."""
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if path is None:
        raise Unmeasurable("no Chromium")
    try:
        hatch_build.build()
    except hatch_build.PageError as error:
        raise Unmeasurable(str(error)) from error
    yield _first_load()
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield from _seed(browser, url)
            _make_large(url)
            yield from _large(browser, url)
        finally:
            browser.close()


def _first_load() -> Figure:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    names = re.findall(r'(?:src|href)="/([^"]+\.(?:js|css|svg))"', page)
    size = sum(len(gzip.compress((STATIC / name).read_bytes(), 6)) for name in names) / 1000
    return Figure("page: first load, gzip", size, "KB", None, "< 200 KB", size < 200)


def _seed(browser: Browser, url: str) -> Iterator[Figure]:
    yield from _opening(browser, f"{url}/?map={SEED}", "seed: first sight", 20, 1500)
    page = _page(browser)
    page.goto(f"{url}/?map={SEED}&panel=filters&view=table")
    page.get_by_label("Stance").wait_for()
    page.wait_for_timeout(800)
    yield _answer(page, "seed: a filter on the screen", _FILTER)
    page.goto(f"{url}/?map={SEED}&panel=what-if&off=p-15")
    page.locator("aside.panel .notice.bad, aside.panel [role=status] h3").first.wait_for()
    page.wait_for_timeout(800)
    if page.locator("aside.panel .notice.bad").count() == 0:
        yield _answer(page, "seed: a what-if on the screen", _WHAT_IF)
    page.goto(f"{url}/?map={SEED}&selected=food&panel=none")
    page.locator(".handles button").first.wait_for()
    page.wait_for_timeout(800)
    page.locator(".handles button").first.click()
    page.locator("#sentence").fill("Rice is what it lacks most.")
    yield _answer(page, "seed: an edit drawn", _EDIT)
    page.context.close()


_FILTER = """async () => {
    const before = document.querySelector('main [role=status]').textContent
    const box = document.querySelector('aside.panel fieldset:nth-of-type(2) input')
    const start = performance.now()
    box.click()
    while (document.querySelector('main [role=status]').textContent === before) await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    return performance.now() - start
}"""
_WHAT_IF = """async () => {
    const said = () => document.querySelector('aside.panel').textContent
    const button = document.querySelector('aside.panel .edits button')
    button.click()
    while (!said().includes('Nothing is changed')) await new Promise(requestAnimationFrame)
    const start = performance.now()
    history.back()
    while (!document.querySelector('aside.panel [role=status] h3')) await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    return performance.now() - start
}"""

_EDIT = """async () => {
    const nodes = () => [...document.querySelectorAll('svg.canvas .node')]
    const drawn = () => nodes().some((one) => one.textContent.includes('Rice is'))
    const field = document.querySelector('#sentence')
    const start = performance.now()
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }))
    while (document.querySelector('#sentence') || !drawn()) await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    return performance.now() - start
}"""


def _answer(page: Page, name: str, script: str) -> Figure:
    value = float(page.evaluate(script))
    return Figure(f"page: {name}", value, "ms", None, "< 200 ms", value < 200)


def _large(browser: Browser, url: str) -> Iterator[Figure]:
    yield from _opening(browser, f"{url}/?map={LARGE}", "2,000 nodes: first sight", 20, 4000)
    yield from _opening(browser, f"{url}/?map={LARGE}&unfolded=1", "2,000 nodes: everything laid out", 20, 4000)


def _opening(browser: Browser, url: str, name: str, least: int, goal: int) -> Iterator[Figure]:
    """Opened three times, each with nothing in the cache; the middle one counts."""
    times, tasks = [], []
    for _ in range(3):
        page = _page(browser)
        page.add_init_script(f"({_LONG})()")
        page.goto(url, wait_until="commit")
        page.wait_for_function(_DRAWN.format(least), polling="raf", timeout=60_000)
        times.append(float(page.evaluate("() => performance.now()")))
        tasks.append(float(page.evaluate("() => window.longest")))
        page.context.close()
    value = sorted(times)[1]
    yield Figure(f"page: {name}", value, "ms", None, f"< {goal:,} ms", value < goal)
    yield Figure(f"page: {name}, longest task", sorted(tasks)[1], "ms")


def _page(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1440, "height": 900}).new_page()


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    settings = {"ARGUMAP_PORT": "0", "ARGUMAP_STORE": f"sqlite:{folder / 'bench.sqlite'}"}
    command = [sys.executable, "-c", _START]
    with subprocess.Popen(
        command, cwd=ROOT, env={"PATH": "/usr/bin:/bin", **settings}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            ready, _, _ = select.select([process.stdout], [], [], 60)
            found = re.search(r"http://\S+", process.stdout.readline() if ready else "")
            if found is None:
                raise Unmeasurable("the service does not start")
            yield found[0]
        finally:
            process.terminate()


def _make_large(url: str) -> None:
    """A map of 2,000 nodes that are drawn: 25 motives with 39 statements and 40 arguments each."""
    operations: list[dict[str, Any]] = []

    def make(kind: str, node_id: str, **value: Any) -> None:
        operations.append({"op": "create", "kind": kind, "id": node_id, "value": value})

    make("actors", "actor", name="Actor", actor_kind="state")
    make("statements", "top", text="All of it together speaks for the thesis.", origin="constructed")
    for motive in range(25):
        name = f"m{motive}"
        make(
            "motives",
            name,
            name=f"motive {motive}",
            category="other",
            text=f"What is wanted is matter {motive}.",
            actor="actor",
        )
        make("arguments", f"{name}-top", premises=[name], target="top", stance="supporting")
        for n in range(39):
            text = f"Statement {n} says of matter {motive} what the reports of that year say in many more words."
            make("statements", f"{name}-{n}", text=text)
            above = name if n == 0 else f"{name}-{(n - 1) // 3}"
            stance = "opposing" if n % 3 == 2 else "supporting"
            make("arguments", f"{name}-a{n}", premises=[f"{name}-{n}"], target=above, stance=stance)
    with httpx2.Client(base_url=url, timeout=60) as client:
        client.post("/v1/maps", json={"id": LARGE, "title": "A large map"}).raise_for_status()
        client.post(f"/v1/maps/{LARGE}/batch", json={"operations": operations}).raise_for_status()
