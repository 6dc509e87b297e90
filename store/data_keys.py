"""The data keys of cases: made once, kept wrapped, held open in this process for a short while.

The key that wraps them is not in the store, so that whoever has the store alone can read nothing, and
destroying one wrapped key makes one case unreadable for good.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from messages.clock import Clock
from store import sealing
from store.port import Store

HELD_FOR = timedelta(minutes=1)
"""How long another process may go on to use the key of a case after it was destroyed."""

HELD_AT_MOST = 10_000


class DataKeys:
    """Opens and makes data keys. ``wrapping_key`` has 32 bytes."""

    def __init__(self, store: Store, wrapping_key: bytes, clock: Clock) -> None:
        self._store = store
        self._wrapping_key = sealing.checked_key(wrapping_key, "the vault's key")
        self._clock = clock
        self._held: OrderedDict[str, tuple[datetime, bytes]] = OrderedDict()

    async def made(self, cases: Iterable[str]) -> dict[str, bytes]:
        """The key of each case, a new one where there is none; destroyed ones are left out."""
        found, unknown = self._from_held(cases)
        if unknown:
            proposed = {case: aes_key_wrap(self._wrapping_key, sealing.new_key()) for case in unknown}
            found |= self._hold(await self._store.put_data_keys(proposed))
        return found

    async def there(self, cases: Iterable[str], *, fresh: bool) -> dict[str, bytes]:
        """The keys that exist; ``fresh`` asks the store even for those that are held."""
        found, unknown = ({}, set(cases)) if fresh else self._from_held(cases)
        if unknown:
            found |= self._hold(await self._store.get_data_keys(sorted(unknown)))
        return found

    async def destroy(self, case: str) -> None:
        await self._store.destroy_data_key(case)
        self._held.pop(case, None)

    def _from_held(self, cases: Iterable[str]) -> tuple[dict[str, bytes], set[str]]:
        now = self._clock.now()
        found: dict[str, bytes] = {}
        unknown: set[str] = set()
        for case in cases:
            until, key = self._held.get(case, (now, b""))
            if now < until:
                self._held.move_to_end(case)
                found[case] = key
            else:
                unknown.add(case)
        return found, unknown

    def _hold(self, wrapped: dict[str, bytes]) -> dict[str, bytes]:
        until = self._clock.now() + HELD_FOR
        opened = {case: self._unwrap(key) for case, key in wrapped.items()}
        for case, key in opened.items():
            self._held[case] = (until, key)
            self._held.move_to_end(case)
        while len(self._held) > HELD_AT_MOST:
            self._held.popitem(last=False)
        return opened

    def _unwrap(self, wrapped: bytes) -> bytes:
        try:
            return aes_key_unwrap(self._wrapping_key, wrapped)
        except InvalidUnwrap:
            raise sealing.Unreadable("a data key does not open with this vault key") from None
