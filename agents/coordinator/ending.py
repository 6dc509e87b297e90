"""The end of content: champions decide jointly that it is destroyed, or one stays that. [L07, L09, M7.1, M8]

READ: jointly is one message of each. There have to agree the champions of the agency that brought the matter
and of every agency whose information is in it, two agencies at least.
READ: a champion is the liaison officer of an agency while they attest that its policy is current.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from agents.coordinator import brought, hidden_words
from agents.coordinator.authority import require_right
from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.governance import Consent, Purge, Stay, is_decided
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.retention import Document, Keeping, term_of
from agents.coordinator.setting import Setting, hashing_with
from agents.deciding import Decided, Fact, Refused
from agents.partnership import Partnership
from messages.envelope import Envelope
from messages.governance import CasePurgeRequested, CaseStayDecided
from messages.sealing import KeptContext
from messages.words import Actor, Said
from store.port import Store

MOST_BROUGHT = 500
"""Cases that one document brought: far more than there are days in which it can."""


def agree_to_purge(
    document: Document, brought: Sequence[Case], said: CasePurgeRequested, setting: Setting
) -> Decided[Document]:
    """Put a champion's word on record; with the last that is needed it is decided that the content goes, and
    `mash retention purge` then does it. [L09]

    The hashes by which the hub would find a case by its people, or what is said in it, go with that step.

    Raises `Refused`: no champion, a second word of the same agency, or a document that is not done with,
    held, kept longer, or whose destruction is stayed.
    """
    require_champion("purge", said.by, setting)
    if is_decided(document.purge):
        raise _refused(said.by, "already_purged", "This was decided before.")
    before = document.purge.consents if document.purge is not None else ()
    if any(consent.by.agency == said.by.agency for consent in before):
        raise _refused(said.by, "already_agreed", "A champion of your agency has agreed to it.")
    term = term_of(document, brought, setting.partnership, setting.today)
    if term.keeping is Keeping.OPEN:
        raise _refused(said.by, "case_open", "Only content that is done with is destroyed.")
    if term.stayed_for:
        raise _refused(
            said.by,
            "purge_stayed",
            f"It is stayed for: {', '.join(term.stayed_for)}; have that lifted first.",
        )
    if term.rule is None or term.until is None:
        raise _refused(
            said.by,
            "retention_held",
            "No rule of retention covers this; until the champions have set one it is held.",
        )
    if term.keeping is Keeping.KEPT:
        raise _refused(said.by, "retention_not_over", f"The rule {term.rule} keeps it until {term.until}.")
    consents = (*before, Consent(by=said.by, at=setting.now))
    missing = _missing(document, consents, setting.partnership)
    facts = [Fact("purge.agreed", said.by, {"rule": term.rule, "waiting_for": missing})]
    decided_at = None if missing else setting.now
    changes: dict[str, Any] = {"purge": Purge(consents=consents, rule=term.rule, decided_at=decided_at)}
    if not missing:
        champions = [consent.by.model_dump(mode="json") for consent in consents]
        detail = {"champions": champions, "rule": term.rule, "kept_until": term.until.isoformat()}
        facts.append(Fact("purge.decided", said.by, detail))
        if isinstance(document, Case):
            document = hidden_words.forgotten(document)
            changes |= {"identity_hashes": (), "unnamed_hashes": ()}
        elif isinstance(document, MissingPerson):
            changes |= {"person_hashes": ()}
    return Decided(document.model_copy(update=changes), (), tuple(facts))


def stay(
    document: Document, brought: Sequence[Case], said: CaseStayDecided, setting: Setting
) -> Decided[Document]:
    """Put a stay on, or lift the own agency's. A stay ends what champions agreed to so far. [L09]

    Raises `Refused`: no champion, a stay that is on already, or none to be lifted.
    """
    require_champion("stay_purge", said.by, setting)
    own = [one for one in document.stays if (one.by.agency, one.ground) == (said.by.agency, said.ground)]
    if said.stay == bool(own):
        raise (
            _refused(said.by, "already_stayed", "Your agency's stay on this ground is on.")
            if said.stay
            else _refused(said.by, "not_stayed", "Your agency has no stay on this ground here.")
        )
    changes: dict[str, Any]
    if said.stay:
        changes = {"stays": (*document.stays, Stay(by=said.by, ground=said.ground, at=setting.now))}
        if not is_decided(document.purge):
            changes["purge"] = None
    else:
        changes = {"stays": tuple(one for one in document.stays if one not in own)}
    detail = {"ground": said.ground}
    fact = Fact("purge.stayed", said.by, detail) if said.stay else Fact("purge.stay_lifted", said.by, detail)
    return Decided(document.model_copy(update=changes), (), (fact,))


def require_champion(right: str, actor: Actor, setting: Setting) -> None:
    """The actor holds the right, and is a liaison officer whose attestation of the policy holds. [L07]

    Raises
    ------
    Refused
        ``not_a_liaison_officer``, ``policy_not_attested``, or what `require_right` refuses.
    """
    require_right(right, actor, setting)
    officers = [
        one for one in setting.partnership.liaison if (one.person, one.agency) == (actor.person, actor.agency)
    ]
    if not officers:
        raise _refused(
            actor, "not_a_liaison_officer", "It is for the agency's liaison officer ([[liaison]])."
        )
    if not any(one.current(setting.today) for one in officers):
        raise _refused(
            actor,
            "policy_not_attested",
            "The liaison officer first attests that the agency's policy is current (attested_until).",
        )


def concerned(document: Document, partnership: Partnership) -> frozenset[str]:
    """The agencies whose champions have to agree: the one that brought it, and those whose information is in
    it. [L09]"""
    source = partnership.sources.get(document.source)
    brought = {source.agency} if source is not None else set()
    match document:
        case Case():
            return frozenset(brought.union(*({e.holder, e.owner} for e in document.elements)))
        case Dial():
            known = {check.by.agency for check in document.checks}
            history = {document.history.by.agency} if document.history is not None else set()
            return frozenset(brought | known | history)
        case MissingPerson():
            return frozenset(brought)


def _missing(document: Document, consents: Iterable[Consent], partnership: Partnership) -> list[str]:
    """Agencies that still have to agree; ``another`` is any second one."""
    agreed = {consent.by.agency for consent in consents}
    missing = sorted(concerned(document, partnership) - agreed)
    return missing or (["another"] if len(agreed) < 2 else [])


def _refused(by: Actor, reason: str, remedy: str) -> Refused:
    return Refused(reason, remedy, by=by)


Rule = Callable[[Any, Sequence[Case], Any, Setting], Decided[Any]]

RULES: Mapping[type[Said], Rule] = {CasePurgeRequested: agree_to_purge, CaseStayDecided: stay}
"""What is decided about the content of a document of any kind, and the rule that says how."""


class Endings:
    """The end of content, for documents of every part.

    ``store`` is only asked for the cases that a document brought.
    """

    def __init__(self, partnership: Partnership, store: Store, index_key: bytes) -> None:
        self._partnership = partnership
        self._store = store
        self._keyed_hash = hashing_with(index_key)

    def concerns(self, envelope: Envelope) -> bool:
        """Whether a message is about the end of content."""
        return type(envelope.payload) in RULES

    async def prepare(self, envelopes: Iterable[Envelope]) -> Mapping[str, Any]:
        """The cases that the documents brought. Raises StoreError."""
        return {
            envelope.id: await brought_by(self._store, envelope.subject)
            for envelope in envelopes
            if self.concerns(envelope)
        }

    def decide(self, state: Any, envelope: Envelope, now: datetime, brought: Any) -> Decided[Any]:
        """What follows from a message. Raises `agents.deciding.Refused`."""
        if not isinstance(state, Document):
            raise Refused(
                "case_unknown",
                "Set subject to the id of a case, a DIAL or a missing person.",
                fields=("subject",),
            )
        setting = Setting(now, self._partnership, envelope.id, envelope.source, self._keyed_hash)
        return RULES[type(envelope.payload)](state, brought or (), envelope.payload, setting)

    def require_content(self, state: Any, envelope: Envelope) -> None:
        """A DIAL or a missing person takes no more once the content is to be destroyed. Raises `Refused`."""
        if isinstance(state, Dial | MissingPerson) and is_decided(state.purge):
            raise Refused(
                "content_destroyed",
                "What this id stands for was destroyed; report it under an id of its own.",
            )


async def brought_by(store: Store, document: str) -> tuple[Case, ...]:
    """The cases that a DIAL or a missing person brought, as they stand. Raises StoreError."""
    return (await brought_by_each(store, [document]))[document]


async def brought_by_each(store: Store, documents: Sequence[str]) -> dict[str, tuple[Case, ...]]:
    """The cases that each of these documents brought, as they stand. Raises StoreError."""
    if not documents:
        return {}
    keys = await store.keys_with_any(brought.OPENED, documents, MOST_BROUGHT * len(documents))
    found = await store.load(keys)
    cases = [Case.model_validate_json(kept.state, context=KeptContext()) for kept in found.values()]
    return {
        key: tuple(c for c in cases if c.brought_by and c.brought_by.document == key) for key in documents
    }
