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

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from agents.coordinator.cases import RULES
from agents.deciding import Refused
from agents.partnership import Partnership
from messages.adults import AdultThresholdSigned
from messages.catalogue import CATALOGUE, Kind
from messages.concern import ConcernSanitised
from messages.escalation import (
    ControllerDecided,
)
from messages.intake import ReferralHandedOver, ThresholdDecided
from messages.package import (
    AssessmentMade,
    InformationRequested,
    OutcomeReported,
    PackageAcknowledged,
    RecordAcknowledged,
)
from messages.referral import Belief, ProfessionalJudgement, ReferralReceived
from messages.refusal import Unacceptable
from messages.words import (
    Actor,
    Choice,
    Course,
    Said,
    Sanitised,
)
from tests.support import adult_pathway
from tests.support.grounds import whole_hub
from tests.support.procedure import (
    CHILDRENS_TEAM,
    OF_ADULTS,
    POLICE_TEAM,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
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
from tests.support.rights_people import (
    ADULTS,
    ANY_MANAGER,
    CHILDREN,
    CHILDRENS_SOCIAL_WORKERS,
    DETECTIVES,
    EVERYWHERE,
    HUB,
    IN_THE_HUB,
    MANAGER_FOR_ADULT,
    MANAGER_FOR_CHILD,
    OWNER,
    OWNERS_DECISION,
    PANEL,
    PEOPLE,
    PRACTITIONERS,
    REASONS_OF_RIGHT,
    REQUESTER,
    SENIOR_OR_SERGEANT_FOR_ADULT,
    SENIOR_OR_SERGEANT_FOR_CHILD,
    STAFF,
    May,
    may,
    partnership,
    person,
)
from tests.support.rights_tries import (
    BOTH_SIGNATORIES,
    SIGNATORIES,
    TWO_SIDES,
    a_breach,
    a_call,
    a_discussion,
    a_hate_crime_checked,
    advise,
    agree,
    an_adults_case,
    an_adults_case_assessed,
    an_adults_case_directed,
    an_adults_case_discussed,
    an_adults_case_planned,
    an_adults_case_referred,
    an_adults_threshold_met,
    an_exploited_childs_case,
    answer,
    assessed,
    complete,
    complete_exploitation,
    confirm,
    convene,
    decide,
    decide_by_rule,
    direct,
    directed,
    discussed,
    dispute,
    disputed,
    ends,
    issued,
    manage,
    managers_agreed,
    managers_failed,
    package_id,
    panel_agreed,
    panel_called,
    panel_disagreed,
    panel_says,
    past_its_retention,
    permission_asked,
    permit,
    prepared,
    purge,
    rate,
    rated,
    redirected,
    referred,
    respond,
    revealed,
    silent,
    some_time_ago,
    stay_purge,
    with_the_other,
    with_threshold,
    withheld,
)

pytestmark = pytest.mark.by_rules
"""Thousands of tries, each on a case played before. [A09]"""


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
        SENIOR_OR_SERGEANT_FOR_CHILD,
    ),
    Row(
        "threshold about an adult",
        "B11 G3.1",
        an_adults_case_referred,
        lambda by: ThresholdDecided(by=by, met=True, rationale=why()),
        SENIOR_OR_SERGEANT_FOR_ADULT,
    ),
    Row(
        "threshold not met",
        "B11 B12",
        referred,
        lambda by: ThresholdDecided(by=by, met=False, rationale=why(), redirect_to="housing"),
        SENIOR_OR_SERGEANT_FOR_CHILD,
    ),
    Row(
        "no further action",
        "A07 B11",
        referred,
        lambda by: ThresholdDecided(by=by, met=False, rationale=why(), no_further_action=True),
        SENIOR_OR_SERGEANT_FOR_CHILD,
    ),
    Row(
        "confirm that a redirected referral was handed over",
        "B12",
        redirected,
        lambda by: ReferralHandedOver(agency="housing", by=by),
        ANY_MANAGER | may("practitioner", "advanced_practitioner", "duty_worker"),
    ),
    Row("direct the checks", "B11", rated, direct, SENIOR_OR_SERGEANT_FOR_CHILD),
    Row(
        "direct one more agency of the hub",
        "B11",
        directed,
        lambda by: direct(by, "asc_staffordshire"),
        SENIOR_OR_SERGEANT_FOR_CHILD,
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
        lambda by: direct(by, "housing", grounds=OF_ADULTS),
        MANAGER_FOR_ADULT,
    ),
    Row(
        "direct the checks and ask outside the hub at once",
        "B11 C04",
        rated,
        lambda by: direct(by, "housing"),
        SENIOR_OR_SERGEANT_FOR_CHILD,
    ),
    Row("partial package", "E12", assessed, agree, MANAGER_FOR_CHILD),
    Row("partial package about an adult", "E12", an_adults_case_assessed, agree, MANAGER_FOR_ADULT),
    Row("end a case although somebody is silent", "A07 C06", silent, ends, MANAGER_FOR_CHILD),
    Row("end a case without further action", "A07", complete, ends, MANAGER_FOR_CHILD),
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
    # Dispute a decision: not the owner, who changes its own decision instead, nor Stoke-on-Trent's children's
    # services, which are off the hub in cases of child protection. [B10, G3.15]
    Row(
        "dispute",
        "D22 K01",
        withheld,
        dispute,
        may(*STAFF, at=tuple(a for a in IN_THE_HUB if a not in (OWNER, "csc_stoke"))),
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
        "confirm as the other side's line manager",
        "K01",
        managers_agreed,
        confirm,
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
        "confirm as the other side of the panel",
        "K03",
        panel_agreed,
        confirm,
        frozenset({(TWO_SIDES[1].role, TWO_SIDES[1].agency)}),
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
        may("senior_practitioner", at=CHILDREN) | may("mash_manager"),
    ),
    Row(
        "assessment about an adult",
        "G02 G3.13",
        an_adults_case_directed,
        lambda by: AssessmentMade(by=by, suggested_course=Course.JOINT_INVESTIGATION, rationale=why()),
        may("senior_practitioner", at=ADULTS) | may("mash_manager"),
    ),
    Row(
        "the concern in other words",
        "D13",
        directed,
        lambda by: ConcernSanitised(
            by=by,
            sanitised=Sanitised(text=secret("hurt"), transforms=("source_removed",), author=SERGEANT.person),
            rationale=why(),
        ),
        may("senior_practitioner", "police_sergeant", "mash_manager"),
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
        CHILDRENS_SOCIAL_WORKERS,
        sender=CHILDRENS_TEAM,
    ),
    Row(
        "course of the enquiry of the police",
        "G01 G03",
        issued,
        lambda by: OutcomeReported(package_id=package_id(), by=by, course=Course.STRATEGY_DISCUSSION),
        DETECTIVES,
        sender=POLICE_TEAM,
    ),
    Row(
        "acknowledge the package",
        "D19",
        issued,
        lambda by: PackageAcknowledged(package_id=package_id(), by=by),
        CHILDRENS_SOCIAL_WORKERS,
        sender=CHILDRENS_TEAM,
    ),
    Row(
        "task back",
        "D20",
        issued,
        lambda by: InformationRequested(
            request_id="T-1", package_id=package_id(), by=by, question=secret("more?"), why=secret("news")
        ),
        CHILDRENS_SOCIAL_WORKERS,
        sender=CHILDRENS_TEAM,
    ),
    # Supervision, breaches, and the end of a case's content.
    Row("supervision call recorded", "J02 J03", some_time_ago, a_call, may(*STAFF)),
    Row(
        "report a breach",
        "J07 L10",
        referred,
        a_breach,
        may(*STAFF, "line_manager", "data_controller", "data_protection_champion"),
    ),
    Row("purge", "L09", past_its_retention, purge, may("data_protection_champion")),
    Row("stay a purge", "L09", past_its_retention, stay_purge, may("data_protection_champion")),
)
TAKEN_ALL_THE_SAME = frozenset({"belief that section 47 is met"})
"""What the register holds against somebody turns no referral away: see `test_turned_away`. [A12, B08]"""

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-").replace("'", ""))
each_claimed_row = pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.name not in TAKEN_ALL_THE_SAME],
    ids=lambda row: row.name.replace(" ", "-").replace("'", ""),
)


