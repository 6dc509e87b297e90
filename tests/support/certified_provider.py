"""A certified OpenID provider of others' making, on loopback for a test: `tests/browser/openid-provider`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / "browser" / "openid-provider"
CLIENT = "mash-dashboard"
SECRET = "a-secret-of-the-client-that-is-long-enough"
SYSTEM = "first_response"
"""The client that is a referral source's own system."""

LIMIT_S = 30.0


@dataclass(frozen=True)
class CertifiedProvider:
    """Where it is, and the port at which it expects the dashboard."""

    issuer: str
    dashboard_port: int

    @property
    def dashboard(self) -> str:
        return f"http://127.0.0.1:{self.dashboard_port}"


@contextmanager
def certified_provider() -> Iterator[CertifiedProvider]:
    """Run it until the block ends. Where it cannot be run the test is skipped, or fails with CI=true."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "oidc-provider").is_dir():
        why = "no OpenID provider: with Node 20 or newer, `npm ci` in tests/browser/openid-provider"
        if os.environ.get("CI") == "true":
            pytest.fail(why, pytrace=False)
        pytest.skip(why)
    port, dashboard_port = _free_ports()
    at = CertifiedProvider(f"http://127.0.0.1:{port}", dashboard_port)
    said = [str(port), CLIENT, SECRET, at.dashboard, SYSTEM]
    with subprocess.Popen(
        [node, "provider.mjs", *said], cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "listens\n"
            yield at
        finally:
            process.terminate()
            process.wait(LIMIT_S)


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
