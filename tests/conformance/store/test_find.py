"""Lists of documents by facets."""

from __future__ import annotations

import pytest

from store.port import LISTED, Facet, Store
from tests.support.documents import a_document, first, minutes, then

CASES: dict[str, dict[str, Facet]] = {
    "a": {"rag": "RED", "asked": 3, "open": True, "agencies": ("police", "health"), "team": "north"},
    "b": {"rag": "AMBER", "asked": 10, "open": True, "agencies": ("police",), "team": None},
    "c": {"rag": "RED", "asked": 2, "open": False, "agencies": (), "team": "south"},
    "d": {"rag": "BLUE", "asked": 2, "open": True},
}
DUE = {"a": 30, "b": 10, "d": 20}


@pytest.fixture
async def cases(store: Store) -> Store:
    await store.commit(
        [
            first(a_document(key, facets=facets, due=minutes(DUE[key]) if key in DUE else None))
            for key, facets in CASES.items()
        ]
    )
    return store


async def found(store: Store, where: dict[str, Facet], **how: object) -> list[str]:
    page = await store.find(where, **how)  # type: ignore[arg-type]
    return [row.key for row in page.rows]


async def test_no_condition_lists_all_in_order_of_the_key(cases: Store) -> None:
    page = await cases.find({})
    assert [row.key for row in page.rows] == ["a", "b", "c", "d"]
    assert page.total == 4
    assert dict(page.rows[0].facets) == CASES["a"]


async def test_every_condition_must_hold(cases: Store) -> None:
    assert await found(cases, {"rag": "RED"}) == ["a", "c"]
    assert await found(cases, {"rag": "RED", "open": True}) == ["a"]
    assert await found(cases, {"asked": 2}) == ["c", "d"]
    assert await found(cases, {"rag": "GREEN"}) == []
    assert await found(cases, {"unknown": "x"}) == []


async def test_a_tuple_facet_is_found_by_what_it_contains(cases: Store) -> None:
    assert await found(cases, {"agencies": "police"}) == ["a", "b"]
    assert await found(cases, {"agencies": ("health", "police")}) == ["a"]
    assert await found(cases, {"agencies": ()}) == ["a", "b", "c", "d"]
    assert await found(cases, {"agencies": "housing"}) == []


async def test_none_asks_for_documents_without_a_value(cases: Store) -> None:
    assert await found(cases, {"team": None}) == ["b", "d"]
    assert await found(cases, {"agencies": None}) == ["c", "d"]


async def test_what_fits_several_conditions_is_found_whichever_of_them_is_rare(store: Store) -> None:
    many: list[dict[str, Facet]] = [
        {"kind": "case", "open": n % 3 == 0, "agencies": ("police", f"other-{n}")} for n in range(600)
    ]
    await store.commit([first(a_document(f"{n:03}", facets=facets)) for n, facets in enumerate(many)])
    narrow: tuple[dict[str, Facet], ...] = (
        {"kind": "case", "open": True, "agencies": "other-9"},
        {"agencies": ("police", "other-9"), "team": None},
    )
    for where in narrow:
        page = await store.find(where)
        assert ([row.key for row in page.rows], page.total) == (["009"], 1)
    page = await store.find({"kind": "case", "open": True, "agencies": "police"}, offset=199, limit=5)
    assert ([row.key for row in page.rows], page.total) == (["597"], 200)
    page = await store.find({"kind": "case", "open": True}, offset=200, limit=5)
    assert (page.rows, page.total) == ((), 200)


async def test_sorting_goes_by_value_both_ways_and_the_key_decides_ties(cases: Store) -> None:
    assert await found(cases, {}, sort=[("asked", 1)]) == ["c", "d", "a", "b"]
    assert await found(cases, {}, sort=[("asked", -1)]) == ["b", "a", "c", "d"]
    assert await found(cases, {}, sort=[("asked", 1), ("rag", 1)]) == ["d", "c", "a", "b"]
    assert await found(cases, {}, sort=[("team", 1)]) == ["b", "d", "a", "c"]
    assert await found(cases, {}, sort=[("due", 1)]) == ["c", "b", "d", "a"]
    assert await found(cases, {"open": True}, sort=[("due", -1)]) == ["a", "d", "b"]


