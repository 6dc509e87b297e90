"""What others made and the dashboard shows, or its tests use: named, licensed and unchanged."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.support.pages import ROOT

FOLDERS = (
    ROOT / "ops/dashboard/static/vendor",
    ROOT / "ops/dashboard/fonts",
    ROOT / "tests/browser/axe-core",
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_file_has_a_version_a_licence_and_its_hash(folder: Path) -> None:
    listed = json.loads((folder / "vendored.json").read_text())
    there = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert there == {*listed["files"], "vendored.json"}
    for name, said in listed["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == said["sha256"], name
    for package in listed["packages"].values():
        assert package["version"]
        assert package["license"]
    assert any(name.endswith("LICENSE.txt") for name in there)


def test_the_style_sheet_was_made_of_the_sources_as_they_are() -> None:
    listed = json.loads((FOLDERS[0] / "vendored.json").read_text())["sources"]
    sources = (ROOT / "ops/dashboard/frontend").glob("*.scss")
    there = {source.name: hashlib.sha256(source.read_bytes()).hexdigest() for source in sources}
    assert there == listed, (
        "build it: cd ops/dashboard/frontend && npm install --no-package-lock && npm run build"
    )


def test_no_crown_no_crest_and_no_font_of_the_government_is_there() -> None:
    style = (FOLDERS[0] / "dashboard.css").read_text()
    assert "@font-face" not in style
    assert "GDS Transport" not in style
    for file in FOLDERS[0].rglob("*"):
        assert not [word for word in ("crown", "crest", "logotype", ".woff") if word in file.name]
