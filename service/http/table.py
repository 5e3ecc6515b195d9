"""The table of addresses: which operation an address is for, found by its words instead of by trying each pattern."""

from collections import defaultdict
from collections.abc import Iterable

from service.http.route import DirectRoute

Words = tuple[str | None, ...]
"""A method and the words of a path; None stands where a part varies."""


class Table:
    """Finds the route of a request in a few look-ups; it must agree with the patterns of the routes."""

    def __init__(self, routes: Iterable[DirectRoute]) -> None:
        self._routes: dict[Words, DirectRoute] = {}
        shapes: defaultdict[int, set[tuple[int, ...]]] = defaultdict(set)
        for route in routes:
            words = route.path.split("/")
            varies = tuple(i for i, word in enumerate(words) if word.startswith("{"))
            shapes[len(words)].add(varies)
            self._routes[_words(route.operation.method, words, varies)] = route
        # Fewer varying parts first: `/evaluation/acceptance` before `/{kind}/{id}`.
        self._shapes = {length: sorted(found, key=len) for length, found in shapes.items()}

    def find(self, method: str, path: str) -> tuple[DirectRoute, dict[str, str]] | None:
        """The route and the varying parts of a path by name; None where no operation has both."""
        words = path.split("/")
        for varies in self._shapes.get(len(words), ()):
            route = self._routes.get(_words(method, words, varies))
            if route is not None:
                parts = [words[i] for i in varies]
                return (route, dict(zip(route.operation.places, parts, strict=True))) if all(parts) else None
        return None


def _words(method: str, words: list[str], varies: tuple[int, ...]) -> Words:
    found: list[str | None] = [method, *words]
    for i in varies:
        found[i + 1] = None
    return tuple(found)
