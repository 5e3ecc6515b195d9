"""What a field is where its model does not say: fields that many answers share are told once, here."""

from typing import Any

_ABOUT = {
    "after": "Afterwards.",
    "before": "Before.",
    "category": "What kind of drive a motive is.",
    "cause": "Why it has its verdict.",
    "changed": "What is judged otherwise.",
    "complete": "Whether this is all there is; if not, `reason` says why.",
    "created_at": "When it was made.",
    "created_by": "Who made it.",
    "description": "What it is about, for readers.",
    "detail": "What is wrong, where, and what to do about it.",
    "directed": "Always true: links have a direction.",
    "gained": "What is there only afterwards.",
    "heading": "What the part is about.",
    "id": "Its id.",
    "items": "What was found, in a total order.",
    "kind": "Its kind.",
    "lost": "What is no longer there afterwards.",
    "map": "Id of the map.",
    "members": "Ids of what goes together.",
    "method": "How it is measured.",
    "motive": "Id of the motive.",
    "motives": "The motives in the order of their strengths.",
    "multigraph": "Always true: two nodes may have several links.",
    "nodes": "The nodes.",
    "note": "A remark of the map's author; it counts in no verdict.",
    "opposing": "How many oppose.",
    "over": "What may be taken out.",
    "question": "What the map is to answer.",
    "rank_after": "Its place among the motives afterwards, from 1.",
    "rank_before": "Its place among the motives before, from 1.",
    "reading": "What attack and support mean here.",
    "reason": "Why the answer is not complete; null where it is.",
    "revision": "Revision of the map that was asked.",
    "sections": "The parts in their order.",
    "sentences": "The sentences in their order.",
    "single": "What decides alone.",
    "source": "Id of the node that it begins at.",
    "status": "The HTTP status.",
    "strength": "Between 0 and 1.",
    "strength_after": "Its strength afterwards, between 0 and 1.",
    "strength_before": "Its strength before, between 0 and 1.",
    "supporting": "How many support.",
    "tags": "Words of the analyst's own to find it by.",
    "target": "Id of the node that is asked about.",
    "text": "The sentence.",
    "title": "What it is called.",
    "updated_at": "When it was last changed.",
    "updated_by": "Who changed it last.",
}


def say_what_fields_are(schemas: dict[str, Any]) -> None:
    """Describe, in place, each field of these schemas that is not described yet. O(fields)."""
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            if name in _ABOUT and "$ref" not in field:
                field.setdefault("description", _ABOUT[name])
