"""A package as it was issued, with its texts read from the vault, on record.

Its fingerprint tells whether what is shown is what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.package import fingerprint
from agents.coordinator.package_record import PackageRecord
from agents.coordinator.retention import Keeping, term_of
from agents.partnership import Partnership
from messages.confidential import Confidential
from messages.sealing import KeepingContext, kept_refs
from ops.problem import Problem, WrongInput
from store.vault import Reader, Vault


@dataclass(frozen=True, slots=True)
class Shown:
    """A package with its texts, and which others of its case there are: a supplement has only what is new.

    ``as_sent`` is whether its fingerprint is that of the one that went out. ``versions`` has each package
    of the case with the ids of its elements. [C07]
    """

    package: dict[str, Any]
    recipients: tuple[str, ...]
    as_sent: bool
    versions: tuple[dict[str, Any], ...]

    def elsewhere(self) -> Iterator[str]:
        """What a reader of this version alone would not know of, a line for each."""
        here = {element["element_id"] for element in self.package["elements"]}
        withdrawn = set(self.package["withdrawn"])
        for other in self.versions:
            number = other["version"]
            if number < self.package["version"]:
                more = len(set(other["elements"]) - here - withdrawn)
                elements = "1 more element" if more == 1 else f"{more} more elements"
                yield f"supplement to version {number}: {elements} there, see `--version {number}`"
            elif number > self.package["version"]:
                yield f"version {number} has been issued since, see `--version {number}`"
        if withdrawn:
            yield f"withdrawn, no longer to be used: {', '.join(sorted(withdrawn))}"
        if self.package["kind"] == "supplement":
            yield "the agencies' counts are of their whole round so far, earlier versions included"


def reader_of(partnership: Partnership, as_whom: str, purpose: str, today: date) -> Reader:
    """The person who reads, as the register knows them, in a role that views what was revealed.

    Each reading is a session of its own: one person, one case, one purpose. [D02]

    Raises
    ------
    WrongInput
        for a person, an agency or a purpose that there is not.
    Problem
        when this person does not work in the hub, or is not bound, vetted and trained today. [D02, L02-L04]
    """
    example = partnership.staff[0]
    form = f"--as takes PERSON@AGENCY, such as {example.person}@{example.agency}"
    person, _, agency = as_whom.rpartition("@")
    if not person or not agency:
        raise WrongInput(f"{form}: a person on the register of staff (staff.toml) and their agency")
    if agency not in partnership.agencies:
        raise WrongInput(
            f"{form}; {agency} is none of the agencies {', '.join(sorted(partnership.agencies))}"
        )
    roles = partnership.roles_of(person, agency)
    if not roles:
        raise WrongInput(
            f"{form}; the register of staff (staff.toml) has no {person} of {agency} with a role"
        )
    if purpose not in partnership.purposes:
        raise WrongInput(f"--purpose takes one of {', '.join(partnership.purposes)}")
    viewing = roles & set(partnership.rights["view"])
    clearance = partnership.clearance_of(person, agency)
    for hindered, why in (
        (not viewing, "has no role that views what was revealed (right view)"),
        (partnership.agencies[agency].off_hub, "does not work in the hub, where alone it is viewed"),
        (not partnership.signed(agency, today), "is of an agency that has not signed the Memorandum"),
        (not clearance.signed(today), "has not signed the Memorandum"),
        (not clearance.vetted(today), "is not vetted today"),
        (not clearance.trained(today), "is not trained today"),
    ):
        if hindered:
            raise Problem(f"{person} of {agency} {why}; `mash registers` shows the register")
    return Reader(person, min(viewing), agency)


async def read_package(
    case: Case,
    version: int | None,
    vault: Vault,
    *,
    reader: Reader,
    purpose: str,
    partnership: Partnership,
    today: date,
) -> Shown:
    """One version of the package, the latest by default. The reading is on record before anything is shown.

    Raises
    ------
    Problem
        when there is no such version, or the reader's agency has no part in the case: need to know, not
        nice to know [C10, M2.4]; or is outside the hub in such cases [B10, D02]; or the case is closed and
        held, and the purpose is another than that of the package. [L09]
    VaultError, StoreError
    """
    record = _record(case, version)
    if reader.agency not in {check.agency for check in case.checks}:
        raise Problem(f"{reader.agency} was not asked in {case.case_id}; its staff do not read the package")
    if partnership.agencies[reader.agency].outside(case.category):
        raise Problem(f"{reader.agency} is outside the hub in cases like {case.case_id}")
    issued = record.issued
    if purpose != issued.purpose and term_of(case, (), partnership, today).keeping is Keeping.HELD:
        raise Problem(
            f"{case.case_id} is held: no rule of retention covers it, so it is put to no other use than "
            f"{issued.purpose} (retention in the partnership)"
        )
    refs = kept_refs(issued.model_dump_json(context=KeepingContext(issued.package_id)))
    texts = await vault.read(case.case_id, refs, reader=reader, purpose=purpose)
    package = json.loads(issued.model_dump_json(context=_WithTexts(texts), exclude={"recipient"}))
    as_sent = fingerprint(issued) == issued.sha256
    return Shown(package, record.recipients, as_sent, tuple(_version(each) for each in case.packages))


def _version(record: PackageRecord) -> dict[str, Any]:
    shown = {"version", "kind", "issued_at"}
    head: dict[str, Any] = json.loads(record.issued.model_dump_json(include=shown))
    return {**head, "elements": list(record.elements)}


def _record(case: Case, version: int | None) -> PackageRecord:
    if not case.packages:
        raise Problem(
            f"no package of {case.case_id} has been issued; `mash case {case.case_id}` says what it waits for"
        )
    found = next((p for p in case.packages if p.version == version), None) if version else case.packages[-1]
    if found is None:
        raise Problem(f"there is no version {version}; there are 1 to {len(case.packages)}")
    return found


class _WithTexts:
    """Serialisation of a package for the person who may read it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def write(self, value: Confidential) -> Any:
        return self._texts[value.ref or ""]
