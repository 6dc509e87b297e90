"""`mash retention list`: what is over first, and each list by itself. [L09]"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import store.connect
from tests.acceptance.test_retention import investigated_by_nobody, investigated_by_the_police
from tests.support.command_line import Mash
from tests.support.kept_hub import put


async def _keep(*states: Any) -> None:
    opened = store.connect.connect(f"sqlite:///{Path('mash-data') / 'store'}", agent="coordinator")
    await put(opened, *states)
    await opened.close()


def test_what_is_over_comes_first_and_a_list_can_be_asked_for_by_itself_l09(mash: Mash) -> None:
    assert mash("provision").exit_code == 0
    assert mash("retention", "list").stdout == "nothing is done with: no case is closed\n"
    nobody, police = investigated_by_nobody().case, investigated_by_the_police().case
    held = [nobody.model_copy(update={"case_id": f"C-{number}"}) for number in (1, 2)]
    asyncio.run(_keep(*held, police.model_copy(update={"case_id": "C-3"})))

    found = json.loads(mash("retention", "list", "--json").stdout)
    assert [(one["id"], one["keeping"]) for one in found["documents"]] == [
        ("C-3", "over"),
        ("C-1", "held"),
        ("C-2", "held"),
    ]
    assert (found["documents"][0]["rule"], found["documents"][0]["until"]) == ("police", "2018-03-05")
    shortened = mash("retention", "list", "--limit", "1").stdout
    assert "C-3" in shortened and "3 in all" in shortened
    only = json.loads(mash("retention", "list", "--only", "held", "--json").stdout)
    assert (only["total"], [one["id"] for one in only["documents"]]) == (2, ["C-1", "C-2"])
    assert mash("retention", "list", "--only", "decided").stdout == "there is none\n"
