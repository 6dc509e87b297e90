"""An owner that withheld is asked again when another agency finds something new. [A03, A08, D03, M3.7]"""

from __future__ import annotations

import json

import pytest

from agents.coordinator import needs
from agents.coordinator.elements import Standing, standing
from agents.deciding import Sending
from messages.checks import ElementRevealed
from messages.disclosure import PermissionDecided, PermissionRequested, ReviewRequested
from messages.escalation import DisclosureDisputed, ManagementActed, SettlementConfirmed
from messages.package import InformationRequested
from messages.words import Actor, Rag
from tests.support.procedure import (
    CORE_CHILD,
    SENIOR_PRACTITIONER,
    Procedure,
    child,
    decision_maker,
    element,
    line_manager,
    of_type,
    one_package,
    release,
    secret,
    withhold,
)

FINDING = "a burn that nobody explains"
"""What the other agency found: its owner alone, and the hub, may see it."""


def withheld(*about: str) -> Procedure:
    """Education withheld what it knows of a child; primary care and children's services have not answered."""
    hub = Procedure()
    hub.until_directed(people=(child("p1"), child("p2")))
    hub.answer("education", element("e1", "education", about=about or ("p1",)))
    hub.nothing_from("police")
    hub.discuss("e1")
    hub.decide("e1", withhold())
    return hub


def found(*about: str, element_id: str = "e2", **changes: object) -> ElementRevealed:
    owner = str(changes.pop("owner", "primary_care"))
    return element(element_id, owner, FINDING, about=about or ("p1",), **changes)


def asked_again(sent: list[Sending]) -> list[ReviewRequested]:
    return [review for review in of_type(sent, ReviewRequested) if review.cause == "new_finding"]


def test_the_owner_is_asked_again_and_told_why_when_another_agency_finds_something_new_a03_d03() -> None:
    hub = withheld()
    (sending,) = hub.answer("primary_care", found())
    assert sending.to == "agency.education"
    (review,) = asked_again([sending])
    assert review.cause == "new_finding"
    assert [e.element_id for e in review.elements] == ["e1"]
    assert review.discussion_id == hub.element("e1").discussion_id
    (fact,) = [f for f in hub.facts if f.what == "owner.asked_again"]
    assert fact.detail["elements"] == ["e1"] and fact.detail["because_of"] == ["e2"]


def test_the_owner_is_not_shown_what_was_found_nor_by_whom_a03_c10() -> None:
    hub = withheld()
    (sending,) = hub.answer("primary_care", found(kind="injury"))
    said = json.dumps(sending.payload.model_dump(mode="json", exclude={"elements"}))
    said += json.dumps([e.model_dump(mode="json") for e in asked_again([sending])[0].elements])
    for hidden in (FINDING, "primary_care", "injury", "e2"):
        assert hidden not in said


def test_the_refusal_stands_until_the_owner_decides_anew_and_nothing_waits_for_it_a03_a08() -> None:
    hub = withheld()
    hub.answer("primary_care", found())
    hub.nothing_from("csc_staffordshire")
    assert standing(hub.element("e1")) is Standing.WITHHELD
    assert "owner_again:education" in needs.needs(hub.case)
    hub.discuss("e2", discussion_id="D-2")
    hub.decide("e2", release())
    hub.assess()
    package = one_package(hub.agree())
    assert (package.kind, package.waiting_for) == ("full", ())
    assert [e.element_id for e in package.elements] == ["e2"]


def test_what_the_owner_then_lets_go_goes_out_and_the_record_keeps_both_decisions_a03_c07_d15() -> None:
    hub = withheld()
    hub.nothing_from("csc_staffordshire")
    hub.answer("primary_care", found())
    hub.discuss("e2", discussion_id="D-2")
    hub.decide("e2", withhold())
    hub.assess()
    hub.agree()
    hub.decide("e1", release())
    assert "owner_again:education" not in needs.needs(hub.case)
    supplement = one_package(hub.agree())
    assert supplement.kind == "supplement" and [e.element_id for e in supplement.elements] == ["e1"]
    now, (before,) = hub.element("e1").decision, hub.element("e1").earlier_decisions
    assert now is not None and before.evidence < now.evidence


def test_it_is_asked_once_for_each_change_and_again_for_the_next_a03() -> None:
    hub = withheld()
    assert len(asked_again(hub.answer("primary_care", found()))) == 1
    hub.decide("e1", withhold())
    assert asked_again(hub.discuss("e2", discussion_id="D-2")) == []
    assert asked_again(hub.decide("e2", release())) == []
    hub.assess()
    (next_time,) = asked_again(
        hub.answer("csc_staffordshire", element("e3", "csc_staffordshire", about=("p1",)))
    )
    ids = [review.review_id for review in of_type(hub.sent, ReviewRequested)]
    assert len(ids) == len(set(ids)) and next_time.review_id in ids


@pytest.mark.parametrize(
    "answer",
    [(), (found("p2"),), (found(owner="education"),)],
    ids=["nothing found", "about somebody else", "the owner's own information"],
)
def test_what_changes_nothing_for_the_element_asks_nobody_again_a03(
    answer: tuple[ElementRevealed, ...],
) -> None:
    hub = withheld()
    sent = hub.answer("primary_care", *answer)
    assert asked_again(sent) == [] and not [f for f in hub.facts if f.what == "owner.asked_again"]


