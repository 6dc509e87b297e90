"""Domestic abuse: every DIAL is screened, in three tiers that are kept apart. [H01-H10, G3.18, G3.19]

READ: the daily meeting is the rhythm of domestic abuse; a DIAL judged urgent at tier 2 becomes a case with a
rating and a clock of its own before it. [H09]
READ: only children's services sit in the meeting, so a DIAL with a vulnerable adult is also referred to adult
social care, as soon as it comes. [H10]
"""

from __future__ import annotations

from agents.coordinator import brought, daily_rounds, length, threshold
from agents.coordinator.authority import require_right
from agents.coordinator.brought import Brought, Known
from agents.coordinator.dial_record import Alert, Dial, History, LateralCheck, Screening, who_checks
from agents.coordinator.incoming import key_for, require_authorities, require_made, require_source
from agents.coordinator.parts import noted
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.dial import DialAlerted, DialCheckRecorded, DialHistoryRecorded, DialReceived, DialScreened
from messages.envelope import Lane
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.referral import BroughtBy, ReferralReceived
from messages.words import Category, Id, Part, Rag

PREFIX = "D-"
_ALERT = "dial_alert"


def key_of(source: str, dial_id: str) -> str:
    """The document of a DIAL: the same for the same source and id."""
    return key_for(PREFIX, source, dial_id)


