"""The OpenAPI document of the HTTP API, and that every answer is one that it has. [D02]"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from messages.catalogue import CATALOGUE
from tests.support.api_calls import headers_of
from tests.support.dashboard import PURPOSE, SERGEANT, Scene
from tests.support.dashboard_site import Site, a_site

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the libraries that it brings along
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

DOCUMENT = "/api/v1/openapi.json"
ENDLESS = "/events"
EXAMPLES = 30
"""Of each operation, right and wrong ones each."""

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture
def site(living: Scene) -> Iterator[Site]:
    with a_site(living) as served:
        yield served


def document(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = httpx2.get(f"{site.url}{DOCUMENT}", trust_env=False).json()
    return found


def test_the_document_has_every_message_that_people_say_with_plain_text(site: Site) -> None:
    found = document(site)
    schemas = found["components"]["schemas"]
    said = {one["properties"]["type"]["const"] for one in schemas["Decision"]["oneOf"]}
    by_people = {
        one.title
        for one in CATALOGUE.values()
        if "by" in one.payload.model_fields and one.senders & {"staff", "team"}
    }
    assert said == by_people
    assert "risk.rated.v1" in said
    assert schemas["Confidential"]["type"] == "string"
    assert found["openapi"].startswith("3.1")
    named = set(_refs(found))
    assert named <= {f"#/components/schemas/{name}" for name in schemas}, "each reference leads somewhere"


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if "$ref" in part:
            yield part["$ref"]
        for value in part.values():
            yield from _refs(value)
    elif isinstance(part, list):
        for value in part:
            yield from _refs(value)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
def test_whatever_is_asked_no_operation_fails_and_no_answer_is_undocumented(
    site: Site, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_dict(document(site))
    schema.config.update(base_url=f"{site.url}/api/v1")
    headers = headers_of(site, SERGEANT)
    found: Any = schema.get_all_operations()
    operations = [one.ok() for one in found]
    answered = {
        one.label: statuses_of(one, mode, headers, [site.scene.cases[name] for name in ("issued", "new")])
        for one in operations
        if one.path != ENDLESS
    }
    assert len(answered) == 6
    if mode is GenerationMode.POSITIVE:  # so that it does not try the refusals alone
        assert {label for label, statuses in answered.items() if 200 in statuses} == {
            "GET /cases",
            "GET /cases/{case_id}",
            "GET /cases/{case_id}/content",
            "GET /cases/{case_id}/packages/{version}",
        }, answered
        assert 409 in answered["POST /decisions"], answered


def statuses_of(
    operation: Any, mode: GenerationMode, headers: Mapping[str, str], cases: Sequence[str]
) -> set[int]:
    """Ask an operation many things; the statuses of its answers, each of which is as documented."""
    statuses: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), case_id=st.sampled_from([None, *cases]))
    def ask(case: Any, case_id: str | None) -> None:
        if case_id is not None:
            _about(case, case_id)
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        statuses.add(answer.status_code)

    ask()
    return statuses


def _about(case: Any, case_id: str) -> None:
    """Ask as the one who is signed in, about a case and for a purpose that there are: else little would
    be found."""
    for name in ("Authorization", "Cookie"):
        (case.headers or {}).pop(name, None)
    (case.cookies or {}).clear()
    if "case_id" in case.path_parameters:
        case.path_parameters["case_id"] = case_id
    if "version" in case.path_parameters:
        case.path_parameters["version"] = 1
    if "Purpose" in (case.headers or {}):
        case.headers["Purpose"] = PURPOSE
    if isinstance(case.body, dict) and "case" in case.body:
        case.body["case"] = case_id
        person, _, agency = SERGEANT.partition("@")
        if isinstance(case.body.get("data"), dict):
            case.body["data"]["by"] = {"person": person, "role": "police_sergeant", "agency": agency}
