"""Answers in the form of the API for questions that this service does not answer yet; empty when it answers all."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
from playwright.sync_api import BrowserContext, Route

from service.routes import OPERATIONS

ANSWERED = {route.path for route in OPERATIONS}
_KINDS = ("motives", "statements", "arguments")


def stand_in(context: BrowserContext) -> list[str]:
    """Put stand-ins before the service for what it lacks, and say for what."""
    missing = {path: answer for path, answer in _ANSWERS.items() if path not in ANSWERED}
    for path, answer in missing.items():
        pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) + r"(\?.*)?$")
        context.route(pattern, _fulfil(answer))
    return sorted(missing)


def _fulfil(answer: Any) -> Any:
    def handle(route: Route) -> None:
        request = route.request
        place = urlsplit(request.url)
        body = json.loads(request.post_data or "{}")
        status, document = answer(f"{place.scheme}://{place.netloc}", place.path, parse_qsl(place.query), body)
        route.fulfill(status=status, content_type="application/json", body=json.dumps(document))

    return handle


def _nodes(url: str, path: str, query: list[tuple[str, str]]) -> tuple[int, list[dict[str, Any]], int]:
    base = url + path.split("/v1/maps/", maxsplit=1)[0] + "/v1/maps/" + path.split("/")[3]
    found: list[dict[str, Any]] = []
    revision = httpx2.get(base).json().get("revision", 0)
    view = [one for one in query if one[0] not in {"focus", "depth", "budget", "semantics", "kinds"}]
    for kind in _KINDS:
        cursor = None
        while True:
            more = [("cursor", cursor)] if cursor else []
            answer = httpx2.get(f"{base}/{kind}?{urlencode([*view, ('limit', '1000'), *more])}")
            if answer.status_code != 200:
                return answer.status_code, [answer.json()], revision
            found += answer.json()["items"]
            cursor = answer.json()["next"]
            if cursor is None:
                break
    return 200, found, revision


def _graph(url: str, path: str, query: list[tuple[str, str]], _: Any) -> tuple[int, Any]:
    status, found, revision = _nodes(url, path, query)
    if status != 200:
        return status, found[0]
    asked = dict(query)
    edges = []
    for node in found:
        edges += [{"source": p, "target": node["id"], "relation": "premise_of"} for p in node.get("premises", [])]
        if node["kind"] == "argument":
            edges.append({"source": node["id"], "target": node["target"], "relation": "targets"})
        edges += [
            {"source": node["id"], "target": c["motive"], "relation": "concerns"} for c in node.get("concerns", [])
        ]
    kept = {node["id"] for node in found}
    if "focus" in asked:
        if asked["focus"] not in kept:
            return 422, {"status": 422, "code": "invalid_parameter", "detail": f"no node {asked['focus']}"}
        kept = _around(asked["focus"], int(asked.get("depth", "2")), edges)
    budget = int(asked.get("budget", "2000"))
    order = [node["id"] for node in found if node["id"] in kept][:budget]
    shown = set(order)
    nodes = [{**n, "label": n.get("text") or n.get("warrant") or n["id"]} for n in found if n["id"] in shown]
    cut = [e for e in edges if (e["source"] in shown) != (e["target"] in shown) and {e["source"], e["target"]} <= kept]
    for node in nodes:
        into = sum(e["target"] == node["id"] for e in cut)
        out = sum(e["source"] == node["id"] for e in cut)
        if into or out:
            node.update(hidden_in=into, hidden_out=out)
    inner = [e for e in edges if e["source"] in shown and e["target"] in shown]
    whole = len(shown) == len(found) or "focus" in asked
    head = {"revision": revision, "complete": whole, "reason": None if whole else "budget"}
    return 200, {
        "graph": {**head, "total_nodes": len(found), "total_edges": len(edges)},
        "nodes": nodes,
        "edges": inner,
    }


def _around(start: str, depth: int, edges: list[dict[str, str]]) -> set[str]:
    links: dict[str, set[str]] = {}
    for edge in edges:
        if edge["relation"] != "concerns":
            links.setdefault(edge["source"], set()).add(edge["target"])
            links.setdefault(edge["target"], set()).add(edge["source"])
    seen, ring = {start}, {start}
    for _ in range(depth):
        ring = {other for one in ring for other in links.get(one, ())} - seen
        seen |= ring
    return seen


def _judged(node: dict[str, Any], gone: set[str]) -> dict[str, Any] | None:
    """A verdict that hangs on one step only: enough to see what the page does with it."""
    if node["id"] in gone:
        return None
    fallen = node["kind"] == "argument" and bool(gone & set(node["premises"]))
    return {
        "verdict": "rejected" if fallen else "accepted",
        "cause": "premise" if fallen else None,
        "strength": 0.1 if fallen else 0.6,
    }


def _evaluation(url: str, path: str, query: list[tuple[str, str]], _: Any) -> tuple[int, Any]:
    status, found, _ = _nodes(url, path, query)
    if status != 200:
        return status, found[0]
    strength = dict(query).get("semantics") == "quadratic-energy"
    fields = ("strength",) if strength else ("verdict", "cause")
    nodes = [{"id": n["id"], "kind": n["kind"], **{f: (_judged(n, set()) or {})[f] for f in fields}} for n in found]
    return 200, {"semantics": dict(query).get("semantics"), "nodes": nodes, "complete": True}


def _why(url: str, path: str, query: list[tuple[str, str]], _: Any) -> tuple[int, Any]:
    status, found, _ = _nodes(url, path, query)
    id = path.split("/")[-2]
    into = [n["id"] for n in found if n["kind"] == "argument" and n["target"] == id]
    first = next((n["premises"] for n in found if n["id"] in into[:1]), [])
    flip = {"remove": first, "to": "rejected"} if first else None
    return status, {"id": id, "verdict": "accepted", "cause": None, "strength": 0.6, "deciding": into, "flip": flip}


def _what_if(url: str, path: str, query: list[tuple[str, str]], body: Any) -> tuple[int, Any]:
    status, found, _ = _nodes(url, path, query)
    gone = {edit["id"] for edit in body["edits"] if edit["op"] == "delete"}
    raised = {edit["id"]: edit["value"]["credence"] for edit in body["edits"] if edit["op"] == "update"}
    changed = []
    for node in found:
        before, after = _judged(node, set()), _judged(node, gone)
        if after is not None and node["id"] in raised:
            after = {**after, "strength": raised[node["id"]]}
        if before != after:
            changed.append({"id": node["id"], "before": before, "after": after})
    return status, {"evaluation": {"changed": changed}, "motives": []}


_ANSWERS = {
    "/v1/maps/{map}/graph": _graph,
    "/v1/maps/{map}/evaluation": _evaluation,
    "/v1/maps/{map}/nodes/{id}/why": _why,
    "/v1/maps/{map}/what-if": _what_if,
}
