"""Makes a client from the OpenAPI document with each generator, checks its types, and does the deeds with it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.api.serving import Served
from tests.clients.tools import generator, java, node, node_modules, python_tools, run
from tests.support.files import ROOT

DEEDS = Path(__file__).parent / "deeds"
EXAMPLE = "example of "
"""How the name of a deed begins that is the example of an operation."""
PLAIN_BODIES = ("PUT /v1/maps/{map}/sources/{id}/text",)
"""What openapi-python-client makes no function for: it knows no body of plain text."""
Went = Mapping[str, str | None]
"""How each deed went, by its name: None, or what was wrong."""


def python_client(document: Path, address: str, folder: Path) -> Went:
    """openapi-python-client, checked by `mypy --strict` without any exception."""
    tools = python_tools()
    settings = folder / "settings.yaml"
    settings.write_text("post_hooks: []\n")  # they would only format the code
    options = ["--path", document, "--config", settings, "--meta", "none", "--output-path", folder / "argumap_client"]
    said = run(tools / "openapi-python-client", "generate", *options)
    left_out = [line.partition(" within ")[0] for line in said.splitlines() if line.startswith(("WARNING", "ERROR"))]
    assert left_out == [f"WARNING parsing {one}" for one in PLAIN_BODIES], said
    for name in ("python_client.py", "every_example.py"):
        shutil.copy(DEEDS / name, folder)
    run(tools / "mypy", "--strict", "argumap_client", "python_client.py", "every_example.py", folder=folder)
    deeds = _went(run(tools / "python", "python_client.py", address, folder=folder))
    store = f"sqlite:{folder / 'keyed.sqlite'}"
    with Served(folder, {"ARGUMAP_STORE": store, "ARGUMAP_SEED": "0"}) as served:
        key = _first_key(store)
        examples = _went(run(tools / "python", "every_example.py", document, served.url, key, folder=folder))
    return {**deeds, **{f"{EXAMPLE}{name}": wrong for name, wrong in examples.items()}}


def _first_key(store: str) -> str:
    """A key that may do everything, made on the store itself."""
    command = [sys.executable, "-c", "from service.cli import main; main()", "keys", "create", "--store", store]
    made = subprocess.run(
        [*command, "--name", "client", "--scope", "admin", "--json"], cwd=ROOT, check=True, capture_output=True
    )
    return str(json.loads(made.stdout)["key"])


def openapi_fetch(document: Path, address: str, folder: Path) -> Went:
    """openapi-fetch with the types of openapi-typescript, checked by `tsc --strict`."""
    _typescript(folder, "openapi_fetch.ts")
    make = folder / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    run(node(), make, document, "--output", folder / "schema.d.ts")
    return _compiled(folder, "openapi_fetch", address)


def typescript_fetch(document: Path, address: str, folder: Path) -> Went:
    """typescript-fetch of openapi-generator, checked by `tsc --strict`."""
    _typescript(folder, "typescript_fetch.ts")
    options = ["-i", document, "-g", "typescript-fetch", "-o", folder / "typescript-fetch"]
    more = "--additional-properties=importFileExtension=.js"  # what Node's own modules need
    run(java(), "-jar", generator(), "generate", *options, more)
    return _compiled(folder, "typescript_fetch", address)


CLIENTS: Mapping[str, Callable[[Path, str, Path], Went]] = {
    "openapi-python-client": python_client,
    "openapi-fetch": openapi_fetch,
    "typescript-fetch": typescript_fetch,
}


def _typescript(folder: Path, deeds: str) -> None:
    for name in ("deeds.ts", "tsconfig.json", deeds):
        shutil.copy(DEEDS / name, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(node_modules(), target_is_directory=True)


def _compiled(folder: Path, deeds: str, address: str) -> Went:
    run(node(), folder / "node_modules" / "typescript" / "bin" / "tsc", "--project", folder)
    return _went(run(node(), folder / "out" / f"{deeds}.js", address))


def _went(said: str) -> Went:
    went: dict[str, str | None] = json.loads(said.splitlines()[-1])
    return went
