"""What an owner has not released leaves in no text of the hub's staff either. [A05, C07, D03, D18, M5.1]"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agents.coordinator import needs
from agents.deciding import Refused
from messages.concern import ConcernSanitised
from messages.escalation import DisclosureDisputed
from messages.package import AssessmentMade, CaseEnded, PackageIssued
from messages.words import Course, ElementChoice, Rationale, Said, Sanitised
from tests.support.procedure import (
    MANAGER,
    SENIOR_PRACTITIONER,
    Procedure,
    element,
    of_type,
    one_package,
    release,
    sanitised,
    secret,
    why,
    withhold,
)

OVERDOSE = "Repeat prescription of sedatives; a second overdose was recorded on 3 February 2012"
REASONS = ("reason", "proportionality", "early_risk", "timeliness", "coordination")


def known(text: str = OVERDOSE, choice: ElementChoice | None = None, **changes: Any) -> Procedure:
    """Everything is answered, and primary care has decided on the one thing that was found."""
    hub = Procedure()
    hub.until_directed(**changes)
    hub.answer("primary_care", element("e1", "primary_care", text))
    hub.nothing_from("education", "police", "csc_staffordshire")
    hub.discuss("e1")
    if choice is not None:
        hub.decide("e1", choice)
    return hub


def assessment(urgent_facts: str | None = None, **reasons: str) -> AssessmentMade:
    said: dict[str, Any] = {name: secret(text) for name, text in reasons.items()}
    return AssessmentMade(
        by=SENIOR_PRACTITIONER,
        suggested_course=Course.STRATEGY_DISCUSSION,
        urgent_facts=secret(urgent_facts) if urgent_facts else None,
        rationale=why().model_copy(update=said),
    )


def refused(hub: Procedure, say: Said) -> Refused:
    before = hub.case
    with pytest.raises(Refused) as why_not:
        hub.say(say)
    assert hub.case == before
    return why_not.value


def test_an_assessment_that_repeats_what_was_withheld_is_refused_a05_d18() -> None:
    hub = known(choice=withhold())
    found = refused(hub, assessment(OVERDOSE))
    assert (found.reason, found.fields) == ("not_released", ("data.urgent_facts",))
    assert "e1" in found.remedy and "overdose" not in found.remedy
    hub.say(assessment("Ask the GP at once."))
    assert len(hub.agree()) > 0


@pytest.mark.parametrize(
    "text",
    [
        "We know that A SECOND   overdose was\nrecorded, and worry.",
        "second overdose – was recorded on the ward",
        f"Known: {OVERDOSE}.",
    ],
)
@pytest.mark.parametrize("name", REASONS)
def test_five_words_one_behind_the_other_are_repeated_wherever_they_stand_a05(text: str, name: str) -> None:
    assert refused(known(choice=withhold()), assessment(**{name: text})).fields == (f"data.rationale.{name}",)


@pytest.mark.parametrize(
    "text",
    [
        "A second overdose was feared.",  # four words of it
        "recorded was overdose second a, on prescription",  # in another order
        "The overdose of February 2012 is known to nobody, a second prescription was made.",
    ],
)
def test_the_same_words_in_another_sentence_repeat_nothing_a05(text: str) -> None:
    known(choice=withhold()).say(assessment(text))


@pytest.mark.parametrize(
    ("text", "said", "is_refused"),
    [
        ("HIV positive", "he is hiv-positive, we think", True),
        ("HIV positive", "positive news of the HIV clinic", False),
        ("pregnant", "she may be pregnant", False),
        ("known to us", "long known to us all", True),
    ],
)
def test_an_element_shorter_than_five_words_is_repeated_as_a_whole_a05(
    text: str, said: str, is_refused: bool
) -> None:
    hub = known(text, withhold())
    if is_refused:
        assert refused(hub, assessment(said)).reason == "not_released"
    else:
        hub.say(assessment(said))


def test_what_its_owner_has_not_decided_on_is_not_released_d03_a05() -> None:
    hub = known()
    assert refused(hub, assessment(OVERDOSE)).reason == "not_released"
    hub.decide("e1", release())
    hub.say(assessment(OVERDOSE))
    assert len(one_package(hub.agree()).elements) == 1


def test_of_what_was_sanitised_only_the_sanitised_words_may_be_repeated_a05_d11() -> None:
    hub = known(choice=sanitised("A second overdose was recorded last winter."))
    assert refused(hub, assessment(OVERDOSE)).reason == "not_released"
    hub.say(assessment("A second overdose was recorded last winter."))


def test_what_the_referrer_said_as_well_may_be_repeated_a05() -> None:
    hub = known(choice=withhold(), concern=secret("A second overdose was recorded, says the aunt."))
    hub.say(assessment("A second overdose was recorded."))
    assert refused(hub, assessment("It was recorded on 3 February 2012")).reason == "not_released"


def test_what_another_owner_releases_in_the_same_words_may_be_repeated_a05() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("primary_care", element("e1", "primary_care", OVERDOSE))
    hub.answer("education", element("e2", "education", f"He told us: {OVERDOSE}"))
    hub.nothing_from("police", "csc_staffordshire")
    hub.discuss("e1", "e2")
    hub.decide("e1", withhold())
    hub.decide("e2", release())
    hub.say(assessment(OVERDOSE))


def dispute(hub: Procedure) -> None:
    """What was released waits until the dispute is settled. [E13]"""
    hub.say(
        DisclosureDisputed(
            by=SENIOR_PRACTITIONER,
            dispute_id="D-1",
            element_id="e1",
            ground="necessity",
            position=secret("they need not know"),
        )
    )


@pytest.mark.parametrize("settle", [lambda hub: hub.decide("e1", withhold()), dispute])
def test_an_assessment_that_repeats_what_is_taken_back_is_made_anew_a05_d15(settle: Any) -> None:
    hub = known(choice=release())
    hub.say(assessment(OVERDOSE))
    settle(hub)
    assert "assessment" in needs.needs(hub.case) and "agreement" not in needs.needs(hub.case)
    with pytest.raises(Refused, match="assessment_not_released"):
        hub.agree("partial_at_due")
    hub.say(assessment("Ask the GP at once."))
    hub.agree("partial_at_due")


def test_an_agreed_package_does_not_go_with_what_was_taken_back_since_a05_d19() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("primary_care", element("e1", "primary_care", OVERDOSE))
    hub.nothing_from("education", "police")
    hub.discuss("e1")
    hub.decide("e1", release())
    hub.say(assessment(OVERDOSE))
    hub.agree("partial_at_due")
    hub.decide("e1", withhold())
    assert hub.case.agreement is None and "agreement.lapsed" in {f.what for f in hub.facts}
    assert not of_type(hub.wait(timedelta(days=2)), PackageIssued)


def in_other_words(text: str) -> ConcernSanitised:
    words = Sanitised(text=secret(text), transforms=("summarised",), author="CSS-SP-01")
    return ConcernSanitised(by=SENIOR_PRACTITIONER, sanitised=words, rationale=why())


def test_a_concern_in_other_words_repeats_nothing_that_was_withheld_a05_d18() -> None:
    hub = known(choice=withhold())
    found = refused(hub, in_other_words(OVERDOSE))
    assert (found.reason, found.fields) == ("not_released", ("data.sanitised.text",))
    hub.say(in_other_words("bruises seen at school again"))


def test_a_concern_in_other_words_is_not_the_one_that_was_referred_d11() -> None:
    found = refused(known(), in_other_words("Bruises, seen at school"))
    assert (found.reason, found.fields) == ("not_sanitised", ("data.sanitised.text",))


def test_a_concern_in_other_words_waits_when_what_it_repeats_is_taken_back_a05() -> None:
    hub = known(choice=release())
    hub.say(in_other_words(OVERDOSE))
    hub.assess()
    hub.decide("e1", withhold())
    assert hub.case.leaving_concern is None and "concern" in needs.needs(hub.case)
    with pytest.raises(Refused, match="concern_not_released"):
        hub.agree()
    hub.say(in_other_words("bruises"))
    hub.agree()


def test_the_referrer_is_told_nothing_that_was_withheld_a05_a07() -> None:
    hub = known(choice=withhold())
    hub.assess()
    ended = CaseEnded(by=MANAGER, rationale=Rationale(reason=secret(OVERDOSE), proportionality=secret("so")))
    assert refused(hub, ended).fields == ("data.rationale.reason",)
    hub.say(ended.model_copy(update={"rationale": why()}))
