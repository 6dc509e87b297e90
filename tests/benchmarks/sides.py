"""The two sides of the benchmark as the driver sees them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from agents.coordinator.cases import case_id_for
from messages.codec import plain_wire
from messages.confidential import Confidential
from messages.disclosure import DiscussionRecorded
from messages.envelope import Envelope
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.package import AssessmentMade, PackageAgreed
from messages.referral import Belief, Identifier, PersonConcerned, ReferralReceived
from messages.sealing import WireKeys
from messages.topology import EXCHANGE
from messages.words import Actor, Category, Course, Mode, Part, Rag, Rationale, Said
from tests.benchmarks.course import PEOPLE, SOURCE, TEAMS, address, born, name, nhs_number
from tests.benchmarks.driver import Heard
from tests.benchmarks.place import Place

SENIOR_PRACTITIONER = Actor(person="CSS-SP-01", role="senior_practitioner", agency="csc_staffordshire")
SERGEANT = Actor(person="POL-SGT-01", role="police_sergeant", agency="police")
MANAGER = Actor(person="MASH-MGR-01", role="mash_manager", agency="csc_staffordshire")
PRACTITIONER = Actor(person="CSS-PR-01", role="practitioner", agency="csc_staffordshire")
TAPPED = ("check.answered", "disclosure.decided", "record.acknowledged")


def _secret(text: str) -> Confidential:
    return Confidential(text)


def _why() -> Rationale:
    return Rationale(
        reason=_secret("The circumstances of the referral call for it."),
        proportionality=_secret("It is the least that serves the purpose."),
        early_risk=_secret("Seen at the point of referral."),
        timeliness=_secret("Within the target."),
        coordination=_secret("Police, health and education together."),
    )


class HubSide:
    """The hub under test, with every guarantee on."""

    exchange = EXCHANGE
    tap_patterns = (
        *(f"hub.*.{kind}.v1" for kind in TAPPED),
        "staff.*.message.rejected.v1",
        *(f"team.{team}.*.package.issued.v1" for team in TEAMS),
        f"source.{SOURCE}.*.outcome.notified.v1",
    )

    def __init__(self, place: Place) -> None:
        self._place = place
        self._keys = WireKeys(secret=place.secret)

    def url(self, sender: str) -> str:
        names = {"source": f"source.{SOURCE}", "staff": "staff"}
        return self._place.url_of(names[sender]) if sender in names else self._place.admin_url

    def case_of(self, n: int) -> str:
        return case_id_for(SOURCE, f"BENCH-{n}")

    def routing_key(self, kind: str) -> str:
        return f"hub.routine.{kind}.v1"

    def read(self, message: AbstractIncomingMessage) -> tuple[str, str]:
        said = json.loads(message.body)
        case = said["subject"]
        return case, said["type"].removeprefix("mash.").removesuffix(".v1")

    def write(self, kind: str, case: str, n: int, heard: Heard) -> aio_pika.Message:
        sender = f"source.{SOURCE}" if kind == "referral.received" else "staff"
        payload = _PAYLOADS[kind](n, case, heard)
        subject = f"BENCH-{n}" if kind == "referral.received" else case
        envelope = Envelope(str(uuid4()), sender, "hub", subject, datetime.now(UTC), payload)
        return aio_pika.Message(
            plain_wire(envelope, self._keys),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=envelope.id,
            type=envelope.type,
            user_id=sender,
        )


class BareSide:
    """The same exchange with nothing but a broker, a database and a loop."""

    exchange = "bare"
    tap_patterns = (
        *(f"hub.{kind}" for kind in TAPPED),
        *(f"team.{team}.package.issued" for team in TEAMS),
        f"source.{SOURCE}.outcome.notified",
    )

    def __init__(self, place: Place, sizes: dict[str, int]) -> None:
        self._place = place
        self._sizes = sizes

    def url(self, sender: str) -> str:
        return self._place.admin_url

    def case_of(self, n: int) -> str:
        return f"case-{n}"

    def routing_key(self, kind: str) -> str:
        return f"hub.{kind}"

    def read(self, message: AbstractIncomingMessage) -> tuple[str, str]:
        said = json.loads(message.body)
        return said["case"], said["kind"]

    def write(self, kind: str, case: str, n: int, heard: Heard) -> aio_pika.Message:
        body = {"kind": kind, "case": case, "from": "driver", "padding": "x" * self._sizes[kind]}
        return aio_pika.Message(
            json.dumps(body).encode(),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=f"{case}/{kind}",
        )


def _referral(n: int, case: str, heard: Heard) -> Said:
    who = n % PEOPLE
    child = PersonConcerned(
        person_id="p1",
        part=Part.CHILD,
        given_name=_secret(name(who)[0]),
        family_name=_secret(name(who)[1]),
        date_of_birth=_secret(born(who)),
        address=_secret(address(who)),
        identifiers=(Identifier(scheme="nhs", value=_secret(nhs_number(who))),),
    )
    return ReferralReceived(
        referral_id=f"BENCH-{n}",
        source=SOURCE,
        category=Category.CHILD_PROTECTION,
        made_at=datetime.now(UTC),
        authority="staffordshire",
        people=(child,),
        concern=_secret("A teacher saw bruises on both arms and was told of a fall that did not happen."),
        section_47_belief=Belief(by=PRACTITIONER, why=_secret("Injuries without explanation.")),
    )


def _threshold(n: int, case: str, heard: Heard) -> Said:
    return ThresholdDecided(by=SENIOR_PRACTITIONER, met=True, rationale=_why())


def _rating(n: int, case: str, heard: Heard) -> Said:
    return RiskRated(by=MANAGER, rag=Rag.AMBER, rationale=_why())


def _direction(n: int, case: str, heard: Heard) -> Said:
    return EnquiryDirected(
        by=SENIOR_PRACTITIONER,
        purpose="safeguarding_children",
        legal_basis="children_act_2004",
        rationale=_why(),
    )


def _discussion(n: int, case: str, heard: Heard) -> Said:
    return DiscussionRecorded(
        by=SENIOR_PRACTITIONER,
        discussion_id=f"{case}/discussion/1",
        elements=tuple(heard.elements),
        participants=(SENIOR_PRACTITIONER, SERGEANT),
        mode=Mode.FACE_TO_FACE,
        summary=_secret("All four histories bear on the injuries."),
    )


def _assessment(n: int, case: str, heard: Heard) -> Said:
    return AssessmentMade(
        by=SENIOR_PRACTITIONER, suggested_course=Course.STRATEGY_DISCUSSION, rationale=_why()
    )


def _agreement(n: int, case: str, heard: Heard) -> Said:
    # A decision may still be on its way through the hub's queue behind this: then at the due time.
    return PackageAgreed(by=MANAGER, if_incomplete="partial_at_due", rationale=_why())


_PAYLOADS = {
    "referral.received": _referral,
    "threshold.decided": _threshold,
    "risk.rated": _rating,
    "enquiry.directed": _direction,
    "discussion.recorded": _discussion,
    "assessment.made": _assessment,
    "package.agreed": _agreement,
}
