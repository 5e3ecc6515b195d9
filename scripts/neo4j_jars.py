"""Finds the Java that a version of Neo4j needs and fetches its jars with Maven, once."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

LTS = "5.26.30"
LATEST = "2026.08.1"

_POM = """\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>argumap</groupId>
  <artifactId>neo4j-for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>{version}</version></dependency>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version></dependency>
  </dependencies>
</project>
"""


class Neo4jServerError(Exception):
    """A server cannot be had here; the message says what is missing."""


@dataclass(frozen=True)
class Release:
    """A version of Neo4j and what it takes to run it."""

    version: str
    java: int
    main_class: str

    @classmethod
    def of(cls, version: str) -> Self:
        """What is known of a version: 5.x and the calendar versions differ in class and Java."""
        if not re.fullmatch(r"\d+\.\d+\.\d+", version):
            raise Neo4jServerError(f"{version!r} is no version of Neo4j; one looks like {LTS}")
        if version.startswith("5."):
            return cls(version, 17, "org.neo4j.server.CommunityEntryPoint")
        return cls(version, 21, "org.neo4j.server.Neo4jCommunity")


def find_java(release: Release) -> Path:
    """The first Java new enough: of JAVA_HOME, of the search path, or among the system's own."""
    seen = []
    for java in _candidates():
        version = _java_version(java)
        if version >= release.java:
            return java
        seen.append(str(version))
    have = f"only Java {', '.join(seen)}" if seen else "no Java"
    raise Neo4jServerError(f"Neo4j {release.version} needs Java {release.java} or newer; {have} is here")


def jars(release: Release) -> Path:
    """The folder with the jars of a version, fetched the first time; several processes may ask at once."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "argumap" / "neo4j"
    folder = cache / release.version
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / f"{release.version}.lock"):
        if not folder.exists():
            _fetch(release, cache, folder)
    return folder


def releases() -> Iterator[str]:
    """A line for each version that the tests run on."""
    for version in (LTS, LATEST):
        release = Release.of(version)
        try:
            yield f"{version}  Java {release.java} or newer: {find_java(release)}"
        except Neo4jServerError as error:
            yield f"{version}  not here: {error}"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock between processes; it goes with the process which holds it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _candidates() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found)
    yield from sorted(Path("/usr/lib/jvm").glob("*/bin/java"))


def _java_version(java: Path) -> int:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _fetch(release: Release, cache: Path, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise Neo4jServerError(
            f"Maven (mvn) is not here; it fetches the jars of Neo4j {release.version} the first time"
        )
    with tempfile.TemporaryDirectory(dir=cache) as work:
        pom = Path(work) / "pom.xml"
        pom.write_text(_POM.format(version=release.version))
        copied = Path(work) / "jars"
        command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
        command += ["-DincludeScope=runtime", f"-DoutputDirectory={copied}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode != 0 or not copied.exists():
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-10:])
            raise Neo4jServerError(f"Maven could not fetch Neo4j {release.version}\n{tail}")
        copied.rename(folder)  # whole or not at all: a half-fetched folder would never be mended
