"""The board and the figures with many cases, as 50 people see them at once; part of ``make bench``.

For each engine that is there, in turns: a query of the same conditions written bare, and the page by HTTP
from a dashboard that is a process of its own. Then all keep the page open, a case changes, and it is measured
until each has the new rows.

python -m tests.benchmarks.board [--open 10000] [--closed 90000] [--viewers 50] [--changes 10] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
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
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypedDict

import httpx2
import pymongo
from rich.console import Console
from rich.table import Table

from store.connect import connect
from store.port import COUNTED, Facet, Step, Store
from tests.benchmarks.board_server import LOOK_EVERY
from tests.benchmarks.many_cases import NOW, fill
from tests.support.procedure import PARTNERSHIP
from tests.support.servers import MongoServer, NoServer, mongo

ROWS = 50
WHERE: Mapping[str, Facet] = {"kind": "case", "open": True}
console = Console(stderr=True)
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_EVENTS = re.compile(r'data-events="([^"]+)" data-rows="([^"]+)"')
_DIGEST = re.compile(r'data-digest="([^"]+)"')


class Measured(TypedDict):
    """In milliseconds. ``bare`` is the median of the bare query, ``found`` of the store's; ``first`` is the
    first response at the 95th percentile of all viewers at once, ``alone`` the median of one by one and
    ``ratio`` that by the bare query. ``live`` is from a change to the new rows at the 95th percentile; of it
    ``look_every`` may pass before anybody looks. ``figures`` is the counting for 90 days."""

    bare: float
    found: float
    alone: float
    ratio: float
    first: float
    live: float
    look_every: float
    figures: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--open", type=int, default=10_000, help="open cases")
    parser.add_argument("--closed", type=int, default=90_000, help="closed cases behind them")
    parser.add_argument("--viewers", type=int, default=50, help="people who look at once")
    parser.add_argument("--changes", type=int, default=10, help="changes that everybody is told of")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as folder:
        found["SQLite"] = asyncio.run(_measure(f"sqlite:///{folder}", _bare_sqlite(Path(folder)), options))
    try:
        with mongo() as server:
            found["MongoDB"] = asyncio.run(_measure(server.url, _bare_mongo(server), options))
    except NoServer as why:
        console.print(f"MongoDB is left out: {why}")
    _show(found, options)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


Bare = Callable[[], Awaitable[object]]


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


async def _measure(url: str, bare: Bare, options: argparse.Namespace) -> Measured:
    store = connect(url, agent="coordinator")
    await store.provision()
    console.print(f"{options.open} open and {options.closed} closed cases in {url.partition(':')[0]} ...")
    await fill(store, options.open, options.closed)
    with _dashboard(url) as address:
        async with _viewers(address, options.viewers) as viewers:
            bares, founds, alone = [], [], []
            for viewer in viewers[:10]:
                bares.append(await _timed(bare))
                founds.append(await _timed(partial(_find, store)))
                alone.append(await _timed(partial(_board, viewer)))
            first = [
                seconds
                for _ in range(3)
                for seconds in await asyncio.gather(*(_timed(partial(_board, one)) for one in viewers))
            ]
            live = await _live(store, viewers, options.changes)
            figures = [await _timed(partial(_count, store)) for _ in range(5)]
    await store.close()
    return {
        "bare": _ms(median(bares)),
        "found": _ms(median(founds)),
        "alone": _ms(median(alone)),
        "ratio": round(median(a / b for a, b in zip(alone, bares, strict=True)), 2),
        "first": _ms(_p95(first)),
        "live": _ms(_p95(live)),
        "look_every": _ms(LOOK_EVERY.total_seconds()),
        "figures": _ms(median(figures)),
    }


async def _find(store: Store) -> object:
    return await store.find(WHERE, sort=[("urgent_at", 1)], limit=ROWS)


async def _count(store: Store) -> object:
    return await store.tally(COUNTED[1], COUNTED[0], "2011-12-07", "2012-03-05")


async def _board(viewer: httpx2.AsyncClient) -> str:
    answer = await viewer.get("/board")
    answer.raise_for_status()
    return answer.text


async def _live(store: Store, viewers: Sequence[httpx2.AsyncClient], changes: int) -> list[float]:
    """Seconds from each change until each viewer has the new rows."""
    page = await _board(viewers[0])
    match, digest = _EVENTS.search(page), _DIGEST.search(page)
    assert match is not None
    assert digest is not None
    events, rows = (path.replace("&amp;", "&") for path in match.groups())
    heard: list[asyncio.Queue[float]] = [asyncio.Queue() for _ in viewers]

    async def listen(viewer: httpx2.AsyncClient, into: asyncio.Queue[float]) -> None:
        async with viewer.stream("GET", f"{events}&seen={digest[1]}", timeout=None) as stream:
            into.put_nowait(0.0)
            async for line in stream.aiter_lines():
                if line == "event: changed":
                    answer = await viewer.get(rows)
                    answer.raise_for_status()
                    into.put_nowait(time.perf_counter())

    listening = [asyncio.create_task(listen(*pair)) for pair in zip(viewers, heard, strict=True)]
    for queue in heard:
        await queue.get()
    found: list[float] = []
    (urgent,) = (await store.find(WHERE, sort=[("urgent_at", 1)], limit=1)).rows
    for number in range(changes):
        stage = ("agreement", "disclosure")[number % 2]
        changed = replace(urgent, version=urgent.version + 1, facets={**urgent.facets, "stage": stage})
        if await store.commit([Step(urgent, changed, f"change-{number}", NOW)]) != [True]:
            raise RuntimeError("the change was not written")
        began, urgent = time.perf_counter(), changed
        found += [await asyncio.wait_for(queue.get(), 60) - began for queue in heard]
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return found


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


def _show(found: dict[str, Measured], options: argparse.Namespace) -> None:
    every = _ms(LOOK_EVERY.total_seconds())
    table = Table(
        "engine",
        "bare",
        "store",
        "page",
        "page / bare",
        "page p95",
        "live p95",
        "figures",
        title=f"The board, {options.open} open cases of {options.open + options.closed}",
        caption=f"page p95 and live p95: {options.viewers} viewers at once; the board is looked at every "
        f"{every:.0f} ms; figures: counting 90 days",
    )
    for engine, one in found.items():
        shown = (one["bare"], one["found"], one["alone"], one["ratio"], one["first"], one["live"])
        table.add_row(
            engine,
            *(f"{value:.2f}" if value is one["ratio"] else f"{value:.0f} ms" for value in shown),
            f"{one['figures']:.0f} ms",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
