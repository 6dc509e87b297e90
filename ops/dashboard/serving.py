"""Serves the dashboard over HTTP, in this process, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import uvicorn

from messages.parties import HUB
from ops.clocks import SystemClock
from ops.dashboard.app import create_app
from ops.dashboard.given import Given
from ops.dashboard.openid import OpenIdSignIn
from ops.dashboard.provider import Provider
from ops.dashboard.sign_in import DevelopmentSignIn
from ops.engines import clock_of, is_embedded, keys_of, new_id, open_store, partnership_of, vault_of
from ops.operations.looking import engines_of
from ops.problem import Problem, WrongInput
from ops.settings import Settings
from ops.speaking import HubSpeaker

LOOPBACK = "127.0.0.1"
PORT = 8765
_TO_END_S = 3
"""How long answers that are under way at the end may take."""


async def serve_dashboard(
    settings: Settings, host: str, port: int, told: asyncio.Event, ready: Callable[[str], None]
) -> None:
    """Serve until told. ``ready`` is called with the address once it listens.

    Raises
    ------
    WrongInput
        when there is no way to sign in that may be used there.
    Problem
        when nothing can listen at this host and port, or there is no hub.
    StoreError
    """
    partnership, clock, wall = partnership_of(settings), clock_of(settings), SystemClock()
    provider = _provider(settings)
    sign_in = (
        OpenIdSignIn(provider, partnership, wall, secrets.token_urlsafe)
        if provider
        else DevelopmentSignIn(partnership, host, embedded=_in_one_folder(settings))
    )
    keys = keys_of(settings, HUB)
    store = await open_store(settings, HUB)
    speaker = HubSpeaker(settings, store)
    engines = engines_of(settings)
    try:
        given = Given(
            store=store,
            vault=vault_of(store, keys, clock),
            audit_secret=keys.audit,
            index_key=keys.index,
            partnership=partnership,
            speaker=speaker,
            engines=engines,
            sign_in=sign_in,
            clock=clock,
            wall=wall,
            new_id=new_id,
            new_secret=secrets.token_urlsafe,
            secure=provider is not None and provider.secure,
            idle=timedelta(minutes=settings.dashboard_idle),
            longest=timedelta(hours=settings.dashboard_longest),
        )
        await serve(given, host, port, told, ready)
    finally:
        await engines.close()
        await speaker.close()
        await store.close()


def _in_one_folder(settings: Settings) -> bool:
    return settings.store_at.startswith("sqlite:") and is_embedded(settings, HUB)


def _provider(settings: Settings) -> Provider | None:
    """Who says who people are; None for the development sign-in. Raises `WrongInput`."""
    if settings.oidc_issuer is None:
        return None
    needed = ("oidc_client", "oidc_secret_file", "dashboard_url")
    if missing := [name for name in needed if getattr(settings, name) is None]:
        raise WrongInput(f"sign-in by {settings.oidc_issuer} also needs the settings {', '.join(missing)}")
    return Provider(
        issuer=settings.oidc_issuer,
        client=str(settings.oidc_client),
        secret=Path(str(settings.oidc_secret_file)).read_text(encoding="utf-8").strip(),
        claim=settings.oidc_claim,
        address=str(settings.dashboard_url),
    )


async def serve(
    given: Given, host: str, port: int, told: asyncio.Event, ready: Callable[[str], None]
) -> None:
    """Serve a dashboard over what it is given until told; ``ready`` is called with its address.

    Raises `Problem` when nothing can listen at this host and port.
    """
    with _listening(host, port) as listening:
        await _serve(given, listening, told, ready)


async def _serve(
    given: Given, listening: socket.socket, told: asyncio.Event, ready: Callable[[str], None]
) -> None:
    app = create_app(given)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # it has paths
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_TO_END_S,
        lifespan="on",
    )
    server = _Server(config, lambda: ready(_address(listening)))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    waiting = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        app.state.watching.end()
        server.should_exit = True
        await serving
    finally:
        waiting.cancel()


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


class _Server(uvicorn.Server):
    """Says when it listens, and leaves signals to whoever runs it: there may be a hub in the same process."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise Problem(
            f"nothing can listen at {host}, port {port} ({error.strerror}); give another --port, or 0 for any"
        ) from None
    with listening:
        yield listening
