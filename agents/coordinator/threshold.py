"""Cohorts and the threshold: whether the hub takes a case now. [B01-B12, App1, G3.1, G3.15-3.17]"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from agents.coordinator import (
    brought,
    child_sexual_exploitation,
    daily_rounds,
    form_protection,
    hate_crime,
    hidden_words,
    length,
    local_routes,
    rating,
    source_protection,
)
from agents.coordinator.authority import require_relevant_manager, require_right
from agents.coordinator.case import Case, Round, Route, Threshold
from agents.coordinator.incoming import require_authorities, require_made, require_people, require_source
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import Cohort
from messages.confidential import Confidential
from messages.intake import ReferralHandedOver, ThresholdDecided
from messages.notices import OutcomeNotified
from messages.parties import HUB
from messages.referral import Belief, BroughtBy, ProfessionalJudgement, ReferralReceived
from messages.words import Category, Part


def receive(
    said: ReferralReceived,
    case_id: str,
    identity_hashes: tuple[str, ...],
    earlier_cases: tuple[str, ...],
    setting: Setting,
) -> Decided[Case]:
    """Open a case for a referral, or tell its source where it goes when no live cohort takes it, or close it
    when a hate crime is only reviewed. [B05-B07, I04]

    Raises `Refused`: a source that is not one of the partnership's, an authority it does not cover, a
    moment in the future, a form completed by somebody without the right to, a professional concern without a
    practitioner's rationale, or what the pathway of the category refuses.
    """
    require_source(said.source, setting)
    _require_brought_by_the_hub(said, setting)
    if said.brought_by is None:
        # What the hub itself brings has the moment of a report that it has taken already.
        require_made(said.made_at, setting, field="data.made_at")
    # A rating that is brought along goes into no notice and no package.
    length.require_at_most(length.REFERRAL_BYTES, said.model_copy(update={"brought_by": None}))
    require_referable(said, setting)
    if said.professional_judgement is not None:
        require_right(
            "professional_judgement",
            said.professional_judgement.by,
            setting,
            field="data.professional_judgement.by",
        )
    elif said.category is Category.PROFESSIONAL_CONCERN:
        raise Refused(
            "rationale_missing",
            "A professional concern needs the practitioner and the rationale (professional_judgement).",
            fields=("data.professional_judgement",),
        )
    if said.completed is not None:
        require_right("supply_form", said.completed.by, setting, field="data.completed.by")
    unconfirmed = _why_unconfirmed(said.section_47_belief, setting)
    case = Case(
        case_id=case_id,
        referral_id=said.referral_id,
        source=said.source,
        category=said.category,
        cohort=cohort_of(said, setting),
        authority=said.authority,
        earlier_authorities=said.earlier_authorities,
        routine=said.routine,
        open_case_worker=said.open_case_worker,
        received_at=setting.now,
        people=said.people,
        concern=said.concern,
        concern_words=hidden_words.searchable((said.concern,), setting),
        unnamed_hashes=hidden_words.phrases(source_protection.names_to_hide(said.people), setting),
        referral_bytes=length.of_all(said.model_copy(update={"form": None})),
        section_47_belief=said.section_47_belief,
        belief_unconfirmed=unconfirmed,
        professional_judgement=said.professional_judgement,
        brought_by=said.brought_by,
        identity_hashes=identity_hashes,
        earlier_cases=earlier_cases,
        hate_crime=said.hate_crime,
        origin=said.origin,
        rounds=(Round(number=1, started_at=setting.now),),
    )
    if said.form is not None:
        case = form_protection.with_form(case, said.form, None, setting)
    received = Fact(
        "referral.received",
        detail={
            "referral_id": said.referral_id,
            "source": said.source,
            "category": said.category,
            "cohort": case.cohort,
            "people": len(said.people),
            "section_47_belief_by": _named(said.section_47_belief),
            "belief_unconfirmed": unconfirmed,
            "professional_judgement_by": _named(said.professional_judgement),
            "brought_by": None if said.brought_by is None else said.brought_by.document,
            "because": None if said.brought_by is None else said.brought_by.because,
            "form": said.form.form if said.form else None,
            "form_hash": setting.keyed_hash(said.form.document.reveal()) if said.form else None,
            "completed": said.completed.model_dump(mode="json") if said.completed else None,
            "earlier_cases": list(earlier_cases),
            "hate_crime": said.hate_crime.model_dump(mode="json") if said.hate_crime else None,
            "origin": said.origin,
        },
    )
    if case.cohort is None:
        own = setting.partnership.sources[said.source].agency
        local = local_routes.fitting(said, setting.partnership)
        if local is not None:
            end = local_routes.other_end(local, own)
            return _send_away(case, "local_route", end, local.reason, None, (received,), setting)
        return _send_away(case, "not_in_mash", own, "no_live_cohort", None, (received,), setting)
    if said.brought_by is not None and said.brought_by.rag is not None:
        return _urgent(case, said.brought_by, (received,), setting)
    reviewed = case.category is Category.HATE_CRIME
    listed = daily_rounds.listing("hate_crimes", case_id, setting.partnership) if reviewed else ()
    if hate_crime.only_reviewed(said):
        away = _send_away(case, "reviewed", None, "no_vulnerable_person", None, (received,), setting)
        return replace(away, sending=(*away.sending, *listed))
    return Decided(case, listed, (received,))


def require_referable(said: ReferralReceived, setting: Setting) -> None:
    """What a referral has to be, whoever brings it. A DIAL and a missing child's report are held to it when
    they come, lest the referral that follows from them be refused later, with nobody to see it. [H07, I09]

    Raises `Refused`: an authority that the hub does not cover, nobody to ask about, somebody unnamed who is
    no referrer, or what the pathway of the category refuses.
    """
    earlier = {f"data.earlier_authorities.{n}": code for n, code in enumerate(said.earlier_authorities)}
    require_authorities({"data.authority": said.authority, **earlier}, setting)
    require_people({f"data.people.{n}": person for n, person in enumerate(said.people)})
    hate_crime.require_described(said)
    child_sexual_exploitation.require_origin(said)


def _urgent(case: Case, found: BroughtBy, facts: tuple[Fact, ...], setting: Setting) -> Decided[Case]:
    """A case that research found urgent is taken and rated at once by whoever found it so. [H07, H09]"""
    if found.rag is None or found.by is None or found.rationale is None:
        raise ValueError("an urgent case has a rating, a person and a rationale")
    threshold = Threshold(met=True, by=found.by, at=setting.now, rationale=found.rationale)
    taken = Fact("threshold.decided", found.by, {"met": True, "redirect_to": None})
    rated = rating.give(
        case.model_copy(update={"threshold": threshold}),
        found.rag,
        found.by,
        found.rationale,
        None,
        setting,
    )
    return Decided(rated.state, rated.sending, (*facts, taken, *rated.facts))


def cohort_of(said: ReferralReceived, setting: Setting) -> str | None:
    """The live cohort that takes a referral: one of its category, unless that has a local route; else one
    of every category, as professional concern on a practitioner's judgement. [B05-B07, B09, B10]"""
    taking = [
        (code, cohort)
        for code, cohort in setting.partnership.cohorts.items()
        if cohort.live(setting.now) and _meets(cohort, said)
    ]
    of_category = [code for code, cohort in taking if cohort.category is said.category]
    of_every = [code for code, cohort in taking if cohort.every_category]
    if local_routes.fitting(said, setting.partnership) is not None:
        of_category = []
    return next(iter((*of_category, *of_every)), None)


