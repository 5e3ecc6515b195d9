"""The six kinds of node, each with the parts that it is made of; and how a document of any kind is read.

An actor acts or speaks; a motive is a contestable explanation of what drives one; a statement is a proposition, held
once however many people say it; an argument is one step of reasoning; a source is a document or utterance; an assertion
is one place in one source where an actor commits to a statement or an argument.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

import msgspec
from pydantic import (
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from schemas.base import Credence, Format, Id, Line, Node, Record, Slug, Text
from schemas.dates import Date
from schemas.problem import FieldProblem, pointer
from schemas.vocabulary import (
    ActorKind,
    Basis,
    Confidence,
    Kind,
    Leaning,
    Match,
    Modality,
    MotiveRole,
    Origin,
    Reliability,
    SourceKind,
    SourceStatus,
    Stance,
)

Figure = Annotated[Decimal, Field(strict=False, allow_inf_nan=False), WithJsonSchema({"type": "number"})]
"""A decimal, kept digit for digit."""
FIGURES = ("value", "min", "max")
_DIGITS_AT_MOST = 100
_SAYS = ("value", "min", "max", "unit", "of", "per", "vague")
Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://\S+$"), Format("uri")]
"""An address on the web."""
Offset = Annotated[int, Field(ge=0)]
Context = Annotated[str, StringConstraints(max_length=64)]
_read = msgspec.json.Decoder(float_hook=Decimal).decode
_write = msgspec.json.Encoder(decimal_format="number").encode
_QUANTITIES = b'"quantities"'


class Actor(Node):
    """Who acts or speaks (STIX identity, PROV agent, AIF participant)."""

    kind: Literal["actor"] = "actor"
    name: Line
    """What people call the actor."""
    actor_kind: ActorKind
    aliases: tuple[Line, ...] = ()
    """Other names that the sources use."""
    role: Text | None = None
    """What part the actor plays in the question of the map."""
    affiliations: tuple[Id, ...] = ()
    """Actors that this one belongs to."""
    external_ids: dict[str, str] = Field(default_factory=dict)
    """Ids elsewhere by the name of the register, for example `{"wikidata": "Q423"}`."""
    same_as: tuple[Id, ...] = ()
    """Actors that are probably the same."""


class Motive(Node):
    """A claim of the form "this actor is driven by this"; arguments may bear on it or start from it."""

    kind: Literal["motive"] = "motive"
    name: Line
    """A short name, for headings and lists."""
    category: Slug
    """What kind of drive it is, for example `food`, `finance`, `firepower`, `space-technology`, `defence-pact`."""
    text: Text
    """The claim in one sentence."""
    actor: Id
    """The actor that is driven."""
    definition: Text | None = None
    """What falls under the motive and what does not."""
    credence: Credence | None = None
    """How credible it is before any argument is counted; left out, 0.5. It counts in strengths alone."""


class Concern(Record):
    """The part that a statement plays for a motive."""

    motive: Id
    """Id of the motive."""
    role: MotiveRole
    """What it is to the motive."""
    basis: Basis = "explicit"
    """Whether the text says so (explicit) or a reader sees it (inferred)."""


class Statement(Node):
    """One proposition (AIF I-node, Argdown statement)."""

    kind: Literal["statement"] = "statement"
    text: Text
    """The proposition in one sentence."""
    origin: Origin = "author"
    """`attributed`: put forward by those whose assertions it has, and by nobody once the last of them is gone;
    `author`: put forward by the map's author; `constructed`: an analyst's conclusion that stands on its arguments
    alone. Left out, it is the author's until an assertion of it is made, and attributed from then on."""
    concerns: tuple[Concern, ...] = ()
    """The parts that it plays for motives."""
    about: tuple[Id, ...] = ()
    """Actors that it speaks of."""
    scope: Slug | None = None
    """How wide the statement reaches, for example `motive` or `overall`."""
    credence: Credence | None = None
    """How credible it is before any argument is counted, in place of the weight that follows from its assertions."""

    @property
    def is_open_about_its_origin(self) -> bool:
        """Whether the origin was left out."""
        return "origin" not in self.model_fields_set

    def dense(self) -> bytes:
        """The form that is stored; an author's origin stands in it where it was given and not left out."""
        document = super().dense()
        is_given = self.origin == "author" and not self.is_open_about_its_origin
        return document[:-1] + b',"origin":"author"}' if is_given else document


