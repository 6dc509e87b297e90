"""The lists of what is done with: each in its order, a page at a time, by the rules as they are. [L09]"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.retention import Document, Keeping
from agents.partnership import Partnership
from ops.retention_lists import Heading, contents, standings, total
from store.connect import connect
from store.port import Store
from tests.acceptance.test_retention import (
    in_a_year,
    investigated_by_nobody,
    investigated_by_the_police,
    past_its_time,
    purge,
    ruled_by,
)
from tests.acceptance.test_retention_of_documents import DIAL, decided_purge, reported, screened
from tests.support.kept_hub import CountingStore, put
from tests.support.procedure import PARTNERSHIP

RULED = ruled_by(in_a_year())
TODAY = date(2018, 6, 1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = connect(f"sqlite:///{tmp_path}", agent="coordinator")
    await opened.provision()
    yield opened
    await opened.close()


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo("Europe/London"))


def ended(like: Case, number: int, day: date) -> Case:
    return like.model_copy(update={"case_id": f"C-{number:03}", "closed_at": noon(day)})


async def counts(store: Store, rules: Partnership, today: date = TODAY) -> Mapping[str, int]:
    listed = await contents(store, rules, today)
    return {heading.value: total(lots) for heading, lots in listed.items() if lots}


async def shown(
    store: Store, heading: Heading, rules: Partnership = RULED, offset: int = 0, limit: int = 100
) -> list[str]:
    lots = (await contents(store, rules, TODAY))[heading]
    return [one.key for one in await standings(store, lots, rules, TODAY, offset=offset, limit=limit)]


async def test_what_is_over_comes_by_the_day_until_which_it_was_kept_whatever_the_rule_l09(
    store: Store,
) -> None:
    nobody, police = investigated_by_nobody().case, investigated_by_the_police().case
    await put(
        store,
        ended(nobody, 1, date(2017, 5, 31)),  # over yesterday
        ended(nobody, 2, date(2017, 6, 1)),  # not before tomorrow
        ended(police, 3, date(2012, 5, 30)),  # over two days ago, by the six years of the police
        ended(police, 4, date(2012, 6, 1)),
        ended(nobody, 5, date(2016, 1, 1)),
        police.model_copy(update={"case_id": "C-006", "closed_at": None}),
    )
    assert await counts(store, RULED) == {"over": 3, "kept": 2}
    assert await shown(store, Heading.OVER) == ["C-005", "C-003", "C-001"]
    assert await shown(store, Heading.KEPT) == ["C-004", "C-002"]
    assert await counts(store, RULED, TODAY + timedelta(days=1)) == {"over": 5}


async def test_a_new_rule_counts_for_what_ended_before_it_without_a_word_to_the_hub_l09(
    store: Store,
) -> None:
    nobody = investigated_by_nobody().case
    await put(store, ended(nobody, 1, date(2012, 3, 5)), ended(nobody, 2, date(2018, 3, 5)))
    assert await counts(store, PARTNERSHIP) == {"held": 2}
    assert await counts(store, RULED) == {"over": 1, "kept": 1}


async def test_pages_follow_each_other_over_many_days_and_no_more_is_read_than_a_page_has_l09(
    store: Store,
) -> None:
    nobody = investigated_by_nobody().case
    days = [date(2013, 1, 1) + timedelta(days=number // 4) for number in range(30)]
    await put(store, *(ended(nobody, number, day) for number, day in enumerate(days)))
    counting = CountingStore(store)
    pages = [await shown(counting, Heading.OVER, offset=at, limit=7) for at in range(0, 35, 7)]
    assert [key for page in pages for key in page] == [f"C-{number:03}" for number in range(30)]
    assert [len(page) for page in pages] == [7, 7, 7, 7, 2]
    assert counting.read == 30
    assert await shown(counting, Heading.OVER, offset=30, limit=7) == []
    assert counting.read == 30


async def test_what_brought_cases_is_listed_with_the_term_of_these_l09(store: Store) -> None:
    hub = screened(alerted=True)
    (case,), dial = hub.cases(), hub.documents[DIAL]
    await put(store, dial, case)
    assert await counts(store, RULED) == {"brought": 1}
    lots = (await contents(store, RULED, TODAY))[Heading.BROUGHT]
    (open_,) = await standings(store, lots, RULED, TODAY, limit=10)
    assert (open_.key, open_.term.keeping) == (DIAL, Keeping.OPEN)
    await put(store, case.model_copy(update={"closed_at": noon(date(2017, 3, 5))}))
    (over,) = await standings(store, lots, RULED, TODAY, limit=10)
    assert (over.term.keeping, over.term.until) == (Keeping.OVER, date(2018, 3, 5))
    assert await counts(store, RULED) == {"over": 1, "brought": 1}


async def test_what_is_decided_leaves_the_other_lists_and_says_whether_it_is_gone_l09(
    store: Store,
) -> None:
    hub = past_its_time()
    purge(hub)
    later = investigated_by_nobody().case
    dial = screened().documents[DIAL]
    assert isinstance(dial, Dial)
    sooner: Document = dial.model_copy(update={"purge": decided_purge(screened())})
    await put(store, hub.case, sooner, ended(later, 1, date(2018, 3, 5)))
    assert await counts(store, RULED) == {"kept": 1, "decided": 2}
    assert await shown(store, Heading.DECIDED) == [hub.case.case_id, DIAL]
    await store.destroy_data_key(DIAL)
    lots = (await contents(store, RULED, TODAY))[Heading.DECIDED]
    found = await standings(store, lots, RULED, TODAY, limit=10)
    assert [(one.decided, one.destroyed) for one in found] == [(True, False), (True, True)]


async def test_reports_that_still_count_are_not_listed_l09(store: Store) -> None:
    (child,) = (one for one in reported().documents.values() if hasattr(one, "reports"))
    await put(store, child)
    assert await counts(store, RULED, date(2012, 6, 3)) == {}
    assert await counts(store, RULED, date(2012, 6, 4)) == {"kept": 1}
    assert await counts(store, RULED, date(2013, 6, 5)) == {"over": 1}
