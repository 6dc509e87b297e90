"""People to ask about, folders of agencies, and messages to their workers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from messages.checks import CheckRequested
from messages.confidential import Confidential
from messages.envelope import Envelope
from messages.referral import Identifier, PersonConcerned
from messages.words import CaseStatus, Category, Part, Rag, Said

NOW = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)
CASE = "case-1"
RECORDS_KEY = b"r" * 32


def person(
    person_id: str = "p1",
    given: str | None = None,
    family: str | None = None,
    born: str | None = None,
    address: str | None = None,
    aka: tuple[str, ...] = (),
    earlier: tuple[str, ...] = (),
    **numbers: str,
) -> PersonConcerned:
    """Somebody a request is about; ``nhs="943 476 5919"`` gives a number."""

    def text(value: str | None) -> Confidential | None:
        return Confidential(value) if value else None

    return PersonConcerned(
        person_id=person_id,
        part=Part.CHILD,
        given_name=text(given),
        family_name=text(family),
        also_known_as=tuple(map(Confidential, aka)),
        date_of_birth=text(born),
        address=text(address),
        earlier_addresses=tuple(map(Confidential, earlier)),
        identifiers=tuple(Identifier(scheme=s, value=Confidential(v)) for s, v in numbers.items()),
    )


def check(*people: PersonConcerned, round: int = 1) -> CheckRequested:
    """A check about some people."""
    return CheckRequested(
        request_id=f"{CASE}/check/{round}/police",
        round=round,
        category=Category.CHILD_PROTECTION,
        rag=Rag.AMBER,
        due_at=NOW + timedelta(hours=24),
        purpose="safeguarding_children",
        legal_basis="children_act_2004",
        case_status=CaseStatus.NEW_REFERRAL,
        people=people,
    )


def to_police(payload: Said, message_id: str = "m1") -> Envelope:
    """A message of the hub to the police worker."""
    return Envelope(
        id=message_id, source="hub", recipient="agency.police", subject=CASE, time=NOW, payload=payload
    )


PEOPLE = """\
person,given_name,family_name,also_known_as,date_of_birth,address,earlier_addresses,nhs_number
P-1,Marigold,Thistlewood,Goldie Thistlewood,2014-03-09,"1 Example Row, Exampleton ZZ1 1ZZ",,9434765919
P-2,Rowan,Thistlewood,,1985-11-30,"1 Example Row, Exampleton ZZ1 1ZZ",,
P-3,Rowan,Thistlewood,,2008-06-02,"1 Example Row, Exampleton ZZ1 1ZZ",,
"""

RECORDS = """\
person,record,text,kind,owner,marking,risks,source_words,recorded_on,sanitised_text
P-1,R-100,Officers called to the address.,attendance,,protect,,,2026-01-14,
P-1,R-101,Quill next door heard shouting.,intelligence,,restricted,,Quill,2026-01-20,Shouting was heard.
P-2,R-102,Licence condition recorded.,licence,probation,restricted,,,,
P-2,R-103,Subject of an operation.,operation,,confidential,ongoing_operation,,,
"""

RULES = """\
agency = "police"

[[rule]]
id = "pol-attendance"
in_force_from = 2026-01-01T00:00:00Z
in_force_until = 2026-06-01T00:00:00Z
approved_by = "pol-014"
choice = "release"
legal_basis = "children_act_2004"
[rule.when]
kinds = ["attendance"]
markings = ["protect"]
purposes = ["safeguarding_children"]
[rule.tests]
relevance = "An attendance bears on safety at home."
necessity = "A visit cannot be planned without it."
justification = "Released for $purpose."
proportionality = "Only the $kind leaves."
why = "Standing decision for $marking material."
[rule.harm]
considered = "Nobody is exposed."

[[rule]]
id = "pol-intelligence"
in_force_from = 2026-01-01T00:00:00Z
approved_by = "pol-014"
choice = "release_sanitised"
legal_basis = "children_act_2004"
[rule.when]
kinds = ["intelligence"]
risks_present = ["source_at_risk"]
[rule.tests]
relevance = "It bears on safety at home."
necessity = "No other source says so."
justification = "Released for $purpose."
proportionality = "The source does not leave."
why = "Standing decision."
[rule.harm]
considered = "The source is hidden."

[[rule]]
id = "pol-operations"
in_force_from = 2026-01-01T00:00:00Z
approved_by = "pol-014"
choice = "withhold"
reason = "An operation would be harmed."
[rule.when]
risks_present = ["ongoing_operation"]
"""


def police_folder(
    folder: Path, *, people: str = PEOPLE, records: str = RECORDS, rules: str | None = RULES, layout: str = ""
) -> Path:
    """A folder as an agency keeps it."""
    folder.mkdir(exist_ok=True)
    (folder / "agency.toml").write_text(f'agency = "police"\n{layout}', encoding="utf-8")
    (folder / "people.csv").write_text(people, encoding="utf-8")
    (folder / "records.csv").write_text(records, encoding="utf-8")
    if rules is not None:
        (folder / "rules.toml").write_text(rules, encoding="utf-8")
    return folder
