"""Links lead somewhere, and every page can be found from the first one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.pages import PAGES, ROOT, anchors, links, name


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    for link in links(page):
        if "://" in link:
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{name(page)}: {link} leads nowhere"
        if anchor:
            assert anchor in anchors(file), f"{name(page)}: {link} names no heading"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = {(page.parent / link.partition("#")[0]).resolve() for link in links(page) if link[0] != "#"}
        waiting += [target for target in targets if target in PAGES]
    assert sorted(map(name, set(PAGES) - reached)) == []
