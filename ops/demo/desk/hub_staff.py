"""The hub's own staff: threshold, rating, direction, discussion, assessment, agreement. [G3.1, G3.6]"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agents.coordinator import adults, child_sexual_exploitation, gaps, hate_crime, package
from agents.coordinator.case import Case
from agents.coordinator.elements import Element, Standing, standing
from messages.confidential import Confidential
from messages.disclosure import DiscussionRecorded, Needed
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.package import AssessmentMade, PackageAgreed
from messages.parties import STAFF
from messages.words import Mode, Rag
from ops.demo.desk.acts import A_MOMENT, A_WHILE, Act, Scene
from ops.demo.desk.wording import rationale

DISCUSS_AT = 0.6
ASSESS_AT = 0.7
AGREE_AT = 0.75
"""How much of the time is used up before people go on without an agency that has not answered."""


def acts(scene: Scene) -> Iterator[Act]:
    """What staff do next."""
    case = scene.case
    if case.threshold is None:
        yield from _threshold(scene)
    elif case.rating is None:
        yield from _rating(scene)
    else:
        yield from _rated_again(scene)
        if case.round.direction is None:
            yield _direction(scene)
        else:
            yield from _discussion(scene)
            yield from _assessment(scene)
            yield from _agreement(scene)


def _threshold(scene: Scene) -> Iterator[Act]:
    case, play = scene.case, scene.script.threshold
    at = case.received_at + A_MOMENT
    said = ThresholdDecided(
        by=scene.cast.in_charge(case),
        met=play.met,
        redirect_to=play.redirect_to,
        rationale=rationale(play.why or "The concern belongs to a live cohort and needs several agencies."),
    )
    if play.tried_by is not None:
        tried = said.model_copy(update={"by": scene.cast.person(play.tried_by)})
        yield Act("threshold/tried", at, STAFF, tried)
        at += A_MOMENT
    yield Act("threshold", at, STAFF, said)


def _rating(scene: Scene) -> Iterator[Act]:
    case, play = scene.case, scene.script.rating
    if case.threshold is None:
        return
    at = case.threshold.at + A_MOMENT
    if play.tried is not None:
        yield Act("rating/tried", at, STAFF, _rated(scene, play.tried, play.why))
        at += A_MOMENT
    yield Act("rating", at, STAFF, _rated(scene, play.rag, play.why))


def _rated_again(scene: Scene) -> Iterator[Act]:
    first = scene.case.ratings[0].at
    for number, play in enumerate(scene.script.rated_again, 1):
        at = max(scene.case.received_at + play.after, first + A_MOMENT)
        yield Act(f"rated-again/{number}", at, STAFF, _rated(scene, play.rag, play.why))


def _rated(scene: Scene, rag: Rag, why: str | None) -> RiskRated:
    return RiskRated(
        by=scene.cast.in_charge(scene.case),
        rag=rag,
        open_case_worker=scene.script.rating.worker if rag is Rag.BLUE else None,
        rationale=rationale(why or "Significant concerns; nobody has to be made safe this minute."),
    )


def _direction(scene: Scene) -> Act:
    case, script = scene.case, scene.script
    if case.rating is None:
        raise ValueError("direction follows the rating")
    ground = scene.cast.ground(case)
    again = script.task_back if case.round.number > 1 else None
    also_ask = again.also_ask if again else script.direction.also_ask
    question = again.question if again else script.direction.question
    return Act(
        f"direction/{case.round.number}",
        (case.round.started_at if again else case.rating.at) + A_MOMENT,
        STAFF,
        EnquiryDirected(
            by=scene.cast.in_charge(case),
            purpose=ground.purpose,
            legal_basis=ground.legal_basis,
            also_ask=also_ask,
            question=Confidential(question) if question else None,
            rationale=rationale("Those who may know the people are asked what they know."),
        ),
    )


def _discussion(scene: Scene) -> Iterator[Act]:
    """One discussion at a time: first of what was revealed, then of what has to be considered again."""
    here = [e for e in scene.case.elements if e.round == scene.case.round.number]
    revealed = [e for e in here if standing(e) is Standing.REVEALED]
    undecided = [e for e in here if standing(e) is Standing.CONSIDER and not talked_over_again(e)]
    if revealed:
        yield _discussed(scene, revealed, _when_to_discuss(scene, revealed))
    elif undecided:
        at = max(e.decision.at for e in undecided if e.decision) + A_WHILE
        yield _discussed(scene, undecided, at)


def talked_over_again(element: Element) -> bool:
    """Whether an undecided element was discussed since its owner left it undecided."""
    return element.decision is not None and element.discussion_id != element.decision.discussion_id


def _when_to_discuss(scene: Scene, revealed: list[Element]) -> datetime:
    came = max(e.revealed_at for e in revealed)
    if not gaps.unanswered(scene.case):
        return max(came, _last_answer(scene.case)) + A_MOMENT
    return max(came + A_MOMENT, scene.part_of_time(DISCUSS_AT))


def _discussed(scene: Scene, elements: list[Element], at: datetime) -> Act:
    case = scene.case
    number = len(case.discussions) + 1
    owners = dict.fromkeys(e.owner for e in elements)
    by = scene.cast.senior(case)
    deciders = [scene.cast.with_right(owner, "release") for owner in owners]
    return Act(
        f"discussion/{number}",
        at,
        STAFF,
        DiscussionRecorded(
            by=by,
            discussion_id=f"{case.case_id}/discussion/{number}",
            elements=tuple(e.element_id for e in elements),
            participants=tuple(dict.fromkeys((by, *deciders))),
            mode=Mode.FACE_TO_FACE,
            summary=Confidential("What each element is worth to the teams, and what its release could do."),
            needed=tuple(
                Needed(
                    element_id=e.element_id,
                    why=Confidential("The team cannot weigh the risk to the people concerned without it."),
                )
                for e in elements
                if e.owner != e.holder
            ),
        ),
    )


def _assessment(scene: Scene) -> Iterator[Act]:
    case, play = scene.case, scene.script.assessment
    if case.assessment is not None and case.assessment.round == case.round.number:
        return
    at = scene.part_of_time(ASSESS_AT)
    if not gaps.waiting_for(case):
        at = min(at, last_word(case) + A_MOMENT)
    yield Act(
        f"assessment/{case.round.number}",
        at,
        STAFF,
        AssessmentMade(
            by=scene.cast.senior(case),
            suggested_course=play.course,
            urgent_facts=Confidential(play.urgent_facts) if play.urgent_facts else None,
            rationale=rationale("What the agencies know, taken together, suggests this course."),
        ),
    )


def _agreement(scene: Scene) -> Iterator[Act]:
    case = scene.case
    if case.assessment is None or case.assessment.round != case.round.number:
        return
    if case.agreement is not None or not package.has_news(case) or adults.open_step(case):
        return
    if hate_crime.wants_response(case) or child_sexual_exploitation.wants_completion(case):
        return
    waiting = gaps.waiting_for(case)
    if waiting and case.round_packages:
        return  # a supplement can wait until what is new has been decided
    ready = max(case.assessment.at, last_word(case)) + A_MOMENT
    at = max(case.assessment.at + A_MOMENT, scene.part_of_time(AGREE_AT)) if waiting else ready
    how = "partial_at_due" if waiting else "wait"
    yield Act(
        f"agreement/{case.round.number}/{len(case.packages) + 1}/{how}",
        at,
        STAFF,
        PackageAgreed(
            by=scene.cast.manager(),
            if_incomplete="partial_at_due" if waiting else "wait",
            rationale=rationale("Everything that was decided is in it; what is missing is named."),
        ),
    )


def _last_answer(case: Case) -> datetime:
    return max((c.answered_at for c in case.round_checks if c.answered_at), default=case.round.started_at)


def last_word(case: Case) -> datetime:
    """When the last answer came or the last element was decided."""
    decided = [e.decision.at for e in case.elements if e.decision is not None]
    directed = [case.round.direction.at] if case.round.direction else []
    return max([_last_answer(case), *decided, *directed])
