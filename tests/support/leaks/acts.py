"""What people do about one case, a message at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.elements import Element
from messages.disclosure import Decision, DisclosureDecided, DiscussionRecorded, Needed, Position
from messages.intake import EnquiryDirected
from messages.package import PackageAgreed
from messages.words import ElementChoice, Mode, Said
from tests.support.hub_system import HubSystem
from tests.support.leaks.writing import Writing
from tests.support.procedure import MANAGER, SENIOR_PRACTITIONER, SERGEANT, decision_maker


class Acts(Writing):
    """Each waits until the hub has taken it."""

    def __init__(self, hub: HubSystem) -> None:
        super().__init__()
        self.hub = hub
        self.case = ""

    async def say(self, payload: Said, sender: str = "staff") -> None:
        await self.hub.done(payload, self.case, sender)

    async def refused(self, payload: Said, sender: str = "staff") -> None:
        await self.hub.refused(payload, self.case, sender)

    async def until(self, what: str, true: Callable[[Case], bool]) -> None:
        await self.hub.until_case(self.case, what, true)

    async def element_of(self, kind: str) -> Element:
        return next(e for e in (await self.hub.case(self.case)).elements if e.kind == kind)

    async def direct(self, what: str, **more: Any) -> None:
        await self.say(
            EnquiryDirected(
                by=SENIOR_PRACTITIONER,
                purpose="safeguarding_children",
                legal_basis="children_act_2004",
                rationale=self.why(what),
                **more,
            )
        )

    async def discuss(self, element_ids: list[str], discussion_id: str) -> None:
        view = self.text(f"view in {discussion_id}")
        await self.say(
            DiscussionRecorded(
                by=SENIOR_PRACTITIONER,
                discussion_id=discussion_id,
                elements=tuple(element_ids),
                participants=(SENIOR_PRACTITIONER, SERGEANT),
                mode=Mode.FACE_TO_FACE,
                summary=self.text(f"summary of {discussion_id}"),
                needed=tuple(
                    Needed(element_id=e.element_id, why=self.text(f"{e.kind}: why needed"))
                    for e in (await self.hub.case(self.case)).elements
                    if e.element_id in element_ids and e.owner != e.holder
                ),
                positions=(
                    Position(actor=SERGEANT, element_id=element_ids[0], position="release", view=view),
                ),
            )
        )

    async def decide(self, owner: str, **choices: ElementChoice) -> None:
        for kind, choice in choices.items():
            found = await self.element_of(kind)
            decision = Decision(element_id=found.element_id, choice=choice)
            await self.say(
                DisclosureDecided(
                    by=decision_maker(owner), discussion_id=found.discussion_id, decisions=(decision,)
                )
            )

    async def agree(self, what: str) -> None:
        await self.say(PackageAgreed(by=MANAGER, if_incomplete="partial_at_due", rationale=self.why(what)))
