"""What is confidential is nowhere but in the vault, and in what those get who are entitled to it.

One long case with a word of its own in every confidential text; then a search of every place there is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from messages.codec import from_wire
from messages.envelope import Envelope
from messages.package import PackageIssued
from messages.parties import HUB
from messages.sealing import SealingContext
from ops import key_folder
from tests.support.hub_system import AGENCIES, HubSystem
from tests.support.leaks.at_rest import at_rest
from tests.support.leaks.commands import mash
from tests.support.leaks.course import LongCase
from tests.support.leaks.planting import plant
from tests.support.leaks.watching import Place, Watch
from tests.support.procedure import CHILDRENS_TEAM, POLICE_TEAM

pytestmark = pytest.mark.asyncio(loop_scope="module")

STOOD = {
    "released_by_rule": "released",
    "sanitised_by_rule": "sanitised",
    "withheld_by_rule": "withheld",
    "owned_by_probation": "released",
    "owned_by_housing": "third_party_pending",
    "escalated": "disputed",
    "presumed_usable": "presumed_usable",
    "withheld_by_person": "withheld",
    "sanitised_by_person": "sanitised",
    "disputed": "disputed",
    "undecided": "awaiting_owner",
    "undiscussed": "revealed",
    "considered": "consider",
    "withdrawn": "withheld",
}
"""How the elements stood when the first package went out."""

ANSWERING = ("police", "education", "primary_care", "csc_staffordshire")

PEOPLE = {
    *(
        f"{what} of the child"
        for what in ("NHS number", "birth", "card", "given name", "surname", "nickname")
    ),
    *("home of the child", "earlier home of the child"),
    *("given name of the suspect", "surname of the suspect"),
}
ASSESSMENT = {
    "urgent facts",
    *(
        f"assessment: {part}"
        for part in ("reason", "proportionality", "early_risk", "timeliness", "coordination")
    ),
}
SECOND_ASSESSMENT = {f"second {part}" for part in ASSESSMENT if part != "urgent facts"}
"""What the assessment of the second round says, which goes with its supplement."""

RELEASED = {
    1: {
        "released_by_rule: text",
        "sanitised_by_rule: suggestion",
        "owned_by_probation: text",
        "owned_by_probation: condition",
        "presumed_usable: text",
        "sanitised_by_person: sanitised",
    },
    2: {"escalated: text", "late: text"},
    3: {"released_by_rule: text"},
}
"""What each version of the package lets go: all of it, and nothing else."""

HELD = {
    "police": {
        *("released_by_rule: text", "sanitised_by_rule: text", "sanitised_by_rule: source"),
        *("withheld_by_rule: text", "owned_by_probation: text", "owned_by_housing: text", "escalated: text"),
    },
    "education": {f"{kind}: text" for kind in ("presumed_usable", "withheld_by_person", "disputed")}
    | {"sanitised_by_person: text"},
    "primary_care": {f"{kind}: text" for kind in ("undecided", "undiscussed", "considered", "withdrawn")},
    "csc_staffordshire": {"late: text", "late_undiscussed: text"},
    "probation": {"owned_by_probation: text", "owned_by_probation: why needed"},
    "housing": {"owned_by_housing: text", "owned_by_housing: why needed"},
}
"""What each agency knows by itself, or is asked to permit and why."""

QUESTIONS = {"question of the hub", "question of the team"}
ALL_RELEASED = set().union(*RELEASED.values())
OWN_IN_OTHER_WORDS = {
    "police": {"sanitised_by_rule: suggestion"},
    "education": {"sanitised_by_person: sanitised"},
}


def to_record(agency: str) -> set[str]:
    """What an agency that answered is asked to record: all that others let go, and its own."""
    return (
        ALL_RELEASED
        - ({"owned_by_probation: condition"} if agency == "police" else set())
        - OWN_IN_OTHER_WORDS.get(agency, set())
        | HELD[agency]
    )


ACTS = {
    "assessment.made", "check.answered", "check.unreadable", "controller.decided", "deadline.breached",
    "content.sent", "deadline.warned", "disclosure.disputed", "discussion.recorded", "element.decided",
    "enquiry.directed",
    "escalation.convened", "escalation.decided", "information.requested", "management.acted",
    "message.rejected", "outcome.reported", "package.acknowledged", "package.agreed", "package.issued",
    "record.acknowledged", "red.notified", "referral.received", "refused", "risk.rated", "threshold.decided",
}  # fmt: skip


@dataclass
class Aftermath:
    """The long case when it is over, and what was found where."""

    case: LongCase
    watch: Watch
    at_rest: list[Place]
    seen: list[Place]
    printed: list[Place] = field(default_factory=list)
    packages: dict[str, list[Envelope]] = field(default_factory=dict)
    shown: dict[int, str] = field(default_factory=dict)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def aftermath(hub_system: HubSystem, tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """Runs the long case, then looks into everything; agents are stopped in the end."""
    hub = hub_system
    hub.watch = watch = Watch(hub.settings.traces_at)
    case = LongCase(hub, tmp_path_factory.mktemp("agencies"))
    with watch.listening():
        await case.run()
        found = Aftermath(case, watch, await at_rest(hub), [])
        for team in (CHILDRENS_TEAM, POLICE_TEAM):
            sent = await hub.take_all(team)
            found.packages[team] = [e for e in sent if isinstance(e.payload, PackageIssued)]
        await hub.stop()
        found.seen = list(watch.places())
    found.printed = [
        ("command", text.encode()) for text in [text async for text in _commands(hub, case.case)]
    ]
    for version in RELEASED:
        words = ("package", case.case, "--version", str(version), "--json")
        reader = ("--as", "POL-SGT-01@police", "--purpose", "safeguarding_children")
        found.shown[version] = await mash(hub, *words, *reader)
    found.at_rest += await at_rest(hub)
    return found


async def _commands(hub: HubSystem, case: str) -> AsyncIterator[str]:
    """Everything that an operator can have printed about this hub, packages left out."""
    for words in (("cases",), ("cases", "--json"), ("audit", "verify"), ("audit", "verify", case)):
        yield await mash(hub, *words)
    for words in (("registers",), ("figures",), ("figures", "--json"), ("retention", "list", "--json")):
        yield await mash(hub, *words)
    for option in ("--json", "--trace"):
        yield await mash(hub, "case", case, option)
    yield await mash(hub, "case", case)
    for party in (HUB, *(f"agency.{agency}" for agency in AGENCIES)):
        listed = await mash(hub, "quarantine", "list", "--of", party, "--json")
        yield listed
        for item in json.loads(listed):
            yield await mash(hub, "quarantine", "show", item["message_id"], "--of", party)


async def test_the_case_went_through_everything(aftermath: Aftermath) -> None:
    hub, case = aftermath.case.hub, aftermath.case.case
    assert aftermath.case.stood == STOOD
    kept_in = await hub.store(HUB)
    assert {json.loads(entry.body)["act"] for entry in await kept_in.audit(case)} >= ACTS
    aside = {(one.queue.split(".")[0], one.reason) for one in await kept_in.quarantined()}
    assert aside == {
        ("hub", "role_may_not"),
        ("hub", "not_sealed"),
        ("hub", "payload_invalid"),
        ("hub", "not_json"),
        ("hub", "handler_failed"),
        ("agency", "handler_failed"),
    }
    kinds = [(p.version, p.kind) for p in (await hub.case(case)).packages]
    assert kinds == [(1, "partial"), (2, "supplement"), (3, "supplement")]


async def test_nothing_confidential_is_at_rest_outside_the_vault(aftermath: Aftermath) -> None:
    told = aftermath.case.words.found(aftermath.at_rest)
    # What a sender does not seal was in the clear in its queue; the broker's write-ahead log still has it.
    assert told.pop("broker file", set()) <= {"poison in the clear"}
    assert told == {}


async def test_nothing_confidential_was_ever_written_published_logged_traced_or_raised(
    aftermath: Aftermath,
) -> None:
    assert aftermath.case.words.found(aftermath.seen) == {}


async def test_no_command_prints_anything_confidential(aftermath: Aftermath) -> None:
    assert aftermath.case.words.found(aftermath.printed) == {}


@pytest.mark.parametrize("team", [CHILDRENS_TEAM, POLICE_TEAM])
async def test_a_team_finds_in_its_packages_exactly_what_was_released(
    aftermath: Aftermath, team: str
) -> None:
    told = {}
    for envelope in aftermath.packages[team]:
        assert isinstance(envelope.payload, PackageIssued)
        told[envelope.payload.version] = told_by(aftermath, envelope)
    assert told == {
        v: PEOPLE | {"concern"} | (SECOND_ASSESSMENT if v == 3 else ASSESSMENT) | released
        for v, released in RELEASED.items()
    }


async def test_the_package_command_shows_exactly_what_was_released(aftermath: Aftermath) -> None:
    words = aftermath.case.words
    told = {version: words.found_in(text.encode()) for version, text in aftermath.shown.items()}
    assert told == {
        v: PEOPLE | {"concern"} | (SECOND_ASSESSMENT if v == 3 else ASSESSMENT) | released
        for v, released in RELEASED.items()
    }


async def test_everybody_is_sent_what_they_are_entitled_to_and_no_more(aftermath: Aftermath) -> None:
    keys = key_folder.wire_keys_of(aftermath.case.hub.settings.keys_at, HUB)
    told: dict[str, set[str]] = defaultdict(set)
    for message in aftermath.watch.published():
        event = json.loads(message.body)
        if event["source"] == HUB:
            envelope, texts = from_wire(message.body, user=HUB, me=event["recipient"], keys=keys)
            told[envelope.recipient] |= told_in(aftermath, [text.reveal() for text in texts])
    assert told == {
        HUB: set(),
        "staff": set(),
        "source.first_response": {"redirection: reason"},
        **{
            team: PEOPLE | {"concern"} | ASSESSMENT | SECOND_ASSESSMENT | ALL_RELEASED
            for team in (CHILDRENS_TEAM, POLICE_TEAM)
        },
        **{f"agency.{agency}": PEOPLE | QUESTIONS | to_record(agency) for agency in ANSWERING},
        "agency.housing": PEOPLE | {"question of the hub"} | HELD["housing"],
        "agency.probation": HELD["probation"],
    }


async def test_agencies_record_their_own_elements_and_what_was_released_and_no_more(
    aftermath: Aftermath,
) -> None:
    words = aftermath.case.words
    told = {
        agency: words.found_in((aftermath.case.folder / agency / "written_back.csv").read_bytes())
        for agency in ANSWERING
    }
    assert told == {agency: to_record(agency) for agency in ANSWERING}


async def test_the_search_finds_what_is_planted_in_each_place(aftermath: Aftermath) -> None:
    hub, watch = aftermath.case.hub, aftermath.watch
    with watch.listening():
        planted = await plant(hub, watch)
    listed = await mash(hub, "cases", "--json")
    found = planted.words.found([*await at_rest(hub), *watch.places(), ("command", listed.encode())])
    assert [(label, place) for label, place in planted.places if label not in found.get(place, set())] == []


def told_by(aftermath: Aftermath, envelope: Envelope) -> set[str]:
    """What a message tells its receiver."""
    texts = SealingContext()
    envelope.payload.model_dump_json(context=texts)
    return told_in(aftermath, texts.texts)


def told_in(aftermath: Aftermath, texts: Iterable[str]) -> set[str]:
    return aftermath.case.words.found_in("\n".join(texts).encode())
