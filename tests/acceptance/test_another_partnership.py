"""The second bundled partnership, of a place that there is not: other roles, agencies, clocks, markings and
law, and the same hub. Nothing of the first is in the code."""

from __future__ import annotations

import ast
import asyncio
import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from agents.coordinator.clocks import due_after
from agents.deciding import Refused
from agents.partnership import Partnership, bundled, read_partnership
from messages.intake import ThresholdDecided
from messages.referral import ProfessionalJudgement
from messages.words import Actor, Category, Rag
from ops.case_views import case_from
from ops.demo.pages import as_json, write_packages
from ops.demo.sample_world import WORLDS, read_world
from ops.demonstrating import Ran, on_embedded
from ops.engines import keys_of, open_store
from ops.settings import Settings, read_settings
from store.audit_check import chains, verify_chain
from tests.support.pages import ROOT
from tests.support.procedure import Procedure, secret, why

NAME = "larkmoor-2026"
WORLD = WORLDS[NAME]
REFERRALS = tuple(file.stem for file in sorted((WORLD / "referrals").glob("*.json")))
LARKMOOR, GUIDANCE = (read_partnership(bundled(name)) for name in (NAME, "staffordshire-2012"))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return read_settings(partnership=NAME, data=tmp_path_factory.mktemp("larkmoor"))


@pytest.fixture(scope="module")
def ran(settings: Settings) -> Ran:
    return on_embedded(settings, lambda _: None)


@pytest.mark.parametrize("form", REFERRALS)
def test_a_referral_comes_out_as_this_partnerships_configuration_says(ran: Ran, form: str) -> None:
    number = form.partition("-")[0]
    row = next(r for r in ran.result.rows if r.outcome.referral_id == f"LARK-{number}")
    assert row.differences == ()


def test_all_of_them_have_a_row_and_are_as_expected(ran: Ran) -> None:
    assert ran.result.ok
    assert len(ran.result.rows) == len(REFERRALS) == 8
    assert ran.result.as_expected == ran.result.total == 10
    assert ran.look_with.endswith(" --partnership larkmoor-2026")


def test_where_no_rounds_are_held_no_dial_is_kept_that_nobody_would_screen_h01(ran: Ran) -> None:
    (dial,), (missing,) = ran.result.dials, ran.result.missing
    assert dial.outcome.as_json()["refused"] == ["dials_not_taken"]
    assert missing.outcome.as_json()["refused"] == ["missing_not_taken"]
    assert ran.result.rounds == ()


def test_what_was_not_released_is_in_no_package(ran: Ran) -> None:
    sent = "".join(map(as_json, ran.result.packages))
    with (WORLD / "agencies/constabulary/records.csv").open(encoding="utf-8", newline="") as stream:
        texts = {row["record"]: row["text"] for row in csv.DictReader(stream)}
    assert texts["CON-0601"] not in sent and texts["CON-0801"] not in sent
    assert "Tillotson" not in sent and "firearms" not in sent
    assert texts["CON-0101"] in sent


def test_a_package_is_marked_by_the_governments_classifications_d21(ran: Ran, tmp_path: Path) -> None:
    cases = {row.outcome.case_id: row.outcome.referral_id for row in ran.result.rows}
    marked = {cases[p.package_id.partition("/")[0]]: p.marking for p in ran.result.packages}
    assert marked == {
        "LARK-01": "official_sensitive",
        "LARK-02": "official_sensitive",
        "LARK-03": "official_sensitive",
        "LARK-06": "secret",
        "LARK-07": "official_sensitive",
        "LARK-08": "official_sensitive",
    }
    write_packages(ran.result, LARKMOOR, tmp_path)
    page = (tmp_path / "LARK-08-v1.html").read_text(encoding="utf-8")
    assert '<p class="marking">official sensitive</p>' in page
    assert "Still waiting for:</strong> Larkmoor Homes" in page


