"""A very small hub for tests of the runtime: two agencies are asked, and the source is told the outcome.

It uses real message types and real engines; only its rules are too simple for real life.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from agents.deciding import Agent, Decided, Fact, Refused, Sending, Unreadable
from agents.runtime import Given, Runtime
from broker.embedded import EmbeddedServer
from broker.port import Broker, Outbound
from messages.checks import CheckAnswered, CheckRequested, ElementRevealed, SourceRecord
from messages.clock import Clock
from messages.codec import from_wire, plain_wire
from messages.confidential import Confidential
from messages.envelope import Envelope, Lane
from messages.intake import EnquiryDirected, RiskRated
from messages.notices import DeadlineWarned, MessageRejected, OutcomeNotified
from messages.parties import queue_name, topology
from messages.referral import PersonConcerned, ReferralReceived
from messages.sealing import WireKeys
from messages.topology import Topology
from messages.words import Actor, AnswerState, CaseStatus, Category, Part, Rag, Rationale, Said
from ops.clocks import LoopClock, run_virtual
from store.connect import connect
from store.port import Facet, Store
from store.quarantine import Quarantine
from store.vault import Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGENCIES = ("police", "health")
SCHOOL = "source.school"
KEYS = WireKeys(secret=b"k" * 32)
AUDIT_SECRET = b"a" * 32
TOPOLOGY = topology(AGENCIES, [], ["school"])
LIMIT_S = 20.0

Params = ParamSpec("Params")
Result = TypeVar("Result")
SmallState = dict[str, Any]


def in_virtual_time(
    test: Callable[Params, Coroutine[Any, Any, Result]],
) -> Callable[Params, Result]:
    """Run an asynchronous test in virtual time."""

    @functools.wraps(test)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        return run_virtual(test(*args, **kwargs))

    return run


class _Small:
    """What the small agents have in common: states are dictionaries."""

    unhurried: frozenset[type[Said]] = frozenset()

    def load(self, key: str, text: str) -> SmallState:
        state: SmallState = json.loads(text)
        return state

    def dump(self, state: SmallState) -> str:
        return json.dumps(state)

    def due(self, state: SmallState) -> datetime | None:
        return datetime.fromisoformat(state["due"]) if state.get("due") else None

    async def prepare(self, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
        return {}


class SmallHub(_Small):
    """Opens a case for a referral, asks both agencies, warns after two hours, and tells the outcome."""

    party = "hub"

    def key(self, envelope: Envelope) -> str:
        return (
            f"case-{envelope.subject}" if isinstance(envelope.payload, ReferralReceived) else envelope.subject
        )

    def begins(self, envelope: Envelope) -> bool:
        return isinstance(envelope.payload, ReferralReceived)

    def facets(self, state: SmallState) -> Mapping[str, Facet]:
        return {"open": state["open"]}

    def decide(
        self, state: SmallState | None, envelope: Envelope, now: datetime, found: Any
    ) -> Decided[SmallState]:
        said = envelope.payload
        if isinstance(said, ReferralReceived):
            return self._opened(state, said, now)
        if state is None:
            raise Refused("case_unknown", "Give the case that the hub told you.")
        if isinstance(said, CheckAnswered):
            return self._answered(state, said, envelope)
        if isinstance(said, EnquiryDirected):
            raise RuntimeError(f"a bug that repeats {said.rationale!r}")
        if isinstance(said, RiskRated):
            if said.by.role != "mash_manager":
                raise Refused("right_missing", "Let a manager rate.", fields=("by.role",), by=said.by)
            return Decided({**state, "rag": said.rag.value}, facts=(Fact("rated", said.by),))
        return Decided({**state, "rejected": state.get("rejected", 0) + 1})

    def _opened(self, state: SmallState | None, said: ReferralReceived, now: datetime) -> Decided[SmallState]:
        if state is not None:
            raise Refused("case_exists", "Make a new referral.")
        due = now + timedelta(hours=2)
        request = CheckRequested(
            request_id=f"check-{said.referral_id}",
            round=1,
            category=said.category,
            rag=Rag.RED,
            due_at=due,
            purpose="safeguarding",
            legal_basis="children_act",
            case_status=CaseStatus.NEW_REFERRAL,
            people=said.people,
            question=Confidential("QUESTION of the hub"),
        )
        lane = Lane.URGENT if said.routine is False else Lane.ROUTINE
        return Decided(
            {"open": True, "answers": {}, "due": due.isoformat(), "warned": 0},
            tuple(Sending(f"agency.{agency}", request, lane) for agency in AGENCIES),
            (Fact("opened", detail={"category": said.category.value}),),
        )

    def _answered(self, state: SmallState, said: CheckAnswered, envelope: Envelope) -> Decided[SmallState]:
        if said.agency in state["answers"]:
            raise Refused("answered_already", "Nothing to do.", fields=("data.agency",))
        answers = {**state["answers"], said.agency: said.elements[0].text.ref}
        facts = (Fact("answered", detail={"agency": said.agency}),)
        if len(answers) < len(AGENCIES):
            return Decided({**state, "answers": answers}, facts=facts)
        told = OutcomeNotified(
            referral_id=envelope.subject,
            outcome="passed_to_teams",
            reason_code="done",
            reason=Confidential.kept(answers[min(answers)]),
        )
        after = {**state, "answers": answers, "open": False, "due": None}
        return Decided(after, (Sending(SCHOOL, told),), (*facts, Fact("closed")))

    def unreadable(self, state: SmallState, message: Unreadable, now: datetime) -> Decided[SmallState] | None:
        if not message.type.startswith("mash.check.answered"):
            return None
        return Decided({**state, "unreadable": message.sender}, facts=(Fact("answer_unreadable"),))

    def fire(self, state: SmallState, now: datetime) -> Decided[SmallState]:
        due = datetime.fromisoformat(state["due"])
        warning = DeadlineWarned(timer="hub_target", percent=50, due_at=due)
        warned = state["warned"] + 1
        next_due = (due + timedelta(hours=2)).isoformat() if warned < 2 else None
        return Decided(
            {**state, "due": next_due, "warned": warned}, (Sending("staff", warning),), (Fact("warned"),)
        )


class SmallAgency(_Small):
    """Answers every check with one element."""

    def __init__(self, agency: str) -> None:
        self.agency = agency
        self.party = f"agency.{agency}"

    def key(self, envelope: Envelope) -> str:
        return f"work-{envelope.subject}"

    def begins(self, envelope: Envelope) -> bool:
        return False

    def facets(self, state: SmallState) -> Mapping[str, Facet]:
        return {"subject": state["case"]}

    def decide(
        self, state: SmallState | None, envelope: Envelope, now: datetime, found: Any
    ) -> Decided[SmallState]:
        said = envelope.payload
        if not isinstance(said, CheckRequested):
            return Decided({"case": envelope.subject, "rejected": 1})
        answer = the_answer_of(self.agency)
        return Decided(
            {"case": envelope.subject, "answered": True},
            (Sending("hub", answer, envelope.lane),),
            (Fact("answered"),),
        )

    def fire(self, state: SmallState, now: datetime) -> Decided[SmallState]:
        raise AssertionError("an agency has no clock")


def the_answer_of(agency: str) -> CheckAnswered:
    """One element with a secret of the agency."""
    element = ElementRevealed(
        element_id=f"{agency}-1",
        about=("child-1",),
        kind="visit",
        owner=agency,
        marking="official",
        text=Confidential(f"SECRET of {agency}"),
        record=SourceRecord(document="doc-1", digest="0" * 64, span=(0, 10)),
    )
    return CheckAnswered(request_id="check-1", agency=agency, state=AnswerState.FOUND, elements=(element,))


def an_answer(agency: str, case: str, *, message_id: str) -> Envelope:
    """An agency answers, without having been asked by the runtime's agency."""
    return said_by(f"agency.{agency}", case, the_answer_of(agency), message_id=message_id)


