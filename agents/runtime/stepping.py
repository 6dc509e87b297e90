"""Carries out steps: fold, seal what is new, commit, and again for those that lost the race.

All documents of a batch are loaded in one go and written in one go; a document whose compare-and-set
failed was changed by somebody else, so it is loaded again and its messages are decided on again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic

from agents.deciding import Agent, State
from agents.runtime.documents import Documents
from agents.runtime.folding import Fold, Plan
from agents.runtime.given import Given
from agents.runtime.opening import Incoming, Rejection, quarantined
from agents.runtime.tracing import Tracing
from store.port import Step, StoreError

MOST_RACES = 50

MOST_SEALED = 1_000_000
"""Bytes of sealed records that ride in one document. More go to their own place before the step: a
document has room for sixteen million."""

Work = Callable[[Fold[State]], None]
"""What is to be done to a document."""


class TooManyRaces(Exception):
    """Others changed a document again and again."""


class Steps(Generic[State]):
    """Turns work on documents into committed steps. ``on_due`` is told the due time that each sets."""

    def __init__(
        self, agent: Agent[State], given: Given, tracing: Tracing, documents: Documents[State]
    ) -> None:
        self._agent = agent
        self._given = given
        self._tracing = tracing
        self._documents = documents
        self.on_due: Callable[[datetime | None], None] = lambda due: None

    async def carry_out(self, works: Mapping[str, Work[State]], done: list[Plan[State]]) -> None:
        """Do the work on each document, by key, and put what came of it into ``done`` as it is won.

        Raises StoreError, VaultError, or whatever the work raises; what is in ``done`` then stands.
        """
        left = dict(works)
        put_aside: set[str] = set()
        looked_up: set[str] = set()
        for _ in range(MOST_RACES):
            documents = await self._documents.get(left)
            now = self._given.clock.now()
            plans = []
            for key, work in left.items():
                fold = Fold(self._agent, self._given, self._tracing, documents[key], now)
                work(fold)
                plans.append(fold.plan())
            if doubtful := {p.document.kept.key for p in plans if _refuses(p)} - looked_up:
                # Refused perhaps only for what another process has changed since the document was last
                # seen here; where there is no document to write, no lost race would show it.
                await self._documents.again(doubtful)
                looked_up |= doubtful
                continue
            rejections = [rejection for plan in plans for rejection in plan.rejections]
            put_aside |= {rejection.message_id for rejection in rejections}
            await self.put_aside(rejections)
            won = await self._commit(plans)
            done += won
            for plan in won:
                left.pop(plan.document.kept.key)
            if not left:
                break
        else:
            raise TooManyRaces
        await self._take_back(put_aside, done)

    async def put_aside(self, rejections: Sequence[Rejection]) -> None:
        """Into quarantine with these. Doing so again changes nothing."""
        if rejections:
            now = self._given.clock.now()
            await self._given.quarantine.put([quarantined(one, now) for one in rejections])

    async def _commit(self, plans: Sequence[Plan[State]]) -> list[Plan[State]]:
        """Write these, and return those that won (or had nothing to write)."""
        writing = await self._with_contents([(plan, plan.step) for plan in plans if plan.step is not None])
        won = [plan for plan in plans if plan.step is None]
        if not writing:
            return won
        try:
            results = await self._given.store.commit([step for _, step in writing])
        except StoreError:
            self._documents.forget(step.after.key for _, step in writing)
            raise
        stale = []
        for (plan, step), result in zip(writing, results, strict=True):
            document = plan.document
            if result:
                won.append(plan)
                plan.put_away()
                if step.after.version > document.kept.version:
                    document.show(step.after, plan.state)
                self._documents.changed(document)
                self.on_due(step.after.due)
            elif document.kept.version <= step.expected:
                stale.append(step.after.key)
        if stale:
            await self._documents.again(stale)
        return won

    async def _with_contents(
        self, writing: Sequence[tuple[Plan[State], Step]]
    ) -> list[tuple[Plan[State], Step]]:
        """Each step with its contents, sealed, so that both are there or neither."""
        contents = [content for plan, _ in writing for content in plan.contents]
        if not contents:
            return list(writing)
        blobs = await self._given.vault.seal(contents)
        together = []
        for plan, step in writing:
            sealed = (*step.after.sealed, *(blob for blob in blobs if blob.case == step.after.key))
            if sum(len(blob.sealed) for blob in sealed) > MOST_SEALED:
                await self._given.vault.keep(sealed)
                sealed = ()
            together.append((plan, replace(step, after=replace(step.after, sealed=sealed))))
        return together

    async def _take_back(self, put_aside: set[str], done: Sequence[Plan[State]]) -> None:
        """What was refused first and accepted after is not in quarantine: refused before a race was lost,
        or by a process that died before it knew that it had lost one, so that the message came again."""
        for plan in done:
            for item, _ in plan.outcomes:
                doubted = item.message_id in put_aside or item.delivery.attempt > 1
                if doubted and item.message_id in plan.document.kept.inbox:
                    await self._release(item)

    async def _release(self, item: Incoming | Rejection) -> None:
        found = await self._given.store.quarantined(message_id=item.message_id, bodies=False)
        # Not what somebody else sent under the same id.
        if found and all(one.user == item.delivery.user for one in found):
            await self._given.quarantine.release(item.message_id)


def _refuses(plan: Plan[Any]) -> bool:
    return any(outcome.kind in ("refused", "rejected") for _, outcome in plan.outcomes)
