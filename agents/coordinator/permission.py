"""Information of a third party: holding is not owning. [D09, D10, D17, M3.4]"""

from __future__ import annotations

from collections.abc import Mapping

from agents.coordinator import disclosure
from agents.coordinator.case import Case
from agents.coordinator.elements import Authority, Element, Permission, Standing, standing
from agents.coordinator.people import lane
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Refused, Sending
from messages.confidential import Confidential
from messages.disclosure import PermissionDecided, PermissionRequested


def ask(
    case: Case, reasons: Mapping[str, Confidential], setting: Setting
) -> tuple[Case, tuple[Sending, ...]]:
    """Ask the owners of these elements, each with the reason why it is needed and the use. [D09]"""
    sending: list[Sending] = []
    for element_id, why in reasons.items():
        element = case.element(element_id)
        if element is None or element.discussion_id is None:
            continue
        permission = Permission(
            permission_id=f"{case.case_id}/permission/{case.round.number}/{case.elements.index(element) + 1}",
            why_needed=why,
            asked_at=setting.now,
        )
        asking = element.model_copy(update={"permission": permission})
        case = case.with_element(asking)
        sending += request(case, asking, setting)
    return case, tuple(sending)


def ask_again(case: Case, setting: Setting) -> tuple[Sending, ...]:
    """The same requests to the owners that have not decided, with the due time and lane of now. [E11]"""
    pending = (e for e in case.elements if standing(e) is Standing.THIRD_PARTY_PENDING)
    return tuple(sending for element in pending for sending in request(case, element, setting))


def request(
    case: Case, element: Element, setting: Setting, *, cause: str = "first_decision"
) -> list[Sending]:
    """The request to the owner of an element, and why it is made.

    Nothing is revealed to an agency that has not signed: its permission is got outside the hub. [C09]
    """
    direction, rating, asked = case.last_direction, case.rating, element.permission
    if direction is None or rating is None or asked is None or element.discussion_id is None:
        return []
    if not setting.partnership.signed(element.owner, setting.today):
        return []
    asking = PermissionRequested(
        permission_id=asked.permission_id,
        element_id=element.element_id,
        holder=element.holder,
        owner=element.owner,
        discussion_id=element.discussion_id,
        kind=element.kind,
        marking=element.marking,
        risks=element.risks,
        text=element.text,
        why_needed=asked.why_needed,
        intended_use=direction.purpose,
        cause=cause,
        due_at=rating.due_at,
    )
    return [Sending(f"agency.{element.owner}", asking, lane(case))]


def decide(case: Case, said: PermissionDecided, setting: Setting) -> Decided[Case]:
    """The owner permits, with its conditions, or refuses: this is the owner's decision. [D09, D17]

    Raises `Refused`: nobody asked, or what `disclosure.put_in_force` refuses.
    """
    element = case.element(said.element_id)
    asked = element.permission if element is not None else None
    if element is None or asked is None or asked.permission_id != said.permission_id:
        raise Refused(
            "permission_not_asked",
            "Answer with the permission_id and element_id of a request of this case.",
            fields=("data.permission_id",),
            by=said.by,
        )
    decided, fact = disclosure.put_in_force(
        case,
        element.model_copy(update={"permission": asked.model_copy(update={"decided_at": setting.now})}),
        said.choice,
        disclosure.Taker(said.by, said.rule, Authority.THIRD_PARTY_OWNER),
        setting,
        field="data.choice",
        conditions=said.conditions,
    )
    return Decided(decided, (), (fact,))
