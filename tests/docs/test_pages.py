"""The pages for users are fresh, and whatever there is stands in them."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from schemas import vocabulary
from schemas.query import ViewQuery
from scripts import docs
from service.app import ROUTERS
from service.cli.commands import app
from service.http.problems import CODES
from service.settings import setting_fields, variable
from tests.support.files import ROOT

PAGES = {page.name: page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md")}


def test_the_pages_that_follow_from_the_code_are_fresh() -> None:
    assert docs.stale() == [], "run `python -m scripts.docs`"


def test_a_stale_page_would_be_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(docs, "pages", lambda: {"cli.md": "old", "nowhere.md": "new"})
    monkeypatch.setattr("sys.argv", ["docs", "--check"])
    with pytest.raises(SystemExit, match="1"):
        docs.main()
    assert capsys.readouterr().out.splitlines() == [
        "docs/cli.md is stale; run `python -m scripts.docs`", "docs/nowhere.md is stale; run `python -m scripts.docs`",
    ]  # fmt: skip


def test_every_setting_command_code_and_address_is_documented() -> None:
    assert [one.name for one in setting_fields() if f"`{variable(one.name)}`" not in PAGES["settings.md"]] == []
    names = [one.name for one in (*app.registered_commands, *app.registered_groups)]
    assert [name for name in names if f"## argumap {name}\n" not in PAGES["cli.md"]] == []
    assert [code for code in CODES if f"`{code}` |" not in PAGES["errors.md"]] == []
    rows = [f"| `{method}` | `{r.path}` |" for one in ROUTERS for r in one.routes for method in r.methods]
    assert [row for row in rows if row not in PAGES["http.md"]] == []


def test_every_error_code_has_a_status() -> None:
    rows = re.findall(r'^\| <a id="\w+"></a>`(\w+)` \| ([^|]*) \|', PAGES["errors.md"], re.M)
    assert len(rows) == len(CODES)
    assert [code for code, status in rows if not re.fullmatch(r"\d{3}(, \d{3})*", status)] == []


def test_every_word_of_the_domain_is_explained() -> None:
    lists = (
        vocabulary.Kind, vocabulary.Origin, vocabulary.MotiveRole, vocabulary.Stance, vocabulary.ArgumentBasis,
        vocabulary.Match, vocabulary.Attack, vocabulary.Modality, vocabulary.Confidence, vocabulary.Leaning,
    )  # fmt: skip
    words = [*(word for one in lists for word in get_args(one)), *ViewQuery.model_fields]
    text = PAGES["concepts.md"]
    assert [word for word in words if not re.search(rf"[`*]{word}\b", text)] == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_link_between_pages_leads_somewhere(name: str) -> None:
    for target, anchor in re.findall(r"\]\(([\w./-]+\.md)(?:#([\w-]+))?\)", PAGES[name]):
        page = ROOT / "docs" / target
        assert page.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
            assert anchor in [re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings]


def test_no_page_quotes_the_articles_at_length() -> None:
    texts = "\n".join(PAGES.values()) + (ROOT / "README.md").read_text(encoding="utf-8")
    assert "not bad deal" not in texts
    assert "few containers worth" not in texts
