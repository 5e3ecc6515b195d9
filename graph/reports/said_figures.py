"""The figures of statements: who gives which, where they agree and where they differ."""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence

from graph.reports.attribution import by_name, sources_of
from graph.reports.figures import amount_of, comparable, figure, same_figure
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, Told, at_most, first_of, named, plain, say, together
from schemas.actor import Actor
from schemas.assertion import Assertion
from schemas.quantity import Quantity

_SHOWN = 8
_NOT_GIVEN = re.compile(r": no (minimum|maximum) given")
_TRIED = 50
"""Figures of one statement that are compared each with each."""
_IN_ONE = 3
"""So many figures stand in one sentence."""


def figures(reading: Reading, statements: Iterable[str], *, titled: bool = True) -> Iterator[Told]:
    """Sentences on each of these statements that some place gives a figure for; nothing is added up.

    `titled` tells of which statement a figure is.
    """
    told = ((statement, by_figure(reading.places(statement))) for statement in statements)
    found = [sentence for s, groups in told if groups for sentence in _figures_of(reading, s, groups, titled)]
    yield from at_most(found, reading.most(_SHOWN), "{} more figures are given")


def differing(reading: Reading, statements: Iterable[str]) -> list[str]:
    """Those of the statements whose places give figures that can be compared and are not the same."""
    return [s for s in statements if differ(by_figure(reading.places(s)))]


def giver(reading: Reading, place: Assertion) -> Phrase:
    """Who gives a figure through whom: "The Korea Herald citing Wi Sung-lac, who relays North Korea"."""
    chain = [actor for actor in place.chain if reading.has(actor)]
    ids = [place.id, *sources_of(reading, place)]
    if len(chain) < 2:
        return (by_name(reading, place) if chain else reading.source(place.source)).on(*ids)
    phrase = reading.actor(chain[0])
    for position, actor in enumerate(chain[1:]):
        node = reading.node(chain[position])
        person = isinstance(node, Actor) and node.actor_kind in ("person", "group")
        template = "{} citing {}" if position == 0 else f"{{}}, {'who' if person else 'which'} relays {{}}"
        phrase = say(template, phrase, reading.actor(actor))
    return phrase.on(*ids)


def given(reading: Reading, group: Sequence[Assertion]) -> Phrase:
    """Who gives one figure, and what it is."""
    does = "gives {}" if len(_givers(reading, group)) == 1 else "give {}"
    if len(_givers(reading, group)) > 1 and _is_vague(group):
        does = "say the same, {}"
    elif len(_givers(reading, group)) > 1:
        does = "give the same figure, {}"
    what = say(does, named(_said(group[0].quantities)))
    return say("{} {}", together(_givers(reading, group)), what).on(group[0].of)


def given_in_brief(reading: Reading, group: Sequence[Assertion]) -> Phrase:
    """One figure with who is committed to it: "Wi Sung-lac 600,000 to 700,000 t (rice)"."""
    ids = [i for place in group for i in (place.id, *sources_of(reading, place))]
    named_by = [reading.speaker(place) for place in group]
    names = {a: reading.actor(a) for a in named_by if a is not None} or {"": reading.source(group[0].source)}
    what = named(_NOT_GIVEN.sub("", _said(group[0].quantities)), group[0].of, *ids)
    return say("{} {}", first_of(list(names.values()), 2, "speaker"), what)


def by_figure(places: Iterable[Assertion]) -> list[list[Assertion]]:
    """The places that give figures, those that give the same ones together."""
    groups: list[list[Assertion]] = []
    alike: dict[Hashable, list[list[Assertion]]] = {}
    for place in places:
        if place.quantities:
            near = alike.setdefault(tuple(map(amount_of, place.quantities)), [])
            same = next((g for g in near[:_TRIED] if _same(g[0].quantities, place.quantities)), None)
            if same is None:
                near.append([place])
                groups.append(near[-1])
            else:
                same.append(place)
    return groups


def differ(groups: Sequence[Sequence[Assertion]]) -> bool:
    """Whether some of the figures can be compared and are not the same."""
    return any(
        comparable(one, other) and not same_figure(one, other)
        for i, first in enumerate(groups[:_TRIED])
        for second in groups[i + 1 : _TRIED]
        for one in first[0].quantities
        for other in second[0].quantities
    )


def _figures_of(
    reading: Reading, statement: str, groups: Sequence[Sequence[Assertion]], titled: bool
) -> Iterator[Told]:
    clauses = [given(reading, group) for group in groups]
    opening = "The figures differ: " if differ(groups) else ""
    name = say("{}: ", reading.mention(statement)) if titled else plain("")
    if len(clauses) > _IN_ONE:
        head = say("{}{}", name, "the figures differ" if opening else "there are several figures")
        yield from (head, *clauses)
        return
    head = say("{}{}", name, opening[:1].lower() + opening[1:] if titled else opening)
    yield [say("{}{}", head, clauses[0]), *(say("; {}", clause) for clause in clauses[1:])]


def _is_vague(group: Sequence[Assertion]) -> bool:
    return any(quantity.vague is not None for quantity in group[0].quantities)


def _givers(reading: Reading, group: Sequence[Assertion]) -> list[Phrase]:
    found: dict[tuple[str, ...], Phrase] = {}
    for place in group:
        phrase = giver(reading, place)
        key = place.chain or (place.source,)
        known = found.get(key)
        found[key] = phrase if known is None else known.on(*phrase.ids)
    return [say("{},", p) if "," in p.text and not p.text.endswith(",") else p for p in found.values()]


def _said(quantities: Iterable[Quantity]) -> str:
    return " and ".join(figure(quantity) for quantity in quantities)


def _same(one: Sequence[Quantity], other: Sequence[Quantity]) -> bool:
    return len(one) == len(other) and all(same_figure(a, b) for a, b in zip(one, other, strict=True))
