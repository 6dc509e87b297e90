"""An OpenID Connect provider that runs in the test: discovery, code with PKCE, signed identity tokens."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

ISSUER = "https://login.example"
CLIENT = "mash-dashboard"
AUDIENCE = "http://localhost/api/v1"
SECRET = "a-secret-of-the-client-that-is-long-enough"


@dataclass
class OpenIdProvider:
    """``person`` is who has an account there and signs in. ``instead`` are claims other than the right ones;
    ``by`` is how identity tokens are signed; ``says`` what it says of itself other than what is so. ``asked``
    counts what it was asked of itself; where there is ``slow``, it sets ``waiting`` and answers once
    ``slow`` is set."""

    person: str
    now: datetime
    instead: Mapping[str, Any] = field(default_factory=dict)
    by: str = "RS256"
    says: Mapping[str, Any] = field(default_factory=dict)
    away: bool = False
    signs_out: bool = False
    slow: asyncio.Event | None = None
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    keys_asked: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))

    def visited(self, url: str) -> str:
        """The person follows a link to the provider and signs in there; where they are sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{ISSUER}/authorize?")
        assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid")
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        async def discovery() -> Response:
            self.asked += 1
            if self.slow:
                self.waiting.set()
                await self.slow.wait()
            if self.away:
                return Response(status_code=503)
            return JSONResponse(
                {
                    "issuer": ISSUER,
                    "authorization_endpoint": f"{ISSUER}/authorize",
                    "token_endpoint": f"{ISSUER}/token",
                    "jwks_uri": f"{ISSUER}/keys",
                    **({"end_session_endpoint": f"{ISSUER}/end"} if self.signs_out else {}),
                    **self.says,
                }
            )

        @app.get("/keys")
        async def keys() -> Response:
            self.keys_asked += 1
            return JSONResponse({"keys": [self.key.as_dict(private=False)]})

        @app.post("/token")
        async def token(request: Request) -> Response:
            said = await request.form()
            asked = self.codes.pop(str(said["code"]), None)
            client = base64.b64decode(request.headers["authorization"].split()[1]).decode()
            challenge = hashlib.sha256(str(said["code_verifier"]).encode()).digest()
            spoken = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
            if asked is None or client != f"{CLIENT}:{SECRET}" or spoken != asked["code_challenge"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse(
                {"access_token": "access", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])}
            )

        return app

    def access_token(self, header: Mapping[str, str] | None = None, **instead: Any) -> str:
        """A token for the HTTP API (RFC 9068); a claim that is None is left out."""
        at = int(self.now.timestamp())
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": "s-1", "client_id": "another-dashboard", "jti": "t-1",
            "iat": at, "exp": at + 300, "mash_person": self.person, **instead,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = self.key if self.by == "RS256" else OctKey.import_key(SECRET)
        head = {"alg": self.by, "kid": str(self.key.kid), "typ": "at+jwt", **(header or {})}
        return jwt.encode(head, claims, key, algorithms=[self.by])

    def _signed(self, nonce: str) -> str:
        at = int(self.now.timestamp())
        claims = {
            "iss": ISSUER, "aud": CLIENT, "sub": "s-1", "nonce": nonce, "iat": at, "exp": at + 300,
            "mash_person": self.person, **self.instead,
        }  # fmt: skip
        if self.by == "none":
            parts = [b'{"alg":"none"}', json.dumps(claims).encode(), b""]
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
        key: Any = self.key if self.by == "RS256" else OctKey.import_key(SECRET)
        return jwt.encode({"alg": self.by, "kid": "k1"}, claims, key, algorithms=[self.by])
