"""What a passage of a source holds, as suggestions for who marks it: nothing of it is stored.

By lists of English words: which actors it names, how firmly it puts what it says, who says it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from graph.passages.amounts import Amount, amounts_of
from graph.passages.placing import stretches_of
from graph.passages.sentences import Stretch, sentences_of
from graph.search.near_duplicates import Likeness, related_statements
from graph.search.words import folded
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import Actor, Source
from schemas.vocabulary import Modality, SpeakerCue

LONGEST = 5_000
"""Characters of a passage at most, and of its paragraph that are looked at before and behind it."""


# --- who is named ----------------------------------------------------------------------------------


_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_POSSESSIVE = re.compile(r"[’']s?$")
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_SHORTEST_PART = 3


class Mention(NamedTuple):
    """An actor where the text names it."""

    actor: str
    start: int
    end: int


class _Word(NamedTuple):
    key: str
    start: int
    end: int


class NameIndex:
    """Names and aliases of a map's actors, by their first words."""

    def __init__(self, graph: ArgumentGraph) -> None:
        actors = [actor for n in graph.numbers("actor") if isinstance(actor := graph.at(n), Actor)]
        self.people = {actor.id for actor in actors if actor.actor_kind == "person"}
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        taken: set[str] = set()
        for actor in actors:
            for name in (actor.name, *actor.aliases):
                for form in dict.fromkeys((name, _BRACKETS.sub("", name), _ARTICLE.sub("", name))):
                    taken.add(self._add(form, actor.id))
        parts = [(part, actor.id) for actor in actors if actor.actor_kind == "person" for part in _parts(actor.name)]
        often = Counter(part for part, _ in parts)
        for part, actor_id in parts:  # "Smith" for John Smith, where nobody else is called so
            if often[part] == 1 and part.casefold() not in taken:
                self._add(part, actor_id)
        for names in self._names.values():
            names.sort(key=lambda one: (-len(one[0]), one))

    def _add(self, name: str, actor: str) -> str:
        words = tuple(word.key for word in _words(name))
        if words:
            self._names.setdefault(words[0], []).append((words, actor))
        return " ".join(words)

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> list[Mention]:
        """Where a part of a text names actors, in order and without overlap, the longest name first.

        A name counts where it is written with a capital letter, or
        has none itself.
        """
        words = list(_words(text, start, end))
        found: list[Mention] = []
        place = 0
        while place < len(words):
            length = self._at(text, words, place, found)
            place += length or 1
        return found

    def _at(self, text: str, words: list[_Word], place: int, found: list[Mention]) -> int:
        for name, actor in self._names.get(words[place].key, ()):
            here = words[place : place + len(name)]
            if tuple(word.key for word in here) != name:
                continue
            said = text[here[0].start : here[-1].end]
            if any(c.isupper() for c in said) or not _is_proper(name):
                found.append(Mention(actor, here[0].start, here[-1].end))
                return len(name)
        return 0


def _is_proper(name: Iterable[str]) -> bool:
    """Whether a name of one word would be mistaken for a word of the language where it is written small."""
    return len(tuple(name)) == 1


def _parts(name: str) -> list[str]:
    """The first and the last word of a person's name: which of them is the family's differs from place to place."""
    words = [word for word in _BRACKETS.sub("", name).split() if len(word) >= _SHORTEST_PART]
    return list(dict.fromkeys((words[0], words[-1]))) if len(words) > 1 else []


def _words(text: str, start: int = 0, end: int | None = None) -> Iterable[_Word]:
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        bare = _POSSESSIVE.sub("", match[0])
        yield _Word(folded(bare), match.start(), match.start() + len(bare))


# --- how firmly ------------------------------------------------------------------------------------


