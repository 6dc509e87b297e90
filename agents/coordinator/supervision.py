"""Calls to a supervisor outside the hub. [J02-J06, M2.5, M5]

The hub keeps that a call was made, never what was said: no field of the message can hold it. A supervisor
is on a register of their own and holds no role, so the register of staff refuses whatever one decides.
"""

from __future__ import annotations

from agents.coordinator.authority import require_right
from agents.coordinator.case import Case
from agents.coordinator.governance import SupervisionCall
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused
from messages.governance import SupervisionRecorded


def record(case: Case, said: SupervisionRecorded, setting: Setting) -> Decided[Case]:
    """Note a call that staff made when they could not decide or weighed an escalation. [J02, J05]

    It may be recorded after the case was closed, if it was made before. Raises `Refused`: a supervisor of
    another agency, or who is not designated, vetted and bound by the Memorandum, whatever their rank; a call
    or a consultation of partners that was not about this case while it was open; partners who were not
    consulted before the call; an id that is taken.
    """
    require_right("consult_supervisor", said.by, setting)
    _require_designated(said, setting)
    _require_of_the_case(case, said, setting)
    if case.purge is not None:
        raise Refused("case_purged", "The content of this case was destroyed; it takes no more.", by=said.by)
    if any(call.call_id == said.call_id for call in case.supervision):
        raise Refused("call_taken", "Give each call an id of its own.", fields=("data.call_id",), by=said.by)
    call = SupervisionCall(
        call_id=said.call_id,
        by=said.by,
        supervisor=said.supervisor,
        called_at=said.called_at,
        ground=said.ground,
        consulted=said.consulted,
        outcome=said.outcome,
        recorded_at=setting.now,
    )
    fact = Fact(
        "supervision.recorded",
        said.by,
        {
            "call_id": said.call_id,
            "supervisor": said.supervisor.model_dump(mode="json"),
            "called_at": said.called_at.isoformat(),
            "ground": said.ground,
            "consulted": [one.model_dump(mode="json") for one in said.consulted],
            "outcome": said.outcome,
        },
    )
    return Decided(case.model_copy(update={"supervision": (*case.supervision, call)}), (), (fact,))


def _require_designated(said: SupervisionRecorded, setting: Setting) -> None:
    """Also those above the first line. [J06]"""
    if said.supervisor.agency != said.by.agency:
        raise Refused(
            "supervisor_of_another",
            "Call a supervisor of your own agency.",
            fields=("data.supervisor.agency",),
            by=said.by,
        )
    known = setting.partnership.supervisor(said.supervisor.person, said.supervisor.agency)
    on = setting.day_of(said.called_at)
    if known is None or on < known.designated_on:
        raise Refused(
            "supervisor_not_designated",
            "Call a supervisor who is designated (supervisors in the partnership), or escalate instead.",
            fields=("data.supervisor",),
            by=said.by,
        )
    if on > known.vetted_until:
        raise Refused(
            "supervisor_not_vetted",
            "The supervisor's vetting had run out on the day of the call; escalate instead.",
            fields=("data.supervisor",),
            by=said.by,
        )
    if on < known.signed_on or not setting.partnership.signed(known.agency, on):
        raise Refused(
            "memorandum_not_signed",
            "The supervisor, and their agency, have to sign the Memorandum before they are called.",
            fields=("data.supervisor",),
            by=said.by,
        )


def _require_of_the_case(case: Case, said: SupervisionRecorded, setting: Setting) -> None:
    """Partners are consulted beforehand, about this case: signatory agencies other than the caller's own.
    [J05, M5.5]"""
    if said.called_at > setting.now:
        raise Refused(
            "call_in_future",
            "Record the call after it was made.",
            fields=("data.called_at",),
            by=said.by,
        )
    if said.called_at < case.received_at or (case.closed_at is not None and said.called_at > case.closed_at):
        raise Refused(
            "call_not_of_the_case",
            "A call about a case is made after the hub received it and before it is closed.",
            fields=("data.called_at",),
            by=said.by,
        )
    for n, partner in enumerate(said.consulted):
        own = partner.agency == said.by.agency
        if own or not setting.partnership.signed(partner.agency, setting.day_of(partner.at)):
            raise Refused(
                "not_a_partner",
                "Consult partners: agencies other than your own that have signed the Memorandum.",
                fields=(f"data.consulted.{n}.agency",),
                by=said.by,
            )
        if partner.at < case.received_at:
            raise Refused(
                "call_not_of_the_case",
                "Consult the partners about this case, after the hub received it.",
                fields=(f"data.consulted.{n}.at",),
                by=said.by,
            )
        if partner.at >= said.called_at:
            raise Refused(
                "partners_not_consulted_before",
                "Consult the partners before the call, not after it.",
                fields=(f"data.consulted.{n}.at",),
                by=said.by,
            )
