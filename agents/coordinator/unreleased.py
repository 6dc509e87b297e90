"""What an owner has not released does not leave in the words of the hub's staff. [A05, D03, D18, M5.1]

Staff see what was revealed and write texts that leave. A text repeats an element where five words one behind
the other stand in both, or all words of a shorter element; see `hidden_words`. That is refused unless the
owner lets them go. What was let go and is not any more takes with it the text that repeats it.

READ: what was referred is for the hub to pass on, an element that says the same or not. Neither the concern
as it was referred nor the source's own form repeats an element, therefore. It finds no other way of saying
the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agents.coordinator import hidden_words, release_gate
from agents.coordinator.case import Case
from agents.coordinator.elements import Element
from agents.coordinator.setting import Setting
from agents.deciding import Refused
from messages.confidential import Confidential
from messages.words import Actor


def require_released(
    case: Case, texts: Mapping[str, Confidential | None], setting: Setting, *, by: Actor
) -> tuple[str, ...]:
    """No text that leaves the hub repeats an element beyond what its owner lets go.

    ``texts`` are by their place in the message. Returns the vault references of what leaves now and is
    repeated in them: see `release_gate.all_pass`. Raises `Refused`.
    """
    runs = {place: hidden_words.runs(text, setting) for place, text in texts.items() if text is not None}
    referred = hidden_words.parts(case.concern_words)
    leaving = {text: parts for e in case.elements for text, parts in _leaving(e)}
    may_stand = (referred, *leaving.values())
    unreleased = {
        (place, element.element_id, element.owner)
        for element in case.elements
        for parts in _parts(element)
        for place, said in runs.items()
        if hidden_words.repeats(said, parts, may_stand)
    }
    if unreleased:
        ids = ", ".join(sorted({f"{element_id} of {owner}" for _, element_id, owner in unreleased}))
        raise Refused(
            "not_released",
            f"This repeats words of what is not released: {ids}. Say it in other words, or wait until the "
            "owner releases it.",
            fields=tuple(place for place in runs if place in {one for one, _, _ in unreleased}),
            by=by,
        )
    return tuple(
        text
        for text, parts in leaving.items()
        if any(hidden_words.repeats(said, parts, (referred,)) for said in runs.values())
    )


def _parts(element: Element) -> Iterator[frozenset[str]]:
    """What an element's own text is searched by, and its sanitised one."""
    yield hidden_words.parts(element.text_words)
    if element.decision is not None:
        yield hidden_words.parts(element.decision.sanitised_words)


def _leaving(element: Element) -> Iterator[tuple[str, frozenset[str]]]:
    """The vault reference of the text of an element that leaves now, if any, and what it is searched by."""
    text = release_gate.passing(element)
    if text is None or element.decision is None:
        return
    kept = element.text_words if text == element.text else element.decision.sanitised_words
    yield text.ref or "", hidden_words.parts(kept)
