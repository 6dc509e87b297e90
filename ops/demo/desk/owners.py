"""The owners' decision makers, for what their rules leave to a person. [D03, D04, D09]"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agents.agency.ports import Circumstances
from agents.coordinator.elements import Element, Standing, standing
from messages.confidential import Confidential
from messages.disclosure import Decision, DisclosureDecided, PermissionDecided
from messages.parties import STAFF
from messages.words import Choice, ElementChoice, Said
from ops.demo.desk.acts import A_MOMENT, A_WHILE, Act, Scene
from ops.demo.desk.hub_staff import talked_over_again
from ops.demo.desk.script import ElementPlay, Say
from ops.demo.desk.wording import choice_of


def acts(scene: Scene) -> Iterator[Act]:
    """What owners decide next, each element by itself."""
    for element in scene.case.elements:
        if element.round != scene.case.round.number:
            continue
        play = scene.script.of_record(element.record.document) or ElementPlay(record=element.record.document)
        if play.silent:
            continue
        match standing(element):
            case Standing.AWAITING_OWNER if not _decided_by_rule(scene, element):
                yield from _decide(scene, element, play, _discussed_at(scene, element) + play.after)
            case Standing.THIRD_PARTY_PENDING if element.permission and not _decided_by_rule(scene, element):
                yield from _decide(scene, element, play, element.permission.asked_at + play.after)
            case Standing.CONSIDER if talked_over_again(element):
                yield _again(scene, element, play)
            case Standing.WITHHELD if play.asked_again and element.asked_again_after is not None:
                yield _of_the_refusal(scene, element, play, play.asked_again)


def _decided_by_rule(scene: Scene, element: Element) -> bool:
    """Whether the owner has a rule for this: then its worker decides, and people leave it alone. [D23]"""
    rules, direction = scene.cast.rules.get(element.owner), scene.case.round.direction
    if rules is None or direction is None:
        return False
    own = element.owner == element.holder
    circumstances = Circumstances(
        element.kind,
        element.marking,
        frozenset(element.risks),
        direction.purpose,
        element.suggestion if own else None,
    )
    return rules.choose(circumstances, _discussed_at(scene, element)) is not None


def _discussed_at(scene: Scene, element: Element) -> datetime:
    return next(d.at for d in scene.case.discussions if d.discussion_id == element.discussion_id)


def _decide(scene: Scene, element: Element, play: ElementPlay, at: datetime) -> Iterator[Act]:
    key = f"decide/{scene.case.round.number}/{_short(element)}"
    choice = play.choice or _as_usual(element)
    if play.tried_text is not None:
        tried = _choice(scene, element, choice, play.tried_text, play.why)
        yield Act(f"{key}/tried", at, STAFF, _said(scene, element, tried, play))
        at += A_MOMENT
    said = _said(scene, element, _choice(scene, element, choice, play.text, play.why), play)
    yield Act(key, at, STAFF, said)


def _again(scene: Scene, element: Element, play: ElementPlay) -> Act:
    second = play.considered_again
    choice = _choice(
        scene,
        element,
        second.choice if second else Choice.WITHHOLD,
        second.text if second else None,
        second.why if second else "The risk that was found outweighs what it is worth.",
    )
    return Act(
        f"decide/{scene.case.round.number}/{_short(element)}/again",
        _discussed_at(scene, element) + A_WHILE,
        STAFF,
        _said(scene, element, choice, play),
    )


def _of_the_refusal(scene: Scene, element: Element, play: ElementPlay, second: Say) -> Act:
    """The owner looks at its refusal again, because another agency has found something new. [D03]"""
    asked_at = max(c.answered_at for c in scene.case.round_checks if c.answered_at)
    choice = _choice(scene, element, second.choice, second.text, second.why)
    return Act(
        f"decide/{scene.case.round.number}/{_short(element)}/asked-again",
        asked_at + A_WHILE,
        STAFF,
        _said(scene, element, choice, play),
    )


def _as_usual(element: Element) -> Choice:
    """What an owner does about an element when nothing else is written: the prepared text if there is one;
    as it is without a risk; and with a risk not at all."""
    if element.suggestion is not None:
        return Choice.RELEASE_SANITISED
    return Choice.WITHHOLD if element.risks else Choice.RELEASE


def _choice(
    scene: Scene, element: Element, choice: Choice, text: str | None, why: str | None
) -> ElementChoice:
    author = scene.cast.with_right(element.owner, "release").person
    return choice_of(element, choice, scene.case.round, text=text, why=why, author=author)


def _said(scene: Scene, element: Element, choice: ElementChoice, play: ElementPlay) -> Said:
    by = scene.cast.with_right(element.owner, "release")
    if element.permission is not None:
        return PermissionDecided(
            by=by,
            permission_id=element.permission.permission_id,
            element_id=element.element_id,
            choice=choice,
            conditions=tuple(map(Confidential, play.conditions)),
        )
    return DisclosureDecided(
        by=by,
        discussion_id=element.discussion_id or "none",
        decisions=(Decision(element_id=element.element_id, choice=choice),),
    )


def _short(element: Element) -> str:
    return element.element_id.rpartition("/")[2]
