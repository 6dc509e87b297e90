"""``mash provision``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json
from ops.provisioning import provision_all
from ops.settings import Settings

_EXAMPLE = "mash provision --broker amqp://admin:PASSWORD@mq:5672/ --store mongodb://db:27017 --keys keys"


@command(app, "provision", example=_EXAMPLE)
async def provision(
    settings: Settings,
    management: Annotated[
        str | None,
        typer.Option(help="http://admin:PASSWORD@host:15672; standard: from --broker", metavar="URL"),
    ] = None,
    definitions: Annotated[
        Path | None,
        typer.Option(help="Write RabbitMQ definitions to this file, and do not speak to the broker"),
    ] = None,
    json_: AsJson = False,
) -> None:
    """Make all that agents need: keys and passwords, queues and permissions, indexes.

    Each party's folder in --keys is for that party alone: its wire.key, its ready broker.url (what
    MASH_BROKER_URL takes) and, for an agency, its secret. Run it again after every change of the
    partnership: what is there stays as it is.
    """
    if management is not None:
        settings = settings.model_copy(update={"management_url": SecretStr(management)})
    made = await provision_all(settings, definitions)
    if json_:
        as_json(asdict(made))
        return
    typer.echo(f"keys of {len(made.parties)} parties in {made.keys}")
    if made.broker is not None:
        b = made.broker
        typer.echo(f"broker: {len(b.added)} added, {len(b.changed)} changed, {len(b.removed)} removed")
        for left in b.left_over:
            typer.echo(f"  left over, and yours to remove: {left}")
    if made.definitions is not None:
        typer.echo(f"definitions in {made.definitions}: rabbitmqctl import_definitions {made.definitions}")
    typer.echo(f"stores of {', '.join(made.stores)}")
