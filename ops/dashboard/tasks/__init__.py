"""Everything that people can do in the dashboard."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from agents.coordinator.case import Case
from ops.dashboard.tasks import (
    adult_form,
    adults,
    after_issue,
    agreeing,
    answering,
    assessing,
    concern,
    daily,
    dials,
    directing,
    disclosing,
    discussing,
    ending,
    escalating,
    exploitation,
    governing,
    hate_crime,
    in_the_hub,
    permitting,
    rating,
    taking_in,
)
from ops.dashboard.tasks.task import About as About
from ops.dashboard.tasks.task import Document as Document
from ops.dashboard.tasks.task import Situation as Situation
from ops.dashboard.tasks.task import Task as Task
from ops.dashboard.viewer import Viewer

_IN_ORDER = (
    taking_in,
    rating,
    directing,
    answering,
    discussing,
    disclosing,
    permitting,
    escalating,
    concern,
    adults,
    adult_form,
    exploitation,
    hate_crime,
    assessing,
    agreeing,
    ending,
    dials,
    daily,
    governing,
)

TEAM_TASKS: Mapping[str, Task] = {task.name: task for task in after_issue.TASKS}
"""What a field team can do about what it was sent. [D20, G03, M3.7]"""

TASKS: Mapping[str, Task] = {task.name: task for module in _IN_ORDER for task in module.TASKS}
"""By name, in the order of the procedure."""

IN_ROUNDS = frozenset(task.name for task in (*dials.TASKS, *daily.TASKS))
"""Those that are done in the meeting of a daily round."""

OF_CHAMPIONS = frozenset({"purge", "stay", "lift_stay"})
"""Those by which champions of data protection decide on the end of content."""


def offered(
    at: Situation, names: Collection[str] | None = None, tasks: Mapping[str, Task] = TASKS
) -> Iterator[tuple[Task, About]]:
    """What this person can do about this document now, of the tasks with these names: nothing whose form
    would be refused when it is opened."""
    for name, task in tasks.items():
        if (names is None or name in names) and task.may_at(at) and _opens(task, at):
            for about in task.open_for(at):
                yield task, about


def _opens(task: Task, at: Situation) -> bool:
    """Whether the content that the form shows is for this person, where it shows any of a case. [B10, D02]"""
    shows = task.reads and isinstance(at.document, Case) and task.may_read(at)
    return not shows or in_the_hub.reads(at)


def has_part_in(case: Case, viewer: Viewer) -> bool:
    """Whether this person may do something about the case, whether they see it or not."""
    return any(task.also_for(case, viewer) for task in TASKS.values() if task.may(viewer))
