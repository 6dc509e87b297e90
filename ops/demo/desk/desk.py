"""The desk at work: looks at every case, and says what is due to be said, until every scenario has ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.cases import case_id_for
from agents.coordinator.people import lane
from broker.port import NotPublished
from messages.envelope import Lane
from messages.parties import STAFF
from messages.referral import ReferralReceived
from messages.sealing import KeptContext
from messages.words import Category
from ops.demo.desk import (
    adults,
    by_hand,
    child_sexual_exploitation,
    disagreement,
    field_teams,
    hate_crime,
    hub_staff,
    owners,
    supervision,
)
from ops.demo.desk.acts import Act, Scene
from ops.demo.desk.cast import Cast
from ops.demo.desk.daily import Daily
from ops.demo.desk.days_work import DaysWork
from ops.demo.desk.post import Post
from ops.demo.desk.reading import read_for
from ops.demo.desk.script import CasePlay
from ops.demo.hub import DemoHub
from store.port import Kept

LOOK_EVERY = timedelta(minutes=2)
LOOK_AT_LEAST_EVERY = timedelta(minutes=8)
"""How long the desk waits before it looks again, while nothing happens."""

_PLAYS = (
    hub_staff.acts,
    hate_crime.acts,
    child_sexual_exploitation.acts,
    owners.acts,
    disagreement.acts,
    by_hand.acts,
    adults.acts,
    supervision.acts,
    field_teams.acts,
)


@dataclass
class Scenario:
    """A referral on its way: its script, and the case as it was last seen.

    ``form`` is what the source sends at ``received``; both are missing for what a DIAL or a missing person
    brings, which the hub refers to itself: ``name`` says what of which. ``next_at`` is when somebody says
    something next; ``stale`` means that this has to be thought over. ``postponed`` is how much later
    everything is than the script has it.
    """

    name: str
    source: str
    referral_id: str
    category: Category
    script: CasePlay
    form: ReferralReceived | None = None
    planned: datetime | None = None
    case: Case | None = None
    version: int = 0
    submitted: bool = False
    done: set[str] = field(default_factory=set)
    quiet_since: datetime | None = None
    stale: bool = True
    next_at: datetime | None = None
    postponed: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        self.case_id = case_id_for(self.source, self.referral_id)

    @property
    def received(self) -> datetime | None:
        """When the source brings the referral."""
        return None if self.planned is None else self.planned + self.postponed

    @property
    def message_id(self) -> str:
        """The message that brings the referral."""
        return f"{self.referral_id}/referral"

    def said(self, act: Act) -> str:
        """The message of an act: the same however often it is sent."""
        return f"{self.case_id}/{act.key}"


class Desk:
    """Plays everybody. ``look`` does everything that is due, once."""

    def __init__(
        self, hub: DemoHub, cast: Cast, scenarios: Sequence[Scenario], daily: Sequence[Daily[Any]]
    ) -> None:
        self._hub = hub
        self._cast = cast
        self.post = Post(hub)
        self.scenarios = scenarios
        self.days_work = DaysWork(hub, cast, self.post, daily)

    async def open(self, first: datetime) -> None:
        """Take the places of staff, teams, sources and agencies that work by hand.

        When what comes ``first`` should have come already, everything comes later by as much.
        """
        late = max(self._hub.clock.now() - first, timedelta(0))
        for scenario in self.scenarios:
            scenario.postponed = late
        self.days_work.postponed = late
        p = self._hub.partnership
        await self.post.open(
            [
                STAFF,
                *(f"team.{team}" for team in p.teams),
                *(f"source.{source}" for source in p.sources),
                *(f"agency.{agency}" for agency in self._cast.by_hand),
            ]
        )

    async def close(self) -> None:
        """Leave all of them."""
        await self.post.close()

    def ended(self, scenario: Scenario) -> bool:
        """Whether nothing more will happen: the case is closed, or the referral was not accepted."""
        if scenario.case is None:
            return scenario.message_id in self.post.rejected
        return scenario.case.closed_at is not None

    def all_ended(self) -> bool:
        """Whether nothing more will happen at all."""
        return self._scenarios_ended() and self.days_work.all_ended(rest_ended=True)

    async def look(self) -> tuple[bool, datetime | None]:
        """Look at all cases and do what is due: whether anything changed, and when something is due next."""
        now = self._hub.clock.now()
        changed = await self._see()
        next_at: datetime | None = None
        for scenario in self.scenarios:
            for at in [await self._submit(scenario, now), await self._play(scenario, now)]:
                if at is not None and at <= now:
                    changed = True
                elif at is not None:
                    next_at = at if next_at is None else min(next_at, at)
        moved, at = await self.days_work.look(now, rest_ended=self._scenarios_ended())
        if at is not None:
            next_at = at if next_at is None else min(next_at, at)
        return changed or moved, next_at

    def _scenarios_ended(self) -> bool:
        return all(map(self.ended, self.scenarios))

    async def _see(self) -> bool:
        """Bring the cases up to date, decoding only those that moved."""
        awaited = [s for s in self.scenarios if s.submitted or s.form is None]
        open_ones = {s.case_id: s for s in awaited if not self.ended(s)}
        kept: dict[str, Kept] = await self._hub.store.load(list(open_ones)) if open_ones else {}
        for scenario in self.scenarios:
            scenario.stale |= scenario.case_id in self.post.touched
        self.post.touched.clear()
        moved = [one for one in kept.values() if one.version != open_ones[one.key].version]
        for one in moved:
            scenario = open_ones[one.key]
            scenario.version = one.version
            scenario.submitted = scenario.stale = True
            scenario.case = Case.model_validate_json(one.state, context=KeptContext())
        return bool(moved)

    async def _submit(self, scenario: Scenario, now: datetime) -> datetime | None:
        """Bring the referral when its time has come; returns when that is, or was just now."""
        at, form = scenario.received, scenario.form
        if scenario.submitted or at is None or form is None:
            return None
        if at <= now:
            sender = f"source.{form.source}"
            await self.post.send(scenario.message_id, sender, form.referral_id, form, now, Lane.ROUTINE)
            scenario.submitted = True
        return at

    async def _play(self, scenario: Scenario, now: datetime) -> datetime | None:
        """Say what is due in a scenario; returns when the next thing is, or now when something was said."""
        case = scenario.case
        if case is None or case.closed_at is not None:
            return None
        if not scenario.stale and (scenario.next_at is None or scenario.next_at > now):
            return scenario.next_at
        acts = sorted(self._acts(scenario, case), key=lambda act: (act.at, act.key))
        due = [act for act in acts if act.at <= now]
        for act in due:
            payload = await read_for(act.payload, case.case_id, self._hub.vault)
            try:
                await self.post.send(scenario.said(act), act.sender, case.case_id, payload, now, lane(case))
            except NotPublished:
                return now
            scenario.done.add(act.key)
            scenario.quiet_since = now
        scenario.stale = bool(due)
        scenario.next_at = next((act.at for act in acts if act.at > now), None)
        return now if due else scenario.next_at

    def _acts(self, scenario: Scenario, case: Case) -> list[Act]:
        since = scenario.quiet_since or case.received_at
        scene = Scene(case, scenario.script, self._cast, self.post.in_hand, since)
        to_do = [act for act in _without_haste(list(_all(scene))) if act.key not in scenario.done]
        last = (*field_teams.outcome(scene), *field_teams.ended(scene))
        return to_do or [act for act in last if act.key not in scenario.done]


def _all(scene: Scene) -> Iterator[Act]:
    for play in _PLAYS:
        yield from play(scene)


def _without_haste(acts: list[Act]) -> list[Act]:
    """Nobody agrees a package while somebody is about to dispute a decision, or to think better of one."""
    in_doubt = any(act.key.startswith("dispute/") or act.key.endswith("/asked-again") for act in acts)
    return [act for act in acts if not (in_doubt and act.key.startswith("agreement/"))]
