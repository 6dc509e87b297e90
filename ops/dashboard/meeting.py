"""The meeting of a daily round as whoever holds it opened it: what it reads for, how it meets, who is there.

It is said once, and stands in every decision that the meeting takes. It is kept with the session alone, until
that ends; what the hub keeps is what each decision says. [D02, H04, J01]

READ: a meeting reads one case after the other for one purpose. It says that purpose once, and each reading
goes on the record of its own document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agents.partnership import Partnership, Seat
from ops import who_reads


@dataclass(frozen=True, slots=True)
class Meeting:
    """``participants`` are those there, each as the form names them (`chair`)."""

    purpose: str
    mode: str
    participants: tuple[str, ...]


def chair(person: str, role: str, agency: str) -> str:
    """The value by which a form names somebody in the role in which they take part."""
    return f"{person}@{agency}/{role}"


def empty_seats(quorum: Iterable[Seat], meeting: Meeting | None) -> tuple[Seat, ...]:
    """The seats of a quorum that nobody takes who is there. [H04]"""
    taken = {one.partition("@")[2] for one in (meeting.participants if meeting else ())}
    return tuple(seat for seat in quorum if f"{seat.agency}/{seat.role}" not in taken)


def could_attend(code: str, partnership: Partnership) -> tuple[tuple[str, str, str], ...]:
    """Person, role and agency of whoever may take part, those first whom the quorum needs.

    READ: besides the quorum, those who hold the round or act on what is before it take part, in the role that
    lets them. Of the practitioners of every service those of children's services alone check DIALs.
    """
    seats = {(seat.role, seat.agency) for seat in partnership.rounds[code].quorum}
    roles = {
        role
        for right in who_reads.rights_in_round(code, partnership)
        for role in partnership.rights.get(right, ())
    }
    agencies = who_reads.agencies_in_round(code, partnership)
    found = sorted(
        ((role, one.agency) not in seats, one.agency, one.person, role)
        for one in partnership.staff
        for role in set(one.roles) & roles
        if one.agency in agencies
    )
    return tuple((person, role, agency) for _, agency, person, role in found)
