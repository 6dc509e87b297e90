"""What people read of a case, a DIAL, a missing person before anything leaves: who, what, on record. [D02]"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pytest
from rich.console import Console

from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from messages.confidential import Confidential
from messages.dial import DialHistoryRecorded, DialReceived
from messages.disclosure import DiscussionRecorded, Position
from messages.escalation import (
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    ManagementActed,
    View,
)
from messages.missing import MissingReported
from messages.package import InformationRequested
from messages.words import Actor, Choice, Mode, Part, Rag
from ops.cli.read_page import drawn_content, drawn_reasons
from ops.package_view import package_seat, read_package
from ops.problem import Problem, WrongInput
from ops.reading import Document, Readings
from ops.who_reads import Asking, Denied, asking
from store.vault import Reader, Vault
from tests.support.hub_by_rules import HubByRules
from tests.support.procedure import (
    CORE_CHILD,
    PARTNERSHIP,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    child,
    element,
    line_manager,
    panel_member,
    release,
    secret,
    withhold,
)
from tests.support.whole_hub import TUESDAY

PURPOSE = "safeguarding_children"
SERGEANT_SAID = "POL-SGT-01@police"
SIDES = ("police", "csc_staffordshire")
TEAM = "CSS-SW-01@csc_staffordshire"


class Books:
    """The texts of a hub under test, and a record of who read or was refused."""

    def __init__(self, hub: HubByRules) -> None:
        self._texts = hub.texts
        self.record: list[tuple[str, str, str]] = []

    async def read(self, case: str, refs: Sequence[str], *, reader: Reader, purpose: str) -> dict[str, str]:
        self.record.append(("read", reader.person, case))
        return {ref: self._texts[ref] for ref in refs}

    async def refuse(self, case: str, *, reader: Reader, purpose: str, reason: str) -> None:
        self.record.append((reason, reader.person, case))


def books_of(hub: Procedure) -> Books:
    assert isinstance(hub.whole, HubByRules)
    return Books(hub.whole)


def readings(books: Books) -> Readings:
    return Readings(cast(Vault, books), PARTNERSHIP, TUESDAY.date())


def who(as_whom: str) -> Asking:
    return asking(PARTNERSHIP, as_whom, PURPOSE)


async def read(document: Document, books: Books, as_whom: str) -> dict[str, Any]:
    return await readings(books).read(document, who(as_whom))


def with_an_element() -> Procedure:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police", "a man was seen at the house"))
    return hub


async def test_a_manager_reads_concern_and_people_before_anybody_was_asked() -> None:
    hub = Procedure()
    hub.refer()
    books = books_of(hub)
    said = await read(hub.case, books, "CSS-SP-01@csc_staffordshire")
    assert said["concern"] == "bruises seen at school"
    assert said["people"][0]["given_name"] == "Tilly"
    assert said["section_47_belief"]["why"] == "injuries unexplained"
    assert books.record == [("read", "CSS-SP-01", hub.case.case_id)]


async def test_a_manager_of_another_service_does_not_and_that_is_on_record() -> None:
    hub = Procedure()
    hub.refer()
    books = books_of(hub)
    with pytest.raises(Denied, match="asc_staffordshire was not asked"):
        await read(hub.case, books, "ASS-SP-01@asc_staffordshire")
    assert books.record == [("no_need_to_know", "ASS-SP-01", hub.case.case_id)]


async def test_staff_of_an_agency_that_was_asked_read_what_others_revealed() -> None:
    hub = with_an_element()
    said = await read(hub.case, books_of(hub), "EDU-DM-01@education")
    (shown,) = said["elements"]
    assert not [name for name in shown if name.endswith(("_words", "_bytes", "_hashes"))]
    assert (shown["text"], shown["standing"]) == ("a man was seen at the house", "revealed")
    assert "source_hashes" not in json.dumps(said)


@pytest.mark.parametrize(
    ("as_whom", "reason"),
    [
        ("HOU-DM-01@housing", "off_hub"),
        ("POL-DPO-01@police", "role_may_not"),
        ("NOBODY-1@police", "person_unknown"),
        ("CSK-SP-01@csc_stoke", "off_hub"),
        (TEAM, "role_may_not"),
    ],
)
async def test_a_refused_reading_is_on_record_and_reads_nothing(as_whom: str, reason: str) -> None:
    hub = with_an_element()
    books = books_of(hub)
    with pytest.raises(Denied):
        await read(hub.case, books, as_whom)
    assert books.record == [(reason, as_whom.partition("@")[0], hub.case.case_id)]


def test_what_is_no_person_no_agency_and_no_purpose_of_the_partnership_is_wrong_input() -> None:
    for as_whom, purpose in ((SERGEANT_SAID, "curiosity"), ("a b@police", PURPOSE), ("X@mars", PURPOSE)):
        with pytest.raises(WrongInput):
            asking(PARTNERSHIP, as_whom, purpose)


async def test_a_referrer_who_must_stay_unnamed_is_not_among_the_people_read() -> None:
    hidden = child("ref").model_copy(
        update={"part": Part.REFERRER, "may_be_named": False, "given_name": secret("Wilhelmina")}
    )
    hub = Procedure()
    hub.refer(people=(child(), hidden))
    said = await read(hub.case, books_of(hub), SERGEANT_SAID)
    assert said["somebody_unnamed"] is True
    assert "Wilhelmina" not in json.dumps(said)


def issued(rag: Rag = Rag.AMBER) -> Procedure:
    hub = Procedure()
    hub.until_directed(rag)
    hub.answer("police", element("e1", "police", "a man was seen at the house"))
    hub.nothing_from(*(agency for agency in CORE_CHILD if agency != "police"))
    hub.discuss("e1")
    hub.decide("e1", release())
    hub.assess()
    hub.agree()
    return hub


async def test_the_question_of_a_task_back_is_read() -> None:
    hub = issued()
    worker = Actor(person="CSS-SW-01", role="social_worker", agency="csc_staffordshire")
    hub.say(
        InformationRequested(
            request_id="T-1",
            package_id=hub.case.packages[-1].package_id,
            by=worker,
            question=secret("who collects her from school"),
            why=secret("we found nobody at home"),
        ),
        "team.children_social_work_staffordshire",
    )
    said = await read(hub.case, books_of(hub), SERGEANT_SAID)
    assert "who collects her from school" in [one["question"] for one in said["questions"]]


async def test_a_team_that_was_told_of_red_reads_its_notice_and_no_elements() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.answer("police", element("e1", "police", "a man was seen at the house"))
    said = await read(hub.case, books_of(hub), TEAM)
    assert (said["rag"], said["concern"]) == ("red", "bruises seen at school")
    assert said["promised_by"] == (hub.now + timedelta(hours=4)).isoformat()
    assert "a man was seen" not in json.dumps(said)


async def package_for(hub: Procedure, as_whom: str) -> dict[str, Any]:
    seat = package_seat(hub.case, who(as_whom), PARTNERSHIP, hub.now.date())
    shown = await read_package(
        hub.case,
        None,
        cast(Vault, books_of(hub)),
        reader=seat.reader,
        purpose=PURPOSE,
        partnership=PARTNERSHIP,
        today=hub.now.date(),
        teams=seat.teams,
    )
    return shown.package


async def test_a_member_of_a_receiving_team_reads_its_package_and_of_another_team_does_not() -> None:
    hub = issued(Rag.RED)
    assert (await package_for(hub, TEAM))["elements"][0]["text"] == "a man was seen at the house"
    assert (await package_for(hub, "POL-DS-01@police"))["concern"] == "bruises seen at school"
    for stranger in ("CSK-SW-01@csc_stoke", "ASS-SW-01@asc_staffordshire"):
        with pytest.raises(Denied, match="no package of"):
            await package_for(hub, stranger)


async def test_a_field_team_does_not_read_the_reasons_of_the_hub() -> None:
    hub = issued(Rag.RED)
    books = books_of(hub)
    with pytest.raises(Denied):
        await readings(books).reasons(hub.case, who(TEAM))
    assert [what for what, *_ in books.record] == ["role_may_not"]


async def test_reasons_are_told_in_their_order_up_to_a_moment() -> None:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    hub.wait(timedelta(minutes=5))
    before = hub.now
    hub.wait(timedelta(minutes=5))
    hub.rate(Rag.AMBER)
    books = books_of(hub)
    every = await readings(books).reasons(hub.case, who(SERGEANT_SAID))
    assert [one["what"] for one in every] == ["threshold", "rating"]
    assert every[1]["rationale"]["reason"] == "because of the referral"
    then = await readings(books).reasons(hub.case, who(SERGEANT_SAID), before)
    assert [one["what"] for one in then] == ["threshold"]
    assert books.record == [("read", "POL-SGT-01", hub.case.case_id)] * 2


async def test_the_reasons_of_a_decision_on_an_element_are_its_five_tests() -> None:
    hub = issued()
    every = await readings(books_of(hub)).reasons(hub.case, who(SERGEANT_SAID))
    (decided,) = [one for one in every if one["what"] == "element"]
    assert decided["choice"]["tests"]["necessity"] == "the team cannot act without"
    assert {one["what"] for one in every} >= {"assessment", "assessment_sent", "direction", "discussion"}


def with_views() -> Procedure:
    """Views differed in the discussion, and on the panel that could not agree."""
    hub = with_an_element()
    differs = Position(actor=SERGEANT, element_id="e1", position="withhold", view=secret("it would warn him"))
    hub.say(
        DiscussionRecorded(
            by=SENIOR_PRACTITIONER,
            discussion_id="D-1",
            elements=("e1",),
            participants=(SENIOR_PRACTITIONER, SERGEANT),
            mode=Mode.PHONE,
            summary=secret("two views"),
            positions=(differs,),
        )
    )
    hub.decide("e1", withhold())
    managers, panel = [[of(agency) for agency in SIDES] for of in (line_manager, panel_member)]
    hub.say(
        DisclosureDisputed(
            by=PRACTITIONER, dispute_id="X-1", element_id="e1", ground="necessity", position=secret("needed")
        )
    )
    hub.say(
        ManagementActed(
            by=managers[0], other_side=managers[1], dispute_id="X-1", settled=False, reason=secret("no form")
        )
    )
    hub.say(EscalationConvened(by=managers[1], dispute_id="X-1", panel=tuple(panel), mode=Mode.PHONE))
    hub.wait(timedelta(minutes=5))
    views = (
        View(actor=panel[0], position=Choice.WITHHOLD, view=secret("it would show who told us")),
        View(actor=panel[1], position=Choice.RELEASE, view=secret("they must know")),
    )
    hub.say(
        EscalationDecided(
            by=panel[0],
            dispute_id="X-1",
            mode=Mode.PHONE,
            views=views,
            agreed=False,
            reason=secret("no common view"),
        )
    )
    return hub


async def test_every_view_is_read_with_the_name_of_who_holds_it_d22_k07() -> None:
    hub = with_views()
    books = books_of(hub)
    every = await readings(books).reasons(hub.case, who(SERGEANT_SAID))
    (discussion,) = [one for one in every if one["what"] == "discussion"]
    assert discussion["positions"][0]["view"] == "it would warn him"
    (dispute,) = [one for one in every if one["what"] == "dispute"]
    assert [one["reason"] for one in dispute["reasons"]] == ["no form", "no common view"]
    held = {view["actor"]["person"]: view["view"] for view in dispute["reasons"][1]["views"]}
    assert held == {"POL-PNL-01": "it would show who told us", "CSS-PNL-01": "they must know"}
    content = await read(hub.case, books, SERGEANT_SAID)
    zone = PARTNERSHIP.clocks.zone
    for drawn in (drawn_reasons(every, zone), drawn_content(content, zone)):
        console = Console(width=200, record=True, file=io.StringIO())
        console.print(drawn)
        shown = console.export_text()
        for name, view in (*held.items(), ("POL-SGT-01", "it would warn him")):
            assert name in shown and view in shown


async def test_of_a_dispute_that_is_open_what_had_been_said_by_a_moment_is_read_d14() -> None:
    hub = with_views()
    before = hub.now - timedelta(minutes=1)
    then = await readings(books_of(hub)).reasons(hub.case, who(SERGEANT_SAID), before)
    (dispute,) = [one for one in then if one["what"] == "dispute"]
    assert [one["reason"] for one in dispute["reasons"]] == ["no form"]


def a_dial(hub: HubByRules) -> Dial:
    hub.say(
        DialReceived(
            dial_id="DV-1",
            source="police_cru",
            incident_at=hub.now,
            authority="staffordshire",
            children_of=("staffordshire",),
            people=(child(),),
            account=secret("shouting was heard"),
        ),
        "source.police_cru",
    )
    (found,) = [one for one in hub.documents.values() if isinstance(one, Dial)]
    hub.say(
        DialHistoryRecorded(
            by=Actor(person="POL-RES-01", role="police_researcher", agency="police"),
            known=True,
            history=secret("two calls last year"),
        ),
        about=found.key,
    )
    after = hub.documents[found.key]
    assert isinstance(after, Dial)
    return after


async def test_those_who_act_on_a_dial_read_its_account_and_history() -> None:
    hub = HubByRules(PARTNERSHIP, TUESDAY)
    dial, books = a_dial(hub), Books(hub)
    for as_whom in (SERGEANT_SAID, "CSS-SP-01@csc_staffordshire", "CSK-SP-01@csc_stoke"):
        said = await read(dial, books, as_whom)
        assert (said["account"], said["history"]["history"]) == ("shouting was heard", "two calls last year")
    for as_whom in ("ASS-SP-01@asc_staffordshire", "EDU-DM-01@education", TEAM):
        with pytest.raises(Denied):
            await read(dial, books, as_whom)
    assert {what for what, *_ in books.record} == {"read", "no_need_to_know", "role_may_not"}
    with pytest.raises(WrongInput, match="leave out --reasons"):
        await readings(books).reasons(dial, who(SERGEANT_SAID))


async def test_a_misper_co_ordinator_reads_the_reports_of_a_missing_child() -> None:
    hub = HubByRules(PARTNERSHIP, TUESDAY)
    hub.say(
        MissingReported(
            report_id="R-1",
            source="police_cru",
            person_ref="P-1",
            reported_at=hub.now,
            authority="staffordshire",
            person=child(),
            circumstances=Confidential("did not come home"),
        ),
        "source.police_cru",
    )
    (found,) = [one for one in hub.documents.values() if isinstance(one, MissingPerson)]
    books = Books(hub)
    coordinator = next(s for s in PARTNERSHIP.staff if "misper_coordinator" in s.roles)
    said = await read(found, books, f"{coordinator.person}@{coordinator.agency}")
    assert (said["circumstances"], len(said["reports"])) == ("did not come home", 1)
    with pytest.raises(Denied):
        await read(found, books, SERGEANT_SAID)


async def test_a_case_without_a_package_says_what_to_look_at() -> None:
    hub = with_an_element()
    with pytest.raises(Problem, match="no package of"):
        await package_for(hub, SERGEANT_SAID)
