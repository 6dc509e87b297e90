"""What is missing on this machine or in this installation, and what to do about it."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agents.agency.csv_people import numbers_in_doubt
from agents.agency.folder import LAYOUT
from agents.agency.layout import read_layout
from agents.partnership import Partnership, PartnershipInvalid
from broker.port import BrokerError, TopologyMismatch
from messages.catalogue import Kind
from messages.parties import HUB, kind_of
from ops import key_folder
from ops.demonstrating import is_a_demos
from ops.engines import clock_of, is_embedded, open_broker, open_store, partnership_of
from ops.figures import counted
from ops.hub_lock import hub_runs
from ops.problem import Problem, WrongInput
from ops.registers import entries, to_see_to
from ops.serving import NO_AGENCY, WITH_NO_AGENCY_DO, folders_of_nobody, worker_of
from ops.settings import Settings, without_password
from store.layout import OtherLayout
from store.port import StoreError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``do`` is what to do when it is not ``ok``, or when there is a next step."""

    what: str
    ok: bool
    is_so: str
    do: str = ""


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything in the order in which it is needed."""
    found = [_python(), _data(settings.data)]
    try:
        partnership = partnership_of(settings)
    except PartnershipInvalid as problem:
        return [*found, Finding("partnership", False, str(problem), "correct the folder of the partnership")]
    found.append(Finding("partnership", True, partnership.title))
    found += [_zone(partnership), *_seats(partnership), _registers(settings, partnership)]
    keys = _keys(settings)
    found.append(keys)
    if keys.ok:
        store = await _looked_at("store", _store, settings)
        found += [store, await _looked_at("broker", _broker, settings)]
        if store.ok:
            found.append(await _looked_at("quarantine", _quarantine, settings))
            found.append(await _looked_at("escalations", _escalations, settings))
    return [*found, *_agencies(settings, partnership)]


def _found(what: str, ok: bool, is_so: str, otherwise: str) -> Finding:
    """A finding with something to do only when it is not ``ok``."""
    return Finding(what, ok, is_so, "" if ok else otherwise)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return _found("Python", sys.version_info >= (3, 11), version, "use Python 3.11 or newer")


def _data(data: Path) -> Finding:
    existing = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    ok = existing.is_dir() and os.access(existing, os.W_OK)
    return _found("data folder", ok, str(data), "set MASH_DATA to a folder that this user may write to")


def _zone(partnership: Partnership) -> Finding:
    name = partnership.clocks.timezone
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return Finding("time zone", False, name, "install the package tzdata")
    return Finding("time zone", True, name)


def _seats(partnership: Partnership) -> list[Finding]:
    """Escalation needs a person in a panel role of each agency. [K02]"""
    held = {(member.agency, role) for member in partnership.staff for role in member.roles}
    empty = [
        code
        for code, agency in sorted(partnership.agencies.items())
        if agency.panel_roles and not any((code, role) in held for role in agency.panel_roles)
    ]
    if not empty:
        return [Finding("panel seats", True, "every agency has one")]
    do = "name somebody in a panel role in staff.toml; until then a dispute with them cannot be settled"
    return [Finding("panel seats", False, f"vacant: {', '.join(empty)}", do)]


def _registers(settings: Settings, partnership: Partnership) -> Finding:
    """What has run out or soon will is the partnership's to see to, and no fault of the installation: the
    hub refuses those whom it concerns. [L01-L04, L07]"""
    found = to_see_to(entries(partnership, partnership.clocks.day_of(clock_of(settings).now())))
    dated = Counter((one.register, one.state) for one in found if one.register not in _NEVER_DUE)
    if not dated:
        return Finding("registers", True, "in date")
    is_so = ", ".join(f"{count} {state} in {register}" for (register, state), count in dated.items())
    return Finding("registers", True, is_so, "see to them: mash registers --due")


def _keys(settings: Settings) -> Finding:
    try:
        key_folder.secret_of(settings.keys_at, HUB)
    except Problem as problem:
        return Finding("hub's keys", False, str(problem), "run `mash provision`, or `mash up` once")
    mode = (settings.keys_at / HUB / key_folder.SECRET).stat().st_mode & 0o077
    return _found(
        "hub's keys", not mode, str(settings.keys_at / HUB), "chmod 600: others may read the secret"
    )


async def _looked_at(
    what: str, look: Callable[[Settings], Awaitable[Finding]], settings: Settings
) -> Finding:
    try:
        return await look(settings)
    except TopologyMismatch as problem:
        return Finding(what, False, "; ".join(problem.problems), "run `mash provision`")
    except OtherLayout as other:
        return Finding(what, False, other.is_so, other.do)
    except (BrokerError, StoreError, Problem) as problem:
        return Finding(what, False, str(problem), f"check MASH_{what.upper()}_URL and that the server is up")


async def _store(settings: Settings) -> Finding:
    opened = await open_store(settings, HUB)
    try:
        well = await opened.healthy()
    finally:
        await opened.close()
    return _found("store", well, without_password(settings.store_at), "see that the server takes writes")


_NEVER_DUE = ("retention", "references")
"""Registers whose gaps may be there for good."""
_MOST_COUNTED = 1000
_SENDERS = {Kind.AGENCY: "agencies", Kind.STAFF: "staff", Kind.SOURCE: "sources", Kind.TEAM: "teams"}


async def _quarantine(settings: Settings) -> Finding:
    """How many messages wait for somebody to look at them. No fault of the installation."""
    opened = await open_store(settings, HUB)
    try:
        items = await opened.quarantined(_MOST_COUNTED, bodies=False)
        total = await opened.count_quarantined()
    finally:
        await opened.close()
    if not items:
        return Finding("quarantine", True, "empty")
    counts = Counter(_sender(item.user) for item in items).most_common()
    is_so = ", ".join(f"{count} from {who}" for who, count in counts)
    of = f"; of the oldest {len(items)}" if total > len(items) else ""
    is_so = f"{total} {'message' if total == 1 else 'messages'}{of}: {is_so}"
    return Finding("quarantine", True, is_so, "look at them: mash quarantine list")


async def _escalations(settings: Settings) -> Finding:
    """Escalation is meant to be rare. [K05]"""
    opened = await open_store(settings, HUB)
    try:
        found = await counted(opened, partnership_of(settings).escalation_alarm, clock_of(settings).now())
    finally:
        await opened.close()
    is_so = f"{found.escalations} in {found.days} days, at most {found.at_most} are meant"
    do = "look at why so many are not settled by management: mash figures"
    return Finding("escalations", True, is_so, do if found.alarm else "")


def _sender(user: str | None) -> str:
    try:
        return _SENDERS.get(kind_of(user or ""), "others")
    except ValueError:
        return "others"


async def _broker(settings: Settings) -> Finding:
    if is_embedded(settings, HUB):
        # A hub that is not started is no fault of the installation, but nothing is received until it is.
        if hub_runs(settings.data):
            return Finding("broker", True, "inside the process of `mash up`, which runs")
        if is_a_demos(settings.data):
            return Finding("broker", True, "inside the process of the demo, which is over")
        do = f"start the hub: mash up --data {settings.data}"
        return Finding("broker", True, "inside the process of `mash up`, which is not running", do)
    connection = await open_broker(settings, HUB)
    try:
        well = await connection.healthy()
    finally:
        await connection.close()
    return _found("broker", well, "provisioned as the partnership needs it", "see that the server is up")


_MOST_NAMED = 5


def _in_doubt(settings: Settings, agency: str) -> str:
    """What to do about numbers that cannot be right. They do not keep the records from being used."""
    folder = settings.agencies_at / agency
    places = numbers_in_doubt(folder, read_layout(folder / LAYOUT).people)
    if not places:
        return ""
    more = f"; and {len(places) - _MOST_NAMED} more" if len(places) > _MOST_NAMED else ""
    return (
        "correct the numbers whose check digit or form is wrong, by which nobody is found: "
        + "; ".join(places[:_MOST_NAMED])
        + more
    )


def _agencies(settings: Settings, partnership: Partnership) -> list[Finding]:
    found = [
        Finding(f"records of {name}", False, NO_AGENCY, WITH_NO_AGENCY_DO)
        for name in folders_of_nobody(settings, partnership)
    ]
    for agency in sorted(partnership.agencies):
        if (settings.agencies_at / agency).is_dir():
            try:
                worker_of(settings, agency)
                found.append(
                    Finding(f"records of {agency}", True, "can be read", _in_doubt(settings, agency))
                )
            except WrongInput as problem:
                found.append(Finding(f"records of {agency}", False, str(problem), "correct the folder"))
            except Problem as problem:
                if is_a_demos(settings.data):
                    is_so = "were read by the demo, which is over and left no keys of theirs"
                    found.append(Finding(f"records of {agency}", True, is_so))
                    continue
                do = "make its keys: mash provision, or the first mash up"
                found.append(Finding(f"records of {agency}", False, str(problem), do))
    if not found and is_embedded(settings, HUB):
        do = f"put one folder for each agency into {settings.agencies_at} (docs/reference/agency-folder.md)"
        found.append(Finding("agencies' records", False, "none here, so no agency answers by itself", do))
    return found
