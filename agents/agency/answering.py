"""From what the records hold to the answer of a check. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from agents.agency.matching import surely_one
from agents.agency.ports import SAME_PERSON, SEVERAL_FIT, Found, HeldElement
from agents.agency.state import AgencyCase, Answered, Revealed
from agents.identity import identity_of
from messages.checks import Answer, CheckAnswered, CheckRequested, ElementRevealed, PersonMatch
from messages.confidential import Confidential
from messages.referral import PersonConcerned
from messages.words import AnswerState

MOST_ELEMENTS = 200
LARGEST_ANSWER = 230_000
"""Bytes that the elements of one answer may come to on the wire, so that it stays one message."""

_AROUND_AN_ELEMENT = 700
"""Bytes of an element's codes, ids and pointers."""

TOO_MUCH = (
    "The records hold more on these people than one answer can carry. "
    "A person of the agency has to choose what is relevant."
)


def answer(
    case: AgencyCase, agency: str, asked: CheckRequested, found: Mapping[str, Found]
) -> tuple[CheckAnswered, AgencyCase]:
    """The answer to a check, and the case with it.

    A later round reveals again what is still held, so that its owner can decide a second time [D20]; an
    element keeps its id for as long as its record says the same. Where somebody cannot be told apart
    from others, nothing is said about them.
    """
    looked_up = _nobody_twice(asked.people, found)
    about: dict[str, list[str]] = {}
    held: dict[str, HeldElement] = {}
    for each in looked_up:
        if each.match.outcome == SAME_PERSON:
            for element in each.elements:
                element_id = f"{case.case_id}/{agency}/{element.fingerprint}"
                held[element_id] = element
                about.setdefault(element_id, []).append(each.match.person_id)
    too_much = len(held) > MOST_ELEMENTS or _bytes(held.values()) > LARGEST_ANSWER
    revealed = {} if too_much else held
    said = CheckAnswered(
        request_id=asked.request_id,
        agency=agency,
        state=AnswerState.UNAVAILABLE if too_much else _state(looked_up, bool(held)),
        elements=tuple(_element(i, e, about[i]) for i, e in revealed.items()),
        matches=tuple(f.match for f in looked_up),
        reason=Confidential(TOO_MUCH) if too_much else None,
    )
    return said, _with_answer(case, asked, said, revealed)


def _state(looked_up: Sequence[Found], anything_held: bool) -> Answer:
    if anything_held:
        return AnswerState.FOUND
    if any(f.match.outcome == SEVERAL_FIT for f in looked_up):
        return AnswerState.SEVERAL_FIT
    left_out = any(f.left_out for f in looked_up)
    return AnswerState.NOTHING_RELEVANT if left_out else AnswerState.NOTHING_FOUND


def _nobody_twice(people: Sequence[PersonConcerned], found: Mapping[str, Found]) -> list[Found]:
    """Two different people of a request who were recognised as one person (twins, of whom the records know
    only one): the clearly better match stands, else neither. A person named twice is one person."""
    doubtful: set[str] = set()
    for one, other in combinations(people, 2):
        first, second = found[one.person_id], found[other.person_id]
        shared = set(first.held_as) & set(second.held_as)
        if shared and not surely_one(identity_of(one), identity_of(other)):
            if first.match.score <= second.match.score:
                doubtful.add(one.person_id)
            if second.match.score <= first.match.score:
                doubtful.add(other.person_id)
    looked_up = [found[p.person_id] for p in people]
    return [_left_open(f) if f.match.person_id in doubtful else f for f in looked_up]


def _left_open(found: Found) -> Found:
    match = PersonMatch(
        person_id=found.match.person_id,
        outcome=SEVERAL_FIT,
        score=min(found.match.score, 84),
        reasons=("fits_two_people_asked_for", *found.match.reasons[:19]),
        candidates=found.match.candidates,
    )
    return Found(match=match)


def _bytes(elements: Collection[HeldElement]) -> int:
    """What elements come to on the wire: JSON, then a third more for base64."""
    total = 0
    for element in elements:
        texts = [element.text, *element.source_words]
        if element.suggestion is not None:
            texts.append(element.suggestion.text)
        total += _AROUND_AN_ELEMENT + sum(len(json.dumps(t.reveal())) * 4 // 3 for t in texts)
    return total


def _element(element_id: str, held: HeldElement, about: Sequence[str]) -> ElementRevealed:
    return ElementRevealed(
        element_id=element_id,
        about=tuple(about),
        kind=held.kind,
        owner=held.owner,
        marking=held.marking,
        risks=held.risks,
        text=held.text,
        source_words=held.source_words,
        record=held.record,
        recorded_on=held.recorded_on,
        suggestion=held.suggestion,
    )


def _with_answer(
    case: AgencyCase, asked: CheckRequested, said: CheckAnswered, held: Mapping[str, HeldElement]
) -> AgencyCase:
    answered = Answered(
        request_id=asked.request_id,
        round=asked.round,
        due_at=asked.due_at,
        state=said.state,
        elements=len(said.elements),
        several_fit=sum(m.outcome == SEVERAL_FIT for m in said.matches),
    )
    revealed = tuple(
        Revealed(
            element_id=e.element_id,
            fingerprint=held[e.element_id].fingerprint,
            round=asked.round,
            about=e.about,
            kind=e.kind,
            owner=e.owner,
            marking=e.marking,
            risks=e.risks,
            record=e.record,
        )
        for e in said.elements
    )
    before = tuple(e for e in case.elements if e.element_id not in held)
    checks = tuple(c for c in case.checks if c.request_id != asked.request_id)
    return case.model_copy(update={"checks": (*checks, answered), "elements": (*before, *revealed)})
