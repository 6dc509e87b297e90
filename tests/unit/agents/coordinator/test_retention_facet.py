"""By which lists find what is done with: no rule, no number of days and no today is in it. [L09]"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from agents.coordinator import retention
from agents.coordinator.brought import Brought
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.retention import Document, facets, read, term_of, term_under
from agents.partnership import Partnership
from messages.words import Course
from tests.acceptance.test_retention import (
    closed,
    in_a_year,
    investigated_by_nobody,
    investigated_by_the_police,
    past_its_time,
    purge,
    ruled_by,
)
from tests.acceptance.test_retention_of_documents import CHILD, DIAL, reported, screened
from tests.support.procedure import PARTNERSHIP, Procedure

NO_LONG_WAIT = PARTNERSHIP.model_copy(
    update={
        "missing_children": PARTNERSHIP.missing_children
        and PARTNERSHIP.missing_children.model_copy(update={"days": 30})
    }
)
BEFORE_MIDNIGHT = datetime(2012, 6, 30, 23, 30, tzinfo=UTC)
"""The 1st of July where the hub is."""


def a_dial() -> Dial:
    found = screened().documents[DIAL]
    assert isinstance(found, Dial)
    return found


def a_child() -> MissingPerson:
    found = reported().documents[CHILD]
    assert isinstance(found, MissingPerson)
    return found


def both() -> Document:
    return closed(Course.JOINT_INVESTIGATION, Course.JOINT_INVESTIGATION).case


def kept(document: Document) -> object:
    return facets(document, PARTNERSHIP).get(retention.KEPT)


def test_it_says_who_investigated_and_on_which_day_of_the_partnership_it_ended_l09() -> None:
    assert kept(investigated_by_nobody().case) == "uninvestigated 2012-03-05"
    assert kept(both()) == "investigated:csc_staffordshire+police 2012-03-05"
    case = investigated_by_the_police().case.model_copy(update={"closed_at": BEFORE_MIDNIGHT})
    assert kept(case) == "investigated:police 2012-07-01"
    assert kept(a_dial()) == "uninvestigated 2012-03-06"
    assert kept(a_child()) == "reports 2012-03-06"


def test_what_is_open_has_none_and_a_case_that_begins_again_loses_it() -> None:
    hub = Procedure()
    hub.until_directed()
    assert facets(hub.case, PARTNERSHIP) == {}
    assert facets(a_dial().model_copy(update={"tier_3": None}), PARTNERSHIP) == {}
    assert facets(both().model_copy(update={"closed_at": None}), PARTNERSHIP) == {}


def test_what_brought_cases_has_no_rule_of_its_own_l09() -> None:
    one = (Brought(referral_id="R-1", because="adult_at_risk"),)
    assert kept(a_dial().model_copy(update={"brought": one})) == "brought 2012-03-06"
    assert kept(a_child().model_copy(update={"brought": one})) == "brought 2012-03-06"


def test_what_champions_decided_on_says_when_they_did_l09() -> None:
    hub = past_its_time()
    purge(hub)
    assert kept(hub.case) == f"decided {hub.now.date()}"


@pytest.mark.parametrize(
    "rules", [PARTNERSHIP, ruled_by(in_a_year()), NO_LONG_WAIT], ids=["as_it_is", "ruled", "thirty_days"]
)
def test_the_term_that_follows_from_it_is_that_of_the_document_whatever_the_rules_and_the_day_l09(
    rules: Partnership,
) -> None:
    for document in (
        investigated_by_nobody().case,
        investigated_by_the_police().case,
        both(),
        a_dial(),
        a_child(),
    ):
        written = facets(document, PARTNERSHIP)[retention.KEPT]
        assert isinstance(written, str)
        way, since = read(written)
        for on in (since, date(2013, 3, 6), date(2013, 6, 4), date(2018, 3, 6), date(2100, 1, 1)):
            for day in (on - timedelta(days=1), on, on + timedelta(days=1)):
                assert term_under(way, since, rules, day) == term_of(document, (), rules, day)
