"""What agencies, staff, teams and referral sources say to the hub."""

from __future__ import annotations

from datetime import date

from messages import (
    adults,
    checks,
    child_sexual_exploitation,
    concern,
    dial,
    disclosure,
    escalation,
    governance,
    hate_crime,
    intake,
    missing,
    package,
    referral,
    rounds,
    watch,
)
from messages.confidential import Confidential as Text
from messages.words import (
    AnswerState,
    Category,
    Course,
    Mode,
    Rag,
    RiskFlag,
    Said,
)
from tests.support.examples.values import (
    CHILD,
    CHOICE,
    LATER,
    NEIGHBOUR,
    NOW,
    NURSE,
    OFFICER,
    RATIONALE,
    RULE,
    SANITISED,
    SHA256,
)

TO_THE_HUB: tuple[Said, ...] = (
    referral.ReferralReceived(
        referral_id="ref-1",
        source="school",
        category=Category.CHILD_PROTECTION,
        made_at=NOW,
        authority="staffordshire",
        earlier_authorities=("stoke",),
        people=(CHILD, NEIGHBOUR),
        concern=Text("She came to school with bruises"),
        routine=True,
        open_case_worker="p-300",
        police_response=True,
        section_47_belief=referral.Belief(by=OFFICER, why=Text("Two injuries in a week")),
        professional_judgement=referral.ProfessionalJudgement(by=OFFICER, rationale=Text("A pattern")),
        hate_crime=hate_crime.HateCrime(strands=(hate_crime.HateStrand.RACE,), vulnerable_person=True),
        origin=child_sexual_exploitation.Origin.INTERNET_EXPLOITATION,
    ),
    intake.ThresholdDecided(
        by=OFFICER,
        met=False,
        rationale=RATIONALE,
        redirect_to="early_help",
        section_47_belief=referral.Belief(by=OFFICER, why=Text("Seen at home")),
    ),
    intake.ReferralHandedOver(agency="early_help", by=OFFICER),
    intake.RiskRated(by=OFFICER, rag=Rag.BLUE, rationale=RATIONALE, open_case_worker="p-300"),
    intake.EnquiryDirected(
        by=OFFICER,
        purpose="child_protection",
        legal_basis="children_act_1989_s47",
        rationale=RATIONALE,
        also_ask=("housing",),
        question=Text("Who lives at the address?"),
    ),
    checks.CheckAnswered(
        request_id="req-1",
        agency="police",
        state=AnswerState.FOUND,
        elements=(
            checks.ElementRevealed(
                element_id="el-1",
                about=("person-1",),
                kind="call_out",
                owner="police",
                marking="official_sensitive",
                risks=(RiskFlag.SOURCE_AT_RISK,),
                text=Text("Called out on a winter night by a neighbour"),
                source_words=(Text("neighbour"),),
                record=checks.SourceRecord(document="log-77", digest=SHA256, span=(0, 43)),
                recorded_on=date(2026, 1, 9),
                suggestion=SANITISED,
            ),
        ),
        matches=(
            checks.PersonMatch(
                person_id="person-1", outcome="same_person", score=97, reasons=("nhs_number",), candidates=1
            ),
        ),
        by=OFFICER,
        reason=Text("All systems searched"),
    ),
    disclosure.DiscussionRecorded(
        by=OFFICER,
        discussion_id="D-1",
        elements=("el-1",),
        participants=(OFFICER, NURSE),
        mode=Mode.VIDEO,
        summary=Text("Both think it matters"),
        positions=(
            disclosure.Position(actor=NURSE, element_id="el-1", position="release", view=Text("At risk")),
        ),
    ),
    disclosure.DisclosureDecided(
        by=OFFICER,
        discussion_id="D-1",
        decisions=(disclosure.Decision(element_id="el-1", choice=CHOICE),),
    ),
    disclosure.PermissionDecided(
        rule=RULE,
        permission_id="perm-1",
        element_id="el-1",
        choice=CHOICE,
        conditions=(Text("Not to be shown to the family"),),
    ),
    escalation.DisclosureDisputed(
        by=NURSE, dispute_id="X-1", element_id="el-1", ground="necessity", position=Text("It is needed")
    ),
    escalation.ManagementActed(
        by=OFFICER,
        other_side=NURSE,
        dispute_id="X-1",
        settled=True,
        outcome=CHOICE,
        reason=Text("A safe form was found"),
    ),
    escalation.SettlementConfirmed(by=NURSE, dispute_id="X-1"),
    escalation.EscalationConvened(by=OFFICER, dispute_id="X-1", panel=(OFFICER, NURSE), mode=Mode.PHONE),
    escalation.EscalationDecided(
        by=OFFICER,
        dispute_id="X-1",
        mode=Mode.FACE_TO_FACE,
        views=(escalation.View(actor=NURSE, position=CHOICE.choice, view=Text("The risk is real")),),
        agreed=True,
        outcome=CHOICE,
        reason=Text("The panel is of one mind"),
    ),
    escalation.ControllerDecided(by=OFFICER, dispute_id="X-1", outcome=CHOICE),
    package.AssessmentMade(
        by=OFFICER,
        suggested_course=Course.STRATEGY_DISCUSSION,
        urgent_facts=Text("A visit is planned tonight"),
        rationale=RATIONALE,
    ),
    package.PackageAgreed(by=OFFICER, if_incomplete="partial_at_due", rationale=RATIONALE),
    package.CaseEnded(by=OFFICER, rationale=RATIONALE),
    package.PackageAcknowledged(package_id="pack-1", by=NURSE),
    package.InformationRequested(
        request_id="T-1",
        package_id="pack-1",
        by=NURSE,
        question=Text("Is there an older brother?"),
        why=Text("He may be at home"),
    ),
    package.OutcomeReported(
        package_id="pack-1", by=NURSE, course=Course.JOINT_INVESTIGATION, note=Text("Visited with police")
    ),
    package.RecordAcknowledged(record_id="rec-1", agency="police", entry="log-78"),
    watch.WatchBegun(of="panels"),
    watch.PanelCounted(dispute_id="dispute-1", convened_at=NOW),
    rounds.RoundBegun(round="dial_meeting"),
    rounds.ItemListed(round="dial_meeting", item="D-1"),
    rounds.ItemSettled(round="dial_meeting", item="D-1"),
    rounds.ReviewHeld(
        by=OFFICER,
        round="dial_meeting",
        day=date(2026, 3, 2),
        mode=Mode.FACE_TO_FACE,
        participants=(OFFICER, NURSE),
        considered=("M-1",),
    ),
    rounds.HateCrimeFlagged(by=OFFICER, rationale=RATIONALE),
    dial.DialReceived(
        dial_id="dial-1",
        source="school",
        incident_at=NOW,
        authority="staffordshire",
        children_of=("staffordshire",),
        adult_at_risk=True,
        people=(CHILD,),
        account=Text("Shouting was heard through the wall"),
        at_the_scene=dial.AtTheScene(
            officer="PC-4711",
            at=NOW,
            imminent_threat=True,
            action="victims_moved_to_safety",
            what=Text("She was taken to her sister"),
        ),
        form=referral.NativeForm(form="dial", media_type="text/plain", document=Text("As it was written")),
    ),
    dial.DialHistoryRecorded(by=OFFICER, known=True, history=Text("Two calls last year")),
    dial.DialCheckRecorded(by=NURSE, known=True, findings=Text("A plan ended in May")),
    dial.DialAlerted(by=OFFICER, rag=Rag.RED, action="officers_sent_back", rationale=RATIONALE),
    dial.DialScreened(
        by=OFFICER,
        participants=(OFFICER, NURSE),
        mode=Mode.FACE_TO_FACE,
        context=Text("The third time in a year"),
        action="referred_to_mash",
        refer=True,
    ),
    missing.MissingReported(
        report_id="misper-1",
        source="school",
        person_ref="mp-1",
        reported_at=NOW,
        authority="staffordshire",
        person=CHILD,
        circumstances=Text("She did not come home"),
    ),
    missing.MissingChildFlagged(by=OFFICER, rationale=RATIONALE),
    adults.AdultThresholdSigned(by=OFFICER, met=True, rationale=RATIONALE),
    adults.AdultStrategyRecorded(
        by=OFFICER, other_signatory=NURSE, mode=Mode.FACE_TO_FACE, summary=Text("Seen today by both")
    ),
    adults.InvestigationPlanRecorded(
        by=OFFICER, other_signatory=NURSE, mode=Mode.PHONE, plan=Text("Her bank first, then her cousin")
    ),
    adults.AdultRouteDecided(
        by=OFFICER,
        other_signatory=NURSE,
        complex=True,
        checklist="2026-01",
        criteria=("institution",),
        complex_because=Text("Three residents of one home"),
        rationale=RATIONALE,
    ),
    concern.ConcernSanitised(by=OFFICER, sanitised=SANITISED, rationale=RATIONALE),
    adults.FormSupplied(
        by=NURSE,
        form=referral.NativeForm(form="ap1", media_type="text/plain", document=Text("AP1 as it came")),
    ),
    governance.SupervisionRecorded(
        by=OFFICER,
        call_id="S-1",
        supervisor=governance.SupervisorCalled(person="p-300", agency="police"),
        called_at=LATER,
        ground="unable_to_decide",
        consulted=(governance.PartnerConsulted(agency="health", at=NOW),),
        outcome="advice_given",
    ),
    governance.BreachReported(
        by=NURSE,
        report_id="B-1",
        person="p-300",
        agency="police",
        kind="misuse_by_supervisor",
        account=Text("It was told to a colleague"),
    ),
    governance.CasePurgeRequested(by=OFFICER),
    governance.CaseStayDecided(by=OFFICER, ground="inquest", stay=True),
    hate_crime.HateResponseDecided(
        by=OFFICER, adult_social_care=NURSE, level="joint_response", rationale=RATIONALE
    ),
    child_sexual_exploitation.CseReferralCompleted(
        by=OFFICER, senior_practitioner=NURSE, rationale=RATIONALE
    ),
    child_sexual_exploitation.AdviceRecorded(
        by=OFFICER, advised=(NURSE,), topic="grooming", advice=Text("Ask who gave her the telephone")
    ),
)
