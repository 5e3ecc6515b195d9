"""Who speaks in a passage: who is named beside a verb of saying, and the one that a pronoun means."""

import re
from typing import NamedTuple

from graph.passages.names import Mention, NameIndex
from graph.passages.sentences import Stretch, sentences_of
from schemas.vocabulary import SpeakerCue

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


_ORDER: dict[SpeakerCue, int] = {"pronoun": 0, "said": 1, "according_to": 2, "before": 3}
"""A pronoun stands for one who was named as speaking; a name beside a verb may be what is spoken of."""


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
