"""Forms that were sent after the session had ended, or when something failed: nothing that somebody typed is
lost for that.

Each is kept in memory alone, for a few minutes, and shown again to the same person, after a session that had
ended once they have signed in again. It has to come from the browser that had the session, with the token of
that session.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from messages.clock import Clock
from ops.dashboard.forms import Written
from ops.dashboard.sessions import Session

KEPT_FOR = timedelta(minutes=15)
"""How long a form waits for its person."""

MOST = 1_000
"""How many sessions that ran out are remembered, by their tokens and whose they were; the oldest go first."""


MOST_OF_ONE = 10
"""How many forms wait for one session, each at another address; the oldest go first."""

SIGNED_IN_AGAIN = "You are signed in again. What you had written is as you left it, and has not been sent."
FAILED = (
    "Something went wrong when you sent this form. What you had written is as you left it. "
    "Send it again: it counts once."
)


@dataclass(frozen=True, slots=True)
class _RanOut:
    form_token: str = field(repr=False)
    person: str | None
    agency: str | None


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was written into the form at an address, and what its person is told who is shown it again.
    ``others`` are the addresses of further forms that wait for them."""

    address: str
    written: Written = field(repr=False)
    told: str
    until: datetime
    person: str | None
    agency: str | None
    others: tuple[str, ...] = ()


class KeptForms:
    """The forms that wait in one dashboard, by the id of the session whose form it was, or is now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ran_out: OrderedDict[str, _RanOut] = OrderedDict()
        self._forms: dict[str, dict[str, KeptForm]] = {}

    def ran_out(self, session: Session) -> None:
        """Remember whose a session was that ended by itself."""
        self.forget(session)
        self._ran_out[session.id] = _RanOut(session.form_token, session.person, session.agency)
        while len(self._ran_out) > MOST:
            self._forms.pop(self._ran_out.popitem(last=False)[0], None)

    def keep(self, session_id: str, token: str, address: str, written: Written) -> bool:
        """Keep what was sent with the token of a session that ran out. False for whatever else: of a session
        from before a restart nothing is known, nor whose it was."""
        before = self._ran_out.get(session_id)
        fits = before is not None and _same(before.form_token, token)
        if before is not None and fits:
            self._put(session_id, before, address, written, SIGNED_IN_AGAIN)
        return fits

    def keep_for(self, session: Session, token: str, address: str, written: Written) -> bool:
        """Keep what was sent with the token of an earlier session of the same person, who has meanwhile
        signed in again on another page of the browser. False for any other token."""
        whose = (session.person, session.agency)
        earlier = [one for one in self._ran_out.values() if (one.person, one.agency) == whose]
        fits = any(_same(one.form_token, token) for one in earlier)
        if fits:
            self._put(session.id, session, address, written, SIGNED_IN_AGAIN)
        return fits

    def keep_failed(self, session: Session, address: str, written: Written) -> None:
        """Keep what somebody who is signed in sent when something failed: nobody knows how far it got. It is
        the same form when it is sent again, and so says nothing twice."""
        self._put(session.id, session, address, written, FAILED)

    def waits(self, session_id: str) -> bool:
        """Whether a form waits until the person of this session, which ran out, has signed in again."""
        return bool(self._of(session_id))

    def hand_over(self, session_id: str, to: Session) -> str | None:
        """Give the forms of a session that ran out, or that gave way to another, to the one after it; returns
        the address of the latest. Those of somebody else are forgotten."""
        whose = (to.person, to.agency)
        theirs = {
            address: form
            for address, form in self._of(session_id).items()
            if (form.person, form.agency) == whose
        }
        self._forms.pop(session_id, None)
        if theirs:
            self._forms[to.id] = theirs
        return next(reversed(theirs), None)

    def take(self, session: Session, address: str) -> KeptForm | None:
        """The form at this address as it was left, once."""
        waiting = self._of(session.id)
        form = waiting.pop(address, None)
        return replace(form, others=tuple(waiting)) if form is not None else None

    def forget(self, session: Session) -> None:
        """Keep nothing that waits for this session."""
        self._forms.pop(session.id, None)

    def _put(
        self, session_id: str, whose: Session | _RanOut, address: str, written: Written, told: str
    ) -> None:
        waiting = self._of(session_id)
        waiting.pop(address, None)  # so that it is the latest
        until = self._clock.now() + KEPT_FOR
        waiting[address] = KeptForm(address, written, told, until, whose.person, whose.agency)
        while len(waiting) > MOST_OF_ONE:
            del waiting[next(iter(waiting))]
        self._forms[session_id] = waiting
        asyncio.get_running_loop().call_later(KEPT_FOR.total_seconds() + 1, self._forget_old)

    def _of(self, session_id: str) -> dict[str, KeptForm]:
        """Those that wait for a session, the latest last."""
        self._forget_old()
        return self._forms.get(session_id, {})

    def _forget_old(self) -> None:
        now = self._clock.now()
        for whose, forms in list(self._forms.items()):
            for address in [one.address for one in forms.values() if one.until <= now]:
                del forms[address]
            if not forms:
                del self._forms[whose]


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
