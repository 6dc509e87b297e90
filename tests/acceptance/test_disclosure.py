"""Reveal, discuss, decide, sanitise, release: section D of the requirements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.coordinator.elements import Standing, standing
from agents.deciding import Refused
from agents.partnership import PartnershipInvalid
from messages.checks import ElementRevealed
from messages.disclosure import (
    Decision,
    DisclosureDecided,
    DiscussionRecorded,
    PermissionDecided,
    PermissionRequested,
    ReviewRequested,
)
from messages.notices import DeadlineWarned
from messages.package import AssessmentMade, PackageIssued, RecordRequested
from messages.sealing import SealingContext
from messages.words import Actor, Choice, Course, ElementChoice, Mode, OwnersRule, Rag, RiskFlag, Sanitised
from tests.support.partnership_folder import PartnershipFolder
from tests.support.procedure import (
    CORE_CHILD,
    MONDAY,
    PARTNERSHIP,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    decision_maker,
    element,
    of_type,
    one_package,
    release,
    sanitised,
    secret,
    why,
    withhold,
)

pytestmark = pytest.mark.also_on_servers

UNDECIDED = release(choice=Choice.CANNOT_DECIDE)
"""Somebody has seen the element and weighed it, and cannot say whether it is relevant. [D04]"""


def revealed(*elements: ElementRevealed) -> Procedure:
    """A case in which police revealed these elements and the others found nothing."""
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", *(elements or (element("e1", "police"),)))
    hub.nothing_from(*CORE_CHILD[1:])
    return hub


def discussed(*elements: ElementRevealed) -> Procedure:
    hub = revealed(*elements)
    hub.discuss(*(e.element_id for e in hub.case.elements))
    hub.assess()
    return hub


def rule(**changes: object) -> OwnersRule:
    said = {
        "rule": "police-history-2012",
        "agency": "police",
        "in_force_from": datetime(2012, 1, 1, tzinfo=UTC),
        "approved_by": "POL-DM-01",
    }
    return OwnersRule.model_validate({**said, **changes})


def test_revealing_is_not_releasing_d01() -> None:
    hub = revealed()
    assert standing(hub.element("e1")) is Standing.REVEALED
    hub.assess()
    with pytest.raises(Refused, match="not_complete"):
        hub.agree()


def test_the_owner_is_asked_to_decide_after_the_discussion_d03_d06() -> None:
    hub = revealed()
    (request,) = [s for s in hub.discuss("e1") if isinstance(s.payload, ReviewRequested)]
    assert request.to == "agency.police"
    assert [e.element_id for e in of_type([request], ReviewRequested)[0].elements] == ["e1"]


def test_a_decision_before_the_discussion_is_refused_d06() -> None:
    hub = revealed()
    with pytest.raises(Refused, match="not_discussed"):
        hub.decide("e1", release())


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (decision_maker("education"), "not_your_agencys"),
        (SENIOR_PRACTITIONER, "role_may_not"),
        (Actor(person="POL-SGT-01", role="police_sergeant", agency="police"), "role_may_not"),
        (Actor(person="POL-SGT-01", role="decision_maker", agency="police"), "role_not_held"),
        (Actor(person="POL-DM-01", role="decision_maker", agency="education"), "person_unknown"),
    ],
)
def test_only_a_decision_maker_of_the_owner_decides_d03(by: Actor, reason: str) -> None:
    hub = discussed()
    with pytest.raises(Refused, match=reason):
        hub.decide("e1", release(), by=by)
    assert hub.element("e1").decision is None


def test_a_released_element_is_in_the_package_word_for_word_a04_d19() -> None:
    hub = discussed()
    hub.decide("e1", release())
    package = one_package(hub.agree())
    (out,) = package.elements
    assert out.text.reveal() == "known to us"
    assert (out.owner, out.sanitised, package.marking) == ("police", False, "restricted")
    assert out.conditions == ()


@pytest.mark.parametrize("missing", ["tests", "legal_basis", "purpose"])
def test_nothing_leaves_without_the_five_tests_a_basis_and_a_purpose_c10_d07(missing: str) -> None:
    hub = discussed()
    with pytest.raises(Refused, match="grounds_missing") as refused:
        hub.decide("e1", release(**{missing: None}))
    assert refused.value.fields == (f"data.decisions.0.choice.{missing}",)


def test_police_material_leaves_only_for_a_policing_purpose_d07() -> None:
    hub = discussed()
    with pytest.raises(Refused, match="purpose_not_allowed"):
        hub.decide("e1", release(purpose="research"))


def test_a_release_on_a_law_that_is_not_in_force_is_refused_l08() -> None:
    hub = discussed()
    with pytest.raises(Refused, match="basis_not_in_force"):
        hub.decide("e1", release(legal_basis="data_protection_act_2018"))


def test_harm_has_to_be_considered_where_a_risk_is_flagged_c11() -> None:
    hub = discussed(element("e1", "police", risks=(RiskFlag.HARM_TO_AGENCY,)))
    with pytest.raises(Refused, match="grounds_missing") as refused:
        hub.decide("e1", release())
    assert refused.value.fields == ("data.decisions.0.choice.harm",)


def test_withholding_needs_a_reason_and_the_element_stays_a08() -> None:
    hub = discussed()
    with pytest.raises(Refused, match="reason_missing"):
        hub.decide("e1", ElementChoice(choice=Choice.WITHHOLD))
    hub.decide("e1", withhold())
    package = one_package(hub.agree())
    assert package.elements == ()
    assert next(line.withheld for line in package.agencies if line.agency == "police") == 1


def test_each_element_has_its_own_decision_d08() -> None:
    hub = discussed(element("e1", "police"), element("e2", "police"))
    hub.decide("e1", release())
    hub.decide("e2", withhold())
    assert [e.element_id for e in one_package(hub.agree()).elements] == ["e1"]


def test_a_protected_source_never_leaves_unsanitised_d13() -> None:
    hub = discussed(
        element("e1", "police", "Mrs Pinchbeck heard shouting", source_words=(secret("Mrs Pinchbeck"),))
    )
    for unsafe in (
        release(harm=sanitised("x").harm),
        sanitised("The neighbour, MRS. PINCHBECK, heard shouting"),
    ):
        with pytest.raises(Refused, match="source_would_show"):
            hub.decide("e1", unsafe)
    hub.decide("e1", sanitised("Shouting was heard"))
    (out,) = one_package(hub.agree()).elements
    assert out.sanitised and out.text.reveal() == "Shouting was heard"


def test_a_sanitised_text_keeps_its_link_to_the_original_d11_d12() -> None:
    hub = discussed(element("e1", "police"))
    hub.decide("e1", sanitised("Known", harm=None))
    (fact,) = [f for f in hub.facts if f.what == "element.decided"]
    assert fact.detail["document"] == "doc-e1"
    assert fact.detail["document_digest"] == "a" * 64
    assert fact.detail["transforms"] == ["source_removed"]
    assert fact.detail["author"] == "POL-DM-01"


@pytest.mark.parametrize("same", ["Mr Gray saw it.", "mr GRAY\n saw it", " Mr  Gray saw – it!"])
def test_what_is_called_sanitised_is_not_the_original_d11(same: str) -> None:
    hub = discussed(element("e1", "police", "Mr Gray saw it."))
    with pytest.raises(Refused, match="not_sanitised") as refused:
        hub.decide("e1", sanitised(same))
    assert refused.value.fields == ("data.decisions.0.choice.sanitised.text",)
    assert hub.element("e1").decision is None
    hub.decide("e1", sanitised("Somebody saw it."))


def test_who_sanitised_a_text_is_on_the_register_d11() -> None:
    hub = discussed(element("e1", "police"))
    nobody = Sanitised(text=secret("Known"), transforms=("source_removed",), author="NOBODY-99")
    with pytest.raises(Refused, match="author_unknown") as refused:
        hub.decide("e1", sanitised("Known", harm=None, sanitised=nobody))
    assert refused.value.fields == ("data.decisions.0.choice.sanitised.author",)
    assert hub.element("e1").decision is None


def test_undecided_without_risk_is_presumed_usable_d04() -> None:
    hub = discussed()
    hub.decide("e1", UNDECIDED)
    assert standing(hub.element("e1")) is Standing.PRESUMED_USABLE
    (out,) = one_package(hub.agree()).elements
    assert out.presumed_usable


def test_undecided_with_risk_waits_for_fuller_consideration_d04() -> None:
    hub = discussed(element("e1", "police", risks=(RiskFlag.ONGOING_OPERATION,)))
    hub.decide("e1", UNDECIDED)
    assert standing(hub.element("e1")) is Standing.CONSIDER
    with pytest.raises(Refused, match="discuss_again"):
        hub.decide("e1", release())
    with pytest.raises(Refused, match="not_complete"):
        hub.agree()
    (again,) = of_type(hub.discuss("e1", discussion_id="D-2"), ReviewRequested)
    assert again.cause == "considered_again"
    hub.decide("e1", withhold())
    assert one_package(hub.agree()).elements == ()


def test_an_element_to_be_considered_is_discussed_again_before_it_is_decided_again_d04_d06() -> None:
    hub = discussed(element("e1", "police", risks=(RiskFlag.ONGOING_OPERATION,)))
    hub.decide("e1", UNDECIDED)
    with pytest.raises(Refused, match="discuss_again"):
        hub.decide("e1", withhold())
    hub.discuss("e1", discussion_id="D-2")
    hub.decide("e1", withhold())
    assert standing(hub.element("e1")) is Standing.WITHHELD


def test_an_undecided_element_with_a_protected_source_is_not_presumed_usable_d04_d13() -> None:
    hub = discussed(element("e1", "police", source_words=(secret("Mrs Pinchbeck"),)))
    hub.decide("e1", UNDECIDED)
    assert standing(hub.element("e1")) is Standing.CONSIDER


def test_an_owner_that_stays_silent_releases_nothing_d05() -> None:
    hub = discussed()
    hub.agree("partial_at_due")
    package = one_package(hub.wait(timedelta(hours=24)))
    assert package.elements == ()
    assert package.waiting_for == ("police",)
    assert next(line.waiting for line in package.agencies if line.agency == "police") == 1


def test_a_dated_rule_of_the_owner_decides_in_place_of_a_person_d23() -> None:
    hub = discussed()
    hub.decide("e1", release(), rule=rule())
    (fact,) = [f for f in hub.facts if f.what == "element.decided"]
    assert (fact.detail["authority"], fact.detail["rule"]) == ("owners_rule", "police-history-2012")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"agency": "education", "approved_by": "EDU-DM-01"}, "rule_not_the_owners"),
        ({"approved_by": "POL-SGT-01"}, "rule_not_the_owners"),
        ({"in_force_from": MONDAY + timedelta(days=1)}, "rule_not_in_force"),
    ],
)
def test_a_rule_that_is_not_the_owners_or_not_yet_in_force_decides_nothing_d23(
    changed: dict[str, object], reason: str
) -> None:
    hub = discussed()
    with pytest.raises(Refused, match=reason):
        hub.decide("e1", release(), rule=rule(**changed))


def test_a_machine_may_not_leave_an_element_undecided_d05_d23() -> None:
    hub = discussed()
    with pytest.raises(Refused, match="person_needed"):
        hub.decide("e1", UNDECIDED, rule=rule())


def third_party() -> tuple[Procedure, PermissionRequested]:
    hub = revealed(element("e1", "probation"))
    (request,) = of_type(hub.discuss("e1"), PermissionRequested)
    hub.assess()
    return hub, request


def permit(hub: Procedure, request: PermissionRequested, choice: ElementChoice, *conditions: str) -> None:
    hub.say(
        PermissionDecided(
            by=decision_maker("probation"),
            permission_id=request.permission_id,
            element_id="e1",
            choice=choice,
            conditions=tuple(secret(c) for c in conditions),
        )
    )


def test_the_owner_of_information_held_by_another_is_asked_with_reason_and_use_d09() -> None:
    hub, request = third_party()
    assert (request.holder, request.owner, request.intended_use) == (
        "police",
        "probation",
        "safeguarding_children",
    )
    assert standing(hub.element("e1")) is Standing.THIRD_PARTY_PENDING


def test_the_holder_cannot_decide_for_the_owner_d09() -> None:
    hub, _ = third_party()
    for by, reason in (
        (decision_maker("police"), "permission_needed"),
        (decision_maker("probation"), "permission_needed"),
    ):
        with pytest.raises(Refused, match=reason):
            hub.decide("e1", release(), by=by)


def test_a_permission_is_honoured_with_its_conditions_d09_d17() -> None:
    hub, request = third_party()
    permit(hub, request, release(), "not to be shown to the family")
    (out,) = one_package(hub.agree()).elements
    assert len(out.conditions) == 1 and out.owner == "probation"


def test_a_permission_refused_keeps_the_element_in_d09() -> None:
    hub, request = third_party()
    permit(hub, request, withhold())
    assert one_package(hub.agree()).elements == ()


def test_a_third_party_that_is_silent_leaves_a_gap_line_d10() -> None:
    hub, _ = third_party()
    hub.agree("partial_at_due")
    package = one_package(hub.wait(timedelta(hours=24)))
    assert package.elements == () and package.waiting_for == ("probation",)


def test_a_later_finding_marks_decisions_as_resting_on_superseded_evidence_a03() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    hub.discuss("e1")
    hub.decide("e1", release())
    decision = hub.element("e1").decision
    assert decision is not None and decision.evidence == 1
    hub.answer("education", element("e2", "education"))
    (fact,) = [f for f in hub.facts if f.what == "check.answered" and f.detail["agency"] == "education"]
    assert fact.detail["superseded_evidence"] == ["e1"]


def test_an_owner_may_change_its_mind_and_the_record_keeps_both_d15() -> None:
    hub = discussed()
    hub.decide("e1", release())
    hub.decide("e1", withhold())
    assert [d.choice.choice for d in hub.element("e1").earlier_decisions] == [Choice.RELEASE]
    assert one_package(hub.agree()).elements == ()


def test_the_package_is_marked_as_its_highest_element_d21() -> None:
    hub = discussed(
        element("e1", "police", marking="protect"), element("e2", "police", marking="confidential")
    )
    hub.decide("e1", release())
    hub.decide("e2", release())
    assert one_package(hub.agree()).marking == "confidential"


def test_nothing_that_was_not_released_is_referred_to_by_any_package_a05_d18() -> None:
    kinds = {"e1": release(), "e2": withhold(), "e3": sanitised("known", harm=None)}
    hub = discussed(*(element(e, "police", f"original-of-{e}") for e in kinds))
    for element_id, choice in kinds.items():
        hub.decide(element_id, choice)
    hub.agree()
    for package in of_type(hub.sent, PackageIssued):
        everything = SealingContext()
        package.model_dump_json(context=everything)
        texts = "".join(everything.texts)
        assert "original-of-e1" in texts and "known" in texts
        assert "original-of-e2" not in texts and "original-of-e3" not in texts


def test_red_and_amber_cases_follow_the_same_rules_of_disclosure() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.answer("police", element("e1", "police"))
    with pytest.raises(Refused, match="not_discussed"):
        hub.decide("e1", release())


def test_a_third_party_owner_is_told_the_reason_for_its_element_and_not_the_discussion_d09() -> None:
    _, request = third_party()
    assert request.why_needed.reveal() == "to weigh the risk"


def test_an_element_of_a_third_party_is_not_discussed_without_the_reason_for_its_owner_d09() -> None:
    hub = revealed(element("e1", "probation"))
    with pytest.raises(Refused, match="reason_for_owner_missing"):
        hub.say(
            DiscussionRecorded(
                by=SENIOR_PRACTITIONER,
                discussion_id="D-1",
                elements=("e1",),
                participants=(SENIOR_PRACTITIONER, SERGEANT),
                mode=Mode.FACE_TO_FACE,
                summary=secret("relevant"),
            )
        )


def test_an_undecided_element_leaves_only_on_the_grounds_of_a_release_c10_d07() -> None:
    hub = discussed()
    with pytest.raises(Refused, match="grounds_missing"):
        hub.decide("e1", ElementChoice(choice=Choice.CANNOT_DECIDE))


def test_a_rule_does_not_overrule_a_person_d03_d23() -> None:
    hub = discussed()
    hub.decide("e1", withhold())
    with pytest.raises(Refused, match="decided_by_person"):
        hub.decide("e1", release(), rule=rule())


def test_a_rule_is_used_on_its_owners_own_connection_only_d23() -> None:
    hub = discussed()
    said = DisclosureDecided(
        rule=rule(), discussion_id="D-1", decisions=(Decision(element_id="e1", choice=release()),)
    )
    with pytest.raises(Refused, match="rule_not_the_owners"):
        hub.say(said, "staff")


def test_a_source_of_one_element_shows_in_no_other_text_that_leaves_d13() -> None:
    hub = discussed(
        element("e1", "police", "A neighbour rang", source_words=(secret("Mrs Pinchbeck"),)),
        element("e2", "police", "Mrs Pinchbeck also rang the school"),
    )
    with pytest.raises(Refused, match="source_would_show"):
        hub.decide("e2", release(harm=sanitised("x").harm))
    with pytest.raises(Refused, match="source_would_show"):
        hub.say(
            AssessmentMade(
                by=SENIOR_PRACTITIONER,
                suggested_course=Course.STRATEGY_DISCUSSION,
                urgent_facts=secret("mrs pinchbeck saw it"),
                rationale=why(),
            )
        )


def test_nothing_is_revealed_to_a_third_party_that_has_not_signed_c09() -> None:
    unsigned = PARTNERSHIP.agencies["probation"].model_copy(update={"signed_on": None})
    agencies = {**PARTNERSHIP.agencies, "probation": unsigned}
    hub = Procedure(PARTNERSHIP.model_copy(update={"agencies": agencies}))
    hub.until_directed()
    hub.answer("police", element("e1", "probation"))
    assert of_type(hub.discuss("e1"), PermissionRequested) == []
    assert standing(hub.element("e1")) is Standing.THIRD_PARTY_PENDING


def test_agencies_that_record_an_element_get_its_owners_conditions_d17_l12() -> None:
    hub, request = third_party()
    permit(hub, request, release(), "not to be shown to the family")
    recorded = of_type(hub.agree(), RecordRequested)
    assert {len(e.conditions) for r in recorded for e in r.elements if not e.own} == {1}


def test_an_owner_that_does_not_decide_is_warned_e14() -> None:
    hub = discussed()
    warned = of_type(hub.wait(timedelta(hours=24)), DeadlineWarned)
    assert {(w.timer, w.agency, w.percent) for w in warned} == {
        ("owner_decision", "police", percent) for percent in (50, 75, 90)
    }


def test_a_package_without_elements_has_the_marking_that_every_package_has_d21() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from("police", "education", "primary_care", "csc_staffordshire")
    hub.assess()
    assert one_package(hub.agree()).marking == PARTNERSHIP.package_marking == "protect"


def test_the_marking_that_every_package_has_is_one_of_the_scheme_d21(tmp_path: Path) -> None:
    folder = PartnershipFolder(tmp_path)
    folder.replace("partnership.toml", 'package_marking = "protect"', 'package_marking = "private"')
    with pytest.raises(PartnershipInvalid, match="package_marking: private is not known; name one of"):
        folder.read()
