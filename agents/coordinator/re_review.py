"""What an owner withheld is put to it again when another agency finds something new. [A03, D03, M3.7]

READ: the picture has changed for a withheld element when an answer of another agency, after the refusal, has
new elements about the same person. The owner is told that, and nothing of what was found; a person decides,
or lets it be. Until somebody decides the refusal stands, and nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agents.coordinator import checks, permission
from agents.coordinator.case import Case
from agents.coordinator.disclosure import SETTLES
from agents.coordinator.elements import Element, Standing, standing
from agents.coordinator.people import lane
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Sending
from messages.checks import CheckAnswered
from messages.disclosure import NEW_FINDING, SOURCE_TO_HIDE, ElementToReview, ReviewRequested

_ASKED: Mapping[str, str] = {NEW_FINDING: "answer", SOURCE_TO_HIDE: "source"}
"""What tells the requests of one answer apart, by their cause."""


def answer(case: Case, said: CheckAnswered, setting: Setting) -> Decided[Case]:
    """Take an agency's answer, and ask the owners whose refusals it puts in a new light: once for each
    answer. Raises `Refused` as `checks.answer` does."""
    answered = checks.answer(case, said, setting)
    after = answered.state
    new = [e for e in after.elements if case.element(e.element_id) is None]
    again = [e for e in after.elements if _is_changed_by(e, new, said.agency) and _may_be_asked(e, after)]
    if not again:
        return answered
    asked = [
        e.model_copy(update={"asked_again_after": after.answers, "round": after.round.number}) for e in again
    ]
    for element in asked:
        after = after.with_element(element)
    fact = Fact(
        "owner.asked_again",
        detail={
            "elements": [e.element_id for e in asked],
            "owners": sorted({e.owner for e in asked}),
            "cause": NEW_FINDING,
            "because_of": [e.element_id for e in new],
        },
    )
    sending = put_again(after, asked, setting, cause=NEW_FINDING)
    return Decided(after, (*answered.sending, *sending), (*answered.facts, fact))


def put_again(
    case: Case, elements: Sequence[Element], setting: Setting, *, cause: str
) -> tuple[Sending, ...]:
    """Put elements to their owners again, each by the way in which it was asked first."""
    return (*_reviews(case, elements, cause), *_permissions(case, elements, setting, cause))


def awaited(case: Case) -> tuple[str, ...]:
    """Owners that were asked again and have not decided anew."""
    return tuple(dict.fromkeys(e.owner for e in case.elements if e.asked_again_after is not None))


def _is_changed_by(element: Element, new: Iterable[Element], agency: str) -> bool:
    """Whether another agency found something new about a person whom the element is about."""
    return agency != element.owner and any(
        one.owner != element.owner and set(one.about) & set(element.about) for one in new
    )


def _may_be_asked(element: Element, case: Case) -> bool:
    """Whether the owner may change what it decided, and is not about to decide anew in any case: an agency
    that is asked again in a later round reveals its elements again. [D20, K01]"""
    if standing(element) is not Standing.WITHHELD or element.decision is None:
        return False
    if element.decision.authority in SETTLES:
        return False
    asked_in_round = {check.agency for check in case.checks if check.round == case.round.number}
    return element.round == case.round.number or element.holder not in asked_in_round


def _reviews(case: Case, elements: Iterable[Element], cause: str) -> list[Sending]:
    """A request for each owner and discussion, which its decision has to link. [D06]"""
    own = [e for e in elements if e.owner == e.holder]
    direction, rating = case.last_direction, case.rating
    if direction is None or rating is None:
        return []
    return [
        Sending(
            f"agency.{owner}",
            ReviewRequested(
                review_id=f"{case.case_id}/review/{_ASKED[cause]}-{case.answers}/{number}",
                round=case.round.number,
                discussion_id=discussion_id,
                elements=tuple(
                    ElementToReview(element_id=e.element_id, kind=e.kind, marking=e.marking, risks=e.risks)
                    for e in own
                    if (e.owner, e.discussion_id) == (owner, discussion_id)
                ),
                purpose=direction.purpose,
                cause=cause,
                due_at=rating.due_at,
            ),
            lane(case),
        )
        for number, (owner, discussion_id) in enumerate(
            dict.fromkeys((e.owner, e.discussion_id or "none") for e in own), 1
        )
    ]


def _permissions(case: Case, elements: Iterable[Element], setting: Setting, cause: str) -> list[Sending]:
    """A third-party owner is asked as it was asked before. [D09]"""
    return [
        sending
        for e in elements
        if e.owner != e.holder
        for sending in permission.request(case, e, setting, cause=cause)
    ]
