"""What operations show of a case is as their document says, whoever reads, with nothing else in it. [D02]"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from httpx2 import AsyncClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]

from messages.escalation import EscalationConvened, ManagementActed
from messages.words import Mode
from tests.support.dashboard import FIELD, PURPOSE, SERGEANT, Scene, a_dashboard
from tests.support.dashboard_cases import about_an_adult, in_dispute, play
from tests.support.dashboard_tasks import ADULTS_PURPOSE
from tests.support.procedure import Procedure, line_manager, panel_member, secret

PANEL = "EDU-PNL-01@education"


def before_a_panel(at: Procedure) -> None:
    """The line managers of police and school did not agree, and the panel was called."""
    in_dispute(at)
    manager, other = line_manager("education"), line_manager("police")
    not_settled = ManagementActed(
        by=manager, other_side=other, dispute_id="X-9", settled=False, reason=secret("talked it over")
    )
    seats = (panel_member("education"), panel_member("police"))
    at.say(not_settled)
    at.say(EscalationConvened(by=manager, dispute_id="X-9", panel=seats, mode=Mode.PHONE))


class Documented:
    """The document of the API, by which answers are looked at."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def problems(self, path: str, answer: Any) -> list[str]:
        """Where an answer is not as the document has it for an operation."""
        responses = self._document["paths"][path]["get"]["responses"]
        schema = responses["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": self._document["components"]})
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]


async def shown(program: AsyncClient, path: str, purpose: str) -> Any:
    answer = await program.get(f"/api/v1{path}", headers={"Purpose": purpose})
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


async def test_whatever_a_case_is_at_its_answers_are_as_documented(living: Scene) -> None:
    adults, disputed = play(living, about_an_adult), play(living, before_a_panel)
    read = {
        **{case: PURPOSE for name, case in living.cases.items() if name != "sent_back"},
        adults: ADULTS_PURPOSE,
        disputed: PURPOSE,
    }
    async with a_dashboard(living) as dashboard:
        program = await dashboard.signed_in(SERGEANT)
        documented = Documented((await program.get("/api/v1/openapi.json")).json())
        for case, purpose in read.items():
            for path, one in (("", "/cases/{case_id}"), ("/content", "/cases/{case_id}/content")):
                assert documented.problems(one, await shown(program, f"/cases/{case}{path}", purpose)) == []
        assert (await shown(program, f"/cases/{adults}", ADULTS_PURPOSE))["adult"]["standing"] == "met"


async def test_what_a_panel_and_a_field_team_are_shown_is_as_documented(living: Scene) -> None:
    disputed, red, issued = play(living, before_a_panel), living.cases["red"], living.cases["issued"]
    content, package = "/cases/{case_id}/content", "/cases/{case_id}/packages/{version}"
    async with a_dashboard(living) as dashboard:
        member, worker = await dashboard.signed_in(PANEL), await dashboard.signed_in(FIELD)
        documented = Documented((await worker.get("/api/v1/openapi.json")).json())
        for program, path, one, has in (
            (member, f"/cases/{disputed}/content", content, "disputes"),
            (worker, f"/cases/{red}/content", content, "told_at"),
            (worker, f"/cases/{issued}/packages/1", package, "as_sent"),
        ):
            answer = await shown(program, path, PURPOSE)
            assert has in answer
            assert documented.problems(one, answer) == []
            assert documented.problems(one, {**answer, "more": 1}) != []
            assert documented.problems(one, {name: answer[name] for name in answer if name != has}) != []


@pytest.mark.parametrize(("secure", "cookie"), [(False, "mash"), (True, "__Host-mash")])
async def test_the_document_names_the_cookie_that_there_is(scene: Scene, secure: bool, cookie: str) -> None:
    async with a_dashboard(scene, secure=secure) as dashboard:
        document = (await dashboard.browser().get("/api/v1/openapi.json")).json()
    assert document["components"]["securitySchemes"]["session"]["name"] == cookie
