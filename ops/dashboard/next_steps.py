"""Which of the things that a person can do about a case it needs now. [A03, D03, B11]"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from agents.coordinator.adult_record import Side
from agents.coordinator.needs import NEEDS, needs
from agents.coordinator.needs import About as Whose
from ops.dashboard.tasks import About, Situation, Task, offered
from ops.dashboard.viewer import Viewer


def _of_each_side(task: str) -> frozenset[str]:
    return frozenset(f"{task}_{side}" for side in Side)


TASKS_FOR: Mapping[str, frozenset[str]] = {
    "threshold": frozenset({"threshold"}),
    "belief": frozenset({"threshold"}),
    "rating": frozenset({"rating"}),
    "direction": frozenset({"direction"}),
    "answer": frozenset({"answer"}),
    "look": frozenset({"answer"}),
    "discussion": frozenset({"discussion"}),
    "owner": frozenset({"disclose"}),
    "consideration": frozenset({"disclose"}),
    "permission": frozenset({"permit"}),
    "owner_again": frozenset({"disclose"}),
    "management": frozenset({"management"}),
    "confirmation": frozenset({"confirm_settlement", "confirm_panel"}),
    "panel": frozenset({"convene"}),
    "panel_decision": frozenset({"panel"}),
    "controller": frozenset({"controller"}),
    "adult_threshold": _of_each_side("adult_threshold"),
    "adult_strategy": _of_each_side("adult_strategy"),
    "adult_plan": _of_each_side("adult_plan"),
    "adult_route": _of_each_side("adult_route"),
    "adult_ap1": frozenset({"adult_form"}),
    "response": frozenset({"response"}),
    "completion": frozenset({"completion"}),
    "concern": frozenset({"concern"}),
    "assessment": frozenset({"assessment"}),
    "superseded": frozenset({"assessment", "response"}) | _of_each_side("adult_threshold"),
    "agreement": frozenset({"agreement"}),
    "acknowledge": frozenset(),
    "record": frozenset(),
    "handover": frozenset({"handed_over"}),
}
"""The tasks by which each need is met; none where a team or an agency's own system meets it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A task that a person can do now, and what about."""

    task: Task
    about: About

    def href(self, case_id: str) -> str:
        """The address of its form."""
        about = f"?{urlencode({'about': self.about.id})}" if self.about.id else ""
        return f"/cases/{case_id}/tasks/{self.task.name}{about}"

    @property
    def title(self) -> str:
        return f"{self.task.title}: {self.about.title}" if self.about.title else self.task.title


@dataclass(frozen=True, slots=True)
class Steps:
    """What a person can do about a case, in the order of the procedure: what is ``needed`` now, and what
    they may do ``besides``. ``of`` has the first step that meets each need, by the need's code."""

    needed: tuple[Step, ...]
    besides: tuple[Step, ...]
    of: Mapping[str, Step]


def steps(at: Situation) -> Steps:
    """Everything that this person can do about this case now."""
    offers = [Step(task, about) for task, about in offered(at)]
    of: dict[str, list[Step]] = {
        need: [step for step in offers if _meets(step, need, at.viewer)] for need in needs(at.case)
    }
    needed = [step for step in offers if any(step in found for found in of.values())]
    return Steps(
        needed=tuple(needed),
        besides=tuple(step for step in offers if step not in needed),
        of={need: found[0] for need, found in of.items() if found},
    )


def first_step(at: Situation, kind: str) -> Step | None:
    """The first that meets a kind of need; None where none is this person's."""
    offers = (Step(task, about) for task, about in offered(at, TASKS_FOR[kind]))
    wanted = [need for need in needs(at.case) if need.partition(":")[0] == kind]
    return next((step for step in offers if any(_meets(step, need, at.viewer) for need in wanted)), None)


def _meets(step: Step, need: str, viewer: Viewer) -> bool:
    """Whether a step of this person meets a need: their own, and not that of another agency, side or
    dispute."""
    kind, _, whose = need.partition(":")
    if step.task.name not in TASKS_FOR[kind]:
        return False
    match NEEDS[kind]:
        case Whose.AGENCY:
            return whose == viewer.agency
        case Whose.DISPUTE:
            return whose == step.about.id
        case Whose.DECISION:
            return step.task.name.startswith(whose)
        case Whose.SIDE:
            return step.task.name == f"{kind}_{whose}"
        case _:
            return True
