"""The stores: whatever keeps maps behind `graph.maps.port.Store`, chosen by a URL."""

from graph.maps.port import Store
from schemas.problem import did_you_mean

_NEO4J = frozenset({"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"})


def open_store(
    url: str,
    *,
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
    patience: float = 5.0,
) -> Store:
    """The store that a URL names, not connected yet: its `open` does that.

    `sqlite:PATH` (relative or absolute, `~` allowed) or `sqlite::memory:`; `neo4j://host:port`, `bolt://…` and
    their encrypted forms, for which user, password and database count. `patience` is how many seconds a call
    may go without an answer. Raises `ValueError` for any other URL.
    """
    scheme, colon, rest = url.partition(":")
    if colon and scheme == "sqlite" and rest:
        from graph.stores.sqlite import SqliteStore  # noqa: PLC0415 - a store loads its own driver and no other

        return SqliteStore(rest, patience=patience)
    if colon and scheme in _NEO4J and rest.strip("/"):
        from graph.stores.neo4j import Neo4jStore  # noqa: PLC0415

        return Neo4jStore(url, user=user, password=password, database=database, patience=patience)
    known = ["sqlite", *sorted(_NEO4J)]
    hint = "it needs a path or host behind the colon" if scheme in known else did_you_mean(scheme, known)
    raise ValueError(f"{url!r} names no store: {hint}; for example sqlite:argumap.db or neo4j://localhost:7687")
