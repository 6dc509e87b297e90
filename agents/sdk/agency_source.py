"""An agency's records as two questions: who may be meant, and what is held about one person."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from agents.sdk.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """Somebody in the agency's records. Texts are as the records have them: they are normalised here.

    ``reference`` is the agency's own key of the person. ``numbers`` maps a scheme (``nhs``, ``upn``, ``pnc``,
    ``nino`` or one of the agency's own) to a number, or to several.
    """

    reference: str
    given_name: str | None = None
    family_name: str | None = None
    also_known_as: tuple[str, ...] = ()
    date_of_birth: date | None = None
    address: str | None = None
    earlier_addresses: tuple[str, ...] = ()
    numbers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Suggestion:
    """A text that may leave in place of a record's own, prepared by somebody of the agency. [D11]"""

    text: str
    transforms: tuple[str, ...] = ("summarised",)
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """The smallest piece that can be decided by itself. [D08]

    ``document`` is the agency's own reference of the record that it stands in, made of letters, digits and
    ``. _ : / -``; several pieces may have one. ``kind`` and ``marking`` are codes, ``risks``
    its risk flags. ``owner`` is another agency's code when this one only holds the information [D09]. None
    for ``marking`` or ``kind`` means the agency's standard. ``source_words`` would give a source away. [D13]
    """

    document: str
    text: str
    kind: str | None = None
    marking: str | None = None
    owner: str | None = None
    risks: tuple[str, ...] = ()
    source_words: tuple[str, ...] = ()
    recorded_on: date | None = None
    suggestion: Suggestion | None = None


class AgencySource(ABC):
    """Write these two, as plain functions or ``async``. Whatever they raise makes the worker try again later,
    with growing delays; nothing of the exception's text is logged."""

    @classmethod
    def open(cls, options: Mapping[str, Any], folder: Path) -> Self:
        """Make the source from the table ``[source]`` of ``agency.toml``, without its key ``use``.

        ``folder`` is the agency's folder, for paths that are relative to it. Standard: the options are the
        class's keyword arguments.

        Raises
        ------
        agents.agency.problems.FolderUnsound
            with what is wrong in the options, and what to do.
        """
        return cls(**options)

    @abstractmethod
    def people(self, wanted: Wanted) -> Iterable[Person] | Awaitable[Iterable[Person]]:
        """Everybody who may be meant: rather too many than too few. Who is meant is decided elsewhere, by the
        same strict rules for every agency. Aim at 1,000 people or fewer."""

    @abstractmethod
    def records(self, reference: str) -> Iterable[Record] | Awaitable[Iterable[Record]]:
        """What is held about one person, by the reference that `people` gave."""

    async def close(self) -> None:
        """Let go of connections; called once at the end."""
        return
