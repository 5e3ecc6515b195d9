"""The house stays one that a reader finds his way in: few files for a request, one place for a name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from scripts.files_passed import REQUESTS, files_passed
from scripts.single_importers import single_importers
from tests.support.files import PACKAGES, parsed, project_texts

PASSED_AT_MOST = {"a path question": 18, "an evaluation": 18, "a POST of an argument": 20}
SINGLE_IMPORTERS_AT_MOST = 25


def not_yet(present: str) -> pytest.MarkDecorator:
    """Expected to fail as long as the figure is above its bound."""
    return pytest.mark.xfail(strict=True, reason=f"at present {present}")


def product(*packages: str) -> dict[str, ast.Module]:
    """The modules of these packages, or of all."""
    folders = tuple(f"{name}/" for name in packages or PACKAGES)
    texts = project_texts().items()
    return {name: parsed(text) for name, text in texts if name.startswith(folders) and name.endswith(".py")}


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param("a path question", marks=not_yet("22")),
        pytest.param("an evaluation", marks=not_yet("26")),
        pytest.param("a POST of an argument", marks=not_yet("28")),
    ],
)
def test_a_request_passes_few_files(request_: str) -> None:
    passed = files_passed(REQUESTS[request_])
    assert any(name.startswith("graph/") for name in passed), "nothing was followed: this would pass on anything"
    assert len(passed) <= PASSED_AT_MOST[request_], "\n".join(passed)


def test_few_modules_have_a_single_importer() -> None:
    found = single_importers()
    assert len(found) <= SINGLE_IMPORTERS_AT_MOST, "\n".join(f"{one.module} <- {one.importer}" for one in found)


def test_no_public_name_is_defined_twice() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, module in product().items():
        for defined in _defined(module):
            places[defined].append(name)
    twice = {defined: found for defined, found in places.items() if len(found) > 1}
    assert not twice, "\n".join(f"{defined}: {', '.join(found)}" for defined, found in twice.items())


def _defined(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name


def test_threads_are_entered_in_one_place() -> None:
    modules = product("graph", "seed", "service").items()
    found = [f"{name}:{line}" for name, module in modules for line in _lines_with(module, "to_thread")]
    assert len(found) == 1, found


def _lines_with(module: ast.Module, word: str) -> Iterator[int]:
    """Where a name is used, and not only imported."""
    for node in ast.walk(module):
        if (isinstance(node, ast.Attribute) and node.attr == word) or (isinstance(node, ast.Name) and node.id == word):
            yield node.lineno
