"""The source's own form, when it comes after the referral: kept as it came, on record by its hash. [A13]"""

from __future__ import annotations

from agents.coordinator import form_protection, length
from agents.coordinator.authority import require_right
from agents.coordinator.case import Case
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused
from messages.adults import FormSupplied


def supply(case: Case, said: FormSupplied, setting: Setting) -> Decided[Case]:
    """The case has this form from now on. [A13, F04, F06]

    Raises `Refused`: no right to it, too long to go with a package, or, for one that goes with it, words that
    give a source away, or no text to search for them.
    """
    require_right("supply_form", said.by, setting)
    if case.referral_bytes + length.of(said.form.document) > length.REFERRAL_BYTES:
        raise Refused(
            "texts_too_long",
            f"Keep the form and the texts of the referral together under {length.REFERRAL_BYTES} bytes.",
            fields=("data.form.document",),
            by=said.by,
        )
    form_protection.require_hidden(case, said.form, setting, by=said.by)
    fact = Fact(
        "form.supplied",
        said.by,
        {"form": said.form.form, "form_hash": setting.keyed_hash(said.form.document.reveal())},
    )
    return Decided(form_protection.with_form(case, said.form, setting), (), (fact,))
