"""A person in comparable form, and the terms under which an earlier case about them can be found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agents.identity.dates import is_stand_in
from agents.identity.names import Name, name, whole_name
from agents.identity.nicknames import full_forms
from agents.identity.numbers import number
from agents.identity.places import Place, place
from messages.confidential import Confidential
from messages.referral import PersonConcerned


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """Everything about a person that can be compared. ``names`` begins with the main one; ``places`` holds
    the present address, ``earlier`` the former ones; ``numbers`` are ``<scheme>:<number>``."""

    names: tuple[Name, ...] = ()
    born: date | None = None
    places: tuple[Place, ...] = ()
    earlier: tuple[Place, ...] = ()
    numbers: frozenset[str] = frozenset()


def identity(
    *,
    given_name: str | None = None,
    family_name: str | None = None,
    also_known_as: Iterable[str] = (),
    born: date | None = None,
    address: str | None = None,
    earlier_addresses: Iterable[str] = (),
    numbers: Iterable[tuple[str, str]] = (),
) -> Identity:
    """An identity from plain texts. A one-word alias goes with the main family name."""
    main = name(given_name, family_name)
    aliases = [whole_name(alias) for alias in also_known_as]
    names = [main, *(Name(a.given, a.family or main.family) for a in aliases)]
    return Identity(
        names=tuple(dict.fromkeys(n for n in names if n.given or n.family)),
        born=born,
        places=_places([address] if address else []),
        earlier=_places(earlier_addresses),
        numbers=frozenset(n for n in (number(scheme, value) for scheme, value in numbers) if n),
    )


def identity_of(person: PersonConcerned) -> Identity:
    """The identity of a person in a message. Raises `messages.confidential.NotHere` when the texts are only
    referred to."""
    born = _text(person.date_of_birth)
    return identity(
        given_name=_text(person.given_name),
        family_name=_text(person.family_name),
        also_known_as=[alias.reveal() for alias in person.also_known_as],
        born=date.fromisoformat(born) if born else None,
        address=_text(person.address),
        earlier_addresses=[a.reveal() for a in person.earlier_addresses],
        numbers=[(i.scheme, i.value.reveal()) for i in person.identifiers],
    )


def index_terms(person: PersonConcerned) -> tuple[str, ...]:
    """Normalised plain terms that two mentions of one person share and two people hardly ever do.

    Each sound number (``nhs:9434765919``), and each whole name with the date of birth
    (``name+dob:john|smith|2010-01-02``), where short forms of given names count as the full one and the
    order of the two names does not matter. Never a name alone, and never 1 January, which stands for "not
    known" in many systems. The caller makes keyed hashes of them; they are personal data as they are.
    """
    known = identity_of(person)
    terms = set(known.numbers)
    if known.born is not None and not is_stand_in(known.born):
        for each in known.names:
            if each.given and each.family:
                for given in full_forms(each.given[0]):
                    parts = sorted((given, "".join(sorted(each.family))))
                    terms.add(f"name+dob:{'|'.join(parts)}|{known.born.isoformat()}")
    return tuple(sorted(terms))


def _text(value: Confidential | None) -> str | None:
    return value.reveal() if value is not None else None


def _places(addresses: Iterable[str]) -> tuple[Place, ...]:
    return tuple(found for found in (place(a) for a in addresses) if found is not None)
