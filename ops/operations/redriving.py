"""Takes messages out of quarantine, for the command line and the dashboard alike."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any

from messages.codec import peek
from messages.parties import HUB, STAFF
from ops import mailroom, serving
from ops.engines import given_to, is_embedded, keys_of, new_id, open_store
from ops.operations.engines import Redriven
from ops.problem import Problem
from ops.settings import Settings
from store.audit_check import whole_chain
from store.port import Store
from store.quarantine import NotInQuarantine, Quarantine

ANSWER_LIMIT_S = 20.0


class MovedOn(Problem):
    """People have decided in a case since a decision in it was refused. ``acts`` are what they did."""

    def __init__(self, case: str, acts: tuple[str, ...]) -> None:
        self.case = case
        self.acts = acts
        super().__init__(
            f"people have decided in case {case} since this was refused ({', '.join(acts)}), and it would "
            "take effect as of now: look at the case, and send the decision anew or use --anyway"
        )


async def redrive(settings: Settings, message_id: str, of: str = HUB, *, anyway: bool = False) -> Redriven:
    """Have a message in a party's quarantine handled again.

    Raises
    ------
    MovedOn
        when it is a decision, and people have decided in its case since, unless ``anyway``.
    Problem
        when the hub does not answer, or does not do this.
    NotInQuarantine, QuarantineUnreadable
    BrokerError, StoreError
    """
    if not anyway and of == HUB:
        await _require_has_not_moved_on(settings, message_id)
    if is_embedded(settings, of):
        return await _asked(settings, message_id, of)
    if of == HUB:
        async with given_to(settings, HUB) as given:
            outcome = await serving.coordinator_runtime(settings, given, None).redrive(message_id)
    else:
        worker = serving.worker_of(settings, of.removeprefix("agency."))
        async with given_to(settings, of) as given:
            outcome = await serving.worker_runtime(settings, worker, given, None).redrive(message_id)
    return Redriven(outcome.kind, outcome.reason)


async def _require_has_not_moved_on(settings: Settings, message_id: str) -> None:
    store = await open_store(settings, HUB)
    try:
        quarantine = Quarantine(store, keys_of(settings, HUB).quarantine)
        await require_has_not_moved_on(store, quarantine, message_id)
    finally:
        await store.close()


async def require_has_not_moved_on(store: Store, quarantine: Quarantine, message_id: str) -> None:
    """Raises `MovedOn` when people have decided in the case of a staff message after it was refused."""
    item = await quarantine.opened(message_id)
    case = peek(item.body).get("subject")
    if item.user != STAFF or case is None:
        return
    acts = [json.loads(entry.body) for entry in await whole_chain(store, case)]
    later = [act["act"] for act in acts if act["by"] and datetime.fromisoformat(act["at"]) > item.at]
    if later:
        raise MovedOn(case, tuple(later))


async def _asked(settings: Settings, message_id: str, of: str) -> Redriven:
    """What a hub in one process answers to the request."""
    if of != HUB:
        raise Problem("a hub in one process redrives the hub's own messages only")
    store = await open_store(settings, of)
    try:
        if not await store.quarantined(1, message_id=message_id, bodies=False):
            raise NotInQuarantine(f"{message_id} is not in quarantine")
    finally:
        await store.close()
    done = mailroom.ask(settings.data, f"redrive-{new_id()}", {"redrive": message_id})
    for _ in range(int(ANSWER_LIMIT_S / 0.1)):
        if done.exists():
            answer: dict[str, Any] = json.loads(done.read_bytes())
            done.unlink()
            return Redriven(answer["outcome"], answer["reason"])
        await asyncio.sleep(0.1)
    raise Problem("the hub did not answer; start it with `mash up`, which then does it")
