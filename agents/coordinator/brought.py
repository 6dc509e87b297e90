"""What a DIAL or a missing child brings: the referrals that the hub makes to itself, and what became of them.
[H07, H09, H10, I09, I10]

A referral of the hub has no source that would miss an answer. So the document that it follows from remembers
it, learns whether its case is open, and staff are told when none came of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.coordinator.case import Case
from agents.coordinator.incoming import case_id_for
from agents.coordinator.people import who_may_be_named
from agents.coordinator.setting import Setting
from agents.coordinator.stored import Stored
from agents.deciding import Sending
from agents.partnership import AdultRecipient
from messages.catalogue import declaration_of
from messages.dial import DialPassedOn
from messages.envelope import Lane
from messages.notices import MessageRejected
from messages.own import OwnReferralSentAway
from messages.parties import HUB, STAFF
from messages.referral import ReferralReceived
from messages.words import Code, Id
from store.port import Facet, Store

ADULT_AT_RISK = "adult_at_risk"
"""Why a DIAL is referred that has a vulnerable adult in it. [H10]"""

OPENED, ENDED = "opened_for", "ended_for"
_MOST_CASES = 100


class Brought(Stored):
    """A referral that a document brought. ``refused`` says why the hub did not take it."""

    referral_id: Id
    because: Code
    refused: Code | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The keys of the cases that documents brought: of all that were opened, and of those that ended."""

    opened: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()


async def look_up(store: Store, documents: Collection[str]) -> Known:
    """What is known of the cases that these documents brought. Raises StoreError."""
    found = [
        frozenset(await store.keys_with_any(name, sorted(documents), _MOST_CASES * len(documents)))
        for name in (OPENED, ENDED)
    ]
    return Known(*found)


def facets(case: Case) -> Mapping[str, Facet]:
    """By which `look_up` finds a case."""
    document = case.brought_by.document if case.brought_by else None
    return {OPENED: document, ENDED: document if case.closed_at is not None else None}


def id_for(key: str, what: str, before: Iterable[Brought]) -> str:
    """The id of a document's next referral of a kind: ``<key>/alert``, then ``<key>/alert-2``."""
    taken = {one.referral_id for one in before}
    number, referral_id = 1, f"{key}/{what}"
    while referral_id in taken:
        number += 1
        referral_id = f"{key}/{what}-{number}"
    return referral_id


def open_now(brought: Sequence[Brought], source: str, known: Known) -> tuple[Brought, ...]:
    """Those whose case is open, or on its way."""
    return tuple(one for one in brought if _is_open(one, case_id_for(source, one.referral_id), known))


def _is_open(one: Brought, case: str, known: Known) -> bool:
    if case in known.opened:
        return case not in known.ended
    return one.refused is None


def is_own_referral(said: MessageRejected, setting: Setting) -> bool:
    """Whether the hub did not take a referral of its own."""
    return setting.sender == HUB and said.rejected_type == declaration_of(ReferralReceived).type


def after_refusal(
    brought: Sequence[Brought], source: str, known: Known, reason: str
) -> tuple[tuple[Brought, ...], frozenset[str]]:
    """What was brought, once the hub has refused a referral of its own; and why those were brought of which
    no case came. A refusal does not name its referral: all are meant that have no case."""
    lost = {
        one.referral_id: one.because
        for one in brought
        if one.refused is None and case_id_for(source, one.referral_id) not in known.opened
    }
    after = tuple(
        one.model_copy(update={"refused": reason}) if one.referral_id in lost else one for one in brought
    )
    return after, frozenset(lost.values())


def sent_away(case: Case, setting: Setting) -> tuple[Sending, ...]:
    """Staff hear that the hub does not work on what it brought itself; of a vulnerable adult in a DIAL the
    adult social work teams hear too, with what the DIAL says. [H07, H10, I09]"""
    brought, route = case.brought_by, case.route
    if brought is None or route is None or (route.to != "not_in_mash" and route.to != "local_route"):
        return ()
    alarm = OwnReferralSentAway(
        document=brought.document,
        case=case.case_id,
        because=brought.because,
        outcome=route.to,
        rag=brought.rag,
    )
    told = _adult_social_work(case, setting) if brought.because == ADULT_AT_RISK else ()
    return (
        Sending(STAFF, alarm, Lane.URGENT),
        *(
            Sending(
                f"team.{team}",
                DialPassedOn(
                    document=brought.document,
                    recipient=team,
                    authority=case.authority,
                    people=who_may_be_named(case),
                    account=case.concern,
                ),
            )
            for team in told
        ),
    )


def _adult_social_work(case: Case, setting: Setting) -> tuple[str, ...]:
    """The teams that work with adults where nobody investigates."""
    return tuple(
        code
        for code, team in sorted(setting.partnership.teams.items())
        if AdultRecipient.NOT_MET in team.receives
        and (not team.authorities or case.authority in team.authorities)
    )
