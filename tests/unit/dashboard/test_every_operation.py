"""Every operation of the HTTP API: who may, who is refused on record, and what it says to the hub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.routing import iter_route_contexts
from httpx2 import AsyncClient, Response

from agents.partnership.model import StaffMember
from messages.envelope import Lane
from messages.words import Category
from ops.dashboard.access import ACCESS, is_program
from ops.dashboard.refusals import CHAIN
from ops.sending import Answer
from store.audit_check import verify_chain
from store.port import StoreError
from store.vault import access_key
from tests.support.api_calls import Hearing, actor, rating, referral, refusals
from tests.support.dashboard import (
    ADULT_CARE,
    AUDIT_SECRET,
    EDUCATION,
    FIELD,
    PURPOSE,
    SERGEANT,
    TEXT,
    WITHHELD,
    Dashboard,
    Scene,
    a_dashboard,
    form_token,
    with_clearance,
)
from tests.support.whole_hub import PARTNERSHIP

ASKED = ("police", "education", "primary_care", "csc_staffordshire")
"""The agencies that were asked in the case of a package."""
CONTENT = (TEXT, WITHHELD, "Tilly", "Thornquist", "CANARY-WHY")
ROLES = sorted({role for one in PARTNERSHIP.staff for role in one.roles})


async def caller(dashboard: Dashboard, who: str) -> AsyncClient:
    """A program in the browser of somebody who is signed in."""
    browser = await dashboard.signed_in(who)
    browser.headers["X-Form-Token"] = form_token(await browser.get("/you"))
    return browser


async def ask(program: AsyncClient, name: str, case: str, by: dict[str, str]) -> Response:
    match name:
        case "api_document":
            return await program.get("/api/v1/openapi.json")
        case "api_cases":
            return await program.get("/api/v1/cases")
        case "api_case":
            return await program.get(f"/api/v1/cases/{case}")
        case "api_content":
            return await program.get(f"/api/v1/cases/{case}/content", headers={"Purpose": PURPOSE})
        case "api_package":
            return await program.get(f"/api/v1/cases/{case}/packages/1", headers={"Purpose": PURPOSE})
        case "api_decide":
            return await program.post("/api/v1/decisions", json=rating(case, by))
        case "api_refer":
            return await program.post("/api/v1/referrals", json=referral())
    raise AssertionError(name)


def operations(dashboard: Dashboard) -> Iterator[str]:
    """All but the events, which have no end; `test_api_events` has them."""
    for route in iter_route_contexts(dashboard.app.routes):
        if is_program(str(route.name)) and route.name != "api_events":
            yield str(route.name)


def may(name: str, one: StaffMember) -> bool:
    """Who may what about the case whose package went out, by the tables of the procedure."""
    rights = {right for right, roles in PARTNERSHIP.rights.items() if set(roles) & set(one.roles)}
    agency = PARTNERSHIP.agencies[one.agency]
    views = "view" in rights and not agency.off_hub
    manages = bool(rights & {"threshold", "direct", "rate"}) and "adult" not in agency.serves
    receives = "field_team" in rights and one.agency in ("csc_staffordshire", "police")
    return {
        "api_document": True,
        "api_cases": views,
        "api_case": views and (one.agency in ASKED or "oversee" in rights),
        "api_content": views and (one.agency in ASKED or manages),
        "api_package": (views and (one.agency in ASKED or manages)) or receives,
        "api_decide": "rate" in rights,
        "api_refer": one.agency == PARTNERSHIP.sources["first_response"].agency,
    }[name]


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_gets_the_operations_of_its_rights_alone_and_a_refusal_is_on_record_d02_l14(
    scene: Scene, role: str
) -> None:
    one = min(
        (one for one in PARTNERSHIP.staff if role in one.roles),
        key=lambda one: PARTNERSHIP.agencies[one.agency].off_hub,
    )
    case, hub = scene.cases["issued"], Hearing()
    who = f"{one.person}@{one.agency}"
    async with a_dashboard(scene, speaker=hub) as dashboard:
        program = await caller(dashboard, who)
        for name in operations(dashboard):
            before, said = len(await refusals(dashboard)), len(hub.heard)
            answer = await ask(program, name, case, actor(who))
            recorded = (await refusals(dashboard))[before:]
            assert (answer.status_code == 200) is may(name, one), (name, answer.text)
            if may(name, one):
                assert recorded == []
            else:
                assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
                assert [(entry["page"], entry["by"]["person"]) for entry in recorded] == [(name, one.person)]
                assert len(hub.heard) == said, "nothing is said to the hub"
            shows = may(name, one) and name in ("api_content", "api_package")
            assert shows or not [word for word in CONTENT if word in answer.text], name
            assert name != "api_package" or WITHHELD not in answer.text
        assert await verify_chain(dashboard.given.store, CHAIN, AUDIT_SECRET) is None


async def test_every_operation_is_in_the_table_of_access_and_tried_here(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        assert {*operations(dashboard), "api_events"} == {name for name in ACCESS if is_program(name)}


async def test_nobody_gets_anything_who_is_not_signed_in(scene: Scene) -> None:
    async with a_dashboard(scene, speaker=Hearing()) as dashboard:
        for name in operations(dashboard):
            for header in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eDp5"}):
                browser = dashboard.browser()
                browser.headers.update(header)
                answer = await ask(browser, name, scene.cases["issued"], actor(SERGEANT))
                if name != "api_document":
                    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_first")
                    assert answer.headers["www-authenticate"] == "Bearer"
                assert not any(case in answer.text for case in scene.cases.values())


async def test_who_is_no_longer_cleared_gets_nothing_and_says_nothing_d02_l03_l04(scene: Scene) -> None:
    hub = Hearing()
    async with a_dashboard(scene, with_clearance(trained_until="2012-03-04"), speaker=hub) as dashboard:
        program = await caller(dashboard, SERGEANT)
        for name in operations(dashboard):
            if name != "api_document":
                answer = await ask(program, name, scene.cases["issued"], actor(SERGEANT))
                assert (answer.status_code, answer.json()["reason"]) == (403, "training_expired")
        assert hub.heard == []


async def test_what_another_site_makes_a_browser_send_is_not_taken(scene: Scene) -> None:
    hub = Hearing()
    async with a_dashboard(scene, speaker=hub) as dashboard:
        program = await caller(dashboard, SERGEANT)
        other = await dashboard.signed_in(FIELD)
        for token in ("", form_token(await other.get("/you"))):
            program.headers["X-Form-Token"] = token
            for name in ("api_decide", "api_refer"):
                answer = await ask(program, name, scene.cases["red"], actor(SERGEANT))
                assert (answer.status_code, answer.json()["code"]) == (403, "form_token_wrong")
        assert hub.heard == []


@pytest.mark.parametrize(
    "changed", [{"person": "POL-SGT-02"}, {"agency": "education"}, {"role": "line_manager"}]
)
async def test_nobody_decides_in_the_name_of_somebody_else_a09(scene: Scene, changed: dict[str, str]) -> None:
    hub = Hearing()
    async with a_dashboard(scene, speaker=hub) as dashboard:
        program = await caller(dashboard, SERGEANT)
        said = rating(scene.cases["red"], {**actor(SERGEANT), "role": "police_sergeant", **changed})
        answer = await program.post("/api/v1/decisions", json=said)
        assert (answer.status_code, answer.json()["reason"]) == (403, "by_somebody_else")
        assert (await refusals(dashboard))[-1]["why"] == "by_somebody_else"
        assert hub.heard == []


async def test_an_owners_rule_is_not_said_by_a_person_d23(scene: Scene) -> None:
    async with a_dashboard(scene, speaker=Hearing()) as dashboard:
        program = await caller(dashboard, EDUCATION)
        said = {
            "type": "check.answered.v1",
            "case": scene.cases["red"],
            "data": {"request_id": "x", "state": "found"},
        }
        answer = await program.post("/api/v1/decisions", json={**said, "sender": "agency.education"})
        assert answer.status_code in (403, 422)
        assert answer.json()["code"] in ("not_allowed", "input_wrong")


async def test_only_a_member_speaks_for_a_field_team_g03(scene: Scene) -> None:
    hub = Hearing()
    async with a_dashboard(scene, speaker=hub) as dashboard:
        program, case = await caller(dashboard, FIELD), scene.cases["issued"]
        own = next(code for code, team in PARTNERSHIP.teams.items() if "csc_staffordshire" in team.agencies)
        other = next(
            code for code, team in PARTNERSHIP.teams.items() if "csc_staffordshire" not in team.agencies
        )
        for team, status in ((own, 200), (other, 403)):
            data = {"by": actor(FIELD), "package_id": f"{case}/package/1"}
            said = {"type": "package.acknowledged.v1", "case": case, "sender": f"team.{team}", "data": data}
            answer = await program.post("/api/v1/decisions", json=said)
            assert answer.status_code == status, answer.text
        assert [envelope.source for envelope, _ in hub.heard] == [f"team.{own}"]


async def test_a_decision_is_the_message_of_the_command_line_and_the_hub_takes_it_e10(living: Scene) -> None:
    case = living.cases["red"]
    async with a_dashboard(living) as dashboard:
        program = await caller(dashboard, SERGEANT)
        said = rating(case, {**actor(SERGEANT), "role": "police_sergeant"})
        first = await program.post("/api/v1/decisions", json=said, headers={"Idempotency-Key": "k-1"})
        again = await program.post("/api/v1/decisions", json=said, headers={"Idempotency-Key": "k-1"})
        assert (first.status_code, first.json()["outcome"]) == (200, "accepted")
        assert first.json() == again.json()
        page = (await program.get(f"/api/v1/cases/{case}")).json()
        assert [one["rag"] for one in page["ratings"]] == ["red", "amber"], "once, though it was sent twice"
        assert "CANARY-WHY" not in json.dumps(page)


async def test_the_hubs_own_refusal_is_told_with_its_reason_and_never_content(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        program = await caller(dashboard, SERGEANT)
        said = rating(living.cases["sent_back"], {**actor(SERGEANT), "role": "police_sergeant"})
        answer = await program.post("/api/v1/decisions", json=said)
        assert (answer.status_code, answer.json()["code"]) == (409, "hub_refused")
        assert answer.json()["reason"]
        assert "CANARY-WHY" not in answer.text


async def test_red_work_goes_by_the_urgent_lane_and_a_hub_that_is_away_is_waited_for(scene: Scene) -> None:
    hub = Hearing(Answer("waiting"))
    async with a_dashboard(scene, speaker=hub) as dashboard:
        program = await caller(dashboard, SERGEANT)
        by = {**actor(SERGEANT), "role": "police_sergeant"}
        for name, rag in (("red", "amber"), ("disclosure", "red"), ("disclosure", "amber")):
            answer = await program.post("/api/v1/decisions", json=rating(scene.cases[name], by, rag))
            assert (answer.status_code, answer.json()["outcome"]) == (202, "waiting")
        lanes = [envelope.lane for envelope, _ in hub.heard]
        assert lanes == [Lane.URGENT, Lane.URGENT, Lane.ROUTINE]


async def test_a_referral_comes_in_by_its_sources_agency_and_opens_a_case_a01(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        program = await caller(dashboard, FIELD)
        answer = await program.post("/api/v1/referrals", json=referral())
        assert (answer.status_code, answer.json()["outcome"]) == (200, "accepted"), answer.text
        overseer = await caller(dashboard, SERGEANT)
        page = await overseer.get(f"/api/v1/cases/{answer.json()['case']}")
        assert page.json()["referral_id"] == "R-77"
        assert "Quillfeather" not in page.text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "input_wrong"),
        (b"[]", 422, "input_wrong"),
        (b'{"type": "CANARY-WHY", "case": "C-1", "data": {}}', 422, "input_wrong"),
        (b'{"type": "risk.rated.v1", "case": "C-1", "data": {"CANARY-WHY": 1}}', 422, "input_wrong"),
        (b" " * 262_145, 413, "too_large"),
    ],
)
async def test_what_cannot_be_read_is_told_by_its_places_and_never_repeated(
    scene: Scene, body: bytes, status: int, code: str
) -> None:
    async with a_dashboard(scene, speaker=Hearing()) as dashboard:
        program = await caller(dashboard, SERGEANT)
        for path in ("decisions", "referrals"):
            headers = {"Content-Type": "application/json"}
            answer = await program.post(f"/api/v1/{path}", content=body, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["places"]
            assert "CANARY-WHY" not in answer.text
        answer = await program.post("/api/v1/decisions", content=body, headers={"Content-Type": "text/plain"})
        assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


async def test_every_reading_is_on_record_with_its_purpose_also_one_that_is_refused_d02(scene: Scene) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        before = len(await dashboard.given.store.audit(access_key(case)))
        for who in (EDUCATION, "ASS-DM-01@asc_staffordshire"):
            for name in ("api_content", "api_package"):
                await ask(await caller(dashboard, who), name, case, actor(who))
        acts = [
            json.loads(one.body) for one in (await dashboard.given.store.audit(access_key(case)))[before:]
        ]
        assert {(act["act"], act["person"], act["purpose"]) for act in acts} == {
            ("vault.read", "EDU-DM-01", PURPOSE),
            ("vault.refused", "ASS-DM-01", PURPOSE),
        }


async def test_a_case_is_read_for_the_purposes_of_its_category_and_who_may_not_read_is_told_none_d16(
    scene: Scene,
) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        before = len(await dashboard.given.store.audit(access_key(case)))
        own, others = await caller(dashboard, EDUCATION), await caller(dashboard, ADULT_CARE)
        for path in ("content", "packages/1"):
            headers = {"Purpose": "safeguarding_adults"}
            answer = await own.get(f"/api/v1/cases/{case}/{path}", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "input_wrong")
            known = ", ".join(PARTNERSHIP.purposes_for(Category.CHILD_PROTECTION))
            assert answer.json()["places"] == [f"Purpose: {known}"]
            refused = await others.get(f"/api/v1/cases/{case}/{path}", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        recorded = (await dashboard.given.store.audit(access_key(case)))[before:]
        assert [json.loads(one.body)["act"] for one in recorded] == ["vault.refused"] * 2


async def test_a_failure_is_told_by_its_number_in_the_log_and_nothing_else(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_dashboard(scene) as dashboard:
        program = await caller(dashboard, SERGEANT)

        async def fails(*what: object, **how: object) -> None:
            raise StoreError("SECRET of the store")

        monkeypatch.setattr(dashboard.given.store, "find", fails)
        answer = await program.get("/api/v1/cases")
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "SECRET" not in answer.text


async def test_a_session_that_has_ended_is_over_for_programs_too(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        program = await caller(dashboard, SERGEANT)
        dashboard.wall.show(dashboard.wall.now() + timedelta(minutes=30))
        assert (await program.get("/api/v1/cases")).status_code == 401
