"""Search finds current nodes by the words of their texts."""

from __future__ import annotations

import unicodedata

import pytest

from graph.maps.port import Store
from tests.support.chronicle import Chronicle, fresh_id
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.support.searches import found


@pytest.fixture
async def told(store: Store) -> Chronicle:
    told = Chronicle()
    told.next(
        statement("p-1", "North Korea sells artillery shells to Russia"),
        statement("p-2", "Food aid reached the North in 2024"),
        statement("p-3", "Züge fuhren über die Grenze", note="seen by satellite"),
        actor("dprk", "North Korea", aliases=("DPRK", "Chosŏn"), role="Supplier of ammunition"),
        motive("money", "dprk", "Hard currency drives the sale", name="finance", definition="Foreign exchange"),
        source("s-1", "Guns for grain"),
        argument("a-1", "p-1", "money", warrant="Shells are paid for", rationale="The analyst sees a trade"),
        argument("a-2", "p-2", "money"),
        assertion("x-1", "p-1", "s-1", wording="Pyongyang delivered rounds", quote="millions of rounds"),
    )
    await store.commit(told.header, told.changes)
    return told


WORDS: dict[str, set[str]] = {
    "north": {"p-1", "p-2", "dprk"},
    "NORTH": {"p-1", "p-2", "dprk"},
    "north korea": {"p-1", "dprk"},
    "korea   north": {"p-1", "dprk"},
    "nor kor": {"p-1", "dprk"},
    "nort shell": {"p-1"},
    "north nothing": set(),
    "orth": set(),
    "zuge": {"p-3"},
    "Züge": {"p-3"},
    "uber": {"p-3"},
    "satell": {"p-3"},
    "2024": {"p-2"},
    "20": {"p-2"},
    "choson": {"dprk"},
    "ammunition": {"dprk"},
    "finance": {"money"},
    "exchange": {"money"},
    "grain": {"s-1"},
    "paid": {"a-1"},
    "analyst": {"a-1"},
    "pyongyang": {"x-1"},
    "millions rounds": {"x-1"},
    "shells, artillery!": {"p-1"},
    "shells-artillery": {"p-1"},
    "": set(),
    "  ": set(),
    "!?": set(),
    "\0": set(),
    'tag:"!"': set(),
}


async def test_every_word_must_begin_a_word_of_the_text(store: Store, told: Chronicle) -> None:
    for words, ids in WORDS.items():
        assert {match.rank.id for match in await found(store, words, [told.id])} == ids, words


SIGNS = [
    '"',
    "*",
    "(",
    ")",
    "+",
    "-",
    "^",
    "~",
    "/",
    "[",
    "]",
    "{",
    "}",
    "\\",
    "'",
    ":",
    "&&",
    "||",
    "!",
    "?",
    "|",
    ";",
    "%",
    "$",
    "#",
]


async def test_a_sign_of_a_query_language_is_no_more_than_a_sign(store: Store, told: Chronicle) -> None:
    expected = await found(store, "shells", [told.id])
    assert len(expected) == 2
    for sign in SIGNS:
        for words in (f"{sign}shells", f"shells{sign}", f"{sign} shells", f"shells {sign}", f"{sign}shells{sign}"):
            assert await found(store, words, [told.id]) == expected, words
        assert await found(store, sign, [told.id]) == [], sign


async def test_a_query_language_is_not_understood(store: Store, told: Chronicle) -> None:
    for words in ("text:shells", "scope:shells", "shells~2", "shells^4", "shells' OR 1=1 --", "{shells note}"):
        assert await found(store, words, [told.id]) == [], words


async def test_words_that_some_languages_reserve_are_words(store: Store, told: Chronicle) -> None:
    for words in ("north and korea", "north OR zuge", "NOT north", "north NEAR korea"):
        assert await found(store, words, [told.id]) == [], words


async def test_what_is_found_says_where_and_what_it_is(store: Store, told: Chronicle) -> None:
    [match] = await found(store, "dprk", [told.id])
    assert (*match.rank[2:], match.kind, match.field) == (told.id, "dprk", "actor", "aliases")


async def test_kinds_narrow_a_search(store: Store, told: Chronicle) -> None:
    async def ids(*kinds: str) -> set[str]:
        return {match.rank.id for match in await found(store, "north", [told.id], kinds)}

    assert await ids("statement") == {"p-1", "p-2"}
    assert await ids("actor") == {"dprk"}
    assert await ids("actor", "statement", "source") == {"p-1", "p-2", "dprk"}
    assert await ids("argument") == set()


