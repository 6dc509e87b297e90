"""What is sent and copied is cleared in bulk, and a commit in between loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from agents.runtime.documents import Document, Documents
from agents.runtime.given import Given
from agents.runtime.relay import Relay
from agents.runtime.tracing import Tracing
from store.port import AuditEntry, Blob, Kept, OutboxEntry, Store, StoreError


class Recorder:
    """A store that writes down what it is asked, and lets a test do something in between."""

    def __init__(self) -> None:
        self.copied: list[int] = []
        self.vaulted: list[str] = []
        self.moved: dict[str, Sequence[str]] = {}
        self.settled: dict[str, Sequence[str]] = {}
        self.audited: dict[str, int] = {}
        self.meanwhile: Callable[[], None] = lambda: None
        self.fails = False

    async def append_audit(self, entries: Sequence[AuditEntry]) -> list[bool]:
        self.copied += [entry.seq for entry in entries]
        return [True] * len(entries)

    async def keep(self, blobs: Sequence[Blob]) -> None:
        self.vaulted += [blob.ref for blob in blobs]

    async def settle(
        self,
        settled: Mapping[str, Sequence[str]],
        audited: Mapping[str, int],
        vaulted: Mapping[str, Sequence[str]],
    ) -> None:
        if self.fails:
            raise StoreError("not now")
        self.settled, self.audited, self.moved = dict(settled), dict(audited), dict(vaulted)
        self.meanwhile()


def entry(seq: int) -> AuditEntry:
    return AuditEntry("case-1", seq, "{}", "", "")


KEPT = Kept(
    "case-1",
    3,
    "{}",
    outbox=(OutboxEntry("m-1", ""), OutboxEntry("m-2", "")),
    audit_pending=(entry(1), entry(2)),
    sealed=(Blob("m-0", "case-1", b""),),
)


@pytest.fixture
def store() -> Recorder:
    return Recorder()


@pytest.fixture
def documents(store: Recorder) -> Documents[Any]:
    return Documents(cast(Store, store), 10)


@pytest.fixture
def relay(store: Recorder, documents: Documents[Any]) -> Relay[Any]:
    given = Given(
        broker=cast(Any, None),
        store=cast(Store, store),
        vault=cast(Any, store),
        quarantine=cast(Any, None),
        clock=cast(Any, None),
        new_id=lambda: "id",
        wire_keys=cast(Any, None),
        audit_secret=b"",
        keeps_content=True,
    )
    return Relay(given, documents, Tracing("hub"))


@pytest.fixture
def document(documents: Documents[Any]) -> Document[Any]:
    document: Document[Any] = Document(KEPT)
    document.sent.add("m-1")
    documents.changed(document)
    return document


async def test_what_was_sent_is_cleared_and_what_was_not_stays(
    relay: Relay[Any], store: Recorder, document: Document[Any]
) -> None:
    await relay.settle(everything=True)
    assert store.settled == {"case-1": ["m-1"]}
    assert store.audited == {"case-1": 2}
    assert store.moved == {"case-1": ["m-0"]}
    assert [left.message_id for left in document.kept.outbox] == ["m-2"]
    assert document.kept.audit_pending == ()
    assert (document.kept.sealed, document.vaulted) == ((), set())
    assert document.sent == set()


async def test_a_document_that_just_changed_is_copied_but_left_for_its_next_commit_to_clear(
    relay: Relay[Any], store: Recorder, document: Document[Any]
) -> None:
    await relay.settle()
    assert (store.copied, store.vaulted) == ([1, 2], ["m-0"])
    assert store.settled == {}
    await relay.settle()
    assert (store.copied, store.vaulted) == ([1, 2], ["m-0"])
    assert store.settled == {"case-1": ["m-1"]}


async def test_a_commit_in_between_is_not_overwritten_and_is_looked_at_again(
    relay: Relay[Any], store: Recorder, documents: Documents[Any], document: Document[Any]
) -> None:
    after = replace(KEPT, version=4, outbox=(*KEPT.outbox, OutboxEntry("m-3", "")))

    def meanwhile() -> None:
        document.show(after)
        documents.changed(document)

    store.meanwhile = meanwhile
    await relay.settle(everything=True)
    assert document.kept is after
    assert document.unsent() == (OutboxEntry("m-2", ""), OutboxEntry("m-3", ""))
    store.meanwhile = lambda: None
    await relay.settle(everything=True)
    assert store.settled == {"case-1": ["m-1"]}
    assert [left.message_id for left in document.kept.outbox] == ["m-2", "m-3"]


async def test_nothing_is_forgotten_when_the_store_fails(
    relay: Relay[Any], store: Recorder, document: Document[Any]
) -> None:
    store.fails = True
    with pytest.raises(StoreError):
        await relay.settle(everything=True)
    assert document.kept is KEPT
    store.fails = False
    await relay.settle(everything=True)
    assert store.settled == {"case-1": ["m-1"]}
