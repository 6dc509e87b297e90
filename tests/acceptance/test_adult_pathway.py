"""The adult pathway: two signatures, strategy discussion, plan, route. Section F of the requirements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from agents.coordinator import needs
from agents.coordinator.length import REFERRAL_BYTES
from agents.deciding import Refused, Sending
from agents.partnership import ComplexChecklist, Partnership
from messages.checks import CheckRequested
from messages.governance import PartnerConsulted, SupervisionRecorded, SupervisorCalled
from messages.notices import AlertRaised, DeadlineBreached
from messages.package import InformationRequested, PackageIssued
from messages.referral import NativeForm
from messages.words import Actor, Rag, Said
from tests.support.adult_pathway import (
    ADVANCED_PRACTITIONER,
    PAIR,
    answered,
    both_sign,
    directed,
    met,
    plan,
    refer,
    route,
    sign,
    strategy,
    supplied,
)
from tests.support.procedure import (
    MANAGER,
    OF_ADULTS,
    PARTNERSHIP,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    adult,
    child,
    element,
    judged,
    of_type,
    one_package,
    release,
    secret,
)

DISTRICT = "team.adult_social_work_staffordshire"
TEAM_MANAGER = "team.adult_team_manager_staffordshire"
SPECIAL = "team.adult_special_investigation"
POLICE_UNIT = "team.police_adult_investigation"
OTHER_SERGEANT = Actor(person="POL-SGT-02", role="police_sergeant", agency="police")
OTHER_PRACTITIONER = Actor(person="ASK-AP-01", role="advanced_practitioner", agency="asc_stoke")
BECAUSE = secret("several residents of one home")


def case(rag: Rag = Rag.AMBER, partnership: Partnership = PARTNERSHIP, **changes: object) -> Procedure:
    """An adult protection case of which every agency has answered."""
    return answered(directed(Procedure(partnership), rag, **changes))


def packages(sent: list[Sending]) -> dict[str, PackageIssued]:
    """What each team got."""
    return {s.to: s.payload for s in sent if isinstance(s.payload, PackageIssued)}


def refused(hub: Procedure, said: Said) -> Refused:
    before = hub.case
    with pytest.raises(Refused) as why:
        hub.say(said)
    assert hub.case == before and why.value.remedy
    return why.value


def may_not_agree(hub: Procedure) -> str:
    """The reason for which a manager's agreement is refused."""
    with pytest.raises(Refused) as why:
        hub.agree()
    assert why.value.remedy and not of_type(hub.sent, PackageIssued)
    return why.value.reason


def test_both_have_to_sign_the_adult_threshold_f01() -> None:
    hub = case()
    assert may_not_agree(hub) == "adult_threshold_open"
    sign(hub, ADVANCED_PRACTITIONER, False)
    assert may_not_agree(hub) == "adult_threshold_open"
    sign(hub, SERGEANT, False)
    assert packages(hub.agree())


def test_one_side_does_not_sign_for_the_other_f01() -> None:
    for one, other in ((SERGEANT, OTHER_SERGEANT), (ADVANCED_PRACTITIONER, OTHER_PRACTITIONER)):
        hub = case()
        sign(hub, one, False)
        sign(hub, other, False)
        assert may_not_agree(hub) == "adult_threshold_open"


def test_nobody_but_an_advanced_practitioner_and_a_sergeant_signs_f01() -> None:
    hub = case()
    for by in (SENIOR_PRACTITIONER, MANAGER, PRACTITIONER):
        with pytest.raises(Refused, match="role_may_not"):
            sign(hub, by, True)


