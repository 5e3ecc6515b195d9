"""Signing in: the key is typed once, is kept where no script reads it, and changes bear the name of who made them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.api.serving import Served
from tests.support.files import ROOT
from tests.ui.accessibility import violations_of
from tests.ui.small import SmallMap
from tests.ui.visit import Visit


@dataclass
class Keyed:
    """A service that asks for a key."""

    url: str
    keys: dict[str, str]
    small: SmallMap


@pytest.fixture(scope="module")
def keyed(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    folder = tmp_path_factory.mktemp("keyed")
    with (
        Served(folder, {"ARGUMAP_STORE": f"sqlite:{folder / 'maps.sqlite'}"}) as served,
        httpx2.Client(base_url=served.url) as client,
    ):
        keys = {"Root": _first_key(f"sqlite:{folder / 'maps.sqlite'}")}
        client.headers["Authorization"] = f"Bearer {keys['Root']}"
        for name, scope in (("Ann Writer", "write"), ("Eve Proposer", "propose"), ("Bob Reader", "read")):
            made = client.post("/v1/keys", json={"name": name, "scope": scope})
            assert made.is_success, made.text
            keys[name] = made.json()["key"]
        yield Keyed(served.url, keys, SmallMap(client, "keyed"))


def _first_key(store: str) -> str:
    """It is made on the store itself; the running service asks for keys from then on."""
    command = [sys.executable, "-c", "from service.cli import main; main()", "keys", "create"]
    options = ["--store", store, "--name", "Root", "--scope", "admin", "--json"]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=True)
    key: str = json.loads(done.stdout)["key"]
    return key


@pytest.fixture
def visit(open_page: Callable[..., Page], keyed: Keyed) -> Visit:
    return Visit(open_page(base_url=keyed.url))


def _sign_in(visit: Visit, key: str) -> None:
    dialog = visit.page.get_by_role("dialog", name="Sign in")
    expect(dialog.get_by_label("Key", exact=True)).to_be_focused()
    visit.page.keyboard.type(key)
    visit.page.keyboard.press("Enter")


def test_the_page_asks_who_one_is_and_shows_what_was_asked_for_without_a_reload(visit: Visit, keyed: Keyed) -> None:
    visit.page.goto(f"/?map={keyed.small.id}")
    _sign_in(visit, "argumap_of_nobody")
    dialog = visit.page.get_by_role("dialog", name="Sign in")
    expect(dialog.get_by_role("alert")).to_contain_text("does not know this key")
    dialog.get_by_label("Key", exact=True).fill(keyed.keys["Ann Writer"])
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    visit.settled()
    expect(visit.node("bread")).to_be_visible()
    [cookie] = visit.page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert visit.page.evaluate("() => document.cookie + JSON.stringify([{...localStorage}, {...sessionStorage}])") == (
        "[{},{}]"
    )


def test_what_was_changed_bears_the_name_of_who_signed_in(visit: Visit, keyed: Keyed) -> None:
    visit.page.goto(f"/?map={keyed.small.id}")
    _sign_in(visit, keyed.keys["Ann Writer"])
    visit.settled()
    visit.node("bread").locator(".box").hover()
    visit.page.locator(".handles").get_by_role("button", name="Add a reason for").click()
    visit.page.keyboard.type("She baked none.")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("Saved.")
    visit.tool("More").click()
    expect(visit.page.get_by_text("Signed in as Ann Writer")).to_be_visible()
    visit.page.get_by_role("button", name="History").click()
    expect(visit.panel.get_by_role("listitem").first).to_contain_text("Ann Writer")


def test_who_may_only_read_is_offered_nothing_to_write(visit: Visit, keyed: Keyed) -> None:
    visit.page.goto(f"/?map={keyed.small.id}")
    _sign_in(visit, keyed.keys["Bob Reader"])
    visit.settled()
    expect(visit.tool("Add argument")).to_have_count(0)
    visit.node("bread").locator(".box").hover()
    expect(visit.page.locator(".handles")).to_have_count(0)
    visit.node("hungry").locator(".box").click()
    expect(visit.panel.get_by_role("button", name="Why?")).to_be_visible()
    expect(visit.panel.get_by_role("button", name="Edit")).to_have_count(0)
    expect(visit.panel.get_by_role("button", name="Delete")).to_have_count(0)
    visit.page.get_by_role("link", name="argumap: All maps").click()
    expect(visit.page.get_by_role("heading", name="Maps")).to_be_visible()
    expect(visit.page.get_by_role("button", name="New map")).to_have_count(0)


def test_a_key_that_was_revoked_asks_again_and_loses_nothing_that_was_typed(visit: Visit, keyed: Keyed) -> None:
    with httpx2.Client(base_url=keyed.url, headers={"Authorization": f"Bearer {keyed.keys['Root']}"}) as client:
        passing = client.post("/v1/keys", json={"name": "Cid", "scope": "write"}).json()
        visit.page.goto(f"/?map={keyed.small.id}&selected=shut&panel=edit")
        _sign_in(visit, passing["key"])
        text = visit.panel.get_by_label("text (required)")
        text.fill("The bakery is shut for good.")
        assert client.delete(f"/v1/keys/{passing['id']}").is_success
    visit.panel.get_by_role("button", name="Save").click()
    _sign_in(visit, keyed.keys["Ann Writer"])
    expect(text).to_have_value("The bakery is shut for good.")
    visit.panel.get_by_role("button", name="Save").click()
    expect(visit.said).to_contain_text("Saved.")


def test_whoever_signs_out_sees_no_map_any_more(visit: Visit, keyed: Keyed) -> None:
    visit.page.goto("/?map=")
    _sign_in(visit, keyed.keys["Bob Reader"])
    expect(visit.page.get_by_role("link", name=f"Small map of {keyed.small.id}")).to_be_visible()
    visit.tool("Signed in as Bob Reader, who may read only").click()
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page.get_by_role("dialog", name="Sign in")).to_be_visible()
    expect(visit.page.get_by_role("link", name=f"Small map of {keyed.small.id}")).to_have_count(0)
    assert visit.page.context.cookies() == []


def test_who_may_only_propose_is_told_so_and_every_form_proposes(visit: Visit, keyed: Keyed) -> None:
    page, panel = visit.page, visit.panel
    before = keyed.small.head["revision"]
    page.goto(f"/?map={keyed.small.id}&selected=hungry&panel=node")
    _sign_in(visit, keyed.keys["Eve Proposer"])
    visit.settled()
    expect(visit.tool("Undo")).to_have_count(0)
    expect(panel.get_by_role("button", name="Merge…")).to_have_count(0)
    panel.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button")).to_have_text(["Cancel", "Propose as a draft"])
    dialog.get_by_role("button", name="Propose").click()
    expect(visit.said).to_contain_text("Proposed: Without")
    visit.go(keyed.small.id, selected="shut", panel="edit")
    panel.get_by_label("text (required)").fill("The bakery may be shut.")
    page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("Proposed: Change of")
    visit.go(keyed.small.id, panel="add", form="supporting:bread")
    panel.get_by_label("Claim (required)").fill("Bread is all she eats.")
    expect(panel.get_by_role("button", name=re.compile("^Save"))).to_have_count(0)
    panel.get_by_role("button", name="Propose as a draft").click()
    expect(visit.said).to_contain_text("Proposed: New: Bread is all she eats")
    visit.go(keyed.small.id, panel="none")
    visit.node("bread").locator(".box").hover()
    page.locator(".handles").get_by_role("button", name="Add a reason for").click()
    page.keyboard.type("She says so herself.")
    page.keyboard.press("Enter")
    expect(visit.said).to_contain_text("Proposed: New: She says so herself")
    visit.go(keyed.small.id, panel="merge", selected="hungry", form="shut")
    expect(panel.get_by_role("alert")).to_contain_text(
        "Eve Proposer, who may propose. This needs a key that may write."
    )
    assert keyed.small.head["revision"] == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_somebody_signs_in(
    open_page: Callable[..., Page], keyed: Keyed, axe: str, scheme: str
) -> None:
    page = open_page(base_url=keyed.url, color_scheme=scheme, bypass_csp=True)
    visit = Visit(page)
    found: dict[str, list[str]] = {}
    page.goto(f"/?map={keyed.small.id}&panel=edit&selected=hungry")
    dialog = page.get_by_role("dialog", name="Sign in")
    expect(dialog).to_be_visible()
    found["asked"] = violations_of(page, axe)
    _sign_in(visit, "no-such-key")
    expect(dialog.get_by_role("alert")).to_be_visible()
    found["wrong"] = violations_of(page, axe)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    found["left"] = violations_of(page, axe)
    page.get_by_role("button", name="Sign in").first.click()
    dialog.get_by_label("Key", exact=True).fill(keyed.keys["Bob Reader"])
    page.keyboard.press("Enter")
    expect(visit.panel.get_by_role("alert")).to_contain_text("may read only")
    found["may only read"] = violations_of(page, axe)
    visit.tool("More").click()
    page.get_by_role("button", name="Sign in with another key").click()
    expect(dialog).to_contain_text("You are signed in as Bob Reader")
    found["another key"] = violations_of(page, axe)
    assert not any(found.values()), found
