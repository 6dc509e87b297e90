"""The registers of a partnership as people look at them: what holds, what has run out, what soon will.

[J02, L01-L04, L06-L09, L13]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agents.partnership import Partnership
from messages.words import Category

SOON = timedelta(days=60)
"""How long ahead the end of something is told."""

NOT_SUPPLIED = "procedure not supplied"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a register. ``until`` is the last day on which it holds, None when it has no end or was
    never given; ``state`` is ``in date``, ``soon``, ``expired`` or ``missing``, or of a law ``to come`` or
    ``ended``."""

    register: str
    who: str
    what: str
    since: date | None
    until: date | None
    state: str


def entries(partnership: Partnership, today: date) -> list[Entry]:
    """Every entry of every register, as it stands today."""
    return [
        *_memorandum(partnership, today),
        *_staff(partnership, today),
        *_supervisors(partnership, today),
        *_liaison(partnership, today),
        *_retention(partnership),
        *_references(partnership),
        *_law(partnership, today),
    ]


def to_see_to(found: list[Entry]) -> list[Entry]:
    """Those that have run out, soon will, or are missing."""
    return [one for one in found if one.state in ("soon", "expired", "missing")]


def _memorandum(p: Partnership, today: date) -> Iterator[Entry]:
    """The version in force and those to come; its review is the steering group's. [L01]"""
    past = sorted((m for m in p.memorandum if m.since <= today), key=lambda m: m.since)
    for version in (*past[-1:], *(m for m in p.memorandum if m.since > today)):
        what = f"version {version.version}, approved by {version.approved_by}; to be reviewed"
        yield _dated("memorandum", "steering group", what, version.since, version.review_by, today)
    if not past:
        yield Entry("memorandum", "steering group", "a version in force", None, None, "missing")


def _staff(p: Partnership, today: date) -> Iterator[Entry]:
    """Signature, vetting and training of everybody, and which of them is nobody's own but that of
    ``[clearance]``. [L02-L04]"""
    for member in p.staff:
        held = p.clearance_of(member.person, member.agency)
        who = f"{member.person}@{member.agency}"
        signed = "in date" if held.signed(today) else "missing"
        signature = f"signature of the Memorandum{_common(member.signed_on, held.signed_on)}"
        yield Entry("staff", who, signature, held.signed_on, None, signed)
        vetting = f"vetting{_common(member.vetted_until, held.vetted_until)}"
        yield _until("staff", who, vetting, held.vetted_until, today)
        training = f"training{_common(member.trained_until, held.trained_until)}"
        yield _until("staff", who, training, held.trained_until, today)


def _common(own: date | None, held: date | None) -> str:
    return ", as [clearance] has it for all" if own is None and held is not None else ""


def _supervisors(p: Partnership, today: date) -> Iterator[Entry]:
    for one in p.supervisors:
        line = "first line" if one.line == "first" else "above the first line"
        who = f"{one.person}@{one.agency}"
        yield _dated("supervisors", who, f"{line}, vetting", one.designated_on, one.vetted_until, today)


def _liaison(p: Partnership, today: date) -> Iterator[Entry]:
    """The Operational Security Unit, and whether each attests that its agency's policy is current. [L07]"""
    for one in p.liaison:
        what = f"{one.kind.replace('_', ' ')}, policy attested as current"
        who = f"{one.person}@{one.agency}"
        yield _dated("liaison", who, what, one.attested_on, one.attested_until, today)
    for agency in sorted(p.agencies.keys() - {one.agency for one in p.liaison}):
        yield Entry("liaison", agency, "a liaison officer", None, None, "missing")


def _retention(p: Partnership) -> Iterator[Entry]:
    for agency, rule in p.retention.by_agency.items():
        yield Entry("retention", agency, f"{rule.title}: {rule.years} years", None, None, "in date")
    joint = p.retention.uninvestigated
    what = "cases that nobody investigated"
    if joint is None:
        yield Entry("retention", "all agencies", f"{what}: no rule, held", None, None, "missing")
    else:
        yield Entry("retention", "all agencies", f"{what}: {joint.years} years", joint.since, None, "in date")


def _references(p: Partnership) -> Iterator[Entry]:
    for code, slot in p.references.items():
        state = "in date" if slot.link else "missing"
        yield Entry("references", code, f"{slot.title}: {slot.link or NOT_SUPPLIED}", None, None, state)


def _law(p: Partnership, today: date) -> Iterator[Entry]:
    """The legal bases and the categories of case that may rest on them. [L08]"""
    for code, basis in p.legal_bases.items():
        every = len(basis.categories) == len(Category)
        words = ", ".join(category.value.replace("_", " ") for category in basis.categories)
        what = f"{basis.title}: {'every category' if every else words}"
        if basis.in_force(today):
            soon = basis.until is not None and basis.until <= today + SOON
            state = "soon" if soon else "in date"
        else:
            state = "to come" if today < basis.since else "ended"
        yield Entry("law", code, what, basis.since, basis.until, state)


def _until(register: str, who: str, what: str, until: date | None, today: date) -> Entry:
    if until is None:
        return Entry(register, who, what, None, None, "missing")
    return _dated(register, who, what, None, until, today)


def _dated(register: str, who: str, what: str, since: date | None, until: date, today: date) -> Entry:
    state = "expired" if until < today else "soon" if until <= today + SOON else "in date"
    return Entry(register, who, what, since, until, state)
