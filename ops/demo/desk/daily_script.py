"""Scripts of what comes in day by day: a DIAL, a missing person's reports, and the daily rounds.

One TOML file for each DIAL and each missing person, beside the batch that hands it in. Texts and delays are
written as in the scripts of referrals.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from messages.words import Code, Id, Moment, Rag
from ops.demo.desk.script import CasePlay, Delay, Played

Brought = Literal["alert", "meeting", "adult"]
"""What of a DIAL the hub refers to itself: tier 2, tier 3, and the adult at risk. [H05, H09, H10]"""


class ResearchPlay(Played):
    """What police research, or children's services, know: ``after`` receipt."""

    after: Delay
    known: bool = False
    found: str


class CheckPlay(ResearchPlay):
    """The check of one authority's children's services, ``after`` the police history. With ``tried_first``
    they come before the police and are refused. [H03]"""

    agency: Code
    tried_first: bool = False


class AlertPlay(Played):
    """Tier 2, by research of an agency, ``after`` receipt. [H07]"""

    by: Code
    after: Delay
    rag: Rag
    action: Code
    why: str


class MeetingPlay(Played):
    """Tier 3, at the ``number``-th meeting that has the DIAL before it: an action, or none with the reason.

    ``tried_without`` is an agency whose seat is empty at first; ``tried_too_soon`` is a decision before the
    checks are there. The hub refuses both. [H03-H05]
    """

    number: int = Field(default=1, ge=1)
    context: str
    action: Code | None = None
    none_because: str | None = None
    refer: bool = False
    tried_without: Code | None = None
    tried_too_soon: bool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> MeetingPlay:
        if (self.action is None) == (self.none_because is None):
            raise PydanticCustomError("action_or_reason", "needs an action, or the reason for none")
        return self


class DialPlay(Played):
    """One DIAL. ``received`` is when the source hands it in; ``case`` is how people deal with what it brings.

    Without ``history`` and ``meeting`` nobody does anything: for a hub that takes no DIALs.
    """

    dial: Id
    story: str
    source: Code
    received: Moment
    history: ResearchPlay | None = None
    check: tuple[CheckPlay, ...] = ()
    alert: AlertPlay | None = None
    meeting: MeetingPlay | None = None
    case: dict[Brought, CasePlay] = Field(default_factory=dict)


class ConcernPlay(Played):
    """A Misper Co-ordinator finds the person of concern, ``after`` the first report. [I09, I10]"""

    after: Delay
    why: str


class MissingPlay(Played):
    """One person's reports, handed in from ``received`` on. ``case`` is how people deal with the cases that
    they bring, by number from 1."""

    person: Id
    story: str
    source: Code
    received: Moment
    concern: ConcernPlay | None = None
    case: dict[str, CasePlay] = Field(default_factory=dict)


class RoundPlay(Played):
    """How a daily round goes: nobody holds the first ``missed`` that have something before them. [I08]"""

    missed: int = Field(default=0, ge=0)
