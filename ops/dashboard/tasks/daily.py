"""What people do in the daily rounds: hold one, and refer what it finds. [H02, H04, I01, I04, I08-I10]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.daily_rounds import Round
from agents.coordinator.missing_record import MissingPerson
from messages.missing import MissingChildFlagged
from messages.rounds import HateCrimeFlagged, ReviewHeld
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task, once

_DAYS_BACK = 7
"""For how many days back the hub takes that a round was held."""


def _held_fields(at: Situation) -> Sequence[Field]:
    today = at.partnership.clocks.day_of(at.now)
    own = {held.day for held in at.round.held if held.by.person == at.viewer.person}
    days = [today - timedelta(days=back) for back in range(_DAYS_BACK + 1)]
    day = Field(
        "day",
        "Day",
        Kind.SELECT,
        hint="Days that you have put on record yourself are left out.",
        options=tuple(
            Option(one.isoformat(), words.day_in_words(one) + (", today" if one == today else ""))
            for one in days
            if one not in own
        ),
        needed="Choose the day",
        filled=(today.isoformat(),) if today not in own else (),
    )
    considered = Field(
        "considered",
        "What was reviewed",
        Kind.CHECKBOXES,
        hint="It leaves the list. What you leave out is carried over.",
        options=tuple(Option(one.item, one.item) for one in at.round.items),
    )
    one_by_one = at.partnership.rounds[at.round.code].of == "dials" or not at.round.items
    return (day, *asking.meeting(at.round.code, at), *(() if one_by_one else (considered,)))


def _flag_child_open(at: Situation) -> Sequence[About]:
    return once(at) if at.missing.is_child else ()


def _flag_hate_crime_open(at: Situation) -> Sequence[About]:
    """A hate crime that was to be reviewed alone, once. [I04]"""
    case = at.case
    reviewed = case.hate_crime is not None and case.route is not None and case.route.to == "reviewed"
    return once(at) if reviewed and case.purge is None and case.referred_as is None else ()


def _why(at: Situation) -> Sequence[Field]:
    return asking.rationale()


def _with_round(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**said, "round": at.round.code}


def _right_of_review(at: Situation) -> str:
    code = at.partnership.round_of("hate_crimes")
    return at.partnership.rounds[code].right if code else "hate_crime_review"


TASKS = (
    Task(
        "review_held",
        "Record that it was held",
        "dial_meeting",
        ReviewHeld,
        _held_fields,
        "It is on record that it was held.",
        data=_with_round,
        reads=False,
        of=(Round,),
        right_at=lambda at: at.partnership.rounds[at.round.code].right,
    ),
    Task(
        "flag_missing_child",
        "Find this child of concern",
        "missing_of_concern",
        MissingChildFlagged,
        _why,
        "The child is referred to the hub for full sharing.",
        open_for=_flag_child_open,
        of=(MissingPerson,),
    ),
    Task(
        "flag_hate_crime",
        "Refer it: somebody vulnerable is found",
        "hate_crime_review",
        HateCrimeFlagged,
        _why,
        "The hate crime is referred.",
        open_for=_flag_hate_crime_open,
        of=(Case,),
        right_at=_right_of_review,
    ),
)
