"""The broker inside one process, durable on disk: no server to install, the same promises."""

from broker.embedded.broker import EmbeddedBroker
from broker.embedded.server import EmbeddedServer

__all__ = ["EmbeddedBroker", "EmbeddedServer"]
