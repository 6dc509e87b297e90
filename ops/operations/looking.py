"""Which of the two ways to look at the engines fits a hub."""

from __future__ import annotations

from messages.parties import HUB
from ops.engines import is_embedded
from ops.operations.engines import Engines
from ops.operations.one_process import OneProcess
from ops.operations.servers import Servers
from ops.settings import Settings


def engines_of(settings: Settings) -> Engines:
    """What looks at the engines that the settings name."""
    return OneProcess(settings) if is_embedded(settings, HUB) else Servers(settings)
