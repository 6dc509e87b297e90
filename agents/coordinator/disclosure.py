"""The owner's decision on each element, and what it has to rest on. [C10, C11, D03-D08, D13, D15, D23]"""

from __future__ import annotations

from dataclasses import dataclass

from agents.coordinator import hidden_words, length, purpose, source_protection
from agents.coordinator.authority import require_agency, require_author, require_right
from agents.coordinator.case import Case
from agents.coordinator.checks import require_basis
from agents.coordinator.elements import Authority, Element, OwnersDecision, Standing, standing
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused
from messages.confidential import Confidential
from messages.disclosure import DisclosureDecided
from messages.words import Actor, Choice, ElementChoice, OwnersRule

SETTLES = frozenset({Authority.MANAGEMENT, Authority.PANEL, Authority.CONTROLLER})
"""The authorities whose decision an owner does not change by itself."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a decision, and by what authority."""

    by: Actor | None
    rule: OwnersRule | None
    authority: Authority


def decide(case: Case, said: DisclosureDecided, setting: Setting) -> Decided[Case]:
    """Take an owner's decisions, all of them or none. [D03, D06, D15]

    Raises `Refused`: an element that was not discussed, that another owns, or whose owner has to be
    asked for permission; and what `put_in_force` refuses.
    """
    facts = []
    authority = Authority.OWNERS_RULE if said.rule is not None else Authority.OWNER
    for n, decision in enumerate(said.decisions):
        field = f"data.decisions.{n}"
        element = case.element(decision.element_id)
        if element is None:
            raise Refused(
                "element_unknown",
                "Decide on elements of this case.",
                fields=(f"{field}.element_id",),
                by=said.by,
            )
        if element.discussion_id is None or element.discussion_id != said.discussion_id:
            raise Refused(
                "not_discussed",
                "Link the discussion that the element was last part of (discussion_id).",
                fields=("data.discussion_id",),
                by=said.by,
            )
        undecided = element.decision if standing(element) is Standing.CONSIDER else None
        if undecided is not None and undecided.discussion_id == said.discussion_id:
            raise Refused(
                "discuss_again",
                "It bears a risk and could not be decided: discuss it again, then decide.",
                fields=("data.discussion_id",),
                by=said.by,
            )
        if element.permission is not None:
            raise Refused(
                "permission_needed",
                "The holder does not own this element; its owner answers with permission.decided.",
                fields=(f"{field}.element_id",),
                by=said.by,
            )
        case, fact = put_in_force(
            case,
            element,
            decision.choice,
            Taker(said.by, said.rule, authority),
            setting,
            field=f"{field}.choice",
        )
        facts.append(fact)
    return Decided(case, (), tuple(facts))


def put_in_force(
    case: Case,
    element: Element,
    choice: ElementChoice,
    taker: Taker,
    setting: Setting,
    *,
    field: str,
    conditions: tuple[Confidential, ...] = (),
) -> tuple[Case, Fact]:
    """Put an owner's choice in force, after checking who takes it and what it rests on.

    Raises `Refused`: not the owner's decision maker or rule, in dispute or settled by escalation, to be
    considered and not discussed since, or
    what `require_grounds` refuses.
    """
    _require_owner(element, taker, setting)
    if element.dispute_id is not None:
        raise Refused("in_dispute", "The dispute about this element has to be settled first.", by=taker.by)
    in_force = element.decision
    if in_force is not None and in_force.authority in SETTLES:
        raise Refused("settled", "Management or an escalation has settled this element.", by=taker.by)
    if in_force is not None and in_force.rule is None and taker.rule is not None:
        raise Refused("decided_by_person", "A rule does not change what a person has decided.")
    if (
        standing(element) is Standing.CONSIDER
        and in_force is not None
        and (in_force.discussion_id == element.discussion_id)
    ):
        raise Refused(
            "discuss_again",
            "An element to be considered is discussed again first (discussion.recorded).",
            by=taker.by,
        )
    if taker.rule is not None and choice.choice is Choice.CANNOT_DECIDE:
        raise Refused("person_needed", "Only a person who has seen the element may leave it undecided.")
    require_grounds(case, element, choice, setting, field=field, by=taker.by)
    source_protection.require_hidden_in(case, conditions, setting, field="data.conditions", by=taker.by)
    return write(case, element, made(case, element, choice, taker, setting, conditions=conditions))


def made(
    case: Case,
    element: Element,
    choice: ElementChoice,
    taker: Taker,
    setting: Setting,
    *,
    conditions: tuple[Confidential, ...] = (),
) -> OwnersDecision:
    """A choice that has been checked, as it is kept."""
    sanitised_words = hidden_words.searchable((choice.sanitised.text,), setting) if choice.sanitised else ""
    here = [condition for condition in conditions if condition.here]
    conditions_words = hidden_words.searchable(here, setting)
    if not here and element.decision is not None:
        conditions_words = element.decision.conditions_words
    return OwnersDecision(
        authority=taker.authority,
        by=taker.by,
        rule=taker.rule,
        at=setting.now,
        round=case.round.number,
        discussion_id=element.discussion_id or "none",
        choice=choice,
        conditions=conditions,
        evidence=case.answers,
        sanitised_bytes=length.of(choice.sanitised.text) if choice.sanitised else 0,
        conditions_bytes=sum(length.of(condition) for condition in conditions if condition.here)
        or (element.decision.conditions_bytes if element.decision else 0),
        sanitised_words=sanitised_words,
        conditions_words=conditions_words,
        shows_source=case.shows_source(sanitised_words + conditions_words),
    )


