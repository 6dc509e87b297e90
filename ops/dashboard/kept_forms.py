"""Forms that were sent after the session had ended: nothing that somebody typed is lost for that.

Each is kept in memory alone, for a few minutes, and shown again to the same person once they have signed in
again. It has to come from the browser that had the session, with the token of that session.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from messages.clock import Clock
from ops.dashboard.forms import Written
from ops.dashboard.sessions import Session

KEPT_FOR = timedelta(minutes=15)
"""How long a form waits for its person."""

MOST = 1_000
"""How many sessions that ran out are remembered, by their tokens and whose they were; the oldest go first."""


@dataclass(frozen=True, slots=True)
class _RanOut:
    form_token: str = field(repr=False)
    person: str | None
    agency: str | None


@dataclass(frozen=True, slots=True)
class _Form:
    """What was written into the form at an address."""

    address: str
    written: Written = field(repr=False)
    until: datetime


class KeptForms:
    """The forms that wait in one dashboard, by the id of the session whose form it was, or is now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ran_out: OrderedDict[str, _RanOut] = OrderedDict()
        self._forms: dict[str, _Form] = {}

    def ran_out(self, session: Session) -> None:
        """Remember whose a session was that ended by itself."""
        self._forms.pop(session.id, None)
        self._ran_out[session.id] = _RanOut(session.form_token, session.person, session.agency)
        while len(self._ran_out) > MOST:
            self._forms.pop(self._ran_out.popitem(last=False)[0], None)

    def keep(self, session_id: str, token: str, address: str, written: Written) -> bool:
        """Keep what was sent with the token of a session that ran out. False for whatever else: of a session
        from before a restart nothing is known, nor whose it was."""
        before = self._ran_out.get(session_id)
        fits = before is not None and _same(before.form_token, token)
        if fits:
            self._put(session_id, address, written)
        return fits

    def keep_for(self, session: Session, token: str, address: str, written: Written) -> bool:
        """Keep what was sent with the token of an earlier session of the same person, who has meanwhile
        signed in again on another page of the browser. False for any other token."""
        whose = (session.person, session.agency)
        earlier = [one for one in self._ran_out.values() if (one.person, one.agency) == whose]
        fits = any(_same(one.form_token, token) for one in earlier)
        if fits:
            self._put(session.id, address, written)
        return fits

    def waits(self, session_id: str) -> bool:
        """Whether a form waits until the person of this session, which ran out, has signed in again."""
        return self._at(session_id) is not None

    def hand_over(self, session_id: str, to: Session) -> str | None:
        """Give the form of a session that ran out to the one after it; returns its address. When that one is
        somebody else's, it is forgotten."""
        before, form = self._ran_out.get(session_id), self._at(session_id)
        self._forms.pop(session_id, None)
        if before is None or form is None or (before.person, before.agency) != (to.person, to.agency):
            return None
        self._forms[to.id] = form
        return form.address

    def take(self, session: Session, address: str) -> Written | None:
        """What was written into the form at this address, once."""
        form = self._at(session.id)
        if form is None or form.address != address:
            return None
        del self._forms[session.id]
        return form.written

    def _put(self, session_id: str, address: str, written: Written) -> None:
        self._forms[session_id] = _Form(address, written, self._clock.now() + KEPT_FOR)
        asyncio.get_running_loop().call_later(KEPT_FOR.total_seconds() + 1, self._forget_old)

    def _at(self, session_id: str) -> _Form | None:
        self._forget_old()
        return self._forms.get(session_id)

    def _forget_old(self) -> None:
        now = self._clock.now()
        self._forms = {whose: form for whose, form in self._forms.items() if now < form.until}


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
