"""Finds every public docstring that promises an `O(…)`, and the tests that count the work of what it belongs to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from types import CodeType

from tests.support.files import PACKAGES, parsed, project_texts

_PROMISE = re.compile(r"\bO\(")
_TESTS = "tests/growth/"
_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def promised(texts: dict[str, str] | None = None) -> dict[str, str]:
    """The full name of all that promises an `O(…)` in its public docstring, with the docstring."""
    found = {}
    for path, text in (project_texts() if texts is None else texts).items():
        if path.startswith(tuple(f"{one}/" for one in PACKAGES)) and path.endswith(".py"):
            module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            found.update(dict(_documented(module, parsed(text))))
    return {name: doc for name, doc in found.items() if _PROMISE.search(doc) and _public(name)}


def _documented(name: str, node: ast.Module | _Named) -> Iterator[tuple[str, str]]:
    yield name, ast.get_docstring(node) or ""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):  # what stands in a function is its own affair
        for inner in node.body:
            if isinstance(inner, _Named):
                yield from _documented(f"{name}.{inner.name}", inner)


def _public(name: str) -> bool:
    parts = name.split(".")
    return not any(part.startswith("_") and not part.endswith("__") for part in parts)


def covered(texts: dict[str, str] | None = None) -> dict[str, list[str]]:
    """The names that the growth tests are marked with, each with its tests."""
    found: dict[str, list[str]] = {}
    for path, text in (project_texts() if texts is None else texts).items():
        if path.startswith(_TESTS) and path.endswith(".py"):
            for node in ast.walk(parsed(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                    for name in _marked(node):
                        found.setdefault(name, []).append(f"{path}::{node.name}")
    return found


def _marked(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "promises":
            yield from (one.value for one in mark.args if isinstance(one, ast.Constant))


def codes_of(name: str) -> set[CodeType]:
    """The code of a function, a method or a property, of any method of a class; raises `LookupError`."""
    found = _resolved(name)
    if isinstance(found, type):
        return {code for one in vars(found).values() if (code := _code(one)) is not None}
    code = _code(found)
    if code is None:
        raise LookupError(f"{name} is no function, method, property or class with methods of its own")
    return {code}


def _resolved(name: str) -> object:
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            held = vars(found) if hasattr(found, "__dict__") else {}
            if part not in held:
                raise LookupError(f"there is no {name}")
            found = held[part]
        return found
    raise LookupError(f"there is no {name}")


def _code(found: object) -> CodeType | None:
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, cached_property):
        found = found.func
    if isinstance(found, staticmethod | classmethod):
        found = found.__func__
    while (inner := getattr(found, "__wrapped__", None) or getattr(found, "py_func", None)) is not None:
        found = inner
    return getattr(found, "__code__", None)