def decide(case: Case, said: ThresholdDecided, setting: Setting) -> Decided[Case]:
    """Who holds the right takes the case, or redirects it with a reason: a Senior Practitioner or police
    Sergeant, in the guidance. [A07, B11, B12]

    Raises `Refused`: not by one of these for the service concerned, decided already, a disability hate crime
    that is not met, a redirection without destination, or a belief that nobody has confirmed yet.
    """
    require_relevant_manager("threshold", case, said.by, setting)
    if case.threshold is not None:
        raise Refused("already_decided", "The threshold of this case has been decided.", by=said.by)
    hate_crime.require_met(case, said)
    _require_adult_met(case, said)
    threshold = Threshold(met=said.met, by=said.by, at=setting.now, rationale=said.rationale)
    decided = _with_belief(case, said, setting).model_copy(update={"threshold": threshold})
    fact = Fact(
        "threshold.decided",
        said.by,
        {
            "met": said.met,
            "redirect_to": said.redirect_to,
            "no_further_action": said.no_further_action,
            "section_47_belief_by": _named(said.section_47_belief),
        },
    )
    if said.met:
        return Decided(decided, (), (fact,))
    if said.no_further_action and said.redirect_to is None:
        return _send_away(
            decided, "no_further_action", None, "threshold_not_met", said.rationale.reason, (fact,), setting
        )
    if said.no_further_action or said.redirect_to not in setting.partnership.agencies:
        raise Refused(
            "redirect_missing",
            "Name the agency that the case is redirected to (redirect_to), or say no_further_action.",
            fields=("data.redirect_to",),
            by=said.by,
        )
    return _send_away(
        decided, "redirected", said.redirect_to, "threshold_not_met", said.rationale.reason, (fact,), setting
    )


def hand_over(case: Case, said: ReferralHandedOver, setting: Setting) -> Decided[Case]:
    """The source of a redirected referral has handed it over. READ: the hub passes nothing on, because nobody
    has decided that the concern may go there; what its source says, it says itself. [B12, G1.5]

    Raises `Refused`: not the referral's source nor staff with the right, or nothing to hand over there.
    """
    if said.by is not None:
        require_right("confirm_handover", said.by, setting)
    elif setting.sender != f"source.{case.source}":
        raise Refused("person_missing", "Say who confirms it (by).", fields=("data.by",))
    if not is_to_be_handed_over(case) or case.route is None or said.agency not in case.route.destinations:
        raise Refused(
            "nothing_to_hand_over",
            "Name the agency that the case was redirected to, once.",
            fields=("data.agency",),
            by=said.by,
        )
    fact = Fact("referral.handed_over", said.by, {"agency": said.agency})
    return Decided(case.model_copy(update={"handed_over_at": setting.now}), (), (fact,))


