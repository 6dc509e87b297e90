"""The board and the figures with many cases, as 50 people see them at once; part of ``make bench``.

For each engine that is there, in turns: a query of the same conditions written bare, and the page by HTTP
from a dashboard that is a process of its own. Then all look at once, and keep what they see open while cases
change, until each has the new rows: first all at the same page, which the dashboard looks at once for all of
them, then each at a list narrowed otherwise, of which it looks at every one.

python -m tests.benchmarks.board [--open 10000] [--closed 90000] [--viewers 50] [--changes 10] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypedDict
from urllib.parse import urlencode

import httpx2
import pymongo
from rich.console import Console
from rich.table import Table

from ops.dashboard.board import FILTERS, choices, row_of
from store.connect import connect
from store.port import COUNTED, Facet, Kept, Step, Store
from tests.benchmarks.board_server import LOOK_EVERY
from tests.benchmarks.many_cases import NOW, fill
from tests.support.procedure import PARTNERSHIP
from tests.support.servers import MongoServer, NoServer, mongo

ROWS = 50
WHERE: Mapping[str, Facet] = {"kind": "case", "open": True}
console = Console(stderr=True)
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_LIVE = re.compile(r'data-events="([^"]+)" data-part="([^"]+)"')
_DIGEST = re.compile(r'data-digest="([^"]+)"')
_ITEM = re.compile(r'data-item="([^"]+)"')
_LONGEST_S = 300.0
AGAIN_AFTER_S = 5.0
"""Seconds after which a browser makes a connection again that broke: what `ops.dashboard.live` asks for."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: open cases, ``closed`` ones behind them, people who look at once, and the changes
    that all of them are told of."""

    open: int = 10_000
    closed: int = 90_000
    viewers: int = 50
    changes: int = 10


class AtOnce(TypedDict):
    """All viewers at once, in milliseconds at the 95th percentile: ``first`` is the first response, ``live``
    from a change to the new rows. ``pages`` is how many different pages they see."""

    pages: int
    first: float
    live: float


class Measured(TypedDict):
    """In milliseconds. ``bare`` is the median of the bare query, ``found`` of the store's; ``alone`` the
    median of one viewer's page and ``ratio`` that by the bare query. ``same`` is everybody at one page,
    ``distinct`` each at their own; ``look_every`` may pass before anybody looks again. ``figures`` is the
    counting for 90 days."""

    bare: float
    found: float
    alone: float
    ratio: float
    same: AtOnce
    distinct: AtOnce
    look_every: float
    figures: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    usual = Size()
    parser.add_argument("--open", type=int, default=usual.open, help="open cases")
    parser.add_argument("--closed", type=int, default=usual.closed, help="closed cases behind them")
    parser.add_argument("--viewers", type=int, default=usual.viewers, help="people who look at once")
    parser.add_argument(
        "--changes", type=int, default=usual.changes, help="changes that everybody is told of"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    size = Size(options.open, options.closed, options.viewers, options.changes)
    found: dict[str, Measured] = {}
    try:
        with tempfile.TemporaryDirectory() as folder:
            found["SQLite"] = asyncio.run(on_sqlite(Path(folder), size))
        with mongo() as server:
            found["MongoDB"] = asyncio.run(_measure(server.url, _bare_mongo(server), size))
    except NoServer as why:
        console.print(f"MongoDB is left out: {why}")
    finally:  # one engine may have been measured before the other failed
        _show(found, size)
        if options.json:
            options.json.write_text(json.dumps(found, indent=2) + "\n")


Bare = Callable[[], Awaitable[object]]


async def on_sqlite(folder: Path, size: Size) -> Measured:
    """What is measured with the store in a folder, which has to be empty."""
    return await _measure(f"sqlite:///{folder}", _bare_sqlite(folder), size)


def _bare_sqlite(folder: Path) -> Bare:
    """The same page as somebody writes it first, with the state as it is kept and nothing made of it."""
    condition = """
        FROM documents d
        JOIN facets k ON k.key = d.key AND k.name = 'kind' AND k.value = 'case'
        JOIN facets o ON o.key = d.key AND o.name = 'open' AND o.value = 1
        JOIN facets u ON u.key = d.key AND u.name = 'urgent_at'
    """

    async def query() -> object:
        with sqlite3.connect(folder / "coordinator.sqlite") as connection:
            connection.execute(f"SELECT count(*) {condition}").fetchone()
            order = f"SELECT d.facets, d.state {condition} ORDER BY u.value, d.key LIMIT {ROWS}"
            return connection.execute(order).fetchall()

    return query


def _bare_mongo(server: MongoServer) -> Bare:
    async def query() -> object:
        async with pymongo.AsyncMongoClient[dict[str, Any]](server.url) as client:
            documents = client["mash-coordinator"]["documents"]
            where = {f"facets.{name}": value for name, value in WHERE.items()}
            await documents.count_documents(where)
            order = [("facets.urgent_at", 1), ("_id", 1)]
            return await documents.find(where).sort(order).limit(ROWS).to_list(None)

    return query


async def _measure(url: str, bare: Bare, size: Size) -> Measured:
    store = connect(url, agent="coordinator")
    try:
        await store.provision()
        console.print(f"{size.open} open and {size.closed} closed cases in {url.partition(':')[0]} ...")
        await fill(store, size.open, size.closed)
        with _dashboard(url) as address:
            async with _viewers(address, size.viewers) as viewers:
                bares, founds, alone = [], [], []
                for viewer in viewers[:10]:
                    bares.append(await _timed(bare))
                    founds.append(await _timed(partial(_find, store)))
                    alone.append(await _timed(partial(_get, viewer, "/board")))
                same = await _at_once(store, viewers, ["/board"] * len(viewers), size.changes)
                narrowed = await _narrowed(viewers[0], len(viewers))
                distinct = await _at_once(store, viewers, narrowed, size.changes)
                figures = [await _timed(partial(_count, store)) for _ in range(5)]
    finally:
        await store.close()
    return {
        "bare": _ms(median(bares)),
        "found": _ms(median(founds)),
        "alone": _ms(median(alone)),
        "ratio": round(median(a / b for a, b in zip(alone, bares, strict=True)), 2),
        "same": same,
        "distinct": distinct,
        "look_every": _ms(LOOK_EVERY.total_seconds()),
        "figures": _ms(median(figures)),
    }


async def _find(store: Store) -> object:
    return await store.find(WHERE, sort=[("urgent_at", 1)], limit=ROWS)


async def _count(store: Store) -> object:
    return await store.tally(COUNTED[1], COUNTED[0], "2011-12-07", "2012-03-05")


async def _get(viewer: httpx2.AsyncClient, path: str) -> str:
    answer = await viewer.get(path)
    answer.raise_for_status()
    return answer.text


async def _narrowed(viewer: httpx2.AsyncClient, number: int) -> list[str]:
    """So many boards that are narrowed otherwise and show a case, by as few filters as will do."""
    known = choices(PARTNERSHIP)
    found: list[str] = []
    for filters in (1, 2, 3):
        for names in itertools.combinations(FILTERS, filters):
            for values in itertools.product(*(known[name] for name in names)):
                path = "/board?" + urlencode(
                    {name: one.value for name, one in zip(names, values, strict=True)}
                )
                if _ITEM.search(await _get(viewer, path)):
                    found.append(path)
                if len(found) == number:
                    return found
    raise RuntimeError(f"{len(found)} lists show a case, and {number} are looked at: take more open cases")


async def _at_once(
    store: Store, viewers: Sequence[httpx2.AsyncClient], paths: Sequence[str], changes: int
) -> AtOnce:
    """Each viewer at the page of the same place in ``paths``."""
    pairs = list(zip(viewers, paths, strict=True))
    first = [
        seconds
        for _ in range(3)
        for seconds in await asyncio.gather(*(_timed(partial(_get, *pair)) for pair in pairs))
    ]
    live = await _live(store, pairs, changes)
    return {"pages": len(set(paths)), "first": _ms(_p95(first)), "live": _ms(_p95(live))}


@dataclass(slots=True)
class _Open:
    """A page that somebody keeps open: its addresses, the case at its top, and its rows as they come."""

    viewer: httpx2.AsyncClient
    events: str
    rows: str
    top: str
    heard: asyncio.Queue[tuple[float, str]]

    async def listen(self) -> None:
        """Take the new rows each time that something is otherwise, as live.js does in a browser: a connection
        that broke is made again, and costs the time of that."""
        while True:
            try:
                async with self.viewer.stream("GET", self.events, timeout=None) as stream:
                    stream.raise_for_status()
                    self.heard.put_nowait((time.perf_counter(), ""))
                    async for line in stream.aiter_lines():
                        if line == "event: changed":
                            rows = await _get(self.viewer, self.rows)
                            self.heard.put_nowait((time.perf_counter(), rows))
            except httpx2.TransportError:
                console.print("live updates broke off, as when the store does not answer in time")
            await asyncio.sleep(AGAIN_AFTER_S)

    async def until(self, says: str) -> float:
        """When it showed that. Rows that came before may show a change to another case of the page."""
        while True:
            at, rows = await self.heard.get()
            if says in rows:
                return at


async def _open(viewer: httpx2.AsyncClient, path: str) -> _Open:
    page = await _get(viewer, path)
    live, digest, top = _LIVE.search(page), _DIGEST.search(page), _ITEM.search(page)
    if live is None or digest is None or top is None:
        raise RuntimeError(f"{path} is not a board with a case and live updates")
    events, rows = (address.replace("&amp;", "&") for address in live.groups())
    return _Open(viewer, f"{events}&seen={digest[1]}", rows, top[1], asyncio.Queue())


async def _live(store: Store, pairs: Sequence[tuple[httpx2.AsyncClient, str]], changes: int) -> list[float]:
    """Seconds from each change, of the case at the top of every page, until each viewer has the new rows."""
    pages = [await _open(*pair) for pair in pairs]
    tops = list((await store.load(sorted({page.top for page in pages}))).values())
    found: list[float] = []
    async with asyncio.timeout(_LONGEST_S * changes), asyncio.TaskGroup() as group:
        listening = [group.create_task(page.listen()) for page in pages]
        for page in pages:
            await page.until("")
        for number in range(changes):
            stage = ("agreement", "disclosure")[number % 2]
            steps = [_step(top, stage) for top in tops]
            if not all(await store.commit(steps)):
                raise RuntimeError("the change was not written")
            began, tops = time.perf_counter(), [step.after for step in steps]
            says = {top.key: _says(top) for top in tops}
            found += [await page.until(says[page.top]) - began for page in pages]
        for task in listening:
            task.cancel()
    return found


def _step(case: Kept, stage: str) -> Step:
    after = replace(case, version=case.version + 1, facets={**case.facets, "stage": stage})
    return Step(case, after, f"change-{case.key}-{after.version}", NOW)


def _says(case: Kept) -> str:
    """What stands in the row of a case, and in no other one."""
    return f'data-item="{case.key}" data-says="{row_of(case, NOW).announced}"'


@contextmanager
def _dashboard(url: str) -> Iterator[str]:
    """A dashboard of its own process; ends it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.board_server", url, str(port)])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


