"""The cases of the hub: each message type to its rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from agents.coordinator import (
    adults,
    after_issue,
    breach,
    brought,
    checks,
    child_sexual_exploitation,
    clocks,
    closing,
    concern,
    counted,
    disclosure,
    discussion,
    escalation,
    forms,
    hate_crime,
    hate_crime_review,
    ledgers,
    marked_words,
    needs,
    package,
    permission,
    rating,
    record_back,
    retention,
    supervision,
    threshold,
    timers,
)
from agents.coordinator.case import Case
from agents.coordinator.incoming import case_id_for as case_id_for
from agents.coordinator.setting import Setting, hashing_with
from agents.deciding import Decided, Fact, Refused, Unreadable
from agents.identity import index_terms
from agents.partnership import Partnership
from messages.adults import (
    AdultRouteDecided,
    AdultStrategyRecorded,
    AdultThresholdSigned,
    FormSupplied,
    InvestigationPlanRecorded,
)
from messages.catalogue import declaration_of
from messages.checks import CheckAnswered
from messages.child_sexual_exploitation import AdviceRecorded, CseReferralCompleted
from messages.concern import ConcernSanitised
from messages.disclosure import DisclosureDecided, DiscussionRecorded, PermissionDecided
from messages.envelope import Envelope
from messages.escalation import (
    ControllerDecided,
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    ManagementActed,
    SettlementConfirmed,
)
from messages.governance import BreachReported, SupervisionRecorded
from messages.hate_crime import HateResponseDecided
from messages.intake import EnquiryDirected, ReferralHandedOver, RiskRated, ThresholdDecided
from messages.notices import MessageRejected
from messages.package import (
    AssessmentMade,
    CaseEnded,
    InformationRequested,
    OutcomeReported,
    PackageAcknowledged,
    PackageAgreed,
    RecordAcknowledged,
)
from messages.parties import HUB
from messages.referral import ReferralReceived
from messages.rounds import HateCrimeFlagged
from messages.sealing import KeepingContext, KeptContext
from messages.words import Part, Said
from store.port import Facet, Store

_Payload = TypeVar("_Payload", bound=Said)
Rule = Callable[[Case, Any, Setting], Decided[Case]]

RULES: dict[type[Said], Rule] = {
    ThresholdDecided: threshold.decide,
    ReferralHandedOver: threshold.hand_over,
    RiskRated: rating.rate,
    EnquiryDirected: checks.direct,
    CheckAnswered: marked_words.answer,
    DiscussionRecorded: discussion.record,
    DisclosureDecided: disclosure.decide,
    PermissionDecided: permission.decide,
    DisclosureDisputed: escalation.dispute,
    ManagementActed: escalation.act,
    SettlementConfirmed: escalation.confirm,
    EscalationConvened: escalation.convene,
    EscalationDecided: escalation.panel_decides,
    ControllerDecided: escalation.controller_decides,
    AssessmentMade: package.assess,
    PackageAgreed: package.agree,
    PackageAcknowledged: after_issue.acknowledge,
    InformationRequested: after_issue.task_back,
    OutcomeReported: after_issue.report,
    RecordAcknowledged: record_back.acknowledge,
    CaseEnded: closing.end,
    AdultThresholdSigned: adults.sign,
    AdultStrategyRecorded: adults.discuss,
    InvestigationPlanRecorded: adults.plan,
    AdultRouteDecided: adults.route,
    FormSupplied: forms.supply,
    SupervisionRecorded: supervision.record,
    BreachReported: breach.report,
    HateResponseDecided: hate_crime.decide_response,
    CseReferralCompleted: child_sexual_exploitation.complete,
    AdviceRecorded: child_sexual_exploitation.advise,
    ConcernSanitised: concern.sanitise,
    HateCrimeFlagged: hate_crime_review.flag,
}
"""Every message that changes a case, and the rule that says how."""

EVEN_WHEN_CLOSED = frozenset(
    {
        ReferralHandedOver,
        RecordAcknowledged,
        PackageAcknowledged,
        SupervisionRecorded,
        BreachReported,
        HateCrimeFlagged,
    }
)
"""What may still come for a case that has ended: agencies and teams that confirm, a call made before, a
breach of the Memorandum, what a review makes of a hate crime. What `closing.may_still_come` names comes
besides; the end of its content is decided elsewhere (`agents.coordinator.ending`). [I04, J05, L10, L12]"""

UNHURRIED: frozenset[type[Said]] = frozenset(
    {
        ReferralReceived,
        ThresholdDecided,
        RiskRated,
        CheckAnswered,
        DisclosureDecided,
        AssessmentMade,
        RecordAcknowledged,
    }
)
"""Messages after which as a rule people come next, to whom a fortieth of a second is nothing. Now and then
another agent does (a new rating asks again, a last answer completes an agreed package): it waits as long."""

MOST_EARLIER = 50
"""Earlier cases about the same people that a case keeps references to."""


class Cases:
    """A part of the coordinator: one document for each case.

    ``index_key`` makes the keyed hashes by which the hub finds its earlier cases about the same people
    and protects sources; ``store`` is only asked for earlier cases.
    """

    party = HUB
    prefix = "C-"
    state: type[Case] = Case
    payloads: frozenset[type[Said]] = frozenset({ReferralReceived, *RULES})
    unhurried: frozenset[type[Said]] = UNHURRIED

    def __init__(self, partnership: Partnership, store: Store, index_key: bytes) -> None:
        self._partnership = partnership
        self._store = store
        self._keyed_hash = hashing_with(index_key)

    def key(self, envelope: Envelope) -> str:
        """A referral leads to the case made of its source and id, however often it is sent."""
        if isinstance(envelope.payload, ReferralReceived):
            return case_id_for(envelope.payload.source, envelope.payload.referral_id)
        return envelope.subject

    def begins(self, envelope: Envelope) -> bool:
        """A referral opens a case."""
        return isinstance(envelope.payload, ReferralReceived)

    def load(self, key: str, text: str) -> Case:
        """A case from its stored form."""
        return Case.model_validate_json(text, context=KeptContext())

    def dump(self, state: Case) -> str:
        return state.model_dump_json(context=KeepingContext(state.case_id), exclude_defaults=True)

    def facets(self, state: Case) -> Mapping[str, Facet]:
        words = counted.of_case(state, self._partnership.clocks)
        return {
            **needs.facets(state, self._partnership),
            **counted.facets(state.received_at, words, self._partnership.clocks),
            **ledgers.facets(state),
            **retention.facets(state, self._partnership),
        }

    def due(self, state: Case) -> datetime | None:
        return timers.due(state, self._partnership.clocks)

    async def prepare(self, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
        """The hub's earlier cases about the people of a new referral. [H, I02, I09]"""
        found: dict[str, Any] = {}
        just_here: list[tuple[str, frozenset[str]]] = []
        for envelope in envelopes:
            if isinstance(envelope.payload, MessageRejected) and envelope.source == HUB:
                found[envelope.id] = await brought.look_up(self._store, {envelope.subject})
            if isinstance(envelope.payload, ReferralReceived):
                hashes, own = self._identity_hashes(envelope.payload), self.key(envelope)
                # Those that came with it are not in the store yet.
                beside = [key for key, others in just_here if key != own and not others.isdisjoint(hashes)]
                earlier = dict.fromkeys((*beside, *await self._earlier(hashes, own)))
                found[envelope.id] = hashes, tuple(earlier)[:MOST_EARLIER]
                just_here.append((own, frozenset(hashes)))
        return found

    def decide(self, state: Case | None, envelope: Envelope, now: datetime, found: Any) -> Decided[Case]:
        """What follows from a message; a package that has been agreed goes out once it is complete."""
        said = envelope.payload
        setting = Setting(now, self._partnership, envelope.id, envelope.source, self._keyed_hash)
        if isinstance(said, ReferralReceived):
            if state is not None:
                raise Refused("referral_known", "This referral_id has been received from this source.")
            hashes, earlier = found
            return threshold.receive(said, self.key(envelope), hashes, earlier, setting)
        if state is None:
            raise Refused(
                "case_unknown", "Set subject to the case id that the hub gave.", fields=("subject",)
            )
        if isinstance(said, MessageRejected):
            return hate_crime_review.rejected(state, said, setting, found or brought.Known())
        begins_again = state.closed_at is not None and closing.may_still_come(state, said)
        if state.closed_at is not None and type(said) not in EVEN_WHEN_CLOSED and not begins_again:
            raise Refused("case_closed", "The case is closed; a new concern is a new referral.")
        try:
            decided = RULES[type(said)](state, said, setting)
        except clocks.CalendarEnds:
            raise Refused(
                "calendar_ends", "The calendar of bank holidays ends before the due time."
            ) from None
        opened = closing.begun_again(decided.state) if begins_again else Decided(decided.state)
        lapsed = package.lapse(state, opened.state)
        issued = package.issue_if_due(lapsed.state, setting)
        ended = closing.close_if_done(after_issue.begin_waiting(issued.state, setting), setting)
        facts = (*decided.facts, *opened.facts, *lapsed.facts, *issued.facts, *ended.facts)
        return Decided(ended.state, (*decided.sending, *issued.sending), facts)

    def fire(self, state: Case, now: datetime) -> Decided[Case]:
        """What follows from a due time."""
        return timers.fire(state, Setting(now, self._partnership, "", HUB, self._keyed_hash))

    def unreadable(self, state: Case, message: Unreadable, now: datetime) -> Decided[Case] | None:
        """The case shows that an agency's response could not be read."""
        if message.type != declaration_of(CheckAnswered).type:
            return None
        agency = message.sender.removeprefix("agency.")
        after = checks.unreadable(state, agency)
        if after is None:
            return None
        return Decided(after, (), (Fact("check.unreadable", detail={"agency": agency}),))

    def _identity_hashes(self, said: ReferralReceived) -> tuple[str, ...]:
        """Of the people that the case is about: a referrer is not, and where else a referrer stands tells who
        that is. [C08, D13]"""
        terms = {t for person in said.people if person.part is not Part.REFERRER for t in index_terms(person)}
        return tuple(sorted(self._keyed_hash(term) for term in terms))

    async def _earlier(self, hashes: tuple[str, ...], own: str) -> tuple[str, ...]:
        keys = await self._store.keys_with_any("people", hashes, MOST_EARLIER + 1)
        return tuple(key for key in keys if key != own)[:MOST_EARLIER]