_POSSIBLE = (
    r"may(?: not| well)?|might(?: not| well)?|could(?: not)?|possibly|possible|perhaps|maybe|potential(?:ly)?|"
    r"conceivabl[ye]|risks?|unclear|uncertain|cannot rule out"
)
_BELIEVED = (
    r"believe[sd]?|belief|(?:is|are|was|were) (?:thought|believed|considered)|"
    r"thinks?(?! tank)|thinking|thought to|seem(?:s|ed)?|"
    r"appear(?:s|ed)? to|appear(?:s|ed)?|apparently|(?:un)?likely|probabl[ye]|arguably|presumabl[ye]|presum(?:es|ed)|"
    r"expect(?:s|ed|ation)?|anticipat(?:es|ed)|suspect(?:s|ed)?|assum(?:es|ed)|estimat(?:es|ed)|suggests?|suggested|"
    r"in (?:his|her|its|their) view|in (?:my|our) opinion|feels?"
)
_REPORTED = (
    r"reportedly|according to|alleged(?:ly)?|(?:is|are|was|were) (?:said|reported|rumou?red) to|reported to|"
    r"rumou?red|purported(?:ly)?|so-called|indicat(?:es?|ed)|points? to|reports? (?:say|suggest|indicate)|"
    r"sources? sa(?:y|id)"
)
_SOFTENED = (
    r"would|if|expected to|effectively|largely|to (?:an|some) extent|more or less|in part|partly|in a sense|stands? to"
)
_BOUND = r"(?<![\w-])(?:{})(?![\w-])"
_LISTS: tuple[tuple[Modality, re.Pattern[str]], ...] = (
    ("asserted", re.compile(_BOUND.format("you could say|so to speak"), re.IGNORECASE)),
    ("possible", re.compile(_BOUND.format(_POSSIBLE), re.IGNORECASE)),
    ("believed", re.compile(_BOUND.format(_BELIEVED), re.IGNORECASE)),
    ("reported", re.compile(_BOUND.format(_REPORTED), re.IGNORECASE)),
    ("asserted", re.compile(_BOUND.format(_SOFTENED), re.IGNORECASE)),
)
_MONTH = re.compile(r"(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Oo]f|[Oo]n|\d|[Ll]ast|[Tt]his|[Ee]arly|[Ll]ate|[Mm]id-?)\s*$")
_CAUTION: tuple[Modality, ...] = ("possible", "believed", "reported", "asserted")


class Hedging(NamedTuple):
    """How firmly a passage puts what it says."""

    modality: Modality
    """The weakest that one of its words says; a condition ("if", "would") softens and says nothing of it."""
    hedges: tuple[Stretch, ...]
    """The words that soften it, in their order."""


def hedging_of(text: str, passage: Stretch, sentence: Stretch) -> Hedging:
    """The hedges of a passage and the modality that they make.

    What the rest of the sentence says of reports and beliefs counts where the passage itself is put flatly: "he
    believes that …", "reportedly, …".
    """
    own = _hedges(text, passage)
    modality = min(own.values(), key=_CAUTION.index, default=_CAUTION[-1])
    if modality == "asserted":
        around = {here: how for here, how in _hedges(text, sentence).items() if how in ("believed", "reported")}
        modality = min(around.values(), key=_CAUTION.index, default=modality)
        own |= around
    return Hedging(modality, tuple(sorted(own)))


def _hedges(text: str, within: Stretch) -> dict[Stretch, Modality]:
    found: dict[Stretch, Modality] = {}
    for modality, words in _LISTS:
        for match in words.finditer(text, *within):
            here = Stretch(match.start(), match.end())
            if not _is_month(text, match) and not any(here.overlaps(other) for other in found):
                found[here] = modality
    return found


def _is_month(text: str, match: re.Match[str]) -> bool:
    if match[0] != "May":
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    return bool(_MONTH.search(before)) or text[match.end() : match.end() + 2].strip().isdigit()


# --- who speaks ------------------------------------------------------------------------------------


