"""A RabbitMQ server for the tests, with the management plugin and an administrator."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.support.servers.containers import Container, usable_image
from tests.support.servers.processes import LocalProcess
from tests.support.servers.running import Given, NoServer, Running, free_port, wait_until

USER = "mash-admin"
PASSWORD = "only-for-tests"
DEBIAN_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
HOW = (
    "no RabbitMQ: start a container engine that has rabbitmq:4-management, or apt-get install "
    "rabbitmq-server, or set MASH_TEST_AMQP_URL and MASH_TEST_MANAGEMENT_URL"
)


@dataclass(frozen=True, slots=True)
class RabbitServer:
    """Where the server is, for its administrator. ``restart`` and ``crash`` return when it answers again."""

    amqp_url: str
    management_url: str
    user: str
    password: str
    _running: Running

    async def restart(self) -> None:
        await asyncio.to_thread(self._running.restart)
        await asyncio.to_thread(_wait_for, self)

    async def crash(self) -> None:
        await asyncio.to_thread(self._running.crash)
        await asyncio.to_thread(_wait_for, self)


@contextmanager
def rabbitmq() -> Iterator[RabbitServer]:
    """Start or find a server, and stop it afterwards if it was started here.

    Raises
    ------
    NoServer
        when there is no way to one.
    """
    if url := os.environ.get("MASH_TEST_AMQP_URL"):
        yield _given(url)
        return
    amqp, management = free_port(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="mash-rabbitmq-"))
    running: Running
    try:
        image = usable_image(
            "MASH_TEST_RABBITMQ_IMAGE", "rabbitmq:4-management", "local/rabbitmq:4-management"
        )
        if image:
            env = {"RABBITMQ_DEFAULT_USER": USER, "RABBITMQ_DEFAULT_PASS": PASSWORD}
            running = Container(image, ports={5672: amqp, 15672: management}, env=env)
        elif program := _program():
            running = _LocalNode(program, folder, amqp, management)
        else:
            raise NoServer(HOW)
        url = f"amqp://{USER}:{PASSWORD}@127.0.0.1:{amqp}/"
        server = RabbitServer(url, f"http://127.0.0.1:{management}", USER, PASSWORD, running)
        try:
            _wait_for(server)
            yield server
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _given(url: str) -> RabbitServer:
    parts = urlsplit(url)
    management = os.environ.get("MASH_TEST_MANAGEMENT_URL", f"http://{parts.hostname}:15672").rstrip("/")
    user, password = unquote(parts.username or "guest"), unquote(parts.password or "guest")
    return RabbitServer(url, management, user, password, Given())


def _program() -> str | None:
    # Debian's wrapper on the PATH changes user and folder; the script behind it runs where it is told.
    return str(DEBIAN_SERVER) if DEBIAN_SERVER.exists() else shutil.which("rabbitmq-server")


class _LocalNode:
    """A node with its own name, ports, folders, cookie and port mapper, apart from any other here."""

    def __init__(self, program: str, folder: Path, amqp: int, management: int) -> None:
        self._mapper = free_port()
        (folder / "enabled_plugins").write_text("[rabbitmq_management].\n")
        settings = {
            "listeners.tcp.local": f"127.0.0.1:{amqp}",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": management,
            "default_user": USER,
            "default_pass": PASSWORD,
            "log.console": "true",
        }
        (folder / "rabbitmq.conf").write_text("".join(f"{name} = {is_}\n" for name, is_ in settings.items()))
        (folder / "rabbitmq-env.conf").touch()
        self._env = {
            "HOME": str(folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._mapper),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_NODENAME": f"mash-test-{amqp}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        self._process = LocalProcess([program], folder, self._env)

    def restart(self) -> None:
        self._process.restart()

    def crash(self) -> None:
        self._process.crash()

    def stop(self) -> None:
        self._process.stop()
        # The node starts its port mapper as a daemon that outlives it; this one is ours alone.
        subprocess.run(
            ["epmd", "-port", str(self._mapper), "-kill"],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _wait_for(server: RabbitServer) -> None:
    amqp = urlsplit(server.amqp_url)
    login = base64.b64encode(f"{server.user}:{server.password}".encode()).decode()
    ask = urllib.request.Request(f"{server.management_url}/api/overview")
    ask.add_header("Authorization", f"Basic {login}")

    def answers() -> bool:
        with socket.create_connection((amqp.hostname or "127.0.0.1", amqp.port or 5672), timeout=5) as talk:
            talk.sendall(b"AMQP\x00\x00\x09\x01")
            if not talk.recv(1):
                return False
        try:
            with urllib.request.urlopen(ask, timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            error.close()
            return False

    wait_until(answers, "RabbitMQ")
