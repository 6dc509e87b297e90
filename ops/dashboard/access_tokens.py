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

ASK_EVERY = timedelta(minutes=1)
"""How soon they are asked for again for a token that none of them signed: anybody can make up such tokens."""

_TYPES = {"at+jwt", "application/at+jwt"}
_NEEDED = ("iss", "aud", "exp", "iat", "sub", "client_id", "jti")


class AccessTokens:
    """Looks at tokens by the provider's keys, which are kept for a while. ``clock`` is the real one."""

    def __init__(self, provider: Provider, site: ProviderSite, clock: Clock) -> None:
        self._provider = provider
        self._site = site
        self._clock = clock
        self._keys: KeySet | None = None
        self._asked_at = datetime.min.replace(tzinfo=UTC)
        self._asking = asyncio.Lock()

    async def named(self, token: str) -> Named:
        """Whom a token is for, once signature, type, issuer, audience and times are right.

        Raises `NotSignedIn`.
        """
        if len(token) > LONGEST:
            raise NotSignedIn("token_not_believed")
        for oldest in (KEYS_FOR, ASK_EVERY):
            claims = self._checked(token, await self._known(oldest))
            if claims is not None:
                return self._named(claims)
        raise NotSignedIn("token_not_believed")

    def _named(self, claims: Mapping[str, Any]) -> Named:
        claimed = claims.get(self._provider.claim)
        if not isinstance(claimed, str):
            raise NotSignedIn("token_not_believed")
        return Named(claimed, datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=LEEWAY_S))

    def _checked(self, token: str, keys: KeySet) -> Mapping[str, Any] | None:
        """The claims of a token that is right, else None."""
        exactly: dict[str, Any] = {name: {"essential": True} for name in _NEEDED}
        exactly["iss"]["value"] = self._provider.issuer
        exactly["aud"]["value"] = self._provider.audience
        now = int(self._clock.now().timestamp())
        try:
            decoded = jwt.decode(token, keys, algorithms=SIGNED_BY)
            jwt.JWTClaimsRegistry(now=now, leeway=LEEWAY_S, **exactly).validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError):
            return None  # what they say may repeat what is in the token
        return decoded.claims if str(decoded.header.get("typ", "")).lower() in _TYPES else None

    async def _known(self, oldest: timedelta) -> KeySet:
        """The provider's keys, asked for again when they are older than this. Raises `NotSignedIn`."""
        async with self._asking:
            if self._keys is None or self._clock.now() - self._asked_at >= oldest:
                try:
                    async with self._site.client() as client:
                        self._keys = await self._site.keys(client, await self._site.metadata(client))
                except (JoseError, HTTPError, KeyError, ValueError, TypeError):
                    raise NotSignedIn("provider_away") from None
                self._asked_at = self._clock.now()
            return self._keys
