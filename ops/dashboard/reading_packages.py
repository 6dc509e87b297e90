"""Packages for a page: read through the vault by the rules of `ops.package_view`, on record every time.
[D02, G3.6]"""

from __future__ import annotations

from starlette.requests import Request

from agents.coordinator.case import Case
from ops.dashboard.admitting import Door
from ops.dashboard.given import Given
from ops.dashboard.places import Place
from ops.dashboard.reading_on_record import asking_in, require_kept
from ops.package_view import Shown, read_package
from ops.who_reads import Denied, on_record


async def package_for(
    given: Given, door: Door, request: Request, place: Place, case: Case, version: int
) -> Shown:
    """A package with its texts, for the purpose that this person gave for the case.

    Raises
    ------
    NotAllowed
        when they may not read it; that is on record.
    ContentGone
    VaultError, StoreError
    """
    await require_kept(given, case.case_id)
    who = asking_in(request, case.case_id)

    async def work() -> Shown:
        seat = place.seat(case, who, given.partnership, given.today)
        return await read_package(
            case,
            version,
            given.vault,
            reader=seat.reader,
            purpose=who.purpose,
            partnership=given.partnership,
            today=given.today,
            teams=seat.teams,
        )

    try:
        return await on_record(given.vault, case.case_id, who, work)
    except Denied as denied:
        await door.refuse(request, denied.reason, case.case_id)