_VERB = (
    r"(?:said|says|say|told|tells|stated|states|added|adds|noted|notes|argued|argues|argue|explained|explains|claimed|"
    r"claims|claim|warned|warns|warn|cautioned|cautions|caution|reported|reports|announced|announces|denied|denies|"
    r"confirmed|confirms|estimated|estimates|estimate|believes?|thinks?|suggested|suggests|suggest|insisted|insists|"
    r"stressed|stresses|pointed out|points out|pointed to|points to|wrote|writes|assessed|assesses|concluded|concludes|"
    r"predicted|predicts|observed|observes|commented|emphasi[sz]ed|emphasi[sz]es|remarked|maintains|maintained|"
    r"testified|recalled|expects?|described|describes|analy[sz]ed|went on to say|asserted|asserts|contends|contended|"
    r"declared|alleged|alleges|posits?|indicated?|indicates|downplayed|downplays|dismissed|dismisses|"
    r"(?:released|published|issued) an? (?:report|statement|study)|see|sees)"
)
_ADVERB = r"(?:(?:has|have|had|also|later|then|further|recently|publicly|repeatedly)\s+)*"
_SAYS = re.compile(rf"\b{_ADVERB}{_VERB}\b")
_THING = r"(?:\s+(?:report|statement|study|spokes\w+|officials?|chief|analysis|in\s+[A-Z]\w+|(?:in|on)\s+\w+))?"
_AFTER = re.compile(rf"^(?:[’']s?{_THING[:-1]})?(?:\s*,[^.;“”\"]{{1,120}},|\s*\([^)]*\))?{_THING}\s+{_ADVERB}{_VERB}\b")
"""A verb behind a name: at once, behind an apposition, or behind a word or two ("the ministry in Seoul said")."""
_BEFORE = re.compile(
    r"(?:[”\"’,]\s*(?:said|says|added|adds|noted|notes|explained|explains|argued|argues|wrote|writes|told|warned)|"
    r"\b[Rr]eports? (?:from|by))\s+(?:[\w.’-]+\s+){0,5}$"
)
"""A verb before a name (", said Rep. Smith")."""
_ACCORDING = re.compile(r"\b[Aa]ccording to\s+(?:[\w.’-]+\s+){0,4}$|\b[Ii]n the (?:view|words) of\s+$")
_DESCRIBED = (
    r"(?:he|she|they|it|(?:the|this|that|its|his|her|their)\s+(?:[a-z-]+\s+)?"
    r"(?:report|think tank|agency|ministry|institute|"
    r"paper|lawmaker|officials?|professor|spokes\w+|experts?|analysts?|author|study|minister|president|group|statement))"
)
_PRONOUN = re.compile(rf"\b(?P<who>{_DESCRIBED})\s+{_ADVERB}{_VERB}\b", re.IGNORECASE)
_ONE_PERSON = ("he", "she")
_NAME = r"(?:[A-Z][\w’'-]*[\w](?:\s+(?:of|for|the|and)(?=\s+[A-Z]))?\s*){2,5}"
_STRANGER = re.compile(
    rf"(?P<first>{_NAME})(?=,[^.;“”\"]{{1,80}},\s*{_ADVERB}{_VERB}\b|{_ADVERB}{_VERB}\b)"
    rf"|\b(?:said|says|told by|[Aa]ccording to)\s+(?P<then>{_NAME})"
)
_NEAR = 300
"""Characters around a name in which a verb belongs to it."""
_FAR = 10_000
"""Characters before a sentence in which the one is looked for that a pronoun means."""
_OPENS, _CLOSES = "“«„", "”»"
_ORDER: dict[SpeakerCue, int] = {"pronoun": 0, "said": 1, "according_to": 2, "before": 3}
"""A pronoun stands for one who was named as speaking; a name beside a verb may be what is spoken of."""


class Speaker(NamedTuple):
    """Somebody who may be the one that says it."""

    actor: str | None
    """The actor of the map; none where no actor has the name."""
    name: str
    """The words of the text."""
    start: int
    end: int
    how: SpeakerCue


def speakers_of(text: str, passage: Stretch, sentence: Stretch, paragraph: Stretch, names: NameIndex) -> list[Speaker]:
    """Who may say a passage of a sentence, the likeliest first; empty where the text puts it in its own voice.

    Who speaks is looked for in the paragraph, and some paragraphs back.
    """
    found = _in_sentence(text, sentence, names)
    if not found and _is_quoted(text, sentence, paragraph):
        found = _around(text, sentence, paragraph, names)
    unique = {speaker.actor or speaker.name: speaker for speaker in reversed(found)}

    def distance(one: Speaker) -> int:
        return max(0, passage.start - one.end, one.start - passage.end)

    return sorted(unique.values(), key=lambda one: (_ORDER[one.how], distance(one), one.start))


def _in_sentence(text: str, sentence: Stretch, names: NameIndex) -> list[Speaker]:
    named = names.mentions(text, *sentence)
    own = [one for one in named if not _opened(text, sentence.start, one.start)]  # a quotation speaks of others
    found = [speaker for mention in own if (speaker := _beside_a_verb(text, sentence, mention))]
    return [*found, *_strangers(text, sentence, named), *_meant_by_pronoun(text, sentence, named, names)]


def _beside_a_verb(text: str, sentence: Stretch, mention: Mention) -> Speaker | None:
    before = text[max(sentence.start, mention.start - _NEAR) : mention.start]
    after = text[mention.end : min(sentence.end, mention.end + _NEAR)]
    how: SpeakerCue | None = None
    if _ACCORDING.search(before):
        how = "according_to"
    elif _AFTER.match(after) or (_BEFORE.search(before) and not after.startswith(("’s", "'s"))):
        how = "said"
    said = text[mention.start : mention.end]
    return None if how is None else Speaker(mention.actor, said, mention.start, mention.end, how)


def _strangers(text: str, sentence: Stretch, named: list[Mention]) -> list[Speaker]:
    found = []
    for match in _STRANGER.finditer(text, *sentence):
        group = "first" if match["first"] else "then"
        name = match[group].strip()
        start = match.start(group)
        here = Stretch(start, start + len(name))
        if not any(here.overlaps(Stretch(one.start, one.end)) for one in named):
            found.append(Speaker(None, name, here.start, here.end, "said"))
    return found