async def test_maps_narrow_a_search(store: Store, told: Chronicle) -> None:
    other, third = Chronicle(), Chronicle()
    word = told.id.replace("map-", "w")
    for one in (other, third):
        one.next(statement("p", f"North {word}"))
        await store.commit(one.header, one.changes)

    async def maps(*wanted: str) -> set[str]:
        return {match.rank.map for match in await found(store, word, wanted)}

    assert await maps() == {other.id, third.id}
    assert await maps(other.id) == {other.id}
    assert await maps(other.id, third.id, told.id) == {other.id, third.id}
    assert await maps(told.id) == set()
    assert await maps("no-such-map") == set()
    assert await maps("no-such-map", third.id) == {third.id}


async def test_a_search_sees_updates_and_deletes_at_once(store: Store, told: Chronicle) -> None:
    async def ids(words: str) -> list[str]:
        return [match.rank.id for match in await found(store, words, [told.id])]

    change = told.next(statement("p-1", "Now about rockets", version=2), gone=["a-1"])
    await store.commit(told.header, [change])
    assert await ids("artillery") == []
    assert await ids("rockets") == ["p-1"]
    assert await ids("paid") == []
    back = told.next(statement("p-1", "North Korea sells artillery shells again", version=3))
    await store.commit(told.header, [back])
    assert await ids("artillery") == ["p-1"]
    assert await ids("rockets") == []
    silent = told.next(argument("a-2", "p-2", "money", note="spoken"))
    await store.commit(told.header, [silent])
    assert await ids("spoken") == ["a-2"]
    mute = told.next(argument("a-2", "p-2", "money"))
    await store.commit(told.header, [mute])
    assert await ids("spoken") == []


async def test_a_limit_gives_the_beginning_of_the_whole_answer(store: Store, told: Chronicle) -> None:
    change = told.next(*(statement(f"q{n}", "shells " * (n % 5 + 1) + f"filler {n}") for n in range(40)))
    await store.commit(told.header, [change])
    whole = await found(store, "shells", [told.id], ["statement"])
    assert {match.rank.id for match in whole} == {"p-1", *(f"q{n}" for n in range(40))}
    for limit in (1, 2, 17, 40):
        assert await found(store, "shells", [told.id], ["statement"], limit) == whole[:limit]
    assert await found(store, "shells", [told.id], ["statement"]) == whole, "the order is the same each time"


async def test_what_says_it_in_fewer_words_comes_first(store: Store, told: Chronicle) -> None:
    change = told.next(
        statement("q-long", "Rockets were one of very many things that were spoken of on that long day in the north"),
        statement("q-short", "Rockets"),
        statement("q-middle", "Rockets and a few other things"),
    )
    await store.commit(told.header, [change])
    matches = await found(store, "rockets", [told.id])
    assert [m.rank.id for m in matches] == ["q-short", "q-middle", "q-long"]


async def test_what_says_it_in_as_many_letters_comes_in_the_order_of_maps_and_ids(store: Store) -> None:
    word, maps = fresh_id().replace("-", ""), sorted(fresh_id() for _ in range(3))
    for map_id in (maps[1], maps[2], maps[0]):
        told = Chronicle(map_id)
        told.next(*(statement(i, f"Equal {word}") for i in ("b", "a.1", "B", "a")))
        await store.commit(told.header, told.changes)
    matches = await found(store, word, maps)
    assert [m.rank[2:] for m in matches] == [(m, i) for m in maps for i in ("B", "a", "a.1", "b")]


async def test_a_text_with_a_nul_is_searched_to_its_end(store: Store, told: Chronicle) -> None:
    change = told.next(statement("nul", "before\0after"))
    await store.commit(told.header, [change])
    assert [m.rank.id for m in await found(store, "after", [told.id])] == ["nul"]


async def test_the_order_is_called_so_then_id_then_beginning_then_names_and_texts_then_quotes_then_notes(
    store: Store,
) -> None:
    told = Chronicle()
    told.next(
        actor("z-called", "Grain Trade", role="Of very many other things that make this text longer than the others"),
        statement("grain-trade", "Nothing in it"),
        actor("begins", "Grain traders of the north"),
        statement("says", "They live off the grain trade"),
        statement("said", "Another"),
        source("s", "A paper"),
        assertion("quotes", "said", "s", quote="grain trade"),
        statement("noted", "Short", note="grain trade"),
        statement("tagged", "Shorter", tags=("grain", "trade")),
    )
    await store.commit(told.header, told.changes)
    matches = await found(store, "grain trade", [told.id])
    assert [(m.rank.id, m.field) for m in matches] == [
        ("z-called", "name"), ("grain-trade", "id"), ("begins", "name"), ("says", "text"), ("quotes", "quote"),
        ("noted", "note"),
    ]  # fmt: skip
    assert [m.rank.id for m in await found(store, "tag:grain", [told.id])] == ["tagged"]
    assert [m.rank.id for m in await found(store, "tag:gra TAG:trade", [told.id])] == ["tagged"]
    assert [m.rank.id for m in await found(store, 'tag:"grain trade" short', [told.id])] == ["tagged"]
    assert await found(store, "tag:grain north", [told.id]) == []
    assert await found(store, "tag:north", [told.id]) == []


