"""One of the hub's agents as a process: ``python -m tests.benchmarks.hub_agent PARTY PLACE``."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from pathlib import Path
from uuid import uuid4

import uvloop

from agents.agency.csv_source import CsvSource
from agents.agency.folder import LAYOUT, RULES
from agents.agency.layout import read_layout
from agents.agency.ports import Keyed
from agents.agency.rules import read_rules
from agents.agency.state import AgencyCase
from agents.agency.worker import AgencyWorker
from agents.coordinator.case import Case
from agents.coordinator.coordinator import Coordinator
from agents.partnership import bundled, read_partnership
from agents.runtime import Given, Runtime
from broker.connect import connect as connect_broker
from messages.package import RecordRequested
from messages.parties import HUB
from messages.sealing import WireKeys
from ops.clocks import SystemClock
from ops.garbage import keep_what_is_loaded
from store.connect import connect as connect_store
from store.quarantine import Quarantine
from store.vault import Vault
from tests.benchmarks.place import Place, read_place


class AgencysOwnSystem:
    """Where a worker records what the hub asks it to: outside of the exchange, and so outside of what is
    measured. The bare agents write to no file either."""

    def __init__(self) -> None:
        self._entries: dict[str, str] = {}

    async def write(self, request: RecordRequested) -> str:
        return self._entries.setdefault(request.record_id, f"entry-{len(self._entries)}")


def worker_of(place: Place, agency: str) -> AgencyWorker:
    """The built-in worker over the agency's folder, but for its file of what was written back."""
    folder = Path(place.folders) / agency
    layout = read_layout(folder / LAYOUT)
    records = CsvSource.read(folder, layout, Keyed(place.secret))
    return AgencyWorker(agency, records, read_rules(folder / RULES, agency), AgencysOwnSystem())


async def main(party: str, place_file: Path) -> None:
    place, clock = read_place(place_file), SystemClock()
    partnership = read_partnership(bundled("staffordshire-2012"))

    def new_id() -> str:
        return str(uuid4())

    topology = partnership.topology()
    broker = await connect_broker(place.url_of(party), party, topology, jitter=random.random)
    store = connect_store(place.mongo, agent=party)
    await store.provision()
    given = Given(
        broker=broker,
        store=store,
        vault=Vault(store, place.secret, place.secret, clock, new_id),
        quarantine=Quarantine(store, place.secret),
        clock=clock,
        new_id=new_id,
        wire_keys=WireKeys(secret=place.secret),
        audit_secret=place.secret,
        keeps_content=party == HUB,
    )
    runtime: Runtime[Case] | Runtime[AgencyCase]
    if party == HUB:
        runtime = Runtime(Coordinator(partnership, store, place.secret), given)
    else:
        runtime = Runtime(worker_of(place, party.partition(".")[2]), given)
    loop = asyncio.get_running_loop()
    stopping: list[asyncio.Task[None]] = []
    loop.add_signal_handler(signal.SIGTERM, lambda: stopping.append(loop.create_task(runtime.stop())))
    keep_what_is_loaded()
    print("ready", flush=True)
    await runtime.run()
    await broker.close()
    await store.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2])))
