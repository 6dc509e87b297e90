"""Co-location and not merger: an agency's data stays in the agency's own system. [A10, G1.6]

A worker of the police has a folder of records; the hub asks about one person. Then everything that the hub
keeps is read, the vault opened included.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import ValidationError

from agents.agency.folder import worker_from
from agents.coordinator.case import Case
from agents.deciding import Refused
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.parties import HUB
from messages.words import Rag
from store.vault import ContentMissing, text_ref
from tests.support.agencies import RECORDS_KEY
from tests.support.hub_system import HubSystem, hub_system_on
from tests.support.leaks.at_rest import at_rest
from tests.support.procedure import (
    MANAGER,
    SENIOR_PRACTITIONER,
    Procedure,
    element,
    referral,
    why,
)

in_one_loop = pytest.mark.asyncio(loop_scope="module")

OTHERS = 300
"""People in the police's records whom nobody asks about."""

OF_THE_CHILD = {
    "R-TILLY-1": "Called to the house on a winter night.",
    "R-TILLY-2": "Seen at the station with a bruise.",
}


@dataclass(frozen=True)
class Kept:
    """What the hub holds after the answer: the case, every text in its vault, and all bytes at rest."""

    case: Case
    texts: tuple[str, ...]
    at_rest: bytes
    folder_before: dict[str, bytes]
    folder_after: dict[str, bytes]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[HubSystem]:
    async with hub_system_on("embedded", request, tmp_path_factory.mktemp("hub")) as system:
        yield system


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(hub: HubSystem, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The police's worker answers a check about one child."""
    await hub.start_hub()
    folder = police(tmp_path_factory.mktemp("police"))
    before = files_of(folder)
    await hub.start(worker_from(folder, RECORDS_KEY))
    case = await hub.refer(referral())
    for said in (
        ThresholdDecided(by=SENIOR_PRACTITIONER, met=True, rationale=why()),
        RiskRated(by=MANAGER, rag=Rag.AMBER, rationale=why()),
        EnquiryDirected(
            by=SENIOR_PRACTITIONER,
            purpose="safeguarding_children",
            legal_basis="children_act_2004",
            rationale=why(),
        ),
    ):
        await hub.done(said, case)
    await hub.until_case(case, "the police have answered", lambda c: bool(c.elements))
    await hub.until_settled()
    everything = b"\n".join(
        content for place, content in await at_rest(hub) if place.startswith("store of coordinator")
    )
    texts = tuple([text async for text in texts_in_the_vault(hub)])
    return Kept(await hub.case(case), texts, everything, before, files_of(folder))


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of an agency's folder."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def police(folder: Path) -> Path:
    """A child with two records, and hundreds of other people with one each."""
    (folder / "agency.toml").write_text('agency = "police"\n', encoding="utf-8")
    people = [("P-TILLY", "Tilly", "Thornquist", "2005-04-01", "1 Nowhere Lane, Stone, ZZ9 1AA")]
    records = [("P-TILLY", record, text, "attendance", "restricted") for record, text in OF_THE_CHILD.items()]
    for n in range(OTHERS):
        people.append((f"P-{n}", f"Given{n:03d}x", f"Quillfeather{n:03d}x", "1970-02-03", f"{n} Elsewhere"))
        records.append((f"P-{n}", f"R-OTHER-{n}", f"Canary{n:03d}x was cautioned.", "caution", "restricted"))
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [("person", "given_name", "family_name", "date_of_birth", "address"), *people]
        )
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("person", "record", "text", "kind", "marking"), *records])
    return folder


async def texts_in_the_vault(hub: HubSystem) -> AsyncIterator[str]:
    """Every text in the hub's vault, whether anything refers to it or not."""
    vault = (await hub.given(HUB)).vault
    (file,) = hub.settings.data.rglob("coordinator.sqlite")
    with closing(sqlite3.connect(file)) as database:
        records = [ref for (ref,) in database.execute("SELECT ref FROM blobs")]
    for record in records:
        with suppress(ContentMissing):
            for n in count():
                ref = text_ref(record, n)
                yield (await vault.texts_for_sending([ref]))[ref]


@in_one_loop
async def test_the_hub_holds_what_was_revealed_for_a_case_and_nothing_of_the_rest_a10(kept: Kept) -> None:
    of_the_police = [text for text in kept.texts if text in OF_THE_CHILD.values() or "Canary" in text]
    assert sorted(of_the_police) == sorted(OF_THE_CHILD.values())
    all_texts = "\n".join(kept.texts)
    assert "Quillfeather" not in all_texts and "Elsewhere" not in all_texts
    assert "Tilly" in all_texts  # the search would see a name


@in_one_loop
async def test_of_the_records_it_holds_a_pointer_and_a_hash_that_tell_nothing_by_themselves_a10(
    kept: Kept,
) -> None:
    assert {e.record.document for e in kept.case.elements} == set(OF_THE_CHILD)
    for revealed in kept.case.elements:
        text = OF_THE_CHILD[revealed.record.document]
        assert revealed.record.digest != hashlib.sha256(text.encode()).hexdigest()
        first, last = revealed.record.span
        assert last - first + 1 == len(text)
    assert {found.decode() for found in re.findall(rb"R-[A-Z]+-[0-9]+", kept.at_rest)} == set(OF_THE_CHILD)


@in_one_loop
async def test_outside_the_vault_not_even_the_revealed_texts_are_at_rest_a10_d02(kept: Kept) -> None:
    for text in (*OF_THE_CHILD.values(), "Thornquist", "Quillfeather"):
        assert text.encode() not in kept.at_rest


@in_one_loop
async def test_the_agencys_own_records_are_as_they_were_a10(kept: Kept) -> None:
    assert kept.folder_before == kept.folder_after


def test_an_agency_answers_about_the_people_of_the_case_and_in_elements_only_a10() -> None:
    """So many at most, each a text with its pointer, and nobody whom the check did not name."""
    hub = Procedure()
    hub.until_directed()
    with pytest.raises(Refused, match="person_not_asked"):
        hub.answer("police", element("e1", "police", about=("somebody-else",)))
    with pytest.raises(ValidationError):
        hub.answer("police", *(element(f"e{n}", "police") for n in range(201)))
    assert hub.case.elements == ()
