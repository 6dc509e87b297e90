"""Who may read a package by the command line. [C10, M2.4]"""

from __future__ import annotations

from typing import cast

import pytest

from ops.package_view import read_package
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
            hub.case, None, cast(Vault, NeverRead()), reader=housing, purpose="safeguarding_children"
        )