def receive(said: DialReceived, key: str, setting: Setting) -> Decided[Dial]:
    """Put a DIAL on the list of the next meeting; a vulnerable adult in it is referred at once. [H01, H10]

    Raises `Refused`: a source or an authority that is none, a partnership without the meeting, or what could
    be no referral, should one have to follow.
    """
    partnership = setting.partnership
    if partnership.round_of("dials") is None:
        raise Refused("dials_not_taken", "This partnership holds no domestic abuse meeting.")
    require_source(said.source, setting)
    children_of = {f"data.children_of.{n}": code for n, code in enumerate(said.children_of)}
    require_authorities(children_of, setting)
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
        adult_at_risk=said.adult_at_risk or any(p.part is Part.VULNERABLE_ADULT for p in said.people),
        people=said.people,
        account=said.account,
        form=said.form,
        tier_1=said.at_the_scene,
    )
    # Both kinds of referral that may follow pass the same checks but for what the category adds, and no
    # pathway adds anything to these two.
    threshold.require_referable(
        _referral(dial, key, Category.DOMESTIC_VIOLENCE, BroughtBy(document=key, because=_ALERT)), setting
    )
    scene = said.at_the_scene
    detail = {
        "dial_id": said.dial_id,
        "source": said.source,
        "children_of": list(said.children_of),
        "adult_at_risk": dial.adult_at_risk,
        "tier_1": None if scene is None else {"officer": scene.officer, "action": scene.action},
        "form": said.form.form if said.form else None,
        "form_hash": setting.keyed_hash(said.form.document.reveal()) if said.form else None,
    }
    facts = [Fact("dial.received", detail=detail)]
    sending = list(daily_rounds.listing("dials", key, partnership))
    if dial.adult_at_risk:
        because = BroughtBy(document=key, because=brought.ADULT_AT_RISK)
        dial, said_to_itself = _bring(dial, "adult", Category.ADULT_PROTECTION, because, setting)
        sending.append(said_to_itself)
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

    Raises `Refused`: not by research staff, a second time, after the meeting, or with a rationale that is
    longer than a case takes.
    """
    require_right("dial_alert", said.by, setting)
    length.require_at_most(length.ASSESSMENT_BYTES, said, by=said.by)
    if dial.tier_2 is not None:
        raise Refused("already_alerted", "This DIAL has become a case already.", by=said.by)
    if dial.screened:
        raise Refused("already_screened", "The meeting has decided; a new concern is a new referral.")
    tier_2 = Alert(by=said.by, at=setting.now, rag=said.rag, action=said.action, rationale=said.rationale)
    because = BroughtBy(document=dial.key, because=_ALERT, by=said.by, rag=said.rag, rationale=said.rationale)
    fact = Fact("dial.alerted", said.by, {"rag": said.rag, "action": said.action})
    alerted = dial.model_copy(update={"tier_2": tier_2})
    after, sending = _bring(alerted, "alert", Category.DOMESTIC_VIOLENCE, because, setting)
    return Decided(after, (sending,), (fact,))


def screen(dial: Dial, said: DialScreened, setting: Setting, known: Known) -> Decided[Dial]:
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
    missing += sorted(who_checks(dial, partnership) - {check.by.agency for check in dial.checks})
    if missing:
        raise Refused(
            "not_in_full_context",
            f"Still to check: {', '.join(missing)}. Until then the DIAL is carried over.",
            by=said.by,
        )
    sending = list(daily_rounds.settling("dials", dial.key, partnership))
    case_of = None
    if said.refer:
        case_of = _shared_already(dial, known)
    if said.refer and case_of is None:
        because = BroughtBy(document=dial.key, because="dial_meeting", by=said.by)
        dial, said_to_itself = _bring(dial, "meeting", Category.DOMESTIC_VIOLENCE, because, setting)
        sending.append(said_to_itself)
        case_of = dial.brought[-1].referral_id
    screening = Screening(
        by=said.by,
        at=setting.now,
        participants=said.participants,
        mode=said.mode,
        context=said.context,
        action=said.action,
        no_action_because=said.no_action_because,
        refer=said.refer,
        case_of=case_of,
    )
    fact = Fact(
        "dial.screened",
        said.by,
        {
            "action": said.action,
            "none_with_reason": said.no_action_because is not None,
            "refer": said.refer,
            "case_of": case_of,
            "participants": [one.model_dump(mode="json") for one in said.participants],
            "mode": said.mode,
        },
    )
    return Decided(dial.model_copy(update={"tier_3": screening}), tuple(sending), (fact,))


def rejected(dial: Dial, said: MessageRejected, setting: Setting, known: Known) -> Decided[Dial]:
    """Put on record that something which followed from a DIAL was not taken. A tier 2 of which no case came
    may be done again until the meeting; staff are told. [H07, H09]"""
    if not brought.is_own_referral(said, setting):
        return noted(dial, said, dial.key, setting)
    after, lost = brought.after_refusal(dial.brought, dial.source, known, said.reason)
    put_back = ("dial_alert",) if _ALERT in lost and not dial.screened else ()
    dial = dial.model_copy(update={"brought": after, "tier_2": None if put_back else dial.tier_2})
    return noted(dial, said, dial.key, setting, put_back)


def _shared_already(dial: Dial, known: Known) -> Id | None:
    """The referral under which a DIAL is shared in full now. That of a vulnerable adult is another matter."""
    now_open = brought.open_now(dial.brought, dial.source, known)
    return next((one.referral_id for one in now_open if one.because != brought.ADULT_AT_RISK), None)


def _bring(
    dial: Dial, what: str, category: Category, because: BroughtBy, setting: Setting
) -> tuple[Dial, Sending]:
    """The hub refers to itself what a DIAL brings, with everything that the DIAL says. Raises `Refused` for
    what it would not take any more."""
    referral_id = brought.id_for(dial.key, what, dial.brought)
    said = _referral(dial, referral_id, category, because)
    threshold.require_referable(said, setting)
    one = Brought(referral_id=referral_id, because=because.because)
    sending = Sending(HUB, said, Lane.URGENT if because.rag is Rag.RED else Lane.ROUTINE)
    return dial.model_copy(update={"brought": (*dial.brought, one)}), sending


def _referral(dial: Dial, referral_id: str, category: Category, because: BroughtBy) -> ReferralReceived:
    return ReferralReceived(
        referral_id=referral_id,
        source=dial.source,
        category=category,
        made_at=dial.received_at,
        authority=dial.authority,
        people=dial.people,
        concern=dial.account,
        form=dial.form,
        police_response=True,
        brought_by=because.model_copy(update={"reference": dial.dial_id}),
    )
