"""A day is a day of the partnership's calendar: half past midnight in summer is the next day already."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.setting import Setting
from agents.deciding import Refused
from agents.partnership import ComplexChecklist, Partnership
from messages.words import Said
from tests.acceptance.test_adult_pathway import case as adult_case
from tests.acceptance.test_governance import with_dates
from tests.acceptance.test_supervision import a_call, with_supervisor
from tests.support.adult_pathway import PAIR, met, route
from tests.support.procedure import MANAGER, PARTNERSHIP, Procedure, element

LAST_DAY, NEXT_DAY = date(2012, 6, 30), date(2012, 7, 1)
HALF_PAST_MIDNIGHT = datetime(2012, 6, 30, 23, 30, tzinfo=UTC)
"""On 1 July in Stafford, while it is still 30 June by UTC."""
AN_HOUR_BEFORE = HALF_PAST_MIDNIGHT - timedelta(hours=1)

SUMMER_TIME = (datetime(2012, 3, 25, 1, tzinfo=UTC), datetime(2012, 10, 28, 1, tzinfo=UTC))
"""From when to when the clocks were an hour ahead in 2012."""


def refusal(hub: Procedure, said: Said) -> str:
    with pytest.raises(Refused) as refused:
        hub.say(said)
    return refused.value.reason


@given(
    st.sampled_from(SUMMER_TIME),
    st.integers(min_value=-36 * 3600, max_value=36 * 3600),
)
def test_around_both_changes_of_the_clock_today_is_what_a_calendar_there_shows_l02_l04_l08_l09(
    change: datetime, seconds: int
) -> None:
    now = change + timedelta(seconds=seconds)
    ahead = timedelta(hours=1) if SUMMER_TIME[0] <= now < SUMMER_TIME[1] else timedelta(0)
    setting = Setting(now, PARTNERSHIP, "m-1", "staff", str)
    assert setting.today == (now + ahead).date()
    assert setting.day_of(now) == setting.today


def test_training_that_ended_yesterday_ends_at_midnight_there_l03() -> None:
    partnership = with_dates(MANAGER.person, trained_until=LAST_DAY)
    in_time = Procedure(partnership, AN_HOUR_BEFORE)
    in_time.until_directed()
    late = Procedure(partnership, HALF_PAST_MIDNIGHT)
    with pytest.raises(Refused, match="training_expired"):
        late.until_directed()


def test_vetting_that_ended_yesterday_ends_at_midnight_there_l04_d02() -> None:
    hub = Procedure(with_dates("POL-SGT-01", vetted_until=LAST_DAY), HALF_PAST_MIDNIGHT)
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    with pytest.raises(Refused, match="vetting_expired"):
        hub.discuss("e1")


def test_who_signs_today_may_act_from_midnight_there_on_l02() -> None:
    partnership = with_dates(MANAGER.person, signed_on=NEXT_DAY)
    with pytest.raises(Refused, match="memorandum_not_signed"):
        Procedure(partnership, AN_HOUR_BEFORE).until_directed()
    Procedure(partnership, HALF_PAST_MIDNIGHT).until_directed()


def test_an_agency_that_signs_today_is_asked_from_midnight_there_on_c09() -> None:
    education = PARTNERSHIP.agencies["education"].model_copy(update={"signed_on": NEXT_DAY})
    partnership = _with(agencies={**PARTNERSHIP.agencies, "education": education})
    before, after = Procedure(partnership, AN_HOUR_BEFORE), Procedure(partnership, HALF_PAST_MIDNIGHT)
    with pytest.raises(Refused, match="agency_not_signed"):
        before.until_directed()
    after.until_directed()
    assert "education" in {check.agency for check in after.case.checks}


def test_a_law_that_ended_yesterday_carries_nothing_after_midnight_there_l08() -> None:
    law = PARTNERSHIP.legal_bases["children_act_2004"].model_copy(update={"until": LAST_DAY})
    partnership = _with(legal_bases={**PARTNERSHIP.legal_bases, "children_act_2004": law})
    Procedure(partnership, AN_HOUR_BEFORE).until_directed()
    with pytest.raises(Refused, match="basis_not_in_force"):
        Procedure(partnership, HALF_PAST_MIDNIGHT).until_directed()


def test_a_checklist_is_in_use_from_midnight_there_on_f05() -> None:
    checklist = ComplexChecklist(version="2012-07", since=NEXT_DAY, criteria={"network": "A network"})
    hub = adult_case(partnership=_with(complex_investigation=(checklist,)))
    hub.wait(HALF_PAST_MIDNIGHT - hub.now)
    met(hub)
    hub.say(route(*PAIR, complex=True, checklist="2012-07", criteria=("network",)))


def test_a_supervisor_whose_vetting_ended_yesterday_is_not_called_after_midnight_there_j02() -> None:
    hub = Procedure(with_supervisor(vetted_until=LAST_DAY), HALF_PAST_MIDNIGHT)
    hub.until_directed()
    consulted = tuple(
        one.model_copy(update={"at": HALF_PAST_MIDNIGHT - timedelta(minutes=10)})
        for one in a_call().consulted
    )
    said = a_call(called_at=HALF_PAST_MIDNIGHT, consulted=consulted)
    assert refusal(hub, said) == "supervisor_not_vetted"


def _with(**parts: object) -> Partnership:
    return PARTNERSHIP.model_copy(update=parts)
