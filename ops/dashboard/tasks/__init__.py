"""Everything that people can do about a case in the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agents.coordinator.case import Case
from ops.dashboard.tasks import answering, disclosing, escalating, permitting, taking_in
from ops.dashboard.tasks.task import About as About
from ops.dashboard.tasks.task import Situation as Situation
from ops.dashboard.tasks.task import Task as Task
from ops.dashboard.viewer import Viewer

TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (
        *taking_in.TASKS,
        *answering.TASKS,
        *disclosing.TASKS,
        *permitting.TASKS,
        *escalating.TASKS,
    )
}
"""By name, in the order of the procedure."""


def offered(at: Situation) -> Iterator[tuple[Task, About]]:
    """What this person can do about this case now."""
    for task in TASKS.values():
        if task.may(at.viewer):
            for about in task.open_for(at):
                yield task, about


def has_part_in(case: Case, viewer: Viewer) -> bool:
    """Whether this person may do something about the case, whether they see it or not."""
    return any(task.also_for(case, viewer) for task in TASKS.values() if task.may(viewer))
