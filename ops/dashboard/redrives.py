"""On record: who had a message in quarantine handled again from the dashboard.

It takes effect in the name of its sender, as of now, so the record of a case tells whose decision it was, and
this chain who let it take effect, also over what others have decided since. It is keyed and verified like
every other (``mash audit verify``).
"""

from __future__ import annotations

from ops.dashboard.given import Given
from ops.dashboard.viewer import Viewer
from ops.operations.in_quarantine import showable_id
from store.appending import append_to_chain

CHAIN = "dashboard/redriven"
"""The key of the chain."""


async def record_redrive(given: Given, viewer: Viewer, message_id: str, mark: str, *, anyway: bool) -> None:
    """Put on record that a person has this message handled again, before it is. ``anyway`` is whether also
    over what people have decided in its case since. ``mark`` names the message where its id, which its sender
    wrote, is none that may be shown.

    Raises StoreError.
    """
    await append_to_chain(
        given.store,
        CHAIN,
        {
            "act": "redriven",
            "at": given.now.isoformat(),
            "id": given.new_id(),
            "by": {"person": viewer.person, "agency": viewer.agency, "roles": sorted(viewer.roles)},
            "message": showable_id(message_id),
            "mark": mark,
            "anyway": anyway,
        },
        given.audit_secret,
    )
