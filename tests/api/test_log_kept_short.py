"""A history that does not go back to the beginning: what is kept is as before, and what is not is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.http import context
from tests.api.conftest import client_of, filled

M = "/v1/maps/m"
KEEP_ALL, KEEP_LITTLE = 0, 1


def edited(client: TestClient) -> list[bytes]:
    """Four more revisions, 3 to 6, and what an export shows at each of all six."""
    filled(client)
    for text in ("The shop is open.", "The shop is burnt.", "The shop is rebuilt.", "The shop is closed."):
        assert client.patch(f"{M}/statements/s1", json={"text": text}).status_code == 200
    return [client.get(f"{M}/export", params={"as_of": revision}).content for revision in range(1, 7)]


def compacted(client: TestClient, revision: int) -> None:
    [change] = [one for one in client.get(f"{M}/changes").json()["items"] if one["revision"] == revision]
    service: Any = client.app.state.service  # type: ignore[attr-defined]
    portal: Any = client.portal
    assert portal.call(service.workspace.compact, "m", change["at"])


def test_every_read_inside_has_its_bytes_and_what_is_before_is_refused(client_in: TestClient) -> None:
    states = edited(client_in)
    tags = [client_in.get(f"{M}/evaluation", params={"as_of": r}).headers["etag"] for r in range(1, 7)]
    compacted(client_in, 4)
    for revision in range(4, 7):
        assert client_in.get(f"{M}/export", params={"as_of": revision}).content == states[revision - 1]
        assert client_in.get(f"{M}/evaluation", params={"as_of": revision}).headers["etag"] == tags[revision - 1]
    for revision in (1, 3):
        refused = client_in.get(f"{M}/export", params={"as_of": revision})
        assert (refused.status_code, refused.json()["code"]) == (422, "revision_compacted")
        assert "from revision 4 on" in refused.json()["detail"]


def test_the_changes_begin_where_the_log_does(client_in: TestClient) -> None:
    edited(client_in)
    compacted(client_in, 4)
    told = client_in.get(f"{M}/changes", params={"effects": True}).json()
    assert ([one["revision"] for one in told["items"]], told["oldest"], told["complete"]) == ([6, 5, 4], 4, True)
    assert told["items"][-1]["sentence"].endswith("and all before it, is not kept any more.")
    assert told["items"][-1]["effect"] is None
    assert client_in.get(f"{M}/changes/3").status_code == 404
    assert client_in.post(f"{M}/changes/4/revert").status_code == 409
    assert client_in.post(f"{M}/changes/4/revert?since=true").status_code == 200
    assert client_in.get(f"{M}/statements/s1").json()["text"] == "The shop is burnt."


def test_undo_goes_as_far_as_the_log(client_in: TestClient) -> None:
    edited(client_in)
    compacted(client_in, 4)
    assert [client_in.post(f"{M}/undo").status_code for _ in range(3)] == [200, 200, 409]
    assert client_in.get(f"{M}/statements/s1").json()["text"] == "The shop is burnt."


def test_a_draft_of_what_is_not_kept_is_read_decided_and_accepted(client_in: TestClient) -> None:
    filled(client_in)
    operations = [{"op": "create", "kind": "statement", "id": "s3", "value": {"text": "The baker is ill."}}]
    for name in ("d", "e"):
        made = client_in.post(f"{M}/drafts", json={"id": name, "title": "t", "operations": operations})
        assert made.status_code == 201
    for text in ("The shop is open.", "The shop is burnt."):
        client_in.patch(f"{M}/statements/s1", json={"text": text})
    compacted(client_in, 4)
    seen = client_in.get(f"{M}/statements", params={"draft": "d"})
    assert (seen.status_code, seen.json()["code"]) == (422, "revision_unknown")
    assert client_in.get(f"{M}/drafts").json()["total"] == 2
    read = client_in.get(f"{M}/drafts/e", headers={"If-None-Match": made.headers["etag"]})
    assert read.json() == {**made.json(), "effect": None, "orphaned": None}
    assert read.headers["etag"] != made.headers["etag"]
    renamed = client_in.patch(f"{M}/drafts/e", json={"title": "u"}, headers={"If-Match": read.headers["etag"]})
    assert (renamed.status_code, renamed.json()["title"], renamed.json()["effect"]) == (200, "u", None)
    declined = client_in.post(f"{M}/drafts/e/decline", json={"reason": "no"})
    assert (declined.status_code, declined.json()["status"]) == (200, "declined")
    assert client_in.post(f"{M}/drafts/d/accept", json={}).json()["created"] == ["s3"]


LOOKING_BACK = (
    *("diff?from=2&to=5", "diff?from=2", "diff?from=5", "diff?as_of=4", "diff", "changes", "changes/2", "changes/5"),
    *("changes?since=1&effects=true", "changes?node=gone", "export?as_of=3", "evaluation?as_of=4", "remarks?node=gone"),
    *("statements?without=gone", "evaluation?ids=gone", "diff?from_without=gone&from=5", "graph?sources=gone"),
    *("paths?actors=gone", "summary?motives=gone", "nodes/s1?without=gone", "drafts/d", "statements?draft=d"),
)


def test_nothing_that_was_told_outlives_what_the_log_kept_then(tmp_path: Path) -> None:
    """Whoever has asked before is told the same as who asks for the first time, whichever process has shortened it."""
    store = f"sqlite:{tmp_path / 'store.db'}"
    with client_of(store=store) as warm, client_of(store=store) as other:
        edited(warm)
        operations = [{"op": "create", "kind": "statement", "value": {"text": "The baker is ill."}}]
        warm.post(f"{M}/statements", json={"id": "gone", "text": "It rains."})
        warm.delete(f"{M}/statements/gone")
        warm.post(f"{M}/drafts", json={"id": "d", "title": "t", "operations": operations})
        warm.patch(f"{M}/statements/s1", json={"note": "closed for good"})
        tags = {}
        for _ in range(2):
            for path in LOOKING_BACK:
                tags[path] = warm.get(f"{M}/{path}").headers.get("etag", '"none"')
        compacted(other, 9)
        with client_of(store=store) as fresh:
            for path in LOOKING_BACK:
                told, wanted = warm.get(f"{M}/{path}"), fresh.get(f"{M}/{path}")
                assert (told.status_code, told.json()) == (wanted.status_code, wanted.json()), path
                again = warm.get(f"{M}/{path}", headers={"If-None-Match": tags[path]})
                assert again.status_code == (304 if wanted.headers.get("etag") == tags[path] else told.status_code), (
                    path
                )
            codes = {path: told.status_code for path in LOOKING_BACK if (told := warm.get(f"{M}/{path}")).is_error}
            assert len(codes) > len(LOOKING_BACK) / 2, "or nothing is shown here"


def test_what_is_refused_of_a_side_is_told_at_its_parameter(client_in: TestClient) -> None:
    edited(client_in)
    compacted(client_in, 6)
    for side in ("from", "to"):
        refused = client_in.get(f"{M}/diff", params={side: 2}).json()
        assert (refused["code"], refused["errors"][0]["pointer"]) == ("revision_compacted", f"/{side}")
    assert client_in.get(f"{M}/diff").json()["nodes"] == [], "nothing is kept from before the first revision"


def test_the_setting_has_logs_shortened_when_the_service_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = f"sqlite:{tmp_path / 'store.db'}"
    with client_of(store=store, log_days=KEEP_LITTLE) as client:
        edited(client)
        assert client.get(f"{M}/changes").json()["oldest"] == 1, "it is of today"
    monkeypatch.setattr(context, "stamp", lambda instant: "2999-01-01T00:00:00.000000Z")
    with client_of(store=store, log_days=KEEP_ALL) as client:
        assert client.get(f"{M}/changes").json()["oldest"] == 1
    with client_of(store=store, log_days=KEEP_LITTLE) as client:
        answers = (client.get(f"{M}/changes").json()["oldest"] for _ in range(1000))
        assert 6 in answers


@pytest.fixture(name="client_in")
def _client_in() -> Any:
    with client_of() as client:
        yield client
