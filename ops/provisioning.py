"""Makes everything that has to be there before an agent may start: keys, passwords, topology, indexes.

Running it again changes nothing that is there: keys and passwords stay as they are, so that it can
follow every change of the partnership.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from yarl import URL

import store.connect
from broker.rabbitmq.definitions import definitions
from broker.rabbitmq.management import Management
from broker.rabbitmq.provision import Provisioned, provision
from messages.parties import HUB
from messages.topology import Topology
from ops import key_folder
from ops.engines import agent_name, partnership_of
from ops.mailroom import write_whole
from ops.problem import WrongInput
from ops.settings import Settings

AMQP_PORT, MANAGEMENT_PORT = 5672, 15672


@dataclass(frozen=True, slots=True)
class Made:
    """What was done. ``broker`` is None when no server was asked."""

    keys: Path
    parties: tuple[str, ...]
    broker: Provisioned | None
    stores: tuple[str, ...]
    definitions: Path | None


async def provision_all(settings: Settings, definitions_file: Path | None = None) -> Made:
    """Keys for everybody; then the broker, by its management API or as a definitions file; then stores.

    Raises
    ------
    WrongInput
        when the broker's URL is no server's.
    BrokerError, StoreError
    """
    partnership = partnership_of(settings)
    topology = partnership.topology()
    parties = [user.name for user in topology.users]
    agents = [HUB, *(f"agency.{agency}" for agency in sorted(partnership.agencies))]
    make_keys(settings.keys_at, parties, agents)
    server = on_server(settings)
    provisioned = None
    if server is not None:
        passwords = _hand_out_broker_urls(settings.keys_at, parties, server)
        vhost = server.path.lstrip("/") or "/"
        if definitions_file is not None:
            _write_definitions(definitions_file, topology, vhost, passwords)
        else:
            provisioned = await provision(
                management_of(settings),
                topology,
                vhost=vhost,
                passwords=passwords,
                salt=lambda: secrets.token_bytes(4),
            )
    elif definitions_file is not None:
        raise WrongInput("--definitions needs the broker's URL: set --broker amqp://host:5672/")
    stores = await _provision_stores(settings, agents)
    return Made(settings.keys_at, tuple(parties), provisioned, stores, definitions_file)


def make_keys(keys: Path, parties: list[str], agents: list[str]) -> None:
    """The secret of each agent and the wire key of each party, where they are not there yet."""
    for agent in agents:
        key_folder.secret_of(keys, agent, make=True)
    key_folder.hand_out_wire_keys(keys, [party for party in parties if party != HUB])


def on_server(settings: Settings) -> URL | None:
    """The broker's URL when it is a server's. Raises `WrongInput` for one that nobody knows."""
    if settings.broker_url is None:
        return None
    text = settings.broker_url.get_secret_value()
    if text.lower().startswith("embedded:"):
        return None
    url = URL(text)
    if url.scheme not in ("amqp", "amqps") or not url.host:
        raise WrongInput("the broker's URL has to be amqp://host:5672/vhost to provision a server")
    return url


def _hand_out_broker_urls(keys: Path, parties: list[str], server: URL) -> dict[str, str]:
    """A ready URL for each party, with the password it has or a new one; returns the passwords."""
    passwords = {}
    for party in parties:
        password = key_folder.password_of(keys, party) or secrets.token_urlsafe(24)
        passwords[party] = password
        where = f"{server.host}:{server.port or AMQP_PORT}{server.raw_path}"
        url = f"{server.scheme}://{quote(party)}:{password}@{where}"
        if server.raw_query_string:
            url += f"?{server.raw_query_string}"
        write_whole(keys / party / key_folder.BROKER_URL, url.encode())
    return passwords


def _write_definitions(file: Path, topology: Topology, vhost: str, passwords: dict[str, str]) -> None:
    wanted = definitions(topology, vhost, passwords, lambda: secrets.token_bytes(4))
    write_whole(file, json.dumps(wanted, indent=2).encode())


def management_of(settings: Settings) -> Management:
    """An administrator's access: as set, else the broker's host and user at the usual port.

    Raises
    ------
    WrongInput
        when there is no administrator's name and password.
    """
    server = on_server(settings)
    if server is None:
        raise WrongInput("there is no broker to administrate: set --broker amqp://host:5672/")
    if settings.management_url is not None:
        url = URL(settings.management_url.get_secret_value())
    else:
        url = URL.build(
            scheme="http",
            host=server.host or "",
            port=MANAGEMENT_PORT,
            user=server.user,
            password=server.password,
        )
    if not url.user or url.password is None:
        raise WrongInput(
            "provisioning needs an administrator: set --management http://user:password@host:15672, "
            "or write a file for one with --definitions"
        )
    return Management(str(url.with_user(None)), url.user, url.password)


async def _provision_stores(settings: Settings, agents: list[str]) -> tuple[str, ...]:
    for agent in agents:
        opened = store.connect.connect(
            settings.store_at, agent=agent_name(agent), driver=settings.mongo_driver
        )
        try:
            await opened.provision()
        finally:
            await opened.close()
    return tuple(agent_name(agent) for agent in agents)
