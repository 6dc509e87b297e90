"""The release gate: the one function through which content gets into a package. [A05, D01, D05, D18]"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from agents.coordinator.elements import LEAVES, Element, Standing, standing
from messages.confidential import Confidential
from messages.package import ReleasedElement


def passing(element: Element) -> Confidential | None:
    """The text that a decision in force lets go, or None: the gate itself.

    Silence, a pending permission, an open dispute and an element with a source to protect never pass.
    """
    how, decision = standing(element), element.decision
    if how not in LEAVES or decision is None:
        return None
    if decision.shows_source:
        return None
    if how is Standing.SANITISED:
        return None if decision.choice.sanitised is None else decision.choice.sanitised.text
    return None if element.source_hashes or element.shows_source else element.text


def all_pass(elements: Iterable[Element], texts: Collection[str]) -> bool:
    """Whether all of these texts, by their vault references, are what passes the gate now."""
    if not texts:
        return True
    passed = (passing(element) for element in elements)
    return set(texts) <= {text.ref for text in passed if text is not None}


def release(element: Element) -> ReleasedElement | None:
    """The element in the form in which it passes the gate, or None.

    The text is a reference: it is read from the vault as the package is sent.
    """
    text, decision = passing(element), element.decision
    if text is None or decision is None:
        return None
    if text.ref is None:
        raise ValueError("content of a case is in the vault before it is released")
    return ReleasedElement(
        element_id=element.element_id,
        agency=element.holder,
        owner=element.owner,
        about=element.about,
        kind=element.kind,
        marking=element.marking,
        sanitised=standing(element) is Standing.SANITISED,
        presumed_usable=standing(element) is Standing.PRESUMED_USABLE,
        legal_basis=decision.choice.legal_basis,
        text=Confidential.kept(text.ref),
        conditions=decision.conditions,
    )
