"""An element as the coordinator keeps it, what was decided about it, and how it stands. [D01-D09]"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from agents.coordinator.stored import Stored
from messages.checks import SourceRecord
from messages.confidential import Confidential
from messages.words import Actor, Choice, Code, ElementChoice, Id, OwnersRule, RiskFlag, Sanitised


class Authority(StrEnum):
    """On whose authority a choice about an element stands. [D03, D09, D23, K]"""

    OWNER = "owner"
    OWNERS_RULE = "owners_rule"
    THIRD_PARTY_OWNER = "third_party_owner"
    MANAGEMENT = "management"
    PANEL = "panel"
    CONTROLLER = "controller"


class OwnersDecision(Stored):
    """A choice about an element that is or was in force. [D15]

    ``evidence`` counts the answers that it rested on; when more have come since, it rests on
    superseded evidence. [A03] ``sanitised_words`` and ``conditions_words`` are what these texts are searched
    by, see `hidden_words`; ``shows_source`` says that one of them gives a source away. [D13]
    """

    authority: Authority
    by: Actor | None
    rule: OwnersRule | None
    at: datetime
    round: int
    discussion_id: Id
    choice: ElementChoice
    conditions: tuple[Confidential, ...] = ()
    evidence: int
    sanitised_bytes: int = 0
    sanitised_words: str = ""
    conditions_words: str = ""
    shows_source: bool = False
    conditions_bytes: int = 0


class Permission(Stored):
    """What was asked of the owner of information that another agency holds. [D09]"""

    permission_id: Id
    why_needed: Confidential
    asked_at: datetime
    decided_at: datetime | None = None


class Element(Stored):
    """The smallest piece that is decided by itself, and all that was decided about it. [D08]

    ``shows_source`` says that its text has words that give a source away, its own or another element's.
    ``text_words`` is what it is searched by, see `hidden_words`. ``text_bytes`` is the length of its text,
    since a package is made up without reading the vault.
    ``asked_again_after`` is the count of answers at which the owner that withheld it was last asked again,
    and None once the owner has decided.
    """

    element_id: Id
    round: int
    holder: Code
    owner: Code
    about: tuple[Id, ...]
    kind: Code
    marking: Code
    risks: tuple[RiskFlag, ...]
    text: Confidential
    source_hashes: tuple[str, ...] = ()
    shows_source: bool = False
    record: SourceRecord
    suggestion: Sanitised | None
    revealed_at: datetime
    text_bytes: int = 0
    text_words: str = ""
    discussion_id: Id | None = None
    permission: Permission | None = None
    decision: OwnersDecision | None = None
    earlier_decisions: tuple[OwnersDecision, ...] = ()
    dispute_id: Id | None = None
    asked_again_after: int | None = None


class Standing(StrEnum):
    """How an element stands, as far as leaving the hub goes. [D01, D04, D09]"""

    REVEALED = "revealed"
    AWAITING_OWNER = "awaiting_owner"
    THIRD_PARTY_PENDING = "third_party_pending"
    CONSIDER = "consider"
    DISPUTED = "disputed"
    RELEASED = "released"
    SANITISED = "sanitised"
    PRESUMED_USABLE = "presumed_usable"
    WITHHELD = "withheld"


LEAVES = frozenset({Standing.RELEASED, Standing.SANITISED, Standing.PRESUMED_USABLE})
"""The standings in which an element goes into a package."""


SETTLED = LEAVES | {Standing.WITHHELD}
"""The standings in which nothing more is waited for."""


def standing(element: Element) -> Standing:
    """How an element stands now.

    A choice of ``cannot_decide`` by somebody who has seen the element means presumed usable where no
    risk is flagged, and fuller consideration where one is. [D04, D05] A dispute suspends whatever was
    decided. [K08, E13]
    """
    if element.dispute_id is not None:
        return Standing.DISPUTED
    if element.decision is None:
        if element.permission is not None:
            return Standing.THIRD_PARTY_PENDING
        return Standing.REVEALED if element.discussion_id is None else Standing.AWAITING_OWNER
    match element.decision.choice.choice:
        case Choice.RELEASE:
            return Standing.RELEASED
        case Choice.RELEASE_SANITISED:
            return Standing.SANITISED
        case Choice.WITHHOLD:
            return Standing.WITHHELD
        case Choice.CANNOT_DECIDE:
            return Standing.CONSIDER if element.risks else Standing.PRESUMED_USABLE
