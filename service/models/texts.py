"""What is told of the text of a source: the text with its passages, and what a passage holds."""

from typing import Any

from pydantic import Field

from graph.maps.port import SourceText
from graph.passages.placing import Placed, passages_in, stretches_of
from graph.passages.reading import PassageReading
from graph.passages.sentences import Stretch
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import Id, Record
from schemas.quantity import Quantity, with_numbers
from schemas.query import Query
from schemas.vocabulary import Modality, PassageFit, SpeakerCue, Stance, TextFormat
from service.models.answers import Answered, SimilarNode, Written
from service.models.similar import likeness_items


class SourceTextQuery(Query):
    """How a text is given."""

    format: TextFormat = "json"
    """`json` with paragraphs and passages, or `text`: the text alone."""


class PassageRequest(Record):
    """A passage of a source's text, in Unicode code points."""

    start: int = Field(ge=0)
    """First character."""
    end: int = Field(ge=1)
    """One past the last character."""


class Passage(Answered):
    """A part of a text, in Unicode code points."""

    start: int
    """First character."""
    end: int
    """One past the last character."""


class Quoted(Passage):
    """A part of a text with its words."""

    text: str
    """The words."""


class SourceParagraph(Passage):
    """A line of a text that says something."""

    number: int | None
    """As locators count paragraphs: the body from 1, what stands before it 0, headings and credits behind it none."""


class SourcePassage(Answered):
    """An assertion where the text has it."""

    assertion: Id
    """The assertion."""
    of: Id
    """The statement or argument that is asserted."""
    fit: PassageFit
    """`exact`: where its offsets say; `found`: elsewhere, by its quote or the words around it; `paragraph`: the whole
    paragraph, since no more is known; `lost`: nowhere in this text."""
    start: int | None
    """First character; null where it is lost."""
    end: int | None
    """One past the last character."""
    paragraph: int | None
    """As locators count them; null where it crosses paragraphs."""
    stance: Stance | None
    """Of an argument its own; of a statement that of all its arguments, null where they differ or it has none."""


class SourceTextRead(Answered):
    """The text of a source with the passages that the view finds in it."""

    map: Id
    """The map."""
    revision: int
    """Revision whose passages these are."""
    source: Id
    """The source."""
    sha256: str
    """Digest of the text's UTF-8 bytes."""
    characters: int
    """Its length in Unicode code points."""
    text: str
    """The text."""
    paragraphs: list[SourceParagraph]
    """Its lines without empty ones, in order."""
    passages: list[SourcePassage]
    """In the order of the text, lost ones last."""


class SourceTextItem(Answered):
    """A source with a text."""

    source: Id
    """The source."""
    title: str
    """What it is called."""
    sha256: str
    """Digest of the text."""


class SourceTextList(Answered):
    """The sources of a view whose texts are attached."""

    map: Id
    """The map."""
    revision: int
    """Revision that was asked."""
    items: list[SourceTextItem]
    """In the order of ids."""


class SourceTextResult(Written):
    """What attaching a text did; the source changes only where it had no `sha256` yet."""

    source: Id
    """The source."""
    sha256: str
    """Digest of the text."""
    characters: int
    """Its length in Unicode code points."""
    passages: int
    """Assertions of the source that point at a place in the text."""
    lost: list[Id]
    """Assertions that point at a place that the text does not have."""


class SpeakerRead(Quoted):
    """Somebody who may be the one that says it."""

    actor: Id | None
    """The actor of the map; null where none is called so."""
    how: SpeakerCue
    """`said`: a verb of saying stands beside the name; `according_to`: the text says so; `pronoun`: the last one named
    before it; `before`: another sentence of the quotation names them."""


class MentionRead(Quoted):
    """An actor that the sentence names."""

    actor: Id
    """The actor."""


class FigureRead(Quoted):
    """A figure with the words that it was read from."""

    quantity: Quantity
    """As an assertion holds it."""


class PassageRead(Quoted):
    """What rules for English find in a passage: suggestions, of which nothing is stored."""

    map: Id
    """The map."""
    revision: int
    """Revision that was asked."""
    source: Id
    """The source."""
    paragraph: int | None
    """As locators count them; null where the passage crosses paragraphs or lies in a heading."""
    sentence: Quoted
    """The sentences that the passage is part of."""
    chain: list[Id]
    """The chain of an assertion for the likeliest speaker: the publisher, then the speaker."""
    speakers: list[SpeakerRead]
    """Who may say it, the likeliest first; empty where the source speaks in its own voice."""
    mentions: list[MentionRead]
    """Actors named in the sentence."""
    modality: Modality
    """How firmly it is put."""
    hedges: list[Quoted]
    """The words that soften it."""
    quantities: list[FigureRead]
    """The figures in it."""
    similar: list[SimilarNode]
    """Statements of the map about the same, the likest first."""
    marked: list[Id]
    """Assertions whose passages share words with it, in the order of the text."""


def text_document(graph: ArgumentGraph, source: str, text: SourceText) -> dict[str, Any]:
    """A text with its paragraphs and passages."""
    paragraphs = [{"number": number, **part._asdict()} for number, part in stretches_of(text.text)]
    passages = [_passage(one) for one in passages_in(graph, source, text.text)]
    about = {"map": graph.map, "revision": graph.revision, "source": source, "sha256": text.sha256}
    return {
        **about,
        "characters": len(text.text),
        "text": text.text,
        "paragraphs": paragraphs,
        "passages": passages,
    }


def attached_document(graph: ArgumentGraph, source: str, text: SourceText) -> dict[str, Any]:
    """What attaching a text came to, beside what it wrote."""
    passages = passages_in(graph, source, text.text)
    return {
        "source": source,
        "sha256": text.sha256,
        "characters": len(text.text),
        "passages": sum(one.place is not None for one in passages),
        "lost": [one.assertion for one in passages if one.place is None],
    }


def reading_document(graph: ArgumentGraph, source: str, text: str, read: PassageReading) -> dict[str, Any]:
    """What a passage holds."""
    placed = passages_in(graph, source, text)
    marked = [o.assertion for o in placed if o.place is not None and o.place.overlaps(read.passage)]
    return {
        "map": graph.map,
        "revision": graph.revision,
        "source": source,
        "paragraph": read.paragraph,
        **_quoted(text, read.passage),
        "sentence": _quoted(text, read.sentence),
        "chain": read.chain,
        "speakers": [{**_quoted(text, Stretch(o.start, o.end)), "actor": o.actor, "how": o.how} for o in read.speakers],
        "mentions": [{**_quoted(text, Stretch(o.start, o.end)), "actor": o.actor} for o in read.mentions],
        "modality": read.hedging.modality,
        "hedges": [_quoted(text, hedge) for hedge in read.hedging.hedges],
        "quantities": [
            {**_quoted(text, Stretch(o.start, o.end)), "quantity": _figures(o.quantity)} for o in read.amounts
        ],
        "similar": likeness_items(read.similar),
        "marked": marked,
    }


def _figures(quantity: Quantity) -> dict[str, Any]:
    [figures] = with_numbers({"quantities": [quantity.document()]})["quantities"]
    return {name: value for name, value in figures.items() if value is not None and (value or name != "approximate")}


def _quoted(text: str, part: Stretch) -> dict[str, Any]:
    return {**part._asdict(), "text": text[part.start : part.end]}


def _passage(one: Placed) -> dict[str, Any]:
    start, end = one.place or (None, None)
    return {
        "assertion": one.assertion,
        "of": one.of,
        "fit": one.fit,
        "start": start,
        "end": end,
        "paragraph": one.paragraph,
        "stance": one.stance,
    }
