"""Domestic abuse: every DIAL is screened, in three tiers that are kept apart. [H01-H10, G3.18, G3.19]

READ: the daily meeting is the rhythm of domestic abuse; a DIAL judged urgent at tier 2 becomes a case with a
rating and a clock of its own before it. [H09]
READ: only children's services sit in the meeting, so a DIAL with a vulnerable adult is also referred to adult
social care, as soon as it comes. [H10]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from agents.coordinator import daily_rounds, length
from agents.coordinator.authority import require_right
from agents.coordinator.governance import Purge, Stay
from agents.coordinator.incoming import key_for, require_authorities, require_made, require_source
from agents.coordinator.parts import SimplePart, noted
from agents.coordinator.setting import Setting
from agents.coordinator.stored import Stored
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import Partnership
from messages.confidential import Confidential
from messages.dial import (
    AtTheScene,
    DialAlerted,
    DialCheckRecorded,
    DialHistoryRecorded,
    DialReceived,
    DialScreened,
)
from messages.envelope import Envelope, Lane
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.referral import BroughtBy, NativeForm, PersonConcerned, ReferralReceived
from messages.sealing import KeepingContext, KeptContext
from messages.words import Actor, Category, Code, Id, Mode, Rag, Rationale, Said
from store.port import Facet

_PREFIX = "D-"


class History(Stored):
    """What the police know. [H03]"""

    by: Actor
    at: datetime
    known: bool
    history: Confidential


class LateralCheck(Stored):
    """What one authority's children's services know. [H03]"""

    by: Actor
    at: datetime
    known: bool
    findings: Confidential


class Alert(Stored):
    """Tier 2. [H07]"""

    by: Actor
    at: datetime
    rag: Rag
    action: Code
    rationale: Rationale


class Screening(Stored):
    """Tier 3. [H04, H05]"""

    by: Actor
    at: datetime
    participants: tuple[Actor, ...]
    mode: Mode
    context: Confidential
    action: Code | None
    no_action_because: Confidential | None
    refer: bool


class Dial(Stored):
    """One DIAL. The three tiers are three fields: what was done at the scene, what research found, what the
    meeting decided. [H08]"""

    key: str
    dial_id: Id
    source: Code
    incident_at: datetime
    received_at: datetime
    authority: Code
    children_of: tuple[Code, ...]
    adult_at_risk: bool
    people: tuple[PersonConcerned, ...]
    account: Confidential
    form: NativeForm | None = None
    tier_1: AtTheScene | None = None
    history: History | None = None
    checks: tuple[LateralCheck, ...] = ()
    tier_2: Alert | None = None
    tier_3: Screening | None = None
    purge: Purge | None = None
    stays: tuple[Stay, ...] = ()

    @property
    def screened(self) -> bool:
        """Whether the meeting has decided on it."""
        return self.tier_3 is not None


def key_of(source: str, dial_id: str) -> str:
    """The document of a DIAL: the same for the same source and id."""
    return key_for(_PREFIX, source, dial_id)


def receive(said: DialReceived, key: str, setting: Setting) -> Decided[Dial]:
    """Put a DIAL on the list of the next meeting; a vulnerable adult in it is referred at once. [H01, H10]

    Raises `Refused`: a source or an authority that is none, or a partnership without the meeting.
    """
    partnership = setting.partnership
    if partnership.round_of("dials") is None:
        raise Refused("dials_not_taken", "This partnership holds no domestic abuse meeting.")
    require_source(said.source, setting)
    children_of = {f"data.children_of.{n}": code for n, code in enumerate(said.children_of)}
    require_authorities({"data.authority": said.authority, **children_of}, setting)
    require_made(said.incident_at, setting, field="data.incident_at")
    length.require_at_most(length.REFERRAL_BYTES, said)
    dial = Dial(
        key=key,
        dial_id=said.dial_id,
        source=said.source,
        incident_at=said.incident_at,
        received_at=setting.now,
        authority=said.authority,
        children_of=said.children_of,
        adult_at_risk=said.adult_at_risk,
        people=said.people,
        account=said.account,
        form=said.form,
        tier_1=said.at_the_scene,
    )
    scene = said.at_the_scene
    detail = {
        "dial_id": said.dial_id,
        "source": said.source,
        "children_of": list(said.children_of),
        "adult_at_risk": said.adult_at_risk,
        "tier_1": None if scene is None else {"officer": scene.officer, "action": scene.action},
        "form": said.form.form if said.form else None,
        "form_hash": setting.keyed_hash(said.form.document.reveal()) if said.form else None,
    }
    facts = [Fact("dial.received", detail=detail)]
    sending = list(daily_rounds.listing("dials", key, partnership))
    if said.adult_at_risk:
        brought = BroughtBy(document=key, because="adult_at_risk")
        sending.append(_referral(dial, "adult", Category.ADULT_PROTECTION, brought))
        facts.append(Fact("dial.referred", detail={"category": "adult_protection"}))
    return Decided(dial, tuple(sending), tuple(facts))


def record_history(dial: Dial, said: DialHistoryRecorded, setting: Setting) -> Decided[Dial]:
    """The police have checked first. [H03] Raises `Refused`: not by police research, or done already."""
    require_right("dial_history", said.by, setting)
    if dial.history is not None:
        raise Refused("already_recorded", "The police history of this DIAL is on record.", by=said.by)
    history = History(by=said.by, at=setting.now, known=said.known, history=said.history)
    fact = Fact("dial.history_recorded", said.by, {"known": said.known})
    return Decided(dial.model_copy(update={"history": history}), (), (fact,))


def record_check(dial: Dial, said: DialCheckRecorded, setting: Setting) -> Decided[Dial]:
    """Children's services have checked, after the police. [H03]

    Raises `Refused`: before the police history, not by children's services, or a second time.
    """
    require_right("dial_check", said.by, setting)
    if "child" not in setting.partnership.agencies[said.by.agency].serves:
        raise Refused(
            "not_childrens_services",
            "Lateral checks of a DIAL are those of children's services.",
            fields=("data.by.agency",),
            by=said.by,
        )
    if dial.history is None:
        raise Refused(
            "police_first",
            "The police check what they know first (dial_history.recorded), then children's services.",
            by=said.by,
        )
    if any(check.by.agency == said.by.agency for check in dial.checks):
        raise Refused("already_recorded", "Your agency's check of this DIAL is on record.", by=said.by)
    check = LateralCheck(by=said.by, at=setting.now, known=said.known, findings=said.findings)
    fact = Fact("dial.checked", said.by, {"known": said.known})
    return Decided(dial.model_copy(update={"checks": (*dial.checks, check)}), (), (fact,))


def alert(dial: Dial, said: DialAlerted, setting: Setting) -> Decided[Dial]:
    """Tier 2: a case at once, rated, before any meeting. The DIAL is still screened. [H07, H09]

    Raises `Refused`: not by research staff, a second time, or after the meeting.
    """
    require_right("dial_alert", said.by, setting)
    if dial.tier_2 is not None:
        raise Refused("already_alerted", "This DIAL has become a case already.", by=said.by)
    if dial.screened:
        raise Refused("already_screened", "The meeting has decided; a new concern is a new referral.")
    tier_2 = Alert(by=said.by, at=setting.now, rag=said.rag, action=said.action, rationale=said.rationale)
    brought = BroughtBy(
        document=dial.key, because="dial_alert", by=said.by, rag=said.rag, rationale=said.rationale
    )
    fact = Fact("dial.alerted", said.by, {"rag": said.rag, "action": said.action})
    sending = _referral(dial, "alert", Category.DOMESTIC_VIOLENCE, brought)
    return Decided(dial.model_copy(update={"tier_2": tier_2}), (sending,), (fact,))


def screen(dial: Dial, said: DialScreened, setting: Setting) -> Decided[Dial]:
    """Tier 3: an action, or none with the reason, by the whole quorum in full context. [H03-H05, H08]

    Raises `Refused`: not in the meeting's right, without its quorum, before police and the children's
    services of each child's authority have checked, or a second time.
    """
    partnership = setting.partnership
    code = partnership.round_of("dials")
    if code is None:
        raise Refused("dials_not_taken", "This partnership holds no domestic abuse meeting.", by=said.by)
    meeting = partnership.rounds[code]
    require_right(meeting.right, said.by, setting)
    daily_rounds.require_quorum(said.participants, meeting.quorum, setting, by=said.by)
    if dial.screened:
        raise Refused("already_screened", "The meeting has decided on this DIAL.", by=said.by)
    missing = [] if dial.history is not None else ["its history"]
    missing += sorted(_who_checks(dial, partnership) - {check.by.agency for check in dial.checks})
    if missing:
        raise Refused(
            "not_in_full_context",
            f"Still to check: {', '.join(missing)}. Until then the DIAL is carried over.",
            by=said.by,
        )
    screening = Screening(
        by=said.by,
        at=setting.now,
        participants=said.participants,
        mode=said.mode,
        context=said.context,
        action=said.action,
        no_action_because=said.no_action_because,
        refer=said.refer,
    )
    screened = dial.model_copy(update={"tier_3": screening})
    sending = list(daily_rounds.settling("dials", dial.key, partnership))
    if said.refer and dial.tier_2 is None:
        brought = BroughtBy(document=dial.key, because="dial_meeting", by=said.by)
        sending.append(_referral(dial, "meeting", Category.DOMESTIC_VIOLENCE, brought))
    fact = Fact(
        "dial.screened",
        said.by,
        {
            "action": said.action,
            "none_with_reason": said.no_action_because is not None,
            "refer": said.refer,
            "participants": [one.model_dump(mode="json") for one in said.participants],
            "mode": said.mode,
        },
    )
    return Decided(screened, tuple(sending), (fact,))


def _who_checks(dial: Dial, partnership: Partnership) -> set[str]:
    """The children's services of the authorities that the children live in. [H03, H04]"""
    return {
        core.agency
        for core in partnership.core_checks
        if "child" in partnership.agencies[core.agency].serves
        and set(core.authorities) & set(dial.children_of)
    }


