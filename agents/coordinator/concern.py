"""The concern as it leaves the hub: as it was referred, or in other words. [A05, D11, D13, D18, M2.7]

READ: what was referred is for the hub to pass on, so nobody has to release it as an owner does an element. It
leaves with the agreement of the package, and with the RED notice, unless it would give a source away. Then it
waits for a sanitised one, which is kept beside it and leaves in its place; that one is the hub's own text, so
it repeats nothing that was not released.
"""

from __future__ import annotations

from agents.coordinator import alerts, hidden_words, length, source_protection, unreleased
from agents.coordinator.authority import require_author, require_right
from agents.coordinator.case import Case
from agents.coordinator.sanitised_concern import SanitisedConcern
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.concern import ConcernSanitised
from messages.words import Actor, Rag


def require_that_it_leaves(case: Case, by: Actor) -> None:
    """No package is agreed without a concern that may leave. Raises `Refused`. [A05, D13]"""
    if case.leaving_concern is None and case.concern_repeats_unreleased:
        raise Refused(
            "concern_not_released",
            "The concern in other words repeats what its owner does not let go any more: say it anew "
            "(concern.sanitised).",
            by=by,
        )
    if case.leaving_concern is None:
        raise Refused(
            "concern_shows_source",
            "The concern would give a source away: say it in other words first (concern.sanitised).",
            by=by,
        )


def sanitise(case: Case, said: ConcernSanitised, setting: Setting) -> Decided[Case]:
    """Put a sanitised concern beside the one that was referred. The teams that were told of a RED case
    without its concern get it now. [D11, D13, E03]

    Raises `Refused`: no right to it, an author who is not on the register, too long, words that still give a
    source away, the concern word for word, or what has not been released.
    """
    require_right("sanitise_concern", said.by, setting)
    require_author(said.sanitised, said.by, setting, field="data.sanitised")
    length.require_at_most(length.ASSESSMENT_BYTES, said, by=said.by)
    text = said.sanitised.text
    source_protection.require_hidden_in(case, (text,), setting, field="data.sanitised.text", by=said.by)
    if hidden_words.is_same(text, case.concern_words, setting):
        raise Refused(
            "not_sanitised",
            "The text is the concern as it was referred, word for word: change it.",
            fields=("data.sanitised.text",),
            by=said.by,
        )
    repeated = unreleased.require_released(case, {"data.sanitised.text": text}, setting, by=said.by)
    kept = SanitisedConcern(
        by=said.by,
        at=setting.now,
        sanitised=said.sanitised,
        rationale=said.rationale,
        words=hidden_words.searchable((text,), setting),
        repeated=repeated,
    )
    after = case.model_copy(update={"sanitised_concerns": (*case.sanitised_concerns, kept)})
    detail = {"transforms": list(said.sanitised.transforms), "author": said.sanitised.author}
    fact = Fact("concern.sanitised", said.by, detail)
    after, told = _told(after, setting)
    return Decided(after, told, (fact,))


def found(before: Case, case: Case) -> tuple[Fact, ...]:
    """For the record, that words were marked which the concern has, so that it no longer leaves."""
    if before.leaving_concern is None or case.leaving_concern is not None:
        return ()
    return (Fact("concern.shows_source"),)


def _told(case: Case, setting: Setting) -> tuple[Case, tuple[Sending, ...]]:
    rating = case.rating
    if rating is None or rating.rag is not Rag.RED or rating.concern_told:
        return case, ()
    told = rating.model_copy(update={"concern_told": True})
    case = case.model_copy(update={"ratings": (*case.ratings[:-1], told)})
    return case, alerts.red(case, told, setting, again="/concern")