class Argument(Node):
    """One step of reasoning (AIF RA or CA node, Toulmin grounds and warrant, SETAF attack)."""

    kind: Literal["argument"] = "argument"
    premises: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Statements or motives that bear on the target together; a set, kept in the order given."""
    target: Id
    """A statement, a motive or another argument."""
    stance: Stance
    scheme: Slug | None = None
    """A Walton scheme by its slug, or a domain scheme such as `calculation`."""
    warrant: Text | None = None
    """Why the premises bear on the target."""
    confidence: Confidence | None = None
    """How sure the analyst is that the premises bear on the target; left out, it counts as medium."""
    rationale: Text | None = None
    """Why the analyst reads the step so."""
    credence: Credence | None = None
    """The weight of the step itself, in place of the one that follows from its confidence."""


class Source(Node):
    """A document or utterance (PROV entity, Web Annotation target)."""

    kind: Literal["source"] = "source"
    title: Line
    """What the document is called, or what an utterance may be called."""
    source_kind: SourceKind
    """What sort of source."""
    publisher: Id | None = None
    """The actor that publishes it."""
    author: tuple[Id, ...] = ()
    """The actors that wrote it or speak in it."""
    published: Date | None = None
    """When it appeared or was said."""
    url: Url | None = None
    """Where it can be read."""
    cited_in: tuple[Id, ...] = ()
    """Sources that quote or report this one."""
    repeats: tuple[Id, ...] = ()
    """Sources whose content this one passes on."""
    same_as: tuple[Id, ...] = ()
    """Sources that are probably the same."""
    reliability: Reliability | None = None
    """Admiralty code of the source, A (reliable) to F (cannot be judged)."""
    status: SourceStatus = "current"
    """What became of it."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Digest of the text that the offsets of locators count in."""


# --- assertions -----------------------------------------------------------------------------------


class Quantity(Record):
    """A figure as it is said; null is an answer: "up to 700,000" has no minimum."""

    value: Figure | None = None
    """The point figure."""
    min: Figure | None = None
    """The lower bound."""
    max: Figure | None = None
    """The upper bound."""
    min_inclusive: bool | None = None
    """Whether the lower bound itself is meant too; null where the text leaves it open."""
    max_inclusive: bool | None = None
    """Whether the upper bound itself is meant too; null where the text leaves it open."""
    unit: Line | None = None
    """A code, for example `USD` (ISO 4217), `t`, `persons`."""
    of: Line | None = None
    """What is counted."""
    per: Line | None = None
    """The rate's denominator, for example `year` or `soldier-month`."""
    per_basis: Line | None = None
    """Whether the rate is stated, implied or not stated."""
    approximate: bool = False
    """Whether the text says "about" or the like."""
    vague: Line | None = None
    """The words of an amount without a figure."""

    @model_validator(mode="after")
    def _makes_sense(self, info: ValidationInfo) -> Self:
        if info.context is None:  # what a store holds is read as it is
            return self
        if self.value is None and self.min is None and self.max is None and self.vague is None:
            raise ValueError("a quantity says how much: give value, min, max, or vague with the words of the text")
        for name in FIGURES:
            _check_size(name, getattr(self, name))
        _check_order(self)
        return self


def _check_size(name: str, figure: Decimal | None) -> None:
    if figure is not None and (
        len(figure.as_tuple().digits) > _DIGITS_AT_MOST or abs(figure.adjusted()) > _DIGITS_AT_MOST
    ):
        raise ValueError(f"{name} has more than {_DIGITS_AT_MOST} digits before or behind the point")


