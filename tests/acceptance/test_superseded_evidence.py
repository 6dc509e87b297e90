"""A later finding marks what was decided without it. [A03, F01, G02, I03]"""

from __future__ import annotations

from agents.coordinator import needs
from messages.words import Rag
from tests.support import adult_pathway
from tests.support.procedure import Procedure, element, release


def assessed_before_education_answers() -> Procedure:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from("police", "primary_care", "csc_staffordshire")
    hub.assess()
    return hub


def superseded(hub: Procedure) -> list[str]:
    return [need for need in needs.needs(hub.case) if need.startswith("superseded")]


def test_an_assessment_rests_on_superseded_evidence_after_a_new_finding_a03_g02() -> None:
    hub = assessed_before_education_answers()
    hub.answer("education", element("e1", "education"))
    assert superseded(hub) == ["superseded:assessment"]
    (fact,) = [f for f in hub.facts if f.what == "check.answered" and f.detail["elements"]]
    assert fact.detail["superseded_decisions"] == ["assessment"]
    hub.assess()
    assert superseded(hub) == []


def test_an_answer_that_found_nothing_supersedes_nothing_a03() -> None:
    hub = assessed_before_education_answers()
    hub.answer("education")
    assert superseded(hub) == []


def test_an_agreement_names_what_rested_on_superseded_evidence_a03_d19() -> None:
    hub = assessed_before_education_answers()
    hub.answer("education", element("e1", "education"))
    hub.discuss("e1")
    hub.decide("e1", release())
    hub.agree()
    (fact,) = [f for f in hub.facts if f.what == "package.agreed"]
    assert fact.detail["superseded_evidence"] == ["assessment"]


def test_two_signatures_on_no_answers_are_marked_by_the_first_finding_a03_f01() -> None:
    hub = adult_pathway.both_sign(adult_pathway.directed(Procedure(), Rag.RED), True)
    hub.answer("police", element("e1", "police"))
    assert superseded(hub) == ["superseded:adult_threshold"]
    adult_pathway.both_sign(hub, True)
    assert superseded(hub) == []