def _referral(dial: Dial, what: str, category: Category, brought: BroughtBy) -> Sending:
    """The hub refers to itself what a DIAL brings, with everything that the DIAL says."""
    said = ReferralReceived(
        referral_id=f"{dial.key}/{what}",
        source=dial.source,
        category=category,
        made_at=dial.received_at,
        authority=dial.authority,
        people=dial.people,
        concern=dial.account,
        form=dial.form,
        police_response=True,
        brought_by=brought,
    )
    return Sending(HUB, said, Lane.URGENT if brought.rag is Rag.RED else Lane.ROUTINE)


Rule = Callable[[Dial, Any, Setting], Decided[Dial]]

RULES: dict[type[Said], Rule] = {
    DialHistoryRecorded: record_history,
    DialCheckRecorded: record_check,
    DialAlerted: alert,
    DialScreened: screen,
}
"""Every message that changes a DIAL, and the rule that says how."""

Stage = Literal["history", "checks", "meeting", "screened"]


def stage(dial: Dial, partnership: Partnership) -> Stage:
    """What a DIAL waits for."""
    if dial.screened:
        return "screened"
    if dial.history is None:
        return "history"
    checked = {check.by.agency for check in dial.checks}
    return "meeting" if _who_checks(dial, partnership) <= checked else "checks"


