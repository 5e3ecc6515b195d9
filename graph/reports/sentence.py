"""Phrases that remember what they rest on, and the sentences of at most forty words that are made of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple
from unicodedata import bidirectional

from graph.reports.words import capital, clipped, count, number, one_line, words_in
from schemas.summary import Clause, Section, Sentence

MOST_WORDS = 40
"""Of a sentence."""
_ENDS = (".", "!", "?", "…", "?”", "!”", "…”", ".”")
PartKind = Literal["own", "text", "office", "name", "aside"]
LeftOut = PartKind | Literal["spare"]
"""Parts that a report leaves out, or clauses that may be."""
_TEXTS = (None, 30, 24, 20, 16, 14)
_BOTH = ((12, None), (10, None), (8, 8), (6, 6), (5, 5), (4, 4), (3, 4), (2, 4), (1, 4), (1, 3), (1, 2), (1, 1))
"""To how many words texts and names are cut, one after the other, until the sentence is short enough."""

_ISOLATE, _END = "\u2068", "\u2069"
"""Around a text whose own direction is none of its neighbours' affair (Unicode's first strong isolate)."""
_LEFTWARDS = frozenset({"R", "AL", "RLE", "RLO", "RLI"})
_ANY = 10**9
_ROOM = 6
"""Words of a text from which it says something."""


class PhrasePart(NamedTuple):
    """A stretch of words of a phrase."""

    text: str
    kind: PartKind = "own"
    """The report's own words; or a text of the map, which is cut where the sentence gets too long; or an office, which
    is then left out; or a name, which is cut last; or an aside, which a report may leave out."""


class Phrase(NamedTuple):
    """A piece of a sentence with the ids of the nodes and sources behind it, in the order of mention."""

    parts: tuple[PhrasePart, ...]
    ids: tuple[str, ...] = ()
    is_spare: bool = False
    """Whether the clause is left out, before anything else, where the sentence gets too long."""

    def on(self, *ids: str) -> "Phrase":
        """The phrase, resting on these too."""
        return self._replace(ids=(*self.ids, *ids))

    def spare(self) -> "Phrase":
        """The phrase as a clause that may be left out."""
        return self._replace(is_spare=True)

    def aside(self) -> "Phrase":
        """The phrase as an aside."""
        return self._replace(parts=tuple(part._replace(kind="aside") for part in self.parts))

    @property
    def text(self) -> str:
        """The words, uncut."""
        return "".join(_isolated(part, part.text) for part in self.parts)

    def cut(self, text: int | None, name: int | None, *, offices: bool = True) -> str:
        """The words, each text and name in them cut to a length."""
        to = {"text": text, "name": name, "office": None if offices else 0}
        return "".join(_isolated(part, _cut(part.text, to.get(part.kind))) for part in self.parts)


def _isolated(part: PhrasePart, text: str) -> str:
    """A text, name or office of the map between marks where it runs right to left.

    Without them what stands beside it, such as a bracket or a figure, would be shown on its wrong side, in a terminal
    as on a page.
    """
    if part.kind in ("own", "aside") or text.isascii() or not any(bidirectional(sign) in _LEFTWARDS for sign in text):
        return text
    return f"{_ISOLATE}{text}{_END}"


def _cut(text: str, most: int | None) -> str:
    return text if most is None else clipped(text, most) if most else ""


def plain(text: str, *ids: str) -> Phrase:
    """Words of the report's own."""
    return Phrase((PhrasePart(text),), ids)


def cuttable(text: str, *ids: str) -> Phrase:
    """A text of the map, which may be cut."""
    return Phrase((PhrasePart(text, "text"),), ids)


def named(text: str, *ids: str) -> Phrase:
    """A name of the map, which is cut last."""
    return Phrase((PhrasePart(text, "name"),), ids)


def say(template: str, *parts: Phrase | str | int) -> Phrase:
    """Fill the places `{}` of a template; the outcome rests on all that the parts rest on."""
    between = template.split("{}")
    found = [PhrasePart(between[0])]
    ids: list[str] = []
    for part, text in zip(parts, between[1:], strict=True):
        if isinstance(part, Phrase):
            found += part.parts
            ids += part.ids
        else:
            found.append(PhrasePart(str(part)))
        found.append(PhrasePart(text))
    return Phrase(tuple(part for part in found if part.text), tuple(ids))


