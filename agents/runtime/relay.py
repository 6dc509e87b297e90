"""The way out: publishes what steps decided to send, and clears what is done with.

Publishing follows each commit at once. Clearing the outbox and copying the audit entries happens in
the background and in bulk: a document that goes on changing is cleared by its own next commit, one
that has come to rest by `Relay.settle`. Until then nothing is lost; a message sent twice has the same
id and is taken once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Generic

from agents.deciding import State
from agents.runtime.documents import Document, Documents
from agents.runtime.given import Given
from agents.runtime.log import fault, log
from agents.runtime.made_here import marked
from agents.runtime.outgoing import Ready
from agents.runtime.tracing import Tracing
from broker.port import BrokerError, NotPublished, Outbound
from store.port import Blob, Kept, StoreError
from store.vault import VaultError

UNCONFIRMED, NO_CONTENT = "unconfirmed", "no_content"


class Relay(Generic[State]):
    """Sends for one agent.

    ``in_flight`` holds the ids of messages being published at this moment; ``trouble`` is set when some
    could not be, and is for whoever tries again to clear.
    """

    def __init__(self, given: Given, documents: Documents[State], tracing: Tracing) -> None:
        self._given = given
        self._documents = documents
        self._tracing = tracing
        self._at_last_look: dict[str, Kept] = {}
        self.in_flight: set[str] = set()
        self.trouble = asyncio.Event()

    async def send(
        self, ready: Sequence[Ready], direct: Sequence[Outbound], texts: Mapping[str, str]
    ) -> dict[str, str]:
        """Publish all of them, and return why for those that could not be, by message id.

        ``texts`` are contents at hand, by reference; the rest is read from the vault.
        """
        ready = [one for one in ready if not self.in_hand(one.key, one.entry.message_id)]
        ids = {one.entry.message_id for one in ready}
        self.in_flight |= ids
        try:
            sealed, failed = await self._sealed(ready, texts)
            failed |= await self._publish([*sealed, *direct])
        finally:
            self.in_flight -= ids
        sent = [one for one in ready if one.entry.message_id not in failed]
        for one in sent:
            self._note_sent(one.key, one.entry.message_id)
        if self._tracing.on:
            self._trace(sent)
        if failed:
            log.warning("not_published", count=len(failed), reason=min(failed.values()))
            self.trouble.set()
        return failed

    def _trace(self, sent: Sequence[Ready]) -> None:
        now = self._given.clock.now()
        for one in sent:
            parent = one.headers.get("traceparent")
            self._tracing.sent(one.entry.message_id, one.type, one.recipient, one.key, parent, one.said, now)

    def in_hand(self, key: str, message_id: str) -> bool:
        """Whether this very process is sending the message, or has."""
        document = self._documents.at_hand(key)
        return message_id in self.in_flight or (document is not None and message_id in document.sent)

    def _note_sent(self, key: str, message_id: str) -> None:
        if document := self._documents.at_hand(key):
            document.sent.add(message_id)
            self._documents.changed(document)

    async def _publish(self, messages: Sequence[Outbound]) -> dict[str, str]:
        if not messages:
            return {}
        try:
            await self._given.broker.publish([marked(one, self._given.audit_secret) for one in messages])
        except NotPublished as error:
            return error.failed
        except BrokerError as error:
            log.warning("broker_failed", **fault(error))
            return {message.message_id: UNCONFIRMED for message in messages}
        return {}

    async def _sealed(
        self, ready: Sequence[Ready], texts: Mapping[str, str]
    ) -> tuple[list[Outbound], dict[str, str]]:
        """The messages as they travel, and those whose content cannot be had now."""
        wanted = {one.entry.message_id: one.refs for one in ready}
        lacking = {ref for refs in wanted.values() for ref in refs if ref not in texts}
        if lacking:
            at_hand = self._sealed_in({one.key for one in ready})
            texts = {**texts, **await self._read(wanted.values(), lacking, at_hand)}
        sealed, failed = [], {}
        for one in ready:
            try:
                sealed.append(one.outbound(texts, self._given.wire_keys))
            except LookupError as error:
                log.error("not_sealed", message_id=one.entry.message_id, type=one.type, **fault(error))
                failed[one.entry.message_id] = NO_CONTENT
        return sealed, failed

    def _sealed_in(self, keys: Iterable[str]) -> list[Blob]:
        """The records that these documents hold until they are in the vault's own place."""
        documents = [self._documents.at_hand(key) for key in keys]
        return [blob for document in documents if document is not None for blob in document.kept.sealed]

    async def _read(
        self, groups: Iterable[Sequence[str]], lacking: set[str], at_hand: Sequence[Blob]
    ) -> dict[str, str]:
        """From the vault, in one go; message by message when one of them asks for what is gone."""
        read = partial(self._given.vault.texts_for_sending, at_hand=at_hand)
        try:
            return await read(sorted(lacking))
        except (StoreError, VaultError) as error:
            log.warning("vault_failed", **fault(error))
        found: dict[str, str] = {}
        for refs in groups:
            try:
                found |= await read([ref for ref in refs if ref in lacking])
            except (StoreError, VaultError):
                continue
        return found

    async def settle(self, *, everything: bool = False) -> None:
        """Copy the audit entries and sealed records of all that changed; clear the documents that have
        come to rest.

        A document that was committed to since the last call is cleared by its next commit or a later
        call, unless ``everything`` is asked for. Raises StoreError; then nothing is forgotten.
        """
        looked_at = dict(self._documents.unsettled)
        before = {key: document.kept for key, document in looked_at.items()}
        await self._copy(looked_at)
        rested = {k: kept for k, kept in before.items() if everything or self._at_last_look.get(k) is kept}
        sent = {
            key: [entry.message_id for entry in kept.outbox if entry.message_id in looked_at[key].sent]
            for key, kept in rested.items()
        }
        audited = {key: kept.audit_pending[-1].seq for key, kept in rested.items() if kept.audit_pending}
        vaulted = {key: [blob.ref for blob in kept.sealed] for key, kept in rested.items() if kept.sealed}
        if rested:
            await self._given.store.settle({k: ids for k, ids in sent.items() if ids}, audited, vaulted)
        for key in rested:
            # A commit that came in between may have written back what was cleared: look again then.
            if looked_at[key].kept is before[key]:
                looked_at[key].settled(sent[key], vaulted.get(key, ()))
                self._documents.unsettled.pop(key, None)
        self._at_last_look = {key: kept for key, kept in before.items() if key not in rested}

    async def _copy(self, documents: Mapping[str, Document[State]]) -> None:
        entries = [entry for document in documents.values() for entry in document.uncopied()]
        blobs = {key: document.unvaulted() for key, document in documents.items()}
        if entries:
            await self._given.store.append_audit(entries)
        for entry in entries:
            documents[entry.key].copied = entry.seq
        if records := [blob for each in blobs.values() for blob in each]:
            await self._given.vault.keep(records)
        for key, each in blobs.items():
            documents[key].vaulted |= {blob.ref for blob in each}