class Dials(SimplePart[Dial]):
    """A part of the coordinator: one document for each DIAL."""

    prefix = _PREFIX
    state: type[Dial] = Dial
    payloads: frozenset[type[Said]] = frozenset({DialReceived, *RULES})
    unhurried: frozenset[type[Said]] = frozenset({DialReceived, DialHistoryRecorded, DialCheckRecorded})

    def key(self, envelope: Envelope) -> str:
        said = envelope.payload
        return key_of(said.source, said.dial_id) if isinstance(said, DialReceived) else envelope.subject

    def begins(self, envelope: Envelope) -> bool:
        return isinstance(envelope.payload, DialReceived)

    def load(self, key: str, text: str) -> Dial:
        return Dial.model_validate_json(text, context=KeptContext())

    def dump(self, state: Dial) -> str:
        return state.model_dump_json(context=KeepingContext(state.key), exclude_defaults=True)

    def facets(self, state: Dial) -> Mapping[str, Facet]:
        return {
            "dial_id": state.dial_id,
            "source": state.source,
            "authority": state.authority,
            "stage": stage(state, self.partnership),
            "received_at": state.received_at.isoformat(),
            "urgent": state.tier_2.rag.value if state.tier_2 else None,
        }

    def decide(self, state: Dial | None, envelope: Envelope, now: datetime, found: Any) -> Decided[Dial]:
        said = envelope.payload
        setting = self.setting(envelope, now)
        if isinstance(said, DialReceived):
            if state is not None:
                raise Refused("dial_known", "This dial_id has been received from this source.")
            return receive(said, self.key(envelope), setting)
        if state is None:
            raise Refused("dial_unknown", "Set subject to the key of a DIAL.", fields=("subject",))
        if isinstance(said, MessageRejected):
            return noted(state, said)
        return RULES[type(said)](state, said, setting)
