"""Taking a case in: threshold, rating, direction. [B11, B12, C01-C04, E01, E07, E10]"""

from __future__ import annotations

from collections.abc import Sequence

from agents.coordinator import needs
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task, once


def _threshold_fields(at: Situation) -> Sequence[Field]:
    agencies = tuple(Option(code, agency.title) for code, agency in sorted(at.partnership.agencies.items()))
    elsewhere = Field(
        "redirect_to", "Which agency", Kind.SELECT, options=agencies, needed="Choose the agency"
    )
    no_action = (Option("elsewhere", "It belongs to another agency", fields=(elsewhere,)), Option(
        "nowhere", "No further action by anybody"
    ))  # fmt: skip
    not_met = Field(
        "where", "What happens to the referral", Kind.RADIOS, options=no_action,
        needed="Choose what happens to the referral",
    )  # fmt: skip
    return (
        Field(
            "met",
            "Does the case meet the threshold of the hub?",
            Kind.RADIOS,
            options=(
                Option("yes", "Yes, the hub takes it", data=True),
                Option("no", "No", data=False, fields=(not_met,)),
            ),
            needed="Choose whether the threshold is met",
        ),
        *asking.rationale(),
    )


def _threshold_open(at: Situation) -> Sequence[About]:
    return once(at) if "threshold" in needs.needs(at.case) else ()


def _running(at: Situation) -> Sequence[About]:
    taken = at.case.threshold is not None and at.case.threshold.met
    return once(at) if taken and at.case.closed_at is None else ()


def _rating_fields(at: Situation) -> Sequence[Field]:
    worker = Field(
        "open_case_worker",
        "Worker of the open case",
        Kind.LINE,
        hint="Their number, not a name. BLUE is for cases that are open to a worker.",
        needed="Enter the number of the worker",
        filled=(at.case.open_case_worker,) if at.case.open_case_worker else (),
    )
    return (
        Field(
            "rag",
            "Rating",
            Kind.RADIOS,
            options=(
                Option("red", "RED", hint="Immediate risk of significant harm: a package within two hours."),
                Option("amber", "AMBER", hint="A package within 24 hours."),
                Option("blue", "BLUE", hint="A package within three working days.", fields=(worker,)),
            ),
            needed="Choose the rating",
        ),
        *asking.rationale(),
    )


def _direction_open(at: Situation) -> Sequence[About]:
    return once(at) if at.case.rating is not None and at.case.closed_at is None else ()


def _direction_fields(at: Situation) -> Sequence[Field]:
    asked = {check.agency for check in at.case.round_checks}
    further = tuple(
        Option(
            code,
            words.agency_in_words(code, at.partnership),
            hint="Not in the hub: takes a manager." if agency.outside(at.case.category) else "",
        )
        for code, agency in sorted(at.partnership.agencies.items())
        if code not in asked
    )
    return (
        asking.purpose(at),
        asking.legal_basis(at),
        Field(
            "also_ask",
            "Agencies to ask besides those always asked",
            Kind.CHECKBOXES,
            options=further,
        ),
        Field("question", "What they are asked in particular", hint="Sent to every agency asked.", rows=3),
        *asking.rationale(),
    )


TASKS = (
    Task(
        "threshold",
        "Decide the threshold",
        "threshold",
        ThresholdDecided,
        _threshold_fields,
        "The threshold is decided.",
        open_for=_threshold_open,
        data=lambda at, said: {
            **{name: value for name, value in said.items() if name != "where"},
            "no_further_action": said.get("where") == "nowhere",
        },
    ),
    Task(
        "rating", "Rate the risk", "rate", RiskRated, _rating_fields, "The case is rated.", open_for=_running
    ),
    Task(
        "direction",
        "Direct the checks",
        "direct",
        EnquiryDirected,
        _direction_fields,
        "The checks are directed.",
        open_for=_direction_open,
    ),
)
