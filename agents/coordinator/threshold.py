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
    length,
    local_routes,
    rating,
)
from agents.coordinator.authority import require_right
from agents.coordinator.case import Case, Round, Route, Threshold
from agents.coordinator.incoming import require_authorities, require_made, require_people, require_source
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import Cohort
from messages.confidential import Confidential
from messages.intake import ThresholdDecided
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
    if said.section_47_belief is not None:
        require_right(
            "section_47_belief", said.section_47_belief.by, setting, field="data.section_47_belief.by"
        )
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
        form=said.form,
        referral_bytes=length.of_all(said.model_copy(update={"form": None})),
        section_47_belief=said.section_47_belief,
        professional_judgement=said.professional_judgement,
        brought_by=said.brought_by,
        identity_hashes=identity_hashes,
        earlier_cases=earlier_cases,
        hate_crime=said.hate_crime,
        origin=said.origin,
        rounds=(Round(number=1, started_at=setting.now),),
    )
    case = form_protection.begun(case, setting)
    received = Fact(
        "referral.received",
        detail={
            "referral_id": said.referral_id,
            "source": said.source,
            "category": said.category,
            "cohort": case.cohort,
            "people": len(said.people),
            "section_47_belief_by": _named(said.section_47_belief),
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
    Sergeant, in the guidance. [B11, B12]

    Raises `Refused`: not by one of these, decided already, a disability hate crime that is not met, or a
    redirection without destination.
    """
    require_right("threshold", said.by, setting)
    if case.threshold is not None:
        raise Refused("already_decided", "The threshold of this case has been decided.", by=said.by)
    hate_crime.require_met(case, said)
    _require_adult_met(case, said)
    threshold = Threshold(met=said.met, by=said.by, at=setting.now, rationale=said.rationale)
    decided = case.model_copy(update={"threshold": threshold})
    fact = Fact("threshold.decided", said.by, {"met": said.met, "redirect_to": said.redirect_to})
    if said.met:
        return Decided(decided, (), (fact,))
    if said.redirect_to not in setting.partnership.agencies:
        raise Refused(
            "redirect_missing",
            "Name the agency that the case is redirected to (redirect_to).",
            fields=("data.redirect_to",),
            by=said.by,
        )
    return _send_away(
        decided, "redirected", said.redirect_to, "threshold_not_met", said.rationale.reason, (fact,), setting
    )


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
    how: Literal["not_in_mash", "local_route", "redirected", "reviewed"],
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
