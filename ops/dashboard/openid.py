"""Sign-in with one's own organisation's account: OpenID Connect, authorisation code with PKCE (RFC 7636).

The provider says who it is; what that person may do is on the partnership's register alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from httpx2 import AsyncBaseTransport, HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from agents.partnership import Partnership
from messages.clock import Clock
from ops.dashboard.access_tokens import AccessTokens
from ops.dashboard.provider import LEEWAY_S, SIGNED_BY, Provider, ProviderSite, is_safe
from ops.dashboard.sessions import Session
from ops.dashboard.sign_in import Named, NotSignedIn, Person, host_in, person_claimed


class OpenIdSignIn:
    """Sign-in by a provider. ``clock`` is the real one: the provider's times are of the world."""

    development = False
    from_elsewhere = True

    def __init__(
        self,
        provider: Provider,
        partnership: Partnership,
        clock: Clock,
        new_secret: Callable[[], str],
        transport: AsyncBaseTransport | None = None,
    ) -> None:
        self._provider = provider
        self._partnership = partnership
        self._clock = clock
        self._new_secret = new_secret
        self._site = ProviderSite(provider, transport)
        self._tokens = AccessTokens(provider, self._site, clock)

    def is_for_here(self, headers: Mapping[str, str]) -> bool:
        """By the name that browsers reach the dashboard by, which whatever stands before it hands on."""
        return host_in(headers) == self._provider.host

    async def leave(self, session: Session) -> str:
        state, nonce = self._new_secret(), self._new_secret()
        verifier = self._new_secret() + self._new_secret()
        async with self._site.client() as client:
            metadata = await self._site.metadata(client)
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        session.underway = {"state": state, "nonce": nonce, "verifier": verifier}
        return str(url)

    async def finish(self, session: Session, said: Mapping[str, str]) -> Person:
        underway, session.underway = session.underway, {}  # good for one time
        if not underway or not hmac.compare_digest(
            underway["state"].encode(), said.get("state", "").encode()
        ):
            raise NotSignedIn("not_begun_here")
        if "code" not in said:
            raise NotSignedIn("provider_refused")
        try:
            async with self._site.client() as client:
                metadata = await self._site.metadata(client)
                token = await client.fetch_token(
                    metadata["token_endpoint"], code=said["code"], code_verifier=underway["verifier"]
                )
                keys = await self._site.keys(client, metadata)
            claims = self._checked(token, keys, underway["nonce"])
        except (AuthlibBaseError, JoseError, HTTPError, KeyError, ValueError, TypeError):
            # What they say may repeat what the provider sent.
            raise NotSignedIn("provider_not_believed") from None
        who = person_claimed(str(claims.get(self._provider.claim) or ""), self._partnership)
        if who is None:
            raise NotSignedIn("person_unknown")
        return who

    async def of_token(self, token: str) -> Named:
        return await self._tokens.named(token)

    async def sign_out_at(self) -> str | None:
        """By RP-initiated logout, where the provider offers it. The identity token would be the hint of who
        signs out; it names the person, and so stands in no address: the provider asks them instead."""
        try:
            async with self._site.client() as client:
                metadata = await self._site.metadata(client)
        except NotSignedIn:
            return None
        where = metadata.get("end_session_endpoint")
        if not is_safe(where):
            return None
        said = {
            "client_id": self._provider.client,
            "post_logout_redirect_uri": self._provider.after_sign_out,
        }
        return f"{where}{'&' if '?' in where else '?'}{urlencode(said)}"

    def _checked(self, token: Mapping[str, Any], keys: KeySet, nonce: str) -> Mapping[str, Any]:
        """The claims of the identity token, once signature, issuer, audience, times and nonce are right."""
        decoded = jwt.decode(token["id_token"], keys, algorithms=SIGNED_BY)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": self._provider.issuer},
                "aud": {"essential": True, "value": self._provider.client},
            },
            {
                "nonce": nonce,
                "client_id": self._provider.client,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_S)
        return dict(claims)
