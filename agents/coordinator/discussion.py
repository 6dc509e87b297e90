"""The discussion of elements, which comes before any decision on them. [D06, D22, M3.2]"""

from __future__ import annotations

from agents.coordinator import permission, source_protection
from agents.coordinator.authority import require_registered, require_right, require_vetted
from agents.coordinator.case import Case, Discussion, HeldPosition
from agents.coordinator.elements import Element, Standing, standing
from agents.coordinator.people import lane
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.disclosure import DiscussionRecorded, ElementToReview, ReviewRequested

OPEN_TO_DISCUSSION = frozenset(
    {Standing.REVEALED, Standing.AWAITING_OWNER, Standing.CONSIDER, Standing.THIRD_PARTY_PENDING}
)


def record(case: Case, said: DiscussionRecorded, setting: Setting) -> Decided[Case]:
    """Record who discussed which elements, then ask their owners to decide. [D03, D06, D09]

    Raises `Refused`: fewer than two people, an unknown participant or one whose vetting ran out, an unknown
    element, an element decided already, a discussion id that is taken, or a reason for an owner that gives a
    source away.
    """
    require_right("record_discussion", said.by, setting)
    for n, participant in enumerate(said.participants):
        require_registered(participant, setting, field=f"data.participants.{n}")
        require_vetted(participant, setting, field=f"data.participants.{n}")
    if len({participant.person for participant in said.participants}) < 2:
        raise Refused(
            "discussion_takes_two",
            "Name at least two people who discussed it.",
            fields=("data.participants",),
            by=said.by,
        )
    if any(d.discussion_id == said.discussion_id for d in case.discussions):
        raise Refused("discussion_taken", "Give each discussion an id of its own.", by=said.by)
    if case.round.direction is None:
        raise Refused("not_directed", "Checks have to be directed first.", by=said.by)
    discussed = [_open_element(case, element_id, said) for element_id in said.elements]
    reasons = {need.element_id: need.why for need in said.needed}
    if any(e.owner != e.holder and e.element_id not in reasons for e in discussed):
        raise Refused(
            "reason_for_owner_missing",
            "Say why each element of a third party is needed (needed); its owner is told that alone.",
            fields=("data.needed",),
            by=said.by,
        )
    source_protection.require_hidden_in(case, reasons.values(), setting, field="data.needed", by=said.by)
    discussion = Discussion(
        discussion_id=said.discussion_id,
        round=case.round.number,
        elements=said.elements,
        participants=said.participants,
        mode=said.mode,
        at=setting.now,
        summary=said.summary,
        positions=tuple(
            HeldPosition(actor=p.actor, element_id=p.element_id, position=p.position, view=p.view)
            for p in said.positions
        ),
    )
    after = case.model_copy(update={"discussions": (*case.discussions, discussion)})
    for element in discussed:
        after = after.with_element(element.model_copy(update={"discussion_id": said.discussion_id}))
    after, asked = permission.ask(
        after, {e.element_id: reasons[e.element_id] for e in discussed if e.owner != e.holder}, setting
    )
    reviews = _reviews(after, [e for e in discussed if e.owner == e.holder], len(after.discussions))
    fact = Fact(
        "discussion.recorded",
        said.by,
        {
            "discussion_id": said.discussion_id,
            "elements": list(said.elements),
            "participants": [p.model_dump(mode="json") for p in said.participants],
            "mode": said.mode,
            "positions": [
                {"person": p.actor.person, "element_id": p.element_id, "position": p.position}
                for p in said.positions
            ],
        },
    )
    return Decided(after, (*reviews, *asked), (fact,))


def ask_again(case: Case) -> tuple[Sending, ...]:
    """The same requests to the owners that have not decided, with the due time and lane of now. [E11]"""
    return tuple(
        sending
        for number, discussion in enumerate(case.discussions, 1)
        for sending in _reviews(case, _undecided(case, discussion), number)
    )


def _undecided(case: Case, discussion: Discussion) -> list[Element]:
    return [
        element
        for element in case.elements
        if element.discussion_id == discussion.discussion_id
        and element.owner == element.holder
        and standing(element) is Standing.AWAITING_OWNER
    ]


def _open_element(case: Case, element_id: str, said: DiscussionRecorded) -> Element:
    element = case.element(element_id)
    if element is None:
        raise Refused(
            "element_unknown", "Discuss elements of this case.", fields=("data.elements",), by=said.by
        )
    if standing(element) not in OPEN_TO_DISCUSSION:
        raise Refused(
            "element_decided",
            "Leave out elements that are decided or in dispute; a decision is disputed, not discussed again.",
            fields=("data.elements",),
            by=said.by,
        )
    return element


def _reviews(case: Case, elements: list[Element], number: int) -> tuple[Sending, ...]:
    """One request to decide for each owner, after the discussion of this number. [D03]"""
    direction, rating = case.round.direction, case.rating
    if direction is None or rating is None:
        return ()
    owners = dict.fromkeys(e.owner for e in elements)
    again = any(e.decision is not None for e in elements)
    cause = "considered_again" if again else ("task_back" if case.round.number > 1 else "first_decision")
    return tuple(
        Sending(
            f"agency.{owner}",
            ReviewRequested(
                review_id=f"{case.case_id}/review/{number}/{owner}",
                round=case.round.number,
                discussion_id=case.discussions[number - 1].discussion_id,
                elements=tuple(
                    ElementToReview(element_id=e.element_id, kind=e.kind, marking=e.marking, risks=e.risks)
                    for e in elements
                    if e.owner == owner
                ),
                purpose=direction.purpose,
                cause=cause,
                due_at=rating.due_at,
            ),
            lane(case),
        )
        for owner in owners
    )