def fresh(case: Callable[[], Procedure]) -> Procedure:
    """The case as it was played, with nothing said since."""
    return prepared(case).as_it_stands()


def as_stored(hub: Procedure) -> str | None:
    return hub.whole.coordinator.dump(hub.case) if hub.opened else None


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


@each_claimed_row
def test_a_right_is_nobodys_who_is_not_on_the_register_in_this_role_a09(row: Row) -> None:
    """A stranger, and a member of staff in a role that is not theirs. [A09]"""
    role, agency = sorted(row.who)[0]
    stranger = Actor(person="NOBODY-1", role=role, agency=agency)
    pretender = Actor(person=person("supervisor", agency).person, role=role, agency=agency)
    reasons = ("rule_not_the_owners",) * 2 if row.ids == "D23" else ("person_unknown", "role_not_held")
    for actor, reason in zip((stranger, pretender), reasons, strict=True):
        assert refusal_of(fresh(row.case), row.say(actor), row.sender).reason == reason


@each_claimed_row
def test_a_right_is_nobodys_whose_agency_has_not_signed_c09_l02(row: Row) -> None:
    """The same people after their agency left the Memorandum. [C09, L02]"""
    for role, agency in sorted(row.who):
        hub = fresh(row.case)
        hub.whole.under(partnership_without(agency))
        reason = refusal_of(hub, row.say(person(role, agency)), row.sender).reason
        assert reason == ("rule_not_the_owners" if row.ids == "D23" else "agency_not_signed")


