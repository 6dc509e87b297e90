"""What else the hub does: DIALs, missing people, adults, hate crime, exploitation, supervision, breaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from agents.coordinator.incoming import key_for
from messages.adults import (
    AdultRouteDecided,
    AdultStrategyRecorded,
    AdultThresholdSigned,
    InvestigationPlanRecorded,
)
from messages.checks import CheckAnswered, ElementRevealed
from messages.child_sexual_exploitation import AdviceRecorded, CseReferralCompleted
from messages.concern import ConcernSanitised
from messages.confidential import Confidential
from messages.dial import AtTheScene, DialAlerted, DialCheckRecorded, DialHistoryRecorded, DialReceived
from messages.governance import BreachReported, PartnerConsulted, SupervisionRecorded, SupervisorCalled
from messages.hate_crime import HateResponseDecided
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.missing import MissingChildFlagged, MissingReported
from messages.package import AssessmentMade
from messages.referral import NativeForm, PersonConcerned
from messages.words import Actor, AnswerState, Category, Course, Mode, Part, Rag, Sanitised
from tests.support.adult_pathway import PAIR
from tests.support.hub_system import HubSystem
from tests.support.leaks.acts import Acts
from tests.support.procedure import (
    MANAGER,
    OF_ADULTS,
    OF_CHILDREN,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    SERGEANT,
    disability_hate_crime,
    element,
    referral,
)

RESEARCHER = Actor(person="POL-RES-01", role="police_researcher", agency="police")
MISPER = Actor(person="POL-MPC-01", role="misper_coordinator", agency="police")


class OtherWork(Acts):
    """All of it, a piece of work after the other, each text with a word of its own."""

    def __init__(self, hub: HubSystem) -> None:
        super().__init__(hub)
        self.cases: dict[str, str] = {}

    async def run(self) -> None:
        await self.hub.start_hub()
        await self._dial()
        await self._missing()
        await self._adult()
        await self._hate_crime()
        await self._exploitation()
        await self.hub.until_settled()

    def person(self, what: str, part: Part = Part.CHILD, **changes: Any) -> PersonConcerned:
        return PersonConcerned(
            **{
                "person_id": "p1",
                "part": part,
                "given_name": self._name(f"{what}: given name"),
                "family_name": self._name(f"{what}: surname"),
                "address": self.text(f"{what}: home"),
                **changes,
            }
        )

    def _name(self, label: str) -> Confidential:
        return Confidential(self.words.word(label))

    async def _dial(self) -> None:
        now = self.hub.clock.now()
        self.case = key_for("D-", "police_cru", "DIAL-1")
        await self.say(
            DialReceived(
                dial_id="DIAL-1",
                source="police_cru",
                incident_at=now - timedelta(hours=6),
                authority="staffordshire",
                children_of=("staffordshire",),
                people=(self.person("DIAL"),),
                account=self.text("DIAL: account"),
                at_the_scene=AtTheScene(
                    officer="PC-4711",
                    at=now - timedelta(hours=6),
                    imminent_threat=True,
                    action="victims_moved_to_safety",
                    what=self.text("DIAL: at the scene"),
                ),
                form=NativeForm(form="dial", media_type="text/plain", document=self.text("DIAL: form")),
            ),
            "source.police_cru",
        )
        await self.say(DialHistoryRecorded(by=RESEARCHER, known=True, history=self.text("DIAL: history")))
        await self.say(DialCheckRecorded(by=PRACTITIONER, known=True, findings=self.text("DIAL: findings")))
        await self.say(
            DialAlerted(by=RESEARCHER, rag=Rag.RED, action="visit_at_once", rationale=self.why("DIAL: alert"))
        )
        self.cases["DIAL"] = self.case

    async def _missing(self) -> None:
        self.case = key_for("M-", "police_cru", "mp-1")
        await self.say(
            MissingReported(
                report_id="1",
                source="police_cru",
                person_ref="mp-1",
                reported_at=self.hub.clock.now(),
                authority="staffordshire",
                person=self.person("missing"),
                circumstances=self.text("missing: circumstances"),
            ),
            "source.police_cru",
        )
        await self.say(MissingChildFlagged(by=MISPER, rationale=self.why("missing: flagged")))
        self.cases["missing"] = self.case

    async def _adult(self) -> None:
        form = NativeForm(form="ap1", media_type="text/plain", document=self.text("adult: AP1"))
        await self._until_answered(
            "adult",
            source="staffordshire_adult_contact",
            category=Category.ADULT_PROTECTION,
            section_47_belief=None,
            people=(self.person("adult", Part.VULNERABLE_ADULT),),
            form=form,
        )
        one, other = PAIR
        for by in PAIR:
            await self.say(AdultThresholdSigned(by=by, met=True, rationale=self.why(f"adult: {by.agency}")))
        both = {"by": one, "other_signatory": other}
        summary, plan = self.text("adult: strategy"), self.text("adult: plan")
        await self.say(AdultStrategyRecorded(**both, mode=Mode.FACE_TO_FACE, summary=summary))
        await self.say(InvestigationPlanRecorded(**both, mode=Mode.FACE_TO_FACE, plan=plan))
        await self.say(AdultRouteDecided(**both, complex=False, rationale=self.why("adult: route")))
        await self.agree("adult: agreement")

    async def _hate_crime(self) -> None:
        await self._until_answered(
            "hate crime",
            source="police_cru",
            category=Category.HATE_CRIME,
            section_47_belief=None,
            people=(self.person("hate crime", Part.VULNERABLE_ADULT),),
            hate_crime=disability_hate_crime(),
        )
        await self.say(
            HateResponseDecided(
                by=self._of_role("public_protection_coordinator"),
                adult_social_care=Actor(
                    person=self._with_role("senior_practitioner", "asc_staffordshire"),
                    role="senior_practitioner",
                    agency="asc_staffordshire",
                ),
                level="joint_response",
                rationale=self.why("hate crime: response"),
            )
        )
        await self.agree("hate crime: agreement")

    async def _exploitation(self) -> None:
        """The concern has the words of a source, so that another leaves in its place."""
        await self._until_answered(
            "exploitation",
            source="first_response",
            category=Category.CHILD_SEXUAL_EXPLOITATION,
            people=(
                self.person("exploitation"),
                self.person("referrer", Part.REFERRER, person_id="p9", may_be_named=False),
            ),
            source_word=self.words.word("exploitation: source"),
        )
        consulted = self.hub.clock.now()
        words = Sanitised(
            text=self.text("exploitation: concern in other words"),
            transforms=("source_removed",),
            author="CSS-SP-01",
        )
        why = self.why("exploitation: why in other words")
        await self.say(ConcernSanitised(by=SENIOR_PRACTITIONER, sanitised=words, rationale=why))
        await self.say(
            CseReferralCompleted(
                by=PRACTITIONER,
                senior_practitioner=SENIOR_PRACTITIONER,
                rationale=self.why("exploitation: completed"),
            )
        )
        officer = self._of_role("exploitation_officer")
        advice = self.text("exploitation: advice")
        await self.say(AdviceRecorded(by=officer, advised=(PRACTITIONER,), topic="spotting", advice=advice))
        supervisors = self.hub.partnership.supervisors
        called = next(s for s in supervisors if s.agency == SENIOR_PRACTITIONER.agency)
        await self.say(
            SupervisionRecorded(
                by=SENIOR_PRACTITIONER,
                call_id="S-1",
                supervisor=SupervisorCalled(person=called.person, agency=called.agency),
                called_at=self.hub.clock.now(),
                ground="unable_to_decide",
                consulted=(PartnerConsulted(agency="police", at=consulted),),
                outcome="advice_given",
            )
        )
        await self.say(
            BreachReported(
                by=SENIOR_PRACTITIONER,
                report_id="B-1",
                person="POL-SGT-01",
                agency="police",
                kind="other",
                account=self.text("exploitation: breach"),
            )
        )
        await self.agree("exploitation: agreement")

    async def _until_answered(self, what: str, *, source_word: str | None = None, **said: Any) -> None:
        """Referred, taken, rated RED, directed, answered with nothing but by police, decided and assessed."""
        concern = self.text(f"{what}: concern")
        if source_word is not None:
            concern = Confidential(f"{concern.reveal()} {source_word} said so.")
        said = {**said, "referral_id": f"R-{len(self.cases) + 1}", "concern": concern}
        self.case = self.cases[what] = await self.hub.refer(referral(**said))
        await self.say(ThresholdDecided(by=SERGEANT, met=True, rationale=self.why(f"{what}: threshold")))
        await self.say(RiskRated(by=SERGEANT, rag=Rag.AMBER, rationale=self.why(f"{what}: rating")))
        of_an_adult = (await self.hub.case(self.case)).category is Category.ADULT_PROTECTION
        grounds = OF_ADULTS if of_an_adult else OF_CHILDREN
        await self.say(
            EnquiryDirected(
                by=SERGEANT,
                **grounds,
                rationale=self.why(f"{what}: direction"),
            )
        )
        for check in (await self.hub.case(self.case)).checks:
            found: tuple[ElementRevealed, ...] = ()
            if check.agency == "police":
                marked = () if source_word is None else (Confidential(source_word),)
                told = self.words.text(f"{what}: withheld")
                found = (element(f"{what[:4]}-1", "police", told, source_words=marked),)
            await self.say(
                CheckAnswered(
                    request_id=check.request_id,
                    agency=check.agency,
                    state=AnswerState.FOUND if found else AnswerState.NOTHING_FOUND,
                    elements=found,
                ),
                f"agency.{check.agency}",
            )
        await self.discuss([f"{what[:4]}-1"], f"D-{len(self.cases)}")
        await self.decide("police", history=self.withhold(what))
        await self.say(
            AssessmentMade(
                by=MANAGER, suggested_course=Course.OTHER_SERVICES, rationale=self.why(f"{what}: assessment")
            )
        )

    def _with_role(self, role: str, agency: str) -> str:
        staff = self.hub.partnership.staff
        return next(s.person for s in staff if s.agency == agency and role in s.roles)

    def _of_role(self, role: str) -> Actor:
        found = next(s for s in self.hub.partnership.staff if role in s.roles)
        return Actor(person=found.person, role=role, agency=found.agency)
