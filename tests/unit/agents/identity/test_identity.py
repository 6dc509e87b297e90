"""Names, numbers, dates and places in comparable form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.identity import identity_of, index_terms
from agents.identity.dates import Born, compare_births
from agents.identity.names import Likeness, compare_family, compare_given, name, plain, sound
from agents.identity.numbers import number
from agents.identity.places import place
from messages.referral import PersonConcerned
from tests.support.agencies import person


@pytest.mark.parametrize(
    ("scheme", "written", "normal"),
    [
        ("nhs", "943 476 5919", "nhs:9434765919"),
        ("nhs_number", "943-476-5919", "nhs:9434765919"),
        ("nhs", "9434765918", None),
        ("nhs", "1111111111", None),
        ("nhs", "94347659", None),
        ("upn", "b801200005001", "upn:B801200005001"),
        ("upn", "A801200005001", None),
        ("pnc", "2008/0056560Z", "pnc:08/0056560Z"),
        ("pnc", "08/56560Z", "pnc:08/0056560Z"),
        ("pnc", "2008/0056560A", None),
        ("nino", "AB 12 34 56 C", "nino:AB123456"),
        ("nino", "QQ123456C", None),
        ("housing_ref", "h-204/7", "housing_ref:H2047"),
        ("housing_ref", "0000", None),
        ("housing_ref", "n/a", None),
    ],
)
def test_a_number_counts_only_when_it_can_be_right(scheme: str, written: str, normal: str | None) -> None:
    assert number(scheme, written) == normal


@given(st.integers(0, 999_999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_never_makes_another_nhs_number(body: int, place_: int, change: int) -> None:
    for check in range(10):
        if number("nhs", f"{body:09}{check}"):
            digits = list(f"{body:09}{check}")
            digits[place_] = str((int(digits[place_]) + change) % 10)
            assert number("nhs", "".join(digits)) is None


@given(st.text(max_size=40))
def test_anything_can_stand_in_a_name_or_a_number(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    sound(plain(text))
    name(text, text)
    place(text)
    for scheme in ("nhs", "upn", "pnc", "nino", "other"):
        number(scheme, text)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("John", "JOHN", Likeness.SAME),
        ("Anne-Marie", "Anne Marie", Likeness.SAME),
        ("Zoë", "Zoe", Likeness.SAME),
        ("Robert", "Bob", Likeness.VARIANT),
        ("Sam", "Samantha", Likeness.VARIANT),
        ("Sam", "Samuel", Likeness.VARIANT),
        ("Mohammed", "Muhammad", Likeness.VARIANT),
        ("Jonh", "John", Likeness.ALIKE),
        ("Marrigold", "Marigold", Likeness.ALIKE),
        ("John Paul", "John Peter", Likeness.ALIKE),
        ("Mary Jane", "Jane", Likeness.ALIKE),
        ("J", "John", Likeness.HARDLY),
        ("Tayla", "Kayla", Likeness.HARDLY),
        ("Jade", "Jake", Likeness.DIFFERENT),
        ("Jayden", "Jaden", Likeness.DIFFERENT),
        ("Robert", "Rupert", Likeness.DIFFERENT),
        ("Baby", "John", Likeness.UNKNOWN),
        ("Twin 2", "John", Likeness.UNKNOWN),
        ("", "John", Likeness.UNKNOWN),
    ],
)
def test_given_names_are_compared_as_people_use_them(one: str, other: str, likeness: Likeness) -> None:
    first, second = name(one, None).given, name(other, None).given
    assert compare_given(first, second) is likeness
    assert compare_given(second, first) is likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("O'Brien", "OBrien", Likeness.SAME),
        ("Mc Donald", "McDonald", Likeness.SAME),
        ("Smith-Jones", "Jones Smith", Likeness.SAME),
        ("Smith-Jones", "Smith", Likeness.ALIKE),
        ("Thistlewood", "Thistelwod", Likeness.ALIKE),
        ("Smith", "Smyth", Likeness.ALIKE),
        ("MacDonald", "McDonald", Likeness.ALIKE),
        ("Harris", "Harrison", Likeness.DIFFERENT),
        ("de Souza", "de Silva", Likeness.DIFFERENT),
        ("Li", "Le", Likeness.DIFFERENT),
        ("Smith", "Jones", Likeness.DIFFERENT),
    ],
)
def test_family_names_are_compared_without_regard_to_hyphens_and_order(
    one: str, other: str, likeness: Likeness
) -> None:
    first, second = name(None, one).family, name(None, other).family
    assert compare_family(first, second) is likeness
    assert compare_family(second, first) is likeness


@pytest.mark.parametrize(
    ("one", "other", "stand"),
    [
        ("2010-03-04", "2010-03-04", Born.SAME),
        ("2010-03-04", "2010-04-03", Born.SWAPPED),
        ("2010-03-14", "2010-03-15", Born.NEAR),
        ("2010-03-12", "2010-03-21", Born.NEAR),
        ("2010-03-14", "2011-03-14", Born.NEAR),
        ("2010-03-14", "2010-05-28", Born.DIFFERENT),
        ("1984-03-14", "1994-03-14", Born.DIFFERENT),
        ("1984-03-14", "2004-03-14", Born.A_GENERATION_APART),
        ("2010-03-14", None, Born.UNKNOWN),
    ],
)
def test_dates_of_birth_allow_for_one_slip_but_not_for_a_generation(
    one: str, other: str | None, stand: Born
) -> None:
    first, second = date.fromisoformat(one), date.fromisoformat(other) if other else None
    assert compare_births(first, second) is stand
    assert compare_births(second, first) is stand


def test_an_identity_shows_nothing_in_its_repr() -> None:
    who = identity_of(person(given="Marigold", family="Thistlewood", address="1 Example Row ZZ1 1ZZ"))
    shown = f"{who!r} {who.names[0]!r} {who.places[0]!r}".casefold()
    assert "marigold" not in shown
    assert "example" not in shown


def test_two_mentions_of_one_person_share_a_term() -> None:
    one = person(given="Robert", family="Smith-Jones", born="2010-01-02", nhs="943 476 5919")
    other = person(given="Bob", family="Jones Smith", born="2010-01-02")
    assert index_terms(one) == ("name+dob:jonessmith|robert|2010-01-02", "nhs:9434765919")
    assert index_terms(other) == ("name+dob:jonessmith|robert|2010-01-02",)


def test_swapped_names_share_a_term() -> None:
    one = person(given="Rowan", family="Ashe", born="2010-05-02")
    assert index_terms(one) == index_terms(person(given="Ashe", family="Rowan", born="2010-05-02"))


@pytest.mark.parametrize(
    "mention",
    [
        person(given="John", family="Smith"),
        person(given="John", family="Smith", address="1 Example Row ZZ1 1ZZ"),
        person(given="John", family="Smith", born="2010-01-01"),
        person(given="Baby", family="Smith", born="2010-05-02"),
        person(family="Smith", born="2010-05-02"),
        person(given="John", born="2010-05-02"),
        person(nhs="9434765918"),
    ],
)
def test_what_many_people_share_is_no_term(mention: PersonConcerned) -> None:
    assert index_terms(mention) == ()
