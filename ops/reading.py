"""Reading what the hub holds in confidence: who may, on record, and what they then see. [D02, D14, L04]

Everything is read through the vault, which puts the reading on record before it gives a text away; a reading
that is refused goes on the same record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.retention import Keeping, term_of
from agents.partnership import Partnership
from ops import case_reading
from ops.content import filled, refs_in
from ops.problem import WrongInput
from ops.who_reads import (
    Asking,
    Denied,
    Seat,
    on_record,
    reader_of_dial,
    reader_of_missing,
    seat_in,
    told_member,
)
from store.vault import Reader, Vault

Document = Case | Dial | MissingPerson


@dataclass(frozen=True, slots=True)
class Readings:
    """Reads for people: the vault, the rules by which it is read, and the day."""

    vault: Vault
    partnership: Partnership
    today: date

    async def read(self, document: Document, who: Asking) -> dict[str, Any]:
        """The content of a document, as far as this person may see it.

        Raises
        ------
        Denied
            when it is refused; that is on record.
        VaultError, StoreError
        """

        async def work() -> dict[str, Any]:
            reader, laid_out = self._laid_out(document, who)
            return dict(await self._filled(document, laid_out, reader, who.purpose))

        return await on_record(self.vault, _key_of(document), who, work)

    async def require(self, document: Document, who: Asking) -> None:
        """Refuse whom `read` refuses. Nothing is read, and no reading goes on record.

        Raises
        ------
        Denied
            that is on record.
        VaultError, StoreError
        """

        async def work() -> None:
            self._laid_out(document, who)

        await on_record(self.vault, _key_of(document), who, work)

    async def notice(self, case: Case, who: Asking) -> dict[str, Any]:
        """The RED notice of a case as a member of a team that it went to reads it, whatever else this person
        may see. [E03, E05]

        Raises
        ------
        Denied
            when it is refused; that is on record.
        VaultError, StoreError
        """

        async def work() -> dict[str, Any]:
            seat = told_member(case, who, self.partnership, self.today)
            self._require_use(case, who.purpose)
            laid_out = case_reading.content_of(case, seat)
            return dict(await self._filled(case, laid_out, seat.reader, who.purpose))

        return await on_record(self.vault, case.case_id, who, work)

    async def reasons(
        self, document: Document, who: Asking, until: datetime | None = None
    ) -> list[dict[str, Any]]:
        """Why what was decided in a case was decided, up to a moment. [D14, D15]

        Raises
        ------
        WrongInput
            for a document whose reasons stand in its content.
        Denied
            when it is refused; that is on record.
        VaultError, StoreError
        """
        if not isinstance(document, Case):
            raise WrongInput(f"{document.key} is read whole, with its reasons; leave out --reasons and --at")
        case = document

        async def work() -> list[dict[str, Any]]:
            self._require_use(case, who.purpose)
            seat = seat_in(case, who, self.partnership, self.today)
            if seat.sees == "notice":
                raise Denied("role_may_not", "a field team reads the notice and the package, not the reasons")
            found = case_reading.reasons_of(case, seat, until)
            return list(await self._filled(case, found, seat.reader, who.purpose))

        return await on_record(self.vault, case.case_id, who, work)

    async def dispute(self, case: Case, dispute_id: str, who: Asking) -> dict[str, Any]:
        """What was said of one dispute, and what was decided about its element: that, and nothing else of the
        case, whoever reads. [K03, K07] It has ``content`` and ``reasons``, as `read` and `reasons` have them.

        Raises
        ------
        Denied
            when it is refused; that is on record.
        VaultError, StoreError
        """

        async def work() -> dict[str, Any]:
            self._require_use(case, who.purpose)
            seat = seat_in(case, who, self.partnership, self.today)
            if seat.sees == "notice" or (seat.sees == "disputes" and dispute_id not in seat.disputes):
                raise Denied("no_need_to_know", f"{who.person} has no part in dispute {dispute_id}")
            narrowed = Seat(seat.reader, "disputes", frozenset({dispute_id}))
            found = {
                "content": case_reading.content_of(case, narrowed),
                "reasons": case_reading.reasons_of(case, narrowed),
            }
            return dict(await self._filled(case, found, seat.reader, who.purpose))

        return await on_record(self.vault, case.case_id, who, work)

    def _laid_out(self, document: Document, who: Asking) -> tuple[Reader, Mapping[str, Any]]:
        match document:
            case Case():
                seat = seat_in(document, who, self.partnership, self.today)
                self._require_use(document, who.purpose)
                return seat.reader, case_reading.content_of(document, seat)
            case Dial():
                reader = reader_of_dial(document, who, self.partnership, self.today)
                return reader, case_reading.content_of_dial(document)
            case MissingPerson():
                reader = reader_of_missing(document, who, self.partnership, self.today)
                return reader, case_reading.content_of_missing(document)

    async def _filled(self, document: Document, laid_out: Any, reader: Reader, purpose: str) -> Any:
        refs = list(dict.fromkeys(refs_in(laid_out)))
        texts = await self.vault.read(_key_of(document), refs, reader=reader, purpose=purpose)
        return filled(laid_out, texts)

    def _require_use(self, case: Case, purpose: str) -> None:
        """A case that no rule of retention covers is put to no other use than its own. [L09]"""
        own = case.last_direction.purpose if case.last_direction else purpose
        require_own_use(case, purpose, own, self.partnership, self.today)


def require_own_use(case: Case, purpose: str, own: str, partnership: Partnership, today: date) -> None:
    """Refuse another purpose than the case's own while it is held. [L09] Raises `Denied`."""
    if purpose != own and term_of(case, (), partnership, today).keeping is Keeping.HELD:
        raise Denied(
            "held",
            f"{case.case_id} is held: no rule of retention covers it, so it is put to no other use than "
            f"{own} (retention in the partnership)",
        )


def _key_of(document: Document) -> str:
    return document.case_id if isinstance(document, Case) else document.key
