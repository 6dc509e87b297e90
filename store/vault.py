"""The vault: the one place for personal data and free text, encrypted case by case.

A message's texts are one encrypted record; each text has a reference, ``<blob_ref>#<index>``, which is
all that states, messages at rest, audit and logs ever hold of it. Every read is on record before its
texts are given out.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from types import MappingProxyType

from messages.clock import Clock, NewId
from store import sealing
from store.appending import append_to_chain
from store.data_keys import DataKeys
from store.port import Blob, Store

REMEMBERED = 16_000_000
"""Bytes of sealed records that are kept in memory: thousands of records, a few kilobytes each."""


class VaultError(Exception):
    """The vault cannot give or take what was asked; asking again does not help. Never has content."""


class ContentMissing(VaultError):
    """There is nothing at a reference, or not in this case."""


class ContentDestroyed(VaultError):
    """The case's key was destroyed: its content is gone for good."""


class ContentUnreadable(VaultError):
    """The vault's key is another one than the content was sealed with, or somebody changed the content."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The person, or the part of the system, who reads: all three are ids, not names."""

    person: str
    role: str
    agency: str


def text_ref(blob_ref: str, index: int) -> str:
    """The reference of one text, counted from 0, in the record of its message."""
    return f"{blob_ref}#{index}"


def access_key(case: str) -> str:
    """The key of the audit chain that records who read a case's content."""
    return f"{case}/access"


