"""Calls to supervisors outside the hub, and how people meet: section J of the requirements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agents.coordinator.case import Case
from agents.deciding import Refused
from agents.partnership import Partnership, PartnershipInvalid
from messages.catalogue import CATALOGUE, Kind, declaration_of
from messages.codec import from_wire, plain_wire, to_outbox
from messages.disclosure import DiscussionRecorded
from messages.envelope import Envelope
from messages.governance import PartnerConsulted, SupervisionRecorded, SupervisorCalled
from messages.intake import ThresholdDecided
from messages.refusal import Unacceptable
from messages.schema import schemas
from messages.words import Actor, Mode, Said
from ops.figures import Figures, add
from tests.support.examples import EXAMPLES, texts_of
from tests.support.partnership_folder import PartnershipFolder
from tests.support.procedure import (
    CORE_CHILD,
    KEYS,
    MONDAY,
    PARTNERSHIP,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    element,
    release,
    secret,
    why,
    withhold,
)

FIRST_LINE = SupervisorCalled(person="POL-SUP-01", agency="police")
ABOVE = SupervisorCalled(person="POL-SUP-02", agency="police")


def a_call(**changes: object) -> SupervisionRecorded:
    """A police Sergeant telephones, ten minutes after having consulted education."""
    said = {
        "by": SERGEANT,
        "call_id": "S-1",
        "supervisor": FIRST_LINE,
        "called_at": MONDAY + timedelta(minutes=15),
        "ground": "unable_to_decide",
        "consulted": (PartnerConsulted(agency="education", at=MONDAY + timedelta(minutes=5)),),
        "outcome": "advice_given",
    }
    return SupervisionRecorded.model_validate({**said, **changes})


def opened(partnership: Partnership = PARTNERSHIP) -> Procedure:
    hub = Procedure(partnership)
    hub.until_directed()
    hub.wait(timedelta(minutes=20))
    return hub


def with_supervisor(**changes: object) -> Partnership:
    """The first-line supervisor of the police with other dates."""
    supervisors = tuple(
        one.model_copy(update=changes) if one.person == FIRST_LINE.person else one
        for one in PARTNERSHIP.supervisors
    )
    return PARTNERSHIP.model_copy(update={"supervisors": supervisors})


def refusal(hub: Procedure, said: Said) -> str:
    with pytest.raises(Refused) as refused:
        hub.say(said)
    return refused.value.reason


def test_staff_who_cannot_decide_telephone_a_designated_supervisor_and_that_is_recorded_j02_j05() -> None:
    hub = opened()
    hub.say(a_call(called_at=hub.now))
    (call,) = hub.case.supervision
    assert (call.by, call.supervisor, call.called_at) == (SERGEANT, FIRST_LINE, hub.now)
    assert refusal(hub, a_call()) == "call_taken"
    (fact,) = [f for f in hub.facts if f.what == "supervision.recorded"]
    assert fact.by == SERGEANT
    assert fact.detail == {
        "call_id": "S-1",
        "supervisor": {"person": "POL-SUP-01", "agency": "police"},
        "called_at": "2012-03-05T09:20:00+00:00",
        "ground": "unable_to_decide",
        "consulted": [{"agency": "education", "at": "2012-03-05T09:05:00Z"}],
        "outcome": "advice_given",
    }


def test_a_call_to_somebody_who_is_not_designated_or_not_vetted_is_refused_j02() -> None:
    stranger = SupervisorCalled(person="POL-SUP-09", agency="police")
    assert refusal(opened(), a_call(supervisor=stranger)) == "supervisor_not_designated"
    later = with_supervisor(designated_on=MONDAY.date() + timedelta(days=1))
    assert refusal(opened(later), a_call()) == "supervisor_not_designated"
    yesterday = MONDAY.date() - timedelta(days=1)
    assert refusal(opened(with_supervisor(vetted_until=yesterday)), a_call()) == "supervisor_not_vetted"
    tomorrow = MONDAY.date() + timedelta(days=1)
    assert refusal(opened(with_supervisor(signed_on=tomorrow)), a_call()) == "memorandum_not_signed"
    opened(with_supervisor(vetted_until=MONDAY.date())).say(a_call())


def test_a_senior_above_the_first_line_has_to_be_designated_like_any_other_j06() -> None:
    superintendent = SupervisorCalled(person="POL-PNL-01", agency="police")
    assert PARTNERSHIP.roles_of("POL-PNL-01", "police") == {"detective_superintendent_pvp"}
    assert refusal(opened(), a_call(supervisor=superintendent)) == "supervisor_not_designated"
    opened().say(a_call(supervisor=ABOVE, ground="need_for_escalation"))


def test_a_supervisor_decides_nothing_and_holds_no_role_whatever_role_they_claim_j03() -> None:
    roles = {role for roles in PARTNERSHIP.rights.values() for role in roles}
    for supervisor in PARTNERSHIP.supervisors:
        assert PARTNERSHIP.roles_of(supervisor.person, supervisor.agency) == frozenset()
        for role in sorted(roles):
            by = Actor(person=supervisor.person, role=role, agency=supervisor.agency)
            assert refusal(opened(), a_call(by=by)) == "person_unknown"


def test_nobody_is_supervisor_and_staff_of_the_hub_at_once_j03(tmp_path: Path) -> None:
    folder = PartnershipFolder(tmp_path)
    folder.replace("governance.toml", '"POL-SUP-01"', '"POL-SGT-01"')
    with pytest.raises(PartnershipInvalid, match="POL-SGT-01 is on the register of staff too"):
        folder.read()


def test_no_message_has_a_supervisor_for_its_receiver_j04() -> None:
    assert {kind for one in CATALOGUE.values() for kind in one.receivers} <= set(Kind)
    assert not any("supervis" in kind for kind in Kind)
    topology = PARTNERSHIP.topology()
    people = {one.person.lower() for one in PARTNERSHIP.supervisors}
    for name in [q.name for q in topology.queues] + [u.name for u in topology.users]:
        assert "supervis" not in name and not any(person in name.lower() for person in people)
    assert opened().say(a_call()) == []


def strings_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Every string in a JSON schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "string":
            yield schema
        for inner in schema.values():
            yield from strings_of(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from strings_of(inner)


def test_the_record_of_a_call_has_no_place_for_what_was_said_j04_j05() -> None:
    declaration = declaration_of(SupervisionRecorded)
    assert texts_of(EXAMPLES[declaration.type]) == []
    schema = schemas()[declaration.type]
    assert "sealed" not in repr(schema)
    strings = list(strings_of(schema))
    assert len(strings) >= 8
    assert [one for one in strings if not {"pattern", "enum", "format"} & one.keys()] == []
    more = {**a_call().model_dump(mode="json"), "note": "what he said"}
    assert not hasattr(SupervisionRecorded.model_validate(more), "note")


def test_partners_are_consulted_before_the_call_and_never_after_j05() -> None:
    def consulted(agency: str, minutes: int) -> SupervisionRecorded:
        at = MONDAY + timedelta(minutes=minutes)
        return a_call(consulted=(PartnerConsulted(agency=agency, at=at),))

    assert refusal(opened(), consulted("education", 15)) == "partners_not_consulted_before"
    assert refusal(opened(), consulted("education", 18)) == "partners_not_consulted_before"
    assert refusal(opened(), consulted("police", 5)) == "not_a_partner"
    assert refusal(opened(), consulted("nobody", 5)) == "not_a_partner"
    assert refusal(opened(), a_call(called_at=MONDAY + timedelta(minutes=21))) == "call_in_future"
    with pytest.raises(ValidationError, match="consulted"):
        a_call(consulted=())
    opened().say(consulted("education", 14))


def test_a_call_and_a_consultation_are_about_the_case_while_it_was_open_j05() -> None:
    before = timedelta(minutes=-1)
    assert refusal(opened(), a_call(called_at=MONDAY + before)) == "call_not_of_the_case"
    long_ago = (PartnerConsulted(agency="education", at=MONDAY - timedelta(days=40)),)
    assert refusal(opened(), a_call(consulted=long_ago)) == "call_not_of_the_case"


def test_a_call_made_before_the_closing_is_recorded_after_it_and_none_made_later_j05() -> None:
    hub = Procedure()
    hub.refer()
    hub.wait(timedelta(minutes=20))
    hub.say(ThresholdDecided(by=SENIOR_PRACTITIONER, met=False, rationale=why(), redirect_to="housing"))
    assert hub.case.closed_at is not None
    hub.wait(timedelta(hours=1))
    assert refusal(hub, a_call(called_at=hub.now)) == "call_not_of_the_case"
    hub.say(a_call())
    assert [call.call_id for call in hub.case.supervision] == ["S-1"]


def test_staff_telephone_a_supervisor_of_their_own_agency_j02() -> None:
    assert refusal(opened(), a_call(by=SENIOR_PRACTITIONER)) == "supervisor_of_another"
    own = SupervisorCalled(person="CSS-SUP-01", agency="csc_staffordshire")
    opened().say(a_call(by=SENIOR_PRACTITIONER, supervisor=own))


# Face to face where possible.


def a_discussion(mode: Mode, discussion_id: str, element_id: str) -> DiscussionRecorded:
    return DiscussionRecorded(
        by=SENIOR_PRACTITIONER,
        discussion_id=discussion_id,
        elements=(element_id,),
        participants=(SENIOR_PRACTITIONER, SERGEANT),
        mode=mode,
        summary=secret("weighed"),
    )


def discussed(*modes: Mode) -> Procedure:
    """A case with an element discussed in each of these modes."""
    hub = opened()
    hub.answer("police", *(element(f"e{n}", "police") for n in range(len(modes))))
    for n, mode in enumerate(modes):
        hub.say(a_discussion(mode, f"D-{n}", f"e{n}"))
    return hub


def test_a_discussion_without_its_mode_is_refused_and_with_it_the_mode_is_on_record_j01() -> None:
    hub = discussed(Mode.FACE_TO_FACE)
    assert hub.case.discussions[0].mode is Mode.FACE_TO_FACE
    assert [f.detail["mode"] for f in hub.facts if f.what == "discussion.recorded"] == ["face_to_face"]
    envelope = Envelope(
        "m-x", "staff", "hub", hub.case.case_id, hub.now, a_discussion(Mode.PHONE, "D-9", "e0")
    )
    without = plain_wire(envelope, KEYS).replace(b'"mode":"phone",', b"")
    with pytest.raises(Unacceptable) as refused:
        from_wire(without, user="staff", me="hub", keys=KEYS)
    assert refused.value.reason == "payload_invalid"
    assert any("mode" in field for field in refused.value.fields)


def test_nobody_discusses_an_element_alone_d06() -> None:
    hub = opened()
    hub.answer("police", element("e1", "police"))
    for alone in ((SENIOR_PRACTITIONER,), (SENIOR_PRACTITIONER, SENIOR_PRACTITIONER)):
        said = a_discussion(Mode.FACE_TO_FACE, "D-1", "e1").model_copy(update={"participants": alone})
        assert refusal(hub, said) == "discussion_takes_two"
    hub.say(a_discussion(Mode.FACE_TO_FACE, "D-1", "e1"))


def test_a_decision_rests_on_a_discussion_whose_mode_is_known_j01() -> None:
    hub = opened()
    hub.answer("police", element("e1", "police"))
    with pytest.raises(Refused, match="not_discussed"):
        hub.decide("e1", release())


def test_the_share_of_discussions_by_telephone_is_reported_over_all_cases_j01() -> None:
    assert Figures(days=30, at_most=5).phone_share is None
    found = Figures(days=30, at_most=5)
    for hub in (discussed(Mode.PHONE, Mode.FACE_TO_FACE), discussed(Mode.VIDEO, Mode.FACE_TO_FACE)):
        add(found, hub.case, hub.now)
    assert (found.cases, found.phone_share) == (2, 0.25)


# Material that was not agreed for release stays.


def test_what_was_withheld_leaves_in_no_message_record_or_refusal_and_by_no_call_j08_d18() -> None:
    token = "Xylophone-Lane-7"
    hub = opened()
    hub.answer("police", element("e1", "police", f"seen at {token}"), element("e2", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("e1", "e2")
    hub.decide("e1", withhold())
    hub.decide("e2", release())
    hub.say(a_call())
    refused = refusal_text(hub, a_call())
    hub.assess()
    hub.agree()
    ref = kept_ref(hub.case)
    for sending in hub.sent:
        body, texts = to_outbox(Envelope("m", "hub", sending.to, "C-1", hub.now, sending.payload))
        assert token not in body + "".join(texts)
        if sending.to != "agency.police":
            assert ref not in body
    assert token not in repr(hub.facts) + repr(hub.case) + refused


def refusal_text(hub: Procedure, said: Said) -> str:
    with pytest.raises(Refused) as refused:
        hub.say(said)
    return f"{refused.value!r} {refused.value.remedy} {refused.value.fields}"


def kept_ref(case: Case) -> str:
    found = case.element("e1")
    assert found is not None and found.text.ref is not None
    return found.text.ref