def test_an_owner_that_let_it_go_or_has_not_decided_is_not_asked_again_a03() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer(
        "education",
        element("e1", "education"),
        element("e4", "education"),
    )
    hub.discuss("e1", "e4")
    hub.decide("e1", release())
    assert asked_again(hub.answer("primary_care", found())) == []


def test_what_a_higher_authority_settled_is_not_put_to_the_owner_again_k01() -> None:
    hub = withheld()
    hub.say(_dispute())
    hub.say(_settled())
    hub.say(SettlementConfirmed(by=line_manager("police"), dispute_id="X-1"))
    assert standing(hub.element("e1")) is Standing.WITHHELD
    assert asked_again(hub.answer("primary_care", found())) == []


def _dispute() -> DisclosureDisputed:
    return DisclosureDisputed(
        by=Actor(person="POL-SGT-01", role="police_sergeant", agency="police"),
        dispute_id="X-1",
        element_id="e1",
        ground="necessity",
        position=secret("it is needed"),
    )


def _settled() -> ManagementActed:
    return ManagementActed(
        by=line_manager("education"),
        other_side=line_manager("police"),
        dispute_id="X-1",
        settled=True,
        outcome=withhold(),
        reason=secret("both see it"),
    )


def test_several_elements_of_an_owner_are_asked_about_together_by_their_discussion_d06() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("education", *(element(f"e{n}", "education") for n in (1, 2, 3)))
    hub.discuss("e1", "e2", discussion_id="D-1")
    hub.discuss("e3", discussion_id="D-2")
    for element_id in ("e1", "e2", "e3"):
        hub.decide(element_id, withhold())
    reviews = asked_again(hub.answer("primary_care", found(element_id="f1")))
    assert [(r.discussion_id, len(r.elements)) for r in reviews] == [("D-1", 2), ("D-2", 1)]
    assert len({r.review_id for r in reviews}) == 2


def test_a_third_party_owner_is_asked_for_its_permission_again_d09() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "education"))
    (first,) = of_type(hub.discuss("e1"), PermissionRequested)
    hub.say(permission(first, choice=withhold()))
    (again,) = of_type(hub.answer("primary_care", found()), PermissionRequested)
    assert (first.cause, again.cause) == ("first_decision", "new_finding")
    assert again.permission_id == first.permission_id
    hub.say(permission(again, choice=release()))
    assert standing(hub.element("e1")) is Standing.RELEASED


def test_what_the_owner_found_itself_is_no_news_to_it_a03() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "education"))
    (asked,) = of_type(hub.discuss("e1"), PermissionRequested)
    hub.say(permission(asked, choice=withhold()))
    assert of_type(hub.answer("education", element("e2", "probation")), PermissionRequested) == []


def permission(asked: PermissionRequested, **changes: object) -> PermissionDecided:
    said = {
        "by": decision_maker("education"),
        "permission_id": asked.permission_id,
        "element_id": asked.element_id,
    }
    return PermissionDecided.model_validate({**said, **changes})


def in_a_second_round(*also_ask: str) -> Procedure:
    """Housing withheld in the first round; a team tasked back and the second round has begun."""
    hub = Procedure()
    hub.until_directed(Rag.AMBER, "housing")
    hub.answer("housing", element("h1", "housing"))
    hub.nothing_from(*CORE_CHILD)
    hub.discuss("h1")
    hub.decide("h1", withhold())
    hub.assess()
    package = one_package(hub.agree())
    worker = Actor(person="CSS-SW-01", role="social_worker", agency="csc_staffordshire")
    hub.say(
        InformationRequested(
            request_id="T-1",
            package_id=package.package_id,
            by=worker,
            question=secret("anything since?"),
            why=secret("a new injury"),
        ),
        "team.children_social_work_staffordshire",
    )
    hub.direct(*also_ask, by=SENIOR_PRACTITIONER)
    return hub


def test_a_refusal_of_an_earlier_round_is_asked_about_where_the_agency_is_not_asked_anew_a03_d20() -> None:
    hub = in_a_second_round()
    (review,) = asked_again(hub.answer("primary_care", found(element_id="f1")))
    assert (review.round, [e.element_id for e in review.elements]) == (2, ["h1"])
    hub.decide("h1", release())
    hub.nothing_from("police", "education", "csc_staffordshire")
    hub.discuss("f1", discussion_id="D-2")
    hub.decide("f1", withhold())
    hub.assess()
    assert [e.element_id for e in one_package(hub.agree()).elements] == ["h1"]


def test_an_agency_that_is_asked_anew_reveals_and_decides_anew_and_is_not_asked_twice_a03_d20() -> None:
    hub = in_a_second_round("housing")
    assert asked_again(hub.answer("primary_care", found(element_id="f1"))) == []
    hub.answer("housing", element("h1", "housing"))
    assert standing(hub.element("h1")) is Standing.REVEALED
