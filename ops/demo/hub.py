"""What the demo needs of a hub, whichever engine it runs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from agents.partnership import Partnership
from broker.port import Broker
from messages.clock import Clock
from messages.sealing import WireKeys
from store.port import Store
from store.vault import Vault


class DemoHub(Protocol):
    """A running hub with its workers.

    ``engine`` names ``broker`` and ``store``. ``store`` and ``vault`` are the coordinator's, which the desk
    reads as a dashboard does. ``wire_keys`` are the hub's, because the desk plays many parties.
    """

    @property
    def engine(self) -> Mapping[str, str]: ...

    @property
    def partnership(self) -> Partnership: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def store(self) -> Store: ...

    @property
    def vault(self) -> Vault: ...

    @property
    def wire_keys(self) -> WireKeys: ...

    async def connect(self, party: str) -> Broker:
        """A connection of a party's own broker user; the caller closes it."""
        ...