@cache
def partnership_without(agency: str) -> Partnership:
    return partnership(unsigned=agency)


UNVETTED_MAY = {
    "belief that section 47 is met",
    "reveal",
    "course of the enquiry",
    "course of the enquiry of the police",
    "acknowledge the package",
    "task back",
    "report a breach",
}
"""A breach is reported by whoever sees it; the others are what a partner's own staff do with what they know,
in their own system or for a field team."""


@each_row
def test_whoever_handles_material_in_the_hub_is_vetted_when_deciding_l04_d02(row: Row) -> None:
    """The same people after their vetting ran out. [L04, M2.10]"""
    for role, agency in sorted(row.who):
        hub = fresh(row.case)
        hub.whole.under(partnership_unvetted(person(role, agency)))
        said = row.say(person(role, agency))
        if row.name in UNVETTED_MAY or row.ids == "D23":  # that a rule was approved is long past
            hub.say(said, row.sender)
        else:
            refusal = refusal_of(hub, said, row.sender)
            assert (refusal.reason, refusal.by) == ("vetting_expired", person(role, agency))


@cache
def partnership_unvetted(unvetted: Actor) -> Partnership:
    return partnership(unvetted=unvetted)


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
        hub = whole_hub(HUB)
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


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda one: one.name.replace(" ", "-"))
def test_who_decides_on_dials_and_rounds_is_vetted_l04_d02(decision: RoundsDecision) -> None:
    """The same people after their vetting ran out. [L04, M2.10]"""
    for role, agency in sorted(decision.who):
        hub = whole_hub(HUB)
        decision.before(hub)
        hub.under(partnership_unvetted(person(role, agency)))
        with pytest.raises(Refused, match="vetting_expired"):
            hub.say(decision.say(person(role, agency)), about=decision.about)


def test_every_message_that_decides_anything_is_tried_here() -> None:
    """A new message to the hub needs its row. An agency's receipt for its records names no person. [L12]"""
    tried = {type(row.say(PEOPLE[0])) for row in (*ROWS, *DECISIONS)}
    assert {*RULES, ReferralReceived} - tried == {RecordAcknowledged}
    tried |= {type(decision.say(PEOPLE[0])) for decision in DECISIONS}
    to_the_hub = {d.payload for d in CATALOGUE.values() if Kind.HUB in d.receivers}
    assert {payload for payload in to_the_hub if "by" in payload.model_fields} <= tried