@asynccontextmanager
async def _viewers(address: str, number: int) -> AsyncIterator[list[httpx2.AsyncClient]]:
    """So many browsers, each signed in as one of those who see every case."""
    overseeing = set(PARTNERSHIP.rights["oversee"])
    staff = [f"{one.person}@{one.agency}" for one in PARTNERSHIP.staff if overseeing & set(one.roles)]
    limits = httpx2.Limits(max_connections=4)
    viewers = [httpx2.AsyncClient(base_url=address, timeout=60, limits=limits) for _ in range(number)]
    try:
        for place, viewer in enumerate(viewers):
            token = _TOKEN.search((await _until_it_is_up(viewer)).text)
            assert token is not None
            said = {"person": staff[place % len(staff)], "form_token": token[1]}
            assert (await viewer.post("/sign-in", data=said)).status_code == 303
        yield viewers
    finally:
        for viewer in viewers:
            await viewer.aclose()


async def _until_it_is_up(viewer: httpx2.AsyncClient) -> httpx2.Response:
    for _ in range(300):
        try:
            return await viewer.get("/sign-in")
        except httpx2.ConnectError:
            await asyncio.sleep(0.1)
    raise RuntimeError("the dashboard did not start")


async def _timed(what: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await what()
    return time.perf_counter() - began


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)


def _show(found: Mapping[str, Measured], size: Size) -> None:
    engines = found.values()
    table = Table(
        "in milliseconds",
        *found,
        title=f"The board, {size.open} open cases of {size.open + size.closed}",
        caption=f"of live, {_ms(LOOK_EVERY.total_seconds()):.0f} ms may pass before anybody looks",
    )

    def row(name: str, *values: float, places: int = 0) -> None:
        table.add_row(name, *(f"{value:.{places}f}" for value in values))

    row("bare query", *(one["bare"] for one in engines))
    row("the store's query", *(one["found"] for one in engines))
    row("page, one viewer", *(one["alone"] for one in engines))
    row("page / bare", *(one["ratio"] for one in engines), places=2)
    row(f"page, {size.viewers} at the same, p95", *(one["same"]["first"] for one in engines))
    row("live, p95", *(one["same"]["live"] for one in engines))
    row(f"page, {size.viewers} each at their own, p95", *(one["distinct"]["first"] for one in engines))
    row("live, p95", *(one["distinct"]["live"] for one in engines))
    row("figures of 90 days", *(one["figures"] for one in engines))
    Console().print(table)


if __name__ == "__main__":
    main()
