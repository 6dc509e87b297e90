"""Everything that people can do about a case in the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ops.dashboard.tasks import after_issue, taking_in
from ops.dashboard.tasks.task import About as About
from ops.dashboard.tasks.task import Situation as Situation
from ops.dashboard.tasks.task import Task as Task

TASKS: Mapping[str, Task] = {task.name: task for task in (*taking_in.TASKS,)}
"""By name, in the order of the procedure."""

TEAM_TASKS: Mapping[str, Task] = {task.name: task for task in after_issue.TASKS}
"""What a field team can do about what it was sent. [D20, G03, M3.7]"""


def offered(at: Situation, tasks: Mapping[str, Task] = TASKS) -> Iterator[tuple[Task, About]]:
    """Which of these this person can do about this case now."""
    for task in tasks.values():
        if task.may(at.viewer):
            for about in task.open_for(at):
                yield task, about
