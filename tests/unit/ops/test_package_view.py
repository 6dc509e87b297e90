"""Who may read a package by the command line, and what it says of the others of its case. [C07, C10, M2.4]"""

from __future__ import annotations

from typing import cast

import pytest

from ops.package_view import Shown, read_package
from ops.problem import Problem
from store.vault import Reader, Vault
from tests.support.procedure import CORE_CHILD, Procedure


class NeverRead:
    """A vault that nobody may get to."""

    async def read(self, *what: object, **how: object) -> dict[str, str]:
        raise AssertionError("the vault was read")


async def test_staff_of_an_agency_that_was_not_asked_do_not_read_the_package() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from(*CORE_CHILD)
    hub.assess()
    hub.agree()
    housing = Reader("HOU-DM-01", "decision_maker", "housing")
    with pytest.raises(Problem, match="housing was not asked"):
        await read_package(
            hub.case,
            None,
            cast(Vault, NeverRead()),
            reader=housing,
            purpose="safeguarding_children",
            partnership=hub.partnership,
            today=hub.now.date(),
        )


def shown(version: int, *, withdrawn: tuple[str, ...] = ()) -> Shown:
    """One of three versions: p/1 and c/1, then c/1 decided otherwise, then h/1."""
    sent = (["p/1", "c/1"], ["c/1"], ["h/1"])
    package = {
        "version": version,
        "kind": "supplement" if version > 1 else "full",
        "elements": [{"element_id": element} for element in sent[version - 1]],
        "withdrawn": list(withdrawn),
    }
    versions = tuple({"version": n, "elements": elements} for n, elements in enumerate(sent, start=1))
    return Shown(package, (), True, versions)


def test_a_supplement_says_which_earlier_packages_have_more() -> None:
    assert list(shown(3).elsewhere()) == [
        "supplement to version 1: 2 more elements there, see `--version 1`",
        "supplement to version 2: 1 more element there, see `--version 2`",
        "the agencies' counts are of their whole round so far, earlier versions included",
    ]
    assert "supplement to version 1: 1 more element there, see `--version 1`" in shown(2).elsewhere()


def test_an_earlier_package_says_that_others_have_been_issued_since() -> None:
    assert list(shown(1).elsewhere()) == [
        "version 2 has been issued since, see `--version 2`",
        "version 3 has been issued since, see `--version 3`",
    ]


def test_what_was_withdrawn_is_named_and_not_counted_as_more() -> None:
    said = list(shown(3, withdrawn=("c/1", "p/1")).elsewhere())

    assert "withdrawn, no longer to be used: c/1, p/1" in said
    assert "supplement to version 1: 0 more elements there, see `--version 1`" in said
