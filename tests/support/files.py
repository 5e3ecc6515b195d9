"""The project's own files, for tests that read them."""

from __future__ import annotations

import ast
import gc
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "graph", "seed", "service")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is or could be committed; without git, everything but hidden and built files."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not _made(path.relative_to(ROOT))]
    return tuple(sorted(path for path in found if path.is_file()))


@cache
def project_texts() -> dict[str, str]:
    """The text of each file by its path; pictures and the like are left out."""
    texts = {}
    for path in project_files():
        try:
            texts[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return texts


@cache
def parsed(text: str) -> ast.Module:
    """A module's tree; parsing all of them takes seconds, so it is done once for all tests that look into them."""
    # All of it is new and none of it garbage: a collector that looks takes three quarters of the time.
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        gc.enable()


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _made(path: Path) -> bool:
    hidden = path.parts[0].startswith(".") and path.parts[0] not in {".ci"} and len(path.parts) > 1
    return hidden or "__pycache__" in path.parts or path.parts[0] in {"build", "dist"}
