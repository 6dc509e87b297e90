"""The form that has to go with an adult's package, where it did not come. [A13, D13, F04, F06]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.coordinator import adults
from messages.adults import FormSupplied
from ops.dashboard.forms import Field
from ops.dashboard.tasks.task import About, Situation, Task, once


def _open(at: Situation) -> Sequence[About]:
    """Only a missing form is supplied. One that would give a source away counts as missing."""
    wanted = adults.concerned(at.case) and at.partnership.adult_form is not None
    taken = at.case.threshold is not None and at.case.threshold.met and at.case.closed_at is None
    missing = at.case.leaving_form is None and not at.case.packages
    return once(at) if wanted and taken and missing else ()


def _know(at: Situation) -> Sequence[str]:
    if at.case.form_shows_source:
        return ("The form that came would give a source away. Supply it without those words.",)
    return ("The form is kept as it came, and none that came is replaced.",)


def _fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            "document",
            f"The text of the {(at.partnership.adult_form or '').upper()}",
            hint="Whole, as its author wrote it.",
            needed="Enter the text of the form",
            rows=14,
        ),
    )


def _data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "form.form": at.partnership.adult_form,
        "form.media_type": "text/plain",
        "form.document": said["document"],
    }


TASKS = (
    Task(
        "adult_form",
        "Supply the adult referral form",
        "supply_form",
        FormSupplied,
        _fields,
        "The form is with the case.",
        open_for=_open,
        data=_data,
        know=_know,
        final="What was supplied is kept and cannot be replaced.",
    ),
)
