"""A person answers a check for their agency, from its own records. [A03, C06, D01, D08, D09, D13]

READ: nobody but the agency can make the keyed hash of its document. Whoever has none leaves it out, and the
element then says so with a hash of zeros; the pointer to the document is always asked for. [D11]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents.coordinator.case import Case, Check
from agents.coordinator.checks import LOOKED_AT_AGAIN, UNANSWERED
from messages.checks import CheckAnswered
from messages.words import AnswerState
from ops.dashboard import moments, words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking, choosing, in_the_hub
from ops.dashboard.tasks.task import About, Situation, Task
from ops.dashboard.viewer import Viewer

DESK = "/desk/answers"
NO_HASH = "0" * 64
_OPEN = UNANSWERED | LOOKED_AT_AGAIN | {AnswerState.UNAVAILABLE}

_STATES: Mapping[AnswerState, tuple[str, str]] = {
    AnswerState.NOTHING_FOUND: ("Nothing was found", "The people are not in your agency’s records."),
    AnswerState.NOTHING_RELEVANT: ("Nothing relevant", "They are, and nothing there bears on this case."),
    AnswerState.SEVERAL_FIT: ("Several people fit", "Nobody can tell yet which of them it is."),
}


def may_be_answered(case: Case, agency: str) -> Iterator[Check]:
    """The requests of an agency that a person may answer now. [C06]"""
    if case.closed_at is None:
        yield from (check for check in case.checks if check.agency == agency and check.state in _OPEN)


def _open(at: Situation) -> Sequence[About]:
    return [
        About(check.request_id, f"round {check.round}, {words.in_words(check.state.value)}")
        for check in may_be_answered(at.case, at.viewer.agency)
    ]


def _check(at: Situation) -> Check:
    return next(check for check in at.case.checks if check.request_id == at.about)


def _is_asked(case: Case, viewer: Viewer) -> bool:
    """Also once it is answered: whoever opens it again is told so."""
    return "answer_check" in viewer.rights and any(check.agency == viewer.agency for check in case.checks)


def _over(at: Situation) -> str | None:
    own = (check for check in at.case.checks if check.agency == at.viewer.agency)
    check = next((check for check in own if check.request_id == at.about), None)
    if check is None or check.answered_at is None:
        return None
    when = moments.to_the_minute(check.answered_at, at.partnership.clocks.zone)
    return f"Your agency answered this check on {when}: {words.in_words(check.state.value)}."


def _people(at: Situation) -> tuple[Option, ...]:
    """Whom it is about; by their part alone for whoever does not read the case here."""
    read = {one["person_id"]: one for one in (at.content or {}).get("people", ())}
    found = []
    for person in at.case.people:
        known = read.get(person.person_id, {})
        name = " ".join(filter(None, (known.get("given_name"), known.get("family_name"))))
        if person.may_be_named:
            part = words.in_words(person.part.value)
            found.append(Option(person.person_id, f"{name or person.person_id}, {part}"))
    return tuple(found)


def _fields(at: Situation) -> Sequence[Field]:
    elements = Field("elements", "Element", Kind.ENTRIES, fields=tuple(_element(at)), least=1)
    state = Field(
        "state",
        "What do your agency’s records say?",
        Kind.RADIOS,
        options=(
            Option(AnswerState.FOUND, "Something was found", fields=(elements,)),
            *(Option(state, text, hint=hint) for state, (text, hint) in _STATES.items()),
            Option(AnswerState.WITHHELD, "It is withheld", fields=(_reason("withheld"),)),
            Option(
                AnswerState.UNAVAILABLE,
                "The records cannot be searched now",
                fields=(_reason("unavailable"),),
            ),
        ),
        needed="Choose what the records say",
    )
    return (*_matches(at), state)


def _reason(why: str) -> Field:
    return Field(f"reason.{why}", "Why", needed="Enter the reason", rows=2)


def _matches(at: Situation) -> Iterator[Field]:
    """After a search that several people fit: which of them it is, person by person. [C06]"""
    if _check(at).state is not AnswerState.SEVERAL_FIT:
        return
    for n, person in enumerate(_people(at)):
        several = Field(
            f"matches.{n}.candidates", "How many still fit", Kind.LINE, needed="Enter how many people fit"
        )
        yield Field(
            f"matches.{n}.outcome",
            f"Is {person.text} in your agency’s records?",
            Kind.RADIOS,
            hint="Several people fitted when they were searched.",
            options=(
                Option("same_person", "Yes, one of them is this person"),
                Option("nobody", "No, none of them is"),
                Option("several_fit", "Nobody can tell", fields=(several,)),
            ),
            needed="Choose whether the person is in the records",
        )


def _element(at: Situation) -> Iterator[Field]:
    partnership = at.partnership
    yield Field(
        "text",
        "What it says",
        hint="The smallest piece that can be decided by itself.",
        needed="Enter what it says",
    )
    yield Field(
        "about",
        "Whom it is about",
        Kind.CHECKBOXES,
        options=_people(at),
        needed="Choose whom it is about",
    )
    yield Field(
        "kind",
        "Kind",
        Kind.LINE,
        hint="A few plain words, such as attendance or school history.",
        needed="Enter the kind",
    )
    yield Field(
        "marking",
        "Marking",
        Kind.SELECT,
        options=tuple(Option(code, words.in_words(code).upper()) for code in partnership.markings),
        needed="Choose the marking",
    )
    yield Field(
        "owner",
        "Owner",
        Kind.SELECT,
        hint="Another agency, if yours only holds it. That owner is asked before anything of it leaves.",
        options=tuple(Option(code, one.title) for code, one in sorted(partnership.agencies.items())),
        filled=(at.viewer.agency,),
        needed="Choose the owner",
    )
    yield Field(
        "risks",
        "Risks if it left the hub",
        Kind.CHECKBOXES,
        options=tuple(Option(risk.value, text) for risk, text in choosing.RISKS.items()),
    )
    yield Field(
        "source_words",
        "Words that would give a source away",
        hint="One word or phrase to a line. Nothing that holds one of them leaves.",
        rows=2,
    )
    yield Field(
        "record.document",
        "Document",
        Kind.LINE,
        hint="Its number in your agency’s records, such as register-2011. No name.",
        needed="Enter the number of the document",
    )
    yield Field(
        "record.digest",
        "Keyed hash of the document",
        Kind.LINE,
        hint="64 characters, if your agency makes one.",
    )
    yield Field("recorded_on", "Recorded on", Kind.DAY, latest=at.partnership.clocks.day_of(at.now))
    yield Field(
        "suggestion.text",
        "Suggested text for the field teams",
        hint="The same without what should stay in the hub. Your agency decides on it later.",
        rows=3,
    )
    yield Field(
        "suggestion.transforms",
        "What was done to it",
        Kind.CHECKBOXES,
        options=tuple(Option(code, text) for code, text in choosing.TRANSFORMS.items()),
    )


def next_number(case: Case, agency: str) -> int:
    """The number from which on the ids of the agency's elements are free."""
    before = f"{case.case_id}/{agency}/"
    numbers = [
        int(rest)
        for element in case.elements
        if (rest := element.element_id.removeprefix(before)).isdecimal() and element.element_id != rest
    ]
    return max(numbers, default=0) + 1