def _check_order(quantity: Quantity) -> None:
    least, most, value = quantity.min, quantity.max, quantity.value
    if least is not None and most is not None:
        both = quantity.min_inclusive is not False and quantity.max_inclusive is not False
        if least > most:
            raise ValueError(f"min {least} is above max {most}; swap them")
        if least == most and not both:
            raise ValueError(f"no figure lies between min {least} and max {most} where one of them is not included")
    if value is None:
        return
    if least is not None and value < least:
        raise ValueError(f"value {value} lies below min {least}")
    if most is not None and value > most:
        raise ValueError(f"value {value} lies above max {most}")
    if value == least and quantity.min_inclusive is False:
        raise ValueError(f"value {value} is the min itself, which min_inclusive leaves out")
    if value == most and quantity.max_inclusive is False:
        raise ValueError(f"value {value} is the max itself, which max_inclusive leaves out")


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


# --- nodes of any kind ----------------------------------------------------------------------------


AnyNode = Actor | Motive | Statement | Argument | Source | Assertion

MODELS: dict[Kind, type[AnyNode]] = {
    "actor": Actor,
    "motive": Motive,
    "statement": Statement,
    "argument": Argument,
    "source": Source,
    "assertion": Assertion,
}
SERVICE_FIELDS = frozenset({"kind", "version", "created_at", "created_by", "updated_at", "updated_by"})
"""Fields that the service writes and a client does not."""


def read_node(kind: Kind, document: bytes) -> AnyNode:
    """Read a stored document of the given kind."""
    return MODELS[kind].read(document)


def label(node: AnyNode) -> str:
    """What to print for a node: its text, name or title, or for a step its own id."""
    match node:
        case Statement() | Motive():
            return node.text
        case Actor():
            return node.name
        case Source():
            return node.title
        case Assertion():
            return node.wording or node.quote or node.id
        case _:
            return node.warrant or node.id


def client_fields(model: type[Node]) -> dict[str, Any]:
    """The fields that a client may write, by name."""
    return {name: field for name, field in model.model_fields.items() if name not in SERVICE_FIELDS}


# --- figures, digit for digit ---------------------------------------------------------------------


def decoded(document: bytes | str) -> Any:
    """JSON as plain values, its numbers with a point or an exponent as decimals; raises `msgspec.DecodeError`."""
    return _read(document)


def encoded(value: Any) -> bytes:
    """Plain values as JSON, decimals as numbers with all their digits."""
    return _write(value)


def with_texts(document: bytes | str) -> bytes:
    """An assertion's JSON with its figures as texts: pydantic reads a JSON number through a float, which rounds."""
    fields = decoded(document)
    for quantity in _quantities(fields):
        for name in FIGURES:
            if isinstance(quantity.get(name), int | Decimal) and not isinstance(quantity[name], bool):
                quantity[name] = str(quantity[name])
    return encoded(fields)


def with_numbers(fields: dict[str, Any]) -> dict[str, Any]:
    """An assertion's fields with its figures, which pydantic writes as texts, as numbers again; changed in place."""
    for quantity in _quantities(fields):
        for name in FIGURES:
            if isinstance(quantity.get(name), str):
                quantity[name] = _number(quantity[name])
    return fields


def no_numbers(fields: Any) -> list[FieldProblem]:
    """Figures that a client wrote as something else, such as a text."""
    return [
        FieldProblem(pointer("quantities", place, name), "must be a number, written without quotation marks")
        for place, quantity in enumerate(_quantities(fields))
        for name in FIGURES
        if not _is_number(quantity.get(name))
    ]


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _number(text: str) -> int | Decimal:
    figure = Decimal(text)
    return int(figure) if text.lstrip("-").isdecimal() and text != "-0" else figure


def _quantities(fields: Any) -> list[dict[str, Any]]:
    held = fields.get("quantities") if isinstance(fields, dict) else None
    return [quantity for quantity in held if isinstance(quantity, dict)] if isinstance(held, list) else []
