"""Runs ``mash`` over a hub that is there, as an operator does."""

from __future__ import annotations

import asyncio

from typer.testing import CliRunner

from ops.cli import app
from tests.support.hub_system import HubSystem


async def mash(hub: HubSystem, *words: str) -> str:
    """What a command prints; it has to end well."""
    place = ("--data", str(hub.settings.data), "--store", hub.settings.store_at)
    ended = await asyncio.to_thread(lambda: CliRunner().invoke(app, [*words, *place]))
    assert ended.exit_code == 0, (words[0], ended.exit_code)
    return ended.output
