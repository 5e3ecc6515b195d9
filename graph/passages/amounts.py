"""Figures in a passage: how much, of what, per what, within which bounds; by rules for English."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from graph.passages.sentences import Stretch
from schemas.node import Quantity

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "a dozen": 12, "a hundred": 100, "a thousand": 1000, "a million": 10**6,
    "a billion": 10**9,
}  # fmt: skip
_SHARES = {
    "half": Decimal("0.5"), "one-half": Decimal("0.5"), "a quarter": Decimal("0.25"), "one quarter": Decimal("0.25"),
    "one-quarter": Decimal("0.25"), "three quarters": Decimal("0.75"), "three-quarters": Decimal("0.75"),
    "a fifth": Decimal("0.2"), "one-fifth": Decimal("0.2"), "a tenth": Decimal("0.1"), "one-tenth": Decimal("0.1"),
    "a third": Decimal("0.3333333333333333"), "one-third": Decimal("0.3333333333333333"),
    "one third": Decimal("0.3333333333333333"), "two thirds": Decimal("0.6666666666666667"),
    "two-thirds": Decimal("0.6666666666666667"),
}  # fmt: skip
_TIMES = {"thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12, "tn": 12}
_CURRENCY = {
    "us$": "USD", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "u.s. dollars": "USD",
    "us dollars": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "pounds sterling": "GBP", "¥": "JPY", "yen": "JPY", "₩": "KRW", "won": "KRW", "ruble": "RUB", "rubles": "RUB",
    "rouble": "RUB", "roubles": "RUB", "₽": "RUB", "yuan": "CNY", "renminbi": "CNY", "hryvnia": "UAH",
    "rupees": "INR", "francs": "CHF",
}  # fmt: skip
_UNITS = {
    "ton": "t", "tons": "t", "tonne": "t", "tonnes": "t", "metric tons": "t", "metric tonnes": "t", "kg": "kg",
    "kilograms": "kg", "kilos": "kg", "grams": "g", "km": "km", "kilometres": "km", "kilometers": "km", "miles": "mi",
    "metres": "m", "meters": "m", "mm": "mm", "millimetres": "mm", "millimeters": "mm", "hectares": "ha",
    "acres": "acres", "litres": "l", "liters": "l", "barrels": "barrels", "megawatts": "MW", "mw": "MW",
    "gigawatts": "GW", "gw": "GW", "kilowatt-hours": "kWh", "kwh": "kWh", "°c": "°C", "degrees": "°",
}  # fmt: skip
_PEOPLE = (
    "soldiers|troops|people|persons|workers|men|women|children|officers|civilians|refugees|recruits|fighters|residents|"
    "employees|labou?rers|personnel|servicemen|conscripts|students|citizens|voters|patients|households|inhabitants|"
    "casualties|prisoners|migrants|members|victims|deaths|dead|injured|wounded"
)
_PLAIN = r"\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = rf"(?:{_PLAIN})(?:[\s\u00a0-]?(?:thousand|million|billion|trillion|bn|mn|tn|[km](?![\w])))?"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_SHARE = "|".join(sorted(_SHARES, key=len, reverse=True))
_SIGN = r"(?:US\$|[$€£¥₩₽]|USD\s|EUR\s|GBP\s)"
_ONE = rf"(?:{_SIGN}\s?)?(?:{_FIGURE}|(?:{_WORD})(?:\s(?:thousand|million|billion|trillion))?|{_SHARE})"
_MONEY = "|".join(sorted((re.escape(c) for c in _CURRENCY if c[0].isalpha()), key=len, reverse=True))
_UNIT = "|".join(sorted((re.escape(u) for u in _UNITS), key=len, reverse=True))
_LEAST = r"at least|no (?:less|fewer) than|not less than|a minimum of"
_MOST = r"up to|at most|no more than|not more than|a maximum of|as (?:much|many) as"
_ABOVE = r"(?:well |far |slightly )?(?:more than|over|above)|exceeding|in excess of|upwards? of|greater than"
_BELOW = r"less than|fewer than|under|below|nearly|almost"
_ABOUT = r"about|around|roughly|approximately|some|close to|an? estimated|estimated|circa|some\s+estimated"
_AMOUNT = re.compile(
    rf"(?<![\w.,$€£-])"
    rf"(?:(?P<bound>(?:{_LEAST})|(?:{_MOST})|(?:{_ABOVE})|(?:{_BELOW}))\s+)?(?:(?P<about>{_ABOUT})\s+)?"
    rf"(?:(?P<between>between|from)\s+)?"
    rf"(?P<first>{_ONE})(?:\s?(?P<join>to|and|or|-|–|—)\s?(?P<second>{_ONE}))?"
    rf"(?P<unit>\s?(?:%|percent\b|per\s?cent\b)|[\s-](?:(?:{_MONEY})|(?:{_UNIT}))\b)?"
    rf"(?P<more>\s+or\s+(?:more|less|fewer|so))?"
    rf"(?:(?P<gap>\s+(?:of\s+(?:the\s+|its\s+|their\s+)?)?)(?P<of>(?!of\b|in\b|to\b|and\b|or\b|the\b|a\b|an\b|per\b|on\b|"
    rf"as\b|at\b|for\b|from\b|that\b|this\b|is\b|was\b|were\b|are\b|by\b|with\b|each\b|every\b|if\b|but\b|would\b|"
    rf"will\b|has\b|have\b|had\b|annually\b|monthly\b|daily\b|yearly\b|who\b|which\b|when\b)"
    rf"(?:(?-i:[A-Z])[\w’'-]+\s+){{0,3}}[A-Za-z][\w’'-]*(?:\s+[a-z][\w-]*s\b)?))?"
    rf"(?P<per>(?:\s+(?:(?:a|an|per|each|every)\s+[a-z]+|annually|monthly|weekly|daily|yearly)){{1,2}})?"
    rf"(?![\w])",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?<![\w-])(?:(?P<words>(?:(?:many|several|some|a few)\s+)?"
    r"(?:tens|dozens|scores|hundreds|thousands|millions|billions)"
    r"(?:\s+of\s+(?:thousands|millions|billions))*(?:\s+more)?"
    r"|(?:just |only )?a few|several|a handful of|a couple of|dozens)\s+(?:of\s+)?)"
    r"(?P<of>[A-Za-z][\w’-]*(?:\s+[a-z][\w-]*s\b)?)",
    re.IGNORECASE,
)
_SPAN_OF_TIME = re.compile(r"^(?:days?|weeks?|months?|years?|hours?|minutes?|decades?)$", re.IGNORECASE)
_DATE_BEFORE = re.compile(
    r"(?:\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?,?|\b(?:in|since|of|by|until|for|from|before|"
    r"after|during|early|late|mid|No\.))\s+$"
)
_DATE_BEHIND = re.compile(
    r"^(?:st|nd|rd|th)?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|^:\d\d|^\s?[ap]\.?m\b"
)
_MONTH_BEFORE = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?\s+$")
_RATES = {"annually": "year", "annual": "year", "yearly": "year", "monthly": "month", "weekly": "week", "daily": "day"}
_RATE = re.compile(r"\b(annual|yearly|monthly|weekly|daily)\s+(?:[a-z]+\s+){1,2}of\s+$", re.IGNORECASE)
_SHARE_OF = re.compile(
    r"\s+of\s+(?:the\s+|its\s+|their\s+)?([^,.;:“”\"()]{1,60}?)"
    r"(?=\s+(?:is|are|was|were|that|which|who|would|will|has|have|had|in|by|for|from|to)\b|[,.;:“”\"()]|$)"
)
_NUMBER = re.compile(rf"(?P<plain>{_PLAIN})[\s\u00a0-]?(?P<times>[a-z]+)?$", re.IGNORECASE)


class Amount(NamedTuple):
    """A figure where the text has it."""

    quantity: Quantity
    start: int
    end: int


def amounts_of(text: str, within: Stretch) -> list[Amount]:
    """The figures of a part of a text, in their order.

    Years and days of the month are none, nor is a bare number of nothing.
    """
    found: list[Amount] = []
    for amount in (*_exact(text, within), *_vague(text, within)):
        here = Stretch(amount.start, amount.end)
        if not any(here.overlaps(Stretch(other.start, other.end)) for other in found):
            found.append(amount)
    return sorted(found, key=lambda one: one.start)


def _exact(text: str, within: Stretch) -> Iterator[Amount]:
    place = within.start
    while match := _AMOUNT.search(text, place, within.end):
        quantity = None if _is_date(text, match) else _quantity(match)
        if quantity is not None:
            yield Amount(quantity, match.start(), match.start() + len(_said(match, quantity)))
        place = match.end() if quantity is not None else max(match.end("first"), match.start() + 1)


def _said(match: re.Match[str], quantity: Quantity) -> str:
    """The words of the figure, without those behind it that say nothing of it."""
    counted = match["of"] is None or quantity.of is not None or str(quantity.unit) in match["of"]
    return (match[0] if counted else match.string[match.start() : match.start("gap")]).rstrip()


def _is_date(text: str, match: re.Match[str]) -> bool:
    first = match["first"]
    before = text[max(0, match.start() - 14) : match.start()]
    behind = text[match.end("first") : match.end("first") + 12]
    if _DATE_BEHIND.match(behind) or (first.isdigit() and len(first) <= 2 and _MONTH_BEFORE.search(before)):
        return True
    year = first.isdigit() and len(first) == 4 and first[:2] in ("18", "19", "20")
    return year and not match["unit"] and (not match["of"] or bool(_DATE_BEFORE.search(before)))


def _quantity(match: re.Match[str]) -> Quantity | None:
    low, high = _value(match["first"]), _value(match["second"]) if match["second"] else None
    unit, of = _unit_of(match)
    if low is None or unit is None:
        return None
    if high is not None and _is_bare(match["first"]) and (times := _times_of(match["second"])):
        low *= times  # "50 to 100 thousand"
    share = unit == "share" and match["unit"] is not None
    hundredth = Decimal(100) if share else Decimal(1)
    low, high = _plain(low / hundredth), None if high is None else _plain(high / hundredth)
    fields = _bounds(match, low, high)
    per = _per(match["per"]) or _rate_before(match)
    if per is not None:
        fields |= {"per": per, "per_basis": "stated"}
    return Quantity.model_validate({"unit": unit, **({} if of is None else {"of": of}), **fields})


def _bounds(match: re.Match[str], low: Decimal, high: Decimal | None) -> dict[str, Any]:
    about = {"approximate": True} if match["about"] else {}
    if high is not None and match["join"].lower() != "or" and low < high:
        return {"min": low, "max": high, "min_inclusive": True, "max_inclusive": True, **about}
    bound, more = (match["bound"] or "").lower(), (match["more"] or "").lower()
    if bound in ("nearly", "almost"):
        return {"value": low, "approximate": True}
    if (bound and re.fullmatch(_LEAST, bound)) or "more" in more:
        return {"min": low, "min_inclusive": True, **about}
    if (bound and re.fullmatch(_MOST, bound)) or "less" in more or "fewer" in more:
        return {"max": low, "max_inclusive": True, **about}
    if bound and re.fullmatch(_ABOVE, bound):
        return {"min": low, "min_inclusive": False, **about}
    if bound:
        return {"max": low, "max_inclusive": False, **about}
    return {"value": low, **({"approximate": True} if "so" in more else about)}


def _unit_of(match: re.Match[str]) -> tuple[str | None, str | None]:
    """The unit, and what is counted."""
    first, of = match["first"].lower(), _counted(match["of"])
    said = (match["unit"] or "").strip(" -").lower()
    sign = re.match(_SIGN, match["first"], re.IGNORECASE)
    if sign:
        return _CURRENCY[sign[0].strip().lower()], of if match["gap"] and "of" in match["gap"] else None
    if said in _CURRENCY:
        return _CURRENCY[said], of if match["gap"] and "of" in match["gap"] else None
    if said in ("%", "percent", "per cent") or first in _SHARES:
        whole = _SHARE_OF.match(match.string, match.end("unit") if match["unit"] else match.end("first"))
        return "share", whole[1] if whole and not whole[1].startswith("what ") else None
    if said in _UNITS:
        return _UNITS[said], of if match["gap"] and "of" in match["gap"] else None
    if of is None or "of" in (match["gap"] or ""):
        return None, None
    last = of.split()[-1]
    if re.fullmatch(_PEOPLE, last):
        return "persons", of
    return (last, None if last == of else of) if last.endswith("s") and last not in _NO_NOUNS else (None, None)


_NO_NOUNS = {"was", "is", "has", "does", "its", "this", "as", "us", "his", "hers", "ours", "less", "across", "besides"}


def _counted(of: str | None) -> str | None:
    if of is None:
        return None
    words = of.split()
    return " ".join(words[:1] if len(words) > 1 and words[0].endswith("s") else words)


def _per(said: str | None) -> str | None:
    if said is None:
        return None
    words = [_RATES.get(word, word) for word in said.lower().split() if word not in ("a", "an", "per", "each", "every")]
    return "-".join(words)


def _rate_before(match: re.Match[str]) -> str | None:
    """The rate that stands before the figure: "a monthly wage of around $2,000"."""
    before = _RATE.search(match.string, max(0, match.start() - 40), match.start())
    return None if before is None else _RATES[before[1].lower()]


def _value(said: str) -> Decimal | None:
    words = re.sub(rf"^{_SIGN}\s?", "", said.strip(), flags=re.IGNORECASE).lower()
    if words in _SHARES:
        return _SHARES[words]
    if words in _WORDS:
        return Decimal(_WORDS[words])
    head, _, tail = words.rpartition(" ")
    if head in _WORDS and tail in _TIMES:
        return Decimal(_WORDS[head]).scaleb(_TIMES[tail])
    match = _NUMBER.match(words)
    if match is None:
        return None
    plain = Decimal(re.sub(r"[,\u202f\u00a0]", "", match["plain"]))
    return plain.scaleb(_TIMES.get(match["times"] or "", 0))


def _plain(value: Decimal) -> Decimal:
    """The same number without an exponent."""
    return Decimal(format(value.normalize(), "f"))


def _is_bare(said: str) -> bool:
    return said.replace(",", "").replace(".", "").isdigit()


def _times_of(said: str) -> Decimal | None:
    match = _NUMBER.match(said.strip().lower())
    power = _TIMES.get(match["times"] or "") if match else None
    return None if power is None else Decimal(10) ** power


def _vague(text: str, within: Stretch) -> Iterator[Amount]:
    for match in _VAGUE.finditer(text, *within):
        of = _counted(match["of"]) or match["of"]
        last = of.split()[-1].lower()
        unit = "persons" if re.fullmatch(_PEOPLE, last) else _UNITS.get(last, last)
        if not last.endswith("s") and unit == last:
            continue
        said = {} if _SPAN_OF_TIME.match(of) or (of in (unit, last) and last in _UNITS) or unit == of else {"of": of}
        quantity = Quantity.model_validate({"vague": match["words"].strip(), "unit": unit, **said})
        yield Amount(quantity, match.start(), match.start("of") + len(of))
