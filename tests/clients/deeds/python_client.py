"""The deeds with the client that openapi-python-client makes: `python python_client.py ADDRESS` says how each went.

It is checked by mypy together with the client, so it also shows that the client's types are right.
"""

from __future__ import annotations

import json
import sys
import traceback
from http import HTTPStatus
from itertools import count
from typing import Any, TypeVar

from argumap_client import Client
from argumap_client.api.maps import create_map, read_map
from argumap_client.api.nodes import (
    change_argument,
    change_statement,
    create_actor,
    create_argument,
    create_motive,
    create_source,
    create_statement,
    delete_statement,
    list_assertions,
    read_argument,
    read_node,
    read_statement,
    run_batch,
)
from argumap_client.api.questions import find_paths, read_evaluation, suppose_edits
from argumap_client.models import (
    ActorCreate,
    ActorKind,
    ActorLinked,
    ActorWriteResult,
    ArgumentCreate,
    ArgumentRead,
    ArgumentUpdate,
    ArgumentWriteResult,
    AssertionList,
    Attack,
    BatchCreate,
    BatchCreateValue,
    BatchDelete,
    BatchRequest,
    BatchResult,
    BatchUpdate,
    BatchUpdateValue,
    BatchUpsert,
    BatchUpsertValue,
    Confidence,
    Dating,
    DeleteResult,
    EvaluationAnswer,
    KindWord,
    Locator,
    MapCreate,
    MapRead,
    Modality,
    MotiveCreate,
    MotiveWriteResult,
    PathsAnswer,
    Precision,
    Problem,
    Semantics,
    SourceCreate,
    SourceKind,
    SourceWriteResult,
    Stance,
    StatementCreate,
    StatementLinked,
    StatementRead,
    StatementUpdate,
    StatementWriteResult,
    Verdict,
    WhatIfAnswer,
    WhatIfPart,
    WhatIfRequest,
)
from argumap_client.types import Response, Unset

T = TypeVar("T")
NUMBERS = count(1)


def told(response: Response[Any], kind: type[T]) -> T:
    """What an answer holds, which must be of the kind expected."""
    assert isinstance(response.parsed, kind), response.content.decode()
    return response.parsed


def given(value: T | Unset | None) -> T:
    """A value that must be there."""
    assert not isinstance(value, Unset), "left out"
    assert value is not None, "null"
    return value


def new_map(client: Client) -> str:
    """A map with an actor, a source, a motive, two statements, two arguments and three assertions."""
    name = f"python-{next(NUMBERS)}"
    told(create_map.sync_detailed(client=client, body=MapCreate(title="Bread", id=name)), MapRead)
    values: list[tuple[KindWord, str, dict[str, object]]] = [
        (KindWord.ACTOR, "ann", {"name": "Ann", "actor_kind": "person"}),
        (KindWord.SOURCE, "paper", {"title": "The paper", "source_kind": "article"}),
        (KindWord.MOTIVE, "hunger", {"name": "hunger", "category": "food", "text": "Ann wants bread.", "actor": "ann"}),
        (KindWord.STATEMENT, "shut", {"text": "The shop is shut.", "note": "seen", "tags": ["shop"], "credence": 0.8}),
        (KindWord.STATEMENT, "empty", {"text": "The shelf is empty."}),
        (KindWord.ARGUMENT, "a1", {"premises": ["shut"], "target": "empty", "stance": "supporting"}),
        (
            KindWord.ARGUMENT,
            "a2",
            {"premises": ["empty"], "target": "hunger", "stance": "opposing", "confidence": "low"},
        ),
        (KindWord.ASSERTION, "x1", {"of": "shut", "source": "paper", "chain": ["ann"]}),
        (KindWord.ASSERTION, "x2", {"of": "empty", "source": "paper"}),
        (KindWord.ASSERTION, "x3", {"of": "shut", "source": "paper", "modality": "possible"}),
    ]
    operations = [BatchCreate("create", kind, BatchCreateValue.from_dict(v), id=node) for kind, node, v in values]
    told(run_batch.sync_detailed(name, client=client, body=BatchRequest(operations=[*operations])), BatchResult)
    return name


