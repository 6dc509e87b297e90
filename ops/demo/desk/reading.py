"""What somebody has to read before they can say it: a prepared text that its owner releases as it is."""

from __future__ import annotations

from messages.confidential import Confidential
from messages.disclosure import Decision, DisclosureDecided
from messages.words import Said
from store.vault import Reader, Vault


async def read_for(said: Said, case_id: str, vault: Vault) -> Said:
    """The message with the prepared texts in it that it only refers to, read from the vault in the name of
    the person who decides; the reading is on record.

    Raises
    ------
    VaultError, StoreError
    """
    if not isinstance(said, DisclosureDecided) or said.by is None:
        return said
    refs = [
        d.choice.sanitised.text.ref
        for d in said.decisions
        if d.choice.sanitised is not None and not d.choice.sanitised.text.here and d.choice.sanitised.text.ref
    ]
    if not refs:
        return said
    reader = Reader(said.by.person, said.by.role, said.by.agency)
    texts = await vault.read(case_id, refs, reader=reader, purpose="disclosure_decision")
    return said.model_copy(update={"decisions": tuple(_with_text(d, texts) for d in said.decisions)})


def _with_text(decision: Decision, texts: dict[str, str]) -> Decision:
    sanitised = decision.choice.sanitised
    if sanitised is None or sanitised.text.here or sanitised.text.ref not in texts:
        return decision
    told = sanitised.model_copy(update={"text": Confidential(texts[sanitised.text.ref])})
    return decision.model_copy(update={"choice": decision.choice.model_copy(update={"sanitised": told})})
