"""The parameters that only the service takes; those of questions are in `schemas`."""

from typing import Annotated

from pydantic import StringConstraints

from schemas.query import Ids, PageQuery, Query


class DeleteQuery(Query):
    """How far a delete goes."""

    cascade: bool = False
    """Take along what refers to the node; without it such a delete is refused."""


class MapsQuery(PageQuery):
    """Which maps."""

    deleted: bool = False
    """Those that were deleted and can be brought back, the last one first."""


class SearchQuery(PageQuery):
    """A search in the texts of all maps or of some."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    """Words; each must stand in the text or begin one of its words. `tag:WORD` asks for a tag."""
    maps: Ids = ()
    """Only in these maps."""
    kinds: Ids = ()
    """Only nodes of these kinds."""
