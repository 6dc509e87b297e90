"""Sign-in with one's own organisation's account: OpenID Connect, authorisation code with PKCE (RFC 7636).

The provider says who it is; what that person may do is on the partnership's register alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from httpx2 import AsyncBaseTransport, HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from agents.partnership import Partnership
from messages.clock import Clock
from ops.dashboard.sessions import Session
from ops.dashboard.sign_in import NotSignedIn, Person, is_loopback
from ops.problem import WrongInput

_SIGNED_BY = ["RS256", "PS256", "ES256"]
"""Signatures by a key that only the provider has. Nothing else is taken, whatever the provider says."""

_LEEWAY_S = 60
_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Provider:
    """Whom the dashboard trusts to say who somebody is, as it was registered there.

    ``claim`` is the one that holds the person's id of the register, or ``PERSON@AGENCY`` where two agencies
    have the same id. ``address`` is where browsers reach the dashboard.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str
    address: str

    def __post_init__(self) -> None:
        """Raises `WrongInput` for an address that somebody on the way could listen to."""
        for name, url in (("oidc_issuer", self.issuer), ("dashboard_url", self.address)):
            parts = urlsplit(url)
            if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
                raise WrongInput(f"{name}: takes an address that begins with https://")

    @property
    def secure(self) -> bool:
        """Whether browsers reach the dashboard by https."""
        return self.address.startswith("https://")

    @property
    def back(self) -> str:
        """Where the provider sends people back to; it has to know this address."""
        return f"{self.address.rstrip('/')}/sign-in/back"


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
        self._transport = transport

    async def leave(self, session: Session) -> str:
        state, nonce = self._new_secret(), self._new_secret()
        verifier = self._new_secret() + self._new_secret()
        async with self._client() as client:
            metadata = await self._metadata(client)
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
            async with self._client() as client:
                metadata = await self._metadata(client)
                token = await client.fetch_token(
                    metadata["token_endpoint"], code=said["code"], code_verifier=underway["verifier"]
                )
                keys = (await client.request("GET", metadata["jwks_uri"], withhold_token=True)).json()
            claims = self._checked(token, KeySet.import_key_set(keys), underway["nonce"])
        except (AuthlibBaseError, JoseError, HTTPError, KeyError, ValueError, TypeError):
            # What they say may repeat what the provider sent.
            raise NotSignedIn("provider_not_believed") from None
        return self._person(claims.get(self._provider.claim))

    def _checked(self, token: Mapping[str, Any], keys: KeySet, nonce: str) -> Mapping[str, Any]:
        """The claims of the identity token, once signature, issuer, audience, times and nonce are right."""
        decoded = jwt.decode(token["id_token"], keys, algorithms=_SIGNED_BY)
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
        claims.validate(now=int(self._clock.now().timestamp()), leeway=_LEEWAY_S)
        return dict(claims)

    def _person(self, said: object) -> Person:
        person, _, agency = str(said or "").partition("@")
        fitting = [
            one for one in self._partnership.staff if one.person == person and agency in ("", one.agency)
        ]
        if len(fitting) != 1:
            raise NotSignedIn("person_unknown")
        return Person(fitting[0].person, fitting[0].agency)

    async def _metadata(self, client: Any) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery). Raises `NotSignedIn`."""
        where = f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            answer = await client.request("GET", where, withhold_token=True)
            answer.raise_for_status()
            metadata: dict[str, Any] = answer.json()
            if metadata["issuer"] != self._provider.issuer:
                raise NotSignedIn("provider_not_believed")
        except (HTTPError, ValueError, KeyError, TypeError):
            raise NotSignedIn("provider_away") from None
        return metadata

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            self._provider.client,
            self._provider.secret,
            scope="openid",
            redirect_uri=self._provider.back,
            code_challenge_method="S256",
            transport=self._transport,
            timeout=_LIMIT_S,
        )
