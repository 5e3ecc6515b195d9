"""The questions about a map's past."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.query import BasisFilter, Ids, PageQuery, Query
from schemas.vocabulary import Confidence

LogOrder = Literal["newest", "oldest"]


class ChangesQuery(PageQuery):
    """Which changes."""

    since: str | None = None
    """Only changes behind this revision, or at or after this time (RFC 3339; a date means its beginning)."""
    until: str | None = None
    """Only changes up to this revision or time (a date means its end)."""
    by: Ids = ()
    """Only changes by one of these."""
    node: Ids = ()
    """Only changes that touched one of these nodes."""
    field: Ids = ()
    """Only changes of one of these fields, of those nodes where `node` is given."""
    order: LogOrder = "newest"
    """Which come first."""
    effects: bool = True
    """Work out what each change did to the verdicts of theses and the rank of motives."""


class ChangeQuery(PageQuery):
    """How much of one change."""

    effects: bool = True
    """Work out what it did to the verdicts of theses and the rank of motives."""


class RevertQuery(Query):
    """What is taken back."""

    since: bool = False
    """Take back everything behind the revision, so that the map is as it was then, and not the revision itself."""
    dry_run: bool = False
    """Only say what would happen."""


class UndoQuery(Query):
    """How an undo or redo is done."""

    dry_run: bool = False
    """Only say what would happen."""


class PurgeQuery(Query):
    """How a purge is done."""

    dry_run: bool = False
    """Only say what would happen."""


class DiffQuery(PageQuery):
    """Two states of a map. The view's own parameters hold for both; those of one side are beside them."""

    from_: Annotated[str | None, Field(alias="from")] = None
    """A revision or time; left out, the revision before the other."""
    to: str | None = None
    """A revision or time; left out, the newest, or `as_of`."""
    from_sources: Ids = ()
    """On the first side, keep what is found in or cites one of these sources."""
    from_actors: Ids = ()
    """On the first side, keep what one of these actors is committed to."""
    from_motives: Ids = ()
    """On the first side, keep what concerns one of these motives."""
    from_without: Ids = ()
    """On the first side, take these nodes out, and what falls with them."""
    from_basis: BasisFilter = "all"
    """On the first side, `explicit` drops steps that no text marks."""
    from_min_confidence: Confidence = "low"
    """On the first side, drop arguments of less confidence."""
    to_sources: Ids = ()
    """On the second side, keep what is found in or cites one of these sources."""
    to_actors: Ids = ()
    """On the second side, keep what one of these actors is committed to."""
    to_motives: Ids = ()
    """On the second side, keep what concerns one of these motives."""
    to_without: Ids = ()
    """On the second side, take these nodes out, and what falls with them."""
    to_basis: BasisFilter = "all"
    """On the second side, `explicit` drops steps that no text marks."""
    to_min_confidence: Confidence = "low"
    """On the second side, drop arguments of less confidence."""
