"""The partnership's OpenID Connect provider: whom the dashboard trusts to say who somebody is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from authlib.integrations.httpx_client import AsyncOAuth2Client
from httpx2 import AsyncBaseTransport, HTTPError
from joserfc.jwk import KeySet

from ops.dashboard.sign_in import NotSignedIn, is_loopback
from ops.problem import WrongInput

SIGNED_BY = ["RS256", "PS256", "ES256"]
"""Signatures by a key that only the provider has. Nothing else is taken, whatever the provider says."""

LEEWAY_S = 60
_LIMIT_S = 10.0

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
"""Where people, the client's secret and their codes go, and where keys come from."""


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
            if not is_safe(url):
                raise WrongInput(f"{name}: takes an address that begins with https://")

    @property
    def secure(self) -> bool:
        """Whether browsers reach the dashboard by https."""
        return self.address.startswith("https://")

    @property
    def host(self) -> str:
        """The name that browsers reach the dashboard by."""
        return urlsplit(self.address).hostname or ""

    @property
    def back(self) -> str:
        """Where the provider sends people back to; it has to know this address."""
        return f"{self.address.rstrip('/')}/sign-in/back"

    @property
    def after_sign_out(self) -> str:
        """Where it sends them back to when they have signed out there; it has to know this address too."""
        return f"{self.address.rstrip('/')}/sign-in"

    @property
    def audience(self) -> str:
        """What access tokens of the HTTP API have to be for (RFC 9068 ``aud``)."""
        return f"{self.address.rstrip('/')}/api/v1"


def is_safe(url: object) -> TypeGuard[str]:
    """Whether something is an address, and nobody on the way to it could listen."""
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


class ProviderSite:
    """What the provider offers over HTTP."""

    def __init__(self, provider: Provider, transport: AsyncBaseTransport | None = None) -> None:
        self._provider = provider
        self._transport = transport

    def client(self) -> Any:
        """A client of the provider, to be used as a context."""
        return AsyncOAuth2Client(
            self._provider.client,
            self._provider.secret,
            scope="openid",
            redirect_uri=self._provider.back,
            code_challenge_method="S256",
            transport=self._transport,
            timeout=_LIMIT_S,
        )

    async def metadata(self, client: Any) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery). Raises `NotSignedIn`, also where
        somebody on the way could listen to what goes there."""
        where = f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            answer = await client.request("GET", where, withhold_token=True)
            answer.raise_for_status()
            metadata: dict[str, Any] = answer.json()
            safe = all(is_safe(metadata[name]) for name in _ENDPOINTS)
            if metadata["issuer"] != self._provider.issuer or not safe:
                raise NotSignedIn("provider_not_believed")
        except (HTTPError, ValueError, KeyError, TypeError):
            raise NotSignedIn("provider_away") from None
        return metadata

    async def keys(self, client: Any, metadata: dict[str, Any]) -> KeySet:
        """The keys that it signs with. Raises JoseError, HTTPError, KeyError, ValueError, TypeError."""
        answer = await client.request("GET", metadata["jwks_uri"], withhold_token=True)
        answer.raise_for_status()
        return KeySet.import_key_set(answer.json())
