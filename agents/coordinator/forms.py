"""The source's own form, when it comes after the referral: kept as it came, on record by its hash. [A13]"""

from __future__ import annotations

from agents.coordinator import form_protection, length
from agents.coordinator.authority import require_right
from agents.coordinator.case import Case
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused
from messages.adults import FormSupplied
from messages.referral import NativeForm


def supply(case: Case, said: FormSupplied, setting: Setting) -> Decided[Case]:
    """Add a form that is missing, beside those that came. [A13, F04, F06]

    Raises `Refused`: no right to it, a form that is there, too long to go with a package, or, for one that
    goes with it, words that give a source away, or no text to search for them.
    """
    require_right("supply_form", said.by, setting)
    if _is_there(case, said.form):
        raise Refused(
            "form_there",
            "The case has this form, and what came is not replaced; supply one that is missing.",
            fields=("data.form.form",),
            by=said.by,
        )
    if case.referral_bytes + length.of(said.form.document) > length.REFERRAL_BYTES:
        raise Refused(
            "texts_too_long",
            f"Keep the form and the texts of the referral together under {length.REFERRAL_BYTES} bytes.",
            fields=("data.form.document",),
            by=said.by,
        )
    supplied = form_protection.with_form(case, said.form, said.by, setting)
    form_protection.require_hidden(supplied, by=said.by)
    fact = Fact(
        "form.supplied",
        said.by,
        {"form": said.form.form, "form_hash": setting.keyed_hash(said.form.document.reveal())},
    )
    return Decided(supplied, (), (fact,))


def _is_there(case: Case, form: NativeForm) -> bool:
    """Whether a form of this kind came already. One that may not leave since it would give a source away is
    there, and the one that leaves is missing."""
    of_kind = [kept for kept in case.forms if kept.form.form == form.form]
    return any(not (kept.leaves and kept.shows_source(case.to_hide)) for kept in of_kind)
