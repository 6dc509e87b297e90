"""Browsers in which somebody is about to sign in.

What has to be known of each is in its own cookie, sealed. The dashboard keeps nothing of it, so that whoever
asks for the page ever so often puts nobody out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken

from messages.clock import Clock
from ops.dashboard.sessions import Session


class Strangers:
    """Those of one dashboard. The key is of this process: after a restart a sign-in begins anew."""

    def __init__(self, clock: Clock, idle: timedelta, new_secret: Callable[[], str]) -> None:
        """A sign-in goes on when its next step comes within ``idle`` of the last."""
        self._clock = clock
        self._idle = idle
        self._new_secret = new_secret
        self._fernet = Fernet(Fernet.generate_key())

    def begin(self) -> Session:
        """For a browser of which nothing is known."""
        return self._session(self._new_secret(), {})

    def sealed(self, session: Session) -> str:
        """What its cookie holds from now on."""
        known = json.dumps([session.form_token, session.underway])
        return self._fernet.encrypt_at_time(known.encode(), self._now_s()).decode()

    def find(self, cookie: str) -> Session | None:
        """By its cookie; None when it is too old, or none that was sealed here."""
        try:
            known = self._fernet.decrypt_at_time(
                cookie.encode(), int(self._idle.total_seconds()), self._now_s()
            )
        except InvalidToken:
            return None
        return self._session(*json.loads(known))

    def _session(self, form_token: str, underway: dict[str, str]) -> Session:
        now = self._clock.now()
        return Session("", form_token, now, now, underway=underway)

    def _now_s(self) -> int:
        return int(self._clock.now().timestamp())
