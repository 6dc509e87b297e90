"""What the partnership has agreed: Memorandum, retention, checklists, a package's page. [L01, L09, L11]"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agents.partnership.checks.finding import Found, listed
from agents.partnership.model import Partnership
from agents.registers import PACKAGE_PAGE


def memorandum(p: Partnership) -> Iterator[Found]:
    """A hub without a Memorandum: nobody could have signed it. [L01]"""
    if not p.memorandum:
        yield "memorandum", "there is none; add its version, since, approved_by and review_by"


def memorandum_in_force(p: Partnership, day: date) -> Iterator[Found]:
    """A hub whose Memorandum has not begun. [L01]"""
    if p.memorandum and not any(version.since <= day for version in p.memorandum):
        yield "memorandum", f"no version is in force on {day}; correct its since, or start later"


def checklists(p: Partnership) -> Iterator[Found]:
    """Checklists of complex investigations that cannot be told apart. [F05]"""
    for name in ("version", "since"):
        if len({getattr(c, name) for c in p.complex_investigation}) < len(p.complex_investigation):
            yield "complex_investigation", f"two have the same {name}; give each checklist one of its own"


def retention(p: Partnership) -> Iterator[Found]:
    """A joint rule that not all have agreed to. [L09, M8]"""
    rule = p.retention.uninvestigated
    if rule is None:
        return
    if not p.liaison:
        yield "retention.uninvestigated", "needs liaison officers who agreed to it; add them as [[liaison]]"
    lacking = {one.person for one in p.liaison} - set(rule.agreed_by)
    if lacking:
        yield (
            "retention.uninvestigated.agreed_by",
            f"lacks {listed(sorted(lacking))}: the liaison officers of all agencies set the rule jointly; "
            "take the rule out until they have agreed",
        )


def package_page(p: Partnership) -> Iterator[Found]:
    """A page that leaves a part out, or says it twice. [L11, M4]"""
    parts = [section.part for section in PACKAGE_PAGE]
    if sorted(section.part for section in p.package_page) != sorted(parts):
        yield "package_page", f"has each of these parts once: {listed(parts)}"
