"""What has to hold when it is over: each thing happened, and happened once."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agents.agency.layout import read_layout
from agents.agency.state import AgencyCase
from agents.coordinator.case import Case
from messages.codec import from_wire
from messages.notices import MessageRejected, OutcomeNotified
from messages.package import PackageIssued
from messages.parties import HUB
from messages.sealing import KeptContext, WireKeys
from messages.words import AnswerState, Said
from store.audit_check import chains, verify_chain
from store.port import Store
from tests.benchmarks.course import AGENCIES, SOURCE, TEAMS
from tests.support.killed.people import case_of

CHAIN_OF_A_CASE = Counter(
    {
        "referral.received": 1,
        "threshold.decided": 1,
        "risk.rated": 1,
        "enquiry.directed": 1,
        "check.answered": len(AGENCIES),
        "discussion.recorded": 1,
        "element.decided": len(AGENCIES),
        "assessment.made": 1,
        "package.agreed": 1,
        "package.issued": 1,
        "record.acknowledged": len(AGENCIES),
    }
)
NOT_IN_EVERY_CHAIN = {"red.notified", "content.sent"}
CHAIN_OF_A_CHECK = Counter({"check_answered": 1, "decided_by_rule": 1, "written_back": 1})


@dataclass(frozen=True, slots=True)
class Kept:
    """An agent's store, and the key of its audit."""

    store: Store
    audit_secret: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it came to somebody."""

    message_id: str
    case_id: str
    said: Said


def opened(party: str, bodies: Iterable[bytes], keys: WireKeys) -> list[Heard]:
    """What the hub sent to a party."""
    envelopes = [from_wire(body, user=HUB, me=party, keys=keys)[0] for body in bodies]
    return [Heard(e.id, e.subject, e.payload) for e in envelopes]


async def left_unsent(kept: Mapping[str, Kept]) -> dict[str, list[str]]:
    """Documents, by agent, with something left in the outbox or to be copied into the audit."""
    far_future = datetime.now(UTC) + timedelta(days=1)
    found = {party: await each.store.unsettled(far_future, 1000) for party, each in kept.items()}
    return {party: keys for party, keys in found.items() if keys}


async def check_the_hub(hub: Kept, referrals: int) -> dict[str, Case]:
    """Each referral is one case, with one package and one decision on each element. Returns the cases."""
    rows = (await hub.store.find({"kind": "case"}, limit=referrals + 1)).rows
    assert {row.key for row in rows} == {case_of(number) for number in range(referrals)}
    assert len(rows) == referrals
    cases = {row.key: Case.model_validate_json(row.state, context=KeptContext()) for row in rows}
    for row in rows:
        case = cases[row.key]
        assert (row.outbox, row.audit_pending) == ((), ()), row.key
        assert sorted(check.agency for check in case.checks) == sorted(AGENCIES), row.key
        assert {check.state for check in case.checks} == {AnswerState.FOUND}, row.key
        assert len(case.discussions) == 1, row.key
        assert sorted(element.holder for element in case.elements) == sorted(AGENCIES), row.key
        for element in case.elements:
            assert element.decision is not None, row.key
            assert element.earlier_decisions == (), row.key
        assert [package.version for package in case.packages] == [1], row.key
        assert sorted(case.packages[0].elements) == sorted(e.element_id for e in case.elements), row.key
        assert sorted(record.agency for record in case.records) == sorted(AGENCIES), row.key
        assert all(record.acknowledged_at for record in case.records), row.key
    return cases


async def check_a_worker(worker: Kept, cases: Iterable[str]) -> None:
    """It answered each check once, decided each element once, and has nothing left to do."""
    rows = (await worker.store.find({}, limit=10_000)).rows
    assert {row.key for row in rows} == set(cases)
    for row in rows:
        assert (row.outbox, row.audit_pending) == ((), ()), row.key
        work = AgencyCase.model_validate_json(row.state)
        done = (work.checks, work.elements, work.decided, work.written, work.waiting, work.rejected)
        assert [len(each) for each in done] == [1, 1, 1, 1, 0, 0], row.key


async def check_the_audit(kept: Kept, keys: Iterable[str], expected: Counter[str]) -> None:
    """Every chain verifies, and the chain of each document has each fact once."""
    wanted = set(keys)
    async for key in chains(kept.store):
        assert await verify_chain(kept.store, key, kept.audit_secret) is None, key
        bodies = [json.loads(entry.body) for entry in await kept.store.audit(key)]
        if key.startswith("round/"):
            # Each day's agenda and alarm once, and begun once however often the hub was started.
            acts = Counter((body["act"], body["detail"].get("day")) for body in bodies)
            assert acts["round.begun", None] == 1 and set(acts.values()) == {1}, key
            continue
        if key.startswith("watch/"):
            # Begun once too; no panel was called.
            assert {body["act"] for body in bodies} <= {"watch.begun", "panel_seats.looked_at"}, key
            assert sum(body["act"] == "watch.begun" for body in bodies) == 1, key
            continue
        assert key in wanted, key
        wanted.remove(key)
        found = Counter(body["act"] for body in bodies if body["act"] not in NOT_IN_EVERY_CHAIN)
        assert found == expected, f"{key}: too much {found - expected}, too little {expected - found}"
        assert sum(body["act"] == "red.notified" for body in bodies) <= 1, key
        about = [b["detail"]["element_id"] for b in bodies if b["act"] == "element.decided"]
        about += [m["message"] for b in bodies if b["act"] == "content.sent" for m in b["detail"]["messages"]]
        assert len(set(about)) == len(about), key
    assert not wanted


async def check_the_quarantine(kept: Mapping[str, Kept]) -> None:
    """Nobody said anything that could not be handled."""
    for party, each in kept.items():
        items = await each.store.quarantined()
        found = Counter((item.type, item.queue, item.reason, item.attempts) for item in items)
        assert not found, f"quarantine of {party}: {found}"


def check_what_was_sent(sent: Mapping[str, Sequence[Heard]], cases: Mapping[str, Case]) -> int:
    """Each team has each package, the source each outcome: one message each, however often it came.

    Returns how often a message came that had come before.
    """
    for team in TEAMS:
        packages: dict[str, set[tuple[str, int, str, str]]] = defaultdict(set)
        for heard in sent[f"team.{team}"]:
            if isinstance(heard.said, PackageIssued):
                said = heard.said
                packages[heard.case_id].add((said.package_id, said.version, said.sha256, heard.message_id))
        assert packages.keys() == cases.keys(), team
        for case_id, found in packages.items():
            record = cases[case_id].packages[0]
            assert [each[:3] for each in found] == [(record.package_id, 1, record.sha256)], (team, case_id)
    told = {h.message_id: h.case_id for h in sent[f"source.{SOURCE}"] if isinstance(h.said, OutcomeNotified)}
    assert Counter(told.values()) == Counter(dict.fromkeys(cases, 1))
    everything = [heard for each in sent.values() for heard in each]
    assert [h.said.reason for h in everything if isinstance(h.said, MessageRejected)] == []
    return len(everything) - len({(party, h.message_id) for party, each in sent.items() for h in each})


def check_what_was_recorded(agencies: Path, cases: Mapping[str, Case]) -> None:
    """Each agency's own file has what it was asked to record, once."""
    for agency in AGENCIES:
        file = agencies / agency / read_layout(agencies / agency / "agency.toml").written_back.file
        with file.open(newline="") as rows:
            found = Counter((row["record_id"], row["element_id"]) for row in csv.DictReader(rows))
        wanted = {r.record_id for case in cases.values() for r in case.records if r.agency == agency}
        assert {record_id for record_id, _ in found} == wanted, agency
        assert set(found.values()) == {1}, agency
