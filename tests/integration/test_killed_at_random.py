"""Under load, processes are killed at random moments and servers go away: nothing is lost, nothing happens
twice.

MASH_TEST_KILLED_SEED chooses the moments; MASH_TEST_KILLED_CASES, _KILLS and _IN_FLIGHT make a longer run.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import store.connect
from messages.parties import HUB
from ops import key_folder
from ops.engines import agent_name, keys_of
from ops.settings import Settings
from tests.benchmarks.course import AGENCIES, SOURCE, TEAMS
from tests.support.killed import aftermath
from tests.support.killed.aftermath import Heard, Kept
from tests.support.killed.hub_in_one_process import hub_in_one_process
from tests.support.killed.hub_on_servers import dismiss, hub_on_servers
from tests.support.killed.people import People
from tests.support.killed.processes import Agent
from tests.support.servers import MongoServer, RabbitServer

CASES = int(os.environ.get("MASH_TEST_KILLED_CASES", "45"))
KILLS = int(os.environ.get("MASH_TEST_KILLED_KILLS", "15"))
IN_FLIGHT = int(os.environ.get("MASH_TEST_KILLED_IN_FLIGHT", "20"))
LIMIT_S = 900.0
LONGEST_BETWEEN_KILLS_S = 3.0
ANY_PROCESS = 0.2
"""The part of the kills that takes any process, even one that is only just starting."""

OFTEN = 3.0
"""How much more often a coordinator is killed than a worker."""

WORKERS = tuple(f"agency.{agency}" for agency in AGENCIES)
AGENTS = (HUB, *WORKERS)
LISTENERS = (*(f"team.{team}" for team in TEAMS), f"source.{SOURCE}", "staff")


@dataclass
class Figures:
    """What a run came to, and the seed that chose its moments."""

    seed: int
    began: float = field(default_factory=time.monotonic)
    kills: Counter[str] = field(default_factory=Counter)
    servers: list[str] = field(default_factory=list)
    fell: list[int] = field(default_factory=list)
    cases: int = 0
    repeated: int = 0
    came_again: int = 0

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.cases} cases, {self.kills.total()} kills {dict(self.kills)}, "
            f"{self.servers}, {len(self.fell)} starts in vain, {self.repeated} messages sent again "
            f"by people, {self.came_again} that came again, {time.monotonic() - self.began:.0f} s"
        )


@pytest.fixture
def figures() -> Iterator[Figures]:
    """Shown when a test fails, and with ``pytest -rP``."""
    figures = Figures(int(os.environ.get("MASH_TEST_KILLED_SEED") or secrets.randbits(32)))
    print(f"MASH_TEST_KILLED_SEED={figures.seed}")
    yield figures
    print(figures)


async def test_no_kill_and_no_restart_of_a_server_loses_or_repeats_anything(
    rabbitmq_server: RabbitServer, mongo_server: MongoServer, tmp_path: Path, figures: Figures
) -> None:
    chance = random.Random(figures.seed)
    outages = [
        Outage(f"{server} {how}", getattr(where, how))
        for server, where, given in (
            ("RabbitMQ", rabbitmq_server, "MASH_TEST_AMQP_URL"),
            ("MongoDB", mongo_server, "MASH_TEST_MONGO_URL"),
        )
        for how in [chance.choice(("restart", "crash"))]
        # A server that somebody else runs is not the tests' to restart.
        if given not in os.environ
    ]
    others = random.Random(figures.seed + 1)
    async with (
        hub_on_servers(tmp_path, rabbitmq_server, mongo_server, others) as hub,
        stores(hub.settings) as kept,
    ):
        people = People(key_folder.secret_of(hub.settings.keys_at, HUB), kept[HUB].store, hub.post, others)
        killing = asyncio.create_task(kill(hub.agents, KILLS, outages, people, chance, figures))
        await all_through(people, CASES, killing, figures)
        await until(lambda: nothing_left(kept, hub.still_queued))
        await until(lambda: all_at_work(hub.agents))
        figures.fell = [code for agent in hub.agents for code in agent.fell]
        assert set(await dismiss(hub.agents)) <= {0, None}
        sent = {party: await hub.heard_by(party) for party in LISTENERS}
        assert await hub.still_queued() == {}
        await check_all(kept, sent, hub.settings, figures)


async def test_no_kill_of_a_hub_in_one_process_loses_or_repeats_anything(
    tmp_path: Path, figures: Figures
) -> None:
    chance, others = random.Random(figures.seed), random.Random(figures.seed + 1)
    async with hub_in_one_process(tmp_path, others) as hub, stores(hub.settings) as kept:
        people = People(key_folder.secret_of(hub.settings.keys_at, HUB), kept[HUB].store, hub.post, others)
        killing = asyncio.create_task(kill([hub.process], KILLS // 3, [], people, chance, figures))
        await all_through(people, CASES // 3, killing, figures)
        await until(lambda: nothing_left(kept, hub.still_posted))
        await until(lambda: all_at_work([hub.process]))
        assert await hub.process.dismiss() == 0
        figures.fell = hub.process.fell
        sent = {party: hub.heard_by(party) for party in LISTENERS}
        assert hub.still_queued() == {}
        await check_all(kept, sent, hub.settings, figures)


@dataclass(frozen=True, slots=True)
class Outage:
    """A server that goes away and comes back."""

    what: str
    happen: Callable[[], Coroutine[None, None, None]]


async def kill(
    agents: Sequence[Agent],
    kills: int,
    outages: Sequence[Outage],
    people: People,
    chance: random.Random,
    figures: Figures,
) -> None:
    """Kill one or another while people are at work; meanwhile each server goes away once.

    Of two coordinators, one is left after half of the kills.
    """
    moments = dict(zip(chance.sample(range(2, kills), len(outages)), outages, strict=True))
    async with asyncio.TaskGroup() as away:
        for number in range(kills):
            await until(lambda: any_at_work(agents))
            await asyncio.sleep(chance.uniform(0.0, LONGEST_BETWEEN_KILLS_S))
            if number in moments:
                figures.servers.append(moments[number].what)
                away.create_task(moments[number].happen())
            await until(lambda: any_running(agents))
            (victim,) = chance.choices(*victims(agents, chance.random() < ANY_PROCESS))
            assert people.under_way
            victim.kill()
            figures.kills[victim.name] += 1
            if number == kills // 2 and len(agents) > 1:
                await until(lambda: all_at_work(agents[1:2]))
                assert await agents[1].dismiss() == 0


def victims(agents: Sequence[Agent], any_process: bool) -> tuple[list[Agent], list[float]]:
    """Those that are at work, if there are any, and how likely each is to be killed."""
    found = [agent for agent in agents if agent.running]
    if not any_process:
        found = [agent for agent in found if agent.at_work] or found
    return found, [1.0 if agent.name.startswith("worker") else OFTEN for agent in found]


async def any_running(agents: Sequence[Agent]) -> bool:
    return any(agent.running for agent in agents)


async def any_at_work(agents: Sequence[Agent]) -> bool:
    return any(agent.at_work for agent in agents)


async def all_at_work(agents: Sequence[Agent]) -> bool:
    return all(agent.at_work or agent.dismissed for agent in agents)


async def all_through(people: People, cases: int, killing: asyncio.Task[None], figures: Figures) -> None:
    """See all cases to their end, and the killing too."""
    try:
        async with asyncio.timeout(LIMIT_S):
            await people.carry_out(cases, IN_FLIGHT, lambda: not killing.done())
            await killing
    except TimeoutError:
        pytest.fail(f"{people.begun} cases begun, and these wait: {dict(+people.waiting)}")
    finally:
        killing.cancel()
        figures.cases, figures.repeated = people.begun, people.repeated


async def nothing_left(
    kept: dict[str, Kept], still_queued: Callable[[], Awaitable[Mapping[str, int]]]
) -> bool:
    """Whether the sweep has been everywhere and every queue is empty."""
    return not await aftermath.left_unsent(kept) and not await still_queued()


async def until(so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not await so():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.1)


@asynccontextmanager
async def stores(settings: Settings) -> AsyncIterator[dict[str, Kept]]:
    """The agents' stores, each by a connection of its own."""
    async with AsyncExitStack() as closing:
        found = {}
        for party in AGENTS:
            opened = store.connect.connect(settings.store_at, agent=agent_name(party))
            closing.push_async_callback(opened.close)
            found[party] = Kept(opened, keys_of(settings, party).audit)
        yield found


async def check_all(
    kept: dict[str, Kept], sent: dict[str, list[Heard]], settings: Settings, figures: Figures
) -> None:
    """Everything that has to hold, whatever happened."""
    await aftermath.check_the_quarantine(kept)
    cases = await aftermath.check_the_hub(kept[HUB], figures.cases)
    await aftermath.check_the_audit(kept[HUB], cases, aftermath.CHAIN_OF_A_CASE)
    for worker in WORKERS:
        await aftermath.check_a_worker(kept[worker], cases)
        await aftermath.check_the_audit(kept[worker], cases, aftermath.CHAIN_OF_A_CHECK)
    figures.came_again = aftermath.check_what_was_sent(sent, cases)
    aftermath.check_what_was_recorded(settings.agencies_at, cases)
    assert await aftermath.left_unsent(kept) == {}