def _meant_by_pronoun(text: str, sentence: Stretch, named: list[Mention], names: NameIndex) -> list[Speaker]:
    pronoun = _PRONOUN.search(text, *sentence)
    if pronoun is None or any(one.start <= pronoun.start("who") < one.end for one in named):
        return []
    if _opened(text, sentence.start, pronoun.start()):
        return []
    wanted = names.people if pronoun["who"].lower() in _ONE_PERSON else None
    last = _last_speaker(text, Stretch(max(0, pronoun.start() - _FAR), pronoun.start()), names, wanted)
    return [] if last is None else [last._replace(how="pronoun")]


def _around(text: str, sentence: Stretch, paragraph: Stretch, names: NameIndex) -> list[Speaker]:
    """Who is named as speaking behind a quoted sentence in its paragraph, or else before it."""
    for later in sentences_of(text, Stretch(sentence.end, paragraph.end)):
        if found := _in_sentence(text, later, names):
            return [found[0]._replace(how="before")]
    last = _last_speaker(text, Stretch(paragraph.start, sentence.start), names)
    last = last or _last_speaker(text, Stretch(max(0, sentence.start - _FAR), sentence.start), names)
    return [] if last is None else [last._replace(how="before")]


def _is_quoted(text: str, sentence: Stretch, paragraph: Stretch) -> bool:
    return text[sentence.start] in f'{_OPENS}"' or _opened(text, paragraph.start, sentence.start)


def _opened(text: str, start: int, end: int) -> bool:
    """Whether a quotation that begins in a part of a text is not over at its end."""
    part = text[start:end]
    return sum(map(part.count, _OPENS)) > sum(map(part.count, _CLOSES)) or part.count('"') % 2 == 1


def _last_speaker(text: str, within: Stretch, names: NameIndex, wanted: set[str] | None = None) -> Speaker | None:
    """Who was named last as speaking; where only some are wanted, who of them was named last at all."""
    named = names.mentions(text, *within)
    for mention in reversed(named):
        sentence = Stretch(_start_of_line(text, mention.start), within.end)
        speaker = _beside_a_verb(text, sentence, mention)
        if speaker is not None and (wanted is None or mention.actor in wanted):
            return speaker
    if wanted is None:
        return None
    last = next((one for one in reversed(named) if one.actor in wanted), None)
    return last and Speaker(last.actor, text[last.start : last.end], last.start, last.end, "pronoun")


def _start_of_line(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


# --- all of it -------------------------------------------------------------------------------------


class PassageReading(NamedTuple):
    """What rules for English find in a passage; each is a suggestion and may be wrong."""

    passage: Stretch
    sentence: Stretch
    """The sentences that the passage is part of, of one paragraph."""
    paragraph: int | None
    """As locators count them."""
    speakers: list[Speaker]
    """Who may say it, the likeliest first; empty where the source speaks in its own voice."""
    chain: list[str]
    """The chain of an assertion for the likeliest: the publisher, then the speaker."""
    mentions: list[Mention]
    """Actors named in the sentence."""
    hedging: Hedging
    amounts: list[Amount]
    similar: list[Likeness]
    """Statements of the map that say something like it."""


def read_passage(graph: ArgumentGraph, source: Source, text: str, passage: Stretch) -> PassageReading:
    """Read a passage, which is trimmed to what is no blank.

    Raises `ValueError` where it holds nothing but blanks or is longer than `LONGEST`.
    """
    passage = _trimmed(text, passage)
    if passage.end - passage.start > LONGEST:
        raise ValueError(f"the passage is longer than {LONGEST} characters; select a sentence or two")
    number, paragraph = next((n, p) for n, p in stretches_of(text) if p.overlaps(passage))
    paragraph = Stretch(max(paragraph.start, passage.start - LONGEST), min(paragraph.end, passage.end + LONGEST))
    within = Stretch(paragraph.start, max(paragraph.end, passage.end))
    parts = [one for one in sentences_of(text, within) if one.overlaps(passage)]
    sentence = Stretch(parts[0].start, parts[-1].end)
    names = NameIndex(graph)
    speakers = speakers_of(text, passage, sentence, paragraph, names)
    own = [] if source.publisher is None else [source.publisher]
    spoken = speakers[0].actor if speakers else None
    return PassageReading(
        passage,
        sentence,
        number if passage.end <= paragraph.end else None,
        speakers,
        own if spoken is None or spoken in own else [*own, spoken],
        names.mentions(text, *sentence),
        hedging_of(text, passage, sentence),
        amounts_of(text, passage),
        related_statements(graph, text[passage.start : passage.end]),
    )


def _trimmed(text: str, passage: Stretch) -> Stretch:
    part = text[passage.start : passage.end]
    bare = part.strip()
    if not bare:
        raise ValueError("the passage holds nothing but blanks; select some words")
    start = passage.start + len(part) - len(part.lstrip())
    return Stretch(start, start + len(bare))
