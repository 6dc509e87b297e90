"""Domestic abuse: the DIAL and its three tiers, the daily meeting, carry-over and early action. [H]"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from agents.coordinator.daily_rounds import Round
from agents.coordinator.dial_record import Dial
from agents.coordinator.domestic_abuse import key_of
from agents.deciding import Refused, Sending
from messages.dial import (
    AtTheScene,
    DialAlerted,
    DialCheckRecorded,
    DialHistoryRecorded,
    DialReceived,
    DialScreened,
)
from messages.envelope import Lane
from messages.notices import AlertRaised
from messages.referral import BroughtBy
from messages.rounds import AgendaBuilt, ReviewHeld, ReviewMissed
from messages.words import Actor, Category, Mode, Part, Rag
from tests.support.grounds import whole_hub
from tests.support.procedure import SENIOR_PRACTITIONER, SERGEANT, child, of_type, referral, secret, why
from tests.support.whole_hub import TUESDAY

pytestmark = pytest.mark.also_on_servers

RESEARCHER = Actor(person="POL-RES-01", role="police_researcher", agency="police")
FIRST_RESPONSE = Actor(person="CSS-FR-01", role="first_response_researcher", agency="csc_staffordshire")
STAFFORDSHIRE = Actor(person="CSS-PR-01", role="practitioner", agency="csc_staffordshire")
STOKE = Actor(person="CSK-PR-01", role="practitioner", agency="csc_stoke")
STOKE_SP = Actor(person="CSK-SP-01", role="senior_practitioner", agency="csc_stoke")
QUORUM = (SERGEANT, SENIOR_PRACTITIONER, STOKE_SP)
MEETING = "round/dial_meeting"


def incident(number: int = 1, **changes: object) -> DialReceived:
    said = {
        "dial_id": f"DIAL-{number}",
        "source": "police_cru",
        "incident_at": TUESDAY - timedelta(hours=6),
        "authority": "staffordshire",
        "children_of": ("staffordshire",),
        "people": (child(),),
        "account": secret("shouting heard by a neighbour"),
        "at_the_scene": AtTheScene(
            officer="PC-4711",
            at=TUESDAY - timedelta(hours=6),
            imminent_threat=True,
            action="victims_moved_to_safety",
            what=secret("taken to her sister"),
        ),
    }
    return DialReceived.model_validate({**said, **changes})


class Desk:
    """A hub, and the steps of one or more DIALs."""

    def __init__(self, start: datetime = TUESDAY) -> None:
        self.hub = whole_hub(start=start)

    def receive(self, number: int = 1, **changes: object) -> str:
        said = incident(number, **changes)
        self.hub.say(said, f"source.{said.source}")
        return key_of(said.source, said.dial_id)

    def history(self, key: str) -> None:
        self.hub.say(
            DialHistoryRecorded(by=RESEARCHER, known=True, history=secret("two call-outs")), about=key
        )

    def check(self, key: str, by: Actor = STAFFORDSHIRE) -> None:
        self.hub.say(DialCheckRecorded(by=by, known=False, findings=secret("not known")), about=key)

    def ready(self, number: int = 1, **changes: object) -> str:
        key = self.receive(number, **changes)
        self.history(key)
        self.check(key)
        return key

    def screen(self, key: str, **changes: object) -> list[Sending]:
        said = {
            "by": SERGEANT,
            "participants": QUORUM,
            "mode": Mode.FACE_TO_FACE,
            "context": secret("third incident in a year"),
            "action": "health_visitor_informed",
        }
        return self.hub.say(DialScreened.model_validate({**said, **changes}), about=key)

    def alert(self, key: str, by: Actor = RESEARCHER, rag: Rag = Rag.RED) -> list[Sending]:
        return self.hub.say(
            DialAlerted.model_validate(
                {"by": by, "rag": rag, "action": "officers_sent_back", "rationale": why()}
            ),
            about=key,
        )

    def hold(self, day: date, participants: tuple[Actor, ...] = QUORUM, by: Actor = SERGEANT) -> None:
        self.hub.say(
            ReviewHeld(
                by=by, round="dial_meeting", day=day, mode=Mode.FACE_TO_FACE, participants=participants
            )
        )

    def dial(self, key: str) -> Dial:
        found = self.hub.documents[key]
        assert isinstance(found, Dial)
        return found

    def waiting(self) -> list[str]:
        found = self.hub.documents[MEETING]
        assert isinstance(found, Round)
        return [listed.item for listed in found.items]


def agendas(sent: list[Sending]) -> list[list[tuple[str, int]]]:
    """Of every meeting's agenda, what is on it and on how many it was before."""
    return [
        [(item.item, item.carried_over) for item in agenda.items]
        for agenda in of_type(sent, AgendaBuilt)
        if agenda.round == "dial_meeting"
    ]


