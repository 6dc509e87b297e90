"""Everything of a dashboard that a person comes to by following its links."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from httpx2 import Response

from tests.support.dashboard import PURPOSE, Dashboard, form_token

_LINK = re.compile(r'href="(/[^"#]*)')
_ID = re.compile(r"[CDM]-[A-Z2-7]{12}|(?<==)[^&]+|(?<=/)\d+")
_NO_PAGES = ("/static", "/sign-out")
_OF_A_KIND = 8
"""How many addresses are opened that differ by nothing but an id."""


@dataclass(frozen=True)
class Opened:
    """A page: its address, and what came."""

    path: str
    answer: Response


def kind_of(path: str) -> str:
    """What the addresses have in common that differ by nothing but an id."""
    return _ID.sub("*", path)


async def crawl(dashboard: Dashboard, who: str) -> AsyncIterator[Opened]:
    """Sign in, and follow every link; where a page asks what a case is read for, it is told."""
    browser = await dashboard.signed_in(who)
    waiting, seen = ["/"], {"/"}
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.pop()
        answer = await browser.get(path, follow_redirects=True)
        if 'name="then"' in answer.text and 'name="purpose"' in answer.text:
            yield Opened(path, answer)
            action = re.search(r'<form method="post" action="([^"]*purpose)"', answer.text)
            assert action is not None, path
            said = {"form_token": form_token(answer), "purpose": PURPOSE, "then": path}
            answer = await browser.post(action[1], data=said, follow_redirects=True)
        yield Opened(path, answer)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        for found in _LINK.findall(answer.text):
            link = html.unescape(found)
            kind = kind_of(link)
            if link in seen or link.startswith(_NO_PAGES) or kinds[kind] >= _OF_A_KIND:
                continue
            seen.add(link)
            kinds[kind] += 1
            waiting.append(link)
