"""``mash refer`` and ``mash decide``: what people say to the hub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from agents.coordinator.cases import case_id_for
from messages.envelope import Envelope
from messages.parties import HUB
from ops import case_views, key_folder
from ops.addressing import as_it_is, decision, referral, require_known
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json
from ops.engines import clock_of, is_embedded, new_id, open_store, partnership_of
from ops.form_document import Document
from ops.hub_lock import hub_runs
from ops.native_forms import completing, read_form
from ops.problem import Problem, WrongInput
from ops.reading_input import read_decision, read_referral, read_text
from ops.sending import Answer, answer_to, send
from ops.settings import Settings
from store.port import Store

_File = Annotated[str, typer.Argument(help="JSON file, or - for standard input", metavar="FILE|-")]
_Wait = Annotated[
    float,
    typer.Option(
        help="Seconds to wait for the hub to accept it; with 0 the command ends at once, and whether the hub "
        "takes the message is then unknown",
        min=0,
    ),
]


@command(app, "refer", example="mash refer ap1.json --source stoke_adult_contact --document ap1.pdf")
async def refer(
    settings: Settings,
    file: _File,
    source: Annotated[
        str | None,
        typer.Option(
            help="The source whose own form it is; without it the file is a referral of the contract"
        ),
    ] = None,
    document: Annotated[
        str | None,
        typer.Option(
            help="The form itself, to be kept as it came; standard: what is in FILE", metavar="FILE"
        ),
    ] = None,
    complete: Annotated[
        list[str] | None,
        typer.Option(
            help="What the form leaves open, as authority=stoke; more than once", metavar="NAME=VALUE"
        ),
    ] = None,
    as_whom: Annotated[
        str | None,
        typer.Option("--as", help="Who of the hub says so (--complete): PERSON@AGENCY of the register"),
    ] = None,
    wait: _Wait = 20.0,
    json_: AsJson = False,
) -> None:
    """Send a referral: JSON with plain text, sealed on the way out.

    With --source it is that source's own form, with the form's names of fields, as the partnership maps them.
    Prints the case id that the referral has from now on.
    """
    name_of: Callable[[str], str] = as_it_is
    if source is None:
        if document or complete or as_whom:
            raise WrongInput("--document, --complete and --as go with a source's own form: add --source")
        said = read_referral(read_text(file))
    else:
        if bool(complete) != bool(as_whom):
            raise WrongInput("--complete and --as go together: what is completed, and who says so")
        partnership = partnership_of(settings)
        filled = read_form(
            read_text(file),
            source,
            partnership,
            document=Document.of(read_text(document), document) if document else None,
            completed=_pairs(complete or []),
            by=completing(as_whom, partnership) if as_whom else None,
        )
        said, name_of = filled.referral, filled.name_of
    now = clock_of(settings).now()
    require_known(said, partnership_of(settings), now, name_of)
    case = case_id_for(said.source, said.referral_id)
    store = await open_store(settings, HUB)
    try:
        await _say(settings, store, referral(said, new_id(), now), case, wait, json_, name_of=name_of)
    finally:
        await store.close()


def _pairs(said: list[str]) -> dict[str, str]:
    """``NAME=VALUE`` each. Raises `WrongInput`."""
    found = {}
    for one in said:
        name, is_pair, value = one.partition("=")
        if not is_pair or not value:
            raise WrongInput("--complete: takes NAME=VALUE, such as authority=stoke")
        found[name] = value
    return found


@command(app, "decide", example="mash decide rating.json --json")
async def decide(settings: Settings, file: _File, wait: _Wait = 20.0, json_: AsJson = False) -> None:
    """Send what staff decide about a case, or what a field team reports.

    The file is {"type": "risk.rated.v1", "case": "C-…", "data": {…}}; a team adds "sender": "team.<code>".
    What is about a DIAL, a missing person or a daily round gives its key, D-…, M-… or round/…, as "case".
    """
    said = read_decision(read_text(file))
    partnership, now = partnership_of(settings), clock_of(settings).now()
    store = await open_store(settings, HUB)
    try:
        envelope = await decision(said, partnership, store, new_id(), now)
        await _say(settings, store, envelope, envelope.subject, wait, json_)
    finally:
        await store.close()


async def _say(
    settings: Settings,
    store: Store,
    envelope: Envelope,
    case: str,
    wait: float,
    json_: bool,
    *,
    name_of: Callable[[str], str] = as_it_is,
) -> None:
    await send(envelope, settings, key_folder.wire_keys_of(settings.keys_at, envelope.source))
    taken = not is_embedded(settings, envelope.source) or hub_runs(settings.data)
    answer = await answer_to(envelope, case, store, wait if taken else 0)
    if json_:
        as_json(_described(envelope, case, answer))
    if answer.outcome == "refused":
        raise Problem(_refusal(answer, envelope.id, case, name_of))
    if not json_:
        typer.echo(case)
    if answer.outcome == "accepted" and not json_ and case.startswith("C-"):
        route = case_views.route_of((await case_views.look_up(store, case))[0])
        if route and route["to"] != "passed_to_teams":
            typer.echo(f"closed: {case_views.route_in_words(route)}", err=True)
    if answer.outcome == "waiting":
        kept = f"message {envelope.id} is kept; do not send it again."
        if not taken:
            kept = f"{kept} No hub runs in {settings.data}: start `mash up` and it is handled"
            if wait:
                raise Problem(kept)
            typer.echo(kept, err=True)
        elif wait:
            raise Problem(
                f"{kept} The hub has not taken it after {wait:.0f} seconds: `mash doctor` says whether it "
                f"runs. Once it is taken `mash case {case}` shows it; if it is refused, "
                "`mash quarantine list`"
            )


def _described(envelope: Envelope, case: str, answer: Answer) -> dict[str, Any]:
    return {
        "case": case,
        "message_id": envelope.id,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "fields": list(answer.fields),
        "remedy": answer.remedy,
    }


def _refusal(answer: Answer, message_id: str, case: str, name_of: Callable[[str], str]) -> str:
    places = dict.fromkeys(map(name_of, answer.fields))
    where = f" at {', '.join(places)}" if places else ""
    remedy = answer.remedy or f"`mash quarantine show {message_id}` has the details."
    if answer.reason == "referral_known":
        remedy = f"It has been received and is {case}; see `mash case {case}`."
    return f"the hub refused it: {answer.reason or 'see quarantine'}{where}. {remedy}"