def is_to_be_handed_over(case: Case) -> bool:
    """Whether a referral was redirected, and nobody has said that it arrived. [B12]"""
    return case.route is not None and case.route.to == "redirected" and case.handed_over_at is None


def _why_unconfirmed(belief: Belief | None, setting: Setting) -> str | None:
    """What the register holds against somebody who believes that section 47 is met. [A12, B08, G06]

    READ: that is no reason to turn a child's referral away; it is taken, and somebody else has to believe it
    before the threshold is met.

    Raises `Refused` for a role whose belief it cannot be.
    """
    if belief is None:
        return None
    try:
        require_right("section_47_belief", belief.by, setting, field="data.section_47_belief.by")
    except Refused as refused:
        if refused.reason not in _OF_THE_REGISTER:
            raise
        return refused.reason
    return None


_OF_THE_REGISTER = frozenset(
    {"person_unknown", "role_not_held", "agency_not_signed", "memorandum_not_signed", "training_expired"}
)


def _with_belief(case: Case, said: ThresholdDecided, setting: Setting) -> Case:
    """The case with the belief of another practitioner, where that is needed. [B08, G06]"""
    if said.section_47_belief is not None:
        require_right(
            "section_47_belief", said.section_47_belief.by, setting, field="data.section_47_belief.by"
        )
        return case.model_copy(update={"belief_confirmed": said.section_47_belief})
    cohort = setting.partnership.cohorts.get(case.cohort or "")
    rests_on_it = cohort is not None and "section_47_belief" in cohort.conditions
    if said.met and rests_on_it and case.belief_unconfirmed is not None:
        raise Refused(
            "belief_unconfirmed",
            f"The register does not bear out the belief ({case.belief_unconfirmed}): name a practitioner who "
            "believes that section 47 is met (section_47_belief).",
            fields=("data.section_47_belief",),
            by=said.by,
        )
    return case


def _require_adult_met(case: Case, said: ThresholdDecided) -> None:
    """A vulnerable adult in a DIAL is adult social care's in any event. Raises `Refused`. [H10]"""
    if case.brought_by is not None and case.brought_by.because == brought.ADULT_AT_RISK and not said.met:
        raise Refused(
            "adult_at_risk_always_referred",
            "A DIAL with a vulnerable adult goes to adult social care: decide that the threshold is met.",
            fields=("data.met",),
            by=said.by,
        )


def _named(judged: Belief | ProfessionalJudgement | None) -> dict[str, str] | None:
    """Who brought the case by their own judgement, for the record. [B09, G06]"""
    return None if judged is None else judged.by.model_dump(mode="json")


def _meets(cohort: Cohort, said: ReferralReceived) -> bool:
    if cohort.authorities and said.authority not in cohort.authorities:
        return False
    holds = {
        "police_response": said.police_response,
        "section_47_belief": said.section_47_belief is not None,
        "professional_judgement": said.professional_judgement is not None,
        "child": any(person.part is Part.CHILD for person in said.people),
    }
    return all(holds[condition] for condition in cohort.conditions)


def _require_brought_by_the_hub(said: ReferralReceived, setting: Setting) -> None:
    """What a DIAL or a missing child brings, the hub alone can say. [H09, I09]"""
    if said.brought_by is not None and setting.sender != HUB:
        raise Refused(
            "brought_by_is_the_hubs",
            "Leave brought_by out; the hub sets it for what follows from a DIAL or a missing child.",
            fields=("data.brought_by",),
        )


def _send_away(
    case: Case,
    how: Literal["not_in_mash", "local_route", "redirected", "reviewed", "no_further_action"],
    destination: str | None,
    reason_code: str,
    reason: Confidential | None,
    facts: tuple[Fact, ...],
    setting: Setting,
) -> Decided[Case]:
    """Close the case with its route, and tell the referrer. [A07, B06, B07, B12]"""
    destinations = () if destination is None else (destination,)
    route = Route(to=how, destinations=destinations, reason_code=reason_code, at=setting.now)
    notice = OutcomeNotified(
        referral_id=case.referral_id,
        about=case.brought_by.reference if case.brought_by else None,
        outcome=how,
        redirected_to=destination,
        reason_code=reason_code,
        reason=reason,
    )
    closed = case.model_copy(update={"route": route, "closed_at": setting.now})
    sending = (Sending(f"source.{case.source}", notice), *brought.sent_away(closed, setting))
    routed = Fact("case.routed", detail={"to": how, "destination": destination, "reason": reason_code})
    return Decided(closed, sending, (*facts, routed))
