"""A store that another version made is told as such, and left as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store import layout
from store.mongo import MongoStore
from store.port import Store
from tests.support.documents import a_document, first

OpenStore = Callable[[], Store]


def forget_the_number(folder: Path) -> None:
    (file,) = folder.glob("*.sqlite")
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA user_version = 0")


async def told_as_such(open_store: OpenStore) -> None:
    with pytest.raises(layout.OtherLayout, match="made by another version"):
        await open_store().verify()  # a file says so when it is opened
    with pytest.raises(layout.OtherLayout, match="made by another version"):
        await open_store().provision()


async def test_a_store_of_another_layout_is_told_as_such_and_left_as_it_is(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = a_document("case-1")
    await open_store().commit([first(document)])
    with monkeypatch.context() as newer:
        newer.setattr(layout, "LAYOUT", layout.LAYOUT + 1)
        await told_as_such(open_store)
    again = open_store()
    await again.provision()
    assert await again.verify() == []
    assert await again.load(["case-1"]) == {"case-1": document}


async def test_a_store_from_before_layouts_had_numbers_is_told_as_such(
    open_store: OpenStore, tmp_path: Path
) -> None:
    store = open_store()
    await store.commit([first(a_document("case-1"))])
    if isinstance(store, MongoStore):
        await store._database["layout"].delete_many({})
    else:
        forget_the_number(tmp_path)
    await told_as_such(open_store)
