"""What stands in the files: no trace of a machine, a sentence at the head of each module, one version."""

from __future__ import annotations

import ast
import re

import pytest

from tests.support.files import parsed, project_texts, pyproject

# WriteResult in pieces, so that this file does not find itself.
MACHINE = re.compile(r"(?<![\w.])/(?:" + "|".join(("work", "farm", "root", "home", "Users")) + r")/\w")
_ADDRESSES = [
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "npmjs" + r"\.(?:org|com)",
    "maven" + r"\.(?:org|apache\.org/maven2)",
    "deb" + r"\.debian\.org",
    r"(?<!no-emit-)index" + "-url",
    r"(?<!no-emit-)find" + "-links",
]
INDEX = re.compile("|".join(_ADDRESSES))


@pytest.mark.parametrize("pattern", [MACHINE, INDEX], ids=["path-of-a-machine", "address-of-an-index"])
def test_no_file_tells_of_a_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in project_texts().items()
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_patterns_find_what_they_look_for() -> None:
    assert MACHINE.search("see " + "/ro" + "ot/x")
    assert MACHINE.search('"' + "/ho" + "me/someone")
    assert not MACHINE.search("docs" + "/wo" + "rk/x")
    assert INDEX.search("https://" + "pypi" + ".org/simple")
    assert INDEX.search("--index" + "-url x")


def test_a_lock_holds_no_address() -> None:
    locks = {name: text for name, text in project_texts().items() if name.endswith(".lock")}
    assert set(locks) == {f"requirements{part}.lock" for part in ("", "-clients", "-dev", "-page")}
    assert [name for name, text in locks.items() if "://" in text] == []


def test_every_module_opens_with_one_sentence() -> None:
    assert [name for name, text in project_texts().items() if name[-3:] == ".py" and not _opens(text)] == []


def _opens(text: str) -> bool:
    """A first paragraph that is one sentence, or leads up to what follows."""
    first = (ast.get_docstring(parsed(text)) or "").split("\n\n")[0].strip()
    return bool(re.fullmatch(r"[^\s].*[.?:]", first, re.DOTALL)) and not re.search(r"[a-z)]\. [A-Z]", first)


def test_one_sentence_is_told_from_two() -> None:
    one = ['"""Adds: one, two (e.g. three)."""', '"""The tree:\n\n  leaf\n"""']
    other = ['"""Adds. Then more."""', '"""No end"""', "x = 1"]
    assert [text for text in one + other if _opens(text)] == one


def test_no_test_waits_for_a_time_to_pass() -> None:
    """A busy machine is late: wait for what is to happen, as `tests/support/waiting.py` does."""
    tests = {name: text for name, text in project_texts().items() if re.match(r"(tests|bench)/.*\.py$", name)}
    sleeping = {f"{name}:{line}" for name, text in tests.items() for line in _sleeps(parsed(text))}
    assert {place for place in sleeping if not place.startswith("tests/support/waiting.py:")} == set()
    assert sleeping, "not even the one that may: nothing is found any more"


def _sleeps(module: ast.Module) -> list[int]:
    """Where a module sleeps, or takes the means to do so in another name."""
    calls = [node.func for node in ast.walk(module) if isinstance(node, ast.Call)]
    found = [one.lineno for one in calls if isinstance(one, ast.Attribute) and one.attr == "sleep"]
    imports = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    return [*found, *(one.lineno for one in imports for alias in one.names if alias.name == "sleep")]


def test_the_changelog_begins_with_this_version() -> None:
    first = re.search(
        r"^## \[(\d+\.\d+\.\d+)\] - (?:Unreleased|\d{4}-\d\d-\d\d)$", project_texts()["CHANGELOG.md"], re.M
    )
    assert first is not None
    assert first[1] == pyproject()["project"]["version"]


def test_every_decision_is_in_the_index() -> None:
    names = [name.rsplit("/", 1)[1] for name in project_texts() if re.match(r"docs/decisions/\d", name)]
    index = project_texts()["docs/decisions/README.md"]
    assert names
    assert [name for name in names if f"({name})" not in index] == []
    numbers = [name[:4] for name in names]
    assert len(numbers) == len(set(numbers))