def _data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    first = next_number(at.case, at.viewer.agency)
    elements = [_said_of(at, one, number) for number, one in enumerate(said.get("elements", ()), first)]
    people = [person.value for person in _people(at)]
    return {
        "request_id": at.about,
        "agency": at.viewer.agency,
        "state": said["state"],
        "elements": elements,
        "matches": [
            _match(said, n, person) for n, person in enumerate(people) if f"matches.{n}.outcome" in said
        ],
        "reason": next((text for name, text in said.items() if name.startswith("reason.")), None),
    }


def _match(said: Mapping[str, Any], n: int, person: str) -> dict[str, Any]:
    outcome = said[f"matches.{n}.outcome"]
    several = str(said.get(f"matches.{n}.candidates", "0")).strip()
    return {
        "person_id": person,
        "outcome": outcome,
        "score": 100 if outcome == "same_person" else 0,
        "reasons": ["looked_at_by_a_person"],
        "candidates": int(several) if several.isdecimal() and len(several) < 10 else several,
    }


def _said_of(at: Situation, one: Mapping[str, Any], number: int) -> dict[str, Any]:
    source_words = [line.strip() for line in one.get("source_words", "").splitlines() if line.strip()]
    digest = one["record"].get("digest", NO_HASH).lower()
    element: dict[str, Any] = {
        **one,
        "element_id": f"{at.case.case_id}/{at.viewer.agency}/{number}",
        "kind": asking.as_code(one["kind"]),
        "source_words": source_words,
        "record": {**one["record"], "digest": digest, "span": [0, len(one["text"])]},
    }
    if "suggestion" in one:
        suggestion = {"text": None, "transforms": [], **one["suggestion"]}
        element["suggestion"] = {**suggestion, "author": at.viewer.person}
    return element


def _shown(at: Situation) -> Iterator[tuple[str, str]]:
    check = _check(at)
    yield "Round", str(check.round)
    yield "Answered so far", words.in_words(check.state.value)
    if at.content is None:
        yield "Whom it is about", "Your agency has them, and what is asked, in the request that it received."


TASKS = (
    Task(
        "answer",
        "Answer the check for your agency",
        "answer_check",
        CheckAnswered,
        _fields,
        "The check is answered.",
        open_for=_open,
        data=_data,
        shows=lambda at: tuple(_shown(at)),
        also_for=_is_asked,
        may_read=in_the_hub.reads,
        then=lambda at: DESK,
        over=_over,
    ),
)
