"""Who is recognised, who is left open, who is nobody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.agency.evidence import compare, out_of_question
from agents.agency.matching import Verdict, judge
from agents.agency.register import Register
from agents.identity import Identity, identity_of
from agents.identity.person import identity
from messages.referral import PersonConcerned
from tests.support.agencies import person

ROW = "1 Example Row, Exampleton ZZ1 1ZZ"
ELSEWHERE = "44 Other Street, Farton YY9 9YY"
NHS, OTHER_NHS = "943 476 5919", "999 000 0018"

GOLDIE = person(given="Marigold", family="Thistlewood", born="2014-03-09", address=ROW, nhs=NHS)


def outcome(asked: PersonConcerned, *held: PersonConcerned) -> str:
    register = Register((f"k{n}", identity_of(h)) for n, h in enumerate(held))
    return register.match(identity_of(asked)).outcome


SAME = {
    "all the same": person(given="Marigold", family="Thistlewood", born="2014-03-09", address=ROW, nhs=NHS),
    "name and date of birth": person(given="Marigold", family="Thistlewood", born="2014-03-09"),
    "moved": person(given="Marigold", family="Thistlewood", born="2014-03-09", address=ELSEWHERE),
    "names swapped": person(given="Thistlewood", family="Marigold", born="2014-03-09"),
    "an alias": person(
        given="M", family="Ashe", aka=("Marigold Thistlewood",), born="2014-03-09", address=ELSEWHERE
    ),
    "a slip in the family name, same address": person(
        given="Marigold", family="Thistelwood", born="2014-03-09", address="1 Example Row ZZ11ZZ"
    ),
    "a slip in the given name, same postcode": person(
        given="Marrigold", family="Thistlewood", born="2014-03-09", address="Exampleton ZZ1 1ZZ"
    ),
    "half of a double name, earlier address": person(
        given="Marigold",
        family="Thistlewood-Ashe",
        born="2014-03-09",
        address=ELSEWHERE,
        earlier=(ROW,),
    ),
    "day and month swapped, same address": person(
        given="Marigold", family="Thistlewood", born="2014-09-03", address=ROW
    ),
    "one digit of the day, same address": person(
        given="Marigold", family="Thistlewood", born="2014-03-08", address=ROW
    ),
    "the number, no date of birth": person(given="Marigold", family="Thistlewood", nhs=NHS),
    "the number, another family name": person(given="Marigold", family="Ashe", born="2014-03-09", nhs=NHS),
    "a mistyped number says nothing": person(
        given="Marigold", family="Thistlewood", born="2014-03-09", nhs="943 476 5918"
    ),
}

OPEN = {
    "a name alone": person(given="Marigold", family="Thistlewood"),
    "a name and an address, no date of birth": person(given="Marigold", family="Thistlewood", address=ROW),
    "another number, all else the same": person(
        given="Marigold", family="Thistlewood", born="2014-03-09", address=ROW, nhs=OTHER_NHS
    ),
    "the number with another date of birth": person(
        given="Marigold", family="Thistlewood", born="1989-07-30", nhs=NHS
    ),
    "the number with another name and no date of birth": person(given="Rowan", family="Ashe", nhs=NHS),
    "the number in the record of a twin": person(
        given="Posy", family="Thistlewood", born="2014-03-09", address=ROW, nhs=NHS
    ),
    "a slip in the name, address unknown": person(given="Marrigold", family="Thistlewood", born="2014-03-09"),
    "another family name at the same address": person(
        given="Marigold", family="Ashe", born="2014-03-09", address=ROW
    ),
    "an initial": person(given="M", family="Thistlewood", born="2014-03-09"),
    "day and month swapped, elsewhere": person(
        given="Marigold", family="Thistlewood", born="2014-09-03", address=ELSEWHERE
    ),
    "a very different date of birth in the same years, same address": person(
        given="Marigold", family="Thistlewood", born="2015-12-27", address=ROW
    ),
}

NOBODY = {
    "a twin": person(given="Posy", family="Thistlewood", born="2014-03-09", address=ROW),
    "a namesake with another date of birth": person(
        given="Marigold", family="Thistlewood", born="2012-10-21", address=ELSEWHERE
    ),
    "a mother of the same name at the same address": person(
        given="Marigold", family="Thistlewood", born="1989-03-09", address=ROW
    ),
    "a brother": person(given="Rowan", family="Thistlewood", born="2012-10-21", address=ROW),
    "somebody at the same address": person(given="Ivo", family="Ashe", address=ROW),
    "another number and another date of birth": person(
        given="Marigold", family="Thistlewood", born="2014-03-08", address=ROW, nhs=OTHER_NHS
    ),
    "a stranger born the same day": person(given="Ivo", family="Ashe", born="2014-03-09"),
}


@pytest.mark.parametrize("held", SAME.values(), ids=SAME)
def test_the_same_person_is_recognised(held: PersonConcerned) -> None:
    assert outcome(GOLDIE, held) == "same_person"
    assert outcome(held, GOLDIE) == "same_person"


@pytest.mark.parametrize("held", OPEN.values(), ids=OPEN)
def test_what_is_not_certain_is_left_open(held: PersonConcerned) -> None:
    assert outcome(GOLDIE, held) == "several_fit"
    assert outcome(held, GOLDIE) == "several_fit"


@pytest.mark.parametrize("held", NOBODY.values(), ids=NOBODY)
def test_somebody_else_is_not_taken_for_them(held: PersonConcerned) -> None:
    assert outcome(GOLDIE, held) == "nobody"
    assert outcome(held, GOLDIE) == "nobody"


def test_a_father_and_a_son_of_one_name_are_both_left_open_without_a_date_of_birth() -> None:
    father = person(given="Rowan", family="Thistlewood", born="1985-11-30", address=ROW)
    son = person(given="Rowan", family="Thistlewood", born="2008-06-02", address=ROW)
    asked = person(given="Rowan", family="Thistlewood", address=ROW)
    register = Register([("father", identity_of(father)), ("son", identity_of(son))])
    match = register.match(identity_of(asked))
    assert (match.outcome, match.candidates, match.keys) == ("several_fit", 2, ())
    assert register.match(identity_of(son)).keys == ("son",)


def test_somebody_entered_twice_is_one_person() -> None:
    first = person(given="Marigold", family="Thistlewood", born="2014-03-09", address=ROW)
    second = person(given="Marigold", family="Thistelwood", born="2014-03-09", address=ROW)
    register = Register([("k1", identity_of(first)), ("k2", identity_of(second))])
    match = register.match(identity_of(GOLDIE))
    assert match.outcome == "same_person"
    assert match.keys == ("k1", "k2")
    assert "entered_more_than_once" in match.reasons


def test_two_who_fit_equally_are_never_chosen_between() -> None:
    asked = person(given="Marigold", family="Thistlewood", born="2014-03-09")
    here = person(given="Marigold", family="Thistlewood", born="2014-03-09", address=ROW)
    there = person(given="Marigold", family="Thistlewood", born="2014-03-09", address=ELSEWHERE)
    assert outcome(asked, here, there) == "several_fit"


def test_twins_with_similar_names_are_left_open_when_the_name_asked_for_is_neither() -> None:
    asked = person(given="Alleena", family="Ashe", born="2014-03-09", address=ROW)
    one = person(given="Aleena", family="Ashe", born="2014-03-09", address=ROW)
    other = person(given="Alena", family="Ashe", born="2014-03-09", address=ROW)
    assert outcome(asked, one) == "same_person"
    assert outcome(asked, one, other) == "several_fit"


def test_the_bearer_of_the_number_and_the_bearer_of_the_name_are_not_chosen_between() -> None:
    named = person(given="Marigold", family="Thistlewood", born="2014-03-09", address=ROW)
    numbered = person(given="Posy", family="Thistlewood", born="2014-03-09", nhs=NHS)
    assert outcome(GOLDIE, named, numbered) == "several_fit"


def test_a_common_name_and_a_date_of_birth_need_a_place_or_number_as_well() -> None:
    crowd = [
        (f"c{n}", identity_of(person(given="John", family="Smith", born=f"19{40 + n}-05-05")))
        for n in range(40)
    ]
    held = person(given="John", family="Smith", born="1990-07-21", address=ROW)
    register = Register([*crowd, ("him", identity_of(held))])
    asked = person(given="John", family="Smith", born="1990-07-21")
    assert register.match(identity_of(asked)).outcome == "several_fit"
    assert register.match(identity_of(held)).keys == ("him",)


def test_the_first_of_january_is_not_taken_for_a_date_of_birth_that_proves_anything() -> None:
    held = person(given="Marigold", family="Thistlewood", born="2014-01-01")
    assert outcome(held, held) == "several_fit"


def test_an_answer_says_how_sure_it_is_and_why() -> None:
    register = Register([("k1", identity_of(GOLDIE))])
    sure = register.match(identity_of(GOLDIE))
    assert sure.score == 100
    assert sure.reasons == ("nhs_number", "name_same", "date_of_birth_same", "address_same")
    left_open = register.match(identity_of(person(given="Marigold", family="Thistlewood")))
    assert 40 <= left_open.score <= 84
    assert left_open.reasons == ("name_same", "date_of_birth_unknown", "address_missing")


GIVEN = st.sampled_from(["Marigold", "Posy", "Rowan", "Rob", "Robert", "R", "Jade", "Jake", "", "Baby"])
FAMILY = st.sampled_from(["Thistlewood", "Thistelwood", "Ashe", "Ashe-Thistlewood", ""])
BORN = st.sampled_from(
    [None, date(2014, 3, 9), date(2014, 9, 3), date(2014, 3, 8), date(1985, 3, 9), date(2014, 1, 1)]
)
ADDRESS = st.sampled_from([None, ROW, ELSEWHERE, "ZZ1 1ZZ"])
NUMBER = st.sampled_from([None, NHS, OTHER_NHS])


@st.composite
def mentions(draw: st.DrawFn) -> Identity:
    number = draw(NUMBER)
    return identity(
        given_name=draw(GIVEN),
        family_name=draw(FAMILY),
        born=draw(BORN),
        address=draw(ADDRESS),
        numbers=[("nhs", number)] if number else [],
    )


@settings(max_examples=300)
@given(mentions(), mentions())
def test_nobody_is_recognised_without_a_date_of_birth_or_a_number(one: Identity, other: Identity) -> None:
    match = Register([("k", other)]).match(one)
    number = bool(one.numbers & other.numbers)
    if match.outcome == "same_person":
        assert number or (one.born and other.born)
        assert not (one.numbers and other.numbers) or number
    assert (match.outcome == "same_person") == (match.score >= 85) == bool(match.keys)


@settings(max_examples=300)
@given(mentions(), mentions())
def test_matching_has_no_direction(one: Identity, other: Identity) -> None:
    there, back = Register([("k", other)]).match(one), Register([("k", one)]).match(other)
    assert (there.outcome, there.score) == (back.outcome, back.score)


@settings(max_examples=200)
@given(mentions(), st.lists(mentions(), max_size=6))
def test_the_blocks_lose_nobody_who_could_be_meant(asked: Identity, held: list[Identity]) -> None:
    """Against a register in which everybody shares a block."""
    plain_register = Register((f"k{n}", h) for n, h in enumerate(held))
    whole = Register((f"k{n}", h) for n, h in enumerate(held))
    whole._candidates = lambda _: [f"k{n}" for n in range(len(held))]  # type: ignore[method-assign,assignment]
    one, other = plain_register.match(asked), whole.match(asked)
    assert (one.outcome, set(one.keys), one.candidates) == (other.outcome, set(other.keys), other.candidates)


@settings(max_examples=300)
@given(mentions(), mentions())
def test_nobody_is_out_of_question_whom_the_table_would_leave_open(one: Identity, other: Identity) -> None:
    if out_of_question(one, other):
        assert judge(compare(one, other), namesakes=0) is Verdict.NOT_THEM