def remarked(name: Phrase, remark: Phrase) -> Phrase:
    """A name with a remark in brackets, which joins the one that the name has already.

    An office that stands there may be left out and leaves the remark in its brackets.
    """
    *before, last = name.parts
    if not last.text.endswith(")"):
        return say("{} ({})", name, remark)
    if last.kind == "office":
        office = last._replace(text=f"{last.text[2:-1]}; ")
        return say("{} ({}{})", Phrase(tuple(before), name.ids), Phrase((office,)), remark)
    opened = Phrase((*before, last._replace(text=last.text[:-1])), name.ids)
    return say("{}; {})", opened, remark)


def bracketed(clauses: Sequence[Phrase], remark: Phrase) -> list[Phrase]:
    """Clauses with a remark in brackets behind them: in those with which a point says what it is, where it does.

    In brackets behind a name a remark would be about who bears it.
    """
    *before, last = clauses
    kind = remark.parts[0].kind
    is_open = bool(last.parts) and last.parts[-1].text.endswith(")") and all(p.kind != "name" for p in last.parts)
    added = say("; {}" if is_open else " ({})", remark)
    added = added.aside() if kind == "aside" else added
    if not is_open:
        return [*before, last, added]
    *parts, end = last.parts
    closed = (*parts, end._replace(text=end.text[:-1]), *added.parts)
    return [*before, Phrase((*closed, PhrasePart(")")), (*last.ids, *remark.ids), last.is_spare)]


def together(parts: Sequence[Phrase], separator: str = ", ", last: str = " and ") -> Phrase:
    """The parts as a list in words."""
    found: list[PhrasePart] = []
    for position, phrase in enumerate(parts):
        if position:
            found.append(PhrasePart(last if position == len(parts) - 1 else separator))
        found += phrase.parts
    return Phrase(tuple(found), tuple(node_id for phrase in parts for node_id in phrase.ids))


def first_of(parts: Sequence[Phrase], most: int, noun: str, separator: str = ", ") -> Phrase:
    """The first parts as a list in words and the number of the rest; it rests on all of them."""
    last = " and " if separator == ", " else f"{separator}and "
    if len(parts) <= most + 1:
        return together(parts, separator, last)
    behind = tuple(node_id for part in parts[most:] for node_id in part.ids)
    return together([*parts[:most], plain(count(len(parts) - most, f"more {noun}"), *behind)], separator, last)


def at_most(phrases: Iterable["Told"], most: int, rest: str) -> Iterator["Told"]:
    """The first phrases, and one on how many more there are, which rests on all of those; `rest` is its template."""
    told = list(phrases)
    shown = told if len(told) <= most + 1 else told[:most]
    yield from shown
    if behind := told[len(shown) :]:
        yield say(rest, number(len(behind))).on(
            *(i for one in behind for clause in clauses_of(one) for i in clause.ids)
        )


Told = Phrase | Sequence[Phrase]
"""A sentence to be: one phrase, or the clauses that it has one after the other."""


def clauses_of(told: Told) -> Sequence[Phrase]:
    """The clauses of what is told."""
    return [told] if isinstance(told, Phrase) else told