def make_a_map(client: Client) -> None:
    made = told(create_map.sync_detailed(client=client, body=MapCreate(title="A map", question="Why?")), MapRead)
    assert (made.title, made.question, made.description) == ("A map", "Why?", "")
    read = told(read_map.sync_detailed(made.id, client=client), MapRead)
    assert (read.id, read.revision, read.counts.statements) == (made.id, 1, 0)
    assert read.created_at.tzinfo is not None


def make_nodes(client: Client) -> None:
    at = new_map(client)
    actor = ActorCreate(name="Bob", actor_kind=ActorKind.PERSON)
    who = told(create_actor.sync_detailed(at, client=client, body=actor), ActorWriteResult)
    when = Dating(value="2024-11", precision=Precision.MONTH)
    source = SourceCreate(title="A talk", source_kind=SourceKind.INTERVIEW, author=[who.id], published=when)
    where = told(create_source.sync_detailed(at, client=client, body=source), SourceWriteResult)
    motive = MotiveCreate(name="thirst", category="other", text="Bob is thirsty.", actor=who.id)
    why = told(create_motive.sync_detailed(at, client=client, body=motive), MotiveWriteResult)
    body = StatementCreate(text="It is hot.", tags=["weather"])
    what = told(create_statement.sync_detailed(at, client=client, body=body), StatementWriteResult)
    assert (where.author, why.actor, what.tags, what.note) == ([who.id], who.id, ["weather"], None)
    assert what.revision == 6
    assert isinstance(where.published, Dating), where.published
    assert (where.published.value, where.published.precision) == ("2024-11", Precision.MONTH)


def make_an_argument_in_its_fields(client: Client) -> None:
    at = new_map(client)
    body = ArgumentCreate(
        premises=["shut", StatementCreate(text="No baker came.", id="baker")],
        target="hunger",
        stance=Stance.SUPPORTING,
        confidence=Confidence.HIGH,
        id="a3",
    )
    made = told(create_argument.sync_detailed(at, client=client, body=body), ArgumentWriteResult)
    assert (made.premises, made.stance, given(made.created)) == (["shut", "baker"], Stance.SUPPORTING, ["a3", "baker"])
    read = told(read_argument.sync_detailed(at, "a3", client=client), ArgumentRead)
    assert (read.confidence, read.attack) == (Confidence.HIGH, None)


def make_an_argument_in_the_short_form(client: Client) -> None:
    at = new_map(client)
    body = ArgumentCreate(
        text="Ann has a full pantry.",
        target="hunger",
        stance=Stance.OPPOSING,
        actor="ann",
        source="paper",
        locator=Locator(paragraph=4),
    )
    made = told(create_argument.sync_detailed(at, client=client, body=body), ArgumentWriteResult)
    assert len(given(made.created)) == 3
    [premise] = made.premises
    found = told(list_assertions.sync_detailed(at, client=client, of=[premise]), AssertionList)
    [assertion] = found.items
    assert (assertion.chain, given(assertion.locator).paragraph) == (["ann"], 4)


def list_assertions_and_follow_the_cursor(client: Client) -> None:
    at = new_map(client)
    first = told(list_assertions.sync_detailed(at, client=client, source=["paper"], limit=2), AssertionList)
    assert ([one.id for one in first.items], first.total) == (["x1", "x2"], 3)
    rest = told(
        list_assertions.sync_detailed(at, client=client, source=["paper"], limit=2, cursor=given(first.next_)),
        AssertionList,
    )
    assert ([one.id for one in rest.items], rest.next_) == (["x3"], None)
    unsure = told(list_assertions.sync_detailed(at, client=client, modality=[Modality.POSSIBLE]), AssertionList)
    assert [one.id for one in unsure.items] == ["x3"]


