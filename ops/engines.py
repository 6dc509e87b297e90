"""Opens what an agent, or a person at the command line, works with: broker, store, vault, clock, keys."""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from yarl import URL

import broker.connect
import store.connect
from agents.partnership import Partnership, bundled, read_partnership
from agents.runtime import Given
from broker.embedded import EmbeddedServer
from broker.port import Broker
from messages.clock import Clock
from messages.parties import HUB
from ops import key_folder
from ops.clocks import ScaledClock, SystemClock
from ops.problem import Problem
from ops.settings import Settings
from store.port import Store
from store.quarantine import Quarantine
from store.vault import Vault

EMBEDDED = "embedded:"
COORDINATOR = "coordinator"


def new_id() -> str:
    """An identifier that was never made before."""
    return str(uuid.uuid4())


def clock_of(settings: Settings) -> Clock:
    """The clock that the settings name."""
    if settings.clock == "scaled" and settings.clock_origin and settings.clock_start:
        return ScaledClock(settings.clock_origin, settings.clock_start, settings.clock_factor)
    return SystemClock()


def partnership_of(settings: Settings) -> Partnership:
    """The partnership that the settings name, bundled or a folder, checked as of now. Raises
    `PartnershipInvalid`."""
    folder = Path(settings.partnership)
    now = clock_of(settings).now()
    return read_partnership(folder if folder.is_dir() else bundled(settings.partnership), now)


def agent_name(party: str) -> str:
    """The name of a party's store."""
    return COORDINATOR if party == HUB else party


def broker_url_for(settings: Settings, party: str) -> str:
    """The URL by which a party reaches the broker: as set, or as `mash provision` wrote it down.

    Raises
    ------
    Problem
        when the URL that is set is another party's, and none was written for this one.
    """
    given = settings.broker_url.get_secret_value() if settings.broker_url else None
    if given and (given.lower().startswith(EMBEDDED) or URL(given).user == party):
        return given
    written = key_folder.broker_url_of(settings.keys_at, party)
    if given and written is None:
        raise Problem(
            f"the broker's URL is not that of {party}, and there is none in {settings.keys_at / party}; "
            "run `mash provision`, or set --keys to the folder that it wrote"
        )
    return written or EMBEDDED


def is_embedded(settings: Settings, party: str) -> bool:
    """Whether the party's broker is inside the hub's process."""
    return broker_url_for(settings, party).lower().startswith(EMBEDDED)


async def open_broker(settings: Settings, party: str, embedded: EmbeddedServer | None = None) -> Broker:
    """A party's connection to the broker, which has what the partnership needs.

    Raises
    ------
    BrokerError
        TopologyMismatch among them.
    """
    topology = partnership_of(settings).topology()
    connection = await broker.connect.connect(
        broker_url_for(settings, party), party, topology, jitter=random.random, embedded=embedded
    )
    try:
        await connection.verify(topology)
    except BaseException:
        await connection.close()
        raise
    return connection


async def open_store(settings: Settings, party: str, *, make: bool = False) -> Store:
    """An agent's store, which has what it needs.

    With ``make`` a file that is not there is made; a server's store is made by `mash provision` alone.

    Raises
    ------
    StoreError
    Problem
        when something is missing on a server.
    """
    in_file = settings.store_at.startswith("sqlite:")
    if in_file and not make and not _file_of(settings, party).exists():
        if party != HUB:
            raise Problem(f"no worker of {party} has run with {settings.data}; it keeps nothing there")
        raise Problem(f"there is no hub in {settings.data}; start it with `mash up`, or correct --data")
    opened = store.connect.connect(settings.store_at, agent=agent_name(party), driver=settings.mongo_driver)
    try:
        if in_file:
            await opened.provision()
        elif missing := await opened.verify():
            raise Problem(f"the store lacks {', '.join(missing)}; run `mash provision`")
    except BaseException:
        await opened.close()
        raise
    return opened


def _file_of(settings: Settings, party: str) -> Path:
    return Path(unquote(settings.store_at.removeprefix("sqlite:///"))) / f"{agent_name(party)}.sqlite"


@dataclass(frozen=True, slots=True)
class AgentKeys:
    """Everything that an agent derives from its own secret."""

    vault: bytes
    quarantine: bytes
    audit: bytes
    index: bytes
    records: bytes

    @classmethod
    def derived(cls, secret: bytes) -> AgentKeys:
        """The keys of an agent; the same ones from the same secret."""

        def key(what: str) -> bytes:
            return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"mash {what}".encode()).derive(secret)

        return cls(key("vault"), key("quarantine"), key("audit"), key("index"), key("records"))


def keys_of(settings: Settings, party: str) -> AgentKeys:
    """The keys of an agent from the folder of keys. Raises `Problem` when they are not there."""
    return AgentKeys.derived(key_folder.secret_of(settings.keys_at, party))


def vault_of(kept_in: Store, keys: AgentKeys, clock: Clock) -> Vault:
    """The vault of an agent's store."""
    return Vault(kept_in, keys.vault, keys.audit, clock, new_id)


@asynccontextmanager
async def given_to(
    settings: Settings, party: str, embedded: EmbeddedServer | None = None
) -> AsyncIterator[Given]:
    """What the runtime of an agent is given; closed in good order at the end."""
    keys, clock = keys_of(settings, party), clock_of(settings)
    async with AsyncExitStack() as closing:
        kept_in = await open_store(settings, party, make=True)
        closing.push_async_callback(kept_in.close)
        connection = await open_broker(settings, party, embedded)
        closing.push_async_callback(connection.close)
        yield Given(
            broker=connection,
            store=kept_in,
            vault=vault_of(kept_in, keys, clock),
            quarantine=Quarantine(kept_in, keys.quarantine),
            clock=clock,
            new_id=new_id,
            wire_keys=key_folder.wire_keys_of(settings.keys_at, party),
            audit_secret=keys.audit,
            keeps_content=party == HUB,
        )