def test_one_agency_does_not_sign_twice_f01() -> None:
    everything = PARTNERSHIP.model_dump()
    both = {"agency": "police", "roles": ("police_sergeant", "advanced_practitioner")}
    everything["staff"] = (
        *(s for s in everything["staff"] if s["person"] not in ("POL-SGT-01", "POL-SGT-02")),
        {"person": "POL-SGT-01", **both},
        {"person": "POL-SGT-02", **both},
    )
    hub = case(partnership=Partnership.model_validate(everything))
    sign(hub, SERGEANT, True)
    for person in ("POL-SGT-01", "POL-SGT-02"):
        with pytest.raises(Refused, match="two_agencies_needed"):
            sign(hub, Actor(person=person, role="advanced_practitioner", agency="police"), True)


def test_a_signature_tells_on_how_many_answers_it_rested_f01_a03() -> None:
    hub = directed(Procedure())
    sign(hub, SERGEANT, True)
    answered(hub)
    sign(hub, ADVANCED_PRACTITIONER, True)
    signed = [f.detail["evidence"] for f in hub.facts if f.what == "adult_threshold.signed"]
    assert signed == [0, len(hub.case.checks)]
    assert hub.case.adult is not None and [s.evidence for s in hub.case.adult.signatures] == signed


def test_the_pair_signs_as_soon_as_checks_are_directed_so_that_red_waits_for_nobody_f01_e02() -> None:
    hub = Procedure()
    refer(hub)
    hub.threshold_met()
    hub.rate(Rag.RED, by=SERGEANT)
    with pytest.raises(Refused, match="not_directed"):
        sign(hub, SERGEANT, True)
    hub.direct(by=SERGEANT)
    met(hub)
    answered(hub)
    assert packages(hub.agree())[TEAM_MANAGER].on_time


def test_other_categories_have_no_adult_threshold_f01() -> None:
    hub = Procedure()
    hub.until_directed()
    with pytest.raises(Refused, match="not_adult_protection"):
        sign(hub, SERGEANT, True)


@pytest.mark.parametrize(
    ("authority", "team"), [("staffordshire", DISTRICT), ("stoke", "team.adult_social_work_stoke")]
)
def test_not_met_goes_to_exactly_the_district_team_of_the_authority_f02(authority: str, team: str) -> None:
    hub = case(authority=authority)
    both_sign(hub, False)
    sent = packages(hub.agree())
    assert set(sent) == {team}
    assert sent[team].form is None
    assert hub.case.route is not None and hub.case.route.destinations == (team.removeprefix("team."),)


def test_not_met_has_nothing_to_discuss_or_to_plan_f02_f03() -> None:
    hub = case()
    both_sign(hub, False)
    for said in (strategy(*PAIR), plan(*PAIR), route(*PAIR)):
        assert refused(hub, said).reason == "adult_threshold_not_met"


def test_when_met_discussion_plan_and_route_come_before_the_package_f03() -> None:
    hub = case()
    both_sign(hub, True)
    assert refused(hub, plan(*PAIR)).reason == "adult_strategy_missing"
    assert refused(hub, route(*PAIR)).reason == "adult_strategy_missing"
    assert may_not_agree(hub) == "adult_strategy_missing"
    hub.say(strategy(*PAIR))
    assert refused(hub, route(*PAIR)).reason == "adult_plan_missing"
    assert may_not_agree(hub) == "adult_plan_missing"
    hub.say(plan(*PAIR))
    assert may_not_agree(hub) == "adult_route_missing"
    hub.say(route(*PAIR))
    assert packages(hub.agree())


def test_the_same_two_who_signed_discuss_plan_and_route_f03_f04_f06() -> None:
    hub = case()
    both_sign(hub, True)
    others = (
        (ADVANCED_PRACTITIONER, OTHER_SERGEANT),
        (OTHER_SERGEANT, ADVANCED_PRACTITIONER),
        (OTHER_PRACTITIONER, SERGEANT),
        (SERGEANT, SERGEANT),
    )
    for step in (strategy, plan, route):
        for by, other in others:
            assert refused(hub, step(by, other)).reason in ("not_the_signatories", "adult_strategy_missing")
        assert refused(hub, step(SERGEANT, MANAGER)).reason == "role_may_not"
        hub.say(step(*PAIR))
    for by, other in others:
        assert refused(hub, route(by, other)).reason == "not_the_signatories"


