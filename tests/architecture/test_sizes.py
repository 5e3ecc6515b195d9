"""Files and functions stay small enough to be read at one sitting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from statistics import median

from tests.support.files import PACKAGES, parsed, project_texts

LONGEST_FILE = 500
LONGEST_FUNCTION = 50
MEDIAN_FILE = 150

# A file that may be longer, with the reason.
LONG_FILES: dict[str, str] = {}


def _code() -> dict[str, str]:
    folders = tuple(f"{name}/" for name in (*PACKAGES, "scripts", "bench"))
    return {name: text for name, text in project_texts().items() if name.startswith(folders) and name[-3:] == ".py"}


def _functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_long_without_a_reason() -> None:
    long = {name: len(text.splitlines()) for name, text in _code().items() if len(text.splitlines()) > LONGEST_FILE}
    assert {name: lines for name, lines in long.items() if name not in LONG_FILES} == {}
    assert set(LONG_FILES) <= set(long), "listed as long, and is not"


def test_the_median_file_is_short() -> None:
    assert median(len(text.splitlines()) for text in _code().values()) < MEDIAN_FILE


def test_no_function_is_long() -> None:
    long = [
        f"{name}: {function} has {lines} lines"
        for name, text in _code().items()
        for function, lines in _functions(text)
        if lines > LONGEST_FUNCTION
    ]
    assert long == []
