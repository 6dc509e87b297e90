"""Registers of people and of the Memorandum, breaches, formats, escalation figures: sections K, L and D02."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from agents.agency.ports import DisclosurePolicy, RecordSink, RecordSource
from agents.agency.worker import AgencyWorker
from agents.deciding import Refused
from agents.partnership import Partnership, PartnershipInvalid
from agents.registers import Clearance
from messages.codec import to_outbox
from messages.envelope import Envelope
from messages.escalation import EscalationConvened, EscalationDecided, View
from messages.governance import BreachReferred, BreachReported
from messages.words import Choice, Mode, Rag, Rationale
from ops.cli import app
from ops.demo.pages import page
from ops.figures import Figures, add
from ops.package_view import package_seat, reader_of
from ops.problem import Problem, WrongInput
from ops.registers import entries, to_see_to
from ops.who_reads import asking
from tests.acceptance.test_escalation import convene, decide, disputed, manage
from tests.support.partnership_folder import PartnershipFolder
from tests.support.procedure import (
    CORE_CHILD,
    MONDAY,
    PARTNERSHIP,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    element,
    line_manager,
    of_type,
    one_package,
    panel_member,
    release,
    secret,
)

TODAY = MONDAY.date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def changed(**parts: object) -> Partnership:
    """The bundled partnership with other parts, made anew so that nothing looked up before is kept."""
    return Partnership.model_validate({**PARTNERSHIP.model_dump(), **parts})


def with_dates(person: str, **dates: date | None) -> Partnership:
    """The partnership in which one person has dates of their own."""
    return changed(staff=[s.model_copy(update=dates) if s.person == person else s for s in PARTNERSHIP.staff])


def without_common_dates() -> Partnership:
    """The partnership in which nobody has any date."""
    return changed(clearance=Clearance())


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reason


# Who may decide, and who may see.


def test_nobody_acts_before_having_signed_the_memorandum_l02() -> None:
    hub = Procedure(with_dates("CSS-SP-01", signed_on=TOMORROW))
    hub.refer()
    assert refusal(hub.threshold_met) == "memorandum_not_signed"
    hub.wait(timedelta(days=1))
    hub.threshold_met()


def test_a_decision_by_somebody_whose_training_has_run_out_is_refused_l03() -> None:
    hub = Procedure(with_dates("CSS-SP-01", trained_until=TODAY))
    hub.refer()
    hub.wait(timedelta(days=1))
    assert refusal(hub.threshold_met) == "training_expired"
    hub = Procedure(with_dates("CSS-SP-01", trained_until=TODAY))
    hub.refer()
    hub.threshold_met()


def test_of_whom_the_register_has_no_dates_nothing_is_taken_l02_l03_l04() -> None:
    hub = Procedure(without_common_dates())
    hub.refer()
    assert hub.case.belief_unconfirmed == "memorandum_not_signed"
    assert refusal(hub.threshold_met) == "memorandum_not_signed"
    with pytest.raises(Problem, match="has not signed"):
        reads(without_common_dates())


def reads(partnership: Partnership, as_whom: str = "POL-SGT-01@police") -> None:
    reader_of(partnership, as_whom, "safeguarding_children", TODAY)


def test_a_person_whose_vetting_has_run_out_views_nothing_l04_d02() -> None:
    reads(with_dates("POL-SGT-01", vetted_until=TODAY))
    with pytest.raises(Problem, match="POL-SGT-01 of police is not vetted today"):
        reads(with_dates("POL-SGT-01", vetted_until=YESTERDAY))


def test_a_person_whose_vetting_has_run_out_takes_no_part_in_a_discussion_or_a_panel_l04_d02() -> None:
    hub = Procedure(with_dates("POL-SGT-01", vetted_until=YESTERDAY))
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    assert refusal(lambda: hub.discuss("e1")) == "vetting_expired"
    member = panel_member("police")
    hub = disputed()
    hub.whole.under(with_dates(member.person, vetted_until=YESTERDAY))
    manage(hub)
    assert refusal(lambda: convene(hub)) == "vetting_expired"


@pytest.mark.parametrize(
    ("as_whom", "why"),
    [
        ("CSS-SW-01@csc_staffordshire", "has no role that views"),  # of a field team
        ("POL-DPO-01@police", "has no role that views"),
        ("HOU-DM-01@housing", "does not work in the hub"),
        ("POL-SUP-01@police", "the register of staff"),  # a supervisor [J03]
        ("NOBODY-1@police", "the register of staff"),
    ],
)
def test_only_staff_who_work_in_the_hub_view_what_was_revealed_d02(as_whom: str, why: str) -> None:
    with pytest.raises(Problem, match=why):
        reads(PARTNERSHIP, as_whom)


def test_staff_of_an_agency_that_is_outside_the_hub_in_such_a_case_read_no_package_of_it_b10_d02() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER, "csc_stoke")
    hub.nothing_from(*CORE_CHILD, "csc_stoke")
    hub.assess()
    hub.agree()
    who = asking(PARTNERSHIP, "CSK-PR-01@csc_stoke", "safeguarding_children")
    with pytest.raises(Problem, match="CSK-PR-01 of csc_stoke does not work in the hub"):
        package_seat(hub.case, who, PARTNERSHIP, TODAY)


def test_who_is_not_trained_or_has_not_signed_views_nothing_d02_l02_l03() -> None:
    with pytest.raises(Problem, match="is not trained today"):
        reads(with_dates("POL-SGT-01", trained_until=YESTERDAY))
    with pytest.raises(Problem, match="has not signed"):
        reads(with_dates("POL-SGT-01", signed_on=TOMORROW))
    police = PARTNERSHIP.agencies["police"].model_copy(update={"signed_on": TOMORROW})
    with pytest.raises(Problem, match="is of an agency that has not signed"):
        reads(changed(agencies={**PARTNERSHIP.agencies, "police": police}))


def test_a_reading_is_for_one_purpose_in_a_role_that_may_view_d02() -> None:
    reader = reader_of(PARTNERSHIP, "CSS-PR-01@csc_staffordshire", "safeguarding_children", TODAY)
    assert reader.role in PARTNERSHIP.rights["view"]
    with pytest.raises(WrongInput, match="--purpose takes one of"):
        reader_of(PARTNERSHIP, "CSS-PR-01@csc_staffordshire", "curiosity", TODAY)


# The Memorandum, the liaison officers, and what is shown of all registers.


def shown(partnership: Partnership, on: date) -> list[tuple[str, str, str]]:
    """What has to be seen to, apart from the rule and the procedures that are not there yet."""
    found = to_see_to(entries(partnership, on))
    return [(e.register, e.who, e.state) for e in found if e.register not in ("retention", "references")]


def test_a_version_of_the_memorandum_has_an_approver_and_a_day_for_its_review_l01() -> None:
    (version,) = PARTNERSHIP.memorandum
    assert version.approved_by == "steering-group-2012-01"
    (entry,) = [e for e in entries(PARTNERSHIP, TODAY) if e.register == "memorandum"]
    assert (entry.what, entry.until) == (
        "version 1.0, approved by steering-group-2012-01; to be reviewed",
        version.review_by,
    )


def test_a_review_of_the_memorandum_that_is_due_or_past_is_shown_l01() -> None:
    def reviewed_by(day: date) -> Partnership:
        return changed(memorandum=[PARTNERSHIP.memorandum[0].model_copy(update={"review_by": day})])

    assert shown(PARTNERSHIP, TODAY) == []
    assert shown(reviewed_by(TODAY + timedelta(days=60)), TODAY) == [("memorandum", "steering group", "soon")]
    assert shown(reviewed_by(YESTERDAY), TODAY) == [("memorandum", "steering group", "expired")]
    assert shown(changed(memorandum=()), TODAY) == [("memorandum", "steering group", "missing")]


def test_every_agency_has_a_liaison_officer_of_a_kind_who_is_on_the_register_l06() -> None:
    assert {one.agency for one in PARTNERSHIP.liaison} == set(PARTNERSHIP.agencies)
    assert {one.kind for one in PARTNERSHIP.liaison} == {"data_protection_officer", "caldicott_guardian"}
    for one in PARTNERSHIP.liaison:
        assert "data_protection_champion" in PARTNERSHIP.roles_of(one.person, one.agency)
    assert shown(changed(liaison=PARTNERSHIP.liaison[1:]), TODAY) == [("liaison", "police", "missing")]


def test_a_liaison_officer_whom_the_register_of_staff_does_not_know_is_a_mistake_l06(tmp_path: Path) -> None:
    folder = PartnershipFolder(tmp_path)
    folder.replace("governance.toml", '"EDU-DPO-01"', '"EDU-DPO-09"')
    with pytest.raises(PartnershipInvalid, match=r"governance.toml: liaison.* EDU-DPO-09 is not on the reg"):
        folder.read()


def test_an_attestation_that_is_stale_is_shown_by_doctor_and_in_the_registers_l07(tmp_path: Path) -> None:
    stale = PARTNERSHIP.liaison[0].model_copy(update={"attested_until": YESTERDAY})
    partnership = changed(liaison=(stale, *PARTNERSHIP.liaison[1:]))
    assert not stale.current(TODAY) and stale.current(YESTERDAY)
    assert shown(partnership, TODAY) == [("liaison", "POL-DPO-01@police", "expired")]
    folder = PartnershipFolder(tmp_path)
    folder.replace(
        "governance.toml",
        'person = "POL-DPO-01"\nagency = "police"\nkind = "data_protection_officer"\n'
        "attested_on = 2012-01-01\nattested_until = 2099-12-31",
        'person = "POL-DPO-01"\nagency = "police"\nkind = "data_protection_officer"\n'
        "attested_on = 2012-01-01\nattested_until = 2012-12-31",
    )
    folder.replace(
        "staff.toml", 'roles = ["mash_manager"]', 'roles = ["mash_manager"]\nvetted_until = 2013-01-01'
    )
    words = ("--partnership", str(folder.path), "--data", str(tmp_path / "hub"), "--json")
    found = json.loads(CliRunner().invoke(app, ["registers", "--due", *words]).stdout)
    dated = [(e["register"], e["who"], e["state"]) for e in found if e["until"]]
    assert dated == [
        ("staff", "MASH-MGR-01@csc_staffordshire", "expired"),
        ("liaison", "POL-DPO-01@police", "expired"),
    ]
    findings = json.loads(CliRunner().invoke(app, ["doctor", *words]).stdout)
    (told,) = [f for f in findings if f["what"] == "registers"]
    assert told["is_so"] == "1 expired in staff, 1 expired in liaison"
    assert told["do"] == "see to them: mash registers --due"


# A breach goes to the home agency.


def a_breach(**changes: object) -> BreachReported:
    said = {
        "by": SENIOR_PRACTITIONER,
        "report_id": "B-1",
        "person": "POL-SGT-01",
        "agency": "police",
        "kind": "use_beyond_purpose",
        "account": secret("he told a neighbour of token-77aa"),
    }
    return BreachReported.model_validate({**said, **changes})


def test_a_breach_is_referred_to_the_home_agency_alone_and_the_hub_takes_no_measure_l10() -> None:
    hub = Procedure()
    hub.refer()
    sent = hub.say(a_breach())
    assert [s.to for s in sent] == ["agency.police"]
    (notice,) = of_type(sent, BreachReferred)
    assert (notice.person, notice.kind, notice.reported_by) == (
        "POL-SGT-01",
        "use_beyond_purpose",
        "csc_staffordshire",
    )
    hub.threshold_met()
    hub.rate(Rag.AMBER, by=SERGEANT)


def test_the_notice_has_no_word_of_the_account_which_stays_in_the_hub_l10_d18() -> None:
    hub = Procedure()
    hub.refer()
    (sending,) = hub.say(a_breach())
    body, texts = to_outbox(Envelope("m", "hub", sending.to, "C-1", hub.now, sending.payload))
    assert texts == [] and "token-77aa" not in body
    assert hub.case.breaches[0].account.ref is not None
    (fact,) = [f for f in hub.facts if f.what == "breach.referred"]
    assert "POL-SGT-01" not in repr(fact.detail)


def test_misuse_by_a_supervisor_takes_the_same_way_also_when_the_case_is_closed_j07() -> None:
    hub = Procedure()
    hub.refer(section_47_belief=None)
    assert hub.case.closed_at is not None
    (sending,) = hub.say(a_breach(person="POL-SUP-01", kind="misuse_by_supervisor"))
    assert sending.to == "agency.police"
    assert refusal(lambda: hub.say(a_breach())) == "report_taken"


def test_a_breach_by_somebody_no_register_knows_at_this_agency_is_refused_l10() -> None:
    hub = Procedure()
    hub.refer()
    assert refusal(lambda: hub.say(a_breach(person="NOBODY-1"))) == "person_not_registered"
    assert refusal(lambda: hub.say(a_breach(agency="education"))) == "person_not_registered"


def test_the_agencys_own_record_has_that_it_was_told_of_a_breach_l10() -> None:
    hub = Procedure()
    hub.refer()
    (sending,) = hub.say(a_breach())
    worker = AgencyWorker(
        "police", cast(RecordSource, None), cast(DisclosurePolicy, None), cast(RecordSink, None)
    )
    envelope = Envelope("m", "hub", "agency.police", "C-1", hub.now, sending.payload)
    (fact,) = worker.decide(None, envelope, hub.now, None).facts
    assert (fact.what, fact.detail["person"]) == ("breach_referred", "POL-SGT-01")


# Formats and references.


def issued() -> Procedure:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from(*CORE_CHILD)
    hub.assess()
    hub.agree()
    return hub


def headings(html: str) -> list[str]:
    return [part.partition("</h2>")[0] for part in html.split("<h2>")[1:]]


def shown_page(partnership: Partnership) -> str:
    package = one_package(issued().sent).model_copy(update={"people": (), "concern": secret("bruises")})
    suggestion = package.suggestion
    assert suggestion is not None
    plain = suggestion.model_copy(
        update={"rationale": Rationale(reason=secret("r"), proportionality=secret("p"))}
    )
    return page(package.model_copy(update={"suggestion": plain}), ("x",), partnership)


def test_the_format_of_a_package_is_changed_by_configuration_alone_l11(tmp_path: Path) -> None:
    assert headings(shown_page(PARTNERSHIP)) == [
        "The concern",
        "Who it is about",
        "What was released",
        "What each agency answered",
        "The hub&#x27;s assessment",
        "Procedures",
    ]
    folder = PartnershipFolder(tmp_path)
    folder.replace("formats.toml", 'title = "The concern"', 'title = "Why we write"')
    folder.replace("formats.toml", 'part = "people"', 'part = "swapped"')
    folder.replace("formats.toml", 'part = "assessment"', 'part = "people"')
    folder.replace("formats.toml", 'part = "swapped"', 'part = "assessment"')
    folder.replace("formats.toml", '"Who it is about"', '"What we think"')
    folder.replace("formats.toml", '"The hub\'s assessment"', '"The people"')
    html = shown_page(folder.read())
    assert headings(html)[:2] == ["Why we write", "What we think"]
    assert html.index("Suggested course") < html.index("What was released") < html.index("<th>Part</th>")


def test_a_format_leaves_no_part_out_l11(tmp_path: Path) -> None:
    folder = PartnershipFolder(tmp_path)
    folder.replace("formats.toml", 'part = "agencies"', 'part = "concern"')
    with pytest.raises(PartnershipInvalid, match=r"formats.toml: package_page: has each of these parts once"):
        folder.read()


def test_an_empty_reference_slot_says_that_the_procedure_was_not_supplied_and_is_no_link_l13(
    tmp_path: Path,
) -> None:
    html = shown_page(PARTNERSHIP)
    assert "medicals included (G3.14): procedure not supplied" in html
    assert "<a " not in html and "href" not in html
    found = [e for e in entries(PARTNERSHIP, TODAY) if e.register == "references"]
    assert {e.who for e in found} >= {"hate_crime", "child_sexual_exploitation"}
    assert all(e.what.endswith(": procedure not supplied") and e.state == "missing" for e in found)
    folder = PartnershipFolder(tmp_path)
    folder.replace(
        "formats.toml",
        "[references.hate_crime]",
        'link = "https://sscb.example/s47"\n\n[references.hate_crime]',
    )
    html = shown_page(folder.read())
    assert '<a href="https://sscb.example/s47">Strategy discussion under section 47' in html
    assert "procedure not supplied" not in html


def test_a_reference_that_leads_nowhere_is_a_mistake_l13(tmp_path: Path) -> None:
    folder = PartnershipFolder(tmp_path)
    folder.replace(
        "formats.toml", "[references.hate_crime]", 'link = "see the intranet"\n\n[references.hate_crime]'
    )
    with pytest.raises(PartnershipInvalid, match=r"formats.toml: references.section_47"):
        folder.read()


# Escalation: how the panel met, and how often there is one.


def test_how_the_panel_met_and_who_attended_is_kept_and_on_record_k04() -> None:
    hub = disputed()
    manage(hub)
    third = panel_member("education")
    convene(hub, panel_member("police"), panel_member("csc_staffordshire"), third)
    decide(hub, release())
    (dispute,) = hub.case.disputes
    assert (dispute.met_by, dispute.convened_at) == (Mode.FACE_TO_FACE, hub.now)
    assert dispute.attended == (panel_member("police"), panel_member("csc_staffordshire"))
    assert third in dispute.panel and third not in dispute.attended
    called, heard = (
        next(f for f in hub.facts if f.what == f"escalation.{w}") for w in ("convened", "decided")
    )
    assert len(called.detail["panel"]) == 3
    assert heard.detail["mode"] == "face_to_face"
    assert [v["person"] for v in heard.detail["views"]] == [a.person for a in dispute.attended]


def test_a_panel_without_a_mode_or_a_view_is_refused_k04() -> None:
    hub = disputed()
    manage(hub)
    members = (panel_member("police"), panel_member("csc_staffordshire"))
    call = EscalationConvened(by=line_manager("police"), dispute_id="X-1", panel=members, mode=Mode.PHONE)
    with pytest.raises(ValidationError, match="mode"):
        EscalationConvened.model_validate({**call.model_dump(), "mode": None})
    hub.say(call)
    views = tuple(View(actor=m, position=Choice.RELEASE, view=secret("seen")) for m in members)
    said = {
        "by": members[0],
        "dispute_id": "X-1",
        "mode": Mode.VIDEO,
        "views": views,
        "agreed": False,
        "reason": secret("no"),
    }
    for missing in ({"mode": None}, {"views": ()}):
        with pytest.raises(ValidationError, match=next(iter(missing))):
            EscalationDecided.model_validate({**said, **missing})
    hub.say(EscalationDecided.model_validate(said))
    assert hub.case.disputes[0].met_by is Mode.VIDEO


def test_more_escalations_than_the_level_raise_the_alarm_and_old_ones_do_not_count_k05() -> None:
    hub = disputed()
    manage(hub)
    convene(hub)

    def figures(at_most: int, later: timedelta) -> Figures:
        found = Figures(days=30, at_most=at_most)
        for _ in range(3):
            add(found, hub.case, hub.now + later)
        return found

    assert figures(3, timedelta(0)).escalations == 3
    assert not figures(3, timedelta(0)).alarm
    assert figures(2, timedelta(days=29)).alarm
    assert not figures(2, timedelta(days=30)).alarm
