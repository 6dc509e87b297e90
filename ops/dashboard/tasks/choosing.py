"""The choice about one element, wherever it is made: by its owner, by managers, by a panel, by a controller.

What leaves needs the five tests, the harm considered where a risk is flagged, a legal basis in force and the
purpose of the round; a sanitised text stands beside the original. What stays needs a reason. [A02, C10, C11,
D03, D04, D07, D13, D16, L08]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.elements import Element
from messages.words import Choice, RiskFlag
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option, Written, nested
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import Situation

_LEAVES = "leaves"

TESTS: Mapping[str, tuple[str, str]] = {
    "relevance": ("Relevance", "What it tells about the people and the risk in this case."),
    "necessity": ("Necessity", "Why those who receive it need it."),
    "justification": ("Justification", "What it serves: whom it protects."),
    "proportionality": ("Proportionality", "Why this much, and not less or more."),
    "why": ("Why it leaves", "Its value, weighed against the risk of letting it go."),
}
"""The five tests, in the order of the guidance. [C10, M2.4]"""

RISKS: Mapping[RiskFlag, str] = {
    RiskFlag.SOURCE_AT_RISK: "A source could be found out",
    RiskFlag.ONGOING_OPERATION: "An operation is under way",
    RiskFlag.THIRD_PARTY_HARM: "Somebody else could come to harm",
    RiskFlag.HARM_TO_AGENCY: "An agency could come to harm",
    RiskFlag.DUTY_OF_CARE: "A duty of care could be broken",
}
"""Why letting an element go may do harm, as people choose it. [C11, D04]"""

TRANSFORMS: Mapping[str, str] = {
    "source_removed": "The source is taken out",
    "names_removed": "Names are taken out",
    "third_party_removed": "What concerns somebody else is taken out",
    "details_removed": "Details are taken out",
    "generalised": "Times or places are made less exact",
    "summarised": "It is summarised",
}
"""What may be done to a text to make it safe. The contract takes any code; records of an agency may have
others, which are offered where they have been suggested. [D11]"""


def fields(at: Situation, element: Element, before: str, *, may_leave_open: bool) -> tuple[Field, ...]:
    """The questions; ``before`` is the place of the choice in the message. ``may_leave_open`` is for owners,
    who may say that they cannot decide yet. [D04]"""
    options = [
        Option(
            _LEAVES,
            "Let it go to the field teams",
            fields=(
                _form(at, element, before, may_leave_open=may_leave_open),
                *_grounds(at, element, before),
            ),
        ),
        Option(
            Choice.WITHHOLD,
            "Withhold it",
            fields=(
                Field(
                    f"{before}.reason",
                    "Why it is withheld",
                    hint="Stays in the hub.",
                    needed="Enter the reason",
                ),
            ),
        ),
    ]
    if may_leave_open and element.risks:
        options.append(
            Option(
                Choice.CANNOT_DECIDE,
                "It cannot be decided yet",
                hint="A risk is flagged, so it is considered more fully: discussed again, then decided.",
            )
        )
    return (
        Field(
            f"{before}.choice",
            "What happens to this element?",
            Kind.RADIOS,
            options=tuple(options),
            needed="Choose what happens to the element",
        ),
    )


def choice(at: Situation, element: Element, before: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The choice that the answers come to, as the message has it."""
    inside = f"{before}."
    found = {name.removeprefix(inside): value for name, value in said.items() if name.startswith(inside)}
    form = found.pop("form", None)
    if found.get("choice") == _LEAVES:
        found["choice"] = form
    if "sanitised.text" in found:
        found["sanitised.author"] = _author(at, element, found["sanitised.text"])
    return nested(found)


def takes_text(written: Written) -> bool:
    """Whether the choice is made of the element's content too: in other words, whose author is whoever
    suggested them, if nothing was changed. [D11]"""
    return any(name.endswith(".form") and Choice.RELEASE_SANITISED in said for name, said in written.items())


def known(at: Situation, element: Element) -> Mapping[str, Any]:
    """The element as this person reads it; nothing for whoever does not read it."""
    elements = (at.content or {}).get("elements", ())
    return next((one for one in elements if one["element_id"] == element.element_id), {})


def shown(at: Situation, element: Element) -> Iterator[tuple[str, str]]:
    """What an element is, at the head of a form about it."""
    read = known(at, element)
    if "text" in read:
        yield "What it says", read["text"]
    yield "Owner", words.agency_in_words(element.owner, at.partnership)
    if element.holder != element.owner:
        yield "Held by", words.agency_in_words(element.holder, at.partnership)
    yield "Marking", words.in_words(element.marking).upper()
    yield "Risks flagged", ", ".join(RISKS[risk].lower() for risk in element.risks) or "none"
    if read.get("why_needed"):
        yield "Why it is needed", read["why_needed"]
    yield "Id", element.element_id


