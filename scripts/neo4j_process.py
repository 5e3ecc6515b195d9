"""What a server's process is started with, and how one of ours is told from any other."""

from __future__ import annotations

import random
import socket
import subprocess
from pathlib import Path

from scripts.neo4j_jars import Neo4jServerError, Release

# A started server outlives the object which started it; the handle stays here so that an ended one is
# reaped, and so that Python does not warn of a process that is meant to go on.
CHILDREN: dict[int, subprocess.Popen[bytes]] = {}


def is_ours(pid: int, folder: Path) -> bool:
    """Whether a process of this id lives and was started for this folder: ids are used again."""
    child = CHILDREN.get(pid)
    if child is not None:
        return child.poll() is None
    found = subprocess.run(
        ["ps", "-ww", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return not found.startswith("Z") and f"--home-dir={folder} " in found + " "


def free_port() -> int:
    """A port of loopback on which nothing listens."""
    # Below the range from which the system takes the near end of outgoing connections: such a one would
    # take the port in the seconds before the server listens.
    for port in random.sample(range(20_000, 32_000), 100):
        if not _busy(port):
            return port
    raise Neo4jServerError("no free port between 20000 and 32000")


def _busy(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


def refuse_busy_port(port: int) -> None:
    """Say so before a start which would fail half a minute later."""
    if _busy(port):
        raise Neo4jServerError(f"port {port} is taken by another program; name a free one with --port")


def configuration(port: int, heap_mb: int) -> dict[str, str]:
    """Bolt on loopback and nothing else, small in memory and on disk."""
    return {
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "server.memory.heap.initial_size": f"{heap_mb}m",
        "server.memory.heap.max_size": f"{heap_mb}m",
        "server.memory.pagecache.size": "256m",
        # An empty data folder takes 2 MB instead of 516.
        "db.tx_log.preallocate": "false",
        "db.tx_log.rotation.size": "16m",
        "db.tx_log.rotation.retention_policy": "keep_none",
        # The server tells drivers to give a silent connection up after 20 s, not 120: a small heap may pause for 5.
        "server.bolt.connection_keep_alive": "2s",
        "server.bolt.connection_keep_alive_probes": "10",
    }


def command_line(
    release: Release, java: Path, classpath: Path, folder: Path, heap_mb: int, jvm: tuple[str, ...] = ()
) -> list[str]:
    """The JVM's, with options of its own in `jvm`; `--home-dir` is also what `is_ours` knows a process by."""
    opened = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
    return [
        str(java),
        f"-Xms{heap_mb}m",
        f"-Xmx{heap_mb}m",
        "-XX:+UseSerialGC",
        *jvm,
        *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in opened),
        "-cp",
        f"{classpath}/*",
        release.main_class,
        f"--home-dir={folder}",
        f"--config-dir={folder / 'conf'}",
    ]
