"""What the hub says to agencies, staff, teams and referral sources."""

from __future__ import annotations

from datetime import timedelta

from messages import (
    checks,
    dial,
    disclosure,
    escalation,
    governance,
    hate_crime,
    notices,
    own,
    package,
    rounds,
    watch,
)
from messages.confidential import Confidential as Text
from messages.words import (
    AnswerState,
    CaseStatus,
    Category,
    Course,
    Rag,
    RiskFlag,
    Said,
)
from tests.support.examples.values import (
    CHILD,
    LATER,
    NOW,
    NURSE,
    OFFICER,
    RATIONALE,
    SHA256,
)

FROM_THE_HUB: tuple[Said, ...] = (
    watch.EscalationsMany(panels=6, days=30, at_most=5),
    watch.PanelSeatsVacant(agencies=("health",)),
    rounds.AgendaBuilt(
        round="dial_meeting",
        day=NOW.date(),
        items=(rounds.AgendaItem(item="D-1", listed_at=NOW, carried_over=1),),
    ),
    own.OwnMessageRefused(
        document="D-1", type="mash.referral.received.v1", reason="source_unknown", put_back=("dial_alert",)
    ),
    own.OwnReferralSentAway(
        document="D-1", case="C-1", because="dial_alert", outcome="not_in_mash", rag=Rag.RED
    ),
    dial.DialPassedOn(
        document="D-1",
        recipient="adult_social_work",
        authority="staffordshire",
        people=(CHILD,),
        account=Text("Shouting was heard through the wall"),
    ),
    rounds.ReviewerAbsent(round="missing_children_review", day=NOW.date(), persons=("POL-MPC-02",)),
    rounds.ReviewMissed(round="dial_meeting", day=NOW.date(), waiting=("D-1",)),
    checks.CheckRequested(
        request_id="req-1",
        round=1,
        category=Category.CHILD_PROTECTION,
        rag=Rag.RED,
        due_at=LATER,
        purpose="child_protection",
        legal_basis="children_act_1989_s47",
        case_status=CaseStatus.NEW_REFERRAL,
        people=(CHILD,),
        question=Text("Who lives at the address?"),
        off_hub=True,
        hate_crime=hate_crime.HateCrimeChecked(
            strands=(hate_crime.HateStrand.DISABILITY,), earlier_cases=("case-0",)
        ),
    ),
    disclosure.ReviewRequested(
        review_id="rev-1",
        round=1,
        discussion_id="D-1",
        elements=(
            disclosure.ElementToReview(
                element_id="el-1",
                kind="call_out",
                marking="official_sensitive",
                risks=(RiskFlag.SOURCE_AT_RISK,),
            ),
        ),
        purpose="child_protection",
        cause="first_decision",
        due_at=LATER,
    ),
    disclosure.PermissionRequested(
        permission_id="perm-1",
        element_id="el-1",
        holder="health",
        owner="police",
        discussion_id="D-1",
        kind="call_out",
        marking="official",
        risks=(RiskFlag.DUTY_OF_CARE,),
        text=Text("Police told the ward of an arrest"),
        why_needed=Text("The team visits tomorrow"),
        intended_use="child_protection",
        cause="new_finding",
        due_at=LATER,
    ),
    escalation.EscalationRaised(
        dispute_id="X-1",
        element_id="el-1",
        owner="police",
        requester="health",
        panel=(OFFICER, NURSE),
        expedited=True,
        due_at=LATER,
    ),
    package.PackageIssued(
        package_id="pack-1",
        version=1,
        kind="partial",
        round=1,
        recipient="social-work",
        category=Category.CHILD_PROTECTION,
        rag=Rag.RED,
        received_at=NOW,
        due_at=LATER,
        issued_at=LATER,
        on_time=True,
        marking="official_sensitive",
        purpose="child_protection",
        people=(CHILD,),
        concern=Text("She came to school with bruises"),
        suggestion=package.Suggestion(
            course=Course.STRATEGY_DISCUSSION,
            by=OFFICER,
            urgent_facts=Text("A visit is planned tonight"),
            rationale=RATIONALE,
        ),
        agencies=(
            package.AgencyLine(agency="police", state=AnswerState.FOUND, sanitised=1),
            package.AgencyLine(agency="housing", state=AnswerState.OUTSTANDING, off_hub=True, waiting=1),
        ),
        elements=(
            package.ReleasedElement(
                element_id="el-1",
                agency="police",
                owner="police",
                about=("person-1",),
                kind="call_out",
                marking="official_sensitive",
                sanitised=True,
                presumed_usable=True,
                legal_basis="children_act_1989_s47",
                text=Text("A relative is known for violence"),
                conditions=(Text("Not to be shown to the family"),),
            ),
        ),
        waiting_for=("housing",),
        response=hate_crime.ResponseLevel(level="joint_response", by=OFFICER, adult_social_care=NURSE),
        agreed_by=OFFICER,
        sha256=SHA256,
    ),
    package.RecordRequested(
        record_id="rec-1",
        package_id="pack-1",
        elements=(
            package.RecordedElement(
                element_id="el-1", agency="police", owner="police", own=True, text=Text("Called once")
            ),
        ),
        people=(CHILD,),
        due_at=LATER,
    ),
    notices.AlertRaised(
        alert_id="alert-1",
        recipient="social-work",
        category=Category.CHILD_PROTECTION,
        rag=Rag.RED,
        received_at=NOW,
        package_within_minutes=240,
        package_promised_by=NOW + timedelta(hours=4),
        people=(CHILD,),
        concern=Text("She came to school with bruises"),
    ),
    notices.AlertLowered(
        alert_id="alert-2",
        recipient="social-work",
        rag=Rag.AMBER,
        package_promised_by=NOW + timedelta(hours=4),
    ),
    notices.DeadlineWarned(
        timer="agency_answer", agency="police", percent=75, due_at=LATER, waiting_for=("police",)
    ),
    notices.DeadlineBreached(
        timer="hub_target",
        agency="police",
        due_at=LATER,
        cause="agency_silent",
        waiting_for=("police",),
        severity="manager_alert",
    ),
    notices.OutcomeNotified(
        referral_id="ref-1",
        outcome="redirected",
        redirected_to="early_help",
        reason_code="threshold_not_met",
        reason=Text("Early help is better placed"),
    ),
    notices.MessageRejected(
        rejected_id="msg-9",
        rejected_type="mash.check.answered.v1",
        reason="payload_invalid",
        fields=("data.state: enum",),
        remedy="Correct the fields named.",
        sent_by="agency.police",
        at=NOW,
    ),
    governance.BreachReferred(
        report_id="B-1",
        person="p-300",
        kind="misuse_by_supervisor",
        reported_by="health",
        reported_at=NOW,
    ),
)
