"""No pattern backtracks: each is fed hostile repetitions of what it is made of, in a process with little CPU."""

from __future__ import annotations

import ast
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.support.files import PACKAGES, ROOT, project_texts

_LENGTH = 20_000
_CPU = 30
"""Seconds for all patterns together; a single one that is quadratic takes longer on texts of this length."""
_FED = r"""
import json, re, sys
length = int(sys.argv[1])
for place, pattern, flags, calls in json.load(sys.stdin):
    print(place, pattern[:60], flush=True)
    found = re.compile(pattern.encode() if flags < 0 else pattern, abs(flags) - 1)
    signs = sorted(set(pattern) | set(" \t\n.,'\"a0A-_/"))
    for sign in signs:
        for more in ("", "a", "0", "\\", "'", " "):
            fed = (sign + more) * (length // (1 + len(more))) + "\0"
            for call in calls:
                getattr(found, call)(fed.encode() if flags < 0 else fed)
print("done")
"""
_CALLS = {"sub": "search", "subn": "search", "split": "search", "findall": "search", "finditer": "search"}
"""What looks at a text as another call does."""


class Pattern(NamedTuple):
    """A pattern that the product compiles."""

    place: str
    text: str
    flags: int
    """1 + its flags, below 0 for one of bytes."""
    calls: tuple[str, ...]
    """The ways in which it is put to texts."""


def _patterns() -> Iterator[Pattern]:
    folders = tuple(f"{name}/" for name in PACKAGES)
    for name, text in project_texts().items():
        if name.startswith(folders) and name.endswith(".py") and "import re" in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                    yield from _pattern(name, text, node)


def _pattern(name: str, text: str, node: ast.Call) -> Iterator[Pattern]:
    given = node.args[0]
    if not isinstance(given, ast.Constant) or not isinstance(given.value, str | bytes):
        return
    said = ast.unparse(node)
    flags = 1 + (16 if "DOTALL" in said else 0) + (2 if "IGNORECASE" in said else 0) + (8 if "MULTILINE" in said else 0)
    call = ast.unparse(node.func).removeprefix("re.")
    calls = {call} if call != "compile" else _calls_of(text, node.lineno)
    known = tuple(sorted({_CALLS.get(one, one) for one in calls} & {"search", "match", "fullmatch"})) or ("search",)
    if isinstance(given.value, bytes):
        yield Pattern(f"{name}:{node.lineno}", given.value.decode("latin-1"), -flags, known)
    else:
        yield Pattern(f"{name}:{node.lineno}", given.value, flags, known)


def _calls_of(text: str, line: int) -> set[str]:
    """How the name that a compiled pattern is given is used in its module."""
    named = re.match(r"\s*(\w+)", text.splitlines()[line - 1])
    return set(re.findall(rf"\b{named[1]}\.(\w+)\b", text)) if named else set()


def _fed(patterns: list[Pattern], cpu: int) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", _FED, str(_LENGTH)],
        input=msgspec.json.encode(patterns),
        capture_output=True,
        cwd=Path(ROOT),
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu)),
    )


def test_every_pattern_is_linear() -> None:
    patterns = list(_patterns())
    assert len(patterns) > 20
    done = _fed(patterns, _CPU)
    said = done.stdout.decode().splitlines()
    assert said[-1:] == ["done"], f"{said[-1:]} did not come to an end {done.stderr.decode()[-300:]}"


def test_one_that_backtracks_is_found() -> None:
    done = _fed([Pattern("here", r"\s+$", 1, ("search",))], 3)
    assert b"done" not in done.stdout
