"""Everything that people can do about a case in the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ops.dashboard.tasks import (
    adult_form,
    adults,
    agreeing,
    assessing,
    concern,
    directing,
    discussing,
    ending,
    exploitation,
    hate_crime,
    rating,
    taking_in,
)
from ops.dashboard.tasks.task import About as About
from ops.dashboard.tasks.task import Situation as Situation
from ops.dashboard.tasks.task import Task as Task

_IN_ORDER = (
    taking_in,
    rating,
    directing,
    discussing,
    concern,
    adults,
    adult_form,
    exploitation,
    hate_crime,
    assessing,
    agreeing,
    ending,
)

TASKS: Mapping[str, Task] = {task.name: task for module in _IN_ORDER for task in module.TASKS}
"""By name, in the order of the procedure."""


def offered(at: Situation) -> Iterator[tuple[Task, About]]:
    """What this person can do about this case now."""
    for task in TASKS.values():
        if task.may(at.viewer) and task.may_in(at):
            for about in task.open_for(at):
                yield task, about