def a_referral(number: int = 1, *, message_id: str | None = None, routine: bool = False) -> Envelope:
    """A referral by the school."""
    person = PersonConcerned(
        person_id="child-1", part=Part.CHILD, family_name=Confidential(f"FAMILYNAME{number}")
    )
    return said_by(
        SCHOOL,
        f"ref-{number}",
        ReferralReceived(
            referral_id=f"ref-{number}",
            source="school",
            category=Category.CHILD_PROTECTION,
            made_at=START,
            authority="staffordshire",
            people=(person,),
            concern=Confidential(f"CONCERN{number}"),
            routine=routine,
        ),
        message_id=message_id or f"m-ref-{number}",
    )


def a_rating(case: str, role: str = "mash_manager", message_id: str = "m-rating") -> Envelope:
    """Somebody rates a case."""
    rated = RiskRated(by=Actor(person="p-1", role=role, agency="police"), rag=Rag.RED, rationale=_RATIONALE)
    return said_by("staff", case, rated, message_id=message_id)


def a_bombshell(case: str, message_id: str = "m-bomb") -> Envelope:
    """A message that the small hub cannot cope with."""
    directed = EnquiryDirected(
        by=Actor(person="p-1", role="mash_manager", agency="police"),
        purpose="safeguarding",
        legal_basis="children_act",
        rationale=_RATIONALE,
    )
    return said_by("staff", case, directed, message_id=message_id)


