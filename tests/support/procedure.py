"""One case of the coordinator under test, spoken to in messages and in hub time.

What it stands on is decided elsewhere: see `tests.support.grounds`.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from agents.coordinator import teams
from agents.coordinator.case import Case
from agents.coordinator.cases import case_id_for
from agents.coordinator.elements import Element
from agents.deciding import Fact, Sending
from agents.partnership import Partnership
from messages.checks import Answer, CheckAnswered, ElementRevealed, SourceRecord
from messages.dial import DialReceived
from messages.disclosure import Decision, DisclosureDecided, DiscussionRecorded, Needed
from messages.hate_crime import HateCrime, HateStrand
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.package import AssessmentMade, PackageAgreed, PackageIssued
from messages.referral import Belief, PersonConcerned, ProfessionalJudgement, ReferralReceived
from messages.words import (
    Actor,
    AnswerState,
    Category,
    Choice,
    Course,
    ElementChoice,
    FiveTests,
    Harm,
    Mode,
    OwnersRule,
    Part,
    Rag,
    Rationale,
    RiskFlag,
    Said,
    Sanitised,
)

from messages.confidential import Confidential  # isort: skip
from tests.support.grounds import whole_hub
from tests.support.hub_by_rules import HubByRules
from tests.support.whole_hub import KEYS as KEYS
from tests.support.whole_hub import PARTNERSHIP as PARTNERSHIP
from tests.support.whole_hub import TUESDAY

MONDAY = datetime(2012, 3, 5, 9, 0, tzinfo=UTC)

ADULTS_SENIOR_PRACTITIONER = Actor(person="ASS-SP-01", role="senior_practitioner", agency="asc_staffordshire")
SENIOR_PRACTITIONER = Actor(person="CSS-SP-01", role="senior_practitioner", agency="csc_staffordshire")
SERGEANT = Actor(person="POL-SGT-01", role="police_sergeant", agency="police")
MANAGER = Actor(person="MASH-MGR-01", role="mash_manager", agency="csc_staffordshire")
PRACTITIONER = Actor(person="CSS-PR-01", role="practitioner", agency="csc_staffordshire")

CHILDRENS_TEAM = "team.children_social_work_staffordshire"
POLICE_TEAM = "team.police_child_abuse_investigation"
WORKER = Actor(person="CSS-SW-01", role="social_worker", agency="csc_staffordshire")
DETECTIVE = Actor(person="POL-DS-01", role="detective_sergeant", agency="police")

_Payload = TypeVar("_Payload", bound=Said)


def secret(text: str) -> Confidential:
    return Confidential(text)


def decision_maker(agency: str) -> Actor:
    return _of(agency, "decision_maker", "DM-01")


def line_manager(agency: str) -> Actor:
    return _of(agency, "line_manager", "LM-01")


def controller(agency: str) -> Actor:
    return _of(agency, "data_controller", "DC-01")


def panel_member(agency: str) -> Actor:
    return _of(agency, PARTNERSHIP.agencies[agency].panel_roles[0], "PNL-01")


def _of(agency: str, role: str, suffix: str) -> Actor:
    person = next(s.person for s in PARTNERSHIP.staff if s.agency == agency and s.person.endswith(suffix))
    return Actor(person=person, role=role, agency=agency)


def why() -> Rationale:
    return Rationale(
        reason=secret("because of the referral"),
        proportionality=secret("the least that serves"),
        early_risk=secret("seen early"),
        timeliness=secret("in time"),
        coordination=secret("with police and health"),
    )


def judged() -> ProfessionalJudgement:
    """A practitioner brings a case below the threshold. [B09]"""
    return ProfessionalJudgement(by=PRACTITIONER, rationale=secret("I have known the family for years"))


def disability_hate_crime() -> HateCrime:
    """What a referral of a disability hate crime says besides. [I02]"""
    return HateCrime(strands=(HateStrand.DISABILITY,), vulnerable_person=True)


def child(person_id: str = "p1") -> PersonConcerned:
    return PersonConcerned(
        person_id=person_id,
        part=Part.CHILD,
        given_name=secret("Tilly"),
        family_name=secret("Thornquist"),
        date_of_birth=secret("2005-04-01"),
        address=secret("1 Nowhere Lane, Stone, ZZ9 1AA"),
    )


def adult(person_id: str = "p1") -> PersonConcerned:
    return child(person_id).model_copy(update={"part": Part.VULNERABLE_ADULT})


def referral(**changes: object) -> ReferralReceived:
    """A child protection referral by First Response that the live cohort takes, unless changed."""
    said = {
        "referral_id": "R-1",
        "source": "first_response",
        "category": Category.CHILD_PROTECTION,
        "made_at": MONDAY,
        "authority": "staffordshire",
        "people": (child(),),
        "concern": secret("bruises seen at school"),
        "section_47_belief": Belief(by=PRACTITIONER, why=secret("injuries unexplained")),
    }
    return ReferralReceived.model_validate({**said, **changes})


def dial() -> DialReceived:
    """Of an incident at night in which a Staffordshire child was there."""
    return DialReceived(
        dial_id="DIAL-1",
        source="police_cru",
        incident_at=TUESDAY - timedelta(hours=6),
        authority="staffordshire",
        children_of=("staffordshire",),
        people=(child(),),
        account=secret("shouting heard"),
    )


def tests() -> FiveTests:
    return FiveTests(
        relevance=secret("about this child"),
        necessity=secret("the team cannot act without"),
        justification=secret("protects the child"),
        proportionality=secret("only what is needed"),
        why=secret("the risk outweighs the harm"),
    )


OF_CHILDREN = {"legal_basis": "children_act_2004", "purpose": "safeguarding_children"}
OF_ADULTS = {"legal_basis": "no_secrets_2000", "purpose": "safeguarding_adults"}
"""What the law and the purpose of a case are."""


def release(**changes: object) -> ElementChoice:
    said = {"choice": Choice.RELEASE, "tests": tests(), **OF_CHILDREN}
    return ElementChoice.model_validate({**said, **changes})


def sanitised(text: str, **changes: object) -> ElementChoice:
    said = {
        "choice": Choice.RELEASE_SANITISED,
        "harm": Harm(
            categories=(RiskFlag.SOURCE_AT_RISK,), considered=secret("the neighbour would be found")
        ),
        "sanitised": Sanitised(text=secret(text), transforms=("source_removed",), author="POL-DM-01"),
    }
    return release(**{**said, **changes})


def withhold(reason: str = "an operation is under way") -> ElementChoice:
    return ElementChoice(choice=Choice.WITHHOLD, reason=secret(reason))


def element(element_id: str, owner: str, text: str = "known to us", **changes: object) -> ElementRevealed:
    said = {
        "element_id": element_id,
        "about": ("p1",),
        "kind": "history",
        "owner": owner,
        "marking": "restricted",
        "text": secret(text),
        "record": SourceRecord(document=f"doc-{element_id}", digest="a" * 64, span=(0, 10)),
    }
    return ElementRevealed.model_validate({**said, **changes})


class Procedure:
    """One case, from its referral on. What the hub says and records of anything else is left out."""

    def __init__(self, partnership: Partnership = PARTNERSHIP, start: datetime = MONDAY) -> None:
        self.whole = whole_hub(partnership, start)
        self._key: str | None = None

    @property
    def partnership(self) -> Partnership:
        return self.whole.partnership

    @property
    def now(self) -> datetime:
        return self.whole.now

    @property
    def opened(self) -> bool:
        return self._key in self.whole.documents

    @property
    def case(self) -> Case:
        found = self.whole.documents[self._key or ""]
        assert isinstance(found, Case)
        return found

    @property
    def senior_practitioner(self) -> Actor:
        """Of the service that the case concerns. [B11, G02]"""
        of_a_child = "child" in teams.concerns(self.case)
        return SENIOR_PRACTITIONER if of_a_child else ADULTS_SENIOR_PRACTITIONER

    @property
    def sent(self) -> list[Sending]:
        return self._of_the_case(0)

    @property
    def facts(self) -> list[Fact]:
        return [fact for key, fact in self.whole.facts if key == self._key]

    @property
    def due(self) -> datetime | None:
        return self.whole.due(self.case.case_id)

    def say(self, payload: Said, sender: str = "staff") -> list[Sending]:
        """Deliver a message now; returns what goes out. Raises `agents.deciding.Refused`."""
        if isinstance(payload, ReferralReceived) and not self.opened:
            self._key = case_id_for(payload.source, payload.referral_id)
        before = len(self.whole.said)
        self.whole.deliver(payload, sender, self._key or case_id_for("first_response", "R-1"))
        return self._of_the_case(before)

    def wait(self, length: timedelta) -> list[Sending]:
        """Let time pass; every due time on the way fires at its moment."""
        before = len(self.whole.said)
        self.whole.pass_time(self.now + length)
        return self._of_the_case(before)

    def as_it_stands(self) -> Procedure:
        """The same case in the same state, with nothing said or recorded: by rules only."""
        assert isinstance(self.whole, HubByRules)
        other = copy.copy(self)
        other.whole = self.whole.as_it_stands()
        return other

    def _of_the_case(self, since: int) -> list[Sending]:
        return [sending for key, sending in self.whole.said[since:] if key == self._key]

    # The ordinary course, a step at a time.

    def refer(self, **changes: object) -> list[Sending]:
        said = referral(**{"made_at": self.now, **changes})
        return self.say(said, f"source.{said.source}")

    def threshold_met(self) -> None:
        self.say(ThresholdDecided(by=self.senior_practitioner, met=True, rationale=why()))

    def rate(self, rag: Rag, by: Actor = MANAGER, **changes: object) -> list[Sending]:
        said = {"by": by, "rag": rag, "rationale": why()}
        return self.say(RiskRated.model_validate({**said, **changes}))

    def direct(self, *also_ask: str, by: Actor | None = None) -> list[Sending]:
        grounds = OF_ADULTS if self.case.category is Category.ADULT_PROTECTION else OF_CHILDREN
        return self.say(
            EnquiryDirected(
                by=by or self.senior_practitioner,
                purpose=grounds["purpose"],
                legal_basis=grounds["legal_basis"],
                rationale=why(),
                also_ask=also_ask,
            )
        )

    def until_directed(self, rag: Rag = Rag.AMBER, *also_ask: str, **changes: object) -> list[Sending]:
        self.refer(**changes)
        self.threshold_met()
        self.rate(rag)
        return self.direct(*also_ask)

    def answer(self, agency: str, *elements: ElementRevealed, state: Answer | None = None) -> list[Sending]:
        check = next(c for c in reversed(self.case.checks) if c.agency == agency)
        return self.say(
            CheckAnswered(
                request_id=check.request_id,
                agency=agency,
                state=state or (AnswerState.FOUND if elements else AnswerState.NOTHING_FOUND),
                elements=elements,
            ),
            f"agency.{agency}",
        )

    def nothing_from(self, *agencies: str) -> None:
        for agency in agencies:
            self.answer(agency)

    def discuss(self, *element_ids: str, discussion_id: str = "D-1") -> list[Sending]:
        return self.say(
            DiscussionRecorded(
                by=SENIOR_PRACTITIONER,
                discussion_id=discussion_id,
                elements=element_ids,
                participants=(SENIOR_PRACTITIONER, SERGEANT),
                mode=Mode.FACE_TO_FACE,
                summary=secret("relevant to the injuries"),
                needed=tuple(Needed(element_id=e, why=secret("to weigh the risk")) for e in element_ids),
            )
        )

    def decide(
        self, element_id: str, choice: ElementChoice, by: Actor | None = None, rule: OwnersRule | None = None
    ) -> list[Sending]:
        found = self.element(element_id)
        if by is None and rule is None:
            by = decision_maker(found.owner)
        return self.say(
            DisclosureDecided(
                by=by,
                rule=rule,
                discussion_id=found.discussion_id or "D-none",
                decisions=(Decision(element_id=element_id, choice=choice),),
            ),
            f"agency.{rule.agency}" if rule else "staff",
        )

    def assess(self) -> None:
        self.say(
            AssessmentMade(
                by=self.senior_practitioner,
                suggested_course=Course.STRATEGY_DISCUSSION,
                rationale=why(),
            )
        )

    def agree(self, if_incomplete: str = "wait", by: Actor = MANAGER) -> list[Sending]:
        said = {"by": by, "if_incomplete": if_incomplete, "rationale": why()}
        return self.say(PackageAgreed.model_validate(said))

    def element(self, element_id: str) -> Element:
        found = self.case.element(element_id)
        assert found is not None
        return found


def of_type(sent: list[Sending], payload: type[_Payload]) -> list[_Payload]:
    """The payloads of one type among what was sent."""
    return [s.payload for s in sent if isinstance(s.payload, payload)]


def one_package(sent: list[Sending]) -> PackageIssued:
    """The package, which every team gets alike."""
    packages = of_type(sent, PackageIssued)
    assert packages and len({p.sha256 for p in packages}) == 1
    return packages[0]


CORE_CHILD = ("police", "education", "primary_care", "csc_staffordshire")
"""Who is asked about a Staffordshire child. [C01, C03]"""