ALIKE = [
    ("Jarosław przybył do Łodzi", "lodzi jaroslaw"),
    ("Øystein Sørensen", "OYSTEIN Sorensen"),
    ("Đặng Văn Lâm", "dang van lam"),
    ("Þórarinn and Æsa", "thorarinn aesa"),
    ("Işık in İzmir", "isik izmir"),
    ("Straße", "STRASSE"),
    ("o\ufb03ce", "office"),
    ("Ｆｕｌｌ width", "full"),
    ("soft\u00adhyphen", "softhyphen"),
    ("Η Βόρεια Κορέα", "ΚΟΡΕΑΣ"[:5]),
    ("Ёлка", "елка"),
    ("a pact of defence", "defense"),
    ("the Defense ministry", "defence"),
    ("an organisation of labour", "organization labor"),
    ("they organized neighbors", "organised neighbours"),
    ("the theater's center", "theatre centre"),
    ("travelling by the kilometre", "traveling kilometer"),
    ("700,000 men", "700000"),
    ("700000 men", "700,000"),
    ("700\u202f000 men", "700.000"),
    ("700 000 men", "700'000"),
    ("700,000 men", "700 000"),
    ("٧٠٠ men", "700"),
    ("The U.S. said", "US"),
    ("The US said", "U.S."),
    ("朝鲜向俄罗斯派遣部队", "部队"),
    ("朝鲜向俄罗斯派遣部队", "俄罗斯"),
    ("朝鲜向俄罗斯派遣部队", "罗"),
    ("北朝鮮はロシアに部隊を派遣した", "ロシア 部隊"),
    ("대한민국 정부", "민국"),
    ("ส่งกำลังทหารไปรัสเซีย", "ทหาร"),
    ("កងទ័ពកូរ៉េខាងជើង", "កូរ៉េ"),
    ("2024年に部隊", "2024年"),
]


async def test_what_is_written_otherwise_is_found(store: Store) -> None:
    for text, words in ALIKE:
        told = Chronicle()
        told.next(statement("p", text), statement("q", "Quite another thing"))
        await store.commit(told.header, told.changes)
        for normal in ("NFC", "NFD"):
            matches = await found(store, unicodedata.normalize(normal, words), [told.id])
            assert [match.rank.id for match in matches] == ["p"], (text, words, normal)


UNLIKE = [
    ("They use us", "U.S."),
    ("朝鲜部向队", "部队"),
    ("部队", "部队部"),
    ("кошка", "koshka"),
    ("部队", "budui"),
    ("कि", "का"),
    ("1,234", "234567"),
]


async def test_what_is_another_word_is_not_found(store: Store) -> None:
    for text, words in UNLIKE:
        told = Chronicle()
        told.next(statement("p", text))
        await store.commit(told.header, told.changes)
        assert await found(store, words, [told.id]) == [], (text, words)


async def test_more_than_one_search_compares_is_told_and_the_first_ones_stand_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Chronicle()
    told.next(
        actor("called", "Grain", role="long " * 50),
        actor("begins", "Grain of the north", role="long " * 50),
        *(statement(f"n{n}", f"Filler {n}", note="grain") for n in range(9)),
        *(statement(f"p{n}", f"Words about grain and so on and on {n}") for n in range(4)),
    )
    await store.commit(told.header, told.changes)
    whole = [match.rank.id for match in await found(store, "grain", [told.id])]
    assert (await store.search("grain", [told.id], [])).whole is True
    for most in (1, 3, 6, 8, 14):
        monkeypatch.setattr("graph.search.question.AT_MOST", most)
        for module in ("sqlite_rows", "neo4j"):
            monkeypatch.setattr(f"graph.stores.{module}.AT_MOST", most)
        assert (await store.search("grain", [told.id], [])).whole is False
        assert [match.rank.id for match in await found(store, "grain", [told.id])] == whole[:most]
    monkeypatch.setattr("graph.search.question.AT_MOST", 15)
    for weight in (0, 4, 300, 600):  # the two long ones have some 260 characters each
        monkeypatch.setattr("graph.search.question.WEIGHT", weight)
        some = await found(store, "grain", [told.id])
        assert (await store.search("grain", [told.id], [])).whole is False
        assert [match.rank.id for match in some][:2] == whole[: weight // 260]
