"""Everything that people can do about a case in the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ops.dashboard.tasks import taking_in
from ops.dashboard.tasks.task import About as About
from ops.dashboard.tasks.task import Situation as Situation
from ops.dashboard.tasks.task import Task as Task

TASKS: Mapping[str, Task] = {task.name: task for task in (*taking_in.TASKS,)}
"""By name, in the order of the procedure."""


def offered(at: Situation) -> Iterator[tuple[Task, About]]:
    """What this person can do about this case now."""
    for task in TASKS.values():
        if task.may(at.viewer):
            for about in task.open_for(at):
                yield task, about
