"""Access tokens of the HTTP API: JSON Web Tokens of the partnership's provider (RFC 9068)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from messages.clock import Clock
from ops.dashboard.provider import LEEWAY_S, SIGNED_BY, Provider, ProviderSite
from ops.dashboard.sign_in import Named, NotSignedIn

LONGEST = 8_000
"""Characters of a token."""

KEYS_FOR = timedelta(minutes=10)
"""How long the provider's keys are used before they are asked for again."""

KEYS_AT_MOST = timedelta(hours=1)
"""How long they are used while the provider does not give any."""

ASK_EVERY = timedelta(minutes=1)
"""How soon they are asked for again, given or not: anybody can make up tokens that none of them signed."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_TYPES = {"at+jwt", "application/at+jwt"}
_NEEDED = ("iss", "aud", "exp", "iat", "sub", "client_id", "jti")


class AccessTokens:
    """Looks at tokens by the provider's keys, which are kept for a while. ``clock`` is the real one.

    A token that is right by keys that are fresh waits for nothing, whatever others send and however slow the
    provider is.
    """

    def __init__(self, provider: Provider, site: ProviderSite, clock: Clock) -> None:
        self._provider = provider
        self._site = site
        self._clock = clock
        self._keys: KeySet | None = None
        self._read_at = self._asked_at = _LONG_AGO
        self._asking = asyncio.Lock()

    async def named(self, token: str) -> Named:
        """Whom a token is for, once signature, type, issuer, audience and times are right.

        Raises `NotSignedIn`.
        """
        if len(token) > LONGEST:
            raise NotSignedIn("token_not_believed")
        claims = self._checked(token, KEYS_FOR)
        if claims is None:
            await self._ask_again()
            claims = self._checked(token, KEYS_AT_MOST)
        if claims is None:
            raise NotSignedIn("token_not_believed")
        return self._named(claims)

    def _named(self, claims: Mapping[str, Any]) -> Named:
        claimed = claims.get(self._provider.claim)
        if not isinstance(claimed, str):
            raise NotSignedIn("token_not_believed")
        return Named(claimed, datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=LEEWAY_S))

    def _checked(self, token: str, oldest: timedelta) -> Mapping[str, Any] | None:
        """The claims of a token that is right by keys that are not older than this, else None."""
        if self._keys is None or self._clock.now() - self._read_at >= oldest:
            return None
        exactly: dict[str, Any] = {name: {"essential": True} for name in _NEEDED}
        exactly["iss"]["value"] = self._provider.issuer
        exactly["aud"]["value"] = self._provider.audience
        now = int(self._clock.now().timestamp())
        try:
            decoded = jwt.decode(token, self._keys, algorithms=SIGNED_BY)
            jwt.JWTClaimsRegistry(now=now, leeway=LEEWAY_S, **exactly).validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError):
            return None  # what they say may repeat what is in the token
        return decoded.claims if str(decoded.header.get("typ", "")).lower() in _TYPES else None

    async def _ask_again(self) -> None:
        """Ask the provider for its keys, unless it was asked just now; where it gives none the known stay."""
        async with self._asking:
            if self._clock.now() - self._asked_at < ASK_EVERY:
                return
            self._asked_at = self._clock.now()
            try:
                async with self._site.client() as client:
                    self._keys = await self._site.keys(client, await self._site.metadata(client))
            except (NotSignedIn, JoseError, HTTPError, KeyError, ValueError, TypeError):
                return
            self._read_at = self._clock.now()
