"""The page of a package as a PDF: the same blocks in the same order, the marking on every page. [D21, L11]

Its name and its properties are the case's id and the version, never a word of what is in it.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from ops.dashboard import words
from ops.dashboard.package_page import Grid, Heading, PackagePage, Text

_FONTS = Path(__file__).parent / "fonts"
_FONT = "DejaVu"
_MARGIN_MM, _LINE_MM = 15, 5
_SIZE, _SMALL, _LARGE = 10, 8, 15

for _chatty in ("fpdf", "fontTools"):
    # What they say of a font names the characters of the text, and no log has any of that.
    logging.getLogger(_chatty).setLevel(logging.CRITICAL)


def package_pdf(page: PackagePage, made_at: datetime) -> bytes:
    """The page on A4. Takes some tenths of a second: call it off the event loop."""
    pdf = _Paper(page)
    pdf.set_creation_date(made_at)
    pdf.add_page()
    pdf.line_of(page.name, size=_LARGE, bold=True)
    if page.heading:
        pdf.line_of(page.heading)
    for warning in page.warnings:
        pdf.line_of(f"! {warning}", bold=True)
    if page.urgent:
        pdf.titled("Urgent")
        pdf.line_of(page.urgent, bold=True)
    pdf.titled("At a glance")
    pdf.grid((), page.facts, widths=(1, 3))
    for section in page.sections:
        pdf.titled(section.title)
        for block in section.blocks:
            match block:
                case Grid():
                    pdf.grid(block.columns, block.rows)
                case Heading():
                    pdf.ln(1)
                    pdf.line_of(block.text, bold=True)
                case Text():
                    before = f"{block.label}: " if block.label else ""
                    after = f" – {block.href}" if block.href else ""
                    size = _SMALL if block.quiet else _SIZE
                    pdf.line_of(f"{before}{block.text}{after}", size=size, bold=block.strong)
    return bytes(pdf.output())


class _Paper(FPDF):
    """A4 with the marking at the head and the foot of every page, and which page of which package it is."""

    def __init__(self, page: PackagePage) -> None:
        super().__init__(format="A4")
        self._page = page
        self.set_title(page.name)
        self.set_lang("en-GB")
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(True, _MARGIN_MM + _LINE_MM)
        for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            self.add_font(_FONT, style, _FONTS / file)

    def header(self) -> None:
        self._across(self._page.marking)
        self.ln(_LINE_MM)

    def footer(self) -> None:
        self.set_y(-_MARGIN_MM)
        self._across(self._page.marking)
        self.set_font(_FONT, "", _SMALL)
        rating = words.in_words(self._page.rag)
        which = f"{self._page.name} – {rating} – page {self.page_no()} of {{nb}}"
        self.cell(0, _LINE_MM, which, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def titled(self, title: str) -> None:
        """The title of a part, in the outline of the document too; never alone at the foot of a page."""
        if self.will_page_break(4 * _LINE_MM):
            self.add_page()
        self.ln(3)
        self.start_section(title)
        self.line_of(title, size=12, bold=True)

    def line_of(self, text: str, *, size: float = _SIZE, bold: bool = False) -> None:
        """A paragraph."""
        self.set_font(_FONT, "B" if bold else "", size)
        height = _LINE_MM * size / _SIZE
        self.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def grid(
        self,
        columns: tuple[str, ...],
        rows: tuple[tuple[str, ...], ...],
        widths: tuple[int, ...] | None = None,
    ) -> None:
        """A table whose head comes again on every page."""
        self.set_font(_FONT, "", _SMALL + 1)
        self.set_line_width(0.1)
        with self.table(
            [columns, *rows] if columns else list(rows),
            first_row_as_headings=bool(columns),
            headings_style=FontFace(emphasis="BOLD"),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=widths,
            line_height=_LINE_MM,
            text_align="LEFT",
            v_align="TOP",
            align="LEFT",
            wrapmode=WrapMode.WORD,
            padding=(1, 1, 1, 0),
        ):
            pass
        self.set_font(_FONT, "", _SIZE)

    def _across(self, text: str) -> None:
        self.set_font(_FONT, "B", _SIZE)
        self.cell(0, _LINE_MM, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
