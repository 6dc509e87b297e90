"""``mash doctor``."""

from __future__ import annotations

from dataclasses import asdict

from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.doctor import Finding, examine
from ops.problem import Problem
from ops.settings import Settings


@command(app, "doctor", example="mash doctor --keys /etc/mash/keys")
async def doctor(settings: Settings, json_: AsJson = False) -> None:
    """Say what is missing, and what to do; exit 1 when something is."""
    found = await examine(settings)
    if json_:
        as_json([asdict(one) for one in found])
    else:
        table(("", "what", "is", "do"), ([_mark(f), f.what, f.is_so, f.do] for f in found))
    if missing := [f.what for f in found if not f.ok]:
        raise Problem(f"to be put right: {', '.join(missing)}")


def _mark(one: Finding) -> str:
    if not one.ok:
        return "!!"
    return "->" if one.do else "ok"