def write(case: Case, element: Element, decision: OwnersDecision) -> tuple[Case, Fact]:
    """Put a decision into the element, and the earlier one into its history."""
    choice = decision.choice
    earlier = element.earlier_decisions
    if element.decision is not None:
        earlier = (*earlier, element.decision)
    decided = element.model_copy(
        update={
            "decision": decision,
            "earlier_decisions": earlier,
            "dispute_id": None,
            "asked_again_after": None,
        }
    )
    fact = Fact(
        "element.decided",
        decision.by,
        {
            "element_id": element.element_id,
            "owner": element.owner,
            "holder": element.holder,
            "choice": choice.choice,
            "authority": decision.authority,
            "rule": decision.rule.rule if decision.rule else None,
            "discussion_id": decision.discussion_id,
            "legal_basis": choice.legal_basis,
            "purpose": choice.purpose,
            "harm": list(choice.harm.categories) if choice.harm else [],
            "transforms": list(choice.sanitised.transforms) if choice.sanitised else [],
            "author": choice.sanitised.author if choice.sanitised else None,
            "document": element.record.document,
            "document_digest": element.record.digest,
            "span": list(element.record.span),
            "conditions": len(decision.conditions),
            "evidence": decision.evidence,
        },
    )
    return case.with_element(decided), fact


def require_grounds(
    case: Case, element: Element, choice: ElementChoice, setting: Setting, *, field: str, by: Actor | None
) -> None:
    """What a choice has to rest on. [A02, A08, C10, C11, D07, D11, D13, D16, L08]

    To let go: five tests, a legal basis in force, the purpose of the package, which the owner's law has to
    allow, the harm considered where a risk is flagged; a source that needs protection never shows, and what
    is called sanitised is not the original. To withhold: a reason. An element without risk that nobody can
    decide on is presumed usable, so it needs what a release needs. [D04]
    """
    if choice.choice is Choice.WITHHOLD:
        if choice.reason is None:
            raise Refused(
                "reason_missing", "Say why it is withheld (reason).", fields=(f"{field}.reason",), by=by
            )
        return
    if choice.choice is Choice.CANNOT_DECIDE and element.risks:
        return
    missing = [name for name in ("tests", "legal_basis", "purpose") if getattr(choice, name) is None]
    if element.risks and choice.harm is None:
        missing.append("harm")
    if choice.choice is Choice.RELEASE_SANITISED and choice.sanitised is None:
        missing.append("sanitised")
    if missing:
        raise Refused(
            "grounds_missing",
            "A release needs the five tests, a legal basis, a purpose, the harm considered where a risk is "
            "flagged, and the text where it is sanitised.",
            fields=tuple(f"{field}.{name}" for name in missing),
            by=by,
        )
    # The owner's records name an author of their own for the text that they suggest.
    suggested_by = element.suggestion.author if element.suggestion is not None else None
    if choice.sanitised is not None and by is not None and choice.sanitised.author != suggested_by:
        require_author(choice.sanitised, by, setting, field=f"{field}.sanitised")
    require_basis(case, choice.legal_basis or "", setting, field=f"{field}.legal_basis", by=by)
    allowed = setting.partnership.agencies[element.owner].needs_purpose or setting.partnership.purposes
    if choice.purpose not in allowed:
        raise Refused(
            "purpose_not_allowed",
            f"The owner's information may be used for: {', '.join(allowed)}.",
            fields=(f"{field}.purpose",),
            by=by,
        )
    purpose.require_of_package(case, choice, field=field, by=by)
    source_protection.require_hidden(case, element, choice, setting, field=field, by=by)
    text = choice.sanitised.text if choice.sanitised is not None else None
    if text is not None and hidden_words.is_same(text, element.text_words, setting):
        raise Refused(
            "not_sanitised",
            "The text is the original, word for word: change it, or release the element as it is.",
            fields=(f"{field}.sanitised.text",),
            by=by,
        )


def _require_owner(element: Element, taker: Taker, setting: Setting) -> None:
    """Only the owner's decision maker, or a dated rule that one approved. [D03, D23]"""
    if taker.rule is not None:
        rule = taker.rule
        approver = setting.partnership.roles_of(rule.approved_by, rule.agency)
        if rule.agency != element.owner or not approver & set(setting.partnership.rights.get("release", ())):
            raise Refused(
                "rule_not_the_owners",
                "A rule decides for its own agency only, and a decision maker of that agency approves it.",
                fields=("data.rule",),
            )
        if setting.sender != f"agency.{rule.agency}" or not setting.partnership.signed(
            rule.agency, setting.today
        ):
            raise Refused(
                "rule_not_the_owners",
                "An owner's rule speaks on the owner's own connection, and for a signatory only.",
                fields=("data.rule.agency",),
            )
        if rule.in_force_from > setting.now:
            raise Refused("rule_not_in_force", "This rule is not in force yet.", fields=("data.rule",))
        return
    if taker.by is None:
        raise Refused("person_missing", "Say who decides (by), or by which rule.", fields=("data.by",))
    require_right("release", taker.by, setting)
    require_agency(taker.by, element.owner)
