"""What speaks for and against two mentions being one person, field by field. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from rapidfuzz import fuzz

from agents.identity import Identity
from agents.identity.dates import Born, compare_births
from agents.identity.names import Likeness, Name, compare_family, compare_given
from agents.identity.numbers import ONE_EACH, scheme_of
from agents.identity.places import Place


class NameFit(Enum):
    """How whole names fit, best first. The value is the reason code.

    ``FULL``: both parts are the same, short forms and the order of the parts aside. ``FAMILY_CLOSE`` and
    ``GIVEN_CLOSE``: that part has a slip or is part of the other, the rest is the same. ``PARTLY``: too
    little to tell, such as an initial. ``GIVEN_ONLY``: another family name. ``DIFFERENT``: another given
    name, as with twins.
    """

    FULL = "name_same"
    FAMILY_CLOSE = "family_name_similar"
    GIVEN_CLOSE = "given_name_similar"
    PARTLY = "name_partly"
    GIVEN_ONLY = "given_name_only"
    UNKNOWN = "name_missing"
    DIFFERENT = "name_differs"


class PlaceFit(Enum):
    """How addresses fit, best first. The value is the reason code."""

    HOUSE = "address_same"
    EARLIER_HOUSE = "earlier_address_same"
    POSTCODE = "postcode_same"
    UNKNOWN = "address_missing"
    DIFFERENT = "address_differs"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The comparison of two identities: codes only. ``agree`` and ``differ`` name schemes of numbers."""

    agree: frozenset[str]
    differ: frozenset[str]
    name: NameFit
    born: Born
    place: PlaceFit

    @property
    def reasons(self) -> tuple[str, ...]:
        """Codes for the answer, numbers first."""
        return (
            *sorted(f"{scheme[:40]}_number" for scheme in self.agree),
            *sorted(f"{scheme[:40]}_number_differs" for scheme in self.differ),
            self.name.value,
            f"date_of_birth_{self.born.value}",
            self.place.value,
        )


def compare(one: Identity, other: Identity) -> Evidence:
    """Set two identities side by side. Symmetric."""
    agree = frozenset(map(scheme_of, one.numbers & other.numbers))
    both = frozenset(map(scheme_of, one.numbers)) & frozenset(map(scheme_of, other.numbers))
    return Evidence(
        agree=agree,
        differ=(both - agree) & ONE_EACH,
        name=_best_name(one.names, other.names),
        born=compare_births(one.born, other.born),
        place=_best_place(one, other),
    )


def out_of_question(one: Identity, other: Identity) -> bool:
    """Whether no name could make these two one person: they share no number, were born on different days,
    and do not live in the same house. Saves comparing the names of most candidates."""
    if one.numbers & other.numbers:
        return False
    match compare_births(one.born, other.born):
        case Born.A_GENERATION_APART:
            return True
        case Born.DIFFERENT:
            return not _ever_in_one_house(one, other)
    return False


AT_HOME = (PlaceFit.HOUSE, PlaceFit.EARLIER_HOUSE)
_NAMES_BY_WORTH = list(NameFit)
_PLACES_BY_WORTH = list(PlaceFit)
_AS_GOOD = (Likeness.SAME, Likeness.VARIANT)


def _best_name(names: Iterable[Name], others: tuple[Name, ...]) -> NameFit:
    fits = {_name(a, b) for a in names for b in others}
    return next((fit for fit in _NAMES_BY_WORTH if fit in fits), NameFit.UNKNOWN)


def _name(one: Name, other: Name) -> NameFit:
    given, family = compare_given(one.given, other.given), compare_family(one.family, other.family)
    if given in _AS_GOOD and family is Likeness.SAME:
        return NameFit.FULL
    crossed = one.given and one.family and (one.given, one.family) == (other.family, other.given)
    if crossed:
        return NameFit.FULL
    if given is Likeness.DIFFERENT:
        return NameFit.DIFFERENT
    if family is Likeness.DIFFERENT:
        return NameFit.GIVEN_ONLY if given in _AS_GOOD else NameFit.DIFFERENT
    if given in (Likeness.UNKNOWN, Likeness.HARDLY) or family is Likeness.UNKNOWN:
        return NameFit.UNKNOWN if given is family is Likeness.UNKNOWN else NameFit.PARTLY
    if family is Likeness.SAME:
        return NameFit.GIVEN_CLOSE
    return NameFit.FAMILY_CLOSE if given in _AS_GOOD else NameFit.PARTLY


def _best_place(one: Identity, other: Identity) -> PlaceFit:
    now = {_place(a, b) for a in one.places for b in other.places}
    before = {
        _place(a, b)
        for a, b in (
            *((a, b) for a in one.earlier for b in (*other.places, *other.earlier)),
            *((a, b) for a in one.places for b in other.earlier),
        )
    }
    fits = now | {PlaceFit.EARLIER_HOUSE if fit is PlaceFit.HOUSE else fit for fit in before}
    return next((fit for fit in _PLACES_BY_WORTH if fit in fits), PlaceFit.UNKNOWN)


def _ever_in_one_house(one: Identity, other: Identity) -> bool:
    return any(
        _place(a, b) is PlaceFit.HOUSE
        for a in (*one.places, *one.earlier)
        for b in (*other.places, *other.earlier)
    )


def _place(one: Place, other: Place) -> PlaceFit:
    if one.postcode and other.postcode and one.postcode != other.postcode:
        return PlaceFit.DIFFERENT
    same_postcode = bool(one.postcode) and one.postcode == other.postcode
    if one.numbers and one.numbers == other.numbers:
        house = same_postcode or _alike(one, other)
    else:
        house = not one.numbers and not other.numbers and same_postcode and _alike(one, other)
    if house:
        return PlaceFit.HOUSE
    return PlaceFit.POSTCODE if same_postcode else PlaceFit.DIFFERENT


def _alike(one: Place, other: Place) -> bool:
    return bool(one.words and other.words) and fuzz.token_set_ratio(one.words, other.words) >= 90
