"""The documentation as tests see it: pages, fenced blocks with their marks, links, headings, commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))

_FENCE = re.compile(r"^( *)```(\w*)\s*$")
_MARK = re.compile(r"^ *<!-- (.*?) -->\s*$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_SOURCE = re.compile(r'(?:src|srcset)="([^"]+)"')
_SEVERAL_LINES = re.compile(r"<<|'$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
NOT_RUN = "not run: "


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. ``mark`` is the comment right above it, which says how it is tested."""

    page: Path
    line: int
    language: str
    text: str
    mark: str

    @property
    def where(self) -> str:
        return f"{name(self.page)}:{self.line}"


def name(page: Path) -> str:
    """A page as messages name it."""
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    lines = page.read_text("utf-8").splitlines()
    number, mark = 0, ""
    while number < len(lines):
        opened, marked = _FENCE.match(lines[number]), _MARK.match(lines[number])
        if opened:
            end = next(n for n in range(number + 1, len(lines)) if lines[n].strip() == "```")
            text = "\n".join(line.removeprefix(opened[1]) for line in lines[number + 1 : end])
            yield Block(page, number + 1, opened[2], text, mark)
            number = end
        mark = marked[1] if marked else ("" if lines[number].strip() else mark)
        number += 1


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """The commands of a ``sh`` or ``console`` block, each with the lines that it prints."""
    text = block.text.replace("\\\n", " ")
    if block.language == "sh":
        yield from ((" ".join(line.split()), []) for line in text.splitlines() if _is_command(line))
        return
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:].strip(), []))
        elif found:
            found[-1][1].append(line)
    yield from found


def is_script(block: Block) -> bool:
    """Whether a block makes sense as a whole only: it has a here-document or a text of several lines."""
    return block.language == "sh" and bool(_SEVERAL_LINES.search(block.text))


def _is_command(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    kept, inside = [], False
    for line in page.read_text("utf-8").splitlines():
        if _FENCE.match(line) or (inside and line.strip() == "```"):
            inside = not inside
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def links(page: Path) -> list[str]:
    """Where the links and pictures of a page lead."""
    text = prose(page)
    return [*_LINK.findall(_CODE.sub("", text)), *_SOURCE.findall(text)]


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def spoken(page: Path) -> Iterator[str]:
    """What stands in code marks in the prose of a page."""
    yield from (re.sub(r"\\(.)", r"\1", found) for found in _CODE.findall(prose(page)))


def words(command: str) -> list[str]:
    """A command in words; an unbalanced quotation mark is a mistake of the page."""
    return shlex.split(command, comments=True)
