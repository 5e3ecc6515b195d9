"""Clients made from the OpenAPI document by three generators compile strictly and do what clients do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.clients import CLIENTS, EXAMPLE, Went
from tests.clients.tools import ToolMissingError
from tests.support.ci import not_here

DEEDS = [
    "make_a_map",
    "make_nodes",
    "make_an_argument_in_its_fields",
    "make_an_argument_in_the_short_form",
    "list_assertions_and_follow_the_cursor",
    "read_a_node_of_any_kind",
    "change_one_field_and_leave_the_rest",
    "send_back_what_was_read",
    "be_told_that_it_was_changed_since",
    "run_a_batch",
    "find_paths_and_read_their_steps",
    "evaluate",
    "ask_what_if",
    "read_a_problem",
    "delete_with_what_refers_to_it",
]


@pytest.fixture(scope="module", params=CLIENTS)
def went(
    request: pytest.FixtureRequest, document: Path, address: str, tmp_path_factory: pytest.TempPathFactory
) -> Went:
    """How the deeds went with a client that was made and compiled."""
    try:
        return CLIENTS[request.param](document, address, tmp_path_factory.mktemp(request.param))
    except ToolMissingError as error:
        not_here(f"{request.param}: {error}")


@pytest.mark.slow
@pytest.mark.parametrize("deed", DEEDS)
def test_a_generated_client_can(went: Went, deed: str) -> None:
    assert went[deed] is None, went[deed]


@pytest.mark.slow
def test_every_deed_of_a_client_is_looked_at(went: Went) -> None:
    assert [name for name in went if not name.startswith(EXAMPLE)] == DEEDS


@pytest.mark.slow
@pytest.mark.parametrize("went", ["openapi-python-client"], indirect=True)
def test_the_python_client_reads_the_answer_to_every_example_without_loss(went: Went, document: Path) -> None:
    operations = [one for methods in json.loads(document.read_text())["paths"].values() for one in methods.values()]
    sent = {name.removeprefix(EXAMPLE): wrong for name, wrong in went.items() if name.startswith(EXAMPLE)}
    assert sent.keys() == {one["operationId"] for one in operations}
    assert {name: wrong for name, wrong in sent.items() if wrong} == {}
