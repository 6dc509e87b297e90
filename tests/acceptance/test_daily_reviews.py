"""Missing children, and the daily reviews. [I01, I08-I11]"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from agents.coordinator.daily_rounds import Round
from agents.coordinator.missing_children import key_of
from agents.deciding import Refused, Sending
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.missing import MissingChildFlagged, MissingReported
from messages.own import OwnReferralSentAway
from messages.rounds import AgendaBuilt, ItemListed, ItemSettled, ReviewerAbsent, ReviewHeld, ReviewMissed
from messages.words import Actor, Category, Mode, Part, Rag
from tests.support.grounds import whole_hub
from tests.support.procedure import (
    MANAGER,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    SERGEANT,
    adult,
    child,
    disability_hate_crime,
    judged,
    of_type,
    referral,
    secret,
    why,
)
from tests.support.whole_hub import PARTNERSHIP, TUESDAY, WholeHub

pytestmark = pytest.mark.also_on_servers

PUBLIC_PROTECTION = Actor(person="POL-PPC-01", role="public_protection_coordinator", agency="police")
MISPER = Actor(person="POL-MPC-01", role="misper_coordinator", agency="police")
OTHER_MISPER = Actor(person="POL-MPC-02", role="misper_coordinator", agency="police")
KEY = key_of("police_cru", "MP-1")


def reported(hub: WholeHub, number: int, after: timedelta, **changes: object) -> list[Sending]:
    said = {
        "report_id": f"R-{number}",
        "source": "police_cru",
        "person_ref": "MP-1",
        "reported_at": TUESDAY + after,
        "authority": "staffordshire",
        "person": child(),
        "circumstances": secret("not home from school"),
    }
    hub.pass_time(max(hub.now, TUESDAY + after))
    report = MissingReported.model_validate({**said, **changes})
    return hub.say(report, f"source.{report.source}")


def review(hub: WholeHub, by: Actor, round_: str, day: date, *considered: str) -> None:
    hub.say(
        ReviewHeld(
            by=by,
            round=round_,
            day=day,
            mode=Mode.FACE_TO_FACE,
            participants=(by,),
            considered=considered,
        )
    )


def waiting(hub: WholeHub, round_: str) -> list[str]:
    found = hub.documents[f"round/{round_}"]
    assert isinstance(found, Round)
    return [listed.item for listed in found.items]


def test_five_reports_in_ninety_days_bring_no_case_and_the_sixth_does_i09() -> None:
    hub = whole_hub()
    for n in range(5):
        reported(hub, n, timedelta(days=10 * n))
    assert hub.cases() == []

    reported(hub, 5, timedelta(days=50))

    (case,) = hub.cases()
    assert case.category is Category.MISSING_PERSONS and case.cohort == "missing_children"
    assert case.brought_by is not None
    assert (case.brought_by.document, case.brought_by.because) == (KEY, "reports_qualify")


@pytest.mark.parametrize(
    ("last", "cases"),
    [
        (timedelta(days=90) - timedelta(seconds=1), 1),
        (timedelta(days=90), 1),
        (timedelta(days=90) + timedelta(seconds=1), 0),
        (timedelta(days=91), 0),
    ],
)
def test_the_window_is_ninety_times_twenty_four_hours_i09(last: timedelta, cases: int) -> None:
    hub = whole_hub()
    for n in range(5):
        reported(hub, n, timedelta(hours=n))
    reported(hub, 5, last)
    assert len(hub.cases()) == cases


def test_the_window_rolls_i09() -> None:
    hub = whole_hub()
    reported(hub, 0, timedelta(0))
    for n in range(1, 6):
        reported(hub, n, timedelta(days=100 + n))
    assert hub.cases() == []
    reported(hub, 6, timedelta(days=150))
    assert len(hub.cases()) == 1


def test_reports_that_come_in_another_order_are_counted_by_when_they_were_made_i09() -> None:
    hub = whole_hub()
    for n in (5, 0, 3, 1, 4):
        reported(hub, n, timedelta(days=n))
    assert hub.cases() == []
    reported(hub, 2, timedelta(days=2))
    assert len(hub.cases()) == 1


def test_while_a_case_is_open_its_child_gets_no_second_i09() -> None:
    hub = whole_hub()
    for n in range(14):
        reported(hub, n, timedelta(days=n))
    assert len(hub.cases()) == 1
    with pytest.raises(Refused, match="case_is_open"):
        hub.say(MissingChildFlagged(by=MISPER, rationale=why()), about=KEY)


def test_a_case_that_ended_does_not_use_up_its_reports_i09() -> None:
    hub = whole_hub()
    for n in range(6):
        reported(hub, n, timedelta(days=5 * n))
    (first,) = hub.cases()
    redirected = ThresholdDecided(by=SERGEANT, met=False, redirect_to="csc_staffordshire", rationale=why())
    hub.say(redirected, about=first.case_id)

    reported(hub, 6, timedelta(days=30))

    assert [case.closed_at is None for case in hub.cases()] == [False, True]


def test_reports_of_long_ago_do_not_make_a_new_one_the_sixth_i09() -> None:
    hub = whole_hub()
    for n in range(6):
        reported(hub, n, timedelta(days=n))
    (first,) = hub.cases()
    redirected = ThresholdDecided(by=SERGEANT, met=False, redirect_to="csc_staffordshire", rationale=why())
    hub.say(redirected, about=first.case_id)

    reported(hub, 6, timedelta(days=200))

    assert len(hub.cases()) == 1


def test_reports_count_while_the_cohort_is_off_i09() -> None:
    """What comes of them then is told; once it is on, the next report brings a case of the hub."""
    off = PARTNERSHIP.model_copy(
        update={"cohorts": {c: one for c, one in PARTNERSHIP.cohorts.items() if c != "missing_children"}}
    )
    hub = whole_hub(off)
    for n in range(6):
        reported(hub, n, timedelta(days=n))
    (alarm,) = of_type(hub.sent, OwnReferralSentAway)
    assert (alarm.document, alarm.because, alarm.outcome) == (KEY, "reports_qualify", "not_in_mash")

    hub.under(PARTNERSHIP)
    reported(hub, 6, timedelta(days=6))

    assert [case.closed_at is None for case in hub.cases()] == [False, True]


def test_a_late_report_does_not_overwrite_what_a_newer_one_says_i09() -> None:
    hub = whole_hub()
    reported(hub, 1, timedelta(days=9), authority="stoke")
    late = child().model_copy(update={"part": Part.VULNERABLE_ADULT})
    reported(hub, 0, timedelta(days=2), person=late)
    hub.say(MissingChildFlagged(by=MISPER, rationale=why()), about=KEY)
    (case,) = hub.cases()
    assert (case.authority, case.people[0].part) == ("stoke", Part.CHILD)


@pytest.mark.parametrize("other", [{"person_ref": "MP-2"}, {"source": "first_response"}], ids=str)
def test_a_child_under_two_references_or_from_two_sources_is_counted_as_one_i09(
    other: dict[str, str],
) -> None:
    hub = whole_hub()
    for n in range(5):
        reported(hub, n, timedelta(days=n), **(other if n % 2 else {}))
    assert hub.cases() == []

    reported(hub, 5, timedelta(days=5), **other)

    (case,) = hub.cases()
    assert case.brought_by is not None
    found = hub.documents[case.brought_by.document]
    assert found.same_as == (KEY,), "the co-ordinator sees where the others are"
    reported(hub, 6, timedelta(days=6))
    assert len(hub.cases()) == 1, "the case is about the child, not about the reference"


def test_what_two_others_tell_of_one_moment_is_one_disappearance_i09() -> None:
    """Told under two more references, neither of which is the one whose report is counted."""
    hub = whole_hub()
    for n in range(3):
        reported(hub, n, timedelta(days=n))
    for ref in ("MP-2", "MP-3"):
        reported(hub, 3, timedelta(days=3), person_ref=ref)
    reported(hub, 4, timedelta(days=4))
    assert hub.cases() == [], "five disappearances, which six reports tell"
    reported(hub, 5, timedelta(days=5))
    assert len(hub.cases()) == 1


def test_the_same_report_counts_once_i09() -> None:
    hub = whole_hub()
    for n in range(5):
        reported(hub, n, timedelta(days=n))
    with pytest.raises(Refused, match="report_known"):
        reported(hub, 4, timedelta(days=4))
    assert hub.cases() == []


def test_reports_of_different_children_are_not_added_up_i09() -> None:
    hub = whole_hub()
    sibling = child().model_copy(update={"given_name": secret("Toby")})
    for n in range(10):
        other = {"person_ref": "MP-2", "person": sibling} if n % 2 else {}
        reported(hub, n, timedelta(days=n), **other)
    assert hub.cases() == []


def test_six_reports_of_an_adult_start_nothing_by_themselves_i11() -> None:
    hub = whole_hub()
    for n in range(8):
        reported(hub, n, timedelta(days=n), person=adult())
    assert hub.cases() == []
    with pytest.raises(Refused, match="not_a_child"):
        hub.say(MissingChildFlagged(by=MISPER, rationale=why()), about=KEY)


def test_a_missing_adult_enters_as_a_professional_concern_i11() -> None:
    hub = whole_hub()
    hub.say(
        referral(
            category=Category.PROFESSIONAL_CONCERN,
            people=(adult(),),
            section_47_belief=None,
            professional_judgement=judged(),
        ),
        "source.first_response",
    )
    (case,) = hub.cases()
    assert case.cohort == "professional_concern" and case.closed_at is None


def test_a_co_ordinator_finds_a_child_of_concern_below_the_number_i09_i10() -> None:
    hub = whole_hub()
    reported(hub, 0, timedelta(0))
    with pytest.raises(Refused, match="role_may_not"):
        hub.say(MissingChildFlagged(by=PRACTITIONER, rationale=why()), about=KEY)

    hub.say(MissingChildFlagged(by=MISPER, rationale=why()), about=KEY)

    (case,) = hub.cases()
    assert case.brought_by is not None and case.brought_by.because == "of_concern"
    assert case.brought_by.by == MISPER


def test_a_child_of_concern_gets_all_core_checks_i10() -> None:
    hub = whole_hub()
    reported(hub, 0, timedelta(0))
    hub.say(MissingChildFlagged(by=MISPER, rationale=why()), about=KEY)
    (case,) = hub.cases()
    hub.say(ThresholdDecided(by=SERGEANT, met=True, rationale=why()), about=case.case_id)
    hub.say(RiskRated(by=MANAGER, rag=Rag.AMBER, rationale=why()), about=case.case_id)
    directed = EnquiryDirected(
        by=SENIOR_PRACTITIONER,
        purpose="safeguarding_children",
        legal_basis="children_act_2004",
        rationale=why(),
    )
    asked = {s.to for s in hub.say(directed, about=case.case_id) if s.to.startswith("agency.")}
    assert asked == {
        "agency.police",
        "agency.education",
        "agency.primary_care",
        "agency.csc_staffordshire",
        "agency.asc_staffordshire",
    }


def test_missing_children_are_put_before_the_daily_review_i08() -> None:
    hub = whole_hub()
    reported(hub, 0, timedelta(0))
    (agenda,) = [
        one
        for one in of_type(hub.wait(timedelta(hours=3)), AgendaBuilt)
        if one.round == "missing_children_review"
    ]
    assert [item.item for item in agenda.items] == [KEY]

    review(hub, MISPER, "missing_children_review", date(2012, 3, 6), KEY)

    assert waiting(hub, "missing_children_review") == []
    (held,) = hub.recorded("review.held")
    assert held.by == MISPER and held.detail["considered"] == [KEY]


def test_each_co_ordinator_reviews_once_a_day_i08() -> None:
    hub = whole_hub()
    review(hub, MISPER, "missing_children_review", date(2012, 3, 6))
    review(hub, OTHER_MISPER, "missing_children_review", date(2012, 3, 6))
    with pytest.raises(Refused, match="already_held"):
        review(hub, MISPER, "missing_children_review", date(2012, 3, 6))


def test_a_day_without_its_review_raises_an_alarm_i08_i01() -> None:
    hub = whole_hub()
    review(hub, MISPER, "missing_children_review", date(2012, 3, 6))

    missed = [(one.round, one.day.day) for one in of_type(hub.wait(timedelta(days=2)), ReviewMissed)]

    assert missed.count(("missing_children_review", 6)) == 0
    assert missed.count(("missing_children_review", 7)) == 1
    assert [one for one in missed if one[0] == "hate_crime_review"] == [
        ("hate_crime_review", 6),
        ("hate_crime_review", 7),
    ]


def test_public_protection_co_ordinators_review_for_hate_crime_daily_i01() -> None:
    hub = whole_hub()
    hub.say(
        referral(
            category=Category.HATE_CRIME,
            people=(adult(),),
            section_47_belief=None,
            hate_crime=disability_hate_crime(),
        ),
        "source.first_response",
    )
    (case,) = hub.cases()
    assert waiting(hub, "hate_crime_review") == [case.case_id]
    with pytest.raises(Refused, match="role_may_not"):
        review(hub, SERGEANT, "hate_crime_review", date(2012, 3, 6), case.case_id)

    review(hub, PUBLIC_PROTECTION, "hate_crime_review", date(2012, 3, 6), case.case_id)

    assert waiting(hub, "hate_crime_review") == []


@pytest.mark.parametrize("day", [date(2012, 3, 7), date(2012, 2, 27)])
def test_a_review_is_recorded_for_its_own_days_i01(day: date) -> None:
    with pytest.raises(Refused, match="day_not_open"):
        review(whole_hub(), PUBLIC_PROTECTION, "hate_crime_review", day)


def test_a_review_considers_what_is_before_it_i08() -> None:
    with pytest.raises(Refused, match="not_before_it"):
        review(whole_hub(), MISPER, "missing_children_review", date(2012, 3, 6), "M-UNKNOWN")


def test_what_is_settled_before_it_is_listed_does_not_stay_on_the_list_h01() -> None:
    """One message may pass another that is delayed."""
    hub = whole_hub()
    hub.say(ItemSettled(round="dial_meeting", item="D-1"), "hub")
    hub.say(ItemListed(round="dial_meeting", item="D-1"), "hub")
    assert waiting(hub, "dial_meeting") == []


def test_a_round_in_the_hour_that_spring_skips_has_its_agenda_and_its_alarm_h02() -> None:
    early = PARTNERSHIP.rounds["missing_children_review"].model_copy(
        update={"held_at": time(1), "missed_at": time(2)}
    )
    hub = whole_hub(
        PARTNERSHIP.model_copy(update={"rounds": {"missing_children_review": early}}),
        datetime(2012, 3, 24, 12, tzinfo=UTC),
    )
    sent = hub.wait(timedelta(days=2))
    assert [agenda.day.day for agenda in of_type(sent, AgendaBuilt)] == [25, 26]
    assert [missed.day.day for missed in of_type(sent, ReviewMissed)] == [25, 26]


def test_one_co_ordinators_review_does_not_stand_for_the_others_i08() -> None:
    hub = whole_hub()
    review(hub, MISPER, "missing_children_review", date(2012, 3, 6))
    absent = of_type(hub.wait(timedelta(days=1)), ReviewerAbsent)
    assert [(one.day.day, one.persons) for one in absent] == [(6, (OTHER_MISPER.person,))]
    review(hub, MISPER, "missing_children_review", date(2012, 3, 7))
    review(hub, OTHER_MISPER, "missing_children_review", date(2012, 3, 7))
    assert of_type(hub.wait(timedelta(days=1)), ReviewerAbsent) == []
