"""The figures of statements: who gives which, in words, with their bounds, and where they agree and differ.

Physical units are compared by pint, currencies by ISO 4217; what neither knows, such as shells, is itself alone.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from typing import Any, NamedTuple

from iso4217 import Currency

from graph.reports.attribution import by_name, sources_of
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, Told, at_most, first_of, named, plain, say, together
from graph.reports.words import colon
from graph.search.words import folded
from schemas.node import FIGURES, Actor, Assertion, Quantity

_SHOWN = 8
_KEY = b'"quantities"'
_NOT_GIVEN = re.compile(r": no (minimum|maximum) given")
_TRIED = 50
"""Figures of one statement that are compared each with each."""
_IN_ONE = 3
"""So many figures stand in one sentence."""


def figures(reading: Reading, statements: Iterable[str], *, titled: bool = True) -> Iterator[Told]:
    """Sentences on each of these statements that some place gives a figure for; nothing is added up.

    `titled` tells of which statement a figure is.
    """
    told = ((s, by_figure(reading.places(s))) for s in with_figures(reading, statements))
    found = [sentence for s, groups in told if groups for sentence in _figures_of(reading, s, groups, titled)]
    yield from at_most(found, reading.most(_SHOWN), "{} more figures are given")


def differing(reading: Reading, statements: Iterable[str]) -> list[str]:
    """Those of the statements whose places give figures that can be compared and are not the same."""
    return [s for s in with_figures(reading, statements, of_several=True) if differ(by_figure(reading.places(s)))]


def with_figures(reading: Reading, statements: Iterable[str], *, of_several: bool = False) -> list[str]:
    """Those of the statements of which some place may give a figure; told from what is stored, without reading it.

    `of_several` leaves out those that have one place only.
    """
    graph, asked = reading.graph, list(statements)
    places, of, widths = reading.every.held(map(graph.number, asked))
    if of_several:
        places, of = places[widths[of] > 1], of[widths[of] > 1]
    stored = zip(of.tolist(), map(graph.stored, places.tolist()), strict=True)
    return [asked[n] for n in dict.fromkeys(n for n, document in stored if _KEY in document)]


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


def given(reading: Reading, group: Sequence[Assertion], *, bare: bool = False) -> Phrase:
    """Who gives one figure, and what it is, or `bare` without its unit."""
    does = "gives {}" if len(_givers(reading, group)) == 1 else "give {}"
    if len(_givers(reading, group)) > 1 and _is_vague(group):
        does = "say the same, {}"
    elif len(_givers(reading, group)) > 1:
        does = "give the same figure, {}"
    what = say(does, named(_said(group[0].quantities, bare=bare)))
    return say("{} {}", together(_givers(reading, group)), what).on(group[0].of)


def counted_alike(groups: Sequence[Sequence[Assertion]]) -> str | None:
    """What all these figures count, in which unit: "persons, soldiers"; None where they do not count one thing."""
    found = {(q.unit, q.of, q.per) for group in groups for q in group[0].quantities}
    unit, of, per = next(iter(found)) if len(found) == 1 else (None, None, None)
    if not of or not unit or per is not None or len(groups) < 2 or _REMARK.search(of):
        return None
    return of if unit in ("share", "persons") else f"{unit}, {of}"


def given_in_brief(reading: Reading, group: Sequence[Assertion], *, bare: bool = False, again: bool = False) -> Phrase:
    """One figure with who is committed to it: "Wi Sung-lac 600,000 to 700,000 t (rice)", or `bare` without its unit.

    Where they are told already (`again`), through whom it comes is told too.
    """
    ids = [i for place in group for i in (place.id, *sources_of(reading, place))]
    named_by = [reading.speaker(place) for place in group]
    names = {a: reading.actor(a) for a in named_by if a is not None} or {"": reading.source(group[0].source)}
    told = _NOT_GIVEN.sub("", _said(group[0].quantities, bare=bare)).replace("a share of ", "")
    what = named(told, group[0].of, *ids)
    if again:
        return say("{} {}", giver(reading, group[0]), what)
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
    alike = counted_alike(groups)
    clauses = [given(reading, group, bare=alike is not None) for group in groups]
    about = f" ({alike})" if alike else ""
    opening = f"The figures differ{about}: " if differ(groups) else ""
    name = say("{}{} ", reading.mention(statement), colon(reading.text(statement))) if titled else plain("")
    head = say("{}{}", name, opening[:1].lower() + opening[1:] if titled else opening)
    in_one = [say("{}{}", head, clauses[0]), *(say("; {}", clause) for clause in clauses[1:])]
    if len(clauses) > _IN_ONE or (len(clauses) > 1 and not reading.writer.is_whole(in_one)):
        several = "the figures differ" if opening else "there are several figures"
        head = say("{}{}{}", name, several, about).on(statement)
        yield from (head, *clauses)
        return
    yield in_one


def _is_vague(group: Sequence[Assertion]) -> bool:
    return any(quantity.vague is not None for quantity in group[0].quantities)


def _givers(reading: Reading, group: Sequence[Assertion]) -> list[Phrase]:
    found: dict[tuple[str, ...], Phrase] = {}
    ids: dict[tuple[str, ...], list[str]] = {}
    for place in group:
        phrase = giver(reading, place)
        key = place.chain or (place.source,)
        found.setdefault(key, phrase)
        ids.setdefault(key, []).extend(phrase.ids)
    named_by = [phrase._replace(ids=tuple(dict.fromkeys(ids[key]))) for key, phrase in found.items()]
    return [say("{},", p) if "," in p.text and not p.text.endswith(",") else p for p in named_by]


def _said(quantities: Iterable[Quantity], *, bare: bool = False) -> str:
    return " and ".join(figure(quantity, bare=bare) for quantity in quantities)


def _same(one: Sequence[Quantity], other: Sequence[Quantity]) -> bool:
    return len(one) == len(other) and all(same_figure(a, b) for a, b in zip(one, other, strict=True))


# --- a quantity in words --------------------------------------------------------------------------

_REMARK = re.compile(r"\([^()]*\)")
_FRACTIONS = {
    Decimal(1) / 2: "half", Decimal(1) / 3: "one third", Decimal(2) / 3: "two thirds",
    Decimal(1) / 4: "one quarter", Decimal(3) / 4: "three quarters",
}  # fmt: skip
_NEAR = Decimal("1e-9")
"""Thirds are written with some of their digits only."""


def figure(quantity: Quantity, *, bare: bool = False) -> str:
    """The quantity as it was said: bounds as bounds, and a bound that is not given named as not given.

    What it counts, in which unit, is left out of a `bare` one.
    """
    if bare:
        return f"{_amount(quantity)}{_not_given(quantity)}"
    if quantity.vague is not None:
        return f"“{quantity.vague}”{_counted(quantity)}: no figure given"
    per = f" per {quantity.per}" if quantity.per else ""
    implied = ", where the rate is implied and not stated" if per and quantity.per_basis == "implied" else ""
    share = "a share of " if quantity.unit == "share" else ""
    return f"{share}{_amount(quantity)}{_unit(quantity)}{per}{_of(quantity)}{implied}{_not_given(quantity)}"


def same_figure(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same amount of the same thing, at the same rate, in whatever units."""
    return comparable(one, other) and _bare(one) == _bare(other)


