"""Taking a case in: the threshold, and the hand-over where it is not met. [A07, B08, B11, B12, H10, I02]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.coordinator import brought, needs, teams, threshold
from messages.hate_crime import HateStrand
from messages.intake import ReferralHandedOver, ThresholdDecided
from ops.dashboard import moments, words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task, once


def _threshold_open(at: Situation) -> Sequence[About]:
    return once(at) if "threshold" in needs.needs(at.case) else ()


def _threshold_know(at: Situation) -> Sequence[str]:
    if why := _always_taken(at):
        return (why,)
    return ()


def _threshold_shown(at: Situation) -> Sequence[tuple[str, str]]:
    """What the case came as, and the clock that runs until it is rated. [B01, E02]"""
    case = at.case
    due = case.received_at + at.partnership.clocks.red
    zone, source = at.partnership.clocks.zone, at.partnership.sources.get(case.source)
    return (
        ("Category", words.in_words(case.category.value)),
        ("Cohort", words.in_words(case.cohort) if case.cohort else "none takes it"),
        ("Source", source.title if source else words.in_words(case.source)),
        ("Received", moments.to_the_minute(case.received_at, zone)),
        ("Clock", f"due if RED {moments.to_the_minute(due, zone)}, {words.time_left(due, at.now)}"),
    )


def _threshold_fields(at: Situation) -> Sequence[Field]:
    elsewhere = Field(
        "redirect_to",
        "Which agency",
        Kind.SELECT,
        hint="The hub passes nothing on: whoever referred it takes it there.",
        options=_agencies_meant(at),
        needed="Choose the agency",
    )
    where = Field(
        "where",
        "What happens to the referral",
        Kind.RADIOS,
        options=(
            Option("elsewhere", "It belongs to another agency", fields=(elsewhere,)),
            Option("nowhere", "No further action by anybody"),
        ),
        needed="Choose what happens to the referral",
    )
    yes = Option("yes", "Yes, the hub takes it", data=True, fields=_belief(at))
    no = Option("no", "No", data=False, fields=(where,))
    return (
        Field(
            "met",
            "Does the case meet the threshold of the hub?",
            Kind.RADIOS,
            options=(yes,) if _always_taken(at) else (yes, no),
            needed="Choose whether the threshold is met",
        ),
        *asking.rationale(
            hint="What the decision rests on. If the case is not taken, its source is told this."
        ),
    )


def _belief(at: Situation) -> tuple[Field, ...]:
    """Another practitioner's belief, where the register does not bear out the one referred. [B08, G06]"""
    cohort = at.partnership.cohorts.get(at.case.cohort or "")
    if at.case.belief_unconfirmed is None or cohort is None or "section_47_belief" not in cohort.conditions:
        return ()
    today = at.partnership.clocks.day_of(at.now)
    return (
        Field(
            "section_47_belief.by",
            "Who else believes that the section 47 threshold is met",
            Kind.SELECT,
            hint="The register does not bear out the person who believed it when the case was referred: "
            f"{words.in_words(at.case.belief_unconfirmed)}.",
            options=asking.people(at.partnership, "section_47_belief", on=today),
            needed="Choose who believes that the section 47 threshold is met",
        ),
        Field(
            "section_47_belief.why",
            "Why they believe it",
            needed="Enter why they believe it",
            rows=3,
        ),
    )


def _always_taken(at: Situation) -> str:
    """Why the case cannot be turned away, as a sentence; empty where it can. [H10, I02]"""
    crime, by = at.case.hate_crime, at.case.brought_by
    if crime is not None and HateStrand.DISABILITY in crime.strands:
        return "Every disability hate crime goes to adult social care for checks, so it is always taken."
    if by is not None and by.because == brought.ADULT_AT_RISK:
        return "A DIAL with a vulnerable adult goes to adult social care, so it is always taken."
    return ""


def _agencies_meant(at: Situation) -> tuple[Option, ...]:
    """The agencies that a referral may belong to. READ: none that serves only others than whom the case is
    about, and none that is asked about other authorities alone. [B12]"""
    concerned = teams.concerns(at.case)
    places = {at.case.authority, *at.case.earlier_authorities}
    found = []
    for code, agency in sorted(at.partnership.agencies.items(), key=lambda item: item[1].title):
        asked = [core for core in at.partnership.core_checks if core.agency == code]
        elsewhere = asked and all(core.authorities and not places & set(core.authorities) for core in asked)
        if not elsewhere and (not agency.serves or concerned & set(agency.serves)):
            found.append(Option(code, agency.title))
    return tuple(found)


def _threshold_data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    answers = {name: answer for name, answer in said.items() if name != "where"}
    return {**answers, "no_further_action": said.get("where") == "nowhere"}


def _hand_over_open(at: Situation) -> Sequence[About]:
    route = at.case.route
    if route is None or not threshold.is_to_be_handed_over(at.case):
        return ()
    return tuple(About(one, words.agency_in_words(one, at.partnership)) for one in route.destinations)


TASKS = (
    Task(
        "threshold",
        "Decide the threshold",
        "threshold",
        ThresholdDecided,
        _threshold_fields,
        "The threshold is decided.",
        open_for=_threshold_open,
        data=_threshold_data,
        managed=True,
        know=_threshold_know,
        shows=_threshold_shown,
        final="The threshold of a case is decided once.",
    ),
    Task(
        "handed_over",
        "Confirm the hand-over",
        "confirm_handover",
        ReferralHandedOver,
        lambda at: (),
        "The hand-over is on record.",
        open_for=_hand_over_open,
        data=lambda at, said: {"agency": at.about},
        reads=False,
        know=lambda at: (
            "Confirm it once the source of the referral has said that the agency has it. "
            "The hub itself has passed nothing on.",
        ),
        final="It is confirmed once.",
    ),
)