def test_the_record_verifies_and_names_this_partnerships_roles(ran: Ran, settings: Settings) -> None:
    assert ran.result.ok

    async def kept() -> tuple[list[str], set[str]]:
        looking = settings.model_copy(update={"data": settings.data / "demo"})
        store = await open_store(looking, "hub")
        try:
            secret = keys_of(looking, "hub").audit
            bad = [key async for key in chains(store) if await verify_chain(store, key, secret)]
            rows = (await store.find({"kind": "case"}, limit=50)).rows
        finally:
            await store.close()
        cases = [case_from(row) for row in rows]
        return bad, {case.rating.by.role for case in cases if case.rating}

    bad, raters = asyncio.run(kept())
    assert bad == []
    assert raters == {"consultant_social_worker", "hub_inspector"}


def test_the_two_partnerships_have_no_role_agency_team_or_source_in_common() -> None:
    for part in ("agencies", "teams", "sources"):
        assert set(getattr(LARKMOOR, part)).isdisjoint(getattr(GUIDANCE, part))
    assert roles(LARKMOOR).isdisjoint(roles(GUIDANCE))
    assert set(LARKMOOR.markings) & set(GUIDANCE.markings) == {"secret", "top_secret"}


def test_its_clocks_are_its_own_e02_e06_e07_e08() -> None:
    start = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    assert due_after(Rag.RED, start, LARKMOOR.clocks) == start + timedelta(hours=1)
    assert due_after(Rag.AMBER, start, LARKMOOR.clocks) == start + timedelta(hours=48)
    # Good Friday and Easter Monday lie between; 16:00 is 15:00 UTC in summer.
    assert due_after(Rag.BLUE, start, LARKMOOR.clocks) == datetime(2026, 4, 13, 15, 0, tzinfo=UTC)


def test_what_comes_on_judgement_is_never_blue_whatever_its_cohort_is_called_i12() -> None:
    lead = Actor(person="FAM-CSW", role="consultant_social_worker", agency="family_services")
    judged = ProfessionalJudgement(
        by=Actor(person="FAM-CASE", role="caseworker", agency="family_services"),
        rationale=secret("I have known her for years"),
    )
    hub = Procedure(LARKMOOR, start=datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    hub.refer(
        source="front_door",
        authority="larkmoor",
        category=Category.DOMESTIC_VIOLENCE,
        section_47_belief=None,
        professional_judgement=judged,
        routine=True,
    )
    assert hub.case.cohort == "judgement"
    hub.say(ThresholdDecided(by=lead, met=True, rationale=why()))
    with pytest.raises(Refused, match="blue_for_new_referral"):
        hub.rate(Rag.BLUE, by=lead, open_case_worker="FAM-FIELD")
    hub.rate(Rag.AMBER, by=lead)


def test_only_law_that_is_in_force_today_may_carry_a_release_there() -> None:
    today = date(2026, 4, 2)
    in_force = {code for code, basis in LARKMOOR.legal_bases.items() if basis.in_force(today)}
    assert {"data_protection_act_2018", "children_act_2004", "care_act_2014"} <= in_force
    assert "working_together_2023" in in_force and "working_together_2018" not in in_force


def test_its_sample_world_reads_and_names_a_requirement_for_each_outcome() -> None:
    world = read_world(LARKMOOR, WORLD)
    assert all(e.paragraphs and e.requirements and e.why for e in world.expected.values())
    assert {form.source for form in world.forms.values()} == set(LARKMOOR.sources)
    assert {expected.rag for expected in world.expected.values()} == {*Rag, None}


GENERATOR = {"make_world.py", "world_words.py"}
"""They write the people and records of the first world, for its agencies."""

NOT_ITS_CODES = {
    ("agents/coordinator/adult_record.py", "police"),
    ("ops/dashboard/tasks/exploitation.py", "senior_practitioner"),
}
"""One of the two sides that sign about an adult in every partnership; the name of a field of a message."""


def test_no_role_agency_team_source_or_authority_of_the_guidance_is_a_word_of_the_code() -> None:
    own = {*GUIDANCE.agencies, *GUIDANCE.teams, *GUIDANCE.sources, *GUIDANCE.authorities, *roles(GUIDANCE)}
    found = [
        (str(file.relative_to(ROOT)), node.value)
        for folder in ("messages", "agents", "ops")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if file.name not in GENERATOR
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in own
    ]
    assert set(found) == NOT_ITS_CODES


def roles(partnership: Partnership) -> set[str]:
    return {role for held in partnership.rights.values() for role in held} | {
        role for member in partnership.staff for role in member.roles
    }
