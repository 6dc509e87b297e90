"""What sources do outside the hub stays theirs: intake touches nothing of it. [A11, A12, G2.3NB, G2.4]"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agents.coordinator import needs
from agents.deciding import Refused
from messages.catalogue import CATALOGUE, Kind
from messages.intake import ThresholdDecided
from messages.notices import OutcomeNotified
from messages.parties import HUB
from messages.referral import NativeForm
from messages.words import Category
from tests.support.hub_system import HubSystem, hub_system_on
from tests.support.procedure import PARTNERSHIP, SENIOR_PRACTITIONER, Procedure, referral, secret, why

NOT_MASH = (
    {"category": Category.CHILD_PROTECTION, "section_47_belief": None},
    {"category": Category.DOMESTIC_VIOLENCE, "section_47_belief": None, "police_response": False},
)
"""A child's welfare without the belief that section 47 is met; an incident that police did not attend."""

OWN_FUNCTIONS = {
    "police_cru": "police",
    "first_response": "csc_staffordshire",
    "emergency_duty": "csc_staffordshire",
}
"""The three that keep their telephone lines and functions, and whose they are. [G2.3NB]"""

FORM = "  First Response form v7\r\n\tBox 3:\u00a0“see overleaf” \r\n\r\n"
SCAN = base64.b64encode(bytes(range(256))).decode()


@pytest.mark.parametrize("work", NOT_MASH, ids=["child's welfare", "no police response"])
@pytest.mark.parametrize("source", OWN_FUNCTIONS)
def test_what_is_not_for_the_hub_goes_back_to_its_source_and_to_nobody_else_a11_b06(
    source: str, work: dict[str, object]
) -> None:
    hub = Procedure()
    (sent,) = hub.refer(source=source, **work)
    assert sent.to == f"source.{source}" and isinstance(sent.payload, OutcomeNotified)
    assert (sent.payload.outcome, sent.payload.reason_code) == ("not_in_mash", "no_live_cohort")
    assert sent.payload.redirected_to == PARTNERSHIP.sources[source].agency == OWN_FUNCTIONS[source]
    assert sent.payload.referral_id == "R-1"


@pytest.mark.parametrize("source", OWN_FUNCTIONS)
def test_the_hub_does_nothing_more_with_it_a11(source: str) -> None:
    """It runs no clock, asks nobody, needs nobody, and decides nothing about it, nor where it goes."""
    hub = Procedure()
    hub.refer(source=source, **NOT_MASH[0])
    before = hub.case
    assert needs.needs(hub.case) == () and hub.due is None
    for met, redirect_to in ((True, None), (False, "housing")):
        said = ThresholdDecided(by=SENIOR_PRACTITIONER, met=met, rationale=why(), redirect_to=redirect_to)
        with pytest.raises(Refused, match="case_closed"):
            hub.say(said)
    assert hub.case == before and len(hub.sent) == 1


def test_the_hub_has_no_word_by_which_it_could_tell_a_source_what_to_do_a11() -> None:
    """All that a source can hear is what became of its referral, and that a message was not accepted."""
    heard = {d.title for d in CATALOGUE.values() if Kind.SOURCE in d.receivers}
    assert heard == {"outcome.notified.v1", "message.rejected.v1"}
    told = set(OutcomeNotified.model_fields)
    assert told == {"referral_id", "about", "outcome", "redirected_to", "reason_code", "reason"}


def test_a_referral_once_made_is_not_made_over_a11() -> None:
    hub = Procedure()
    hub.refer()
    before = hub.case
    with pytest.raises(Refused, match="referral_known"):
        hub.refer(concern=secret("something else"))
    assert hub.case == before


@pytest.mark.parametrize("work", [{}, NOT_MASH[0]], ids=["taken", "not taken"])
def test_a_source_is_asked_for_no_field_of_the_hubs_own_beyond_the_referral_a11_a12(
    work: dict[str, object],
) -> None:
    """Its form may be of any kind and have any content, or there may be none."""
    for form in (
        None,
        NativeForm(form="first_response", media_type="text/plain", document=secret(FORM)),
        NativeForm(form="somebody-s_own", media_type="image/png", document=secret(SCAN)),
    ):
        hub = Procedure()
        hub.refer(form=form, **work)
        assert (hub.case.form is None) == (form is None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[HubSystem]:
    async with hub_system_on("embedded", request, tmp_path_factory.mktemp("hub")) as hub:
        await hub.start_hub()
        yield hub


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("media_type", "document"), [("text/plain", FORM), ("image/png", SCAN)])
@pytest.mark.parametrize("work", [{}, NOT_MASH[0]], ids=["taken", "not taken"])
async def test_the_sources_own_form_and_words_stay_as_they_came_a11_a13(
    system: HubSystem, media_type: str, document: str, work: dict[str, object]
) -> None:
    form = NativeForm(form="first_response", media_type=media_type, document=secret(document))
    words = "\tShe said:  “it’s nothing”\r\n"
    said = referral(referral_id=f"R-{media_type[:4]}-{len(work)}", form=form, concern=secret(words), **work)
    case = await system.case(await system.refer(said))
    assert case.form is not None and case.form.document.ref is not None and case.concern.ref is not None
    assert (case.form.form, case.form.media_type) == ("first_response", media_type)
    refs = [case.form.document.ref, case.concern.ref]
    await system.until_settled()
    texts = await (await system.given(HUB)).vault.texts_for_sending(refs)
    assert texts == {case.form.document.ref: document, case.concern.ref: words}
