"""A URL chooses the engine, and nothing of a wrong one is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.connect import connect
from store.mongo import MongoStore
from store.port import StoreError
from tests.support.documents import a_document, first


async def test_each_agent_has_its_own_file_in_the_folder(tmp_path: Path) -> None:
    for agent in ("coordinator", "agency.police"):
        await connect(f"sqlite:///{tmp_path}/hub%20one", agent=agent).close()
    names = {path.name for path in (tmp_path / "hub one").iterdir()}
    assert names == {"coordinator.sqlite", "agency.police.sqlite"}


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("mongodb://127.0.0.1:9/", "mash-agency-police"),
        ("mongodb://127.0.0.1:9/?replicaSet=x", "mash-agency-police"),
        ("mongodb://127.0.0.1:9/demo1?replicaSet=x", "demo1-agency-police"),
    ],
)
async def test_each_agent_has_its_own_database(url: str, database: str) -> None:
    store = connect(url, agent="agency.police")
    assert isinstance(store, MongoStore)
    assert store._database.name == database
    await store.close()


@pytest.mark.parametrize("url", ["postgres://u:s3cret@h/", "sqlite:///", "s3cret", ""])
def test_another_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(StoreError) as raised:
        connect(url, agent="coordinator")
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("agent", ["", "../x", "A", "a/b", "a b"])
def test_an_agent_whose_name_is_no_file_name_is_refused(agent: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        connect(f"sqlite:///{tmp_path}", agent=agent)


async def test_a_file_that_is_no_database_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "coordinator.sqlite").write_bytes(b"something else entirely" * 500)
    with pytest.raises(StoreError):
        connect(f"sqlite:///{tmp_path}", agent="coordinator")


async def test_a_closed_store_says_so_as_a_store_error(tmp_path: Path) -> None:
    store = connect(f"sqlite:///{tmp_path}", agent="coordinator")
    await store.close()
    with pytest.raises(StoreError) as raised:
        await store.commit([first(a_document("case-1", state="secret"))])
    assert "secret" not in str(raised.value)
    assert not await store.healthy()
