"""What people do about a DIAL: history, checks, an alert before the meeting, and the meeting's decision.
[H03-H05, H07-H09, G3.18, G3.19]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.coordinator.dial_record import Dial, stage
from messages.dial import DialAlerted, DialCheckRecorded, DialHistoryRecorded, DialScreened
from ops.dashboard.forms import YES_NO, Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task, once

_NONE: Sequence[About] = ()


def _known(whose: str) -> Field:
    return Field(
        "known",
        f"Do {whose} know the family?",
        Kind.RADIOS,
        options=YES_NO,
        needed="Choose whether they are known",
    )


def _history_open(at: Situation) -> Sequence[About]:
    return once(at) if at.dial.history is None and not at.dial.screened else _NONE


def _history_fields(at: Situation) -> Sequence[Field]:
    return (
        _known("the police"),
        Field(
            "history",
            "What the police know",
            hint="If nothing, say what was searched.",
            needed="Enter what the police know",
        ),
    )


def _check_open(at: Situation) -> Sequence[About]:
    """After the police, for each children's service once. [H03]"""
    serves_children = "child" in at.partnership.agencies[at.viewer.agency].serves
    checked = any(check.by.agency == at.viewer.agency for check in at.dial.checks)
    waits = at.dial.history is not None and not at.dial.screened
    return once(at) if serves_children and waits and not checked else _NONE


def _check_fields(at: Situation) -> Sequence[Field]:
    return (
        _known("children’s services"),
        Field(
            "findings",
            "What children’s services know",
            hint="If nothing, say what was searched.",
            needed="Enter what was found",
        ),
    )


def _alert_open(at: Situation) -> Sequence[About]:
    return once(at) if at.dial.tier_2 is None and not at.dial.screened else _NONE


def _alert_fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            "rag",
            "Rating",
            Kind.RADIOS,
            hint="It becomes a case with its own clock at once, before the meeting.",
            options=(
                Option("red", "RED", hint="Immediate risk of significant harm: a package within two hours."),
                Option("amber", "AMBER", hint="A package within 24 hours."),
            ),
            needed="Choose the rating",
        ),
        _action(),
        *asking.rationale(),
    )


def _screen_open(at: Situation) -> Sequence[About]:
    """In full context alone: once police and children's services have checked. [H03-H05]"""
    return once(at) if stage(at.dial, at.partnership) == "meeting" else _NONE


def _screen_fields(at: Situation) -> Sequence[Field]:
    refer = Field(
        "refer",
        "Refer it to the hub for full sharing?",
        Kind.RADIOS,
        options=YES_NO,
        needed="Choose whether it is referred",
    )
    why_none = Field("no_action_because", "Why no action", needed="Enter why no action is taken", rows=3)
    code = at.partnership.round_of("dials")
    return (
        Field("context", "What the meeting considered", needed="Enter what the meeting considered"),
        Field(
            "outcome",
            "What the meeting decides",
            Kind.RADIOS,
            options=(
                Option("action", "An action", fields=(_action(), refer)),
                Option("none", "No action", fields=(why_none,)),
            ),
            needed="Choose what the meeting decides",
        ),
        *(asking.meeting(code, at) if code else ()),
    )


def _action() -> Field:
    return Field(
        "action",
        "Action",
        Kind.LINE,
        hint="A few plain words, such as home visit. It stands in the record, so name nobody.",
        needed="Enter the action",
    )


def _coded(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    coded = {name: answer for name, answer in said.items() if name != "outcome"}
    return {**coded, "action": asking.as_code(coded["action"])} if "action" in coded else coded


def _right_of_meeting(at: Situation) -> str:
    code = at.partnership.round_of("dials")
    return at.partnership.rounds[code].right if code else "dial_meeting"


_OF = (Dial,)

TASKS = (
    Task(
        "dial_history",
        "Record the police history",
        "dial_history",
        DialHistoryRecorded,
        _history_fields,
        "The police history is recorded.",
        open_for=_history_open,
        of=_OF,
    ),
    Task(
        "dial_check",
        "Record the check of children’s services",
        "dial_check",
        DialCheckRecorded,
        _check_fields,
        "The check is recorded.",
        open_for=_check_open,
        of=_OF,
    ),
    Task(
        "dial_alert",
        "Raise an alert before the meeting",
        "dial_alert",
        DialAlerted,
        _alert_fields,
        "The alert is raised: it becomes a case at once.",
        open_for=_alert_open,
        data=_coded,
        of=_OF,
    ),
    Task(
        "dial_screening",
        "Record what the meeting decides",
        "dial_meeting",
        DialScreened,
        _screen_fields,
        "The meeting’s decision is recorded.",
        open_for=_screen_open,
        data=_coded,
        of=_OF,
        right_at=_right_of_meeting,
    ),
)
