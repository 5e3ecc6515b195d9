"""Nodes by id, as commands name them."""

from collections.abc import Collection, Mapping
from typing import Any, Self

from service.cli.api import Api
from service.cli.question import Question

_SAID = ("motives", "statements", "arguments")
EVERY = (*_SAID, "actors", "sources", "assertions")
"""The plurals of all kinds."""
_AT_ONCE = 200


class Nodes:
    """The nodes that an answer speaks of."""

    def __init__(self, found: Mapping[str, Mapping[str, Any]]) -> None:
        self._found = found

    @classmethod
    def of(cls, api: Api, base: str, asked: Question, ids: Collection[str], plurals: Collection[str] = _SAID) -> Self:
        """Ask for these nodes, in as few questions as the addresses allow."""
        found: dict[str, Mapping[str, Any]] = {}
        ordered = sorted(ids)
        for first in range(0, len(ordered), _AT_ONCE):
            part = [("id", node_id) for node_id in ordered[first : first + _AT_ONCE]]
            for plural in plurals:
                reply = api.get(f"{base}/{plural}", [*part, ("limit", "1000"), *asked.view])
                found.update({item["id"]: item for item in reply.value["items"]})
        return cls(found)

    def kind(self, node_id: str) -> str | None:
        """The kind of a node."""
        node = self._found.get(node_id)
        return node["kind"] if node is not None else None

    def ends(self) -> set[str]:
        """The premises and targets of the arguments among them."""
        steps = [node for node in self._found.values() if node["kind"] == "argument"]
        return {end for step in steps for end in (*step["premises"], step["target"])}

    def told(self, node_id: str) -> str:
        """A node by itself; an argument with what its premises and its target say."""
        node = self._found.get(node_id)
        if node is None or node["kind"] != "argument":
            return self.named(node_id)
        does = "supports" if node["stance"] == "supporting" else "opposes"
        premises = " with ".join(self.named(premise) for premise in node["premises"])
        return f"{node_id}: {premises} {does} {self.named(node['target'])}"

    def named(self, node_id: str) -> str:
        """A node with its id, as it stands in a sentence."""
        node = self._found.get(node_id)
        if node is None:
            return node_id
        if node["kind"] == "argument":
            return f"the step from {' with '.join(node['premises'])} to {node['target']} ({node_id})"
        if node["kind"] == "assertion":
            return f"what {node['source']} says of {node['of']} ({node_id})"
        if "text" not in node:
            return f"{node.get('name') or node.get('title')} ({node_id})"
        return f"“{' '.join(node['text'].split()).removesuffix('.')}” ({node_id})"
