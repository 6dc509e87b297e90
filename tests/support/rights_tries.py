"""The cases on which decisions are tried, and how each is said by whoever tries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache

from messages.checks import CheckAnswered
from messages.child_sexual_exploitation import AdviceRecorded, CseReferralCompleted
from messages.disclosure import Decision, DisclosureDecided, DiscussionRecorded, Needed, PermissionDecided
from messages.escalation import (
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    ManagementActed,
    SettlementConfirmed,
    View,
)
from messages.governance import (
    BreachReported,
    CasePurgeRequested,
    CaseStayDecided,
    PartnerConsulted,
    SupervisionRecorded,
    SupervisorCalled,
)
from messages.hate_crime import HateResponseDecided
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.package import (
    CaseEnded,
    OutcomeReported,
    PackageAgreed,
)
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
from tests.support.hub_by_rules import HubByRules
from tests.support.procedure import (
    CHILDRENS_TEAM,
    CORE_CHILD,
    MONDAY,
    OF_CHILDREN,
    POLICE_TEAM,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    adult,
    disability_hate_crime,
    element,
    line_manager,
    release,
    secret,
    why,
    withhold,
)
from tests.support.rights_people import (
    HUB,
    OWNER,
    REQUESTER,
    person,
)

# Cases on which the decisions are tried. Each is played once; every try starts from a copy.


def referred() -> Procedure:
    hub = Procedure(HUB)
    hub.refer()
    return hub


def some_time_ago() -> Procedure:
    hub = referred()
    hub.wait(timedelta(minutes=20))
    return hub


def with_threshold() -> Procedure:
    hub = referred()
    hub.threshold_met()
    return hub


def an_adults_case_referred() -> Procedure:
    hub = Procedure(HUB)
    hub.refer(
        category=Category.ADULT_PROTECTION,
        source="staffordshire_adult_contact",
        people=(adult(),),
        section_47_belief=None,
    )
    return hub


def an_adults_case() -> Procedure:
    hub = an_adults_case_referred()
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


def redirected() -> Procedure:
    hub = referred()
    said = ThresholdDecided(by=SERGEANT, met=False, rationale=why(), redirect_to="housing")
    hub.say(said)
    return hub


def silent() -> Procedure:
    """Both teams have reported, and education has not answered."""
    hub = assessed()
    hub.nothing_from(*(agency for agency in CORE_CHILD if agency != "education"))
    hub.agree("partial_at_due", by=SERGEANT)
    hub.wait(timedelta(hours=24))
    _both_report(hub)
    return hub


def ends(by: Actor) -> Said:
    return CaseEnded(by=by, rationale=why())


def past_its_retention() -> Procedure:
    """Both teams investigated and reported, and the longest rule of theirs has run out."""
    hub = issued()
    _both_report(hub)
    hub.wait(timedelta(days=60))
    # Daily rounds are all that comes due in the seventy-six years after that.
    assert isinstance(hub.whole, HubByRules) and hub.whole.due(hub.case.case_id) is None
    hub.whole.show(hub.now + timedelta(days=76 * 366))
    return hub


def _both_report(hub: Procedure) -> None:
    for team, by in (
        (CHILDRENS_TEAM, person("social_worker", "csc_staffordshire")),
        (POLICE_TEAM, person("detective_sergeant", "police")),
    ):
        said = OutcomeReported(
            package_id=hub.case.packages[0].package_id, by=by, course=Course.JOINT_INVESTIGATION
        )
        hub.say(said, team)


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


def managers_agreed() -> Procedure:
    """As the owner's manager recorded it; the other side's has not said so yet."""
    hub = disputed()
    hub.say(manage(person("line_manager", OWNER), person("line_manager", REQUESTER), release()))
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


def panel_agreed() -> Procedure:
    """As the owner's member recorded it; the other side's has not said so yet."""
    hub = panel_called()
    hub.say(panel_says(TWO_SIDES[0], release()))
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


def direct(by: Actor, *also_ask: str, grounds: Mapping[str, str] = OF_CHILDREN) -> Said:
    return EnquiryDirected(
        by=by,
        purpose=grounds["purpose"],
        legal_basis=grounds["legal_basis"],
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


def manage(by: Actor, other_side: Actor, outcome: ElementChoice | None = None) -> Said:
    return ManagementActed(
        by=by,
        other_side=other_side,
        dispute_id="X-1",
        settled=outcome is not None,
        outcome=outcome,
        reason=secret("talked over"),
    )


def convene(by: Actor, *panel: Actor) -> Said:
    return EscalationConvened(by=by, dispute_id="X-1", panel=panel, mode=Mode.FACE_TO_FACE)


def confirm(by: Actor) -> Said:
    return SettlementConfirmed(by=by, dispute_id="X-1")


def panel_says(by: Actor, outcome: ElementChoice | None) -> Said:
    present = dict.fromkeys((*TWO_SIDES, by))
    return EscalationDecided(
        by=by,
        dispute_id="X-1",
        mode=Mode.FACE_TO_FACE,
        views=tuple(View(actor=actor, position=Choice.RELEASE, view=secret("heard")) for actor in present),
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
        supervisor=SupervisorCalled(person=f"{by.agency}-SUP", agency=by.agency),
        called_at=MONDAY + timedelta(minutes=15),
        ground="unable_to_decide",
        consulted=(PartnerConsulted(agency=partner, at=MONDAY + timedelta(minutes=5)),),
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
    return CasePurgeRequested(by=by)


def stay_purge(by: Actor) -> Said:
    return CaseStayDecided(by=by, ground="inquest", stay=True)


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


@cache
def prepared(case: Callable[[], Procedure]) -> Procedure:
    return case()
