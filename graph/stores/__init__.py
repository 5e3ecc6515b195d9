"""The stores: whatever keeps maps behind `graph.maps.port.Store`, chosen by a URL."""

from collections.abc import Callable
from typing import NamedTuple

from graph.maps.port import Store
from schemas.problem import did_you_mean

_NEO4J = frozenset({"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"})


class Certificates(NamedTuple):
    """Files that encrypt the way to a Neo4j server; see `graph.stores.neo4j_access.Access`."""

    authority: str | None = None
    certificate: str | None = None
    key: str | None = None


NO_CERTIFICATES = Certificates()


def open_store(
    url: str,
    *,
    user: str | None = None,
    password: str | Callable[[], str | None] | None = None,
    database: str | None = None,
    patience: float = 5.0,
    migrates: bool = True,
    certificates: Certificates = NO_CERTIFICATES,
    pool: int = 100,
) -> Store:
    """The store that a URL names, not connected yet: its `open` does that.

    `sqlite:PATH` (relative or absolute, `~` allowed) or `sqlite::memory:`; `neo4j://host:port`, `bolt://…` and
    their encrypted forms, for which user, password and database count. `patience` is how many seconds a call
    may go without an answer. A password may be what reads it, which is asked again when the server refuses the one
    before. Without `migrates` a store whose schema is not the newest is refused when it is opened. Raises `ValueError`
    for any other URL.
    """
    scheme, colon, rest = url.partition(":")
    if colon and scheme == "sqlite" and rest:
        from graph.stores.sqlite import SqliteStore  # noqa: PLC0415 - a store loads its own driver and no other

        return SqliteStore(rest, patience=patience, migrates=migrates)
    if colon and scheme in _NEO4J and rest.strip("/"):
        from graph.stores.neo4j import Neo4jStore  # noqa: PLC0415
        from graph.stores.neo4j_access import Access  # noqa: PLC0415

        access = Access(user, password, *certificates, pool)
        return Neo4jStore(url, access=access, database=database, patience=patience, migrates=migrates)
    known = ["sqlite", *sorted(_NEO4J)]
    hint = "it needs a path or host behind the colon" if scheme in known else did_you_mean(scheme, known)
    raise ValueError(f"{url!r} names no store: {hint}; for example sqlite:argumap.db or neo4j://localhost:7687")
