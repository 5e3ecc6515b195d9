"""The table of addresses agrees with the patterns that the framework would try."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.routing import Match

from service.http.table import Table
from service.routes import OPERATIONS

TABLE = Table(OPERATIONS)
WORDS = sorted({word for route in OPERATIONS for word in route.path.split("/")} | {"x", "", "a.b", "%2F", "é"})
METHODS = ["GET", "POST", "PATCH", "DELETE", "PUT"]


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(METHODS), st.lists(st.sampled_from(WORDS), max_size=6))
def test_any_address_is_found_by_both_or_by_none(method: str, words: list[str]) -> None:
    _agree(method, "/" + "/".join(words))


def test_every_operation_is_found() -> None:
    for route in OPERATIONS:
        path = route.path.format(map="m-1", id="n-2", code="stale")
        _agree(route.operation.method, path)
        found = TABLE.find(route.operation.method, path)
        assert found is not None
        assert found[0] is route
        assert set(found[1]) == set(route.operation.places)
        assert TABLE.find("PUT", path) is None
        assert TABLE.find(route.operation.method, path + "/") is None


def _agree(method: str, path: str) -> None:
    scope = {"type": "http", "method": method, "path": path, "root_path": ""}
    tried = ((route, route.matches(scope)) for route in OPERATIONS)
    expected = next(((route, child) for route, (match, child) in tried if match == Match.FULL), None)
    found = TABLE.find(method, path)
    assert (found is None) == (expected is None), path
    if found is not None and expected is not None:
        assert found[0] is expected[0]
        assert found[1] == expected[1]["path_params"]
