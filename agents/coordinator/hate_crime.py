"""Hate crime: reviewed, referred to adult social care, and answered at a level of response. [I02-I04, G3.20]

All disability hate crime goes to adult social care, which looks for repeat incidents. READ: of the other
strands, those in which a vulnerable person is identified; the rest is reviewed and goes no further. [I04]
"""

from __future__ import annotations

from agents.coordinator.authority import require_right
from agents.coordinator.case import Case, Check
from agents.coordinator.pathway_records import HateResponse
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused
from agents.partnership import ADULT, Partnership
from messages.hate_crime import HateCrimeChecked, HateResponseDecided, HateStrand, ResponseLevel
from messages.intake import ThresholdDecided
from messages.referral import ReferralReceived
from messages.words import Actor, AnswerState, Category, Part

RESULTS = frozenset(AnswerState) - {
    AnswerState.OUTSTANDING,
    AnswerState.UNREADABLE,
    AnswerState.UNAVAILABLE,
    AnswerState.SEVERAL_FIT,
}
"""The answers that are the result of a check. READ: "withheld" is one. Adult social care has checked, keeps
what it found to itself, and weighs it in the level that it sets with the co-ordinator. [I03]"""

_VULNERABLE = frozenset({Part.CHILD, Part.VULNERABLE_ADULT})


def require_described(said: ReferralReceived) -> None:
    """A hate crime says its strands and whether a vulnerable person is identified; nothing else does.
    Raises `Refused`. [I02, I04]"""
    if said.category is not Category.HATE_CRIME:
        if said.hate_crime is not None:
            raise Refused(
                "not_a_hate_crime",
                "Refer a hate crime in the category hate_crime, or leave hate_crime out.",
                fields=("data.hate_crime",),
            )
        return
    if said.hate_crime is None:
        raise Refused(
            "hate_crime_missing",
            "Say the strands of the hate crime, and whether a vulnerable person is identified (hate_crime).",
            fields=("data.hate_crime",),
        )
    if not said.hate_crime.vulnerable_person and any(p.part in _VULNERABLE for p in said.people):
        raise Refused(
            "vulnerable_person_named",
            "The people have a child or a vulnerable adult among them: set vulnerable_person, or correct "
            "their part.",
            fields=("data.hate_crime.vulnerable_person",),
        )


def only_reviewed(said: ReferralReceived) -> bool:
    """Whether a referral is of a hate crime that goes no further than its review. A practitioner may bring
    it all the same. [B09, I04]"""
    crime = said.hate_crime
    if crime is None or said.professional_judgement is not None:
        return False
    return HateStrand.DISABILITY not in crime.strands and not crime.vulnerable_person


def require_met(case: Case, said: ThresholdDecided) -> None:
    """No disability hate crime is turned away: adult social care gets all of it. Raises `Refused`. [I02]"""
    crime = case.hate_crime
    if crime is not None and HateStrand.DISABILITY in crime.strands and not said.met:
        raise Refused(
            "disability_always_referred",
            "Every disability hate crime goes to adult social care for checks: decide that the threshold "
            "is met.",
            fields=("data.met",),
            by=said.by,
        )


def is_for_adult_social_care(case: Case, agency: str, partnership: Partnership) -> bool:
    """Whether a check of this agency is adult social care's about a hate crime. [I02]"""
    return case.hate_crime is not None and ADULT in partnership.agencies[agency].serves


def told(case: Case, check: Check) -> HateCrimeChecked | None:
    """What adult social care is told with its check: the strands, and the hub's earlier cases about the
    same people. None for all other agencies. [I02]"""
    if case.hate_crime is None or not check.adult_social_care:
        return None
    return HateCrimeChecked(strands=case.hate_crime.strands, earlier_cases=case.earlier_cases)


def decide_response(case: Case, said: HateResponseDecided, setting: Setting) -> Decided[Case]:
    """Set the level of response, for the first time or again. [I03]

    Raises `Refused`: not a Public Protection Co-ordinator and somebody of the adult social care that was
    asked, no hate crime, its checks not answered yet, or a level that the partnership does not have.
    """
    require_right("hate_response", said.by, setting)
    require_right(
        "hate_response_adult_social_care", said.adult_social_care, setting, field="data.adult_social_care"
    )
    if case.hate_crime is None:
        raise Refused("not_a_hate_crime", "A level of response is set for a hate crime.", by=said.by)
    checks = _checks(case)
    if not _all_answered(checks):
        raise Refused(
            "checks_not_answered",
            "Wait for the checks of adult social care: their result is the risk assessment.",
            by=said.by,
        )
    if said.adult_social_care.agency not in {check.agency for check in checks}:
        raise Refused(
            "not_adult_social_care",
            "The level is set together with the adult social care that was asked.",
            fields=("data.adult_social_care.agency",),
            by=said.adult_social_care,
        )
    levels = setting.partnership.response_levels
    if said.level not in levels:
        raise Refused(
            "level_unknown", f"Give one of: {', '.join(levels)}.", fields=("data.level",), by=said.by
        )
    response = HateResponse(
        level=said.level,
        by=said.by,
        adult_social_care=said.adult_social_care,
        at=setting.now,
        evidence=case.answers,
        rationale=said.rationale,
    )
    fact = Fact(
        "hate_response.decided",
        said.by,
        {
            "level": said.level,
            "adult_social_care": said.adult_social_care.model_dump(mode="json"),
            "evidence": case.answers,
        },
    )
    return Decided(case.model_copy(update={"hate_responses": (*case.hate_responses, response)}), (), (fact,))


def lacks_result(check: Check) -> bool:
    """Whether adult social care was asked about a hate crime and has not given a result. [I02, I03]"""
    return check.adult_social_care and check.state not in RESULTS


def wants_response(case: Case) -> bool:
    """Whether the level of response can be set now and has not been. [I03]"""
    return case.hate_crime is not None and not case.hate_responses and _all_answered(_checks(case))


def require_response(case: Case, by: Actor) -> None:
    """A package is not agreed while the level of response can be set and has not been. Raises `Refused`.
    [I03]"""
    if wants_response(case):
        raise Refused(
            "response_not_decided",
            "Adult social care has answered: set the level of response first (hate_response.decided).",
            by=by,
        )


def shown(case: Case) -> ResponseLevel | None:
    """The level of response in force, as the package shows it."""
    if not case.hate_responses:
        return None
    last = case.hate_responses[-1]
    return ResponseLevel(level=last.level, by=last.by, adult_social_care=last.adult_social_care)


def _checks(case: Case) -> tuple[Check, ...]:
    return tuple(check for check in case.round_checks if check.adult_social_care)


def _all_answered(checks: tuple[Check, ...]) -> bool:
    return bool(checks) and all(check.state in RESULTS for check in checks)
