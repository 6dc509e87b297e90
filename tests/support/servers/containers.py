"""Servers in containers, by Testcontainers: every port on the loopback address, no reaper."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import docker  # type: ignore[import-untyped]
import docker.errors  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer


def usable_image(setting: str, official: str, local: str) -> str | None:
    """The image to start, or None when no container engine answers or no image can be had.

    The environment variable ``setting`` decides when it is set; else the official image when it is
    here, else the local one when that is here, else the official one if it can be pulled.
    """
    if not _engine_listens():
        return None
    try:
        engine = docker.from_env()
    except docker.errors.DockerException:
        return None
    try:
        if chosen := os.environ.get(setting):
            return chosen
        for image in (official, local):
            if engine.images.list(name=image):
                return image
        engine.images.pull(official)
    except (docker.errors.DockerException, OSError):
        return None
    finally:
        engine.close()
    return official


def _engine_listens() -> bool:
    """Asked first because the engine's own client leaves a socket open when nobody answers."""
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not address.startswith("unix://"):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(address.removeprefix("unix://")) == 0


class Container:
    """One container. ``ports`` maps its own ports to fixed loopback ports, which a restart keeps."""

    def __init__(
        self,
        image: str,
        *,
        ports: Mapping[int, int],
        env: Mapping[str, str] | None = None,
        command: Sequence[str] = (),
    ) -> None:
        os.environ.setdefault("TESTCONTAINERS_CONNECTION_MODE", "docker_host")
        os.environ.setdefault("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
        os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
        # Reads the three settings above when it is first imported.
        from testcontainers.core.container import DockerContainer

        self._container: DockerContainer = DockerContainer(image, env=dict(env or {}))
        # The engine takes (address, port) here; Testcontainers' own type leaves the address out, and
        # without one the port would be open to the network.
        bound = {str(inside): ("127.0.0.1", outside) for inside, outside in ports.items()}
        self._container.ports = cast("dict[str, Any]", bound)
        if command:
            self._container.with_command(list(command))
        self._container.start()

    def restart(self) -> None:
        self._container.get_wrapped_container().restart(timeout=10)

    def crash(self) -> None:
        wrapped = self._container.get_wrapped_container()
        wrapped.kill()
        wrapped.wait()
        wrapped.start()

    def stop(self) -> None:
        self._container.stop()
