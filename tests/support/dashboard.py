"""A dashboard over a hub with cases at every stage, and people who look at it."""

from __future__ import annotations

import asyncio
import copy
import itertools
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from agents.deciding import Refused
from agents.partnership import Partnership
from agents.runtime import Outcome
from messages.envelope import Envelope
from messages.words import Rag
from ops.dashboard.app import create_app
from ops.dashboard.given import Given
from ops.dashboard.sign_in import DevelopmentSignIn
from ops.sending import Answer
from store.connect import connect
from store.vault import Vault
from tests.support.engines_seen import SeenEngines
from tests.support.grounds import Ground, made_on
from tests.support.hub_on_engines import EmbeddedEngines, HubOnEngines, StandingClock
from tests.support.procedure import CORE_CHILD, Procedure, element, release, withhold
from tests.support.whole_hub import INDEX_KEY, PARTNERSHIP

MORNING = datetime(2012, 3, 5, 9, 0, tzinfo=UTC)
SERGEANT = "POL-SGT-01@police"
EDUCATION = "EDU-DM-01@education"
ADULT_CARE = "ASS-DM-01@asc_staffordshire"
FIELD = "CSS-SW-01@csc_staffordshire"
CHAMPION = "POL-DPO-01@police"
TEXT = "CANARY-OF-THE-POLICE seen at the address"
WITHHELD = "CANARY-OF-THE-SCHOOL about an operation"
AUDIT_SECRET = b"a" * 32
PURPOSE = "safeguarding_children"

_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass(frozen=True)
class Scene:
    """A hub with cases by what they are at, and its folder. The hub lives in a ``thread`` of its own."""

    store_url: str
    cases: Mapping[str, str]
    hub: HubOnEngines
    thread: Executor

    @property
    def now(self) -> datetime:
        """The time in the hub."""
        return self.hub.now

    def pass_time(self, length: timedelta) -> None:
        """Let this much go by in the hub; what comes due is done."""
        self.thread.submit(self.hub.wait, length).result()

    async def redrive(self, message_id: str) -> Outcome:
        """Have the hub handle a message in its quarantine again."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, self.hub.redrive, message_id)

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        """`ops.speaking.Speaker`: the hub takes it, or refuses it."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self.thread, self.hub.take, envelope)
        except Refused as why:
            return Answer("refused", why.reason, why.fields, why.remedy)
        return Answer("accepted")


Plays = Mapping[str, Callable[[Procedure, str], None]]
"""What makes each of the cases, by what it is at: its course, given the id of its referral."""


@contextmanager
def a_scene(
    folder: Path, plays: Plays | None = None, partnership: Partnership = PARTNERSHIP
) -> Iterator[Scene]:
    """Cases at every stage, or those of the plays, made by messages on the coordinator's runtime."""
    ground = partial(HubOnEngines, EmbeddedEngines(folder / "hub"))
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="hub") as thread:
        hub, cases = thread.submit(_made, ground, partnership, plays or _PLAYS).result()
        try:
            yield Scene(f"sqlite:///{folder / 'hub' / 'store'}", cases, hub, thread)
        finally:
            thread.submit(hub.close).result()


def _made(ground: Ground, partnership: Partnership, plays: Plays) -> tuple[HubOnEngines, Mapping[str, str]]:
    with made_on(ground):
        first = Procedure(partnership, start=MORNING)
    cases = {
        name: _played(play, copy.copy(first), f"R-{number}")
        for number, (name, play) in enumerate(plays.items(), start=1)
    }
    assert isinstance(first.whole, HubOnEngines)
    return first.whole, cases


def _played(play: Callable[[Procedure, str], None], procedure: Procedure, referral_id: str) -> str:
    """A case of its own in the hub of all of them."""
    play(procedure, referral_id)
    return procedure.case.case_id


def _issued(at: Procedure, referral_id: str) -> None:
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    at.answer("police", element("p/1", "police", TEXT))
    at.answer("education", element("e/1", "education", WITHHELD))
    at.nothing_from("primary_care", "csc_staffordshire")
    at.discuss("p/1", "e/1")
    at.decide("p/1", release())
    at.decide("e/1", withhold())
    at.assess()
    at.agree()


def supplemented(at: Procedure, referral_id: str) -> None:
    """A package with gaps at its due time; then what it had is withdrawn, and what came late follows it. It
    is none of the scene's own cases: `with_case` adds it for one test."""
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    at.answer("police", element("p/9", "police", TEXT))
    at.nothing_from("education", "csc_staffordshire")
    at.discuss("p/9", discussion_id="D-8")
    at.decide("p/9", release())
    at.assess()
    at.agree("partial_at_due")
    at.wait(at.partnership.clocks.amber)
    at.answer("primary_care", element("h/9", "primary_care", "CANARY-THAT-CAME-LATE"))
    at.discuss("h/9", discussion_id="D-9")
    at.decide("h/9", release())
    at.decide("p/9", withhold())
    at.assess()
    at.agree()


