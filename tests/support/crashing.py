"""A process that dies at a chosen moment: everything it asks of the outside world passes a gate.

There is a moment before and one after every call to broker and store. A process that died never goes
on from there: no ``finally``, no clean-up, nothing more is asked of anybody.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, cast

from broker.port import Broker
from store.port import Store


class Gate:
    """Counts moments, and lets nobody pass from moment number ``dies_at`` on."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.moments: list[str] = []
        self.died = asyncio.Event()
        self._dies_at = dies_at

    async def moment(self, name: str) -> None:
        """Pass, or never return."""
        if not self.died.is_set():
            self.moments.append(name)
            if len(self.moments) == self._dies_at:
                self.died.set()
        if self.died.is_set():
            await asyncio.get_running_loop().create_future()


class _Mortal:
    """Wraps a port; what its calls return is wrapped too when it is a subscription."""

    def __init__(self, inner: Any, gate: Gate) -> None:
        self._inner = inner
        self._gate = gate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._mortal(name, found) if inspect.iscoroutinefunction(found) else found

    def _mortal(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            await self._gate.moment(f"before {name}")
            result = await call(*args, **kwargs)
            await self._gate.moment(f"after {name}")
            return _Mortal(result, self._gate) if name == "subscribe" else result

        return guarded


def mortal_broker(broker: Broker, gate: Gate) -> Broker:
    return cast(Broker, _Mortal(broker, gate))


def mortal_store(store: Store, gate: Gate) -> Store:
    return cast(Store, _Mortal(store, gate))
