"""A made-up county of families full of look-alikes: twins, namesakes, fathers and sons, slips of the pen.

Wrong identity is the worst error, so of all that are asked about, not one may be taken for somebody else.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from agents.agency.register import Register
from agents.identity.names import Likeness, compare_given
from agents.identity.nicknames import full_forms
from agents.identity.person import Identity, identity

_GIVEN = """Aleena Alina Amara Amira Ashley Bob Caden Catherine Ethan Evan Jaden Jake Jade Jayden John Jon
Kayla Keira Kiera Layla Leah Leo Lea Maria Marie Mark Marc Mohammed Muhammad Oliver Olivia Posy Rob Robert
Rosie Rowan Sam Samuel Samantha Sara Sarah Sean Shaun Tayla Taylor Theo Thea Zara Zarah"""
_STEMS = "Ash Black Brad Brook Clay Corn East Elm Green Hart High Long Marsh North Oak Red Stan"
_ENDS = "bury by field ford ham ley ley-Moss thorpe ton well wood"
_SHORT = "Ahmed Ashe Brown Browne Clark Clarke Green Khan Kahn Moss Oakes Reed Reid Smith Smyth Stone"
GIVEN = _GIVEN.split()
FAMILY = [*_SHORT.split(), *(stem + end for stem in _STEMS.split() for end in _ENDS.split())]


@dataclass(frozen=True)
class Someone:
    given: str
    family: str
    born: date
    house: int
    street: int
    nhs: str


def nhs_number(n: int) -> str:
    while True:
        body = f"{n % 1_000_000_000:09}"
        check = 11 - sum(int(d) * (10 - i) for i, d in enumerate(body)) % 11
        if check != 10 and len(set(body)) > 1:
            return body + str(check % 11)
        n += 7_654_321


def names_for(count: int, chance: random.Random) -> list[str]:
    """Given names for one household: not two spellings, nor the short form, of one name."""
    names: list[str] = []
    while len(names) < count:
        name = chance.choice(GIVEN)
        if not any(_much_the_same(name.lower(), other.lower()) for other in names):
            names.append(name)
    return names


def _much_the_same(one: str, other: str) -> bool:
    same_name = set(full_forms(one)) & set(full_forms(other))
    return bool(same_name) or compare_given((one,), (other,)) in (Likeness.SAME, Likeness.ALIKE)


def county(chance: random.Random, households: int) -> list[Someone]:
    """Parents with up to three births; one child in ten is called after the father, one in five a twin."""
    people: list[Someone] = []

    def add(given: str, family: str, born: date, household: int) -> None:
        number = nhs_number(400_000_000 + len(people) * 1_234_567)
        people.append(Someone(given, family, born, household % 40, household // 40, number))

    for household in range(households):
        family = chance.choice(FAMILY)
        father, mother, *children = names_for(8, chance)
        father_born = date(1955, 1, 1) + timedelta(days=chance.randrange(15_000))
        add(father, family, father_born, household)
        add(mother, family, father_born + timedelta(days=chance.randrange(-2000, 2000)), household)
        born = father_born + timedelta(days=chance.randrange(7500, 9500))
        for birth in range(chance.randrange(4)):
            born += timedelta(days=chance.randrange(300, 1200))
            called_after_father = birth == 0 and chance.random() < 0.1
            add(father if called_after_father else children.pop(), family, born, household)
            if chance.random() < 0.2:
                add(children.pop(), family, born, household)
    return people


def written(someone: Someone, chance: random.Random, slips: float) -> Identity:
    """How somebody stands in a file: with things missing, and with slips."""

    def slip(word: str) -> str:
        if chance.random() > slips or len(word) < 4:
            return word
        at = chance.randrange(1, len(word) - 1)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return chance.choice([swapped, word[:at] + word[at + 1 :], word[:at] + word[at - 1 :]])

    born: date | None = someone.born
    if chance.random() < slips and someone.born.day <= 12:
        born = date(someone.born.year, someone.born.day, someone.born.month)
    if chance.random() < slips:
        born = None
    moved = chance.random() < 2 * slips
    here = replace(someone, street=someone.street + 7) if moved else someone
    address = f"{here.house + 1} Row {here.street}, ZZ{here.street % 90 + 1} {here.street % 10}ZZ"
    return identity(
        given_name=slip(someone.given),
        family_name=slip(someone.family),
        born=born,
        address=address if chance.random() > slips else None,
        numbers=[("nhs", someone.nhs)] if chance.random() < 0.3 else [],
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("slips", [0.0, 0.1, 0.3])
def test_in_a_county_of_look_alikes_nobody_is_taken_for_somebody_else(seed: int, slips: float) -> None:
    """Half of the people are in the register, all are asked about."""
    chance = random.Random(seed)
    people = county(chance, 300)
    in_register = {n for n in range(len(people)) if chance.random() < 0.5}
    register = Register((str(n), written(people[n], chance, slips)) for n in sorted(in_register))
    right = wrong = missed = 0
    for n, someone in enumerate(people):
        match = register.match(written(someone, chance, slips))
        wrong += match.outcome == "same_person" and match.keys != (str(n),)
        right += match.keys == (str(n),)
        missed += match.outcome == "nobody" and n in in_register
    assert wrong == 0
    least_right, most_missed = {0.0: (0.95, 0.001), 0.1: (0.6, 0.1), 0.3: (0.15, 0.4)}[slips]
    assert right > least_right * len(in_register)
    assert missed < most_missed * len(in_register)
