"""Prints the modules that a single other one imports: a half of a thought belongs to its other half."""

import sys
from collections.abc import Iterator
from typing import NamedTuple

import grimp

PACKAGES = ("schemas", "graph", "seed", "service")
_REGISTERED = {
    "service.routes": "service.routes.",
    "service.app": "service.routes.",
    "service.cli.commands": "service.cli.",
}
"""Where operations and commands are registered, and what their names begin with: those are imported once by design."""


class SingleImport(NamedTuple):
    """A module with its one importer."""

    module: str
    importer: str


def single_importers() -> list[SingleImport]:
    """The modules of the product with one importer, in order; operations and commands apart."""
    return sorted(_found(grimp.build_graph(*PACKAGES, cache_dir=None)))


def _found(imports: grimp.ImportGraph) -> Iterator[SingleImport]:
    for module in imports.modules:
        importers = imports.find_modules_that_directly_import(module)
        if len(importers) == 1:
            [importer] = importers
            if not module.startswith(_REGISTERED.get(importer, "-")):
                yield SingleImport(module, importer)


def main() -> int:
    """Print each with its importer, and how many there are."""
    found = single_importers()
    for one in found:
        print(f"{one.module:<55} {one.importer}")
    print(f"{len(found)} modules have a single importer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
