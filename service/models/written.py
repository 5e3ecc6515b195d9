"""What a write did, as every write's answer tells it."""

from typing import Any

from graph.editing.planning import Plan


def written(plan: Plan) -> dict[str, Any]:
    """The revision that it made, and the ids of what was made, changed and deleted."""
    return {
        "revision": plan.graph.revision,
        "created": plan.created,
        "updated": plan.updated,
        "deleted": plan.deleted,
    }
