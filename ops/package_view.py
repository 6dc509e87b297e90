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
from agents.partnership import Partnership
from messages.confidential import Confidential
from messages.sealing import KeepingContext, kept_refs
from ops.problem import Problem
from ops.reading import require_own_use
from ops.who_reads import Asking, Denied, Seat, member_of, require_need_to_know, seat_in, teams_of
from ops.who_reads import reader_of as reader_of
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


def package_seat(case: Case, who: Asking, partnership: Partnership, today: date) -> Seat:
    """In what capacity somebody reads the packages of a case: in the hub, or in a team that received one.
    [D02, G3.6]

    Raises `Denied`.
    """
    try:
        seat = seat_in(case, who, partnership, today)
    except Denied:
        if not teams_of(who, partnership):
            raise
        return member_of(case, who, partnership, today)
    return seat if seat.sees == "case" else member_of(case, who, partnership, today)


async def read_package(
    case: Case,
    version: int | None,
    vault: Vault,
    *,
    reader: Reader,
    purpose: str,
    partnership: Partnership,
    today: date,
    teams: frozenset[str] = frozenset(),
) -> Shown:
    """One version of the package, the latest by default. The reading is on record before anything is shown.

    With ``teams`` the reader is a member of these field teams, and reads what one of them received.

    Raises
    ------
    Denied
        when the reader's agency has no part in the case: need to know, not nice to know [C10, M2.4]; or the
        case is closed and held, and the purpose is another than that of the package. [L09]
    Problem
        when there is no such version.
    VaultError, StoreError
    """
    record = _record(case, version, teams)
    if not teams:
        require_need_to_know(case, reader, partnership)
    issued = record.issued
    require_own_use(case, purpose, issued.purpose, partnership, today)
    refs = kept_refs(issued.model_dump_json(context=KeepingContext(issued.package_id)))
    texts = await vault.read(case.case_id, refs, reader=reader, purpose=purpose)
    package = json.loads(issued.model_dump_json(context=_WithTexts(texts), exclude={"recipient"}))
    as_sent = fingerprint(issued) == issued.sha256
    return Shown(package, record.recipients, as_sent, tuple(_version(each) for each in case.packages))


def _version(record: PackageRecord) -> dict[str, Any]:
    shown = {"version", "kind", "issued_at"}
    head: dict[str, Any] = json.loads(record.issued.model_dump_json(include=shown))
    return {**head, "elements": list(record.elements)}


def _record(case: Case, version: int | None, teams: frozenset[str]) -> PackageRecord:
    if not case.packages:
        raise Problem(
            f"no package of {case.case_id} has been issued; `mash case {case.case_id}` says what it waits for"
        )
    sent = [p for p in case.packages if not teams or teams & set(p.recipients)]
    found = next((p for p in sent if p.version == version), None) if version else sent[-1]
    if found is None:
        there = ", ".join(str(p.version) for p in sent)
        raise Problem(f"there is no version {version} for this reader; there is {there}")
    return found


class _WithTexts:
    """Serialisation of a package for the person who may read it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def write(self, value: Confidential) -> Any:
        return self._texts[value.ref or ""]
