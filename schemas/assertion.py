"""An assertion: one place in one source where an actor commits to a statement or an argument."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Id, Node, Record, Slug, Text
from schemas.quantity import Quantity, decoded, encoded, with_numbers, with_texts
from schemas.source import Date
from schemas.vocabulary import Basis, Leaning, Match, Modality

Offset = Annotated[int, Field(ge=0)]
Context = Annotated[str, StringConstraints(max_length=64)]


class Locator(Record):
    """A place in a source's text (Web Annotation position and quote selectors)."""

    paragraph: Annotated[int, Field(ge=0)] | None = None
    """Body paragraphs counted from 1; 0 is the headline or a caption."""
    start: Offset | None = None
    """First character, in Unicode code points of the text whose digest the source carries."""
    end: Offset | None = None
    """One past the last character."""
    prefix: Context | None = None
    """A few characters before the place."""
    suffix: Context | None = None
    """A few characters after the place."""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"end {self.end} lies before start {self.start}")
        return self


class Assertion(Node):
    """Who said it, where and how (AIF L-node and YA, PROV wasAttributedTo)."""

    kind: Literal["assertion"] = "assertion"
    of: Id
    """The statement or argument that is asserted."""
    source: Id
    """Where it is found."""
    cited_source: Id | None = None
    """The source that the place relies on."""
    chain: tuple[Id, ...] = ()
    """Actors in order: the one that prints it first, the one committed to it last."""
    style: Slug | None = None
    """How it is attributed, for example `outlet-voice` or `direct-quote`."""
    belief_holder: Id | None = None
    """Whose thought is ascribed, where that is not the one committed."""
    alternative_chain: tuple[Id, ...] = ()
    """Another chain that the grammar allows."""
    probable_origin: tuple[Id, ...] = ()
    """The chain that another source suggests for an unattributed passage."""
    wording: Text | None = None
    """The paraphrase at this place."""
    match: Match | None = None
    """How the passage fits the statement's text: the same, narrower, broader, or altered in another way."""
    quote: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    """A fragment of at most a few words."""
    locator: Locator | None = None
    """Where in the source."""
    modality: Modality = "asserted"
    """How it is put forward."""
    hedges: tuple[str, ...] = ()
    """The words that soften it."""
    polarity: Leaning = "neutral"
    """Which way the passage leans on the map's question; never a denial."""
    basis: Basis | None = None
    """Only of an argument: whether the text marks the step or a reader finds it there."""
    presupposed: bool = False
    """The passage takes it for granted instead of saying it."""
    forecast: bool = False
    """Whether it speaks of what is still to come."""
    horizon: Slug | None = None
    """Until when, for example `near-term` or `long-term`."""
    condition: Text | None = None
    """On what it depends, in the passage's words."""
    dated: Date | None = None
    """The time that the passage gives for the utterance."""
    quantities: tuple[Quantity, ...] = ()
    """The figures that the passage gives."""
    credibility: Annotated[int, Field(ge=1, le=6)] | None = None
    """Admiralty code of the information, 1 (confirmed) to 6 (cannot be judged)."""

    @classmethod
    def read(cls, document: bytes | str, *, is_written: bool = False) -> Self:
        """Read the assertion from JSON, its figures digit for digit; raises as `Record.read`."""
        text = document.encode() if isinstance(document, str) else document
        return super().read(with_texts(text) if _QUANTITIES in text else text, is_written=is_written)

    def dense(self) -> bytes:
        """The form that is stored, its figures as numbers with all their digits."""
        document = super().dense()
        return encoded(with_numbers(decoded(document))) if self.quantities else document

    def document(self) -> dict[str, Any]:
        """As a client sees it, its figures as whole numbers and decimals."""
        return with_numbers(super().document())


_QUANTITIES = b'"quantities"'
