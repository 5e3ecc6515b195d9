"""A source: a document or utterance that assertions are found in."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from schemas.base import Format, Id, Line, Node, Record, Text
from schemas.vocabulary import Precision, Reliability, SourceKind, SourceStatus

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
"""A calendar date, or its year or month: `2024`, `2024-11` or `2024-11-03`."""

Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://\S+$"), Format("uri")]
"""An address on the web."""


class Dating(Record):
    """A date as far as it is known; null is an answer."""

    value: Day | None = None
    precision: Precision = "unknown"
    earliest: Day | None = None
    latest: Day | None = None
    note: Text | None = None
    """How the date was found."""


class Source(Node):
    """A document or utterance (PROV entity, Web Annotation target)."""

    kind: Literal["source"] = "source"
    title: Line
    source_kind: SourceKind
    publisher: Id | None = None
    """The actor that publishes it."""
    author: tuple[Id, ...] = ()
    """The actors that wrote it or speak in it."""
    published: Dating | None = None
    url: Url | None = None
    cited_in: tuple[Id, ...] = ()
    """Sources that quote or report this one."""
    repeats: tuple[Id, ...] = ()
    """Sources whose content this one passes on."""
    same_as: tuple[Id, ...] = ()
    """Sources that are probably the same."""
    reliability: Reliability | None = None
    """Admiralty code of the source, A (reliable) to F (cannot be judged)."""
    status: SourceStatus = "current"
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Digest of the text that the offsets of locators count in."""
