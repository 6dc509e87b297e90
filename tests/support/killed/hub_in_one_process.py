"""``mash up`` as a process that may be killed: the whole hub on the embedded engines, in one folder."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from broker.embedded import EmbeddedServer
from broker.port import Outbound
from messages.parties import HUB
from messages.topology import DEAD_QUEUE
from ops import key_folder, mailroom
from ops.clocks import SystemClock
from ops.engines import partnership_of
from ops.mailroom import write_whole
from ops.processes import as_toml
from ops.provisioning import make_keys
from ops.settings import Settings
from tests.benchmarks.course import AGENCIES, write_agency_folder
from tests.support.killed import aftermath
from tests.support.killed.processes import Agent

POLL_S = 1.0


@dataclass(frozen=True, slots=True)
class HubInOneProcess:
    """A hub with its folder. What people say to it, and what it says to them, are files."""

    settings: Settings
    process: Agent

    async def post(self, party: str, message: Outbound) -> None:
        """Say something; the message itself says in whose name."""
        mailroom.post(self.settings.data, message.message_id, message.body)

    async def still_posted(self) -> dict[str, int]:
        """What the hub has not yet taken from its inbox, and what it refused to take."""
        inbox = self.settings.data / mailroom.INBOX
        found = {
            str(folder): len(list(folder.glob("*.json"))) for folder in (inbox, inbox / mailroom.REFUSED)
        }
        return {folder: count for folder, count in found.items() if count}

    def still_queued(self) -> dict[str, int]:
        """What is left in the broker's file once the process has ended."""
        topology = partnership_of(self.settings).topology()
        queues = [*(spec.name for spec in topology.queues), DEAD_QUEUE]
        file = self.settings.data / "broker.sqlite"
        with closing(EmbeddedServer(file, topology, SystemClock())) as server:
            found = {queue: server.depth(queue) for queue in queues}
        return {queue: depth for queue, depth in found.items() if depth}

    def heard_by(self, party: str) -> list[aftermath.Heard]:
        """Everything that was sent to somebody who is no agent."""
        folder = self.settings.data / mailroom.OUTBOX / party
        bodies = [file.read_bytes() for file in sorted(folder.glob("*.json"))]
        return aftermath.opened(party, bodies, key_folder.wire_keys_of(self.settings.keys_at, party))


@asynccontextmanager
async def hub_in_one_process(folder: Path, chance: random.Random) -> AsyncIterator[HubInOneProcess]:
    """A hub with four workers, started again whenever it ends."""
    settings = Settings(data=folder / "data", agencies=folder / "agencies", poll=POLL_S)
    for agency in AGENCIES:
        write_agency_folder(settings.agencies_at / agency, agency)
    topology = partnership_of(settings).topology()
    agents = [HUB, *(f"agency.{agency}" for agency in AGENCIES)]
    make_keys(settings.keys_at, [user.name for user in topology.users], agents)
    config = folder / "settings.toml"
    write_whole(config, as_toml(settings).encode())
    process = Agent("up", ["up", "--config", str(config)], folder / "up.out", chance)
    try:
        yield HubInOneProcess(settings, process)
    finally:
        await process.dismiss()
