"""Writes the people and records of the sample world's agencies: ``python -m ops.demo.make_world``.

The people of the referrals, and what is known of them, are written by hand (``world/by_hand``). Around them
this makes some two thousand people who are in no referral, known to several agencies each, under
misspelt, swapped and short names, at old addresses, without dates of birth. The same every time it runs;
what it writes is committed.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import TextIO

from agents.identity.nicknames import full_forms
from ops.demo import world_words as words

WORLD = Path(__file__).parent / "world"
PEOPLE = 2000
SEED = 2012

Row = dict[str, str]

PREFIX = {
    "police": "POL",
    "csc_staffordshire": "CSS",
    "csc_stoke": "CSK",
    "asc_staffordshire": "ASS",
    "asc_stoke": "ASK",
    "education": "EDU",
    "primary_care": "PHC",
    "adult_mental_health": "AMH",
    "camhs": "CAM",
    "probation": "PRO",
    "housing": "HOU",
}
"""Every agency with records, and how its references begin."""

PEOPLE_COLUMNS = words.listed(
    "person given_name family_name also_known_as date_of_birth address earlier_addresses nhs_number upn pnc"
)
RECORD_COLUMNS = words.listed(
    "person record kind owner marking risks source_words recorded_on text sanitised_text "
    "sanitised_transforms sanitised_by"
)

HEADINGS: dict[str, dict[str, str]] = {
    "police": {
        "person": "nominal",
        "given_name": "forenames",
        "family_name": "surname",
        "also_known_as": "aliases",
        "date_of_birth": "born",
    },
    "education": {"person": "pupil", "given_name": "forename", "family_name": "surname"},
    "housing": {"person": "tenant", "given_name": "first_name", "family_name": "last_name"},
}
"""Headings that differ from the standard ones, as these agencies' ``agency.toml`` say."""

NUMBERS = {
    "police": {"pnc"},
    "education": {"upn"},
    "primary_care": {"nhs_number"},
    "adult_mental_health": {"nhs_number"},
    "camhs": {"nhs_number"},
}


def main(to: Path = WORLD / "agencies") -> None:
    """Write every agency's people and records into its folder."""
    people: dict[str, list[Row]] = {agency: [] for agency in PREFIX}
    records: dict[str, list[Row]] = {agency: [] for agency in PREFIX}
    by_hand = set()
    for row in _read(WORLD / "by_hand" / "people.csv"):
        by_hand.add((row["referral"], row["date_of_birth"], row["nhs_number"]))
        people[row["agency"]].append(row)
    for row in _read(WORLD / "by_hand" / "records.csv"):
        records[row["agency"]].append(row)
    _add_others(people, records, PEOPLE - len(by_hand))
    for agency in PREFIX:
        folder = to / agency
        suffix = "tsv" if agency == "education" else "csv"
        _write(folder / f"people.{suffix}", agency, PEOPLE_COLUMNS, people[agency])
        _write(folder / f"records.{suffix}", agency, RECORD_COLUMNS, records[agency])


def _read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(file: Path, agency: str, columns: list[str], rows: list[Row]) -> None:
    numbers = {"nhs_number", "upn", "pnc"} - NUMBERS.get(agency, set())
    kept = [c for c in columns if c not in numbers]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        _write_rows(stream, agency, kept, rows, "\t" if file.suffix == ".tsv" else ",")


def _write_rows(stream: TextIO, agency: str, columns: list[str], rows: list[Row], delimiter: str) -> None:
    headings = HEADINGS.get(agency, {})
    names = [headings.get(c, c) for c in columns]
    if agency == "housing" and "address" in columns:
        names += ["town", "postcode"]
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        values = {c: row.get(c, "") for c in columns}
        if agency == "police" and values.get("date_of_birth"):
            values["date_of_birth"] = date.fromisoformat(values["date_of_birth"]).strftime("%d/%m/%Y")
        if agency == "police" and "marking" in values:
            values["marking"] = values["marking"].upper()
        written = list(values.values())
        if agency == "housing" and "address" in columns:
            street, town, postcode = _taken_apart(values["address"])
            written = [street if v == values["address"] else v for v in written] + [town, postcode]
        writer.writerow(written)


def _taken_apart(address: str) -> tuple[str, str, str]:
    street, _, rest = address.rpartition(", ")
    place = rest.split()
    return street, " ".join(place[:-2]), " ".join(place[-2:])