@contextmanager
def with_case(name: str, play: Callable[[Procedure, str], None]) -> Iterator[None]:
    """Scenes that are made in this block have a further case."""
    _PLAYS[name] = play
    try:
        yield
    finally:
        del _PLAYS[name]


def _late(at: Procedure, referral_id: str) -> None:
    at.until_directed(Rag.RED, referral_id=referral_id)
    at.wait(timedelta(hours=2, minutes=10))


def _disclosure(at: Procedure, referral_id: str) -> None:
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    at.answer("police", element("p/2", "police", TEXT))
    at.nothing_from(*(agency for agency in CORE_CHILD if agency != "police"))
    at.discuss("p/2", discussion_id="D-2")


def _red(at: Procedure, referral_id: str) -> None:
    at.until_directed(Rag.RED, referral_id=referral_id)


def _asks_adult_care(at: Procedure, referral_id: str) -> None:
    at.until_directed(Rag.AMBER, "asc_staffordshire", referral_id=referral_id)


def _new(at: Procedure, referral_id: str) -> None:
    at.wait(timedelta(minutes=1))
    at.refer(referral_id=referral_id)


def _sent_back(at: Procedure, referral_id: str) -> None:
    at.refer(referral_id=referral_id, section_47_belief=None)


_PLAYS: dict[str, Callable[[Procedure, str], None]] = {
    "issued": _issued,
    "late": _late,
    "disclosure": _disclosure,
    "adult_care": _asks_adult_care,
    "red": _red,
    "new": _new,
    "sent_back": _sent_back,
}


@dataclass
class Dashboard:
    """A dashboard at work, with its clocks in the test's hand."""

    app: FastAPI
    given: Given
    clock: StandingClock
    wall: StandingClock

    def browser(self) -> AsyncClient:
        """A browser of its own, which nobody has signed in with."""
        return AsyncClient(transport=ASGITransport(self.app), base_url="http://localhost")

    async def at_desk(self, who: str, case: str, purpose: str) -> AsyncClient:
        """The browser of a person who has said what they read a case for."""
        browser = await self.signed_in(who)
        answer = await send(browser, f"/cases/{case}/purpose", {"purpose": purpose, "then": ""})
        assert answer.status_code == 303
        return browser

    async def signed_in(self, who: str) -> AsyncClient:
        """The browser of a person, ``PERSON@AGENCY``."""
        browser = self.browser()
        await browser.get("/sign-in")
        answer = await send(browser, "/sign-in", {"person": who}, at="/sign-in")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return browser


async def send(
    browser: AsyncClient, to: str, said: Mapping[str, str | list[str]], *, at: str = "/you"
) -> Response:
    """Fill in the form that stands on a page, and send it."""
    return await browser.post(to, data={**said, "form_token": form_token(await browser.get(at))})


def form_token(page: Response) -> str:
    """What has to come back with a form of this page."""
    found = _TOKEN.search(page.text)
    assert found is not None
    return found[1]


@asynccontextmanager
async def a_dashboard(
    scene: Scene, partnership: Partnership = PARTNERSHIP, **changes: Any
) -> AsyncIterator[Dashboard]:
    """The dashboard over a scene; ``changes`` are of what it is given."""
    store = connect(scene.store_url, agent="coordinator")
    clock, wall = StandingClock(scene.now), StandingClock(MORNING)
    ids, secrets_ = itertools.count(1), itertools.count(1)

    def new_id() -> str:
        return f"id-{next(ids)}-of-{clock.now():%H%M%S%f}"

    given = Given(
        store=store,
        vault=Vault(store, AUDIT_SECRET, AUDIT_SECRET, clock, new_id),
        audit_secret=AUDIT_SECRET,
        index_key=INDEX_KEY,
        partnership=partnership,
        speaker=scene,
        engines=SeenEngines(scene, store),
        sign_in=DevelopmentSignIn(partnership, "127.0.0.1", embedded=True),
        clock=clock,
        wall=wall,
        new_id=new_id,
        new_secret=lambda: f"secret-{next(secrets_)}",
        secure=False,
    )
    given = replace(given, **changes)
    app = create_app(given)
    try:
        async with app.router.lifespan_context(app):
            yield Dashboard(app, given, clock, wall)
    finally:
        await store.close()


def with_clearance(**dates: Any) -> Partnership:
    """The partnership with these dates of clearance for everybody."""
    said = PARTNERSHIP.model_dump()
    clearance = {**said["clearance"], **dates}
    return Partnership.model_validate(
        {**said, "clearance": clearance, "staff": [{**one, **dates} for one in said["staff"]]}
    )
