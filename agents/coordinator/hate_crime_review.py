"""What the daily review of hate crime may bring: a referral, where somebody vulnerable is found. [I01, I04]

A hate crime that is reviewed alone is closed when it comes. What the review finds opens a case of its own,
which names the closed one.
"""

from __future__ import annotations

from agents.coordinator import length, threshold
from agents.coordinator.authority import require_right
from agents.coordinator.brought import Known, is_own_referral
from agents.coordinator.case import Case
from agents.coordinator.incoming import case_id_for
from agents.coordinator.parts import noted
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.referral import BroughtBy, ReferralReceived
from messages.rounds import HateCrimeFlagged


def flag(case: Case, said: HateCrimeFlagged, setting: Setting) -> Decided[Case]:
    """Refer a hate crime in which the review identified a vulnerable person. [I04]

    Raises `Refused`: not by whoever holds the review, a case that was not closed as reviewed alone, one whose
    content was destroyed, or a second time.
    """
    require_right("hate_crime_review", said.by, setting)
    length.require_at_most(length.ASSESSMENT_BYTES, said, by=said.by)
    crime = case.hate_crime
    if crime is None or case.route is None or case.route.to != "reviewed" or case.purge is not None:
        raise Refused(
            "not_reviewed_alone",
            "Only a hate crime that was reviewed and went no further is referred by its review.",
            by=said.by,
        )
    if case.referred_as is not None:
        raise Refused("already_referred", "The review has referred this hate crime.", by=said.by)
    referral = ReferralReceived(
        referral_id=f"{case.case_id}/review",
        source=case.source,
        category=case.category,
        made_at=case.received_at,
        authority=case.authority,
        earlier_authorities=case.earlier_authorities,
        people=case.people,
        concern=case.concern,
        form=case.form,
        hate_crime=crime.model_copy(update={"vulnerable_person": True}),
        brought_by=BroughtBy(
            document=case.case_id,
            because="hate_crime_review",
            reference=case.referral_id,
            by=said.by,
            rationale=said.rationale,
        ),
    )
    threshold.require_referable(referral, setting)
    flagged = case.model_copy(update={"referred_as": case_id_for(case.source, referral.referral_id)})
    fact = Fact("hate_crime.flagged", said.by, {"referred_as": flagged.referred_as})
    return Decided(flagged, (Sending(HUB, referral),), (fact,))


def rejected(case: Case, said: MessageRejected, setting: Setting, known: Known) -> Decided[Case]:
    """Put on record that something which followed from a case was not taken. What the review wanted referred
    may be said again, if no case came of it; staff are told. [I04]"""
    lost = is_own_referral(said, setting) and case.referred_as not in known.opened
    if case.referred_as is None or not lost:
        return noted(case, said, case.case_id, setting)
    back = case.model_copy(update={"referred_as": None})
    return noted(back, said, case.case_id, setting, ("hate_crime_review",))