async def test_pages_follow_each_other_and_the_total_counts_all(cases: Store) -> None:
    pages = [await cases.find({}, sort=[("asked", 1)], offset=at, limit=3) for at in (0, 3, 6)]
    assert [[row.key for row in page.rows] for page in pages] == [["c", "d", "a"], ["b"], []]
    assert [page.total for page in pages] == [4, 4, 4]
    counted = await cases.find({"rag": "RED"}, limit=1)
    assert (len(counted.rows), counted.total) == (1, 2)


async def test_keys_with_any_of_some_values_come_once_each_in_order(cases: Store) -> None:
    assert await cases.keys_with_any("agencies", ["health", "police"], 10) == ["a", "b"]
    assert await cases.keys_with_any("agencies", ["health"], 10) == ["a"]
    assert await cases.keys_with_any("agencies", ["health", "police"], 1) == ["a"]
    assert await cases.keys_with_any("agencies", ["housing"], 10) == []
    assert await cases.keys_with_any("agencies", [], 10) == []


async def test_documents_are_counted_by_a_facet_over_a_period_of_another(store: Store) -> None:
    kept: dict[str, dict[str, Facet]] = {
        "a": {"received_on": "2012-03-04", "figures": "x"},
        "b": {"received_on": "2012-03-05", "figures": "x y*2", "agencies": ("police", "health")},
        "c": {"received_on": "2012-03-06", "figures": "x y*2", "open": False},
        "d": {"received_on": "2012-03-07", "figures": "z"},
        "e": {"received_on": "2012-03-06"},
        "f": {"received_on": "2012-03-06", "figures": None, "refused": "late"},
        "g": {"figures": "x"},
    }
    await store.commit([first(a_document(key, facets=facets)) for key, facets in kept.items()])
    assert await store.tally("figures", "received_on", "2012-03-05", "2012-03-07") == {"x y*2": 2, "z": 1}
    assert await store.tally("figures", "received_on", "2012-03-04", "2012-03-04") == {"x": 1}
    assert await store.tally("refused", "received_on", "2012-01-01", "2012-12-31") == {"late": 1}
    assert await store.tally("figures", "received_on", "2013-01-01", "2013-12-31") == {}
    assert await store.tally("received_on", "figures", "z", "z") == {"2012-03-07": 1}


async def test_documents_are_counted_by_the_values_of_one_facet(store: Store) -> None:
    kept = {
        "a": "north 2012-03-05",
        "b": "north 2012-03-06",
        "c": "north 2012-03-05",
        "d": "south 2012-03-05",
    }
    await store.commit([first(a_document(key, facets={"kept": value})) for key, value in kept.items()])
    await store.commit([first(a_document("e", facets={"agencies": "north"}))])
    counted = {"north 2012-03-05": 2, "north 2012-03-06": 1, "south 2012-03-05": 1}
    assert await store.tally("kept", "kept", "", "~") == counted
    assert await store.tally("kept", "kept", "south", "~") == {"south 2012-03-05": 1}
    assert await store.tally("agencies", "agencies", "a", "z") == {"north": 1}


@pytest.mark.parametrize("by", LISTED)
async def test_a_long_list_is_in_its_order_and_has_nothing_without_its_first_facet(
    store: Store, by: tuple[tuple[str, int], ...]
) -> None:
    (*chosen, (last, way)) = by
    where: dict[str, Facet] = {name: True for name, _ in chosen} or {last: "at 2"}
    at = {"a": "at 2", "b": "at 3", "c": "at 2", "d": "at 1"}
    documents = [a_document(key, facets={**where, last: value}) for key, value in at.items()]
    documents += [a_document("e", facets={last: "at 9"}), a_document("f")]
    await store.commit([first(document) for document in documents])
    order = (["d", "a", "c", "b"] if way > 0 else ["b", "a", "c", "d"]) if chosen else ["a", "c"]
    page = await store.find(where, sort=[(last, way)], limit=3)
    assert ([row.key for row in page.rows], page.total) == (order[:3], len(order))
    page = await store.find(where, sort=[(last, way)], offset=3, limit=3)
    assert ([row.key for row in page.rows], page.total) == (order[3:], len(order))


async def test_a_change_is_counted_as_it_is_now(store: Store) -> None:
    before = a_document("a", facets={"received_on": "2012-03-05", "figures": "old"})
    await store.commit([first(before)])
    await store.commit([then(before, facets={"received_on": "2012-03-05", "figures": "new"})])
    assert await store.tally("figures", "received_on", "2012-03-05", "2012-03-05") == {"new": 1}
