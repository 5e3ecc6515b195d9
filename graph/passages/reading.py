"""What a passage of a source holds, as suggestions for who marks it: nothing of it is stored."""

from typing import NamedTuple

from graph.passages.amounts import Amount, amounts_of
from graph.passages.hedges import Hedging, hedging_of
from graph.passages.names import Mention, NameIndex
from graph.passages.placing import stretches_of
from graph.passages.sentences import Stretch, sentences_of
from graph.passages.speakers import Speaker, speakers_of
from graph.search.near_duplicates import Likeness
from graph.search.related import related_statements
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.source import Source

LONGEST = 5_000
"""Characters of a passage at most, and of its paragraph that are looked at before and behind it."""


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