def test_how_long_after_the_decision_they_talked_is_on_record_f03() -> None:
    hub = case()
    sign(hub, SERGEANT, True)
    hub.wait(timedelta(minutes=30))
    sign(hub, ADVANCED_PRACTITIONER, True)
    decided = hub.now
    hub.wait(timedelta(minutes=7))
    hub.say(strategy(*PAIR))
    (fact,) = [f for f in hub.facts if f.what == "adult_strategy.recorded"]
    assert fact.detail["seconds_after_decision"] == 7 * 60
    assert fact.detail["decided_at"] == decided.isoformat()
    assert fact.by == PAIR[0] and fact.detail["with"]["person"] == PAIR[1].person


def test_complex_goes_to_the_special_investigation_team_alone_with_ap1_and_package_f04() -> None:
    hub = case()
    met(hub, complex=True, complex_because=BECAUSE)
    sent = packages(hub.agree())
    assert set(sent) == {SPECIAL}
    form = sent[SPECIAL].form
    assert form is not None and form.form == "ap1"
    assert len(sent[SPECIAL].agencies) == len(hub.case.checks)


def with_checklists() -> Partnership:
    """The bundled partnership with two versions of the criteria, the second from May on."""
    first = ComplexChecklist(
        version="2012-02", since=date(2012, 2, 1), criteria={"institution": "A home", "several": "Many"}
    )
    second = ComplexChecklist(version="2012-05", since=date(2012, 5, 1), criteria={"network": "A network"})
    return PARTNERSHIP.model_copy(update={"complex_investigation": (second, first)})


def test_complex_needs_the_checklist_in_force_with_its_criteria_ticked_f05() -> None:
    hub = case(partnership=with_checklists())
    met(hub)
    tries: tuple[tuple[dict[str, object], str], ...] = (
        ({"complex_because": BECAUSE}, "checklist_not_current"),
        ({"checklist": "2012-05", "criteria": ("network",)}, "checklist_not_current"),
        ({"checklist": "2012-02"}, "criteria_missing"),
        ({"checklist": "2012-02", "criteria": ("institution", "network")}, "criteria_missing"),
    )
    for grounds, reason in tries:
        assert refused(hub, route(*PAIR, complex=True, **grounds)).reason == reason
    hub.say(route(*PAIR, complex=True, checklist="2012-02", criteria=("institution",)))
    fact = hub.facts[-1]
    assert (fact.detail["checklist"], fact.detail["criteria"]) == ("2012-02", ["institution"])
    assert set(packages(hub.agree())) == {SPECIAL}


def test_while_there_is_no_checklist_complex_needs_a_reason_f05() -> None:
    assert PARTNERSHIP.complex_checklist(date(2012, 3, 5)) is None
    hub = case()
    met(hub)
    checklist: dict[str, object] = {"checklist": "2012-02", "criteria": ("institution",)}
    grounds: tuple[dict[str, object], ...] = ({}, checklist, {**checklist, "complex_because": BECAUSE})
    for each in grounds:
        assert refused(hub, route(*PAIR, complex=True, **each)).reason == "complex_reason_missing"
    hub.say(route(*PAIR, complex=True, complex_because=BECAUSE))
    assert set(packages(hub.agree())) == {SPECIAL}


def test_grounds_for_complex_go_with_complex_alone_f05() -> None:
    for changes in ({"checklist": "2012-02"}, {"criteria": ("several",)}, {"complex_because": BECAUSE}):
        with pytest.raises(ValidationError, match="grounds_only_when_complex"):
            route(*PAIR, **changes)
    with pytest.raises(ValidationError, match="police_only_when_not_complex"):
        route(*PAIR, complex=True, complex_because=BECAUSE, involve_police=True)


