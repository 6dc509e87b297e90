"""Information is used for what it was asked and let go for. [D16, M3, M3.1]

A round of checks has one purpose: agencies are asked for it, owners release for it, and the package says it.
"""

from __future__ import annotations

from agents.coordinator.case import Case
from agents.coordinator.elements import Element
from agents.deciding import Refused
from messages.intake import EnquiryDirected
from messages.words import Actor, ElementChoice


def require_of_round(case: Case, said: EnquiryDirected) -> None:
    """A further direction asks for the purpose of its round. Raises `Refused`."""
    began = case.round.direction
    if began is not None and said.purpose != began.purpose:
        raise Refused(
            "purpose_differs",
            f"This round of checks is for {began.purpose}; another purpose needs a round of its own.",
            fields=("data.purpose",),
            by=said.by,
        )


def require_of_package(case: Case, choice: ElementChoice, *, field: str, by: Actor | None) -> None:
    """An element is released for the purpose that its package will say. Raises `Refused`."""
    began = case.round.direction
    if began is not None and choice.purpose != began.purpose:
        raise Refused(
            "purpose_differs",
            f"The package is for {began.purpose}: release for that, or withhold.",
            fields=(f"{field}.purpose",),
            by=by,
        )


def decide_anew_for_another(case: Case, purpose: str) -> Case:
    """The case as its round begins: what was let go for another purpose and has not left yet is discussed
    and decided anew. [D20]"""
    for element in case.elements:
        if element.round == case.round.number and _let_go_for_another(element, purpose):
            case = case.with_element(_undecided(element))
    return case


def _let_go_for_another(element: Element, purpose: str) -> bool:
    if element.decision is None or element.dispute_id is not None:
        return False
    return element.decision.choice.purpose not in (None, purpose)


def _undecided(element: Element) -> Element:
    earlier = element.earlier_decisions
    if element.decision is not None:
        earlier = (*earlier, element.decision)
    return element.model_copy(
        update={"decision": None, "discussion_id": None, "permission": None, "earlier_decisions": earlier}
    )
