"""What falls with a node: all that is void without it, and the fields from which it has to be taken out."""

from dataclasses import dataclass, field

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import REFERENCES_OF, RELATIONS_TO, VITAL, Number, Reference
from schemas.vocabulary import KINDS


@dataclass
class Falling:
    """The nodes that a delete takes along, by number, in the order in which they are found."""

    nodes: dict[Number, None] = field(default_factory=dict)
    loosened: dict[Number, dict[Reference, None]] = field(default_factory=dict)
    """Nodes that stay, with the references of theirs that name one that goes."""
    links: int = 0
    """References that were looked at."""


def falling_with(graph: ArgumentGraph, node_id: str, most: int | None = None) -> Falling:
    """Follow the references to a node, and to what is void without it; O(nodes that go + references to them).

    Given `most`, the search ends once it has looked at so many references: enough to know that it is a large one.
    """
    start = graph.number(node_id)
    found = Falling({start: None})
    waiting = [start]
    while waiting and (most is None or found.links < most):
        going = waiting.pop()
        for relation in RELATIONS_TO[KINDS[graph.kind(going)]]:
            for holder in graph.referrers(relation, going):
                found.links += 1
                if relation in VITAL:
                    if holder not in found.nodes:
                        found.nodes[holder] = None
                        waiting.append(holder)
                else:
                    for reference in REFERENCES_OF[KINDS[graph.kind(holder)]]:
                        if reference.relation == relation:
                            found.loosened.setdefault(holder, {})[reference] = None
    for holder in found.nodes:
        found.loosened.pop(holder, None)
    return found