def read_a_node_of_any_kind(client: Client) -> None:
    at = new_map(client)
    statement = told(read_node.sync_detailed(at, "shut", client=client), StatementLinked)
    assert (statement.text, statement.tags, statement.note) == ("The shop is shut.", ["shop"], "seen")
    assert {(one.relation.value, one.source, one.target) for one in statement.links} == {
        ("premise_of", "shut", "a1"),
        ("of", "x1", "shut"),
        ("of", "x3", "shut"),
    }
    actor = told(read_node.sync_detailed(at, "ann", client=client), ActorLinked)
    assert (actor.kind, actor.actor_kind) == ("actor", ActorKind.PERSON)


def change_one_field_and_leave_the_rest(client: Client) -> None:
    at = new_map(client)
    assert StatementUpdate(text="It is shut.").to_dict() == {"text": "It is shut."}
    body = StatementUpdate(text="It is shut.")
    told(change_statement.sync_detailed(at, "shut", client=client, body=body), StatementWriteResult)
    read = told(read_statement.sync_detailed(at, "shut", client=client), StatementRead)
    assert (read.text, read.note, read.tags, read.credence) == ("It is shut.", "seen", ["shop"], 0.8)
    told(
        change_statement.sync_detailed(at, "shut", client=client, body=StatementUpdate(note=None)), StatementWriteResult
    )
    read = told(read_statement.sync_detailed(at, "shut", client=client), StatementRead)
    assert (read.text, read.note, read.tags) == ("It is shut.", None, ["shop"])


def send_back_what_was_read(client: Client) -> None:
    at = new_map(client)
    statement = told(read_statement.sync_detailed(at, "shut", client=client), StatementRead)
    body = StatementUpdate.from_dict({**statement.to_dict(), "note": "new"})
    changed = told(change_statement.sync_detailed(at, "shut", client=client, body=body), StatementWriteResult)
    assert (changed.note, changed.text, changed.created_at) == ("new", statement.text, statement.created_at)
    argument = told(read_argument.sync_detailed(at, "a2", client=client), ArgumentRead)
    assert argument.attack is Attack.REBUT
    step = ArgumentUpdate.from_dict({**argument.to_dict(), "warrant": "Who has bread is not hungry."})
    result = told(change_argument.sync_detailed(at, "a2", client=client, body=step), ArgumentWriteResult)
    assert (result.warrant, result.confidence) == ("Who has bread is not hungry.", Confidence.LOW)


def be_told_that_it_was_changed_since(client: Client) -> None:
    at = new_map(client)
    tag = read_statement.sync_detailed(at, "shut", client=client).headers["etag"]
    body = StatementUpdate(note="first")
    done = change_statement.sync_detailed(at, "shut", client=client, body=body, if_match=tag)
    assert told(done, StatementWriteResult).note == "first"
    body = StatementUpdate(note="second")
    refused = change_statement.sync_detailed(at, "shut", client=client, body=body, if_match=tag)
    assert refused.status_code is HTTPStatus.PRECONDITION_FAILED
    assert told(refused, Problem).code == "stale"


def run_a_batch(client: Client) -> None:
    at = new_map(client)
    body = BatchRequest(
        operations=[
            BatchCreate("create", KindWord.STATEMENT, BatchCreateValue.from_dict({"text": "New."}), id="new"),
            BatchUpdate("update", KindWord.STATEMENT, "shut", BatchUpdateValue.from_dict({"note": "changed"})),
            BatchUpsert(
                "upsert", KindWord.ACTOR, "cy", BatchUpsertValue.from_dict({"name": "Cy", "actor_kind": "group"})
            ),
            BatchDelete("delete", KindWord.ASSERTION, "x3"),
        ]
    )
    done = told(run_batch.sync_detailed(at, client=client, body=body), BatchResult)
    assert [(one.op.value, one.kind.value, one.id) for one in done.results] == [
        ("create", "statement", "new"),
        ("update", "statement", "shut"),
        ("upsert", "actor", "cy"),
        ("delete", "assertion", "x3"),
    ]
    assert (done.revision, done.deleted) == (3, ["x3"])


