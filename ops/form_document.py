"""The form itself, as a file of its source: kept as it came. [A13]"""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from messages.referral import TEXTS
from ops.problem import WrongInput

MOST_BINARY = 15_000
"""Bytes of a document that is no text: in base64 they are the length of one text of a message."""

_MEDIA = {
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".xml": "application/xml",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".rtf": "application/rtf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Document:
    """The form itself, as it came. Its repr shows nothing of it."""

    media_type: str
    text: str = field(repr=False)

    @classmethod
    def of(cls, content: bytes, name: str) -> Document:
        """A file by the ending of its name: text as text, all else in base64. Raises `WrongInput`."""
        media_type = _MEDIA.get(Path(name).suffix.lower())
        if media_type is None:
            raise WrongInput(f"the document has to be one of {', '.join(_MEDIA)}")
        if media_type.startswith("text/") or media_type in TEXTS:
            with suppress(UnicodeDecodeError):
                return cls(media_type, content.decode())
            raise WrongInput("the document is no text in UTF-8: save it as UTF-8, or hand in the PDF")
        if len(content) > MOST_BINARY:
            raise WrongInput(
                f"the document is too long: at most {MOST_BINARY} bytes of a PDF or picture. Leave it with "
                "its source: the filled-in fields are kept as the form"
            )
        return cls(media_type, base64.b64encode(content).decode())
