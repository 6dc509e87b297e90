"""No text that leaves the hub shows a word that gives a source away, whenever it came and whatever it is.
[A05, D11, D13, D18, D20, E03, M2.7]"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from agents.coordinator import needs
from agents.coordinator.cases import case_id_for
from agents.deciding import Refused, Sending
from messages.checks import CheckRequested, ElementRevealed
from messages.concern import ConcernSanitised
from messages.confidential import Confidential
from messages.disclosure import DiscussionRecorded, PermissionRequested, ReviewRequested
from messages.escalation import DisclosureDisputed
from messages.governance import BreachReported, SupervisionRecorded
from messages.intake import EnquiryDirected
from messages.notices import AlertRaised
from messages.package import InformationRequested, PackageIssued
from messages.referral import PersonConcerned
from messages.sealing import SealingContext
from messages.words import Category, Harm, Part, Rag, Said, Sanitised
from tests.support.examples.to_the_hub import TO_THE_HUB
from tests.support.grounds import whole_hub
from tests.support.procedure import (
    CHILDRENS_TEAM,
    CORE_CHILD,
    SENIOR_PRACTITIONER,
    WORKER,
    Procedure,
    adult,
    child,
    disability_hate_crime,
    element,
    of_type,
    one_package,
    referral,
    release,
    sanitised,
    secret,
    why,
)

HARM = Harm(considered=secret("somebody would be found"))
TOLD = "Mrs Gantry of number 30 heard the boy cry at night."
IN_OTHER_WORDS = "The boy was heard crying at night."
REFERRER = PersonConcerned(
    person_id="p9",
    part=Part.REFERRER,
    given_name=secret("Edith"),
    family_name=secret("Gantry"),
    may_be_named=False,
)


def marking(*words: str, element_id: str = "e-source", text: str = "a call came in") -> ElementRevealed:
    return element(element_id, "police", text, source_words=tuple(map(secret, words)))


def ready(words: tuple[str, ...] = ("Gantry",), **changes: object) -> Procedure:
    """Everything is answered, decided and assessed; police marked these words in what they withheld."""
    hub = Procedure()
    said: dict[str, Any] = {"concern": secret(TOLD), **changes}
    hub.until_directed(**said)
    hub.answer("police", element("e1", "police", source_words=tuple(map(secret, words))))
    hub.nothing_from("education", "primary_care", "csc_staffordshire")
    hub.discuss("e1")
    hub.decide("e1", sanitised("somebody called"))
    hub.assess()
    return hub


def in_other_words(text: str = IN_OTHER_WORDS, author: str = "CSS-SP-01") -> ConcernSanitised:
    words = Sanitised(text=secret(text), transforms=("source_removed",), author=author)
    return ConcernSanitised(by=SENIOR_PRACTITIONER, sanitised=words, rationale=why())


def texts_in(sent: list[Sending]) -> str:
    """Every confidential text of what was sent."""
    texts = SealingContext()
    for sending in sent:
        sending.payload.model_dump_json(context=texts)
    return "\n".join(texts.texts).casefold()


def refused(hub: Procedure, say: Said | Callable[[], object]) -> str:
    with pytest.raises(Refused) as why_not:
        if isinstance(say, Said):
            hub.say(say)
        else:
            say()
    return why_not.value.reason


@pytest.mark.parametrize("words", ["Gantry", "mrs GANTRY", "number 30"])
def test_a_concern_with_the_words_of_a_source_leaves_in_other_words_alone_d13_a05(words: str) -> None:
    hub = ready((words,))
    assert "concern" in needs.needs(hub.case) and "concern.shows_source" in {f.what for f in hub.facts}
    assert refused(hub, hub.agree) == "concern_shows_source"
    assert refused(hub, in_other_words(f"{words} heard him")) == "source_would_show"
    assert refused(hub, in_other_words(author="NOBODY-99")) == "author_unknown"
    original = hub.case.concern
    hub.say(in_other_words())
    sent = hub.agree()
    assert texts_in(sent).count(IN_OTHER_WORDS.casefold()) and "gantry" not in texts_in(sent)
    assert hub.case.concern == original and hub.case.sanitised_concerns[0].sanitised.author == "CSS-SP-01"
    (fact,) = [f for f in hub.facts if f.what == "concern.sanitised"]
    assert fact.by == SENIOR_PRACTITIONER and fact.detail == {
        "transforms": ["source_removed"],
        "author": "CSS-SP-01",
    }


def test_a_concern_without_such_words_leaves_as_it_was_referred_d13() -> None:
    hub = ready(("Pinchbeck",))
    assert "concern" not in needs.needs(hub.case)
    assert TOLD.casefold() in texts_in(hub.agree())


def test_a_referrer_who_must_stay_unnamed_is_not_named_in_the_concern_d13() -> None:
    hub = ready(("Pinchbeck",), people=(child(), REFERRER))
    assert refused(hub, hub.agree) == "concern_shows_source"
    hub.say(in_other_words())
    assert "gantry" not in texts_in(hub.agree())


def test_a_red_notice_leaves_at_once_and_names_no_hidden_referrer_e03_d13() -> None:
    hub = Procedure()
    hub.refer(concern=secret(TOLD), people=(child(), REFERRER))
    hub.threshold_met()
    sent = hub.rate(Rag.RED)
    alerts = of_type(sent, AlertRaised)
    assert len(alerts) == 2 and all(a.concern is None and len(a.people) == 1 for a in alerts)
    assert "gantry" not in texts_in(sent)
    again = of_type(hub.say(in_other_words()), AlertRaised)
    assert len(again) == 2 and all(a.concern is not None for a in again)
    assert {a.alert_id for a in again}.isdisjoint({a.alert_id for a in alerts})
    assert not of_type(hub.say(in_other_words("The boy cries.")), AlertRaised)


def test_a_red_notice_has_the_concern_on_which_an_urgent_response_is_considered_e03() -> None:
    hub = Procedure()
    hub.refer(concern=secret(TOLD))
    hub.threshold_met()
    assert TOLD.casefold() in texts_in(hub.rate(Rag.RED))


def test_words_marked_late_end_an_agreement_and_hold_the_package_a13_d13() -> None:
    hub = Procedure()
    hub.until_directed(concern=secret(TOLD))
    hub.nothing_from("education", "primary_care", "csc_staffordshire")
    hub.assess()
    hub.agree("partial_at_due")
    sent = hub.answer("police", marking("Gantry"))
    assert not of_type(sent, PackageIssued) and hub.case.agreement is None
    assert "agreement.lapsed" in {f.what for f in hub.facts}
    assert refused(hub, lambda: hub.agree("partial_at_due")) == "concern_shows_source"


def test_an_assessment_with_words_that_were_marked_later_is_made_anew_d13() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from("education", "primary_care", "csc_staffordshire")
    hub.assess()
    hub.answer("police", marking("with police and health"))
    hub.discuss("e-source")
    hub.decide("e-source", sanitised("somebody called"))
    assert refused(hub, hub.agree) == "assessment_shows_source" and "assessment" in needs.needs(hub.case)


@pytest.mark.parametrize("choice", ["released", "sanitised"])
def test_what_was_let_go_goes_back_to_its_owner_when_a_later_answer_names_its_source_d13_a03(
    choice: str,
) -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("education", element("e-school", "education", TOLD))
    hub.discuss("e-school")
    hub.decide("e-school", release() if choice == "released" else sanitised(f"We heard: {TOLD}"))
    sent = hub.answer("police", marking("Gantry"))
    asked = [s for s in sent if isinstance(s.payload, ReviewRequested)]
    assert [s.to for s in asked] == ["agency.education"] and "gantry" not in texts_in(sent)
    assert "owner:education" in needs.needs(hub.case)
    found = hub.element("e-school")
    assert found.decision is None and len(found.earlier_decisions) == 1
    assert refused(hub, lambda: hub.decide("e-school", release(harm=HARM))) == "source_would_show"
    hub.nothing_from("primary_care", "csc_staffordshire")
    hub.discuss("e-source", discussion_id="D-2")
    hub.decide("e-source", sanitised("somebody called"))
    hub.assess()
    hub.decide("e-school", sanitised("he cries at night"))
    package = hub.agree()
    to_teams = [s for s in package if s.to.startswith("team.")]
    assert len(one_package(package).elements) == 2 and "gantry" not in texts_in(to_teams)


def test_what_has_left_already_is_withdrawn_when_its_source_is_named_later_d13_c07() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("education", element("e-school", "education", TOLD))
    hub.nothing_from("primary_care", "csc_staffordshire")
    hub.discuss("e-school")
    hub.decide("e-school", release())
    hub.assess()
    hub.agree("partial_at_due")
    hub.whole.pass_time(hub.due or hub.now)
    while not hub.case.packages:
        hub.whole.pass_time(hub.due or hub.now)
    hub.answer("police", marking("Gantry"))
    sent = hub.agree("partial_at_due")
    while len(hub.case.packages) == 1:
        before = len(hub.sent)
        hub.whole.pass_time(hub.due or hub.now)
        sent = hub.sent[before:]
    assert one_package(sent).withdrawn == ("e-school",)


def tasked_back(question: str) -> Procedure:
    hub = ready(concern=secret("bruises"))
    hub.agree()
    hub.say(
        InformationRequested(
            request_id="T-1",
            package_id=hub.case.packages[0].package_id,
            by=WORKER,
            question=secret(question),
            why=secret("to see him safe"),
        ),
        CHILDRENS_TEAM,
    )
    return hub


def asking(question: Confidential | None) -> EnquiryDirected:
    return EnquiryDirected(
        by=SENIOR_PRACTITIONER,
        purpose="safeguarding_children",
        legal_basis="children_act_2004",
        rationale=why(),
        question=question,
    )


def test_a_teams_question_that_names_a_source_is_put_in_other_words_d13_d20() -> None:
    hub = tasked_back("Is it Mrs Gantry who called?")
    assert refused(hub, asking(None)) == "question_shows_source"
    assert refused(hub, asking(secret("ask GANTRY"))) == "source_would_show"
    sent = hub.say(asking(secret("What else is known of the nights?")))
    assert len(of_type(sent, CheckRequested)) == len(CORE_CHILD)
    assert "gantry" not in texts_in(sent) and "the nights" in texts_in(sent)


def test_a_teams_question_that_names_nobody_is_passed_on_d20() -> None:
    assert "what is new" in texts_in(tasked_back("What is new?").say(asking(None)))


def test_why_a_third_party_is_needed_is_told_without_the_words_of_a_source_d09_d13() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", marking("weigh the risk"), element("e-housing", "housing"))
    assert refused(hub, lambda: hub.discuss("e-housing")) == "source_would_show"
    assert not of_type(hub.sent, PermissionRequested)


@pytest.mark.parametrize("part", [Part.REFERRER, Part.HOUSEHOLD_MEMBER])
def test_where_else_a_referrer_stands_is_told_to_nobody_i02_d13_c08(part: Part) -> None:
    hub = whole_hub()
    neighbour = child("p5").model_copy(
        update={
            "part": Part.HOUSEHOLD_MEMBER,
            "given_name": secret("Edith"),
            "family_name": secret("Gantry"),
            "date_of_birth": secret("1950-02-03"),
        }
    )
    told = neighbour.model_copy(
        update={"part": part, "may_be_named": part is not Part.REFERRER, "person_id": "p9"}
    )
    first = referral(referral_id="R-2", people=(child(), neighbour))
    hub.deliver(first, "source.first_response", "R-2")
    crime = referral(
        referral_id="R-3",
        source="police_cru",
        category=Category.HATE_CRIME,
        section_47_belief=None,
        people=(adult().model_copy(update={"given_name": secret("Orla"), "address": None}), told),
        hate_crime=disability_hate_crime(),
    )
    hub.deliver(crime, "source.police_cru", "R-3")
    earlier = [c.earlier_cases for c in hub.cases() if c.category is Category.HATE_CRIME]
    known = () if part is Part.REFERRER else (case_id_for("first_response", "R-2"),)
    assert earlier == [known]


MADE_UP = {
    DiscussionRecorded: "discussion_id",
    DisclosureDisputed: "dispute_id",
    SupervisionRecorded: "call_id",
    BreachReported: "report_id",
    InformationRequested: "request_id",
}
"""The ids that people make up, which stand in the clear in the record."""


@pytest.mark.parametrize("kind", MADE_UP, ids=lambda kind: kind.__name__)
def test_an_id_that_people_make_up_has_no_room_for_a_name_or_a_sentence_d18(kind: type[Said]) -> None:
    field = MADE_UP[kind]
    said = next(one for one in TO_THE_HUB if isinstance(one, kind))
    for wrong in (
        "Mrs-Gantry-number-30",
        "gantry",
        "Gantry-1",
        "C-BBN3PII7M2OR/discussion/gantry",
        "D-1-2-Ann",
    ):
        with pytest.raises(ValidationError) as why_not:
            kind.model_validate({**dict(said), field: wrong})
        assert [error["loc"] for error in why_not.value.errors()] == [(field,)]
    for right in ("1", "D-1", "SC-20417", "C-BBN3PII7M2OR/discussion/1"):
        assert getattr(kind.model_validate({**dict(said), field: right}), field) == right
