"""Where the demo runs: in this process and in virtual time, or on servers with a process for each agent."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from yarl import URL

from agents.partnership import Partnership
from broker.port import Broker
from messages.clock import Clock
from messages.parties import HUB
from messages.private_folder import make_private_folder
from messages.sealing import WireKeys
from ops import key_folder, processes
from ops.clocks import LoopClock, run_virtual
from ops.demo.run import DemoResult, Progress, run_demo
from ops.demo.sample_world import lay_out_agencies, read_world, world_of
from ops.embedded_hub import embedded_hub
from ops.engines import clock_of, keys_of, new_id, open_broker, open_store, partnership_of, vault_of
from ops.observing import observed
from ops.problem import WrongInput
from ops.provisioning import management_of, provision_all
from ops.settings import Settings
from store.port import Store
from store.vault import Vault

Told = Callable[[Progress], None]
TO_START = timedelta(seconds=20)
"""How long the processes of a demo take to be ready, on a machine that does other things too."""

_MARK = "this-is-a-demo"


def is_a_demos(folder: Path) -> bool:
    """Whether a demo ran in the folder. One in this process keeps no keys but the hub's."""
    return (folder / _MARK).exists()


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of the demo, and the flags by which other commands see what it left behind."""

    result: DemoResult
    look_with: str


def on_embedded(settings: Settings, told: Told) -> Ran:
    """The whole demo in one process: three working days in seconds.

    Raises
    ------
    WrongInput
        when the sample world cannot be played on the partnership.
    """
    partnership, source = partnership_of(settings), world_of(settings.partnership)
    world = read_world(partnership, source)
    folder = emptied(settings.data / "demo")
    settings = settings.model_copy(
        update={
            "data": folder,
            "keys": None,
            "traces": None,
            "store_url": None,
            "broker_url": SecretStr("embedded:"),
        }
    )

    async def play() -> DemoResult:
        with observed(quiet(settings), "demo") as tracers:
            hub = embedded_hub(
                folder,
                partnership,
                lay_out_agencies(settings.agencies_at, source),
                secret=key_folder.secret_of(settings.keys_at, HUB, make=True),
                clock=LoopClock(world.start),
                new_id=new_id,
                tracers=tracers,
            )
            async with hub as running:
                return await run_demo(running, told, world)

    return Ran(run_virtual(play()), f"--data {folder}{_on(settings)}")


async def on_servers(settings: Settings, factor: float, told: Told) -> Ran:
    """The demo on RabbitMQ and MongoDB, in a vhost and databases of its own.

    The clock of all processes runs ``factor`` times as fast as the real one.

    Raises
    ------
    WrongInput
        when one of the two URLs is missing, or the sample world cannot be played on the partnership.
    """
    if settings.broker_url is None or settings.store_url is None:
        raise WrongInput("a demo on servers needs both: --broker amqp://… and --store mongodb://…")
    source = world_of(settings.partnership)
    world = read_world(partnership_of(settings), source)
    folder = emptied(settings.data / "demo-on-servers", keep="keys")
    name = f"mash-demo-{secrets.token_hex(4)}"
    broker_url = URL(settings.broker_url.get_secret_value())
    store_url = URL(settings.store_url.get_secret_value())
    settings = settings.model_copy(
        update={
            "data": folder,
            "keys": None,
            "traces": None,
            "broker_url": SecretStr(str(broker_url.with_path(f"/{name}", keep_query=True))),
            "store_url": SecretStr(str(store_url.with_path(f"/{name}", keep_query=True))),
            "clock": "scaled",
            "clock_factor": factor,
            "clock_start": world.start,
        }
    )
    agencies = lay_out_agencies(settings.agencies_at, source)
    await provision_all(settings)
    try:
        # The clock reaches the first morning when the processes are there, not while they start: the demo
        # postpones everything when they take longer, and some due times depend on the day of the week.
        settings = settings.model_copy(update={"clock_origin": datetime.now(UTC) + TO_START})
        with observed(quiet(settings), "demo"):
            async with (
                processes.running(settings, list(agencies), folder / "run") as children,
                _server_hub(settings) as hub,
            ):

                def tell(progress: Progress) -> None:
                    children.check()
                    told(progress)

                return Ran(await run_demo(hub, tell, world), f"--config {folder / 'run' / processes.CONFIG}")
    finally:
        # Its queues hold nothing that anybody waits for; its databases stay to be looked at.
        management_of(settings).delete("vhosts", name)


@dataclass(frozen=True, slots=True)
class ServerHub:
    """What the demo needs of a hub whose agents are processes elsewhere."""

    settings: Settings
    partnership: Partnership
    clock: Clock
    store: Store
    vault: Vault
    wire_keys: WireKeys

    @property
    def engine(self) -> Mapping[str, str]:
        return {"broker": "rabbitmq", "store": f"mongodb ({self.settings.mongo_driver})"}

    async def connect(self, party: str) -> Broker:
        """A connection of a party's own user."""
        return await open_broker(self.settings, party)


@asynccontextmanager
async def _server_hub(settings: Settings) -> AsyncIterator[ServerHub]:
    store = await open_store(settings, HUB)
    try:
        clock = clock_of(settings)
        yield ServerHub(
            settings,
            partnership_of(settings),
            clock,
            store,
            vault_of(store, keys_of(settings, HUB), clock),
            key_folder.wire_keys_of(settings.keys_at, HUB),
        )
    finally:
        await store.close()


def _on(settings: Settings) -> str:
    """The flag by which commands see the partnership that was played on, when it is not the standard one."""
    standard = Settings.model_fields["partnership"].default
    return "" if settings.partnership == standard else f" --partnership {settings.partnership}"


def quiet(settings: Settings) -> Settings:
    """Settings for a demo, in which refusals are meant to be: its log would only get among the progress."""
    return settings.model_copy(update={"log_level": "error"})


def emptied(folder: Path, keep: str | None = None) -> Path:
    """The folder of a demo, without what an earlier one left; nobody else's folder is touched.

    Raises
    ------
    WrongInput
        when something is there that is no demo's.
    """
    if folder.exists() and any(folder.iterdir()) and not is_a_demos(folder):
        raise WrongInput(f"{folder} is there and is no demo's; set --data to another folder")
    for old in folder.iterdir() if folder.exists() else ():
        if old.is_dir() and old.name != keep:
            shutil.rmtree(old)
        elif not old.is_dir():
            old.unlink()
    make_private_folder(folder)
    (folder / _MARK).touch()
    return folder
