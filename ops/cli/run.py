"""``mash up``, ``mash coordinator``, ``mash worker``: the hub at work."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from messages.parties import HUB
from ops import serving
from ops.cli.app import app
from ops.cli.commands import command
from ops.dashboard.serving import LOOPBACK, PORT, serve_dashboard
from ops.living_demo import live_demo
from ops.observing import observed
from ops.settings import Settings
from ops.up import in_one_process
from ops.up import up as run_up

HealthFile = Annotated[
    Path | None, typer.Option(help="File that is written anew while the agent is well", show_default=False)
]


Port = Annotated[
    int, typer.Option(help="Where the dashboard listens; 0 takes any that is free", min=0, max=65535)
]


@command(app, "up", example="mash up --data /srv/mash --dashboard")
async def up(
    settings: Settings,
    dashboard: Annotated[
        bool, typer.Option("--dashboard", help="With the dashboard, for people on this machine")
    ] = False,
    port: Port = PORT,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="With the sample world living before your eyes, and the dashboard"),
    ] = False,
    speed: Annotated[
        float, typer.Option(help="With --demo: how many times real speed the hub's clock runs", min=1)
    ] = 60.0,
) -> None:
    """Run the whole hub in this process, with everything in one folder.

    Agencies whose folder of records lies in the folder agencies have a worker; `mash refer` and
    `mash decide` with the same --data speak to it. Ctrl-C stops it in good order.

    With --demo it is a hub of its own, in the folder demo-live, in which everybody of the sample world does
    their work by themselves, while you look on and act beside them.
    """
    settings = in_one_process(settings)
    if demo:
        async with serving.until_told() as told:
            await live_demo(settings, speed, LOOPBACK, port, told, say_where)
        return
    is_up = asyncio.Event()

    def ready(agencies: list[str]) -> None:
        names = ", ".join(agencies) or "none yet"
        typer.echo(f"up in {settings.data}: the hub and {len(agencies)} agencies ({names})")
        is_up.set()

    async def with_dashboard(told: asyncio.Event) -> None:
        await is_up.wait()
        await serve_dashboard(settings, LOOPBACK, port, told, say_where)

    with observed(settings, "up") as tracers:
        async with serving.until_told() as told, asyncio.TaskGroup() as tasks:
            tasks.create_task(run_up(settings, told, tracers, ready))
            if dashboard:
                tasks.create_task(with_dashboard(told))


@command(app, "dashboard", example="mash dashboard --data /srv/mash")
async def dashboard(
    settings: Settings,
    host: Annotated[str, typer.Option(help="The address it listens at")] = LOOPBACK,
    port: Port = PORT,
) -> None:
    """Serve the dashboard of a hub that runs elsewhere, until Ctrl-C.

    With the settings oidc_… people sign in with their own organisation's account. Without them it asks for
    no password: then it listens on this machine alone, and for a hub of `mash up`.
    """
    with observed(settings, "dashboard"):
        async with serving.until_told() as told:
            await serve_dashboard(settings, host, port, told, say_where)


def say_where(address: str) -> None:
    """Where people open it."""
    typer.echo(f"dashboard at {address}")


@command(app, "coordinator", example="mash coordinator --keys /etc/mash/keys --store mongodb://db:27017")
async def coordinator(settings: Settings, health_file: HealthFile = None) -> None:
    """Run the hub's own agent until SIGTERM. Start more of them for more load."""
    settings = _with(settings, health_file=health_file)
    with observed(settings, HUB) as tracers:
        await serving.serve_coordinator(settings, tracers(HUB))


@command(app, "worker", example="mash worker police --folder /srv/police --keys /etc/mash/keys")
async def worker(
    settings: Settings,
    agency: Annotated[str, typer.Argument(help="The agency's code, such as police")],
    folder: Annotated[Path | None, typer.Option(help="The agency's folder of records")] = None,
    health_file: HealthFile = None,
) -> None:
    """Run the worker of one agency until SIGTERM: it answers checks from the agency's records."""
    settings = _with(settings, health_file=health_file, agency_folder=folder)
    party = f"agency.{agency}"
    with observed(settings, party) as tracers:
        await serving.serve_worker(settings, agency, tracers(party))


def _with(settings: Settings, **flags: Path | None) -> Settings:
    return settings.model_copy(update={name: value for name, value in flags.items() if value is not None})
