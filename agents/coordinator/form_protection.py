"""A source's own form gives nobody away when it leaves with a package. [A13, D13, M2.7]

An AP1 comes with the referral, before any agency has said which words would give a source away, and its text
is in the vault by then; see `hidden_words` for how it is searched all the same.
"""

from __future__ import annotations

from agents.coordinator import hidden_words
from agents.coordinator.adults import goes_with_package
from agents.coordinator.case import Case
from agents.coordinator.forms_kept import KeptForm
from agents.coordinator.setting import Setting
from agents.deciding import Fact, Refused
from messages.referral import NativeForm
from messages.words import Actor


def with_form(case: Case, form: NativeForm, by: Actor | None, setting: Setting) -> Case:
    """The case with this form after those that it has, which stay."""
    leaves = goes_with_package(case, form, setting.partnership)
    searched = (form.document,) if leaves and form.is_text else ()
    kept = KeptForm(
        form=form, by=by, at=setting.now, leaves=leaves, words=hidden_words.searchable(searched, setting)
    )
    return case.model_copy(update={"forms": (*case.forms, kept)})


def require_hidden(case: Case, *, by: Actor) -> None:
    """A form that is supplied late leaves with the package, so it may show nobody.

    Raises `Refused`: ``source_would_show``, or ``form_not_searchable`` for one that is no text.
    """
    kept = case.forms[-1]
    if not kept.leaves or not kept.shows_source(case.to_hide):
        return
    if not kept.form.is_text:
        raise Refused(
            "form_not_searchable",
            "A source has to stay hidden here, and only text can be searched: supply the form as text.",
            fields=("data.form.media_type",),
            by=by,
        )
    raise Refused(
        "source_would_show",
        "Say it without the words that would give a source away.",
        fields=("data.form.document",),
        by=by,
    )


def found(before: Case, case: Case) -> tuple[Fact, ...]:
    """For the record, that words were marked which the form has that would have left."""
    form = before.leaving_form
    if form is None or not case.form_shows_source:
        return ()
    return (Fact("form.shows_source", detail={"form": form.form}),)
