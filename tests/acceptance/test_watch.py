"""The hub itself tells staff of too many panels and of empty seats. [K02, K05, M6, M6.1]"""

from __future__ import annotations

from datetime import date, timedelta

from agents.coordinator.daily_rounds import Round, key_of
from agents.partnership import Partnership
from agents.registers import EscalationAlarm
from messages.rounds import ReviewHeld
from messages.watch import EscalationsMany, PanelSeatsVacant
from messages.words import Mode
from ops.figures import Figures, add, add_dial, add_round
from tests.acceptance.test_adult_pathway import case as adult_case
from tests.acceptance.test_escalation import convene, disputed, manage
from tests.acceptance.test_retention_of_documents import COORDINATOR, DIAL, screened
from tests.support.adult_pathway import met
from tests.support.grounds import whole_hub
from tests.support.procedure import PARTNERSHIP, of_type
from tests.support.whole_hub import TUESDAY, WholeHub

HEALTH_SEAT = "primary_care"


def without_panel_members(agency: str) -> Partnership:
    roles = set(PARTNERSHIP.agencies[agency].panel_roles)
    staff = tuple(
        one.model_copy(update={"roles": tuple(r for r in one.roles if r not in roles)})
        if one.agency == agency
        else one
        for one in PARTNERSHIP.staff
    )
    return Partnership.model_validate({**PARTNERSHIP.model_dump(), "staff": staff})


def after_a_review() -> Round:
    """The missing children's round after one review."""
    hub = whole_hub()
    code = PARTNERSHIP.round_of("missing_children") or ""
    hub.say(
        ReviewHeld(
            by=COORDINATOR,
            round=code,
            day=hub.now.date(),
            mode=Mode.PHONE,
            participants=(COORDINATOR,),
        )
    )
    found = hub.documents[key_of(code)]
    assert isinstance(found, Round)
    return found


def vacancies(hub: WholeHub) -> list[tuple[str, ...]]:
    return [told.agencies for told in of_type(hub.sent, PanelSeatsVacant)]


def test_staff_are_told_of_each_panel_above_the_level_and_of_none_below_k05() -> None:
    hub = disputed()
    hub.whole.under(PARTNERSHIP.model_copy(update={"escalation_alarm": EscalationAlarm(days=30, at_most=0)}))
    manage(hub)
    assert of_type(hub.whole.sent, EscalationsMany) == []
    convene(hub)
    assert of_type(hub.whole.sent, EscalationsMany) == [EscalationsMany(panels=1, days=30, at_most=0)]
    assert all(s.to == "staff" for s in hub.whole.sent if isinstance(s.payload, EscalationsMany))

    as_meant = disputed()
    manage(as_meant)
    convene(as_meant)
    assert of_type(as_meant.whole.sent, EscalationsMany) == []
    assert as_meant.whole.recorded("panel.counted")[-1].detail["panels"] == 1


def test_an_empty_health_seat_is_told_when_the_hub_starts_and_once_k02() -> None:
    hub = whole_hub(without_panel_members(HEALTH_SEAT))
    assert vacancies(hub) == [(HEALTH_SEAT,)]
    assert {s.to for s in hub.sent if isinstance(s.payload, PanelSeatsVacant)} == {"staff"}
    hub.wait(timedelta(days=3))
    assert vacancies(hub) == [(HEALTH_SEAT,)]


def test_a_seat_that_falls_vacant_or_is_taken_is_told_the_day_after_k02() -> None:
    hub = whole_hub()
    hub.wait(timedelta(days=1))
    assert vacancies(hub) == []
    hub.under(without_panel_members(HEALTH_SEAT))
    hub.wait(timedelta(days=1))
    assert vacancies(hub) == [(HEALTH_SEAT,)]
    hub.under(PARTNERSHIP)
    hub.wait(timedelta(days=1))
    assert vacancies(hub) == [(HEALTH_SEAT,), ()]


def test_a_member_whose_vetting_ended_takes_no_seat_k02_l04() -> None:
    roles = set(PARTNERSHIP.agencies[HEALTH_SEAT].panel_roles)
    staff = tuple(
        one.model_copy(update={"vetted_until": date(2012, 3, 6)})
        if one.agency == HEALTH_SEAT and roles & set(one.roles)
        else one
        for one in PARTNERSHIP.staff
    )
    hub = whole_hub(Partnership.model_validate({**PARTNERSHIP.model_dump(), "staff": staff}))
    assert hub.now == TUESDAY
    assert vacancies(hub) == []
    hub.wait(timedelta(days=1))
    assert vacancies(hub) == [(HEALTH_SEAT,)]


def test_every_meeting_whose_mode_is_on_record_counts_j01() -> None:
    """The Strategy Discussion and the plan about an adult, the outcome on a DIAL, a daily review."""
    found = Figures(days=30, at_most=5)
    adult = adult_case()
    met(adult)
    add(found, adult.case, adult.now)
    assert found.modes.total() == 2
    hub = screened()
    add_dial(found, hub.documents[DIAL])
    assert (found.modes.total(), found.modes[Mode.FACE_TO_FACE] >= 1) == (3, True)
    add_round(found, after_a_review())
    assert found.modes.total() == 4