def test_as_many_dials_as_come_in_are_screened_h01() -> None:
    desk = Desk()
    keys = [desk.ready(n) for n in range(5)]
    assert desk.waiting() == keys

    for key in keys:
        desk.screen(key)

    assert desk.waiting() == []
    assert len(desk.hub.recorded("dial.received")) == len(desk.hub.recorded("dial.screened")) == 5


def test_the_same_dial_is_taken_once_h01() -> None:
    desk = Desk()
    desk.receive()
    with pytest.raises(Refused, match="dial_known"):
        desk.receive()
    assert len(desk.waiting()) == 1


def test_each_morning_an_agenda_lists_what_came_since_the_last_h02() -> None:
    desk = Desk()
    first = desk.ready(1)
    assert agendas(desk.hub.wait(timedelta(hours=3))) == [[(first, 0)]]
    desk.screen(first)
    second = desk.ready(2)

    assert agendas(desk.hub.wait(timedelta(days=1))) == [[(second, 0)]]


def test_what_is_not_screened_is_carried_over_through_weekend_and_holidays_h02() -> None:
    desk = Desk(datetime(2012, 4, 3, 8, 0, tzinfo=UTC))  # Good Friday is three days ahead of this Tuesday
    key = desk.ready()

    carried = agendas(desk.hub.wait(timedelta(days=8)))

    assert carried == [[(key, n)] for n in range(8)]


def test_a_day_without_a_meeting_raises_an_alarm_and_drops_nothing_h02() -> None:
    desk = Desk()
    key = desk.ready()
    desk.hold(date(2012, 3, 6))

    missed = of_type(desk.hub.wait(timedelta(days=2)), ReviewMissed)

    of_meeting = [(one.day, one.waiting) for one in missed if one.round == "dial_meeting"]
    assert of_meeting == [(date(2012, 3, 7), (key,))]


def test_the_agenda_is_built_at_ten_by_the_clock_on_the_wall_h02() -> None:
    desk = Desk()
    at: list[datetime] = []
    while len(at) < 25:
        due = desk.hub.due(MEETING)
        assert due is not None
        sent = desk.hub.wait(due - desk.hub.now)
        at += [desk.hub.now] * len(agendas(sent))

    assert {moment.hour for moment in at if moment.date() < date(2012, 3, 25)} == {10}
    assert {moment.hour for moment in at if moment.date() >= date(2012, 3, 25)} == {9}  # British Summer Time


def test_the_police_check_first_and_childrens_services_after_them_h03() -> None:
    desk = Desk()
    key = desk.receive()
    with pytest.raises(Refused, match="police_first"):
        desk.check(key)
    desk.history(key)
    desk.check(key)
    assert desk.dial(key).checks[0].by == STAFFORDSHIRE


def test_nothing_is_screened_before_police_and_childrens_services_have_checked_h03_h05() -> None:
    desk = Desk()
    key = desk.receive(children_of=("staffordshire", "stoke"))
    for remaining in ("history", "staffordshire", "stoke"):
        with pytest.raises(Refused, match="not_in_full_context"):
            desk.screen(key)
        {
            "history": lambda: desk.history(key),
            "staffordshire": lambda: desk.check(key),
            "stoke": lambda: desk.check(key, STOKE),
        }[remaining]()
    desk.screen(key)
    assert desk.dial(key).screened


@pytest.mark.parametrize("absent", QUORUM, ids=lambda actor: actor.person)
def test_there_is_no_outcome_without_sergeant_and_both_senior_practitioners_h04(absent: Actor) -> None:
    desk = Desk()
    key = desk.ready()
    there = tuple(actor for actor in QUORUM if actor is not absent)
    with pytest.raises(Refused, match="quorum_missing"):
        desk.screen(key, participants=there, by=there[0])
    with pytest.raises(Refused, match="quorum_missing"):
        desk.hold(date(2012, 3, 6), there, by=there[0])
    assert not desk.dial(key).screened


def test_nobody_sits_in_a_seat_or_speaks_for_a_meeting_that_is_not_theirs_h04() -> None:
    desk = Desk()
    key = desk.ready()
    with pytest.raises(Refused, match="not_of_the_quorum"):
        desk.screen(key, by=Actor(person="POL-SGT-02", role="police_sergeant", agency="police"))
    pretended = STOKE_SP.model_copy(update={"person": SENIOR_PRACTITIONER.person})
    with pytest.raises(Refused, match="person_unknown"):
        desk.screen(key, participants=(SERGEANT, SENIOR_PRACTITIONER, pretended))


