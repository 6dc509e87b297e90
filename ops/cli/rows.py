"""Rows of a list for people: a table, with every id whole on one line.

An id is there to be copied or cut out, so it is never folded. Where it would leave the other columns too
narrow to be read, each row is lines of its own instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

IDS = frozenset({"case", "document", "message_id", "element_id", "dispute_id", "request_id", "permission_id"})
"""The columns that hold ids."""

_READABLE = 8
_GAP = 2


class Rows:
    """Rows of cells under the names of their columns. Print it with ``crop=False``."""

    def __init__(
        self,
        columns: Sequence[str],
        cells: Sequence[Sequence[Text]],
        *,
        title: str | None = None,
        header_style: str = "bold",
    ) -> None:
        self._names = columns
        self._cells = cells
        self._title = title
        self._header_style = header_style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        widths = [self._least(n, name) for n, name in enumerate(self._names)]
        if IDS.isdisjoint(self._names) or sum(widths) + _GAP * len(widths) <= options.max_width:
            yield self._table(widths)
        else:
            yield from self._one_by_one()

    def _least(self, number: int, name: str) -> int:
        """The width that a column cannot do without."""
        longest = max((row[number].cell_len for row in self._cells), default=0)
        return longest if name in IDS else min(max(longest, len(name)), _READABLE)

    def _table(self, widths: Sequence[int]) -> Table:
        columns = (
            Column(name, overflow="fold", min_width=width, no_wrap=name in IDS)
            for name, width in zip(self._names, widths, strict=True)
        )
        drawn = Table(
            *columns,
            title=self._title,
            title_justify="left",
            title_style="bold",
            box=None,
            header_style=self._header_style,
        )
        for row in self._cells:
            drawn.add_row(*row)
        return drawn

    def _one_by_one(self) -> Iterator[RenderableType]:
        if self._title:
            yield Text(self._title, style="bold")
        for row in self._cells:
            rest = Table.grid(Column(no_wrap=True), Column(overflow="fold"), padding=(0, _GAP))
            for name, cell in zip(self._names, row, strict=True):
                if name in IDS:
                    yield Text.assemble(f"{name}  ", cell, no_wrap=True, overflow="ignore")
                else:
                    rest.add_row(Text(name, style=self._header_style), cell)
            yield Padding(rest, (0, 0, 0, _GAP))
