"""Runs the demo: referrals come in, the desk plays everybody, and what comes out is set beside what should.

It does not know which engines the hub is on, nor how fast its clock goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agents.coordinator import needs
from messages.package import PackageIssued
from ops.demo import set_out
from ops.demo.daily_expected import DailyRow
from ops.demo.daily_result import brought_cases, daily_rows
from ops.demo.desk.desk import LOOK_AT_LEAST_EVERY, LOOK_EVERY, Desk
from ops.demo.expected import Expected
from ops.demo.hub import DemoHub
from ops.demo.outcome import Outcome, outcome_of
from ops.demo.sample_world import World, read_world

PATIENCE = timedelta(hours=60)
"""How long after the last referral a scenario that has not ended is given up."""

SHORTEST_WAIT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the demo is. ``stages`` counts open cases by where they stand in the procedure."""

    now: datetime
    total: int
    received: int
    ended: int
    packages: int
    stages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One referral: what came of it, what should, and how they differ. ``name`` is the world's, which for
    what a DIAL or a missing person brings is not the hub's."""

    name: str
    outcome: Outcome
    expected: Expected
    differences: tuple[str, ...]

    @property
    def as_expected(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The whole run. ``packages`` are those that teams received, each once, in order of issue;
    ``recipients`` are their teams by package."""

    engine: Mapping[str, str]
    rows: tuple[Row, ...]
    packages: tuple[PackageIssued, ...] = ()
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dials: tuple[DailyRow, ...] = ()
    missing: tuple[DailyRow, ...] = ()
    rounds: tuple[DailyRow, ...] = ()

    @property
    def differences(self) -> dict[str, tuple[str, ...]]:
        """What did not come out as it should, by name."""
        daily = (*self.dials, *self.missing, *self.rounds)
        found = [(row.name, row.differences) for row in self.rows]
        found += [(row.outcome.name, row.differences) for row in daily]
        return {name: differences for name, differences in found if differences}

    @property
    def total(self) -> int:
        """Everything that has an expected outcome: referrals, DIALs, missing people and daily rounds."""
        return sum(map(len, (self.rows, self.dials, self.missing, self.rounds)))

    @property
    def as_expected(self) -> int:
        """How many of them came out as they should."""
        return self.total - len(self.differences)

    @property
    def ok(self) -> bool:
        """Whether all of them did."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """What ``mash demo --json`` prints."""
        return {
            "engine": dict(self.engine),
            "referrals": [row.outcome.as_json(row.as_expected) for row in self.rows],
            "dials": [row.as_json() for row in self.dials],
            "missing": [row.as_json() for row in self.missing],
            "rounds": [row.as_json() for row in self.rounds],
            "as_expected": self.as_expected,
            "total": self.total,
        }


async def run_demo(
    hub: DemoHub, progress: Callable[[Progress], None] = lambda _: None, world: World | None = None
) -> DemoResult:
    """Play every scenario of a world (the sample world) to its end on a running hub.

    The hub's clock should show the world's ``start`` or earlier, and its store should hold no case of it.

    Raises
    ------
    ScriptUnsound
        for a world that cannot be played.
    StoreError, BrokerError
        when the hub cannot be reached.
    """
    world = world or read_world(hub.partnership)
    desk = Desk(hub, world.cast, set_out.scenarios(world), set_out.daily(world, hub.partnership))
    await desk.open(world.first)
    try:
        await _play(desk, hub, progress)
    finally:
        await desk.close()
    return await _result(desk, hub, world)


async def _play(desk: Desk, hub: DemoHub, progress: Callable[[Progress], None]) -> None:
    last = max(scenario.received for scenario in desk.scenarios if scenario.received is not None)
    wait = LOOK_EVERY
    while True:
        changed, next_at = await desk.look()
        now = hub.clock.now()
        progress(_progress(desk, now))
        if desk.all_ended() or now > last + PATIENCE:
            return
        wait = LOOK_EVERY if changed else min(wait * 2, LOOK_AT_LEAST_EVERY)
        left = wait if next_at is None else min(wait, next_at - now)
        await hub.clock.sleep(max(left, SHORTEST_WAIT))


def _progress(desk: Desk, now: datetime) -> Progress:
    cases = [s.case for s in desk.scenarios if s.case is not None]
    return Progress(
        now=now,
        total=len(desk.scenarios),
        received=sum(s.submitted for s in desk.scenarios),
        ended=sum(map(desk.ended, desk.scenarios)),
        packages=sum(len(case.packages) for case in cases),
        stages=Counter(needs.stage(case) for case in cases if case.closed_at is None),
    )


async def _result(desk: Desk, hub: DemoHub, world: World) -> DemoResult:
    names = {s.case_id: s.name for s in desk.scenarios}
    rows = []
    for scenario in sorted(desk.scenarios, key=lambda s: s.name):
        outcome = outcome_of(scenario, desk.post, names)
        expected = world.expected[scenario.name]
        differences = expected.differences(outcome, hub.partnership.clocks.zone)
        rows.append(Row(scenario.name, outcome, expected, differences))
    packages = {p.package_id: p for p in desk.post.packages.values()}
    in_order = sorted(packages.values(), key=lambda p: (p.issued_at, p.package_id))
    recipients: dict[str, tuple[str, ...]] = {}
    for party, package_id in sorted(desk.post.packages):
        recipients[package_id] = (*recipients.get(package_id, ()), party.removeprefix("team."))
    dials, missing, rounds = daily_rows(desk, names, await brought_cases(desk, hub), world.expected_daily)
    return DemoResult(
        hub.engine,
        tuple(rows),
        tuple(in_order),
        recipients,
        dials=tuple(dials),
        missing=tuple(missing),
        rounds=tuple(rounds),
    )
