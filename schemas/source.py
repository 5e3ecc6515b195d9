"""A source: a document or utterance that assertions are found in."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, StringConstraints, Tag, ValidationInfo, model_validator

from schemas.base import Format, Id, Line, Node, Record, Text
from schemas.dates import LONGEST, Span, finer, span_of
from schemas.vocabulary import Precision, Reliability, SourceKind, SourceStatus


def _checked(text: str, info: ValidationInfo) -> str:
    if info.context is not None:  # what a store holds is read as it is
        span_of(text)
    return text


Edtf = Annotated[str, StringConstraints(min_length=4, max_length=LONGEST), AfterValidator(_checked)]
"""A date in EDTF (ISO 8601-2): `2024`, `2024-11-03`, `2024-11~` (about), `202X`, `2024-10/2024-12`."""

Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://\S+$"), Format("uri")]
"""An address on the web."""


class Dating(Record):
    """A date as far as it is known; null is an answer."""

    value: Edtf | None = None
    """The date."""
    precision: Precision = "unknown"
    """How finely the value is known: it may be coarser than the value is written, never finer."""
    earliest: Edtf | None = None
    """Not before this."""
    latest: Edtf | None = None
    """Not after this."""
    note: Text | None = None
    """How the date was found."""

    @model_validator(mode="after")
    def _in_order(self, info: ValidationInfo) -> Self:
        if info.context is None:
            return self
        value, earliest, latest = (None if d is None else span_of(d) for d in (self.value, self.earliest, self.latest))
        if _ends_before(latest, earliest):
            raise ValueError(f"latest {self.latest} lies before earliest {self.earliest}; swap them")
        if _ends_before(value, earliest):
            raise ValueError(f"value {self.value} lies before earliest {self.earliest}")
        if _ends_before(latest, value):
            raise ValueError(f"value {self.value} lies after latest {self.latest}")
        if value is not None and finer(self.precision, value.precision) and value.precision != "unknown":
            raise ValueError(f"precision {self.precision} is finer than the value {self.value}, a {value.precision}")
        return self


def _form(value: Any) -> str:
    return "<text>" if isinstance(value, str) else "<parts>"


Date = Annotated[Annotated[Edtf, Tag("<text>")] | Annotated[Dating, Tag("<parts>")], Discriminator(_form)]
"""A date as EDTF, or what is known of it in parts."""


def dating_of(date: Date | None) -> Dating | None:
    """A date in parts, however it was written."""
    return Dating(value=date, precision=span_of(date).precision) if isinstance(date, str) else date


def _ends_before(one: Span | None, other: Span | None) -> bool:
    """Whether all that one may mean lies before all that the other may mean."""
    if one is None or other is None or one.latest is None or other.earliest is None:
        return False
    return one.latest < other.earliest


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
