"""A case goes through everything that can happen to an element, and through every kind of trouble."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from agents.agency.csv_sink import CsvSink
from agents.agency.folder import worker_from
from agents.agency.rules import OwnersRules
from agents.agency.worker import AgencyWorker
from agents.coordinator.case import Case
from agents.coordinator.elements import standing
from messages.checks import CheckAnswered
from messages.codec import plain_wire
from messages.disclosure import PermissionDecided
from messages.envelope import Envelope
from messages.escalation import (
    ControllerDecided,
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    ManagementActed,
    View,
)
from messages.intake import RiskRated, ThresholdDecided
from messages.package import (
    AssessmentMade,
    InformationRequested,
    OutcomeReported,
    PackageAcknowledged,
)
from messages.parties import HUB
from messages.referral import Belief
from messages.sealing import WireKeys
from messages.words import (
    AnswerState,
    Choice,
    Course,
    ElementChoice,
    Mode,
    Rag,
    Sanitised,
)
from tests.support.agencies import RECORDS_KEY
from tests.support.hub_system import HubSystem
from tests.support.leaks.acts import Acts
from tests.support.leaks.faults import STUMBLES, FailingRecords, StumblingCoordinator
from tests.support.leaks.records import Family, write_folders
from tests.support.procedure import (
    CHILDRENS_TEAM,
    MANAGER,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    WORKER,
    controller,
    decision_maker,
    element,
    line_manager,
    panel_member,
    referral,
)

RED_TARGET, HALF_HOUR = timedelta(hours=2), timedelta(minutes=30)


class LongCase(Acts):
    """The case and its words. ``stood`` is how each element stood when the first package was out."""

    def __init__(self, hub: HubSystem, folder: Path) -> None:
        super().__init__(hub)
        self.folder = folder
        self.family = Family(self.words)
        self.stood: dict[str, str] = {}
        write_folders(folder, self.family, self.words)

    async def run(self) -> None:
        """From the referral to the outcome, with all that goes wrong on the way."""
        await self.hub.start_hub(StumblingCoordinator)
        for agency in ("police", "education", "primary_care", "probation"):
            await self.hub.start(worker_from(self.folder / agency, RECORDS_KEY))
        sink = CsvSink(self.folder / "housing" / "written_back.csv")
        await self.hub.start(AgencyWorker("housing", FailingRecords(), OwnersRules("housing"), sink))
        await self._other_referrals()
        await self._until_asked()
        await self._trouble()
        await self._discussed_and_decided()
        await self._disagreement()
        await self._partial_package()
        await self._supplement()
        await self._task_back()
        await self._end()
        await self.hub.until_settled()

    async def _other_referrals(self) -> None:
        """One that no live cohort takes, one that is redirected with its reason."""
        people = (self.family.child, self.family.referrer)
        off = referral(
            referral_id="R-off",
            people=people,
            concern=self.text("concern off cohort"),
            section_47_belief=None,
        )
        await self.hub.refer(off)
        redirected = referral(
            referral_id="R-elsewhere",
            people=people,
            concern=self.text("concern redirected"),
            section_47_belief=Belief(by=PRACTITIONER, why=self.text("belief redirected")),
        )
        case = await self.hub.refer(redirected)
        away = ThresholdDecided(
            by=SENIOR_PRACTITIONER, met=False, rationale=self.why("redirection"), redirect_to="education"
        )
        await self.hub.done(away, case)

    async def _until_asked(self) -> None:
        """A RED referral, directed; a decision by a role that may not take it in between."""
        family = self.family
        self.case = await self.hub.refer(
            referral(
                people=(family.child, family.suspect, family.referrer),
                concern=self.text("concern"),
                section_47_belief=Belief(by=PRACTITIONER, why=self.text("belief")),
            )
        )
        await self.refused(ThresholdDecided(by=PRACTITIONER, met=True, rationale=self.why("wrong role")))
        await self.say(ThresholdDecided(by=SENIOR_PRACTITIONER, met=True, rationale=self.why("threshold")))
        await self.say(RiskRated(by=MANAGER, rag=Rag.RED, rationale=self.why("rating")))
        await self.direct("direction", also_ask=("housing",), question=self.text("question of the hub"))
        await self.until("three agencies have answered", lambda case: _answered(case) == 3)

    async def _trouble(self) -> None:
        """An unreadable answer, poison, a fault of the hub, a worker whose records fail."""
        hub, care = self.hub, "agency.csc_staffordshire"
        answer = CheckAnswered(
            request_id=f"{self.case}/check/1/csc_staffordshire",
            agency="csc_staffordshire",
            state=AnswerState.FOUND,
            elements=(element("e-unreadable", "csc_staffordshire", self.words.text("unreadable answer")),),
        )
        said = hub.envelope(answer, care, self.case)
        wrong = plain_wire(said, WireKeys(own={care: b"w" * 32}))
        await hub.publish(care, said.id, said.type, wrong)
        await self.until(
            "the case shows it", lambda case: any(c.state is AnswerState.UNREADABLE for c in case.checks)
        )
        poison = hub.envelope(
            RiskRated(by=MANAGER, rag=Rag.RED, rationale=self.why("poison")), "staff", self.case
        )
        event = json.loads(hub.wire(poison))
        event["data"]["rag"] = "purple"
        await hub.publish("staff", poison.id, poison.type, json.dumps(event).encode())
        await hub.until_aside(poison.id)
        clear = self.words.text("poison in the clear").encode()
        await hub.publish("staff", "message-in-the-clear", poison.type, clear)
        await hub.until_aside("message-in-the-clear")
        fatal = RiskRated(by=MANAGER, rag=Rag.RED, rationale=self.why("what the hub stumbles on"))
        envelope = Envelope(STUMBLES, "staff", HUB, self.case, hub.clock.now(), fatal)
        await hub.publish("staff", STUMBLES, envelope.type, hub.wire(envelope))
        await hub.until_aside(STUMBLES)
        kept_in = await hub.store(HUB)

        async def buried() -> bool:
            return any(one.queue.startswith("agency.housing") for one in await kept_in.quarantined())

        await hub.until("the request that a worker failed at is in quarantine", buried)

    async def _discussed_and_decided(self) -> None:
        """All that was revealed but one; rules decide some, people decide others, some stay open."""
        left_out = {"undiscussed", "e-unreadable"}
        revealed = [e for e in (await self.hub.case(self.case)).elements if e.kind not in left_out]
        await self.discuss([e.element_id for e in revealed], "D-1")
        await self.until("rules have decided", lambda case: _decided(case) == 3)
        await self.decide("education", presumed_usable=self.grounds("presumed_usable", Choice.CANNOT_DECIDE))
        await self.decide("education", withheld_by_person=self.withhold("withheld_by_person"))
        safe = Sanitised(
            text=self.text("sanitised_by_person: sanitised"), transforms=("shortened",), author="EDU-DM-01"
        )
        choice = self.grounds("sanitised_by_person", Choice.RELEASE_SANITISED, sanitised=safe)
        await self.decide("education", sanitised_by_person=choice)
        await self.decide("education", disputed=self.withhold("disputed"))
        await self.decide("police", escalated=self.withhold("escalated"))
        await self.decide("primary_care", considered=ElementChoice(choice=Choice.CANNOT_DECIDE))
        await self.decide("primary_care", withdrawn=self.grounds("withdrawn"))
        await self.decide("primary_care", withdrawn=self.withhold("withdrawn"))
        owned = await self.element_of("owned_by_probation")
        assert owned.permission is not None
        permitted = PermissionDecided(
            by=decision_maker("probation"),
            permission_id=owned.permission.permission_id,
            element_id=owned.element_id,
            choice=self.grounds("owned_by_probation"),
            conditions=(self.text("owned_by_probation: condition"),),
        )
        await self.say(permitted)

    async def _disagreement(self) -> None:
        """One dispute stays open; the other goes up to where the controller has to decide."""
        for number, kind in enumerate(("escalated", "disputed"), 1):
            await self.say(
                DisclosureDisputed(
                    by=PRACTITIONER,
                    dispute_id=f"X-{number}",
                    element_id=(await self.element_of(kind)).element_id,
                    ground="necessity",
                    position=self.text(f"{kind}: position"),
                )
            )
        dispute, members = "X-1", (panel_member("police"), panel_member("csc_staffordshire"))
        await self.say(
            ManagementActed(
                by=line_manager("police"),
                other_side=line_manager("csc_staffordshire"),
                dispute_id=dispute,
                settled=False,
                reason=self.text("escalated: reason of management"),
            )
        )
        await self.say(
            EscalationConvened(by=line_manager("police"), dispute_id=dispute, panel=members, mode=Mode.VIDEO)
        )
        views = tuple(
            View(actor=m, position=Choice.RELEASE, view=self.text(f"escalated: view of {m.agency}"))
            for m in members
        )
        await self.say(
            EscalationDecided(
                by=members[0],
                dispute_id=dispute,
                mode=Mode.VIDEO,
                views=views,
                agreed=False,
                reason=self.text("escalated: reason of the panel"),
            )
        )

    async def _partial_package(self) -> None:
        """Assessed and agreed; warnings on the way, and at the due time what there is goes out."""
        await self.say(
            AssessmentMade(
                by=SENIOR_PRACTITIONER,
                suggested_course=Course.STRATEGY_DISCUSSION,
                urgent_facts=self.text("urgent facts"),
                rationale=self.why("assessment"),
            )
        )
        await self.agree("first agreement")
        self.hub.clock.move(RED_TARGET - HALF_HOUR)
        await self.until("warnings are out", lambda case: any("/75/" in fired for fired in case.fired))
        self.hub.clock.move(HALF_HOUR)
        await self.until("the partial package is out", lambda case: len(case.packages) == 1)
        self.stood = {e.kind: standing(e).value for e in (await self.hub.case(self.case)).elements}

    async def _supplement(self) -> None:
        """The controller decides, a late answer comes: both go out in a supplement."""
        final = ControllerDecided(
            by=controller("police"), dispute_id="X-1", outcome=self.grounds("escalated")
        )
        await self.say(final)
        await self.hub.start(worker_from(self.folder / "csc_staffordshire", RECORDS_KEY))
        await self.until("the late answer is there", lambda case: _answered(case) == 4)
        await self.discuss([(await self.element_of("late")).element_id], "D-2")
        await self.until("its rule has decided", lambda case: _is_decided(case, "late"))
        await self.agree("second agreement")
        await self.until("the supplement is out", lambda case: len(case.packages) == 2)

    async def _task_back(self) -> None:
        """A team asks for more: a fresh round, in which one element is released again."""
        package = f"{self.case}/package/1"
        await self.say(PackageAcknowledged(package_id=package, by=WORKER), CHILDRENS_TEAM)
        await self.say(
            InformationRequested(
                request_id="T-1",
                package_id=package,
                by=WORKER,
                question=self.text("question of the team"),
                why=self.text("why the team asks"),
            ),
            CHILDRENS_TEAM,
        )
        await self.direct("second direction")
        await self.until("all have answered again", lambda case: _answered(case) == 8)
        await self.discuss([(await self.element_of("released_by_rule")).element_id], "D-3")
        await self.until("its rule has decided again", lambda case: _is_decided(case, "released_by_rule"))
        await self.say(
            AssessmentMade(
                by=SENIOR_PRACTITIONER,
                suggested_course=Course.JOINT_INVESTIGATION,
                rationale=self.why("second assessment"),
            )
        )
        await self.agree("third agreement")
        self.hub.clock.move(RED_TARGET)
        await self.until("the second supplement is out", lambda case: len(case.packages) == 3)

    async def _end(self) -> None:
        """Agencies have recorded what they may; the team reports; what nobody may decide is refused."""
        await self.until("all is recorded", lambda case: all(r.acknowledged_at for r in case.records))
        await self.say(
            OutcomeReported(
                package_id=f"{self.case}/package/3",
                by=WORKER,
                course=Course.JOINT_INVESTIGATION,
                note=self.text("note of the team"),
            ),
            CHILDRENS_TEAM,
        )
        await self.refused(RiskRated(by=PRACTITIONER, rag=Rag.AMBER, rationale=self.why("after the end")))


def _answered(case: Case) -> int:
    return sum(check.answered_at is not None for check in case.checks)


def _decided(case: Case) -> int:
    return sum(e.decision is not None for e in case.elements)


def _is_decided(case: Case, kind: str) -> bool:
    return any(e.kind == kind and e.decision is not None for e in case.elements)