def amount_of(quantity: Quantity) -> tuple[object, ...]:
    """What two quantities have in common that say the same amount, whatever they count."""
    one = quantity
    return (one.value, one.min, one.max, one.min_inclusive, one.max_inclusive, one.unit, one.per, one.vague)


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are in units that measure the same, and of one thing, so that they may agree or differ."""
    alike = measure_of(one.unit).kind == measure_of(other.unit).kind
    return alike and _same_thing(one, other) and _same_rate(one, other)


def _same_rate(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are counted per the same, as far as they say."""
    return one.per is None or other.per is None or measure_of(one.per).kind == measure_of(other.per).kind


def _same_thing(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities count the same, as far as they say; what stands in brackets is a remark on it."""
    return one.of is None or other.of is None or _thing(one.of) == _thing(other.of)


def _thing(of: str) -> str:
    return folded(_REMARK.sub("", of)) or folded(of)


def _bare(quantity: Quantity) -> Quantity:
    """A quantity in the units in which those like it are counted."""
    unit, per = quantity.unit, quantity.per
    figures = {name: getattr(quantity, name) for name in FIGURES}
    counted = {name: None if value is None else in_kind(value, unit, per) for name, value in figures.items()}
    kinds = {"unit": measure_of(unit).kind, "per": None if per is None else measure_of(per).kind}
    return quantity.model_copy(update={**counted, **kinds, "of": None, "per_basis": None})


def _amount(quantity: Quantity) -> str:
    bounds = _bounds(quantity)
    about = "about " if quantity.approximate else ""
    if quantity.value is None:
        return about + bounds if bounds else "no figure"
    return f"{about}{_number(quantity, quantity.value)}" + (f" ({bounds})" if bounds else "")


def _bounds(quantity: Quantity) -> str:
    least, most = quantity.min, quantity.max
    if least is not None and most is not None:
        if quantity.min_inclusive is not False and quantity.max_inclusive is not False:
            ends = _number(quantity, least), _number(quantity, most)
            if sum(end.endswith("%") for end in ends) == 1:  # a quarter to 36% is no range that anybody reads
                ends = _percent(least), _percent(most)
            return f"{ends[0]} to {ends[1]}"
        return f"{_least(quantity, least)} and {_most(quantity, most)}"
    if least is not None:
        return _least(quantity, least)
    return _most(quantity, most) if most is not None else ""


def _least(quantity: Quantity, bound: Decimal) -> str:
    return ("more than " if quantity.min_inclusive is False else "at least ") + _number(quantity, bound)


def _most(quantity: Quantity, bound: Decimal) -> str:
    return ("less than " if quantity.max_inclusive is False else "up to ") + _number(quantity, bound)


def _not_given(quantity: Quantity) -> str:
    if quantity.value is not None or (quantity.min is None) == (quantity.max is None):
        return ""
    return ": no minimum given" if quantity.min is None else ": no maximum given"


def _unit(quantity: Quantity) -> str:
    if not quantity.unit or quantity.unit == "share":
        return ""
    is_one = quantity.value == 1 and quantity.min is None and quantity.max is None
    return f" {_singular(quantity.unit) if is_one else quantity.unit}"


def _singular(unit: str) -> str:
    """The unit of one, where it is a word in the plural: "1 satellite"; symbols and codes stay."""
    is_plural = unit.isalpha() and unit.islower() and len(unit) > _SYMBOL and unit.endswith("s")
    return unit if not is_plural or unit.endswith(("ss", "us", "is")) or unit in _BOTH_NUMBERS else unit[:-1]


_SYMBOL = 3
_BOTH_NUMBERS = frozenset({"series", "species", "lens", "headquarters", "means", "crossroads"})


def _counted(quantity: Quantity) -> str:
    """What an amount without a figure counts, in which unit."""
    unit = quantity.unit if quantity.unit not in ("share", "persons") else None
    parts = [part for part in (unit, quantity.of) if part]
    return f" ({', '.join(parts)})" if parts else ""


def _of(quantity: Quantity) -> str:
    """What is counted, in brackets, since it may be any text."""
    return f" ({quantity.of.replace(' (', ', ').replace(')', '')})" if quantity.of else ""


def _number(quantity: Quantity, value: Decimal) -> str:
    """The figure with all its digits and no more."""
    if quantity.unit == "share":
        near = next((words for part, words in _FRACTIONS.items() if abs(part - value) < _NEAR), None)
        return near or _percent(value)
    return f"{value:,f}"


def _percent(value: Decimal) -> str:
    return f"{_in_percent(value):,f}%"


def _in_percent(value: Decimal) -> Decimal:
    # Arithmetic of decimals rounds to 28 digits; moving the point does not.
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, int(exponent) + 2))


# --- units: which can be compared, and by what one is more ----------------------------------------

_PLAIN = re.compile(r"([^\W\d_]+|°[CF]|%)([23]?)(?:/([^\W\d_]+)([23]?))?")
"""A name, squared or cubed, by another: nothing that pint would calculate with."""
_LONGEST = 40
_AMBIGUOUS = re.compile(r"\w*(ton|pound|barrel|gallon|bushel|cup|point|count|turn|revolution|cycle|dozen|bit)s?", re.I)
"""Words that mean one thing to pint and may mean another in a text."""
_SHARE = {"share": Decimal(1), "percent": Decimal("0.01"), "%": Decimal("0.01"), "per cent": Decimal("0.01")}
_SIGNS = {"€": "EUR", "₩": "KRW", "₽": "RUB", "₴": "UAH", "₹": "INR"}
_DIGITS = 15
"""Figures that were turned into another unit are compared to so many digits."""


class Measure(NamedTuple):
    """What a unit measures: those of one kind can be compared."""

    kind: str
    factor: Decimal = Decimal(1)
    """So many of what the kind is counted in."""
    offset: Decimal = Decimal(0)
    """Where it begins to count, in what the kind is counted in."""


@lru_cache(maxsize=4096)
def measure_of(unit: str | None) -> Measure:
    """What a unit measures."""
    if unit is None:
        return Measure("")
    name = " ".join(unit.split())
    if (code := _currency(name)) is not None:
        return Measure(f"currency {code}")
    if (share := _SHARE.get(name.casefold())) is not None:
        return Measure("share", share)
    return _physical(name) or Measure(f"count {folded(name) or name}")


def in_kind(figure: Decimal, unit: str | None, per: str | None = None) -> Decimal:
    """A figure in what its kind is counted in, so that it can be compared with others of the kind and rate.

    One that is counted so anyway keeps all its digits.
    """
    measure, rate = measure_of(unit), measure_of(per).factor
    if measure == Measure(measure.kind) and rate == 1:
        return figure
    with localcontext() as context:
        context.prec = 2 * _DIGITS
        found = (figure * measure.factor + measure.offset) / rate
        context.prec = _DIGITS
        return +found


def _currency(name: str) -> str | None:
    if name in _SIGNS:
        return _SIGNS[name]
    return name if name in _codes() else _names().get(name.casefold().removesuffix("s"))


@cache
def _codes() -> frozenset[str]:
    return frozenset(currency.code for currency in Currency)


@cache
def _names() -> dict[str, str]:
    return {currency.currency_name.casefold(): currency.code for currency in Currency}


def _physical(name: str) -> Measure | None:
    found = _PLAIN.fullmatch(name) if len(name) <= _LONGEST else None
    if found is None or any(_AMBIGUOUS.fullmatch(part) for part in found.groups() if part):
        return None
    above, power, below, power_below = found.groups()
    words = f"{above}**{power or 1}" + (f" / {below}**{power_below or 1}" if below else "")
    for spelling in dict.fromkeys((words, words.casefold())):
        if (measure := _by_pint(spelling)) is not None:
            return measure
    return None


def _by_pint(words: str) -> Measure | None:
    registry = _registry()
    try:
        unit = registry.Unit(words)
        zero, one = (registry.Quantity(Decimal(n), unit).to_base_units() for n in (0, 1))
    except Exception:
        return None
    if not unit.dimensionality:
        return None
    return Measure(f"{one.units}", one.magnitude - zero.magnitude, zero.magnitude)


@cache
def _registry() -> Any:
    from pint import UnitRegistry  # noqa: PLC0415 - half a second, and hardly a map needs it

    return UnitRegistry(non_int_type=Decimal, cache_folder=None)