def has_to_be_sanitised(element: Element) -> bool:
    """Whether it has words that would give a source away, so that it does not leave as it is. [D13]"""
    return bool(element.source_hashes) or element.shows_source


def usable_for(case: Case, element: Element, at: Situation) -> tuple[str, ...]:
    """The purposes that it may be let go for: that of the round, if the law that binds its owner allows it.
    [D07, D16]"""
    allowed = at.partnership.agencies[element.owner].needs_purpose or tuple(at.partnership.purposes)
    began = case.round.direction
    asked = (began.purpose,) if began is not None else at.partnership.purposes_for(case.category)
    return tuple(code for code in asked if code in allowed)


def _form(at: Situation, element: Element, before: str, *, may_leave_open: bool) -> Field:
    suggestion = known(at, element).get("suggestion") or {}
    done = tuple(suggestion.get("transforms", ()))
    others = {code: words.in_words(code).capitalize() for code in done if code not in TRANSFORMS}
    transforms = {**TRANSFORMS, **others}
    sanitised = (
        Field(
            f"{before}.sanitised.text",
            "The text as it leaves",
            hint="The owner’s records suggest this text; change it as needed." if suggestion else "",
            filled=(suggestion["text"],) if suggestion else (),
            beside=known(at, element).get("text", ""),
            needed="Enter the text as it leaves",
            rows=6,
        ),
        Field(
            f"{before}.sanitised.transforms",
            "What was done to it",
            Kind.CHECKBOXES,
            options=tuple(Option(code, text) for code, text in transforms.items()),
            filled=done,
            needed="Choose what was done to the text",
        ),
    )
    as_it_is = [Option(Choice.RELEASE, "As it is")]
    if may_leave_open and not element.risks:
        as_it_is.append(
            Option(
                Choice.CANNOT_DECIDE,
                "As it is, presumed usable",
                hint="Whether it is relevant cannot be decided now, and no risk is flagged.",
            )
        )
    hidden = has_to_be_sanitised(element)
    return Field(
        f"{before}.form",
        "In what form?",
        Kind.RADIOS,
        hint="It has words that would give a source away, so it leaves in other words alone."
        if hidden
        else "",
        options=(
            *(() if hidden else as_it_is),
            Option(Choice.RELEASE_SANITISED, "Sanitised, in other words", fields=sanitised),
        ),
        needed="Choose in what form it leaves",
    )


def _grounds(at: Situation, element: Element, before: str) -> Iterator[Field]:
    for name, (label, hint) in TESTS.items():
        asked = f"Enter {'' if name == 'why' else 'the '}{label[0].lower()}{label[1:]}"
        yield Field(f"{before}.tests.{name}", label, hint=hint, rows=2, needed=asked)
    if element.risks:
        yield Field(
            f"{before}.harm.categories",
            "Harm that letting it go could do",
            Kind.CHECKBOXES,
            options=tuple(Option(risk.value, text) for risk, text in RISKS.items()),
            filled=tuple(risk.value for risk in element.risks),
            needed="Choose what harm was considered",
        )
        yield Field(
            f"{before}.harm.considered",
            "How that harm was considered",
            hint="A person or an organisation, and the duty of care.",
            needed="Enter how the harm was considered",
            rows=3,
        )
    yield asking.legal_basis(at, f"{before}.legal_basis")
    yield _purpose(at, element, f"{before}.purpose")


def _purpose(at: Situation, element: Element, name: str) -> Field:
    usable = usable_for(at.case, element, at)
    owner = at.partnership.agencies[element.owner]
    hint = "Of this round of checks; the package says it too."
    if owner.needs_purpose:
        law = ", ".join(words.in_words(code) for code in owner.needs_purpose)
        hint = f"{hint} What {owner.title} knows may be used for: {law}."
    return Field(
        name,
        "Purpose",
        Kind.RADIOS,
        hint=hint,
        options=tuple(Option(code, words.in_words(code).capitalize()) for code in usable),
        needed="Choose the purpose",
    )


def _author(at: Situation, element: Element, text: str) -> str:
    """Whoever suggested the text, if it is theirs word for word; else whoever decides. [D11]"""
    suggestion = known(at, element).get("suggestion") or {}
    unchanged = _plain(text) == _plain(suggestion.get("text", ""))
    return str(suggestion["author"]) if suggestion and unchanged else at.viewer.person


def _plain(text: str) -> str:
    """As browsers send a text they end its lines in another way."""
    return text.replace("\r\n", "\n").strip()
