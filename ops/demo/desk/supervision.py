"""A call to a supervisor outside the hub: that it was made, and nothing of what was said. [J02-J06, M5]"""

from __future__ import annotations

from collections.abc import Iterator

from messages.governance import PartnerConsulted, SupervisionRecorded, SupervisorCalled
from messages.parties import STAFF
from ops.demo.desk.acts import A_MOMENT, A_WHILE, Act, Scene


def acts(scene: Scene) -> Iterator[Act]:
    """The owner's decision maker consults partners, telephones, and puts that on record."""
    play, direction = scene.script.supervision, scene.case.rounds[0].direction
    if play is None or direction is None:
        return
    at = direction.at + play.after
    said = SupervisionRecorded(
        by=scene.cast.with_right(play.by, "release"),
        call_id=f"{scene.case.case_id}/call/1",
        supervisor=SupervisorCalled(person=play.supervisor, agency=play.by),
        called_at=at - A_MOMENT,
        ground=play.ground,
        consulted=tuple(PartnerConsulted(agency=agency, at=at - A_WHILE) for agency in play.consulted),
        outcome=play.outcome,
    )
    if play.tried is not None:
        tried = said.model_copy(
            update={
                "call_id": f"{scene.case.case_id}/call/2",
                "supervisor": SupervisorCalled(person=play.tried, agency=play.by),
            }
        )
        yield Act("supervision/tried", at, STAFF, tried)
        at += A_MOMENT
    yield Act("supervision", at, STAFF, said)