def _add_others(people: dict[str, list[Row]], records: dict[str, list[Row]], how_many: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 (not for anything secret)
    counts = dict.fromkeys(PREFIX, 0)
    for authority, person, is_child in islice(_households(chance), how_many):
        for agency in _agencies_that_know(chance, authority, person, is_child):
            counts[agency] += 1
            reference = f"{PREFIX[agency]}-B{counts[agency]:04d}"
            people[agency].append({**_as_held(chance, person), "person": reference})
            if chance.random() < 0.4:
                records[agency].append(_record(chance, agency, reference, counts[agency]))


def _households(chance: random.Random) -> Iterator[tuple[str, Row, bool]]:
    """People one by one, family by family: the authority, the person, whether a child."""
    serial = 500_000
    while True:
        authority = chance.choice(("staffordshire", "staffordshire", "staffordshire", "stoke"))
        family = chance.choice(words.FAMILY_FIRST) + chance.choice(words.FAMILY_LAST)
        address, earlier = _address(chance, authority), _address(chance, authority)
        births = [date(1942, 1, 2) + timedelta(days=chance.randrange(18_000))]
        if chance.random() < 0.6:
            births.append(births[0] + timedelta(days=chance.randrange(-2500, 2500)))
        adults = len(births)
        births += [
            date(1994, 3, 1) + timedelta(days=chance.randrange(6300)) for _ in range(chance.randrange(4))
        ]
        for place, born in enumerate(births):
            serial += 1
            while _nhs(serial) is None:
                serial += 1
            yield (
                authority,
                {
                    "given_name": chance.choice(words.GIVEN),
                    "family_name": family,
                    "date_of_birth": born.isoformat(),
                    "address": address,
                    "earlier": earlier,
                    "nhs_number": _nhs(serial) or "",
                    "upn": _upn(serial),
                    "pnc": _pnc(serial),
                },
                place >= adults,
            )


def _address(chance: random.Random, authority: str) -> str:
    town, area = chance.choice(words.TOWNS[authority])
    streets = words.POTTERY_STREETS if authority == "stoke" else words.STREETS
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    postcode = f"{area} {chance.randrange(1, 10)}{chance.choice(letters)}{chance.choice(letters)}"
    return f"{chance.randrange(100, 400)} {chance.choice(streets)}, {town} {postcode}"


def _agencies_that_know(chance: random.Random, authority: str, person: Row, is_child: bool) -> list[str]:
    age = 2012 - int(person["date_of_birth"][:4])
    likely = {
        "police": 0.05 if is_child else 0.2,
        f"csc_{authority}": 0.25 if is_child else 0.1,
        f"asc_{authority}": 0.0 if is_child else 0.35 if age > 60 else 0.05,
        "education": 0.85 if is_child and age >= 5 else 0.0,
        "primary_care": 0.55,
        "adult_mental_health": 0.0 if is_child else 0.06,
        "camhs": 0.08 if is_child else 0.0,
        "probation": 0.0 if is_child else 0.04,
        "housing": 0.0 if is_child else 0.25,
    }
    return [agency for agency, share in likely.items() if chance.random() < share]


def _as_held(chance: random.Random, person: Row) -> Row:
    """The person as one agency wrote them down: seldom quite as the others did."""
    row = dict(person)
    earlier = row.pop("earlier")
    slips: list[tuple[float, Callable[[Row], None]]] = [
        (0.12, lambda r: r.update(family_name=_slip(chance, r["family_name"]))),
        (0.05, lambda r: r.update(given_name=_slip(chance, r["given_name"]))),
        (0.05, lambda r: r.update(given_name=r["family_name"], family_name=r["given_name"])),
        (0.08, lambda r: r.update(date_of_birth="")),
        (0.03, lambda r: r.update(date_of_birth=_swapped(r["date_of_birth"]))),
        (0.12, lambda r: r.update(address=earlier)),
        (0.08, lambda r: r.update(earlier_addresses=earlier)),
        (0.10, lambda r: r.update(also_known_as=_short(chance, r["given_name"]))),
    ]
    for share, slip in slips:
        if chance.random() < share:
            slip(row)
    return row


def _slip(chance: random.Random, name: str) -> str:
    at = chance.randrange(1, len(name) - 1)
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def _swapped(born: str) -> str:
    if not born:
        return born
    year, month, day = born.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else born


def _short(chance: random.Random, given: str) -> str:
    short = {"Margaret": "Peggy", "William": "Bill", "Elizabeth": "Betty", "Robert": "Bob", "Richard": "Dick"}
    return short.get(given, "") if full_forms(given.casefold()) else chance.choice(("", given))


def _record(chance: random.Random, agency: str, reference: str, count: int) -> Row:
    kind, marking, text = chance.choice(
        words.PHRASES[agency.partition("_s")[0] if "sc_" in agency else agency]
    )
    day = date(2006, 1, 2) + timedelta(days=chance.randrange(2200))
    return {
        "person": reference,
        "record": f"{PREFIX[agency]}-B{count:04d}-1",
        "kind": kind,
        "marking": marking,
        "recorded_on": day.isoformat(),
        "text": text,
    }


def _nhs(serial: int) -> str | None:
    """A number of the range 999, which is never issued, with its check digit."""
    nine = f"999{serial:06d}"
    check = (11 - sum(int(d) * (10 - place) for place, d in enumerate(nine)) % 11) % 11
    return None if check == 10 else f"{nine}{check}"


def _upn(serial: int) -> str:
    """A pupil number of the authority 000, which there is not."""
    digits = f"000{serial:09d}"
    letter = sum(weight * int(d) for weight, d in enumerate(digits, start=2)) % 23
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[letter] + digits


def _pnc(serial: int) -> str:
    return f"12/{serial:07d}{'ZABCDEFGHJKLMNPQRTUVWXY'[int(f'12{serial:07d}') % 23]}"


if __name__ == "__main__":
    main()
