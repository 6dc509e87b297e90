"""The words by which a list of cases is narrowed, checked before anything is looked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from agents.coordinator.adult_record import Side
from agents.coordinator.needs import NEEDS, STAGES, About
from agents.partnership import Partnership
from messages.words import Rag
from ops.problem import WrongInput
from store.port import Facet


def case_filter(
    partnership: Partnership, *, stage: str | None, rag: str | None, needs_code: str | None
) -> Mapping[str, Facet]:
    """What the facets of a case have to be. Raises `WrongInput` for a word that no case can have."""
    where: dict[str, Facet] = {}
    if stage is not None:
        where["stage"] = _one_of(STAGES, stage, "--stage")
    if rag is not None:
        where["rag"] = _one_of([one.value for one in Rag], rag, "--rag")
    if needs_code is not None:
        where["needs"] = _need(partnership, needs_code)
    return where


def _one_of(known: Collection[str], word: str, option: str) -> str:
    if word not in known:
        raise WrongInput(f"{option} takes one of {', '.join(known)}")
    return word


def _need(partnership: Partnership, code: str) -> str:
    """A need such as ``rating`` or ``owner:education``: a kind and, for some, whose it is."""
    kind, colon, whose = code.partition(":")
    about = NEEDS.get(kind)
    if kind not in NEEDS or (about is None and colon):
        forms = (f"{kind}:{about.upper()}" if about else kind for kind, about in NEEDS.items())
        raise WrongInput(f"--needs takes one of {', '.join(forms)}")
    if about is About.DISPUTE and not whose:
        raise WrongInput(f"--needs {kind}:DISPUTE takes the id of a dispute, which `mash case ID` shows")
    if about is About.AGENCY:
        _one_of([f"{kind}:{agency}" for agency in sorted(partnership.agencies)], code, "--needs")
    if about is About.SIDE:
        _one_of([f"{kind}:{side}" for side in Side], code, "--needs")
    if about is About.TEAM:
        _one_of([f"{kind}:{team}" for team in sorted(partnership.teams)], code, "--needs")
    return code
