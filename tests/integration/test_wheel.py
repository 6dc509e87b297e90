"""The wheel, as the image installs it: all of the hub is in it, and it works without the source tree."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from httpx2 import Client

from tests.support.pages import ROOT

PACKAGES = ("messages", "broker", "store", "agents", "ops")
LIMIT_S = 120.0
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_EVERY_MODULE = f"""
import importlib, pkgutil, sys
for package in map(importlib.import_module, {PACKAGES}):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith(".__main__"):  # those begin at once
            importlib.import_module(module.name)
for name, module in sys.modules.items():
    if name.partition(".")[0] in {PACKAGES}:
        print(module.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the pinned requirements that are installed here, with nothing fetched."""
    out = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-w", out, ROOT], check=True, timeout=LIMIT_S)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def _environment(installed: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(installed)}


def test_the_wheel_has_every_file_of_the_packages_and_nothing_that_only_makes_them(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        there = {name for name in packed.namelist() if ".dist-info/" not in name}
    tree = (file for package in PACKAGES for file in (ROOT / package).rglob("*") if file.is_file())
    names = (file.relative_to(ROOT).as_posix() for file in tree if "__pycache__" not in file.parts)
    assert there == {name for name in names if not name.startswith("ops/dashboard/frontend/")}


def test_every_module_is_imported_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _EVERY_MODULE]
    done = subprocess.run(
        command, cwd=tmp_path, env=_environment(installed), capture_output=True, text=True, timeout=LIMIT_S
    )
    assert done.returncode == 0, done.stderr
    found = done.stdout.split()
    assert len(found) > 100
    assert [file for file in found if not file.startswith(f"{installed}/")] == []


def test_the_dashboard_of_the_wheel_serves_its_pages_and_every_static_file(
    installed: Path, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "ops.cli",
        "up",
        "--data",
        "data",
        "--dashboard",
        "--port",
        "0",
    ]
    with (
        (tmp_path / "up.log").open("w") as log,
        subprocess.Popen(
            command, cwd=tmp_path, env=_environment(installed), stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("up in")
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address is not None
            with Client(
                base_url=address[0], follow_redirects=True, timeout=LIMIT_S, trust_env=False
            ) as browser:
                token = _TOKEN.search(browser.get("/sign-in").text)
                assert token is not None
                said = {"form_token": token[1], "person": "POL-SGT-01@police"}
                assert "<h1" in browser.post("/sign-in", data=said).text
                static = installed / "ops/dashboard/static"
                for file in (one for one in static.rglob("*") if one.is_file()):
                    answer = browser.get(f"/static/{file.relative_to(static).as_posix()}")
                    assert (answer.status_code, answer.content) == (200, file.read_bytes()), file.name
        finally:
            process.send_signal(signal.SIGINT)