def test_each_dial_leaves_with_an_action_or_with_none_and_the_reason_h05() -> None:
    desk = Desk()
    with_action, without = desk.ready(1), desk.ready(2)
    desk.screen(with_action)
    desk.screen(without, action=None, no_action_because=secret("all is in hand"))
    assert desk.dial(with_action).tier_3 is not None and desk.dial(without).tier_3 is not None
    third = desk.ready(3)
    for wrong in ({"action": None}, {"no_action_because": secret("both")}):
        with pytest.raises(ValueError, match="action"):
            desk.screen(third, **wrong)


def test_what_the_officers_did_at_the_scene_comes_with_the_dial_h06() -> None:
    desk = Desk()
    scene = desk.dial(desk.receive()).tier_1
    assert scene is not None
    assert (scene.officer, scene.action, scene.imminent_threat) == (
        "PC-4711",
        "victims_moved_to_safety",
        True,
    )


@pytest.mark.parametrize("by", [RESEARCHER, FIRST_RESPONSE], ids=lambda actor: actor.role)
def test_a_tier_two_alert_becomes_a_rated_case_before_any_meeting_h07_h09(by: Actor) -> None:
    desk = Desk()
    key = desk.receive()
    desk.alert(key, by)

    (case,) = desk.hub.cases()
    assert case.brought_by is not None and case.brought_by.document == key
    assert case.category is Category.DOMESTIC_VIOLENCE and case.cohort == "domestic_abuse"
    assert case.threshold is not None and case.threshold.met and case.threshold.by == by
    assert case.rating is not None
    assert (case.rating.rag, case.rating.by) == (Rag.RED, by)
    assert case.rating.due_at == TUESDAY + timedelta(hours=2)
    meeting = desk.hub.due(MEETING)
    assert meeting is not None and desk.hub.now < meeting


def test_an_alert_passes_by_the_queue_and_tells_the_teams_at_once_h07() -> None:
    desk = Desk()
    sent = desk.alert(desk.receive())
    assert {s.lane for s in sent if s.to.startswith(("hub", "team"))} == {Lane.URGENT}
    assert of_type(sent, AlertRaised)


def test_an_amber_alert_has_its_own_clock_h09() -> None:
    desk = Desk()
    desk.alert(desk.receive(), rag=Rag.AMBER)
    (case,) = desk.hub.cases()
    assert case.rating is not None and case.rating.due_at == TUESDAY + timedelta(hours=24)


def test_a_dial_that_was_alerted_is_still_screened_and_becomes_no_second_case_h01_h09() -> None:
    desk = Desk()
    key = desk.ready()
    desk.alert(key)
    assert desk.waiting() == [key]
    desk.screen(key, refer=True)
    assert (desk.waiting(), len(desk.hub.cases())) == ([], 1)


def test_an_alert_comes_once_and_before_the_meeting_h07() -> None:
    desk = Desk()
    key = desk.ready()
    desk.alert(key)
    with pytest.raises(Refused, match="already_alerted"):
        desk.alert(key)
    screened = desk.ready(2)
    desk.screen(screened)
    with pytest.raises(Refused, match="already_screened"):
        desk.alert(screened)


def test_the_three_tiers_are_kept_apart_h08() -> None:
    desk = Desk()
    key = desk.ready()
    desk.alert(key)
    desk.screen(key)
    dial = desk.dial(key)
    assert dial.tier_1 is not None and dial.tier_2 is not None and dial.tier_3 is not None
    assert (dial.tier_1.officer, dial.tier_2.by, dial.tier_3.by) == ("PC-4711", RESEARCHER, SERGEANT)
    assert [f.what for key_, f in desk.hub.facts if key_ == key] == [
        "dial.received",
        "dial.history_recorded",
        "dial.checked",
        "dial.alerted",
        "dial.screened",
    ]


def test_the_meeting_refers_a_dial_for_full_sharing_h05() -> None:
    desk = Desk()
    key = desk.ready()
    desk.screen(key, refer=True, action="referred_to_mash")
    (case,) = desk.hub.cases()
    assert case.brought_by is not None and case.brought_by.because == "dial_meeting"
    assert case.threshold is None, "the threshold is decided as for any other"


def test_a_dial_with_a_vulnerable_adult_is_referred_to_adult_social_care_at_once_h10() -> None:
    desk = Desk()
    adult = child().model_copy(update={"part": Part.VULNERABLE_ADULT})
    key = desk.receive(adult_at_risk=True, people=(adult,), children_of=())
    (case,) = desk.hub.cases()
    assert case.category is Category.ADULT_PROTECTION
    assert case.brought_by is not None and case.brought_by.document == key
    assert desk.waiting() == [key], "it is screened all the same"


def test_only_the_hub_can_say_that_a_dial_brings_a_case_h09() -> None:
    hub = whole_hub()
    brought = BroughtBy(document="D-1", because="dial_alert", by=RESEARCHER, rag=Rag.RED, rationale=why())
    with pytest.raises(Refused, match="brought_by_is_the_hubs"):
        hub.say(referral(brought_by=brought), "source.first_response")
