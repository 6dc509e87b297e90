"""In which of their roles somebody is the relevant manager of a case, by the hub's rule. [B11, C04, E01]"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator.authority import require_relevant_manager
from agents.coordinator.case import Case
from agents.coordinator.setting import Setting
from agents.deciding import Refused
from agents.partnership import Partnership
from messages.parties import STAFF
from messages.words import Actor
from ops.dashboard.viewer import Viewer


def setting_of(partnership: Partnership, now: datetime) -> Setting:
    """The circumstances in which a rule of the hub is asked before anything is said. Nothing is hashed."""
    return Setting(now, partnership, message_id="", sender=STAFF, keyed_hash=lambda text: "")


def manages(right: str, case: Case, actor: Actor, partnership: Partnership, now: datetime) -> bool:
    """Whether the hub would take it from this person in this role. [B11, C04, E01, E12, G02]"""
    try:
        require_relevant_manager(right, case, actor, setting_of(partnership, now))
    except Refused:
        return False
    return True


def roles(right: str, case: Case, partnership: Partnership, now: datetime, viewer: Viewer) -> frozenset[str]:
    """The roles in which somebody is the relevant manager of a case for this right; none for anybody else."""
    return frozenset(
        role
        for role in viewer.roles
        if manages(
            right, case, Actor(person=viewer.person, role=role, agency=viewer.agency), partnership, now
        )
    )
