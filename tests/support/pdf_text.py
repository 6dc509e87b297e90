"""The text of a PDF that this program made, as a reader of the file comes to it."""

from __future__ import annotations

import re
import zlib

# The end is written as one line feed; a carriage return before it is a packed stream's own last byte.
_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.S)
_PACKED = b"x"
_FONT_OR_TEXT = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\) Tj", re.S)
_ESCAPED = re.compile(rb"\\(.)", re.S)
_CHARACTER = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4,8})>\n")
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page; parts that were drawn one after the other are lines of their own."""
    streams = [_unpacked(found[1]) for found in _STREAM.finditer(pdf)]
    fonts = [_characters(one) for one in streams if b"beginbfchar" in one]
    return [_text(one, fonts) for one in streams if b" Tj" in one and b"beginbfchar" not in one]


def _unpacked(stream: bytes) -> bytes:
    return zlib.decompress(stream) if stream.startswith(_PACKED) else stream


def _characters(table: bytes) -> dict[int, str]:
    body = table[table.index(b"beginbfchar") :]
    pairs = _CHARACTER.findall(body)
    return {int(code, 16): bytes.fromhex(said.decode()).decode("utf-16-be") for code, said in pairs}


def _text(page: bytes, fonts: list[dict[int, str]]) -> str:
    lines, font = [], fonts[0]
    for name, drawn in _FONT_OR_TEXT.findall(page):
        if name:
            font = fonts[int(name) - 1]
            continue
        codes = _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), drawn)
        lines.append("".join(font[int.from_bytes(codes[i : i + 2])] for i in range(0, len(codes), 2)))
    return "\n".join(lines)
