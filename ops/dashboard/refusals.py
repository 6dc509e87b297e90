"""On record: who was refused what in the dashboard.

The record of a case is the coordinator's, which alone writes to it, and nothing that was refused here came to
the coordinator. So it is a chain of its own, keyed and verified like every other (``mash audit verify``).
"""

from __future__ import annotations

from ops.dashboard.given import Given
from ops.dashboard.viewer import Viewer
from store.appending import append_to_chain

CHAIN = "dashboard/refused"
"""The key of the chain."""


async def record_refusal(given: Given, viewer: Viewer, page: str, why: str, case: str | None) -> None:
    """Put on record that a person was refused a page. ``page`` is the name of its route, ``why`` a code.

    Raises StoreError.
    """
    await append_to_chain(
        given.store,
        CHAIN,
        {
            "act": "refused",
            "at": given.now.isoformat(),
            "id": given.new_id(),
            "by": {"person": viewer.person, "agency": viewer.agency, "roles": sorted(viewer.roles)},
            "page": page,
            "why": why,
            "case": case,
        },
        given.audit_secret,
    )
