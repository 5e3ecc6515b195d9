"""What commands make of a snapshot."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from graph.editing.planning import rename
from graph.errors import NotFound, Refused, Stale
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from tests.support.editing import LATER, PROVENANCE, done, problems, refusal, small_map
from tests.support.headers import AT, graph_of
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.support.write_requests import create, create_statement, delete, update


@pytest.fixture
def graph() -> ArgumentGraph:
    return small_map()


# --- batches ----------------------------------------------------------------------------------------


def test_the_order_of_a_batch_is_free(graph: ArgumentGraph) -> None:
    planned = done(
        graph, create(argument("c", ("r", "n"), "d", "opposing")), create(argument("d", "r", "t")),
        create(assertion("z", "c", "s-3", chain=("l",))),
        create(statement("r", concerns=({"motive": "n", "role": "need"},))),
        create(motive("n", "l")), create(source("s-3", publisher="l")), create_statement("t"), create(actor("l")),
    )  # fmt: skip
    assert planned.created == ["c", "d", "l", "n", "r", "s-3", "t", "z"]
    assert {link.source for link in planned.graph.links_to("c")} == {"r", "n", "z"} - {"r", "n"}


def test_a_delete_before_what_refers_to_it_goes_too_is_fine(graph: ArgumentGraph) -> None:
    planned = done(graph, delete("argument", "a"), delete("assertion", "y"), delete("argument", "b"))
    assert planned.deleted == ["a", "b", "y"]


def test_a_reference_may_move_away_after_the_delete(graph: ArgumentGraph) -> None:
    planned = done(graph, delete("source", "s-2"), update("assertion", "x", cited_source=None))
    assert planned.deleted == ["s-2"]


def test_one_bad_command_spoils_the_whole(graph: ArgumentGraph) -> None:
    before = list(graph.nodes())
    error = refusal(graph, create_statement("r"), delete("argument", "b"), create(argument("c", "r", "zz")))
    assert error.command == 2
    assert list(graph.nodes()) == before


def test_a_node_created_and_deleted_in_one_batch_leaves_nothing(graph: ArgumentGraph) -> None:
    planned = done(graph, create_statement("r"), delete("statement", "r"))
    assert (planned.edits, planned.graph) == ((), graph)


def test_an_update_after_a_create_in_one_batch_is_one_version(graph: ArgumentGraph) -> None:
    planned = done(graph, create_statement("r"), update("statement", "r", text="Better"))
    assert (planned.graph.node("r").text, planned.graph.node("r").version) == ("Better", 1)
    assert len(planned.edits) == 1


def test_a_kind_changed_in_one_batch_is_two_edits_of_one_id(graph: ArgumentGraph) -> None:
    planned = done(graph, delete("motive", "m", cascade=True), create_statement("m"))
    assert [(e.kind, e.before is None, e.after is None) for e in planned.edits if e.id == "m"] == [
        ("motive", False, True), ("statement", True, False),
    ]  # fmt: skip


# --- update -----------------------------------------------------------------------------------------


def test_an_update_is_a_merge_patch(graph: ArgumentGraph) -> None:
    first = done(graph, update("statement", "p", note="n", tags=["a", "b"], scope="overall")).graph
    node = done(first, update("statement", "p", note=None, tags=["c"], text="Else")).graph.node("p")
    assert (node.text, node.note, node.tags, node.scope) == ("Else", None, ("c",), "overall")
    assert node.concerns == graph.node("p").concerns


def test_a_patch_reaches_into_objects_and_null_takes_out(graph: ArgumentGraph) -> None:
    first = done(graph, update("actor", "k", external_ids={"wikidata": "Q1", "isni": "2"})).graph
    second = done(first, update("actor", "k", external_ids={"isni": None, "viaf": "3"})).graph
    assert second.node("k").external_ids == {"wikidata": "Q1", "viaf": "3"}
    placed = done(graph, update("assertion", "x", locator={"start": 3, "end": 9})).graph
    assert done(placed, update("assertion", "x", locator={"end": None})).graph.node("x").locator.start == 3


def test_a_required_field_cannot_be_taken_out(graph: ArgumentGraph) -> None:
    assert problems(refusal(graph, update("statement", "p", text=None))) == [("/text", "is required")]


def test_an_update_keeps_who_made_it_and_grows_the_version_by_one(graph: ArgumentGraph) -> None:
    node = done(graph, update("statement", "p", text="One"), update("statement", "p", text="Two")).graph.node("p")
    assert (node.version, node.text) == (2, "Two")
    assert (node.created_by, node.created_at, node.updated_by, node.updated_at) == (
        "",
        "1970-01-01T00:00:00Z",
        "bob",
        LATER,
    )
    again = done(done(graph, update("statement", "p", text="One")).graph, update("statement", "p", text="Two"))
    assert again.graph.node("p").version == 3


def test_an_update_that_changes_nothing_makes_no_revision(graph: ArgumentGraph) -> None:
    for patch in ({}, {"text": "It sells shells"}, {"note": None}, {"credence": None}):
        planned = done(graph, update("statement", "p", **patch))
        assert planned.graph is graph
        assert planned.edits == ()
        assert planned.results[0].id == "p"


def test_an_update_may_name_id_and_kind_if_they_agree(graph: ArgumentGraph) -> None:
    assert done(
        graph,
        update("statement", "p", text="x").model_copy(update={"value": {"id": "p", "kind": "statement", "text": "x"}}),
    ).edits
    error = refusal(graph, Command(op="update", kind="statement", id="p", value={"id": "q"}))
    assert problems(error) == [("/id", "this is 'p'")]
    error = refusal(graph, Command(op="update", kind="statement", id="p", value={"kind": "motive"}))
    assert problems(error) == [("/kind", "this is statement")]


@pytest.mark.parametrize(
    "command", [update("statement", "zz", text="x"), delete("statement", "zz"), delete("actor", "p")]
)
def test_what_is_not_there_is_not_found(graph: ArgumentGraph, command: Command) -> None:
    error = refusal(graph, command)
    assert isinstance(error, NotFound)
    assert error.name == "node_not_found"
    assert ("is of kind statement" in error.detail) == (command.id == "p")


def test_a_version_that_has_moved_on_is_stale(graph: ArgumentGraph) -> None:
    changed = done(graph, update("statement", "p", text="One")).graph
    for command in (
        update("statement", "p", if_version=1, text="Two"),
        Command(op="delete", kind="statement", id="p", if_version=1),
    ):
        error = refusal(changed, command)
        assert isinstance(error, Stale)
        assert "at version 2, not 1" in error.detail
    assert done(changed, update("statement", "p", if_version=2, text="Two")).graph.node("p").version == 3


# --- edits and their inverse ------------------------------------------------------------------------


def test_edits_hold_both_sides_and_their_inverse_undoes_them(graph: ArgumentGraph) -> None:
    planned = done(graph, create_statement("r"), update("statement", "q", text="Else"), delete("argument", "b"))
    sides = {e.id: (e.before, e.after) for e in planned.edits}
    assert sides["r"][0] is None
    assert sides["b"][1] is None
    for node_id, (before, after) in sides.items():
        assert (None if before is None else bytes(before)) == graph.document(node_id)
        assert (None if after is None else bytes(after)) == planned.graph.document(node_id)


def test_results_follow_the_commands(graph: ArgumentGraph) -> None:
    planned = done(graph, delete("argument", "b"), create_statement("r"), update("statement", "q"))
    assert [(r.op, r.kind, r.id) for r in planned.results] == [
        ("delete", "argument", "b"), ("create", "statement", "r"), ("update", "statement", "q"),
    ]  # fmt: skip


# --- the map itself ---------------------------------------------------------------------------------


def test_a_map_is_renamed_by_a_merge_patch(graph: ArgumentGraph) -> None:
    first = rename(graph, {"title": "New", "question": "Why?"}, PROVENANCE)
    assert (first.graph.header.title, first.graph.header.question) == ("New", "Why?")
    assert (first.graph.revision, first.graph.header.updated_by, first.graph.header.updated_at) == (2, "bob", LATER)
    second = rename(first.graph, {"question": None}, PROVENANCE)
    assert (second.graph.header.title, second.graph.header.question) == ("New", "")
    [edit] = second.edits
    assert (edit.kind, edit.id) == ("map", "m")
    assert msgspec.json.decode(edit.before) == {"title": "New", "question": "Why?"}, "what is left out is as it is"
    assert (first.created, first.deleted) == ([], []), "a map is no node"


def test_renaming_to_what_it_is_called_makes_no_revision(graph: ArgumentGraph) -> None:
    planned = rename(graph, {"title": "A map", "question": ""}, PROVENANCE)
    assert (planned.graph, planned.edits) == (graph, ())


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [({"title": ""}, "/title"), ({"title": None}, "/title"), ({"titel": "x"}, "/titel"), ({"title": 5}, "/title"),
     ({"id": "n"}, "/id"),
     ({"revision": 9}, "/revision")],
)  # fmt: skip
def test_a_map_is_not_renamed_wrongly(graph: ArgumentGraph, patch: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Refused) as caught:
        rename(graph, patch, PROVENANCE)
    assert [p for p, _ in problems(caught.value)] == [pointer]
    assert graph.header.updated_at == AT


# --- what the service sets --------------------------------------------------------------------------


def _as_read(graph: ArgumentGraph, node_id: str, **more: Any) -> dict[str, Any]:
    return {**graph.node(node_id).document(), **more}


def test_a_node_may_come_back_as_it_was_read(graph: ArgumentGraph) -> None:
    planned = done(graph, Command(op="update", kind="statement", id="p", value=_as_read(graph, "p", note="new")))
    after = planned.graph.node("p")
    assert (after.note, after.version, after.created_at) == ("new", 2, graph.node("p").created_at)
    same = done(graph, Command(op="update", kind="statement", id="p", value=_as_read(graph, "p")))
    assert same.edits == ()


def test_what_is_derived_of_an_argument_may_come_back_too(graph: ArgumentGraph) -> None:
    sent = _as_read(graph, "b", attack="undercut", basis="own", warrant="new")
    assert done(graph, Command(op="update", kind="argument", id="b", value=sent)).graph.node("b").warrant == "new"
    error = refusal(graph, Command(op="update", kind="argument", id="b", value={**sent, "attack": "rebut"}))
    assert [place for place, _ in problems(error)] == ["/attack"]


@pytest.mark.parametrize("said", ["00:00:00.000Z", "00:00:00+00:00", "01:00:00.0+01:00"])
def test_a_time_comes_back_as_clients_write_it(said: str) -> None:
    graph = graph_of(statement("p").model_copy(update={"created_at": AT}))
    planned = done(graph, update("statement", "p", created_at=f"2026-01-01T{said}", note="new"))
    assert planned.graph.node("p").created_at == AT


def test_a_time_cut_to_milliseconds_is_the_same() -> None:
    graph = graph_of(statement("p").model_copy(update={"updated_at": "2026-01-01T00:00:00.123987Z"}))
    assert done(graph, update("statement", "p", updated_at="2026-01-01T00:00:00.123Z", note="new")).edits
    for other in ("T00:00:00.124Z", "T00:00:00.122Z", "T00:00:01Z", "", " today"):
        error = refusal(graph, update("statement", "p", updated_at=f"2026-01-01{other}"))
        assert [place for place, _ in problems(error)] == ["/updated_at"]


def test_what_the_service_sets_is_not_changed_by_a_patch(graph: ArgumentGraph) -> None:
    error = refusal(graph, update("statement", "p", version=7, created_by="me", updated_at=None, note="x"))
    assert {place for place, _ in problems(error)} == {"/version", "/created_by", "/updated_at"}
    assert all("as it was read" in detail for _, detail in problems(error))


def test_a_node_written_twice_in_a_batch_may_come_back_both_times(graph: ArgumentGraph) -> None:
    sent = _as_read(graph, "p")
    first = Command(op="update", kind="statement", id="p", value={**sent, "note": "one"})
    second = Command(op="update", kind="statement", id="p", value={**sent, "note": "two"})
    assert done(graph, first, second).graph.node("p").note == "two"
