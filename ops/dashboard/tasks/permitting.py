"""An owner permits the use of what another agency holds, with conditions, or refuses it. [D09, D17, M3.4]

READ: an owner that was not asked in the case, or is off the hub for its category, reads nothing of it here:
it has the text and the reason in the request that it received. It decides here all the same. [C10, D02, D09]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from messages.disclosure import PermissionDecided
from ops.dashboard.forms import Field
from ops.dashboard.tasks import choosing, disclosing, in_the_hub
from ops.dashboard.tasks.task import Situation, Task


def _shown(at: Situation) -> Sequence[tuple[str, str]]:
    where = "Your agency has the text, and why it is needed, in the request that it received."
    return disclosing.shown(at, where)


def _fields(at: Situation) -> Sequence[Field]:
    return (
        *choosing.fields(at, disclosing.element_of(at), "choice", may_leave_open=True),
        Field(
            "conditions",
            "Conditions of its use",
            hint="One to a line. Whoever receives the element is told them, if it leaves.",
            rows=3,
        ),
    )


def _data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    element = disclosing.element_of(at)
    conditions = said.get("conditions", "").splitlines()
    return {
        "permission_id": element.permission.permission_id if element.permission else "",
        "element_id": element.element_id,
        "choice": choosing.choice(at, element, "choice", said),
        "conditions": [condition.strip() for condition in conditions if condition.strip()],
    }


TASKS = (
    Task(
        "permit",
        "Decide on the permission for your agency’s element",
        "release",
        PermissionDecided,
        _fields,
        "The permission is decided.",
        open_for=disclosing.open_for("permit"),
        data=_data,
        takes_text=choosing.takes_text,
        shows=_shown,
        also_for=disclosing.owns,
        may_read=in_the_hub.reads,
        then=disclosing.next_one,
    ),
)
