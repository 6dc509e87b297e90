"""Who may take which decision: everybody tries everything. [the table of decision rights]

The register of these tests employs one person for each role at each agency that can have it, so that a
refusal is about the right and never about a stranger. Every one of them sends every message that claims a
decision. The cells that may be accepted are written here from the table at the end of the requirements,
not read from the partnership's `rights.toml`; all other cells have to be refused with a reason and leave
the case as it was. That refusals go on the record is shown in `test_runtime_refusals`.

Rows of the table for which the hub takes no message yet have no test here. Decisions that are messages but
not in the table (to record a discussion, to call the panel, to send out a complete package, the belief
that section 47 is met, a team's receipt and task-back) are held to the requirement that they carry out.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest

from agents.coordinator.cases import RULES
from agents.deciding import Refused
from agents.partnership import Partnership, StaffMember
from messages.adults import AdultThresholdSigned
from messages.catalogue import CATALOGUE, Kind
from messages.checks import CheckAnswered
from messages.child_sexual_exploitation import AdviceRecorded, CseReferralCompleted
from messages.disclosure import Decision, DisclosureDecided, DiscussionRecorded, Needed, PermissionDecided
from messages.escalation import (
    ControllerDecided,
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    ManagementActed,
    View,
)
from messages.governance import (
    BreachReported,
    CasePurgeRequested,
    PartnerConsulted,
    SupervisionRecorded,
    SupervisorCalled,
)
from messages.hate_crime import HateResponseDecided
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.package import (
    AssessmentMade,
    InformationRequested,
    OutcomeReported,
    PackageAcknowledged,
    PackageAgreed,
    RecordAcknowledged,
)
from messages.referral import Belief, ProfessionalJudgement, ReferralReceived
from messages.refusal import Unacceptable
from messages.words import (
    Actor,
    AnswerState,
    Category,
    Choice,
    Course,
    ElementChoice,
    Mode,
    OwnersRule,
    Rag,
    Said,
)
from tests.support import adult_pathway
from tests.support.procedure import (
    CORE_CHILD,
    MONDAY,
    PARTNERSHIP,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    adult,
    disability_hate_crime,
    element,
    line_manager,
    panel_member,
    referral,
    release,
    sanitised,
    secret,
    why,
    withhold,
)
from tests.support.rights_of_rounds import DECISIONS, RoundsDecision
from tests.support.whole_hub import WholeHub

CHILDREN = ("csc_staffordshire", "csc_stoke")
ADULTS = ("asc_staffordshire", "asc_stoke")
SOCIAL_CARE = (*CHILDREN, *ADULTS)
HEALTH = ("primary_care", "adult_mental_health", "camhs", "accident_and_emergency")
IN_THE_HUB = ("police", *SOCIAL_CARE, "education", "primary_care")
OUTSIDE = (
    "adult_mental_health",
    "camhs",
    "probation",
    "housing",
    "accident_and_emergency",
    "other_authority",
)
EVERYWHERE = (*IN_THE_HUB, *OUTSIDE)

EMPLOYED_AT: dict[str, tuple[str, ...]] = {
    "senior_practitioner": SOCIAL_CARE,
    "police_sergeant": ("police",),
    "mash_manager": ("csc_staffordshire", "police"),
    "practitioner": EVERYWHERE,
    "advanced_practitioner": ADULTS,
    "duty_worker": SOCIAL_CARE,
    "police_researcher": ("police",),
    "decision_maker": EVERYWHERE,
    "line_manager": EVERYWHERE,
    "data_controller": EVERYWHERE,
    "detective_superintendent_pvp": ("police", "csc_staffordshire"),
    "assistant_director_children": (*CHILDREN, "education", "other_authority", "police"),
    "assistant_director_adults": (*ADULTS, "other_authority", "police"),
    "health_representative": (*HEALTH, "police"),
    "probation_assistant_chief": ("probation", "police"),
    "housing_director": ("housing", "police"),
    "social_worker": SOCIAL_CARE,
    "team_manager": SOCIAL_CARE,
    "detective_sergeant": ("police",),
    "detective_constable": ("police",),
    "data_protection_champion": EVERYWHERE,
    # In the table for decisions that the hub takes no message for, or for none at all (J03).
    "supervisor": EVERYWHERE,
    "steering_group": EVERYWHERE,
    "public_protection_coordinator": ("police",),
    "misper_coordinator": ("police",),
    "first_response_researcher": ("csc_staffordshire",),
    "exploitation_officer": ("police",),
}
"""Every role of the table and of the register, and where such a person may be employed; some panel roles
also at an agency that they do not speak for."""

PEOPLE = tuple(
    Actor(person=f"{agency}-{role}", role=role, agency=agency)
    for role, agencies in EMPLOYED_AT.items()
    for agency in agencies
)


def partnership(unsigned: str | None = None) -> Partnership:
    """The bundled partnership with everybody on the register, and perhaps one agency that has not signed."""
    register = [StaffMember(person=p.person, agency=p.agency, roles=(p.role,)) for p in PEOPLE]
    everything = PARTNERSHIP.model_dump()
    everything["staff"] = (*everything["staff"], *(member.model_dump() for member in register))
    if unsigned is not None:
        everything["agencies"][unsigned]["signed_on"] = None
    return Partnership.model_validate(everything)


HUB = partnership()

May = frozenset[tuple[str, str]]


def may(*roles: str, at: tuple[str, ...] = EVERYWHERE) -> May:
    """These roles, at those of the agencies that employ them."""
    return frozenset((role, agency) for role in roles for agency in EMPLOYED_AT[role] if agency in at)


PRACTITIONERS = (
    "practitioner",
    "senior_practitioner",
    "advanced_practitioner",
    "duty_worker",
    "social_worker",
    "police_sergeant",
    "detective_sergeant",
    "detective_constable",
)
STAFF = (
    "practitioner",
    "senior_practitioner",
    "advanced_practitioner",
    "duty_worker",
    "police_researcher",
    "police_sergeant",
    "mash_manager",
    "decision_maker",
)
"""Staff who work on cases: not line managers, panel and controllers, whose part comes later, nor teams."""

SENIOR_OR_SERGEANT = may("senior_practitioner", "police_sergeant")
ANY_MANAGER = SENIOR_OR_SERGEANT | may("mash_manager")
MANAGER_FOR_CHILD = may("police_sergeant", "mash_manager") | may("senior_practitioner", at=CHILDREN)
MANAGER_FOR_ADULT = may("police_sergeant", "mash_manager") | may("senior_practitioner", at=ADULTS)
OWNER, REQUESTER = "police", "csc_staffordshire"
OWNERS_DECISION = may("decision_maker", at=(OWNER,))
PANEL = (
    may("detective_superintendent_pvp", at=("police",))
    | may("assistant_director_children", at=(*CHILDREN, "education", "other_authority"))
    | may("assistant_director_adults", at=(*ADULTS, "other_authority"))
    | may("health_representative", at=HEALTH)
    | may("probation_assistant_chief", at=("probation",))
    | may("housing_director", at=("housing",))
)
"""M6 names the first three and health, "to date" and "subject to final partner inclusion"; the others speak
for the partners that joined since, without whom no panel could hear them. [K02, K03]"""
SPECIALIST_UNITS = may("social_worker", "team_manager", "detective_sergeant", "detective_constable")

REASONS_OF_RIGHT = {
    "role_may_not",
    "service_not_concerned",
    "not_your_agencys",
    "rule_not_the_owners",
    "own_decision",
    "not_in_hub",
    "both_sides_needed",
    "not_on_panel",
    "not_the_signatories",
    "not_adult_social_care",
}


def person(role: str, agency: str) -> Actor:
    return next(p for p in PEOPLE if (p.role, p.agency) == (role, agency))


# Cases on which the decisions are tried. Each is played once; every try starts from a copy.


def referred() -> Procedure:
    hub = Procedure(HUB)
    hub.refer()
    return hub


def with_threshold() -> Procedure:
    hub = referred()
    hub.threshold_met()
    return hub


def an_adults_case() -> Procedure:
    hub = Procedure(HUB)
    hub.refer(
        category=Category.ADULT_PROTECTION,
        source="staffordshire_adult_contact",
        people=(adult(),),
        section_47_belief=None,
    )
    hub.threshold_met()
    return hub


def rated() -> Procedure:
    hub = with_threshold()
    hub.rate(Rag.AMBER, by=SERGEANT)
    return hub


def directed() -> Procedure:
    hub = rated()
    hub.direct()
    return hub


def an_adults_case_directed() -> Procedure:
    hub = an_adults_case()
    hub.rate(Rag.AMBER, by=SERGEANT)
    hub.direct(by=SERGEANT)
    return hub


def assessed() -> Procedure:
    hub = directed()
    hub.assess()
    return hub


def an_adults_case_assessed() -> Procedure:
    hub = adult_pathway.both_sign(an_adults_case_directed(), False)
    hub.assess()
    return hub


def an_adults_threshold_met() -> Procedure:
    return adult_pathway.both_sign(an_adults_case_directed(), True, SIGNATORIES)


def an_adults_case_discussed() -> Procedure:
    hub = an_adults_threshold_met()
    hub.say(adult_pathway.strategy(*SIGNATORIES))
    return hub


def an_adults_case_planned() -> Procedure:
    hub = an_adults_case_discussed()
    hub.say(adult_pathway.plan(*SIGNATORIES))
    return hub


def complete() -> Procedure:
    hub = assessed()
    hub.nothing_from(*CORE_CHILD)
    return hub


def issued() -> Procedure:
    hub = complete()
    hub.agree(by=SERGEANT)
    return hub


def past_its_retention() -> Procedure:
    """Both teams investigated and reported, and the longest rule of theirs has run out."""
    hub = issued()
    for team, by in (
        (CHILDRENS_TEAM, person("social_worker", "csc_staffordshire")),
        ("team.police_child_abuse_investigation", person("detective_sergeant", "police")),
    ):
        said = OutcomeReported(
            package_id=hub.case.packages[0].package_id, by=by, course=Course.JOINT_INVESTIGATION
        )
        hub.say(said, team)
    hub.wait(timedelta(days=76 * 366))
    return hub


def revealed() -> Procedure:
    hub = directed()
    hub.answer(OWNER, element("e1", OWNER))
    return hub


def discussed() -> Procedure:
    hub = revealed()
    hub.discuss("e1")
    return hub


def permission_asked() -> Procedure:
    """The police hold it, education owns it."""
    hub = directed()
    hub.answer("police", element("e1", "education"))
    hub.discuss("e1")
    return hub


def withheld() -> Procedure:
    hub = discussed()
    hub.decide("e1", withhold())
    return hub


def disputed() -> Procedure:
    hub = withheld()
    hub.say(dispute(person("practitioner", REQUESTER)))
    return hub


def managers_failed() -> Procedure:
    hub = disputed()
    hub.say(manage(line_manager(OWNER), line_manager(REQUESTER)))
    return hub


def a_hate_crime_checked() -> Procedure:
    hub = Procedure(HUB)
    hub.refer(
        category=Category.HATE_CRIME,
        source="police_cru",
        people=(adult(),),
        section_47_belief=None,
        hate_crime=disability_hate_crime(),
    )
    hub.threshold_met()
    hub.rate(Rag.AMBER, by=SERGEANT)
    hub.direct(by=SERGEANT)
    hub.answer("asc_staffordshire")
    return hub


def an_exploited_childs_case() -> Procedure:
    hub = Procedure(HUB)
    hub.refer(category=Category.CHILD_SEXUAL_EXPLOITATION, section_47_belief=None)
    hub.threshold_met()
    return hub


TWO_SIDES = (
    person("detective_superintendent_pvp", OWNER),
    person("assistant_director_children", REQUESTER),
)


def panel_called() -> Procedure:
    hub = managers_failed()
    hub.say(convene(line_manager(OWNER), *TWO_SIDES))
    return hub


def panel_disagreed() -> Procedure:
    hub = panel_called()
    hub.say(panel_says(TWO_SIDES[0], None))
    return hub


SIGNATORIES = (
    person("advanced_practitioner", "asc_staffordshire"),
    person("police_sergeant", "police"),
)
BOTH_SIGNATORIES = frozenset((actor.role, actor.agency) for actor in SIGNATORIES)


def with_the_other(step: Callable[[Actor, Actor], Said]) -> Callable[[Actor], Said]:
    """The step by whoever tries, with the signatory of the other side."""
    social_care, police = SIGNATORIES
    return lambda by: step(by, social_care if by == police else police)


# What is said, by whoever tries.


def rate(by: Actor) -> Said:
    return RiskRated(by=by, rag=Rag.RED, rationale=why())


def direct(by: Actor, *also_ask: str) -> Said:
    return EnquiryDirected(
        by=by,
        purpose="safeguarding_children",
        legal_basis="children_act_2004",
        rationale=why(),
        also_ask=also_ask,
    )


def agree(by: Actor, if_incomplete: str = "partial_at_due") -> Said:
    return PackageAgreed.model_validate({"by": by, "if_incomplete": if_incomplete, "rationale": why()})


def answer(by: Actor | None, agency: str = OWNER) -> Said:
    request_id = next(c.request_id for c in prepared(directed).case.checks if c.agency == agency)
    return CheckAnswered(
        request_id=request_id,
        agency=agency,
        state=AnswerState.FOUND,
        elements=(element("e1", agency),),
        by=by,
    )


def decide(choice: ElementChoice) -> Callable[[Actor], Said]:
    return lambda by: DisclosureDecided(
        by=by, discussion_id="D-1", decisions=(Decision(element_id="e1", choice=choice),)
    )


def decide_by_rule(approver: Actor, agency: str) -> Said:
    rule = OwnersRule(rule="R-7", agency=agency, in_force_from=MONDAY, approved_by=approver.person)
    return DisclosureDecided(
        rule=rule, discussion_id="D-1", decisions=(Decision(element_id="e1", choice=release()),)
    )


def permit(by: Actor) -> Said:
    asked = prepared(permission_asked).element("e1").permission
    assert asked is not None
    return PermissionDecided(
        by=by, permission_id=asked.permission_id, element_id="e1", choice=release(), conditions=()
    )


def dispute(by: Actor) -> Said:
    return DisclosureDisputed(
        by=by, dispute_id="X-1", element_id="e1", ground="necessity", position=secret("it is needed")
    )


def manage(by: Actor, other_side: Actor) -> Said:
    return ManagementActed(
        by=by, other_side=other_side, dispute_id="X-1", settled=False, reason=secret("no agreement")
    )


def convene(by: Actor, *panel: Actor) -> Said:
    return EscalationConvened(by=by, dispute_id="X-1", panel=panel, mode=Mode.FACE_TO_FACE)


def panel_says(by: Actor, outcome: ElementChoice | None) -> Said:
    present = dict.fromkeys((*TWO_SIDES, by))
    return EscalationDecided(
        by=by,
        dispute_id="X-1",
        mode=Mode.FACE_TO_FACE,
        views=tuple(View(actor=actor, position="release", view=secret("heard")) for actor in present),
        agreed=outcome is not None,
        outcome=outcome,
        reason=secret("all views heard"),
    )


def a_discussion(by: Actor) -> Said:
    return DiscussionRecorded(
        by=by,
        discussion_id="D-1",
        elements=("e1",),
        participants=(SENIOR_PRACTITIONER, SERGEANT),
        mode=Mode.FACE_TO_FACE,
        summary=secret("weighed"),
        needed=(Needed(element_id="e1", why=secret("to act")),),
    )


def a_call(by: Actor) -> Said:
    partner = "education" if by.agency != "education" else "police"
    return SupervisionRecorded(
        by=by,
        call_id="S-1",
        supervisor=SupervisorCalled(person="POL-SUP-01", agency="police"),
        called_at=MONDAY,
        ground="unable_to_decide",
        consulted=(PartnerConsulted(agency=partner, at=MONDAY - timedelta(minutes=5)),),
        outcome="advice_given",
    )


def a_breach(by: Actor) -> Said:
    return BreachReported(
        by=by,
        report_id="B-1",
        person="POL-SGT-01",
        agency="police",
        kind="use_beyond_purpose",
        account=secret("used at home"),
    )


def purge(by: Actor) -> Said:
    champions = tuple(person("data_protection_champion", agency) for agency in (OWNER, REQUESTER))
    return CasePurgeRequested(by=by, jointly_with=champions)


def respond(by: Actor, adult_social_care: Actor) -> Said:
    return HateResponseDecided(
        by=by, adult_social_care=adult_social_care, level="joint_response", rationale=why()
    )


def complete_exploitation(by: Actor, senior_practitioner: Actor) -> Said:
    return CseReferralCompleted(by=by, senior_practitioner=senior_practitioner, rationale=why())


def advise(by: Actor) -> Said:
    return AdviceRecorded(by=by, advised=(SERGEANT,), topic="grooming", advice=secret("look for gifts"))


def package_id() -> str:
    return prepared(issued).case.packages[0].package_id


CHILDRENS_TEAM = "team.children_social_work_staffordshire"


@dataclass(frozen=True)
class Row:
    """One decision: the case it is tried on, what is said, and who alone may say it."""

    name: str
    ids: str
    case: Callable[[], Procedure]
    say: Callable[[Actor], Said]
    who: May
    sender: str = "staff"


ROWS = (
    # Threshold met or not; direct the checks.
    Row(
        "threshold met",
        "B11",
        referred,
        lambda by: ThresholdDecided(by=by, met=True, rationale=why()),
        SENIOR_OR_SERGEANT,
    ),
    Row(
        "threshold not met",
        "B11 B12",
        referred,
        lambda by: ThresholdDecided(by=by, met=False, rationale=why(), redirect_to="housing"),
        SENIOR_OR_SERGEANT,
    ),
    Row("direct the checks", "B11", rated, direct, SENIOR_OR_SERGEANT),
    Row(
        "direct one more agency of the hub",
        "B11",
        directed,
        lambda by: direct(by, "asc_staffordshire"),
        SENIOR_OR_SERGEANT,
    ),
    # The relevant Manager.
    Row("rate a child's case", "E01", with_threshold, rate, MANAGER_FOR_CHILD),
    Row("rate an adult's case", "E01", an_adults_case, rate, MANAGER_FOR_ADULT),
    Row("rate again", "E10", directed, rate, MANAGER_FOR_CHILD),
    Row("ask outside the hub", "C04", directed, lambda by: direct(by, "housing", "camhs"), MANAGER_FOR_CHILD),
    Row(
        "ask outside the hub about an adult",
        "C04",
        an_adults_case_directed,
        lambda by: direct(by, "housing"),
        MANAGER_FOR_ADULT,
    ),
    Row(
        "direct the checks and ask outside the hub at once",
        "B11 C04",
        rated,
        lambda by: direct(by, "housing"),
        MANAGER_FOR_CHILD & SENIOR_OR_SERGEANT,
    ),
    Row("partial package", "E12", assessed, agree, MANAGER_FOR_CHILD),
    Row("partial package about an adult", "E12", an_adults_case_assessed, agree, MANAGER_FOR_ADULT),
    Row("complete package", "D19", complete, lambda by: agree(by, "wait"), ANY_MANAGER),
    # Bring a case below threshold on professional judgement.
    Row(
        "professional judgement",
        "B09",
        lambda: Procedure(HUB),
        lambda by: referral(
            section_47_belief=None,
            professional_judgement=ProfessionalJudgement(by=by, rationale=secret("I know the family")),
        ),
        may(*PRACTITIONERS),
        sender="source.first_response",
    ),
    Row(
        "belief that section 47 is met",
        "B08 G06",
        lambda: Procedure(HUB),
        lambda by: referral(section_47_belief=Belief(by=by, why=secret("the injuries"))),
        may("practitioner", "senior_practitioner", "duty_worker", "police_sergeant"),
        sender="source.first_response",
    ),
    # Reveal inside the hub.
    Row("reveal", "C09 D01", directed, answer, may(*STAFF, at=(OWNER,))),
    # Release, release sanitised, withhold an element.
    Row("release", "D03", discussed, decide(release()), OWNERS_DECISION),
    Row("release sanitised", "D03", discussed, decide(sanitised("known")), OWNERS_DECISION),
    Row("withhold", "D03 A08", discussed, decide(withhold()), OWNERS_DECISION),
    Row(
        "leave undecided",
        "D03 D04",
        discussed,
        decide(release(choice=Choice.CANNOT_DECIDE)),
        OWNERS_DECISION,
    ),
    Row(
        "permit as third-party owner",
        "D09",
        permission_asked,
        permit,
        may("decision_maker", at=("education",)),
    ),
    Row(
        "approve the owner's rule",
        "D23",
        discussed,
        lambda by: decide_by_rule(by, OWNER),
        OWNERS_DECISION,
        sender=f"agency.{OWNER}",
    ),
    Row("record a discussion", "D06", revealed, a_discussion, ANY_MANAGER | may("practitioner")),
    # Dispute a decision: not the owner, who changes its own decision instead.
    Row(
        "dispute",
        "D22 K01",
        withheld,
        dispute,
        may(*STAFF, at=tuple(a for a in IN_THE_HUB if a != OWNER)),
    ),
    Row(
        "act as the owner's line manager",
        "K01",
        disputed,
        lambda by: manage(by, line_manager(REQUESTER)),
        may("line_manager", at=(OWNER,)),
    ),
    Row(
        "act as the other side's line manager",
        "K01",
        disputed,
        lambda by: manage(line_manager(OWNER), by),
        may("line_manager", at=(REQUESTER,)),
    ),
    Row(
        "call the panel",
        "K01",
        managers_failed,
        lambda by: convene(by, *TWO_SIDES),
        may("line_manager", "mash_manager"),
    ),
    Row(
        "sit on the panel",
        "K02 K03",
        managers_failed,
        lambda by: convene(line_manager(OWNER), panel_member(OWNER), panel_member(REQUESTER), by),
        PANEL,
    ),
    Row(
        "escalation decision",
        "K02 K03",
        panel_called,
        lambda by: panel_says(by, release()),
        frozenset((actor.role, actor.agency) for actor in TWO_SIDES),
    ),
    Row(
        "final decision",
        "K06",
        panel_disagreed,
        lambda by: ControllerDecided(by=by, dispute_id="X-1", outcome=release()),
        may("data_controller", at=(OWNER,)),
    ),
    Row(
        "assessment",
        "G02",
        directed,
        lambda by: AssessmentMade(by=by, suggested_course=Course.JOINT_INVESTIGATION, rationale=why()),
        may("senior_practitioner", "mash_manager"),
    ),
    # Adult threshold, Strategy Discussion, Initial Investigation Plan, complex criteria: both, together.
    Row(
        "adult threshold",
        "F01",
        an_adults_case_directed,
        lambda by: AdultThresholdSigned(by=by, met=True, rationale=why()),
        may("advanced_practitioner", "police_sergeant"),
    ),
    Row(
        "strategy discussion about an adult",
        "F03",
        an_adults_threshold_met,
        with_the_other(adult_pathway.strategy),
        BOTH_SIGNATORIES,
    ),
    Row(
        "stand beside it as the other signatory",
        "F03",
        an_adults_threshold_met,
        lambda by: adult_pathway.strategy(SIGNATORIES[0], by),
        may("police_sergeant"),
    ),
    Row(
        "initial investigation plan",
        "F03",
        an_adults_case_discussed,
        with_the_other(adult_pathway.plan),
        BOTH_SIGNATORIES,
    ),
    Row(
        "complex or not",
        "F04 F05 F06",
        an_adults_case_planned,
        with_the_other(adult_pathway.route),
        BOTH_SIGNATORIES,
    ),
    Row(
        "supply the AP1",
        "A13",
        an_adults_case_directed,
        adult_pathway.supplied,
        may("practitioner", "senior_practitioner", "advanced_practitioner", "duty_worker"),
    ),
    # Hate crime response level: two, after the checks.
    Row(
        "hate crime response level",
        "I03",
        a_hate_crime_checked,
        lambda by: respond(by, person("senior_practitioner", "asc_staffordshire")),
        may("public_protection_coordinator"),
    ),
    Row(
        "hate crime response level for adult social care",
        "I03",
        a_hate_crime_checked,
        lambda by: respond(person("public_protection_coordinator", "police"), by),
        may("senior_practitioner", "advanced_practitioner", at=("asc_staffordshire",)),
    ),
    # CSE referral complete: practitioner and Senior Practitioner, both; advice on exploitation.
    Row(
        "complete an exploitation referral",
        "I06",
        an_exploited_childs_case,
        lambda by: complete_exploitation(by, SENIOR_PRACTITIONER),
        may("practitioner", "duty_worker"),
    ),
    Row(
        "complete it as Senior Practitioner",
        "I06",
        an_exploited_childs_case,
        lambda by: complete_exploitation(person("practitioner", "police"), by),
        may("senior_practitioner", at=CHILDREN),
    ),
    Row("advise on exploitation", "I05", an_exploited_childs_case, advise, may("exploitation_officer")),
    # What specialist units and teams say.
    Row(
        "course of the enquiry",
        "G01 G03",
        issued,
        lambda by: OutcomeReported(package_id=package_id(), by=by, course=Course.STRATEGY_DISCUSSION),
        SPECIALIST_UNITS,
        sender=CHILDRENS_TEAM,
    ),
    Row(
        "acknowledge the package",
        "D19",
        issued,
        lambda by: PackageAcknowledged(package_id=package_id(), by=by),
        SPECIALIST_UNITS,
        sender=CHILDRENS_TEAM,
    ),
    Row(
        "task back",
        "D20",
        issued,
        lambda by: InformationRequested(
            request_id="T-1", package_id=package_id(), by=by, question=secret("more?"), why=secret("news")
        ),
        SPECIALIST_UNITS,
        sender=CHILDRENS_TEAM,
    ),
    # Supervision, breaches, and the end of a case's content.
    Row("supervision call recorded", "J02 J03", referred, a_call, may(*STAFF)),
    Row(
        "report a breach",
        "J07 L10",
        referred,
        a_breach,
        may(*STAFF, "line_manager", "data_controller", "data_protection_champion"),
    ),
    Row("purge", "L09", past_its_retention, purge, may("data_protection_champion")),
)
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-").replace("'", ""))


@cache
def prepared(case: Callable[[], Procedure]) -> Procedure:
    return case()


def fresh(case: Callable[[], Procedure]) -> Procedure:
    """The case as it was played, with nothing said since."""
    hub = copy.copy(prepared(case))
    hub.sent, hub.facts = [], []
    return hub


def as_stored(hub: Procedure) -> str | None:
    return hub.coordinator.dump(hub.case) if hub.opened else None


def refusal_of(hub: Procedure, said: Said, sender: str) -> Refused:
    """The refusal, after which the case is as it was and nothing went out."""
    before = as_stored(hub)
    with pytest.raises(Refused) as refused:
        hub.say(said, sender)
    assert as_stored(hub) == before
    assert (hub.sent, hub.facts) == ([], [])
    assert refused.value.remedy
    return refused.value


@each_row
def test_only_those_whom_the_table_names_take_a_decision(row: Row) -> None:
    """Every role at every agency tries; the table's cells are accepted, on the record with the name of
    who decided, and all others are refused for want of the right. [decision rights; B09, B11, C04, C09,
    D03, D09, D15, D22, D23, E01, E10, E12, G01-G03, K01-K06]"""
    accepted: set[tuple[str, str]] = set()
    for actor in PEOPLE:
        if (actor.role, actor.agency) in row.who:
            hub = fresh(row.case)
            hub.say(row.say(actor), row.sender)
            assert actor.person in (as_stored(hub) or "") + repr(hub.facts), f"{actor} is not on record"
            accepted.add((actor.role, actor.agency))
            continue
        refusal = refusal_of(fresh(row.case), row.say(actor), row.sender)
        assert refusal.reason in REASONS_OF_RIGHT, f"{actor}: {refusal.reason}"
        assert refusal.by is not None or row.ids == "D23"
    assert accepted == row.who


@each_row
def test_a_right_is_nobodys_who_is_not_on_the_register_in_this_role_a09(row: Row) -> None:
    """A stranger, and a member of staff in a role that is not theirs. [A09]"""
    role, agency = sorted(row.who)[0]
    stranger = Actor(person="NOBODY-1", role=role, agency=agency)
    pretender = Actor(person=person("supervisor", agency).person, role=role, agency=agency)
    reasons = ("rule_not_the_owners",) * 2 if row.ids == "D23" else ("person_unknown", "role_not_held")
    for actor, reason in zip((stranger, pretender), reasons, strict=True):
        assert refusal_of(fresh(row.case), row.say(actor), row.sender).reason == reason


@each_row
def test_a_right_is_nobodys_whose_agency_has_not_signed_c09_l02(row: Row) -> None:
    """The same people after their agency left the Memorandum. [C09, L02]"""
    for role, agency in sorted(row.who):
        hub = fresh(row.case)
        left = Procedure(partnership_without(agency))
        hub.coordinator = left.coordinator
        reason = refusal_of(hub, row.say(person(role, agency)), row.sender).reason
        assert reason == ("rule_not_the_owners" if row.ids == "D23" else "agency_not_signed")


@cache
def partnership_without(agency: str) -> Partnership:
    return partnership(unsigned=agency)


@pytest.mark.parametrize("agency", EVERYWHERE)
def test_a_worker_answers_and_a_rule_decides_for_the_own_agency_alone_c09_d03_d23(agency: str) -> None:
    """Every agency's own connection tries for the police: their worker reveals, their rule decides, and
    their staff act through it; only the police may. [C09, D03, D23]"""
    sender = f"agency.{agency}"
    for case, said in (
        (directed, answer(None)),
        (directed, answer(person("practitioner", OWNER))),
        (discussed, decide_by_rule(person("decision_maker", OWNER), OWNER)),
        (discussed, decide(release())(person("decision_maker", OWNER))),
    ):
        hub = fresh(case)
        if agency == OWNER:
            hub.say(said, sender)
        else:
            assert refusal_of(hub, said, sender).reason in {"agency_mismatch", "rule_not_the_owners"}
    if agency != OWNER:
        own_rule = decide_by_rule(person("decision_maker", agency), agency)
        hub = fresh(discussed)
        assert refusal_of(hub, own_rule, sender).reason == "rule_not_the_owners"


def test_the_course_of_a_childs_enquiry_cannot_come_from_the_hub_g01_g03() -> None:
    """Not even from a detective at the hub's desk: the message is the teams' alone. [G01, G03]"""
    hub = fresh(issued)
    before = as_stored(hub)
    for actor in (person("detective_sergeant", "police"), person("senior_practitioner", "csc_staffordshire")):
        said = OutcomeReported(package_id=package_id(), by=actor, course=Course.STRATEGY_DISCUSSION)
        with pytest.raises(Unacceptable):
            hub.say(said, "staff")
    assert as_stored(hub) == before


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda one: one.name.replace(" ", "-"))
def test_only_those_whom_the_table_names_decide_on_dials_and_rounds_h03_h04_h07_i01_i08_i10(
    decision: RoundsDecision,
) -> None:
    """The same for what is no case: every role at every agency tries. [H03, H04, H07, I01, I08-I10]"""
    accepted: set[tuple[str, str]] = set()
    for actor in PEOPLE:
        hub = WholeHub(HUB)
        decision.before(hub)
        before, facts = dict(hub.documents), len(hub.facts)
        try:
            hub.say(decision.say(actor), about=decision.about)
        except Refused as refused:
            assert refused.reason in {"role_may_not", "not_childrens_services", "not_of_the_quorum"}, actor
            assert refused.by == actor and refused.remedy
            assert hub.documents == before and len(hub.facts) == facts
        else:
            assert any(fact.by == actor for _, fact in hub.facts), f"{actor} is not on record"
            accepted.add((actor.role, actor.agency))
    assert accepted == decision.who


def test_every_message_that_decides_anything_is_tried_here() -> None:
    """A new message to the hub needs its row. An agency's receipt for its records names no person. [L12]"""
    tried = {type(row.say(PEOPLE[0])) for row in ROWS}
    assert {*RULES, ReferralReceived} - tried == {RecordAcknowledged}
    tried |= {type(decision.say(PEOPLE[0])) for decision in DECISIONS}
    to_the_hub = {d.payload for d in CATALOGUE.values() if Kind.HUB in d.receivers}
    assert {payload for payload in to_the_hub if "by" in payload.model_fields} <= tried
