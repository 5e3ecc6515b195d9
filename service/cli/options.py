"""The options that several commands share."""

from typing import Annotated

import typer

Store = Annotated[
    str | None, typer.Option("--store", metavar="URL", help="Ask this store: sqlite:PATH, neo4j://HOST:PORT, bolt://…")
]
Url = Annotated[
    str | None, typer.Option("--url", metavar="URL", help="Ask the service that runs there (or ARGUMAP_URL).")
]
Map = Annotated[
    str | None, typer.Option("--map", "-m", metavar="ID", help="The map; left out, the only one or the example.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the API's own answer, byte for byte.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="WHEN", help="The map as it was at a revision or time.")]
Draft = Annotated[str | None, typer.Option("--draft", metavar="ID", help="The map as a draft would have it.")]
Ids = list[str] | None
Sources = Annotated[
    Ids, typer.Option("--source", metavar="ID", help="Only what this source holds or is cited for. Repeatable.")
]
Actors = Annotated[Ids, typer.Option("--actor", metavar="ID", help="Only what this actor is committed to. Repeatable.")]
Motives = Annotated[Ids, typer.Option("--motive", metavar="ID", help="Only what concerns this motive. Repeatable.")]
Basis = Annotated[
    str | None, typer.Option("--basis", metavar="explicit|all", help="explicit: without steps that no text marks.")
]
Confidence = Annotated[
    str | None,
    typer.Option("--min-confidence", metavar="high|medium|low", help="Only steps of at least this confidence."),
]
Without = Annotated[
    Ids, typer.Option("--without", metavar="ID", help="Take this node out, and what falls with it. Repeatable.")
]
