"""The one exchange that both sides of the benchmark carry out: a case with four agencies, 34 messages.

Each side's agents do their part; what people and field teams do is the driver's, the same for both.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

AGENCIES = ("police", "education", "primary_care", "csc_staffordshire")
SOURCE = "first_response"
TEAMS = ("police_child_abuse_investigation", "children_social_work_staffordshire")
START = datetime(2012, 3, 5, 9, 0, tzinfo=UTC)
PEOPLE = 500

STAFF_TURNS = ("threshold.decided", "risk.rated", "enquiry.directed")
MESSAGES_PER_CASE = 1 + len(STAFF_TURNS) + 3 + 6 * len(AGENCIES) + len(TEAMS) + 1
"""Referral; staff: three, discussion, assessment, agreement; six between hub and each agency; packages;
the referrer's notice."""


def nhs_number(n: int) -> str:
    """A well-formed number from the range that is never issued, for person ``n``."""
    digits = f"999{n:06d}"
    check = 11 - sum(int(d) * (10 - place) for place, d in enumerate(digits)) % 11
    return digits + ("0" if check == 11 else str(check)) if check != 10 else nhs_number(n + 500_000)


_FIRST = ("Ba", "Ce", "Di", "Fo", "Gu", "Ha", "Je", "Ki", "Lo", "Mu")
_LAST = ("brook", "dale", "field", "garth", "holm", "ley", "mere", "stead", "thorpe", "wick")


def name(n: int) -> tuple[str, str]:
    """Given and family name of person ``n``, unlike those of their neighbours."""
    a, b, c = n % 10, n // 10 % 10, n // 100 % 10
    return _FIRST[a] + _LAST[c][:3], _FIRST[b] + _FIRST[c].lower() + _LAST[a]


def born(n: int) -> str:
    """Date of birth of person ``n``: all differ."""
    return (date(1999, 1, 4) + timedelta(days=9 * n)).isoformat()


def address(n: int) -> str:
    """Where person ``n`` lives: twenty share a postcode, as they do in a street."""
    postcode = n // 20
    return f"{n} Nowhere Lane, ZZ{postcode // 10 % 10} {postcode % 10}AA"


def write_agency_folder(folder: Path, agency: str) -> None:
    """The records of one agency: everybody, with one element each, released by a dated rule."""
    folder.mkdir(parents=True)
    (folder / "agency.toml").write_text(f'agency = "{agency}"\n')
    approver = {"police": "POL", "education": "EDU", "primary_care": "PHC", "csc_staffordshire": "CSS"}[
        agency
    ]
    (folder / "rules.toml").write_text(
        f"""agency = "{agency}"
[[rule]]
id = "{agency}-2012"
in_force_from = 2012-01-01T00:00:00Z
approved_by = "{approver}-DM-01"
choice = "release"
legal_basis = "children_act_2004"
[rule.tests]
relevance = "It speaks about the child whom the referral is about."
necessity = "The team cannot weigh the risk without it."
justification = "It protects a child."
proportionality = "Only the element itself is released."
why = "The value to the enquiry outweighs the small risk."
[rule.harm]
considered = "Nobody is exposed by it."
"""
    )
    people = ["person,given_name,family_name,date_of_birth,address,nhs_number"]
    records = ["person,record,text,kind,marking,recorded_on"]
    told = f"{agency}: {'known to the service since 2009; ' * 6}"
    for n in range(PEOPLE):
        people.append(f'P-{n},{",".join(name(n))},{born(n)},"{address(n)}",{nhs_number(n)}')
        records.append(f"P-{n},R-{n},{told},history,restricted,2011-11-05")
    (folder / "people.csv").write_text("\n".join(people) + "\n")
    (folder / "records.csv").write_text("\n".join(records) + "\n")
