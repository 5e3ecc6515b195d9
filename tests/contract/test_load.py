"""A store gives back a map exactly as it was written, in the order of ids."""

from __future__ import annotations

from graph.maps.port import Store
from tests.support.chronicle import Chronicle, fresh_id, loaded
from tests.support.nodes import actor, argument, assertion, motive, source, statement

HARD_TEXTS = {
    "quotes": "\"quoted\" 'single' `tick` \\ back $dollar {brace} :colon ?mark",
    "umlauts": "Über Kim Jong-uns Kurs – „Nordkorea“ ß ẞ",
    "korean": "조선민주주의인민공화국은 포탄을 판다",
    "astral": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🚀 👩‍🚀",
    "combining": "e\u0301 is not é",
    "nul": "before\0after",
    "controls": "\t tab \r\n line \x01 \x7f \u0085 \u2028",
    "right-to-left": "\u202eabc\u202c שלום",
    "edges": " leading and trailing ",
    "last-planes": "\uffff \ue000 \U0010ffff \ufeff",
    "json": '{"text": null}',
}


async def test_a_map_that_is_not_there_loads_as_nothing(store: Store) -> None:
    assert await store.load(fresh_id()) is None


async def test_a_map_without_nodes_loads_empty(store: Store) -> None:
    told = Chronicle()
    change = told.next()
    await store.commit(told.header, [change])
    assert await loaded(store, told.id) == (told.header, [], b"", [], None)


async def test_nodes_of_every_kind_come_back_byte_for_byte(store: Store) -> None:
    told = Chronicle()
    change = told.next(
        actor("dprk", aliases=("DPRK",), external_ids={"wikidata": "Q423"}, same_as=("nk",)),
        actor("nk", affiliations=("dprk",)),
        motive("money", "dprk", definition="Hard currency", credence=0.25),
        statement("p-1", concerns=({"motive": "money", "role": "driver"},), tags=("kind:estimate",)),
        argument("a-1", ("p-1", "money"), "p-2", "opposing", scheme="calculation", confidence="high"),
        statement("p-2", origin="constructed", scope="overall", note="a note"),
        argument("a-2", "p-2", "a-1", "opposing"),
        source("s-1", publisher="dprk", author=("nk",), cited_in=("s-2",), sha256="0" * 64),
        source("s-2", repeats=("s-1",), same_as=("s-1",), url="https://example.org/a"),
        assertion(
            "x-1", "p-1", "s-1", cited_source="s-2", chain=("nk", "dprk"), belief_holder="dprk",
            alternative_chain=("dprk",), probable_origin=("nk", "dprk"), locator={"start": 3, "end": 9},
            quantities=({"value": 5.5e9, "max": 7e9, "unit": "USD", "per": "year"},),
        ),
        assertion("x-2", "a-1", "s-1", basis="explicit"),
    )  # fmt: skip
    await store.commit(told.header, [change])
    assert await loaded(store, told.id) == told.rows


async def test_ids_come_in_the_order_of_their_code_points(store: Store) -> None:
    ids = ["a", "B", "b", "A", "a-1", "a_1", "a.1", "a~1", "a1", "aa", "a10", "a9", "0", "Z", "z", "x" * 128]
    told = Chronicle()
    await store.commit(*_written(told, told.next(*(statement(i) for i in reversed(ids)))))
    rows = await loaded(store, told.id)
    assert rows is not None
    assert rows.ids == sorted(ids)


async def test_hard_texts_come_back_as_they_were(store: Store) -> None:
    told = Chronicle()
    texts = [statement(name, text, note=text, tags=(text,)) for name, text in HARD_TEXTS.items()]
    change = told.next(*texts, title=HARD_TEXTS["astral"])
    await store.commit(told.header, [change])
    assert await loaded(store, told.id) == told.rows
    assert await store.changes(told.id, 0, 1) == [change]
    assert told.header in await store.maps()


async def test_a_document_of_a_megabyte_comes_back(store: Store) -> None:
    told = Chronicle()
    long = statement("long", "ä" * 20_000, tags=tuple(f"{n:05}" + "x" * 195 for n in range(5_000)))
    assert len(long.dense()) > 1_000_000
    await store.commit(*_written(told, told.next(long, statement("short"))))
    assert await loaded(store, told.id) == told.rows


async def test_two_maps_with_the_same_ids_stay_apart(store: Store) -> None:
    one, other = Chronicle(), Chronicle()
    await store.commit(*_written(one, one.next(statement("p", "one"), actor("q"))))
    await store.commit(*_written(other, other.next(statement("p", "other"), source("q"))))
    assert await loaded(store, one.id) == one.rows
    assert await loaded(store, other.id) == other.rows


async def test_a_map_whose_id_begins_like_another_is_another(store: Store) -> None:
    one = Chronicle()
    other = Chronicle(one.id + "-2")
    await store.commit(*_written(other, other.next(statement("p"))))
    assert await loaded(store, one.id) is None
    assert await store.version(one.id) is None
    assert await store.changes(one.id, 0, 9) == []


async def test_thousands_of_nodes_come_back(store: Store) -> None:
    told = Chronicle()
    points = [statement(f"p{n}") for n in range(3000)]
    steps = [argument(f"a{n}", f"p{n}", f"p{n // 2}", "opposing") for n in range(3, 3000)]
    await store.commit(*_written(told, told.next(*points, *steps)))
    assert await loaded(store, told.id) == told.rows


def _written(told: Chronicle, change: object) -> tuple[object, list[object]]:
    return told.header, [change]
