"""What a write did, as every write's answer tells it."""

from typing import Any

from graph.editing.planning import Plan
from graph.snapshot.argument_graph import ArgumentGraph


def written(plan: Plan) -> dict[str, Any]:
    """The revision that it made, the ids of what was made, changed, deleted and left alone, and what to know of it."""
    return {
        "revision": plan.graph.revision,
        "created": plan.created,
        "updated": plan.updated,
        "deleted": plan.deleted,
        "orphaned": list(plan.orphaned),
        "notes": list(plan.notes),
    }


def nothing_written(graph: ArgumentGraph) -> dict[str, Any]:
    """The same of a write that left the map as it is."""
    return {"revision": graph.revision, "created": [], "updated": [], "deleted": [], "orphaned": [], "notes": []}
