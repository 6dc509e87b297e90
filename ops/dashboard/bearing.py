"""Who calls with an access token in place of a session: a program, for a person or for a referral source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ops.dashboard.given import Given
from ops.dashboard.sign_in import NotSignedIn, person_claimed
from ops.dashboard.viewer import Viewer, viewer_of


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token names, until it runs out: somebody of the register, or the system of a ``source``."""

    person: str
    agency: str
    until: datetime
    source: str | None = None

    def viewer_now(self, given: Given) -> Viewer | None:
        """As the register has them now; None when the token has run out or they are off the register."""
        if given.wall.now() >= self.until:
            return None
        if self.source is not None:
            nothing: frozenset[str] = frozenset()
            return Viewer(self.person, self.agency, nothing, nothing, None, source=self.source)
        return viewer_of(given.partnership, self.person, self.agency, given.today)


async def bearer_of(header: str, given: Given) -> Bearer | None:
    """Who it is by the header ``Authorization``; None when it is not believed."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        named = await given.sign_in.of_token(token.strip())
    except NotSignedIn:
        return None
    if named.claimed.startswith("source."):
        code = named.claimed.removeprefix("source.")
        source = given.partnership.sources.get(code)
        return Bearer(named.claimed, source.agency, named.until, code) if source else None
    who = person_claimed(named.claimed, given.partnership)
    return Bearer(who.person, who.agency, named.until) if who else None
