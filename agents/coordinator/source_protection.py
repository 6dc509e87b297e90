"""A source that must be protected never shows in what leaves. [D13, M2.7]

One rule for every text: it leaves only if it shows none of the words that an owner of the case marked as its
source's, and no name of a referrer who must stay unnamed. What comes when the words are known is refused.
What came before does not leave: see `marked_words`.
"""

from __future__ import annotations

from collections.abc import Iterable

from agents.coordinator import hidden_words
from agents.coordinator.case import Case
from agents.coordinator.elements import Element, OwnersDecision, Standing, standing
from agents.coordinator.setting import Setting
from agents.deciding import Refused
from messages.confidential import Confidential
from messages.referral import PersonConcerned
from messages.words import Actor, ElementChoice, RiskFlag

_LET_GO_AS_IT_IS = frozenset({Standing.RELEASED, Standing.PRESUMED_USABLE})


def require_hidden(
    case: Case, element: Element, choice: ElementChoice, setting: Setting, *, field: str, by: Actor | None
) -> None:
    """Refuse a release in which a source of this case would show.

    Raises `Refused`: the element as it is, when it has words to hide, or a sanitised text that still has
    such words, of this element or another.
    """
    if choice.sanitised is None:
        if element.source_hashes or element.shows_source:
            raise Refused(
                "source_would_show",
                "Sanitise it: the element has words that would give a source away.",
                fields=(f"{field}.choice",),
                by=by,
            )
        return
    require_hidden_in(case, (choice.sanitised.text,), setting, field=f"{field}.sanitised.text", by=by)


def require_hidden_in(
    case: Case, texts: Iterable[Confidential | None], setting: Setting, *, field: str, by: Actor | None
) -> None:
    """No text that leaves the hub may have words that give a source of the case away. Raises `Refused`."""
    if case.to_hide and hidden_words.shows(hidden_words.searchable(texts, setting), case.to_hide):
        raise Refused(
            "source_would_show",
            "Say it without the words that would give a source away.",
            fields=(field,),
            by=by,
        )


def names_to_hide(people: Iterable[PersonConcerned]) -> tuple[Confidential, ...]:
    """Each name of a referrer who must stay unnamed, but for those that others in the case bear as well: of
    these only the whole name gives the referrer away."""
    people = tuple(people)
    shared = {_key(name) for person in people if person.may_be_named for name in _names(person)}
    hidden: list[Confidential] = []
    for person in people:
        if person.may_be_named:
            continue
        hidden += [name for name in _names(person) if _key(name) not in shared]
        given, family = person.given_name, person.family_name
        if given is not None and family is not None:
            first, last = given.reveal(), family.reveal()
            hidden += [Confidential(f"{first} {last}"), Confidential(f"{last} {first}")]
    return tuple(hidden)


def search_elements(case: Case) -> tuple[Case, tuple[Element, ...]]:
    """The case after words were marked, and the elements that its owners have to decide on anew: of this
    round, let go in a form that now shows a source. What management or a panel settled is among them, since
    nobody knew. What is in dispute waits for its settlement, and an earlier round's has left already."""
    anew: list[Element] = []
    for element in case.elements:
        searched = _searched(element, case.to_hide)
        if element.round == case.round.number and _may_not_stand(searched):
            searched = _undecided(searched)
            anew.append(searched)
        if searched is not element:
            case = case.with_element(searched)
    return case, tuple(anew)


def _searched(element: Element, hidden: frozenset[str]) -> Element:
    """The element, saying whether its text shows a source: that is a risk, whether flagged or not. [D04]"""
    shows_source = hidden_words.shows(element.text_words, hidden)
    decision = element.decision
    if decision is not None:
        told = decision.sanitised_words + decision.conditions_words
        decision = decision.model_copy(update={"shows_source": hidden_words.shows(told, hidden)})
    if (shows_source, decision) == (element.shows_source, element.decision):
        return element
    risks = element.risks
    if shows_source and RiskFlag.SOURCE_AT_RISK not in risks:
        risks = (*risks, RiskFlag.SOURCE_AT_RISK)
    return element.model_copy(update={"shows_source": shows_source, "risks": risks, "decision": decision})


def _may_not_stand(element: Element) -> bool:
    decision, how = element.decision, standing(element)
    if decision is None:
        return False
    as_it_is = how in _LET_GO_AS_IT_IS and bool(element.source_hashes or element.shows_source)
    return as_it_is or (how in _LET_GO_AS_IT_IS | {Standing.SANITISED} and decision.shows_source)


def _undecided(element: Element) -> Element:
    decisions: tuple[OwnersDecision, ...] = element.earlier_decisions
    if element.decision is not None:
        decisions = (*decisions, element.decision)
    return element.model_copy(update={"decision": None, "earlier_decisions": decisions})


def _names(person: PersonConcerned) -> Iterable[Confidential]:
    return (n for n in (person.given_name, person.family_name, *person.also_known_as) if n is not None)


def _key(name: Confidential) -> tuple[str, ...]:
    return tuple(hidden_words.words(name.reveal()))