class Writer:
    """Makes sections of phrases; which ids are of sources is asked of the view."""

    def __init__(self, is_source: Callable[[str], bool]) -> None:
        self._is_source = is_source
        self.introduced: set[str] = set()
        """The offices that were told already: nobody is introduced twice."""
        self.without: frozenset[LeftOut] = frozenset()
        """What is left out."""

    def sentence(self, told: Told, most: int = MOST_WORDS) -> Sentence:
        """A whole sentence of at most so many words: capital, full stop, and each id once under what it is."""
        clauses, texts = self._written(told, most)
        receipts = [self._receipts(clause.ids) for clause in clauses]
        every = [node_id for clause in clauses for node_id in clause.ids]
        nodes, sources = receipts[0] if len(receipts) == 1 else self._receipts(every)
        parts = tuple(Clause(text, *behind) for text, behind in zip(texts, receipts, strict=True))
        return Sentence("".join(texts), nodes, sources, parts)

    def text(self, told: Told, most: int = MOST_WORDS) -> str:
        """The words of a sentence alone."""
        return "".join(self._written(told, most)[1])

    def _written(self, told: Told, most: int) -> tuple[Sequence[Phrase], list[str]]:
        kept = [one for one in clauses_of(told) if not (one.is_spare and "spare" in self.without)]
        told = [self._without_known(clause) for clause in kept]
        clauses, texts = _fitting([clause for clause in told if clause.text.strip()], most)
        return clauses, _finished(texts)

    def _without_known(self, clause: Phrase) -> Phrase:
        """The clause without the offices of those who were introduced before."""
        kept: list[PhrasePart] = []
        for part in clause.parts:
            if part.kind in self.without:
                continue
            if part.kind == "office":
                who = next((one.text for one in reversed(kept) if one.text.strip(" (")), "") + part.text.strip(" (;)")
                if who in self.introduced:
                    continue
                self.introduced.add(who)
            kept.append(part)
        return clause._replace(parts=tuple(kept))

    def is_whole(self, told: Told, most: int = MOST_WORDS) -> bool:
        """Whether a sentence of at most so many words has no text or name cut."""
        known = set(self.introduced)
        whole = self.text(told, _ANY).count("…")
        self.introduced = known
        return self.text(told, most).count("…") <= whole

    def section(self, heading: str, phrases: Iterable[Told]) -> Section:
        """A section of sentences, none of them twice; one that is made twice rests on what both rest on."""
        made: dict[str, list[Sentence]] = {}
        for sentence in map(self.sentence, phrases):
            made.setdefault(sentence.text, []).append(sentence)
        return Section(one_line(heading), tuple(map(_resting_on_all, made.values())))

    def _receipts(self, ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        once = dict.fromkeys(ids)
        sources = dict.fromkeys(i for i in once if self._is_source(i))
        return tuple(i for i in once if i not in sources), tuple(sources)


def _resting_on_all(alike: Sequence[Sentence]) -> Sentence:
    """The first of some sentences in the same words, with the receipts of all."""
    one, *others = alike
    if not others:
        return one
    nodes, sources = _joined(alike)
    if all([c.text for c in other.clauses] == [c.text for c in one.clauses] for other in others):
        clauses = tuple(Clause(c[0].text, *_joined(c)) for c in zip(*(s.clauses for s in alike), strict=True))
    else:
        *before, last = one.clauses
        clauses = (*before, Clause(last.text, *_joined([last, *others])))
    return Sentence(one.text, nodes, sources, clauses)


def _joined(alike: Iterable[Sentence | Clause]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The nodes and the sources behind any of some, each once."""
    every = list(alike)
    nodes = dict.fromkeys(i for one in every for i in one.nodes)
    return tuple(nodes), tuple(dict.fromkeys(i for one in every for i in one.sources))


def filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections that say something."""
    return tuple(section for section in sections if section.sentences)


def has_room(told: Told, most: int = MOST_WORDS) -> bool:
    """Whether a sentence of these clauses keeps a few words of each text and its names whole."""
    kept = [clause for clause in clauses_of(told) if not clause.is_spare]
    return _fits([clause.cut(_ROOM, None, offices=False) for clause in kept], most)


def _fitting(clauses: Sequence[Phrase], most: int) -> tuple[Sequence[Phrase], list[str]]:
    """The clauses and their texts, as little of them left out and cut as the length of the sentence allows."""
    spare = [n for n, clause in enumerate(clauses) if clause.is_spare]
    kept = list(clauses)
    for left_out in range(len(spare) + 1):
        kept = [clause for n, clause in enumerate(clauses) if n not in spare[len(spare) - left_out :]]
        if _fits(texts := [clause.text for clause in kept], most):
            return kept, texts
    for text in _TEXTS:  # an office goes before a word of what is said
        if _fits(texts := [clause.cut(text, None, offices=False) for clause in kept], most):
            return kept, texts
    for text, name in _BOTH:
        if _fits(texts := [clause.cut(text, name, offices=False) for clause in kept], most):
            return kept, texts
    return kept, _cut_off(texts, most)


def _fits(texts: Sequence[str], most: int) -> bool:
    return words_in("".join(texts)) <= most


def _cut_off(texts: Sequence[str], most: int) -> list[str]:
    kept: list[str] = []
    for text in texts:
        left = most - words_in("".join(kept))
        space = " " if text[:1].isspace() else ""
        kept.append(text if words_in(text) <= left else (space + clipped(text, left) if left > 0 else ""))
    return kept


def _finished(texts: Sequence[str]) -> list[str]:
    """The texts on one line, with the capital and the full stop of a sentence."""
    found: list[str] = []
    for text in texts:
        line = one_line(text)
        glued = not found or not text[:1].isspace()
        found.append(line if glued or not line else f" {line}")
    found[0] = capital(found[0])
    found[-1] = found[-1].rstrip(",;: ")
    if not found[-1].rstrip(_END).endswith(_ENDS):
        found[-1] += "."
    return found