class Vault:
    """Content by case. ``key`` (32 bytes) wraps the data keys and must not be kept in the store.

    Every method raises ``StoreError`` when the store cannot be reached: try again later.
    """

    def __init__(self, store: Store, key: bytes, audit_secret: bytes, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._keys = DataKeys(store, key, clock)
        self._audit_secret = audit_secret
        self._clock = clock
        self._new_id = new_id
        self._sealed_here: OrderedDict[str, Blob] = OrderedDict()
        self._bytes_here = 0

    async def expect(self, cases: Iterable[str]) -> None:
        """See to it that `seal` finds the keys of these cases at hand: new ones are made now.

        Those that were destroyed are for `seal` to complain of, if there is anything to be sealed.
        """
        with suppress(ContentDestroyed):
            await self._data_keys(set(cases), make=True)

    async def seal(self, items: Sequence[tuple[str, str, Sequence[str]]]) -> list[Blob]:
        """The texts of messages as records: each item is a record's reference, its case and its texts.

        They count once they are kept: in the step of their case's document (`Kept.sealed`) or by `keep`.

        Raises
        ------
        ContentDestroyed
            when a case's key was destroyed.
        """
        keys = await self._data_keys({case for _, case, _ in items}, make=True)
        return [
            Blob(ref, case, sealing.seal(keys[case], json.dumps(list(texts)).encode(), ref, case))
            for ref, case, texts in items
        ]

    async def keep(self, blobs: Sequence[Blob]) -> None:
        """Keep records in their own place. One that is there already stays as it is, so that keeping again
        is safe."""
        kept = await self._store.put_blobs(blobs)
        # Only what counts: a record that was there already may have other texts than these.
        self._remember(blob for blob, now in zip(blobs, kept, strict=True) if now)

    async def texts_for_sending(self, refs: Sequence[str], at_hand: Iterable[Blob] = ()) -> dict[str, str]:
        """The texts that a committed step decided to send, for the relay alone.

        ``at_hand`` are records that documents still hold and that may not be in their own place yet.
        The step's own audit entry is the record of this read; all other reading is by ``read``.

        Raises
        ------
        ContentMissing, ContentDestroyed, ContentUnreadable
        """
        return await self._texts(refs, case=None, at_hand={blob.ref: blob for blob in at_hand})

    def _remember(self, blobs: Iterable[Blob]) -> None:
        """Sealed as they are in the store: most are sent on within the hour."""
        for blob in blobs:
            if self._sealed_here.setdefault(blob.ref, blob) is blob:
                self._bytes_here += len(blob.sealed)
        while self._bytes_here > REMEMBERED:
            _, oldest = self._sealed_here.popitem(last=False)
            self._bytes_here -= len(oldest.sealed)

    async def read(self, case: str, refs: Sequence[str], *, reader: Reader, purpose: str) -> dict[str, str]:
        """The texts at ``refs``, after it is on record who reads them, when and what for.

        ``purpose`` is a code, never free text. What cannot be given is on record all the same.

        Raises
        ------
        ContentMissing, ContentDestroyed, ContentUnreadable
        """
        await self._record(
            case,
            {
                "act": "vault.read",
                "at": self._clock.now().isoformat(),
                "id": self._new_id(),
                "refs": sorted(set(refs)),
                "person": reader.person,
                "role": reader.role,
                "agency": reader.agency,
                "purpose": purpose,
            },
        )
        return await self._texts(refs, case=case)

    async def refuse(self, case: str, *, reader: Reader, purpose: str, reason: str) -> None:
        """Put on record that somebody asked to read and was not let; ``reason`` is a code."""
        await self._record(
            case,
            {
                "act": "vault.refused",
                "at": self._clock.now().isoformat(),
                "id": self._new_id(),
                "refs": [],
                "person": reader.person,
                "role": reader.role,
                "agency": reader.agency,
                "purpose": purpose,
                "reason": reason,
            },
        )

    async def forget(self, case: str, *, by: Sequence[Reader], purpose: str) -> None:
        """Destroy the case's key: its content can never be read again, its audit still verifies.

        Who decided it, the first of them above the others, and what for is on record first, as with a
        reading. Another process may still have the
        key in memory for `store.data_keys.HELD_FOR`. Copies of the store made earlier still hold the wrapped
        key; they are as safe as the key that wraps it.
        """
        await self._record(
            case,
            {
                "act": "vault.forgotten",
                "at": self._clock.now().isoformat(),
                "id": self._new_id(),
                "refs": [],
                **asdict(by[0]),
                "jointly_with": [asdict(one) for one in by[1:]],
                "purpose": purpose,
            },
        )
        await self._keys.destroy(case)

    async def _record(self, case: str, body: Mapping[str, object]) -> None:
        await append_to_chain(self._store, access_key(case), body, self._audit_secret)

    async def _texts(
        self, refs: Sequence[str], case: str | None, at_hand: Mapping[str, Blob] = MappingProxyType({})
    ) -> dict[str, str]:
        places = {ref: _place(ref) for ref in refs}
        wanted = {blob_ref for blob_ref, _ in places.values()}
        blobs = {ref: blob for ref in wanted if (blob := at_hand.get(ref) or self._recent(ref, case))}
        if away := wanted - blobs.keys():
            blobs |= await self._fetched(away, case)
        for blob_ref, _ in places.values():
            if blob_ref not in blobs or case not in (None, blobs[blob_ref].case):
                raise ContentMissing(f"there is no content at {blob_ref}")
        # What a person reads is asked of the store each time, so that a destroyed key counts at once.
        keys = await self._data_keys({b.case for b in blobs.values()}, fresh=case is not None)
        texts = {ref: _open(blob, keys[blob.case]) for ref, blob in blobs.items()}
        try:
            return {ref: texts[blob_ref][index] for ref, (blob_ref, index) in places.items()}
        except IndexError:
            raise ContentMissing("a record has fewer texts than a reference asks for") from None

    def _recent(self, ref: str, case: str | None) -> Blob | None:
        return self._sealed_here.get(ref) if case is None else None

    async def _fetched(self, refs: set[str], case: str | None) -> dict[str, Blob]:
        """From the vault's own place; of a case also what its document still holds."""
        blobs = await self._store.get_blobs(sorted(refs))
        if case is not None and refs - blobs.keys() and (found := await self._store.load([case])):
            blobs |= {blob.ref: blob for blob in found[case].sealed if blob.ref in refs}
            if moved := refs - blobs.keys():
                # Copied and cleared between the two looks.
                blobs |= await self._store.get_blobs(sorted(moved))
        return blobs

    async def _data_keys(
        self, cases: Iterable[str], *, make: bool = False, fresh: bool = False
    ) -> dict[str, bytes]:
        wanted = set(cases)
        try:
            keys = await (self._keys.made(wanted) if make else self._keys.there(wanted, fresh=fresh))
        except sealing.Unreadable as error:
            raise ContentUnreadable(str(error)) from None
        if gone := wanted - keys.keys():
            raise ContentDestroyed(f"the content was destroyed of {', '.join(sorted(gone))}")
        return keys


def _place(ref: str) -> tuple[str, int]:
    blob_ref, _, index = ref.rpartition("#")
    if not blob_ref or not (index.isascii() and index.isdigit()):
        raise ContentMissing("a reference is not of the form <record>#<number>")
    return blob_ref, int(index)


def _open(blob: Blob, key: bytes) -> list[str]:
    try:
        texts: list[str] = json.loads(sealing.unseal(key, blob.sealed, blob.ref, blob.case))
    except sealing.Unreadable as error:
        raise ContentUnreadable(f"{error}: {blob.ref}") from None
    return texts
