"""A released schema may get an optional field and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from messages.freezing import breaking_changes
from messages.schema import schemas

Schema = dict[str, Any]
CURRENT = schemas()
ANSWERED = CURRENT["mash.check.answered.v1"]


def after(change: Callable[[Schema], object]) -> list[str]:
    new = copy.deepcopy(ANSWERED)
    change(new)
    return breaking_changes(ANSWERED, new)


@pytest.mark.parametrize("name", CURRENT)
def test_a_schema_that_did_not_change_breaks_nothing(name: str) -> None:
    assert breaking_changes(CURRENT[name], copy.deepcopy(CURRENT[name])) == []


def _optional(new: Schema) -> None:
    new["properties"]["remark"] = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}


def _optional_within(new: Schema) -> None:
    new["$defs"]["ElementRevealed"]["properties"]["remark"] = {"$ref": "#/$defs/Remark"}
    new["$defs"]["Remark"] = {"type": "object", "properties": {"by": {"type": "string"}}, "required": ["by"]}


def _words(new: Schema) -> None:
    new["description"] = "Said in other words."
    new["$defs"]["RiskFlag"]["description"] = "Said in other words."
    new["properties"]["agency"]["description"] = "Who answers."


def _renamed_definition(new: Schema) -> None:
    new["$defs"]["Risk"] = new["$defs"].pop("RiskFlag")
    new["$defs"]["ElementRevealed"]["properties"]["risks"]["items"]["$ref"] = "#/$defs/Risk"


@pytest.mark.parametrize("change", [_optional, _optional_within, _words, _renamed_definition])
def test_what_no_receiver_notices_may_change(change: Callable[[Schema], object]) -> None:
    assert after(change) == []


BREAKING: dict[str, tuple[Callable[[Schema], object], str]] = {
    "a field removed": (lambda new: new["properties"].pop("matches"), "matches: removed"),
    "a field renamed": (
        lambda new: new["properties"].update(office=new["properties"].pop("agency")),
        "agency: removed",
    ),
    "a new field that is required": (
        lambda new: (new["properties"].update(remark={"type": "string"}), new["required"].append("remark")),
        "remark: added, and not as an optional field",
    ),
    "a new field where none may be": (
        lambda new: new["$defs"]["Confidential"]["properties"].update(remark={"type": "string"}),
        "elements.text.remark: added, and not as an optional field",
    ),
    "an optional field made required": (
        lambda new: new["required"].append("matches"),
        "matches: was optional and is required",
    ),
    "a required field made optional": (
        lambda new: new["required"].remove("request_id"),
        "request_id: is optional now",
    ),
    "another type": (
        lambda new: new["properties"]["agency"].update(type="integer"),
        "agency: type was 'string' and is 'integer'",
    ),
    "another pattern": (
        lambda new: new["properties"]["agency"].update(pattern="^.*$"),
        "agency: pattern was '^[a-z][a-z0-9_-]{0,63}$' and is '^.*$'",
    ),
    "a tighter limit": (
        lambda new: new["properties"]["elements"].update(maxItems=100),
        "elements: maxItems was 200 and is 100",
    ),
    "a limit that was not there": (
        lambda new: new["properties"]["agency"].update(maxLength=5),
        "agency: maxLength added",
    ),
    "a limit taken away": (
        lambda new: new["properties"]["elements"].pop("maxItems"),
        "elements: maxItems removed",
    ),
    "a new value of a closed set": (
        lambda new: new["$defs"]["RiskFlag"]["enum"].append("new_risk"),
        "elements.risks.enum: was",
    ),
    "a value of a closed set removed": (
        lambda new: new["properties"]["state"]["enum"].remove("withheld"),
        "state.enum: was",
    ),
    "another default": (
        lambda new: new["$defs"]["PersonMatch"]["properties"]["candidates"].update(default=1),
        "matches.candidates: default was 0 and is 1",
    ),
    "another definition": (
        lambda new: new["properties"]["matches"]["items"].update({"$ref": "#/$defs/SourceRecord"}),
        "matches.person_id: removed",
    ),
    "a value that may be absent no more": (
        lambda new: new["properties"]["by"]["anyOf"].pop(),
        "by: was",
    ),
    "another sender": (lambda new: new["x-senders"].append("team"), "x-senders: was"),
}


@pytest.mark.parametrize("case", BREAKING)
def test_a_change_that_a_receiver_may_notice_is_named_with_its_place(case: str) -> None:
    change, problem = BREAKING[case]

    found = after(change)

    assert any(each.startswith(problem) for each in found), found
