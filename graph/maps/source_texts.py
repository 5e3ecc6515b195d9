"""The texts of sources, which a store keeps beside the map: attached, read and taken away."""

from contextlib import suppress
from hashlib import sha256

from graph.errors import Conflict, NotFound, Refused, TooLarge
from graph.maps.port import SourceText, Store
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import Source
from schemas.problem import FieldProblem


class SourceTexts:
    """Attaches a text to a source and gives it back; whose digest it must have the source says."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def held(self, graph: ArgumentGraph) -> dict[str, str]:
        """The sources of a view that have a text which fits them, with the digest of it."""
        held = await self._store.source_digests(graph.map)
        return {i: digest for i, digest in held.items() if _fits(graph, i, digest)}

    async def find(self, graph: ArgumentGraph, source: Source) -> SourceText | None:
        """The text of a source; none where there is none, or one with another digest than the source has by now."""
        found = await self._store.source_text(graph.map, source.id)
        return found if found is not None and source.sha256 in (None, found.sha256) else None

    async def read(self, graph: ArgumentGraph, source: Source) -> SourceText:
        """The text of a source; raises `NotFound`, which says how to attach one."""
        found = await self.find(graph, source)
        if found is None:
            wanted = f" with the SHA-256 {source.sha256}" if source.sha256 else ""
            raise NotFound(
                f"no text is attached to the source {source.id!r}; attach the one{wanted} by PUT at this address",
                code="text_not_attached",
            )
        return found

    async def attach(self, graph: ArgumentGraph, source: Source, sent: str) -> SourceText:
        """Keep the text of a source, in place of the one it has.

        Raises `Refused` for what is no text, `Conflict` where its digest is not the source's.
        """
        text = fitting(sent, source.sha256)
        if not await self._store.keep_text(graph.map, source.id, text):
            raise NotFound(f"there is no map {graph.map!r}", code="map_not_found")
        return text

    async def put_back(self, graph: ArgumentGraph, source: Source, text: SourceText | None) -> None:
        """Have a source hold the text, or none, that it held before; what it has stays where that is too much."""
        with suppress(TooLarge):
            await self._store.keep_text(graph.map, source.id, text)

    async def remove(self, graph: ArgumentGraph, source: Source) -> None:
        """Take a text away; raises `NotFound` where there is none."""
        if not await self._store.keep_text(graph.map, source.id, None):
            raise NotFound(f"no text is attached to the source {source.id!r}", code="text_not_attached")


def fitting(text: str, digest: str | None) -> SourceText:
    """A text with its digest; where a digest is wanted that only other line ends or a byte order mark stand between,
    the text that has it. Raises `Refused` for what is no text, `Conflict` for another digest.
    """
    _check(text)
    if digest is None:
        plain = text.removeprefix("\ufeff")
        return SourceText(_digest(plain), plain)
    forms = dict.fromkeys(
        (text, *(form for bare in (text.removeprefix("\ufeff"),) for form in (bare, *_with_other_ends(bare))))
    )
    for form in forms:
        if _digest(form) == digest:
            return SourceText(digest, form)
    detail = (
        f"the text has the SHA-256 {_digest(text)}, and the offsets of this source count in one with {digest}; "
        "attach that one, or first change the source's sha256 and check its locators"
    )
    raise Conflict(detail, [FieldProblem("", detail, "other_text")], code="other_text")


def _with_other_ends(text: str) -> tuple[str, ...]:
    unix = text.replace("\r\n", "\n")
    bare = unix.rstrip("\n")
    return (unix, bare, f"{bare}\n", unix.replace("\n", "\r\n"), bare.replace("\n", "\r\n"))


def _check(text: str) -> None:
    if "\0" in text:
        raise _refused("holds a zero character, as files do that are no texts; save it as plain text")
    if not text.strip():
        raise _refused("is empty; send the words of the source")


def _refused(what: str) -> Refused:
    detail = f"the text {what}"
    return Refused(detail, [FieldProblem("", detail)], code="no_text")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _fits(graph: ArgumentGraph, source_id: str, digest: str) -> bool:
    number = graph.find(source_id)
    node = None if number is None else graph.at(number)
    return isinstance(node, Source) and node.sha256 in (None, digest)
