"""Writes the page's types from the OpenAPI document of the service as it is now."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import hatch_build
from service.app import create_app
from service.settings import Settings

TYPES = Path(__file__).parents[1] / "service" / "ui" / "src" / "api" / "schema.d.ts"


def generate(target: Path) -> None:
    """Write the types to a file; raises `hatch_build.PageError` where npm cannot be had."""
    hatch_build.install(tools=True)
    command, _ = hatch_build.npm_command()
    document = create_app(Settings(store="sqlite::memory:")).openapi()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "openapi.json"
        source.write_text(json.dumps(document), encoding="utf-8")
        call = [*command, "run", "types", "--", str(source), "--output", str(target.resolve())]
        done = subprocess.run(call, cwd=TYPES.parents[2], capture_output=True, text=True, check=False)
    if done.returncode:
        raise hatch_build.PageError(f"the types were not written:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    try:
        generate(TYPES)
    except hatch_build.PageError as error:
        sys.exit(str(error))
