"""The made-up people, moments and reasons that the examples share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from messages import referral
from messages.confidential import Confidential as Text
from messages.words import (
    Actor,
    Choice,
    ElementChoice,
    FiveTests,
    Harm,
    OwnersRule,
    Part,
    Rationale,
    RiskFlag,
    Sanitised,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
SHA256 = "0123456789abcdef" * 4

OFFICER = Actor(person="p-104", role="manager", agency="police")
NURSE = Actor(person="p-207", role="decision_maker", agency="health")

CHILD = referral.PersonConcerned(
    person_id="person-1",
    part=Part.CHILD,
    given_name=Text("Marigold"),
    family_name=Text("Thistlewood"),
    also_known_as=(Text("Goldie"),),
    date_of_birth=Text("2015-04-01"),
    address=Text("7 Quince Row, Nowhere-on-Trent"),
    earlier_addresses=(Text("2 Medlar Way, Elsewhere"),),
    identifiers=(referral.Identifier(scheme="nhs", value=Text("999 000 0001")),),
)
NEIGHBOUR = referral.PersonConcerned(
    person_id="person-2", part=Part.REFERRER, given_name=Text("Fennimore"), may_be_named=False
)
RATIONALE = Rationale(
    reason=Text("Bruises seen twice"),
    proportionality=Text("Nothing less would do"),
    early_risk=Text("Another visit tonight"),
    timeliness=Text("Within two hours"),
    coordination=Text("With the school nurse"),
)
SANITISED = Sanitised(
    text=Text("A relative is known for violence"), transforms=("name_removed",), author="p-104"
)
CHOICE = ElementChoice(
    choice=Choice.RELEASE_SANITISED,
    tests=FiveTests(
        relevance=Text("It concerns the child's home"),
        necessity=Text("It is known nowhere else"),
        justification=Text("A child is at risk"),
        proportionality=Text("Only the fact, no names"),
        why=Text("The team must know before it visits"),
    ),
    harm=Harm(categories=(RiskFlag.SOURCE_AT_RISK,), considered=Text("The source cannot be inferred")),
    legal_basis="children_act_1989_s47",
    purpose="child_protection",
    sanitised=SANITISED,
    reason=Text("Safe in this form"),
)
RULE = OwnersRule(rule="rule-3", agency="police", in_force_from=NOW, approved_by="p-900")
