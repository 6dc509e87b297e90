"""What a case needs, in the words of the procedure; scripts and filters use the codes (`needs.NEEDS`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

WORDS: Mapping[str, str] = {
    "threshold": "threshold: met or not",
    "rating": "rating",
    "direction": "direction of the checks",
    "answer": "answer of {}",
    "discussion": "discussion of what was revealed",
    "owner": "decision of {} on its elements",
    "consideration": "fuller consideration of an element",
    "permission": "permission of {}",
    "owner_again": "{} to decide again on what it withheld",
    "management": "line managers on dispute {}",
    "panel": "a panel called for dispute {}",
    "panel_decision": "the panel's decision on dispute {}",
    "controller": "the data controller's decision on dispute {}",
    "adult_threshold": "signature of {} on the adult threshold",
    "adult_strategy": "Strategy Discussion of the two signatories",
    "adult_plan": "Initial Investigation Plan of the two signatories",
    "adult_route": "the two signatories: complex or not",
    "adult_ap1": "the adult referral form",
    "response": "level of response to the hate crime",
    "completion": "completion of the exploitation referral with its co-signature",
    "assessment": "assessment",
    "agreement": "a manager's agreement to the package",
    "acknowledge": "receipt by {}",
    "record": "record-back by {}",
    "look": "somebody at {} to look which record fits",
    "belief": "another practitioner's belief that section 47 is met",
    "concern": "the concern in words that show no source",
    "confirmation": "the other side's confirmation of what was agreed on dispute {}",
    "superseded": "the {} to be looked at again: more has been found since",
    "handover": "word that the source has handed the referral over to {}",
}
"""Every kind of need; ``{}`` is whose it is."""

KINDS: Mapping[str, str] = {
    "answer": "answer of an agency",
    "owner": "decision of an owner on its elements",
    "permission": "permission of an owner",
    "owner_again": "an owner to decide again on what it withheld",
    "management": "line managers on a dispute",
    "panel": "a panel called for a dispute",
    "panel_decision": "the panel's decision on a dispute",
    "controller": "the data controller's decision on a dispute",
    "adult_threshold": "signature on the adult threshold",
    "acknowledge": "receipt by a team",
    "record": "record-back by an agency",
    "look": "somebody at an agency to look which record fits",
    "confirmation": "the other side's confirmation of what was agreed on a dispute",
    "superseded": "a decision to be looked at again: more has been found since",
    "handover": "word that the source has handed the referral over",
}
"""The kinds that are somebody's, where nobody is named: in headings and filters."""

_WHOLE: Mapping[str, str] = {
    "management:adult_threshold": "supervision or line management: the two signatories differ",
}


def _spaced(code: str) -> str:
    return code.replace("_", " ")


def need_in_words(code: str, called: Callable[[str], str] = _spaced) -> str:
    """A need such as ``owner:education`` for people: who has to do what. ``called`` names whose it is. A kind
    alone, such as ``owner``, is told of nobody in particular."""
    kind, _, whose = code.partition(":")
    if not whose:
        return KINDS.get(kind, WORDS[kind])
    return _WHOLE.get(code) or WORDS[kind].format(called(whose))


STANDINGS: Mapping[str, str] = {
    "open": "not signed by both",
    "held": "the two signatories differ",
    "met": "met",
    "not_met": "not met",
}
"""How the joint decision about an adult stands. [F01, F07]"""
