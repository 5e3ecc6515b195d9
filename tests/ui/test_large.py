"""A thesis with two thousand reasons: counted as the map counts them, loaded when asked for, each drawn and met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import expect

from tests.ui.visit import Visit

EACH = 1000
MAP = "two-thousand-reasons"


@pytest.fixture(scope="module")
def many(service: str) -> Iterator[str]:
    operations: list[dict[str, Any]] = []

    def make(kind: str, id: str, **value: Any) -> None:
        operations.append({"op": "create", "kind": kind, "id": id, "value": value})

    make("statements", "thesis", text="The bridge is worth its price.", origin="constructed")
    for n in range(2 * EACH):
        stance = "supporting" if n < EACH else "opposing"
        make("statements", f"r{n}", text=f"Reason number {n} of this map.")
        make("arguments", f"a{n}", premises=[f"r{n}"], target="thesis", stance=stance)
    with httpx2.Client(base_url=service, timeout=60) as client:
        assert client.post("/v1/maps", json={"id": MAP, "title": "Two thousand reasons"}).is_success
        for start in range(0, len(operations), EACH):
            made = client.post(f"/v1/maps/{MAP}/batch", json={"operations": operations[start : start + EACH]})
            assert made.is_success, made.text
        # Read once, so that no test waits for what is only slow the first time.
        for question in (
            "graph?budget=1500",
            "evaluation",
            "evaluation?semantics=quadratic-energy",
            "summary?detail=brief",
        ):
            assert client.get(f"/v1/maps/{MAP}/{question}").is_success
        yield MAP
        assert client.delete(f"/v1/maps/{MAP}").is_success


def test_what_is_not_loaded_is_counted_all_the_same(visit: Visit, many: str) -> None:
    visit.go(many)
    expect(visit.page.get_by_text("of 4,001 nodes are loaded")).to_be_visible()
    expect(visit.node("thesis")).to_have_accessible_name(
        "The bridge is worth its price. thesis. 1,000 arguments for, 1,000 against. 1,980 arguments folded. "
        "1,250 links more not loaded"
    )
    expect(visit.panel.get_by_role("heading", name="Objections to theses and motives (1,000)")).to_be_visible()


def test_all_two_thousand_are_loaded_drawn_and_met_at_a_size_that_is_read(visit: Visit, many: str) -> None:
    visit.go(many)
    visit.page.get_by_role("button", name="Load all 4,001").click()
    expect(visit.page.get_by_text("nodes are loaded")).to_have_count(0)
    visit.page.get_by_role("button", name="Unfold everything").click()
    expect(visit.page.get_by_role("button", name="Fold to the start")).to_be_visible()
    expect(visit.node("r0").locator("text").first).to_be_in_viewport()
    sizes = visit.page.locator("svg.canvas .words").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert len(sizes) > 20
    assert min(sizes) >= 12
    visit.page.get_by_role("button", name="Show all").click()
    expect(visit.page.locator("svg.canvas .node")).to_have_count(4 * EACH + 1)
    ends = visit.page.locator("svg.canvas .line[marker-end]").evaluate_all("(all) => all.length")
    assert ends == 2
    visit.go(many, selected=f"r{2 * EACH - 1}", panel="node")
    visit.page.get_by_role("button", name="Show neighbourhood").first.click()
    expect(visit.node(f"r{2 * EACH - 1}")).to_be_in_viewport()


def test_the_rest_is_loaded_by_the_key_that_unfolds(visit: Visit, many: str) -> None:
    visit.go(many)
    visit.page.get_by_role("button", name="Unfold everything").click()
    expect(visit.page.get_by_role("button", name="Fold to the start")).to_be_visible()
    visit.node("thesis").locator(".fold").click()
    expect(visit.page.get_by_text("nodes are loaded")).to_have_count(0)
    expect(visit.node("thesis")).to_have_accessible_name(
        "The bridge is worth its price. thesis. 1,000 arguments for, 1,000 against"
    )