@pytest.mark.parametrize("involve_police", [False, True])
def test_not_complex_goes_to_the_district_team_manager_with_ap1_and_police_as_needed_f06(
    involve_police: bool,
) -> None:
    hub = case()
    met(hub, involve_police=involve_police)
    sent = packages(hub.agree())
    assert set(sent) == {TEAM_MANAGER, *([POLICE_UNIT] if involve_police else [])}
    assert all(package.form is not None and package.form.form == "ap1" for package in sent.values())


def test_without_an_ap1_the_package_waits_until_somebody_supplies_it_f04_f06_a13() -> None:
    for form in (None, NativeForm(form="contact_note", media_type="text/plain", document=secret("a note"))):
        hub = case(form=form)
        met(hub)
        assert may_not_agree(hub) == "ap1_missing"
        assert "adult_ap1" in needs.needs(hub.case)
        hub.say(supplied())
        sent = packages(hub.agree())[TEAM_MANAGER]
        assert sent.form is not None and sent.form.form == "ap1"
        (fact,) = [f for f in hub.facts if f.what == "form.supplied"]
        assert fact.detail["form_hash"] and "as it came" not in str(fact.detail)


def test_no_ap1_is_needed_where_the_threshold_is_not_met_f02_a13() -> None:
    hub = case(form=None)
    both_sign(hub, False)
    assert set(packages(hub.agree())) == {DISTRICT}


def test_a_form_that_comes_late_has_to_fit_into_a_package_a13() -> None:
    hub = case(form=None)
    assert hub.case.referral_bytes == case().case.referral_bytes, "one form leaves"
    room = REFERRAL_BYTES - hub.case.referral_bytes
    long = Procedure()
    directed(
        long,
        form=None,
        people=(adult().model_copy(update={"earlier_addresses": (secret("y" * 19_000),) * 3}),),
    )
    fitting = NativeForm(form="ap1", media_type="text/plain", document=secret("x" * 10_000))
    assert room > 10_000 > REFERRAL_BYTES - long.case.referral_bytes
    hub.say(supplied(form=fitting))
    assert refused(long, supplied(form=fitting)).reason == "texts_too_long"


def test_a_form_that_comes_late_hides_a_source_like_all_that_leaves_d13_a13() -> None:
    hub = directed(Procedure(), form=None)
    hub.answer("police", element("e1", "police", source_words=(secret("Mrs Oddbody"),)))
    form = NativeForm(form="ap1", media_type="text/plain", document=secret("Told by Mrs Oddbody"))
    assert refused(hub, supplied(form=form)).reason == "source_would_show"


def held(rag: Rag = Rag.AMBER) -> Procedure:
    hub = case(rag)
    sign(hub, ADVANCED_PRACTITIONER, True)
    sign(hub, SERGEANT, False)
    return hub


def test_two_signatories_who_differ_hold_the_route_and_line_management_is_needed_f07() -> None:
    hub = held()
    assert hub.case.adult is not None and hub.case.adult.held
    assert hub.facts[-1].detail["standing"] == "held"
    assert "management:adult_threshold" in needs.needs(hub.case)
    assert needs.stage(hub.case) == "pathway"
    assert may_not_agree(hub) == "adult_threshold_held"
    for said in (strategy(*PAIR), plan(*PAIR), route(*PAIR)):
        assert refused(hub, said).reason == "adult_threshold_held"


def test_while_they_differ_everything_that_safety_needs_goes_on_f07() -> None:
    hub = held()
    alerts = of_type(hub.rate(Rag.RED, by=SERGEANT), AlertRaised)
    assert {f"team.{a.recipient}" for a in alerts} == {POLICE_UNIT, DISTRICT}
    requests = of_type(hub.direct("housing", "accident_and_emergency", by=SERGEANT), CheckRequested)
    assert len(requests) == 2
    hub.answer("housing", element("e1", "housing"))
    hub.discuss("e1")
    hub.decide("e1", release(**OF_ADULTS))
    assert hub.case.adult is not None and hub.case.adult.held


