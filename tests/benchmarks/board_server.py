"""The dashboard over a store with many cases, served until it is told to stop.

``python -m tests.benchmarks.board_server STORE_URL PORT``
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import sys
from datetime import timedelta

import uvicorn

from messages.envelope import Envelope
from ops.clocks import SystemClock
from ops.dashboard.app import create_app
from ops.dashboard.given import Given
from ops.dashboard.sign_in import DevelopmentSignIn
from ops.logs import configure_logs
from ops.operations.one_process import OneProcess
from ops.sending import Answer
from ops.settings import Settings
from store.connect import connect
from store.vault import Vault
from tests.benchmarks.many_cases import NOW
from tests.support.hub_on_engines import StandingClock
from tests.support.procedure import PARTNERSHIP

LOOK_EVERY = timedelta(seconds=2)


class Nobody:
    """Takes nothing: the board is looked at."""

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        raise NotImplementedError


async def main(store_url: str, port: int) -> None:
    configure_logs("error", "json", sys.stderr)
    store, secret = connect(store_url, agent="coordinator"), secrets.token_bytes(32)
    ids = itertools.count(1)
    clock = StandingClock(NOW)

    def new_id() -> str:
        return f"id-{next(ids)}"

    given = Given(
        store=store,
        vault=Vault(store, secret, secret, clock, new_id),
        audit_secret=secret,
        index_key=secret,
        partnership=PARTNERSHIP,
        speaker=Nobody(),
        engines=OneProcess(Settings()),
        sign_in=DevelopmentSignIn(PARTNERSHIP, "127.0.0.1", embedded=True),
        clock=clock,
        wall=SystemClock(),
        new_id=new_id,
        new_secret=lambda: secrets.token_urlsafe(16),
        secure=False,
        look_every=LOOK_EVERY,
    )
    config = uvicorn.Config(create_app(given), port=port, log_config=None, timeout_graceful_shutdown=1)
    await uvicorn.Server(config).serve()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
