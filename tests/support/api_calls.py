"""What programs say to the HTTP API in tests, and a hub that only listens."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from httpx2 import Client

from broker.port import BrokerError
from messages.envelope import Envelope
from ops.dashboard.refusals import CHAIN
from ops.sending import Answer
from ops.speaking import Speaker
from tests.support import command_line
from tests.support.dashboard import Dashboard, form_token
from tests.support.dashboard_site import Site
from tests.support.whole_hub import PARTNERSHIP

RATIONALE = {"reason": "CANARY-WHY", "proportionality": "No less will do."}


@dataclass
class Hearing:
    """A hub that takes or refuses everything, and changes nothing."""

    answer: Answer = field(default_factory=lambda: Answer("accepted"))
    heard: list[tuple[Envelope, str | None]] = field(default_factory=list)

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        self.heard.append((envelope, case))
        return self.answer


@dataclass
class Unreachable:
    """A hub that nothing can be handed over to until it is ``back``."""

    back: Speaker | None = None

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        if self.back is None:
            raise BrokerError("the broker is down")
        return await self.back.say(envelope, case)


def actor(who: str) -> dict[str, str]:
    person, _, agency = who.partition("@")
    return {"person": person, "agency": agency, "role": min(PARTNERSHIP.roles_of(person, agency))}


def rating(case: str, by: dict[str, str], rag: str = "amber") -> dict[str, Any]:
    return {"type": "risk.rated.v1", "case": case, "data": {"by": by, "rag": rag, "rationale": RATIONALE}}


def referral(referral_id: str = "R-77") -> dict[str, Any]:
    return command_line.referral(referral_id=referral_id, made_at="2012-03-05T09:00:00Z")


async def refusals(dashboard: Dashboard) -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in await dashboard.given.store.audit(CHAIN)]


def headers_of(site: Site, who: str) -> dict[str, str]:
    """What the requests of somebody have who is signed in at the dashboard in a browser."""
    with Client(base_url=site.url, trust_env=False) as browser:
        token = form_token(browser.get("/sign-in"))
        browser.post("/sign-in", data={"form_token": token, "person": who})
        return {
            "Cookie": f"mash={browser.cookies['mash']}",
            "X-Form-Token": form_token(browser.get("/you")),
        }
