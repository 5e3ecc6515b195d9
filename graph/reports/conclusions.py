"""What a map is about: the conclusions that its arguments end in, those first that its question asks about."""

from collections.abc import Sequence

from graph.reports.reading import Reading
from graph.search.folding import folded
from graph.snapshot.columns import KIND_CODE
from schemas.statement import Statement

_STEM = 5
"""Letters by which two forms of a word are told to be one."""
_ASKED = 0.5
"""The share of a question's words from which a text answers it."""
_SMALL = frozenset(
    {"the", "and", "does", "did", "for", "was", "were", "has", "have", "had", "are", "that", "this", "with", "what"}
    | {"why", "how", "who", "which", "when", "its", "from", "into", "than", "should", "would", "will", "can", "could"}
)
_CODES = (KIND_CODE["statement"], KIND_CODE["motive"])


def conclusions(reading: Reading) -> list[str]:
    """What the map argues for in the end, what its question asks about first; O(nodes + texts).

    Nodes that something bears on and that bear on nothing themselves, or, where each leads on to another, all that
    something bears on. Conclusions that the analyst constructed come first, then those whose words are the question's,
    then those with most arguments.
    """
    graph = reading.graph
    argued = [n for n in graph.numbers() if graph.kind(n) in _CODES and graph.incoming(n)]
    ends = {n for n in argued if not graph.outgoing(n)}
    asked = _stems(graph.header.question)
    made = {n.id for n in reading.all("statement", Statement) if n.origin == "constructed"}

    def key(number: int) -> tuple[bool, bool, bool, float, int, str]:
        node_id = graph.id(number)
        share = _share(asked, reading.text(node_id))
        return (
            node_id not in made, share < _ASKED, number not in ends, -share, -len(graph.incoming(number)), node_id
        )  # fmt: skip

    chosen = [n for n in argued if n in ends or not ends or graph.id(n) in made or _asks(reading, asked, graph.id(n))]
    return [graph.id(n) for n in sorted(chosen, key=key)]


def main_conclusions(reading: Reading, most: int) -> list[str]:
    """The conclusions to tell about: the constructed ones that lead no further, else the first of all."""
    found = conclusions(reading)
    graph = reading.graph
    made = [i for i in found if reading.constructed(i) and not graph.outgoing(graph.number(i))]
    asked = _stems(graph.header.question)
    pointed = [i for i in found if _share(asked, reading.text(i)) >= _ASKED]
    return (made or pointed[:1] or [i for i in found if reading.constructed(i)] or found)[:most]


def asked_about(reading: Reading, statements: Sequence[str]) -> str | None:
    """Of statements the one whose words are most the question's; None where none has any."""
    asked = _stems(reading.graph.header.question)
    scored = [(-_share(asked, reading.text(s)), s) for s in statements]
    best = min(scored, default=(0.0, ""))
    return best[1] if best[0] < 0 else None


def _asks(reading: Reading, asked: frozenset[str], node_id: str) -> bool:
    return bool(asked) and _share(asked, reading.text(node_id)) >= _ASKED


def _stems(text: str) -> frozenset[str]:
    words = folded(text).split()
    return frozenset(word[:_STEM] for word in words if len(word) > 2 and word not in _SMALL)


def _share(asked: frozenset[str], text: str) -> float:
    return len(asked & _stems(text)) / len(asked) if asked else 0.0
