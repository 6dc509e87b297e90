"""Markings, purposes and legal bases: each case has some that it may rest on. [D16, D21, L08]"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agents.partnership.checks.finding import Found, in_words, names_category, unknown
from agents.partnership.model import Partnership
from messages.words import Category


def markings(p: Partnership) -> Iterator[Found]:
    """One scheme, from the lowest to the highest. [D21]"""
    if len(set(p.markings)) < len(p.markings):
        yield "markings", "has a marking twice; list each once, the lowest first"
    if p.package_marking is not None:
        yield from unknown("package_marking", (p.package_marking,), p.markings, "name one of markings")


def bases(p: Partnership) -> Iterator[Found]:
    """Laws that end before they begin. [L08]"""
    for code, basis in p.legal_bases.items():
        if basis.until is not None and basis.until < basis.since:
            yield f"legal_bases.{code}.until", "must not be before since; correct one of the two"


def purposes(p: Partnership) -> Iterator[Found]:
    """Cases in which nothing could be asked for. [D16]"""
    for category in Category:
        if names_category(p, category) and not p.purposes_for(category):
            yield (
                "purposes",
                f"none is for {in_words(category)}, so that no check could be directed there; add one, "
                "or name the category in the categories of one",
            )


def something_in_force(p: Partnership, day: date) -> Iterator[Found]:
    """Cases in which nothing could be asked or released, because no law is in force. [L08]"""
    for category in Category:
        if names_category(p, category) and not p.bases_for(category, day):
            yield (
                "legal_bases",
                f"none of {in_words(category)} is in force on {day}; add one, or correct since, until or "
                "categories of one",
            )
