"""The documents an agent is working on, kept in memory so that most steps load nothing.

The copy here may be stale when another process works on the same document. That does no harm: the
compare-and-set of the next commit fails, the document is loaded again and the decision made again.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from typing import Generic

from agents.deciding import Agent, State
from store.port import AuditEntry, Blob, Kept, OutboxEntry, Store


class Document(Generic[State]):
    """A document as last seen, and what became of its outbox since.

    ``sent`` holds outbox entries that are published and not yet cleared; ``copied`` is the highest
    audit ``seq`` that is in the audit collection; ``vaulted`` holds references of sealed records that are
    in the vault's collection and not yet cleared. ``kept`` has version 0 while it does not exist.
    """

    __slots__ = ("_state", "copied", "kept", "sent", "vaulted")

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.sent: set[str] = set()
        self.copied = 0
        self.vaulted: set[str] = set()
        self._state: State | None = None

    @property
    def exists(self) -> bool:
        return self.kept.version > 0

    def state(self, agent: Agent[State]) -> State | None:
        """The state, decoded at most once for each version; None while there is no document."""
        if self._state is None and self.exists:
            self._state = agent.load(self.kept.key, self.kept.state)
        return self._state

    def show(self, kept: Kept, state: State | None = None) -> None:
        """This is how it stands now. ``state`` is left out when it must be decoded afresh."""
        self.kept = kept
        self._state = state
        self.vaulted &= {blob.ref for blob in kept.sealed}

    def unsent(self) -> tuple[OutboxEntry, ...]:
        """The outbox without what is published."""
        return tuple(entry for entry in self.kept.outbox if entry.message_id not in self.sent)

    def uncopied(self) -> tuple[AuditEntry, ...]:
        """The audit entries that are not in the audit collection, as far as is known here."""
        return tuple(entry for entry in self.kept.audit_pending if entry.seq > self.copied)

    def unvaulted(self) -> tuple[Blob, ...]:
        """The sealed records that are not in the vault's collection, as far as is known here."""
        return tuple(blob for blob in self.kept.sealed if blob.ref not in self.vaulted)

    def settled(self, sent: Iterable[str], vaulted: Iterable[str]) -> None:
        """The store has cleared these outbox entries and sealed records, and the audit up to ``copied``."""
        cleared, moved = set(sent), set(vaulted)
        self.sent -= cleared
        self.vaulted -= moved
        self.kept = replace(
            self.kept,
            outbox=tuple(e for e in self.kept.outbox if e.message_id not in cleared),
            audit_pending=self.uncopied(),
            sealed=tuple(blob for blob in self.kept.sealed if blob.ref not in moved),
        )


class Documents(Generic[State]):
    """The last ``room`` documents used, and all those with something to settle.

    ``stirred`` is set whenever there may be something new to settle.
    """

    def __init__(self, store: Store, room: int) -> None:
        self._store = store
        self._room = room
        self._recent: OrderedDict[str, Document[State]] = OrderedDict()
        self.unsettled: dict[str, Document[State]] = {}
        self.stirred = asyncio.Event()

    def expect_new(self, keys: Iterable[str]) -> None:
        """Take those of these that are not here for new, without looking.

        For one that exists, the commit of what is decided fails as it does for a stale copy.
        """
        for key in keys:
            if self.at_hand(key) is None:
                self._remember(Document(Kept(key, 0, "")))

    async def get(self, keys: Iterable[str]) -> dict[str, Document[State]]:
        """The documents with these keys, existing or not, loading in one go those that are not here."""
        found: dict[str, Document[State]] = {}
        missing: list[str] = []
        for key in keys:
            document = self.at_hand(key)
            if document is None:
                missing.append(key)
            else:
                found[key] = document
        if missing:
            loaded = await self._store.load(missing)
            for key in missing:
                # Another task may have brought it while this one waited: its copy is the newer one.
                document = self.at_hand(key) or Document(loaded.get(key) or Kept(key, 0, ""))
                found[key] = self._remember(document)
        return found

    def at_hand(self, key: str) -> Document[State] | None:
        """The document if it is here."""
        document = self._recent.get(key)
        if document is not None:
            self._recent.move_to_end(key)
            return document
        return self.unsettled.get(key)

    async def again(self, keys: Iterable[str]) -> None:
        """Load these afresh: what is here of them is stale, or may be."""
        wanted = list(keys)
        loaded = await self._store.load(wanted)
        for key in wanted:
            kept = loaded.get(key) or Kept(key, 0, "")
            document = self.at_hand(key) or self._remember(Document(kept))
            if kept.version > document.kept.version:
                document.show(kept)

    def changed(self, document: Document[State]) -> None:
        """See to it that it gets settled when there is something to settle."""
        if document.kept.outbox or document.kept.audit_pending or document.kept.sealed:
            self.unsettled[document.kept.key] = document
            self.stirred.set()

    def forget(self, keys: Iterable[str]) -> None:
        """Whether a commit of these took effect is not known: do not rely on what is here."""
        for key in keys:
            self._recent.pop(key, None)
            self.unsettled.pop(key, None)

    def _remember(self, document: Document[State]) -> Document[State]:
        self._recent[document.kept.key] = document
        self._recent.move_to_end(document.kept.key)
        while len(self._recent) > self._room:
            self._recent.popitem(last=False)
        return document
