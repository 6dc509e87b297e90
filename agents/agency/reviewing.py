"""What the owner's rules decide of a review or a request for permission, and what is left to a person. Pure.

Nothing is sent for what no rule decides: silence is never consent, and a worker never takes a decision of
its own. [D03, D05, D23]
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from agents.agency.ports import ByRule, Circumstances, DisclosurePolicy, HeldElement
from agents.agency.state import AgencyCase, DecidedByRule, LeftToPerson
from agents.deciding import Decided, Fact, Refused, Sending
from messages.disclosure import (
    NEW_FINDING,
    SOURCE_TO_HIDE,
    Decision,
    DisclosureDecided,
    ElementToReview,
    PermissionDecided,
    PermissionRequested,
    ReviewRequested,
)
from messages.parties import HUB
from messages.words import OwnersRule, RiskFlag

Unclear = str
"""A code for why no rule could be asked, or none fitted."""

_A_PERSONS = frozenset({NEW_FINDING, SOURCE_TO_HIDE})
"""The causes of a request that no rule answers, since none was made in knowledge of them."""


def review(
    case: AgencyCase,
    agency: str,
    asked: ReviewRequested,
    held: Mapping[str, HeldElement],
    policy: DisclosurePolicy,
    now: datetime,
) -> Decided[AgencyCase]:
    """Decide the elements that a rule decides, in one message for each rule; note the others.

    ``held`` are the elements as the records hold them now, by element id. What is put to the owner again
    because of a new finding, or a source to hide, is a person's.
    """
    by_rule: dict[str, tuple[OwnersRule, list[Decision]]] = {}
    done: list[DecidedByRule] = []
    waiting: list[LeftToPerson] = []
    for element in asked.elements:
        found: ByRule | Unclear = asked.cause
        if asked.cause not in _A_PERSONS:
            found = _choose(case, agency, asked.purpose, element, held.get(element.element_id), policy, now)
        if isinstance(found, ByRule):
            decisions = by_rule.setdefault(found.rule.rule, (found.rule, []))[1]
            decisions.append(Decision(element_id=element.element_id, choice=found.choice))
            done.append(_done(asked.review_id, asked.discussion_id, element.element_id, found))
        else:
            waiting.append(
                LeftToPerson(
                    request_id=asked.review_id,
                    discussion_id=asked.discussion_id,
                    element_id=element.element_id,
                    because=found,
                    due_at=asked.due_at,
                )
            )
    sending = tuple(
        DisclosureDecided(rule=rule, discussion_id=asked.discussion_id, decisions=tuple(decisions))
        for rule, decisions in by_rule.values()
    )
    state = _with(case, done, waiting)
    return Decided(state, tuple(Sending(HUB, said) for said in sending), _facts(done, waiting))


def permit(
    case: AgencyCase, agency: str, asked: PermissionRequested, policy: DisclosurePolicy, now: datetime
) -> Decided[AgencyCase]:
    """Decide as the owner of what another agency holds, where a rule does. [D09]

    Raises `Refused` when another agency owns it.
    """
    if asked.owner != agency:
        raise Refused("not_the_owner", "Ask the owner of the element.", fields=("data.owner",))
    circumstances = Circumstances(asked.kind, asked.marking, frozenset(asked.risks), asked.intended_use)
    found = None if asked.cause in _A_PERSONS else policy.choose(circumstances, now)
    if found is None:
        left = LeftToPerson(
            request_id=asked.permission_id,
            discussion_id=asked.discussion_id,
            element_id=asked.element_id,
            because=asked.cause if asked.cause in _A_PERSONS else "no_rule_fits",
            due_at=asked.due_at,
        )
        return Decided(_with(case, [], [left]), (), _facts([], [left]))
    done = _done(asked.permission_id, asked.discussion_id, asked.element_id, found)
    said = PermissionDecided(
        rule=found.rule,
        permission_id=asked.permission_id,
        element_id=asked.element_id,
        choice=found.choice,
    )
    return Decided(_with(case, [done], []), (Sending(HUB, said),), _facts([done], []))


def _choose(
    case: AgencyCase,
    agency: str,
    purpose: str,
    asked: ElementToReview,
    held: HeldElement | None,
    policy: DisclosurePolicy,
    now: datetime,
) -> ByRule | Unclear:
    revealed = case.revealed(asked.element_id)
    if revealed is None:
        return "not_revealed_here"
    if revealed.owner != agency:
        return "not_the_owner"
    if held is None or (held.kind, held.marking, held.owner) != (
        revealed.kind,
        revealed.marking,
        revealed.owner,
    ):
        return "record_changed"
    if (asked.kind, asked.marking) != (revealed.kind, revealed.marking):
        return "known_differently"
    risks = {*asked.risks, *revealed.risks, *held.risks}
    if held.source_words:
        risks.add(RiskFlag.SOURCE_AT_RISK)
    circumstances = Circumstances(asked.kind, asked.marking, frozenset(risks), purpose, held.suggestion)
    return policy.choose(circumstances, now) or "no_rule_fits"


def _done(request_id: str, discussion_id: str, element_id: str, found: ByRule) -> DecidedByRule:
    return DecidedByRule(
        request_id=request_id,
        discussion_id=discussion_id,
        element_id=element_id,
        rule=found.rule.rule,
        choice=found.choice.choice,
    )


def _with(case: AgencyCase, done: list[DecidedByRule], waiting: list[LeftToPerson]) -> AgencyCase:
    """The case with these; what waited about the same elements waits no longer."""
    asked_again = {d.element_id for d in done} | {w.element_id for w in waiting}
    still = tuple(w for w in case.waiting if w.element_id not in asked_again)
    return case.model_copy(update={"decided": (*case.decided, *done), "waiting": (*still, *waiting)})


def _facts(done: list[DecidedByRule], waiting: list[LeftToPerson]) -> tuple[Fact, ...]:
    facts = []
    if done:
        facts.append(
            Fact(
                "decided_by_rule",
                detail={"decisions": [d.model_dump(mode="json") for d in done]},
            )
        )
    if waiting:
        facts.append(
            Fact(
                "left_to_person",
                detail={"elements": {w.element_id: w.because for w in waiting}},
            )
        )
    return tuple(facts)
