"""Small maps for tests of evaluation, and the labels they should have without weights, by brute force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Literal

from graph.snapshot.argument_graph import ArgumentGraph
from schemas.map import MapHeader
from schemas.node import Actor, AnyNode, Argument, Motive, Statement

HEADER = MapHeader(
    id="m", title="M", revision=1, created_at="2024-11-03T00:00:00Z", created_by="a",
    updated_at="2024-11-03T00:00:00Z", updated_by="a",
)  # fmt: skip
Step = tuple[str, Iterable[str], str, str]
"""Id, premises, target, and + for supporting or - for opposing."""


def statement(
    node_id: str, credence: float | None = None, origin: Literal["attributed", "author", "constructed"] = "author"
) -> Statement:
    return Statement(id=node_id, text=node_id, credence=credence, origin=origin)


def argument(node_id: str, premises: Iterable[str], target: str, sign: str, credence: float | None = 1.0) -> Argument:
    stance: Literal["supporting", "opposing"] = "supporting" if sign == "+" else "opposing"
    return Argument(id=node_id, premises=tuple(premises), target=target, stance=stance, credence=credence)


def motive(node_id: str, credence: float | None = None) -> Motive:
    return Motive(id=node_id, name=node_id, category="other", text=node_id, actor="who", credence=credence)


def nodes(asserted: Iterable[str], constructed: Iterable[str] = (), steps: Iterable[Step] = ()) -> list[AnyNode]:
    found: list[AnyNode] = [statement(s) for s in asserted]
    found += [statement(s, origin="constructed") for s in constructed]
    found += [argument(*step) for step in steps]
    return found


def graph(asserted: Iterable[str], constructed: Iterable[str] = (), steps: Iterable[Step] = ()) -> ArgumentGraph:
    return ArgumentGraph.of(HEADER, nodes(asserted, constructed, steps))


def framework(
    arguments: Iterable[str], attacks: Iterable[tuple[str, str]], supports: Iterable[tuple[str, str]] = ()
) -> ArgumentGraph:
    """Dung's framework, or a bipolar one: every statement asserted, one premise in each step."""
    steps = [(f"att-{i}", [a], b, "-") for i, (a, b) in enumerate(attacks)]
    steps += [(f"sup-{i}", [a], b, "+") for i, (a, b) in enumerate(supports)]
    return graph(arguments, (), steps)


def actor() -> Actor:
    return Actor(id="who", name="Who", actor_kind="group")


# --- brute force for the reading `grounds` -------------------------------------------------

Labels = dict[str, int]


def fulfils(g: ArgumentGraph, labels: Labels) -> bool:
    return all(expected(g, labels, n) == labels[n] for n in labels)


def expected(g: ArgumentGraph, labels: Labels, node_id: str) -> int:
    node = g.node(node_id)
    number = g.number(node_id)
    incoming = [(g.sign(a), labels[g.id(a)]) for a in g.incoming(number)]
    against = [label for sign, label in incoming if sign < 0]
    support = [label for sign, label in incoming if sign > 0]
    if isinstance(node, Argument):
        premises = [labels[p] for p in node.premises]
        if any(p < 0 for p in premises) or any(a > 0 for a in against):
            return -1
        return int(all(p > 0 for p in premises) and all(a < 0 for a in against))
    asserted = isinstance(node, Statement) and node.origin != "constructed"
    has_ground = asserted or any(s > 0 for s in support)
    lost = not asserted and all(s < 0 for s in support)
    if any(a > 0 for a in against) or lost:
        return -1
    return int(has_ground and all(a < 0 for a in against))


def all_complete(g: ArgumentGraph) -> Iterator[Labels]:
    """Every complete labelling: any labels of the statements, with the arguments' labels that follow from them."""
    names = [n.id for n in g.nodes() if isinstance(n, Statement | Motive)]
    undercut = [n.id for n in g.nodes("argument") if any(g.sign(a) < 0 for a in g.incoming(g.number(n.id)))]
    plain = [n.id for n in g.nodes("argument") if n.id not in undercut]
    free = names + undercut
    for values in product((1, 0, -1), repeat=len(free)):
        labels = dict(zip(free, values, strict=True))
        labels.update({a: min(labels[p] for p in g.node(a).premises) for a in plain})  # type: ignore[union-attr]
        if fulfils(g, labels):
            yield labels


def below(a: Labels, b: Labels) -> bool:
    return all(not label or b[n] == label for n, label in a.items())


def by_brute_force(g: ArgumentGraph, semantics: str) -> list[Labels]:
    return those_of(semantics, list(all_complete(g)))


def those_of(semantics: str, found: list[Labels]) -> list[Labels]:
    """The labellings of a semantics among all complete ones."""
    least = [a for a in found if all(below(a, b) for b in found)]
    match semantics:
        case "grounded":
            return least
        case "complete":
            return found
        case "preferred":
            return [a for a in found if not any(below(a, b) and a != b for b in found)]
        case "stable":
            return [a for a in found if 0 not in a.values()]
        case "semi-stable":
            gaps = [{n for n, label in a.items() if not label} for a in found]
            return [a for a, gap in zip(found, gaps, strict=True) if not any(other < gap for other in gaps)]
        case "ideal":
            top = those_of("preferred", found)
            under = [a for a in found if all(below(a, b) for b in top)]
            return [a for a in under if all(below(b, a) for b in under)]
    raise ValueError(semantics)


def accepted_sets(g: ArgumentGraph, found: Iterable[Labels]) -> set[tuple[str, ...]]:
    def kind(n: str) -> str:
        return g.node(n).kind

    return {tuple(sorted(n for n, label in a.items() if label > 0 and kind(n) != "argument")) for a in found}
