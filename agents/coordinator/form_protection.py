"""A source's own form gives nobody away when it leaves with a package. [A13, D13, M2.7]

An AP1 comes with the referral, before any agency has said which words would give a source away, and its text
is in the vault by then. So the case keeps keyed hashes of its words and of its pairs of neighbouring words,
and a phrase is looked for among these. A phrase is found wherever it stands; one whose pairs all stand apart
is taken for found as well, which errs on the side of the source. A form that is no text cannot be searched:
while there is anything to hide, it does not leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from agents.coordinator import source_protection
from agents.coordinator.adults import goes_with_package
from agents.coordinator.case import Case
from agents.coordinator.setting import Setting
from agents.deciding import Fact, Refused
from messages.confidential import Confidential
from messages.referral import NativeForm, PersonConcerned
from messages.words import Actor

_HASH = 12
"""Hexadecimal digits kept of each hash: a form has thousands of pairs, and a chance hit does no harm."""


def begun(case: Case, setting: Setting) -> Case:
    """A case that has just been opened: its form is searched for a referrer who must stay unnamed, and its
    words are noted for what agencies say later."""
    hashes = source_protection.hashes_of(_names_to_hide(case.people), setting)
    return with_form(case.model_copy(update={"unnamed_hashes": hashes}), case.form, setting)


def with_form(case: Case, form: NativeForm | None, setting: Setting) -> Case:
    """The case with this form, and whether the form shows what has to stay hidden."""
    words: tuple[str, ...] = ()
    shows = False
    leaves = form is not None and goes_with_package(case, form, setting.partnership)
    if form is not None and leaves:
        text = form.document.reveal() if form.is_text else ""
        words = _words_and_pairs(source_protection.words(text), setting)
        shows = _shows(case, form, setting)
    return case.model_copy(
        update={"form": form, "form_may_leave": leaves, "form_words": words, "form_shows_source": shows}
    )


def require_hidden(case: Case, form: NativeForm, setting: Setting, *, by: Actor) -> None:
    """A form that is supplied late leaves with the package, so it may show nobody.

    Raises `Refused`: ``source_would_show``, or ``form_not_searchable`` for one that is no text.
    """
    if not goes_with_package(case, form, setting.partnership) or not _shows(case, form, setting):
        return
    if not form.is_text:
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


def answered(
    before: Case, case: Case, source_words: Sequence[Confidential], setting: Setting
) -> tuple[Case, tuple[Fact, ...]]:
    """After an answer with words that would give a source away: whether the form that is there has them."""
    form = case.form
    if form is None or before.form_shows_source or not goes_with_package(case, form, setting.partnership):
        return case, ()
    known = set(case.form_words)
    phrases = [found for phrase in source_words if (found := source_protection.words(phrase.reveal()))]
    found_there = any(_within(p, known, setting) for p in phrases) if form.is_text else bool(phrases)
    if not found_there:
        return case, ()
    fact = Fact("form.shows_source", detail={"form": form.form})
    return case.model_copy(update={"form_shows_source": True}), (fact,)


def _shows(case: Case, form: NativeForm, setting: Setting) -> bool:
    hashes = source_protection.known_hashes(case) | set(case.unnamed_hashes)
    if not form.is_text:
        return bool(hashes)
    return source_protection.shows(form.document.reveal(), hashes, setting)


def _names_to_hide(people: Iterable[PersonConcerned]) -> tuple[Confidential, ...]:
    """Each name of a referrer who must stay unnamed, but for those that others in the case bear as well: of
    these only the whole name gives the referrer away."""
    people = tuple(people)
    shared = {_key(name) for person in people if person.may_be_named for name in _names(person)}
    hidden: list[Confidential] = []
    for person in people:
        if person.may_be_named:
            continue
        hidden += [name for name in _names(person) if _key(name) not in shared]
        given, family = person.given_name, person.family_name
        if given is not None and family is not None:
            first, last = given.reveal(), family.reveal()
            hidden += [Confidential(f"{first} {last}"), Confidential(f"{last} {first}")]
    return tuple(hidden)


def _names(person: PersonConcerned) -> Iterable[Confidential]:
    return (n for n in (person.given_name, person.family_name, *person.also_known_as) if n is not None)


def _key(name: Confidential) -> tuple[str, ...]:
    return tuple(source_protection.words(name.reveal()))


def _within(phrase: Sequence[str], known: set[str], setting: Setting) -> bool:
    parts = [" ".join(pair) for pair in pairwise(phrase)] or list(phrase)
    return all(_hash(part, setting) in known for part in parts)


def _words_and_pairs(words: Sequence[str], setting: Setting) -> tuple[str, ...]:
    parts = {*words, *(" ".join(pair) for pair in pairwise(words))}
    return tuple(sorted(_hash(part, setting) for part in parts))


def _hash(part: str, setting: Setting) -> str:
    return setting.keyed_hash(part)[:_HASH]