def test_a_deadline_that_passes_while_they_differ_tells_why_f07_e14() -> None:
    hub = held(Rag.RED)
    breaches = of_type(hub.wait(timedelta(hours=4)), DeadlineBreached)
    assert {(b.timer, b.cause) for b in breaches} == {
        ("hub_target", "adult_threshold_held"),
        ("outer_promise", "adult_threshold_held"),
    }


@pytest.mark.parametrize(("who", "is_met"), [(SERGEANT, True), (ADVANCED_PRACTITIONER, False)])
def test_one_who_signs_anew_after_supervision_settles_it_and_all_signatures_stay_f07(
    who: Actor, is_met: bool
) -> None:
    hub = held()
    sign(hub, who, is_met)
    assert hub.case.adult is not None and hub.case.adult.standing == ("met" if is_met else "not_met")
    assert [s.met for s in hub.case.adult.signatures] == [True, False, is_met]
    assert "management:adult_threshold" not in needs.needs(hub.case)
    if is_met:
        for said in (strategy(*PAIR), plan(*PAIR), route(*PAIR)):
            hub.say(said)
    assert set(packages(hub.agree())) == {TEAM_MANAGER if is_met else DISTRICT}


def test_a_disagreement_does_not_end_by_another_signatory_without_supervision_f07() -> None:
    hub = held()
    with pytest.raises(Refused, match="supervision_first"):
        sign(hub, OTHER_SERGEANT, True)
    hub.wait(timedelta(minutes=20))
    hub.say(
        SupervisionRecorded(
            by=OTHER_SERGEANT,
            call_id="S-1",
            supervisor=SupervisorCalled(person="POL-SUP-01", agency="police"),
            called_at=hub.now - timedelta(minutes=5),
            ground="unable_to_decide",
            consulted=(PartnerConsulted(agency="asc_staffordshire", at=hub.now - timedelta(minutes=10)),),
            outcome="advice_given",
        )
    )
    sign(hub, OTHER_SERGEANT, True)
    assert hub.case.adult is not None and hub.case.adult.standing == "met"


def test_a_signatory_who_thinks_again_takes_back_the_route_and_the_agreement_f07() -> None:
    hub = case()
    hub.direct("housing", by=SERGEANT)
    met(hub)
    hub.agree("partial_at_due")
    sign(hub, SERGEANT, False)
    assert hub.case.agreement is None
    hub.answer("housing")
    assert not of_type(hub.wait(timedelta(hours=24)), PackageIssued)
    sign(hub, SERGEANT, True)
    assert may_not_agree(hub) == "adult_strategy_missing"
    assert hub.case.adult is not None
    assert hub.case.adult.decisions[0].route is not None, "what was decided before stays on the record"


def test_who_says_the_same_again_starts_nothing_anew_f03() -> None:
    hub = case()
    met(hub)
    sign(hub, SERGEANT, True)
    assert set(packages(hub.agree())) == {TEAM_MANAGER}


def test_another_sergeant_who_takes_over_holds_a_discussion_of_the_own_f03() -> None:
    hub = case()
    met(hub)
    sign(hub, OTHER_SERGEANT, True)
    assert may_not_agree(hub) == "adult_strategy_missing"
    assert refused(hub, strategy(*PAIR)).reason == "not_the_signatories"
    hub.say(strategy(ADVANCED_PRACTITIONER, OTHER_SERGEANT))


def test_the_board_shows_what_the_pair_still_has_to_do_f01_f03() -> None:
    hub = case()

    def shown() -> set[str]:
        return {n for n in needs.needs(hub.case) if n.startswith("adult")} | (
            {"agreement"} & set(needs.needs(hub.case))
        )

    assert shown() == {"adult_threshold:social_care", "adult_threshold:police"}
    sign(hub, SERGEANT, True)
    assert shown() == {"adult_threshold:social_care"}
    sign(hub, ADVANCED_PRACTITIONER, True)
    assert shown() == {"adult_strategy", "adult_plan"}
    hub.say(strategy(*PAIR))
    assert shown() == {"adult_plan"}
    hub.say(plan(*PAIR))
    assert shown() == {"adult_route"}
    assert needs.stage(hub.case) == "pathway"
    hub.say(route(*PAIR))
    assert shown() == {"agreement"}
    assert needs.stage(hub.case) == "agreement"


def test_what_follows_the_package_goes_to_the_same_recipients_d20_f06() -> None:
    hub = case()
    met(hub, involve_police=True)
    first = packages(hub.agree())
    assert refused(hub, route(*PAIR)).reason == "package_issued"
    with pytest.raises(Refused, match="package_issued"):
        sign(hub, SERGEANT, False)
    hub.say(
        InformationRequested(
            request_id="T-1",
            package_id=hub.case.packages[0].package_id,
            by=Actor(person="ASS-TM-01", role="team_manager", agency="asc_staffordshire"),
            question=secret("who has the key?"),
            why=secret("the lock was changed"),
        ),
        TEAM_MANAGER,
    )
    hub.direct(by=SERGEANT)
    hub.answer("police", element("e1", "police"))
    hub.nothing_from(*(c.agency for c in hub.case.round_checks if c.agency != "police"))
    hub.discuss("e1")
    hub.decide("e1", release(**OF_ADULTS))
    hub.assess()
    assert not any(need.startswith("adult") for need in needs.needs(hub.case))
    hub.whole.under(with_another_team_manager())
    note = NativeForm(form="contact_note", media_type="text/plain", document=secret("a note"))
    hub.say(supplied(form=note))
    sent = hub.agree()
    assert one_package(sent).kind == "supplement"
    assert set(packages(sent)) == set(first) == {TEAM_MANAGER, POLICE_UNIT}


def with_another_team_manager() -> Partnership:
    """The bundled partnership after its teams were cut otherwise."""
    teams = dict(PARTNERSHIP.teams)
    former = teams["adult_team_manager_staffordshire"]
    teams["adult_team_manager_staffordshire"] = former.model_copy(update={"receives": ()})
    teams["adult_team_manager_county"] = former
    return PARTNERSHIP.model_copy(update={"teams": teams})


def test_a_child_in_an_adults_case_brings_in_the_childs_teams_besides_f02_d19() -> None:
    hub = case(people=(adult(), child("p2")))
    both_sign(hub, False)
    childs = {"team.children_social_work_staffordshire", "team.police_child_abuse_investigation"}
    assert set(packages(hub.agree())) == {DISTRICT, *childs}


def test_packages_of_other_adults_cases_go_as_before_and_never_to_the_teams_of_the_pathway_d19() -> None:
    hub = Procedure()
    hub.until_directed(
        category="professional_concern",
        people=(adult(),),
        section_47_belief=None,
        professional_judgement=judged(),
    )
    answered(hub)
    assert set(packages(hub.agree())) == {DISTRICT, POLICE_UNIT}


def test_which_form_goes_with_the_package_is_configuration_a13_f06() -> None:
    sent = {}
    for kind in ("ap1", "safeguarding_concern"):
        hub = case(partnership=PARTNERSHIP.model_copy(update={"adult_form": kind}))
        met(hub)
        if kind != "ap1":
            with pytest.raises(Refused, match="ap1_missing"):
                hub.agree()
            form = NativeForm(form=kind, media_type="text/plain", document=secret("The concern as it came"))
            hub.say(supplied(form=form))
        sent[kind] = one_package(hub.agree()).form
    assert {kind: form.form if form else None for kind, form in sent.items()} == {kind: kind for kind in sent}