def find_paths_and_read_their_steps(client: Client) -> None:
    at = new_map(client)
    found = told(find_paths.sync_detailed(at, client=client, from_=["shut"], to=["hunger"]), PathsAnswer)
    [path] = found.items
    assert (path.nodes, path.polarity) == (["shut", "a1", "empty", "a2", "hunger"], Stance.OPPOSING)
    assert [(step.from_, step.argument, step.to) for step in path.steps] == [
        ("shut", "a1", "empty"),
        ("empty", "a2", "hunger"),
    ]
    assert (found.complete, found.reason, found.counts.opposing) == (True, None, 1)


def evaluate(client: Client) -> None:
    at = new_map(client)
    found = told(read_evaluation.sync_detailed(at, client=client), EvaluationAnswer)
    verdicts = {node.id: given(node.verdict) for node in found.nodes}
    assert verdicts["shut"] is Verdict.ACCEPTED
    assert set(verdicts) == {"shut", "empty", "hunger", "a1", "a2"}
    gradual = told(read_evaluation.sync_detailed(at, client=client, semantics=Semantics.DF_QUAD), EvaluationAnswer)
    assert all(0 <= given(node.strength) <= 1 for node in gradual.nodes)


def ask_what_if(client: Client) -> None:
    at = new_map(client)
    body = WhatIfRequest(
        edits=[BatchDelete("delete", KindWord.ARGUMENT, "a1", cascade=True)],
        ask=[WhatIfPart.EVALUATION, WhatIfPart.PATHS],
        from_=["shut"],
        to=["hunger"],
    )
    told_all = told(suppose_edits.sync_detailed(at, client=client, body=body), WhatIfAnswer)
    changed = {one.id: one for one in given(told_all.evaluation).changed}
    assert changed["a1"].after is None
    assert [path.nodes[-1] for path in given(told_all.paths).lost] == ["hunger"]
    assert isinstance(told_all.motives, Unset)


def read_a_problem(client: Client) -> None:
    at = new_map(client)
    body = ArgumentCreate(premises=["shut", "nobody"], target="hunger", stance=Stance.SUPPORTING)
    refused = create_argument.sync_detailed(at, client=client, body=body)
    problem = told(refused, Problem)
    assert (refused.status_code, problem.status) == (HTTPStatus.UNPROCESSABLE_ENTITY, 422)
    assert [fault.pointer for fault in given(problem.errors)] == ["/premises/1"]


def delete_with_what_refers_to_it(client: Client) -> None:
    at = new_map(client)
    refused = delete_statement.sync_detailed(at, "shut", client=client)
    assert refused.status_code is HTTPStatus.CONFLICT
    assert told(refused, Problem).code == "still_referred_to"
    gone = told(delete_statement.sync_detailed(at, "shut", client=client, cascade=True), DeleteResult)
    assert sorted(gone.deleted) == ["a1", "shut", "x1", "x3"]


DEEDS = (
    make_a_map,
    make_nodes,
    make_an_argument_in_its_fields,
    make_an_argument_in_the_short_form,
    list_assertions_and_follow_the_cursor,
    read_a_node_of_any_kind,
    change_one_field_and_leave_the_rest,
    send_back_what_was_read,
    be_told_that_it_was_changed_since,
    run_a_batch,
    find_paths_and_read_their_steps,
    evaluate,
    ask_what_if,
    read_a_problem,
    delete_with_what_refers_to_it,
)


def main(address: str) -> None:
    went: dict[str, str | None] = {}
    with Client(base_url=address, raise_on_unexpected_status=True) as client:
        for deed in DEEDS:
            try:
                deed(client)
            except Exception:
                went[deed.__name__] = traceback.format_exc()
            else:
                went[deed.__name__] = None
    print(json.dumps(went))


if __name__ == "__main__":
    main(sys.argv[1])
