"""Who a case is about, as others may see it."""

from __future__ import annotations

from agents.coordinator.case import Case
from messages.envelope import Lane
from messages.referral import PersonConcerned
from messages.words import Part, Rag


def who_may_be_named(case: Case) -> tuple[PersonConcerned, ...]:
    """Everybody but a referrer who must stay unknown. [D13]"""
    return tuple(p for p in case.people if p.may_be_named)


def whom_to_ask_about(case: Case) -> tuple[PersonConcerned, ...]:
    """The people that agencies are asked about: never the referrer. [C08, D13]"""
    return tuple(p for p in case.people if p.part is not Part.REFERRER and p.may_be_named)


def lane(case: Case) -> Lane:
    """RED work travels in the urgent lane."""
    return Lane.URGENT if case.rating is not None and case.rating.rag is Rag.RED else Lane.ROUTINE
