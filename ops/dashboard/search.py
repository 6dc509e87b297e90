"""Finding a case: by its id or its referral's, or by somebody whom it is about. [C10, D02, D15]

Somebody is found by a whole name with the date of birth, or by a number that they have for life: by what the
hub itself finds earlier cases (`agents.identity.person.index_terms`), and by keyed hashes as there, so that a
name alone finds nobody. What a person may not see is not found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.coordinator.setting import hashing_with
from agents.identity import numbers
from agents.identity.dates import is_stand_in
from agents.identity.person import index_terms
from messages.confidential import Confidential
from messages.referral import Identifier, PersonConcerned
from messages.words import Part
from ops import case_views
from ops.dashboard import dates
from ops.dashboard.board import Row, row_of
from ops.dashboard.given import Given
from ops.dashboard.refusals import record_refusal
from ops.dashboard.viewer import Viewer
from store.appending import append_to_chain
from store.port import Kept

CHAIN = "dashboard/searched"
"""The key of the chain of who searched for somebody."""

SCHEMES: Mapping[str, str] = {
    "nhs": "NHS number",
    "upn": "Unique pupil number (UPN)",
    "pnc": "PNC ID",
    "nino": "National Insurance number",
}
"""The numbers that somebody has for life."""

MOST = 100
"""How many cases are found at most."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Sought:
    """Who is sought: ``terms`` to be hashed, personal data as they are; ``problems`` with what was written,
    by the name of its field."""

    terms: Sequence[str]
    problems: Mapping[str, str]


def sought(said: Mapping[str, str]) -> Sought:
    """Who is meant by what was written into the form."""
    given, family, number, scheme = (
        said.get(name, "").strip() for name in ("given_name", "family_name", "number", "scheme")
    )
    day, month, year = (said.get(f"born-{part}", "").strip() for part in dates.PARTS)
    born, problems = dates.entered(day, month, year), {}
    named = any((given, family, day, month, year))
    if not named and not number:
        return Sought((), {"given_name": "Enter a name with the date of birth, or a number"})
    if named:
        for name, label, text in (("given_name", "given", given), ("family_name", "family", family)):
            if not text:
                problems[name] = f"Enter the {label} name"
            elif len(text) > _LONGEST:
                problems[name] = f"The {label} name must have {_LONGEST} characters or fewer"
        if born is None:
            problems["born"] = "Date of birth must be a real date, such as 1 4 2005"
        elif is_stand_in(born):
            problems["born"] = "1 January stands for a date that is not known, so nobody is found by it"
    if number:
        if scheme not in SCHEMES:
            problems["scheme"] = "Choose what number it is"
        elif numbers.number(scheme, number) is None:
            problems["number"] = f"{SCHEMES[scheme]} must be a right one: check its digits"
    if problems:
        return Sought((), problems)
    person = PersonConcerned(
        person_id="sought",
        part=Part.VICTIM,
        given_name=Confidential(given) if given else None,
        family_name=Confidential(family) if family else None,
        date_of_birth=Confidential(born.isoformat()) if born else None,
        identifiers=(Identifier(scheme=scheme, value=Confidential(number)),) if number else (),
    )
    return Sought(index_terms(person), {})


async def by_person(given: Given, viewer: Viewer, terms: Sequence[str]) -> tuple[Row, ...]:
    """The cases about somebody that this person may see, the latest first. Raises StoreError.

    It is on record first, as hashes of whom was looked for, with the cases that were found and shown, and
    those that were found and not shown.
    """
    hashes = sorted(map(hashing_with(given.index_key), terms))
    kept = await given.store.load(await given.store.keys_with_any("people", hashes, MOST))
    cases = {key: one for key, one in kept.items() if one.facets.get("kind") == "case"}
    seen = _seen_by(viewer, cases)
    body = {
        "act": "searched",
        "at": given.now.isoformat(),
        "id": given.new_id(),
        "by": {"person": viewer.person, "agency": viewer.agency, "roles": sorted(viewer.roles)},
        "people": hashes,
        "shown": sorted(seen),
        "not_shown": sorted(cases.keys() - seen.keys()),
    }
    await append_to_chain(given.store, CHAIN, body, given.audit_secret)
    return rows(given, seen)


async def by_id(given: Given, viewer: Viewer, said: str) -> Mapping[str, Kept]:
    """The cases that somebody may mean by an id and may see: one by its own id, several where referrals of
    several sources have it. Whoever may see none of them gets none, as if there were none; that is on record.
    Raises StoreError.
    """
    cases = await case_views.fitting(given.store, said)
    seen = _seen_by(viewer, cases)
    if not seen:
        for key in sorted(cases):
            await record_refusal(given, viewer, "search_for", "not_your_agencys_case", key)
    return seen


def rows(given: Given, cases: Mapping[str, Kept]) -> tuple[Row, ...]:
    """The cases as a list shows them, the latest first."""
    latest = sorted(cases.values(), key=lambda kept: str(kept.facets["received_at"]), reverse=True)
    return tuple(row_of(kept, given.now) for kept in latest)


def _seen_by(viewer: Viewer, cases: Mapping[str, Kept]) -> dict[str, Kept]:
    return {key: kept for key, kept in cases.items() if viewer.may_see(case_views.case_from(kept))}
