"""What the desk's people write into the fields that have to say why."""

from __future__ import annotations

from agents.coordinator.case import Round
from agents.coordinator.elements import Element
from messages.confidential import Confidential
from messages.words import Choice, ElementChoice, FiveTests, Harm, Rationale, Sanitised


def rationale(reason: str) -> Rationale:
    """A rationale that shows what every decision has to show. [A02]"""
    return Rationale(
        reason=Confidential(reason),
        proportionality=Confidential("No more is asked or said than the concern calls for."),
        early_risk=Confidential("What agencies know is looked at before harm is done or repeated."),
        timeliness=Confidential("Within the time that the rating gives."),
        coordination=Confidential("The agencies that know the people are asked together."),
    )


def choice_of(
    element: Element, choice: Choice, direction_of: Round, *, text: str | None, why: str | None, author: str
) -> ElementChoice:
    """A choice with all that it has to rest on. [C10, C11, D11]"""
    direction = direction_of.direction
    if choice is Choice.WITHHOLD or direction is None:
        reason = why or "Not needed by the teams."
        return ElementChoice(choice=choice, reason=Confidential(reason))
    reason = why or "The teams need it to judge the risk and to plan what they do."
    return ElementChoice(
        choice=choice,
        tests=_five_tests(reason),
        harm=Harm(categories=element.risks, considered=Confidential("Weighed: " + reason))
        if element.risks
        else None,
        legal_basis=direction.legal_basis,
        purpose=direction.purpose,
        sanitised=_sanitised(element, text, author) if choice is Choice.RELEASE_SANITISED else None,
        reason=Confidential(reason),
    )


def _five_tests(reason: str) -> FiveTests:
    return FiveTests(
        relevance=Confidential("It bears on the concern that was referred."),
        necessity=Confidential("The teams cannot learn it in another way in the time there is."),
        justification=Confidential("Safeguarding is a statutory function of those who receive it."),
        proportionality=Confidential("Only this element is released, in the form given."),
        why=Confidential(reason),
    )


def _sanitised(element: Element, text: str | None, author: str) -> Sanitised | None:
    if text is None:
        return element.suggestion
    return Sanitised(text=Confidential(text), transforms=("source_removed", "summarised"), author=author)
