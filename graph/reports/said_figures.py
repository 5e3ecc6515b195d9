"""The figures of statements: who gives which, where they agree and where they differ."""

from collections.abc import Iterable, Iterator, Sequence

from graph.reports.figures import comparable, figure, same_figure
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, at_most, say, together
from schemas.actor import Actor
from schemas.assertion import Assertion
from schemas.quantity import Quantity

_SHOWN = 30


def figures(reading: Reading, statements: Iterable[str]) -> Iterator[Phrase]:
    """A phrase for each of these statements that some place gives a figure for; nothing is added up."""
    told = ((statement, _by_figure(reading.places(statement))) for statement in statements)
    phrases = (_figures_of(reading, statement, groups) for statement, groups in told if groups)
    yield from at_most(phrases, _SHOWN, "Figures are given for {} more statements")


def differing(reading: Reading, statements: Iterable[str]) -> list[str]:
    """Those of the statements whose places give figures that can be compared and are not the same."""
    return [s for s in statements if _differ(_by_figure(reading.places(s)))]


def giver(reading: Reading, place: Assertion) -> Phrase:
    """Who gives a figure through whom: "The Korea Herald citing Wi Sung-lac, who relays North Korea"."""
    chain = [actor for actor in place.chain if reading.has(actor)]
    ids = [place.id, *(s for s in (place.source, place.cited_source) if s is not None and reading.has(s))]
    if not chain:
        return reading.source(place.source).on(*ids)
    phrase = reading.actor(chain[0])
    for position, actor in enumerate(chain[1:]):
        node = reading.node(chain[position])
        person = isinstance(node, Actor) and node.actor_kind in ("person", "group")
        template = "{} citing {}" if position == 0 else f"{{}}, {'who' if person else 'which'} relays {{}}"
        phrase = say(template, phrase, reading.actor(actor))
    return phrase.on(*ids)


def _figures_of(reading: Reading, statement: str, groups: Sequence[Sequence[Assertion]]) -> Phrase:
    said = reading.mention(statement)
    texts = [list(dict.fromkeys(_said(place.quantities) for place in group)) for group in groups]
    if len(groups) == 1 and len(texts[0]) == 1:
        vague = any(quantity.vague is not None for quantity in groups[0][0].quantities)
        verb = "gives" if len(groups[0]) == 1 else "say the same," if vague else "give the same figure,"
        return say("For {} {} {} {}", said, _givers(reading, groups[0]), verb, texts[0][0])
    each = [_giving(reading, group, text) for group, found in zip(groups, texts, strict=True) for text in found]
    word = "agree" if len(groups) == 1 else "differ" if _differ(groups) else "are of several things"
    return say("The figures for {} {}, as {}", said, word, together(each, "; "))


def _giving(reading: Reading, group: Sequence[Assertion], text: str) -> Phrase:
    """Those of a group who give a figure in the same words, and what they give."""
    same = [place for place in group if _said(place.quantities) == text]
    return say("{} {} {}", _givers(reading, same), "gives" if len(same) == 1 else "give", text)


def _givers(reading: Reading, group: Sequence[Assertion]) -> Phrase:
    named: dict[str, Phrase] = {}
    for place in group:
        phrase = giver(reading, place)
        named[phrase.text] = named.get(phrase.text, Phrase(phrase.text)).on(*phrase.ids)
    return together([say("{},", p) if "," in p.text else p for p in named.values()])


def _said(quantities: Iterable[Quantity]) -> str:
    return " and ".join(figure(quantity) for quantity in quantities)


def _by_figure(places: Iterable[Assertion]) -> list[list[Assertion]]:
    """The places that give figures, those that give the same ones together."""
    groups: list[list[Assertion]] = []
    for place in places:
        if place.quantities:
            same = next((g for g in groups if _same(g[0].quantities, place.quantities)), None)
            if same is None:
                groups.append([place])
            else:
                same.append(place)
    return groups


def _same(one: Sequence[Quantity], other: Sequence[Quantity]) -> bool:
    return len(one) == len(other) and all(same_figure(a, b) for a, b in zip(one, other, strict=True))


def _differ(groups: Sequence[Sequence[Assertion]]) -> bool:
    return any(
        comparable(one, other) and not same_figure(one, other)
        for i, first in enumerate(groups)
        for second in groups[i + 1 :]
        for one in first[0].quantities
        for other in second[0].quantities
    )