_RATIONALE = Rationale(reason=Confidential("REASON"), proportionality=Confidential("PROPORTION"))


def said_by(party: str, subject: str, payload: Said, *, message_id: str) -> Envelope:
    """A message to the hub."""
    return Envelope(
        id=message_id, source=party, recipient="hub", subject=subject, time=START, payload=payload
    )


def outbound(envelope: Envelope, body: bytes | None = None) -> Outbound:
    """As its sender publishes it."""
    return Outbound(
        message_id=envelope.id,
        type=envelope.type,
        routing_key=envelope.routing_key,
        body=plain_wire(envelope, KEYS) if body is None else body,
    )


def counter(prefix: str) -> Callable[[], str]:
    """Ids that follow one another."""
    numbers = itertools.count(1)
    return lambda: f"{prefix}-{next(numbers)}"


class World:
    """Everybody around one broker, each with a store: on the embedded engines, in one folder."""

    def __init__(self, folder: Path, *, life: int = 1, known: Topology = TOPOLOGY) -> None:
        self.folder = folder
        self.clock: Clock = LoopClock(START)
        self.life = life
        self.server = EmbeddedServer(folder / "broker.sqlite", known, self.clock)
        self.running: list[tuple[Runtime[Any], asyncio.Task[None]]] = []
        self.stores: dict[str, Store] = {}
        self.opened: list[Store] = []

    async def connect(self, party: str) -> Broker:
        """A connection of a party to the broker."""
        return self.server.connect(party)

    def open_store(self, party: str) -> Store:
        """A connection of a party to its store, besides the one that the test looks through."""
        self.opened.append(self.connection_to_store(party))
        return self.opened[-1]

    def connection_to_store(self, party: str) -> Store:
        return connect(f"sqlite:///{self.folder}", agent=party)

    def store(self, party: str) -> Store:
        """The store of a party, opened once."""
        if party not in self.stores:
            self.stores[party] = self.open_store(party)
        return self.stores[party]

    async def given(self, party: str, *, broker: Broker | None = None, store: Store | None = None) -> Given:
        """What a runtime of this party needs."""
        store = store or self.store(party)
        return Given(
            broker=broker or await self.connect(party),
            store=store,
            vault=Vault(store, b"v" * 32, AUDIT_SECRET, self.clock, counter(f"read-{party}-{self.life}")),
            quarantine=Quarantine(store, b"q" * 32),
            clock=self.clock,
            new_id=counter(f"{party}-{self.life}"),
            wire_keys=KEYS,
            audit_secret=AUDIT_SECRET,
            keeps_content=True,
        )

    async def start(self, agent: Agent[Any], given: Given | None = None, **options: Any) -> Runtime[Any]:
        """Run an agent in the background."""
        options = {"look_again": timedelta(hours=1), "dead_letters": agent.party == "hub", **options}
        runtime = Runtime(agent, given or await self.given(agent.party), **options)
        task = asyncio.create_task(runtime.run(), name=f"{agent.party}-run")
        self.running.append((runtime, task))
        return runtime

    async def start_all(self, **options: Any) -> Runtime[Any]:
        """Run the hub and both agencies; returns the hub's runtime."""
        for agency in AGENCIES:
            await self.start(SmallAgency(agency), **options)
        return await self.start(SmallHub(), **options)

    async def publish(self, *envelopes: Envelope) -> None:
        """As their senders do."""
        for envelope in envelopes:
            await self.publish_as(envelope.source, outbound(envelope))

    async def publish_as(self, party: str, *messages: Outbound) -> None:
        """Whatever a party sends, sound or not."""
        broker = await self.connect(party)
        await broker.publish(messages)
        await broker.close()

    async def until(self, true: Callable[[], Awaitable[bool]], limit_s: float = LIMIT_S) -> None:
        """Wait for a condition, looking less and less often."""
        pause = 0.001
        async with asyncio.timeout(limit_s):
            while not await true():
                for _, task in self.running:
                    if task.done():
                        task.result()
                await asyncio.sleep(pause)
                pause *= 1.2

    async def case(self, key: str = "case-ref-1", party: str = "hub") -> SmallState:
        """The state of a document, empty when there is none."""
        kept = await self.store(party).load([key])
        state: SmallState = json.loads(kept[key].state) if key in kept else {}
        return state

    async def closed(self, key: str = "case-ref-1") -> bool:
        """Whether a case came to its end."""
        return (await self.case(key)).get("open") is False

    async def acts(self, key: str = "case-ref-1", party: str = "hub") -> list[str]:
        """What is in the audit collection of a document, but for the sending of content."""
        chain = await self.store(party).audit(key)
        found = [json.loads(entry.body)["act"] for entry in chain]
        return [act for act in found if act != "content.sent"]

    async def exists(self, key: str = "case-ref-1") -> bool:
        """Whether a case was opened."""
        return bool(await self.case(key))

    async def has(self, name: str, key: str = "case-ref-1") -> bool:
        """Whether a case has something in its state."""
        return name in await self.case(key)

    async def inbox_of(self, party: str) -> list[Envelope]:
        """Take everything out of a party's queues that nobody else consumes."""
        broker = await self.connect(party)
        found = []
        for lane in Lane:
            waiting = await broker.depth(queue_name(party, lane))
            subscription = await broker.subscribe(queue_name(party, lane), prefetch=100)
            while waiting > 0:
                deliveries = await subscription.take(100)
                await subscription.acknowledge(deliveries)
                waiting -= len(deliveries)
                found += [from_wire(one.body, user=one.user, me=party, keys=KEYS)[0] for one in deliveries]
            await subscription.stop()
        await broker.close()
        return found

    async def rejections_of(self, party: str) -> list[MessageRejected]:
        """The rejections among what a party has been sent."""
        return [e.payload for e in await self.inbox_of(party) if isinstance(e.payload, MessageRejected)]

    async def rejections_at(self, party: str, count: int, limit_s: float = LIMIT_S) -> list[MessageRejected]:
        """The rejections that a party is sent, once there are so many."""
        found: list[MessageRejected] = []

        async def enough() -> bool:
            found.extend(await self.rejections_of(party))
            return len(found) >= count

        await self.until(enough, limit_s)
        return found

    async def in_quarantine(self, party: str, count: int) -> bool:
        """Whether a party has so many messages in quarantine."""
        return len(await self.store(party).quarantined()) == count

    async def stop(self) -> None:
        """Stop all runtimes gracefully."""
        for runtime, task in self.running:
            await runtime.stop()
            await task
        self.running.clear()

    async def close(self) -> None:
        """Stop, and leave the files."""
        await self.stop()
        self.server.close()
        for store in self.opened:
            await store.close()
