"""``make bench``: cases per second, the hub beside the same exchange written bare, in one run, in turns.

python -m tests.benchmarks.exchange [--cases 200] [--turns 5] [--one 40] [--one-turns 15]
    [--memory 2000] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypedDict

import aio_pika
from rich.console import Console
from rich.table import Table

from agents.partnership import bundled, read_partnership
from broker.rabbitmq.management import Management
from broker.rabbitmq.provision import provision
from tests.benchmarks.bare_agent import EXCHANGE as BARE
from tests.benchmarks.course import AGENCIES, MESSAGES_PER_CASE, SOURCE, TEAMS, write_agency_folder
from tests.benchmarks.driver import Side, Turn, drive
from tests.benchmarks.place import PASSWORD, Place
from tests.benchmarks.sides import BareSide, HubSide
from tests.support.servers import MongoServer, RabbitServer, mongo, rabbitmq


class Compared(TypedDict):
    """Medians over the turns. ``ratio`` is the median of the ratios of neighbouring turns, because the speed
    of a machine drifts. Processor time is of the five agents together, per case."""

    hub_cases_per_second: float
    bare_cases_per_second: float
    ratio: float
    hub_median_ms: int
    bare_median_ms: int
    hub_processor_ms: float
    bare_processor_ms: float


class Figures(TypedDict):
    """What a run of the benchmark found."""

    messages_per_case: int
    cases: int
    speed: dict[str, Compared]
    memory_mib: dict[str, int]


AGENTS = ("hub", *(f"agency.{a}" for a in AGENCIES))
Agents = dict[str, subprocess.Popen[str]]
_WARMING = 50
console = Console(stderr=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=200, help="cases in each turn with 100 in flight")
    parser.add_argument("--turns", type=int, default=5, help="turns of each side with 100 in flight")
    parser.add_argument("--one", type=int, default=40, help="cases in each turn with 1 in flight")
    parser.add_argument("--one-turns", type=int, default=15, help="turns of each side with 1 in flight")
    parser.add_argument("--memory", type=int, default=2000, help="cases before memory is read")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    with rabbitmq() as broker, mongo() as database, tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_run(options, broker, database, Path(folder)))
    _show(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    if min(f["ratio"] for f in figures["speed"].values()) < 1:
        console.print("The hub was slower than the bare exchange.", style="bold red")
        raise SystemExit(1)


async def _run(
    options: argparse.Namespace, broker: RabbitServer, database: MongoServer, folder: Path
) -> Figures:
    for agency in AGENCIES:
        write_agency_folder(folder / "agencies" / agency, agency)
    place = Place(
        amqp=broker.amqp_url.rpartition("@")[2].rstrip("/") + "/",
        admin=(broker.user, broker.password),
        mongo=database.url,
        secret_hex=secrets.token_hex(32),
        folders=str(folder / "agencies"),
    )
    place_file, sizes_file = folder / "place.json", folder / "sizes.json"
    place.write(place_file)
    topology = read_partnership(bundled("staffordshire-2012")).topology()
    await provision(
        Management(broker.management_url, broker.user, broker.password),
        topology,
        vhost="/",
        passwords={user.name: PASSWORD for user in topology.users},
        salt=lambda: secrets.token_bytes(4),
    )
    await _declare_bare(place)
    hub, first = HubSide(place), 0
    speed: dict[str, Compared] = {}
    with _agents("hub_agent", place_file) as agents:
        warm = await _turn("hub, warming up", hub, agents, first, _WARMING, 20)
        sizes = _sizes(warm.turn.sizes)
        sizes_file.write_text(json.dumps(sizes))
        bare = BareSide(place, sizes)
        with _agents("bare_agent", place_file, sizes_file) as bare_agents:
            await _turn("bare, warming up", bare, bare_agents, first, _WARMING, 20)
            first += _WARMING
            for in_flight, cases, turns in (
                (100, options.cases, options.turns),
                (1, options.one, options.one_turns),
            ):
                ours: list[Measured] = []
                bares: list[Measured] = []
                for _ in range(turns):
                    ours.append(
                        await _turn(f"hub, {in_flight} in flight", hub, agents, first, cases, in_flight)
                    )
                    title = f"bare, {in_flight} in flight"
                    bares.append(await _turn(title, bare, bare_agents, first, cases, in_flight))
                    first += cases
                speed[str(in_flight)] = _compared(ours, bares)
        if first < options.memory:
            await _turn("hub, for memory", hub, agents, first, options.memory - first, 100)
        memory = {party: _resident_mib(process.pid) for party, process in agents.items()}
    return {
        "messages_per_case": MESSAGES_PER_CASE,
        "speed": speed,
        "memory_mib": memory,
        "cases": max(first, options.memory),
    }


def _compared(ours: list[Measured], bares: list[Measured]) -> Compared:
    hub, bare = (median(m.turn.per_second for m in side) for side in (ours, bares))
    ratios = [h.turn.per_second / b.turn.per_second for h, b in zip(ours, bares, strict=True)]
    return {
        "hub_cases_per_second": round(hub, 1),
        "bare_cases_per_second": round(bare, 1),
        "ratio": round(median(ratios), 2),
        "hub_median_ms": round(1000 * median(m.turn.median_seconds for m in ours)),
        "bare_median_ms": round(1000 * median(m.turn.median_seconds for m in bares)),
        "hub_processor_ms": round(median(m.processor_ms for m in ours), 1),
        "bare_processor_ms": round(median(m.processor_ms for m in bares), 1),
    }


@dataclass(frozen=True, slots=True)
class Measured:
    """A turn, with the processor time that the five agents took for each case."""

    turn: Turn
    processor_ms: float


async def _turn(title: str, side: Side, agents: Agents, first: int, cases: int, in_flight: int) -> Measured:
    before = sum(_processor_seconds(process.pid) for process in agents.values())
    with console.status(title) as status:
        turn = await drive(
            side, first, cases, in_flight, lambda done: status.update(f"{title}: {done} of {cases} cases")
        )
    spent = sum(_processor_seconds(process.pid) for process in agents.values()) - before
    measured = Measured(turn, 1000 * spent / cases)
    console.print(
        f"{title}: {turn.per_second:.1f} cases/s, median {1000 * turn.median_seconds:.0f} ms, "
        f"{measured.processor_ms:.1f} ms of processor time a case"
    )
    return measured


async def _declare_bare(place: Place) -> None:
    async with await aio_pika.connect(place.admin_url) as connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange(BARE, aio_pika.ExchangeType.TOPIC, durable=True)
        receivers = [*AGENTS, *(f"team.{t}" for t in TEAMS), f"source.{SOURCE}"]
        for receiver in receivers:
            queue = await channel.declare_queue(
                f"bare.{receiver}", durable=True, arguments={"x-queue-type": "quorum"}
            )
            await queue.bind(exchange, f"{receiver}.#")


def _sizes(measured: Mapping[str, int]) -> dict[str, int]:
    """The size of each kind of message: as measured on the hub, or near enough for those not heard."""
    usual = {"check.requested": 1700, "review.requested": 900, "record.requested": 3000}
    staff = dict.fromkeys(
        ("referral.received", "threshold.decided", "risk.rated", "enquiry.directed", "discussion.recorded"),
        1400,
    ) | dict.fromkeys(("assessment.made", "package.agreed"), 1200)
    return {**staff, **usual, **measured}


@contextmanager
def _agents(module: str, *files: Path) -> Iterator[Agents]:
    """All five agents, each a process of its own, ended by SIGTERM."""
    started = {
        party: subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.{module}", party, *map(str, files)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for party in AGENTS
    }
    try:
        for party, process in started.items():
            if process.stdout is None or process.stdout.readline().strip() != "ready":
                raise RuntimeError(f"{party} did not start")
        yield started
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(timeout=60)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mib(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _show(figures: Figures) -> None:
    out = Console()
    table = Table(
        "in flight",
        "hub, cases/s",
        "bare, cases/s",
        "hub / bare",
        "hub, median",
        "bare, median",
        "hub, CPU",
        "bare, CPU",
    )
    for in_flight, found in figures["speed"].items():
        table.add_row(
            in_flight,
            str(found["hub_cases_per_second"]),
            str(found["bare_cases_per_second"]),
            f"{found['ratio']:.2f}",
            f"{found['hub_median_ms']} ms",
            f"{found['bare_median_ms']} ms",
            f"{found['hub_processor_ms']} ms",
            f"{found['bare_processor_ms']} ms",
        )
    out.print(table)
    memory = Table("agent", f"memory after {figures['cases']} cases")
    for party, mib in figures["memory_mib"].items():
        memory.add_row(party, f"{mib} MiB")
    out.print(memory)


if __name__ == "__main__":
    main()
