"""The page in a real browser, over a real service with the example map or a map of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import hatch_build
from tests.api.serving import Served
from tests.support.ci import not_here
from tests.support.files import ROOT
from tests.ui.small import SmallMap
from tests.ui.visit import Visit

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The browser's own calls home would end in errors here and say nothing about the page.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

WITHIN = 30_000
"""Milliseconds in which what is waited for must come: nothing here asks how fast a busy machine is."""
expect.set_options(timeout=WITHIN)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests with a browser run in one worker: one browser and one service are enough for them."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def built() -> None:
    try:
        hatch_build.build()
    except hatch_build.PageError as error:
        not_here(str(error))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser, closed before tests of other folders: while it is there, no event loop can be started."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        not_here("no Chromium; on Debian install the package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def service(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with the example map, which tests leave as it is."""
    folder = tmp_path_factory.mktemp("page")
    with Served(folder, {"ARGUMAP_STORE": f"sqlite:{folder / 'maps.sqlite'}"}) as served:
        yield served.url


@pytest.fixture
def open_page(browser: Browser, service: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own context; at the end nothing may have gone wrong inside that the test did not expect."""
    contexts = []
    wrong: list[str] = []

    def opened(width: int = 1280, height: int = 800, **options: object) -> Page:
        settings = {"base_url": service, **options}
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WITHIN)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: _heard(line.type, line.text, wrong))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def _heard(kind: str, text: str, wrong: list[str]) -> None:
    # An answer with a problem is logged by the browser itself; whether the page copes is what tests look at.
    if kind == "error" and not text.startswith(("Failed to load resource", "Executing inline script violates")):
        wrong.append(text)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def visit(page: Page) -> Visit:
    return Visit(page)


@pytest.fixture
def small(service: str, request: pytest.FixtureRequest) -> Iterator[SmallMap]:
    """A map that this test alone may change."""
    with httpx2.Client(base_url=service) as client:
        made = SmallMap(client, request.node.name)
        yield made
        made.remove()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go that are looked at."""
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="session")
def axe() -> str:
    try:
        hatch_build.install(tools=True)
    except hatch_build.PageError as error:
        not_here(str(error))
    return str(ROOT / "service" / "ui" / "node_modules" / "axe-core" / "axe.min.js")
