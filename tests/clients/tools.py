"""Fetches the generators and what their clients run with, each once, into the cache of the user."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hatch_build
from scripts.neo4j_jars import locked
from tests.support.files import ROOT

HERE = Path(__file__).parent
PYTHON_LOCK = ROOT / "requirements-clients.lock"
NODE_FILES = (".npmrc", "package.json", "package-lock.json")
GENERATOR = "org.openapitools:openapi-generator-cli:7.25.0"
GENERATOR_SHA256 = "41ce4f6b07f196676439d710759fa1ced7a08066d06ff1bf314681470289efae"


class ToolMissingError(Exception):
    """A generator cannot be had here; the message says what is missing."""


def run(
    *command: str | Path, folder: Path | None = None, path: str = "", fails: type[Exception] = AssertionError
) -> str:
    """Run a tool in a folder with `path` before the search path; what it says, or `fails` with its last lines."""
    env = {**os.environ, "PATH": path + os.pathsep + os.environ.get("PATH", "")} if path else None
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join(done.stdout.strip().splitlines()[-40:])
        raise fails(f"{Path(command[0]).name} ended with {done.returncode}:\n{said}")
    return done.stdout


def python_tools() -> Path:
    """The folder of the commands of an environment with openapi-python-client, mypy and what a client imports."""
    version = ".".join(str(part) for part in sys.version_info[:2])

    def install(folder: Path) -> None:
        run(sys.executable, "-m", "venv", folder, fails=ToolMissingError)
        pip = [folder / "bin" / "python", "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
        run(*pip, "install", "--require-hashes", "-r", PYTHON_LOCK, fails=ToolMissingError)

    return _once(f"python{version}-{_digest([PYTHON_LOCK])}", install) / "bin"


def node_modules() -> Path:
    """The folder of openapi-typescript, openapi-fetch and the TypeScript compiler."""

    def install(folder: Path) -> None:
        folder.mkdir()
        for name in NODE_FILES:
            shutil.copy(HERE / name, folder)
        command, path = _npm()
        run(*command, "ci", "--ignore-scripts", folder=folder, path=path, fails=ToolMissingError)

    return _once(f"node-{_digest([HERE / name for name in NODE_FILES])}", install) / "node_modules"


def node() -> Path:
    """The program that runs JavaScript."""
    _, folder = _npm()
    return Path(folder) / ("node.exe" if os.name == "nt" else "node")


def generator() -> Path:
    """The jar of openapi-generator."""

    def fetch(folder: Path) -> None:
        maven = shutil.which("mvn")
        if maven is None:
            raise ToolMissingError("Maven (mvn) is not here; it fetches openapi-generator the first time")
        folder.mkdir()
        copy = [f"-Dartifact={GENERATOR}", f"-DoutputDirectory={folder}", "-Dmdep.stripVersion=true"]
        run(maven, "-q", "-B", "dependency:copy", *copy, folder=folder, fails=ToolMissingError)

    jar = _once(f"openapi-generator-{GENERATOR.rsplit(':', 1)[1]}", fetch) / "openapi-generator-cli.jar"
    if hashlib.sha256(jar.read_bytes()).hexdigest() != GENERATOR_SHA256:
        raise AssertionError(f"{jar} is not the file that was tried; delete it")
    return jar


def java() -> Path:
    """The program that runs openapi-generator."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java") or (home and shutil.which("java", path=str(Path(home) / "bin")))
    if not found:
        raise ToolMissingError("Java is not here; openapi-generator needs 11 or newer")
    return Path(found)


def _npm() -> tuple[list[str], str]:
    try:
        return hatch_build.npm_command()
    except hatch_build.PageError as error:
        raise ToolMissingError(str(error)) from error


def _digest(files: list[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def _once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name in the cache, made the first time; several processes may ask at once."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "argumap" / "clients"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / name
    with locked(cache / f"{name}.lock"):
        done = folder / ".whole"  # an environment holds its own path, so it cannot be made elsewhere and moved
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder
