"""The committed contract is current, and what was released in it stays as it was."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from messages import contract
from messages.catalogue import CATALOGUE
from messages.schema import schemas

COMMITTED = Path(__file__).parents[3] / "docs" / "reference" / "contract"
TYPE = "mash.package.acknowledged.v1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    contract.generate(tmp_path)
    return tmp_path


def declared(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]) -> None:
    """From here on the declarations give these schemas."""
    monkeypatch.setattr(contract, "schemas", lambda: changed)


def with_field(name: str, *, required: bool) -> dict[str, Any]:
    """The schemas as if one type had one more field."""
    found = copy.deepcopy(schemas())
    found[TYPE]["properties"][name] = {"type": "string"}
    if required:
        found[TYPE]["required"].append(name)
    return found


def test_the_committed_contract_is_current_and_keeps_what_was_released() -> None:
    assert contract.check(COMMITTED) == []


def test_generating_twice_gives_the_same_bytes(folder: Path) -> None:
    first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    contract.generate(folder)

    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == first


def test_a_part_can_be_generated_alone(tmp_path: Path) -> None:
    assert [p.name for p in contract.generate(tmp_path / "a", "asyncapi")] == ["asyncapi.json"]
    assert len(contract.generate(tmp_path / "s", "schemas")) == len(CATALOGUE) + 1


def test_a_file_that_is_not_current_is_named(folder: Path) -> None:
    (folder / "asyncapi.json").write_text("{}")
    (folder / "messages.md").unlink()

    assert [problem.split(" ")[0] for problem in contract.check(folder)] == ["asyncapi.json", "messages.md"]


def test_a_file_without_declaration_is_named(folder: Path) -> None:
    (folder / "schemas" / "mash.old.v1.json").write_text("{}")

    [problem] = contract.check(folder)

    assert problem.startswith("schemas/mash.old.v1.json has no declaration any more")


def test_a_release_freezes_every_schema_once(folder: Path) -> None:
    assert len(contract.release(folder)) == len(CATALOGUE) + 1
    assert contract.release(folder) == []
    assert contract.check(folder) == []


def test_a_released_schema_cannot_change_though_everything_is_generated_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract.release(folder)
    declared(monkeypatch, with_field("remark", required=True))
    contract.generate(folder)

    [problem] = contract.check(folder)

    assert problem.startswith(
        f"{TYPE} is released (1) and changed: remark: added, and not as an optional field"
    )
    with pytest.raises(ValueError, match="remark"):
        contract.release(folder)


def test_a_schema_that_was_not_released_may_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declared(monkeypatch, with_field("remark", required=True))
    contract.generate(folder)

    assert contract.check(folder) == []


def test_a_new_optional_field_may_be_released_and_is_frozen_from_then_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract.release(folder)
    declared(monkeypatch, with_field("remark", required=False))
    contract.generate(folder)
    [frozen] = contract.release(folder)
    assert frozen == folder / "released" / TYPE / "2.json"

    declared(monkeypatch, schemas())
    contract.generate(folder)

    [problem] = contract.check(folder)
    assert problem.startswith(f"{TYPE} is released (2) and changed: remark: removed")


def test_a_released_type_cannot_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contract.release(folder)
    declared(monkeypatch, {name: schema for name, schema in schemas().items() if name != TYPE})
    contract.generate(folder)
    (folder / "schemas" / f"{TYPE}.json").unlink()

    assert contract.check(folder) == [f"{TYPE} is released and has no declaration any more: declare it again"]


def test_a_frozen_copy_cannot_be_edited_or_lost(folder: Path) -> None:
    contract.release(folder)
    edited, lost = folder / "released" / TYPE / "1.json", folder / "released" / "envelope" / "1.json"
    edited.write_text(edited.read_text().replace("package_id", "parcel_id"))
    lost.unlink()

    problems = contract.check(folder)

    assert "released/envelope/1.json is listed and not there: restore it" in problems
    assert f"released/{TYPE}/1.json is not as it was released: restore it" in problems


def test_the_page_has_every_type_with_its_fields() -> None:
    page = contract.documents()["messages.md"]

    for name, schema in schemas().items():
        assert all(f"| `{field}` |" in page for field in schema["properties"])
        if name in CATALOGUE:
            assert f"### {name}" in page
            assert CATALOGUE[name].purpose in page
