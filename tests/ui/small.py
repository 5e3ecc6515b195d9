"""A small map of a test's own, made and changed through the API behind the page's back."""

from __future__ import annotations

import re
from typing import Any

import httpx2

NODES = [
    ("actors", "ann", {"name": "Ann", "actor_kind": "person"}),
    ("actors", "press", {"name": "The Press", "actor_kind": "outlet"}),
    ("sources", "paper", {"title": "The Morning Paper", "source_kind": "article", "publisher": "press"}),
    ("motives", "bread", {"name": "bread", "category": "food", "text": "Ann is driven by bread.", "actor": "ann"}),
    ("statements", "thesis", {"text": "Ann gains from going.", "origin": "constructed"}),
    ("statements", "hungry", {"text": "Ann is hungry every morning."}),
    ("statements", "shut", {"text": "The bakery is shut on Sundays."}),
    ("arguments", "a1", {"premises": ["bread"], "target": "thesis", "stance": "supporting"}),
    ("arguments", "a2", {"premises": ["hungry"], "target": "bread", "stance": "supporting"}),
    ("arguments", "a3", {"premises": ["shut"], "target": "bread", "stance": "opposing"}),
    ("assertions", "x1", {"of": "hungry", "source": "paper", "chain": ["press", "ann"]}),
]


class SmallMap:
    """Its id, and reads and writes as another client would make them."""

    def __init__(self, client: httpx2.Client, name: str) -> None:
        self.id = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
        self._client = client
        self._said(self._client.post("/v1/maps", json={"id": self.id, "title": f"Small map of {self.id}"}))
        self.make(*NODES)

    def make(self, *nodes: tuple[str, str, dict[str, Any]]) -> None:
        """Create nodes as one change."""
        operations = [{"op": "create", "kind": kind, "id": id, "value": value} for kind, id, value in nodes]
        self._said(self._client.post(f"/v1/maps/{self.id}/batch", json={"operations": operations}))

    def change(self, kind: str, id: str, **values: Any) -> None:
        """Change a node as someone else would."""
        self._said(self._client.patch(f"/v1/maps/{self.id}/{kind}/{id}", json=values))

    def delete(self, kind: str, id: str) -> None:
        """Delete a node as someone else would."""
        self._said(self._client.delete(f"/v1/maps/{self.id}/{kind}/{id}?cascade=true"))

    def merge(self, keep: str, drop: str) -> None:
        """Merge two nodes as someone else would."""
        self._said(self._client.post(f"/v1/maps/{self.id}/merges", json={"keep": keep, "drop": drop}))

    def attach(self, source: str, text: str) -> None:
        """Attach the text of a source."""
        headers = {"Content-Type": "text/plain"}
        self._said(
            self._client.put(f"/v1/maps/{self.id}/sources/{source}/text", content=text.encode(), headers=headers)
        )

    def detach(self, source: str) -> None:
        """Take the text of a source away."""
        self._said(self._client.delete(f"/v1/maps/{self.id}/sources/{source}/text"))

    def propose(self, title: str, *operations: dict[str, Any]) -> str:
        """Propose edits as someone else would; the draft's id."""
        body = {"title": title, "operations": operations}
        return str(self._said(self._client.post(f"/v1/maps/{self.id}/drafts", json=body))["id"])

    def read(self, path: str) -> Any:
        """What the service holds now."""
        return self._said(self._client.get(f"/v1/maps/{self.id}/{path}"))

    def remove(self) -> None:
        """Leave nothing behind; a test may have deleted the map itself."""
        answer = self._client.delete(f"/v1/maps/{self.id}")
        assert answer.is_success or answer.status_code == 404, answer.text

    @property
    def head(self) -> Any:
        """The map without its nodes, as it is now."""
        return self._said(self._client.get(f"/v1/maps/{self.id}"))

    @staticmethod
    def _said(answer: httpx2.Response) -> Any:
        assert answer.is_success, answer.text
        return answer.json()
