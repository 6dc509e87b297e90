"""People, forms and reasons as lines of a page, from outlines that hold their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.text import Text

from messages.referral import TEXTS


def people_lines(people: Iterable[Mapping[str, Any]]) -> Iterator[Text]:
    """A line for each person: the part in the case, the name, and what else is known."""
    for person in people:
        yield Text(f"  {person['person_id']}  {person['part'].replace('_', ' ')}: {_in_words(person)}")


def _in_words(person: Mapping[str, Any]) -> str:
    names = [person[name] for name in ("given_name", "family_name") if person[name]]
    said = [" ".join(names) or "name not known"]
    said += [f"also {other}" for other in person["also_known_as"]]
    said += [f"born {person['date_of_birth']}"] if person["date_of_birth"] else []
    said += [person["address"]] if person["address"] else []
    said += [f"earlier {address}" for address in person["earlier_addresses"]]
    said += [f"{number['scheme']} {number['value']}" for number in person["identifiers"]]
    return ", ".join(said)


def form_lines(form: Mapping[str, Any] | None) -> Iterator[Text]:
    """The source's own form, when its document is a text; of another that it is there."""
    if form is None:
        return
    yield Text(f"form {form['form']}", style="bold")
    if form["media_type"].startswith("text/") or form["media_type"] in TEXTS:
        yield Text(form["document"])
    else:
        yield Text(f"it is {form['media_type']}; --json has the document in base64")


def reason_lines(rationale: Mapping[str, Any] | None) -> Iterator[Text]:
    """What is said for a decision, a line for each of the terms in which it is said. [A02]"""
    for name, text in (rationale or {}).items():
        if text:
            yield Text(f"  {name.replace('_', ' ')}: {text}")
