"""Search finds current nodes by the words of their texts."""

from __future__ import annotations

import pytest

from graph.maps.port import SearchHit, Store
from tests.support.chronicle import Chronicle, fresh_id
from tests.support.nodes import actor, argument, assertion, motive, source, statement


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


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("north", {"p-1", "p-2", "dprk"}),
        ("NORTH", {"p-1", "p-2", "dprk"}),
        ("north korea", {"p-1", "dprk"}),
        ("korea   north", {"p-1", "dprk"}),
        ("nor kor", {"p-1", "dprk"}),
        ("nort shell", {"p-1"}),
        ("north nothing", set()),
        ("orth", set()),
        ("zuge", {"p-3"}),
        ("Züge", {"p-3"}),
        ("uber", {"p-3"}),
        ("satell", {"p-3"}),
        ("2024", {"p-2"}),
        ("20", {"p-2"}),
        ("choson", {"dprk"}),
        ("ammunition", {"dprk"}),
        ("finance", {"money"}),
        ("exchange", {"money"}),
        ("grain", {"s-1"}),
        ("paid", {"a-1"}),
        ("analyst", {"a-1"}),
        ("pyongyang", {"x-1"}),
        ("millions rounds", {"x-1"}),
        ("shells, artillery!", {"p-1"}),
        ("shells-artillery", {"p-1"}),
        ("", set()),
        ("  ", set()),
        ("!?", set()),
        ("\0", set()),
    ],
)
async def test_every_word_must_begin_a_word_of_the_text(
    store: Store, told: Chronicle, words: str, ids: set[str]
) -> None:
    assert {found.id for found in await store.search(words, [told.id], [], 50)} == ids


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


@pytest.mark.parametrize("sign", SIGNS)
async def test_a_sign_of_a_query_language_is_no_more_than_a_sign(store: Store, told: Chronicle, sign: str) -> None:
    expected = await store.search("shells", [told.id], [], 50)
    assert len(expected) == 2
    for words in (f"{sign}shells", f"shells{sign}", f"{sign} shells", f"shells {sign}", f"{sign}shells{sign}"):
        assert await store.search(words, [told.id], [], 50) == expected, words
    assert await store.search(sign, [told.id], [], 50) == []


@pytest.mark.parametrize(
    "words", ["text:shells", "scope:shells", "shells~2", "shells^4", "shells' OR 1=1 --", "{shells note}"]
)
async def test_a_query_language_is_not_understood(store: Store, told: Chronicle, words: str) -> None:
    assert await store.search(words, [told.id], [], 50) == []


@pytest.mark.parametrize("words", ["north and korea", "north OR zuge", "NOT north", "north NEAR korea"])
async def test_words_that_some_languages_reserve_are_words(store: Store, told: Chronicle, words: str) -> None:
    assert await store.search(words, [told.id], [], 50) == []


async def test_what_is_found_says_where_and_what_it_is(store: Store, told: Chronicle) -> None:
    text = "North Korea\nDPRK\nChosŏn\nSupplier of ammunition"
    assert await store.search("dprk", [told.id], [], 5) == [SearchHit(told.id, "dprk", "actor", text)]


async def test_kinds_narrow_a_search(store: Store, told: Chronicle) -> None:
    async def ids(*kinds: str) -> set[str]:
        return {found.id for found in await store.search("north", [told.id], kinds, 50)}

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
        return {found.map for found in await store.search(word, wanted, [], 50)}

    assert await maps() == {other.id, third.id}
    assert await maps(other.id) == {other.id}
    assert await maps(other.id, third.id, told.id) == {other.id, third.id}
    assert await maps(told.id) == set()
    assert await maps("no-such-map") == set()
    assert await maps("no-such-map", third.id) == {third.id}


async def test_a_search_sees_updates_and_deletes_at_once(store: Store, told: Chronicle) -> None:
    async def ids(words: str) -> list[str]:
        return [found.id for found in await store.search(words, [told.id], [], 50)]

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
    whole = await store.search("shells", [told.id], ["statement"], 100)
    assert {found.id for found in whole} == {"p-1", *(f"q{n}" for n in range(40))}
    for limit in (1, 2, 17, 40):
        assert await store.search("shells", [told.id], ["statement"], limit) == whole[:limit]
    assert await store.search("shells", [told.id], ["statement"], 100) == whole, "the order is the same each time"


async def test_what_says_it_in_fewer_words_comes_first(store: Store, told: Chronicle) -> None:
    change = told.next(
        statement("q-long", "Rockets were one of very many things that were spoken of on that long day in the north"),
        statement("q-short", "Rockets"),
        statement("q-middle", "Rockets and a few other things"),
    )
    await store.commit(told.header, [change])
    found = await store.search("rockets", [told.id], [], 9)
    assert [f.id for f in found] == ["q-short", "q-middle", "q-long"]


async def test_what_says_it_in_as_many_letters_comes_in_the_order_of_maps_and_ids(store: Store) -> None:
    word, maps = fresh_id().replace("-", ""), sorted(fresh_id() for _ in range(3))
    for map_id in (maps[1], maps[2], maps[0]):
        told = Chronicle(map_id)
        told.next(*(statement(i, f"Equal {word}") for i in ("b", "a.1", "B", "a")))
        await store.commit(told.header, told.changes)
    found = await store.search(word, maps, [], 99)
    assert [(f.map, f.id) for f in found] == [(m, i) for m in maps for i in ("B", "a", "a.1", "b")]


async def test_a_text_with_a_nul_is_searched_to_its_end(store: Store, told: Chronicle) -> None:
    change = told.next(statement("nul", "before\0after"))
    await store.commit(told.header, [change])
    assert [f.id for f in await store.search("after", [told.id], [], 9)] == ["nul"]
