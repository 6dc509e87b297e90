"""What is confidential stays confidential in everything else that the hub does. [D18, L10, J05, A13]

DIALs, missing people, adult protection with its AP1, hate crime, exploitation, supervision and breaches, with
a word of its own in every confidential text; then a search of every place there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from agents.partnership import bundled, read_partnership
from messages.sealing import SealingContext
from tests.support.hub_system import ENGINES, hub_system_on
from tests.support.leaks.at_rest import at_rest
from tests.support.leaks.commands import mash
from tests.support.leaks.other_work import OtherWork
from tests.support.leaks.watching import Place, Watch

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMANDS = (("cases",), ("cases", "--json"), ("audit", "verify"), ("figures", "--json"), ("registers",))
WHY = ("reason", "proportionality", "early_risk", "timeliness", "coordination")


@dataclass
class Found:
    """The work when it is done, and what was found where."""

    work: OtherWork
    told: dict[str, set[str]]
    places: list[Place]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def found(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Found]:
    partnership = read_partnership(bundled("staffordshire-2012"))
    folder = tmp_path_factory.mktemp("hub")
    async with hub_system_on(request.param, request, folder, partnership) as hub:
        hub.watch = watch = Watch(hub.settings.traces_at)
        work = OtherWork(hub)
        with watch.listening():
            await work.run()
            places = await at_rest(hub)
            told: dict[str, set[str]] = defaultdict(set)
            for party in sorted(queue for queue in _parties(hub.partnership)):
                for envelope in await hub.take_all(party):
                    texts = SealingContext()
                    envelope.payload.model_dump_json(context=texts)
                    told[party] |= work.words.found_in("\n".join(texts.texts).encode())
            await hub.stop()
            places += [*watch.places(), *await at_rest(hub)]
        for words in (
            *COMMANDS,
            *(("case", case, "--json") for case in work.cases.values() if case[0] == "C"),
        ):
            places.append(("command", (await mash(hub, *words)).encode()))
        yield Found(work, {party: labels for party, labels in told.items() if labels}, places)


def _parties(partnership: object) -> list[str]:
    parties = []
    for kind, codes in (("team", "teams"), ("source", "sources"), ("agency", "agencies")):
        parties += [f"{kind}.{code}" for code in getattr(partnership, codes)]
    return parties


async def test_nothing_of_any_other_work_is_outside_the_vault_and_its_messages_d18(found: Found) -> None:
    assert found.work.words.found(found.places) == {}


def particulars(*whom: str) -> set[str]:
    return {f"{one}: {what}" for one in whom for what in ("given name", "surname", "home")}


def assessed(what: str) -> set[str]:
    return {f"{what}: assessment: {part}" for part in WHY}


async def test_teams_are_told_what_they_are_entitled_to_and_no_more_d18_f06_e03(found: Found) -> None:
    told = {party: labels for party, labels in found.told.items() if party.startswith("team.")}
    childs = particulars("exploitation") | assessed("exploitation")
    childs |= {"exploitation: concern in other words"}
    red = particulars("DIAL") | {"DIAL: account"}
    assert told["team.adult_team_manager_staffordshire"] == particulars("adult") | assessed("adult") | {
        "adult: concern",
        "adult: AP1",
    }
    assert told["team.police_child_abuse_investigation"] == red | childs
    everything = set().union(*told.values())
    assert not {label for label in everything if "source" in label or label.startswith("referrer")}
    assert "exploitation: concern" not in everything and "DIAL: history" not in everything


async def test_agencies_are_told_of_the_people_and_what_is_theirs_alone_d18_l10_j05(found: Found) -> None:
    told = {party: labels for party, labels in found.told.items() if party.startswith("agency.")}
    people = particulars("adult", "hate crime", "exploitation")
    own = {f"{what}: withheld" for what in ("adult", "hate crime", "exploitation")}
    for agency, labels in told.items():
        assert labels <= people | (own if agency == "agency.police" else set()), agency
    assert told["agency.police"] == people | own
    assert {party for party in found.told if party.startswith("source.")} == set()
