"""Writes packages as JSON and as pages to read and print.

The page is for the duty social worker: what is urgent first, then who, what is known, who did not
answer. Everything on it was released; it comes from the message that the team received.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from agents.partnership import Partnership
from agents.registers import PagePart, ReferenceSlot
from messages.confidential import Confidential
from messages.package import AgencyLine, PackageIssued
from messages.private_folder import make_private_folder
from messages.referral import NativeForm, PersonConcerned
from ops.demo.run import DemoResult
from ops.package_words import ANSWERS, KINDS, SILENCE
from ops.registers import NOT_SUPPLIED

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title</title>
<style>
body { font: 16px/1.45 Arial, sans-serif; color: #111; max-width: 46rem; margin: 1rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: .6rem 0 } h2 { font-size: 1.1rem; margin: 1.3rem 0 .3rem }
.marking { text-align: center; font-weight: bold; text-transform: uppercase; letter-spacing: .05em }
.rating { display: inline-block; padding: .1rem .6rem; border: 3px solid; font-weight: bold }
.red { border-color: #b30000 } .amber { border-color: #b35900 } .blue { border-color: #00478f }
.first { border-left: .5rem solid #111; padding: .1rem 1rem; background: #f3f3f3 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top;
padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #bbb }
.form { white-space: pre-wrap; border: 1px solid #bbb; padding: .5rem 1rem }
.note { color: #444; font-size: .9rem } li { margin-bottom: .5rem }
@media print { body { font-size: 11pt; margin: 0; max-width: none } h2, li, tr { break-inside: avoid } }
</style>
</head>
<body>
<p class="marking">$marking</p>
<h1>$heading</h1>
<p><span class="rating $rag">$rating</span> $category. Received $received, due $due, issued $issued
($punctual). Version $version, for $teams.</p>
$first
$sections
$form
<p class="note">Use it for: $purpose. Agreed by $agreed. Fingerprint $sha256.</p>
<p class="marking">$marking</p>
</body>
</html>
""")


def write_packages(result: DemoResult, partnership: Partnership, folder: Path) -> list[Path]:
    """Write each package as ``<referral>-v<version>.json`` and ``.html``; returns the files.

    What a DIAL or a missing person brought is named after it: ``DIAL-01-meeting-v1.html``.
    The files hold personal data and are readable by their owner alone.
    """
    make_private_folder(folder)
    referrals = {row.outcome.case_id: row.name.replace("/", "-") for row in result.rows}
    written = []
    for package in result.packages:
        case_id = package.package_id.partition("/")[0]
        name = f"{referrals.get(case_id, case_id)}-v{package.version}"
        html = page(package, result.recipients[package.package_id], partnership)
        for suffix, text in ((".json", as_json(package)), (".html", html)):
            file = folder / f"{name}{suffix}"
            file.touch(mode=0o600)
            file.write_text(text, encoding="utf-8")
            written.append(file)
    return written


class _InPlain:
    """Serialisation for somebody who has received the package."""

    def write(self, value: Confidential) -> Any:
        return value.reveal()


def as_json(package: PackageIssued) -> str:
    """The package as JSON with its texts; the same for every team that got it."""
    plain = package.model_dump_json(context=_InPlain(), exclude={"recipient"}, exclude_none=True)
    return json.dumps(json.loads(plain), indent=2, ensure_ascii=False) + "\n"


def page(package: PackageIssued, recipients: Iterable[str], partnership: Partnership) -> str:
    """The package as a page of HTML that needs nothing else, its parts in the partnership's format. [L11]"""
    zone = partnership.clocks.zone
    suggestion = package.suggestion
    urgent = suggestion.urgent_facts if suggestion else None
    times = {
        what: escape(f"{moment.astimezone(zone):%a %d %b %Y %H:%M %Z}")
        for what, moment in (
            ("received", package.received_at),
            ("due", package.due_at),
            ("issued", package.issued_at),
        )
    }
    return _PAGE.substitute(
        times,
        title=escape(f"Package {package.package_id}"),
        heading=KINDS[package.kind],
        marking=_words(package.marking),
        rag=package.rag.value,
        rating=package.rag.value.upper(),
        category=_words(package.category.value).capitalize(),
        punctual="on time" if package.on_time else "late",
        version=package.version,
        teams=" and ".join(_title(partnership.teams, team) for team in recipients),
        first=f'<p class="first"><strong>First:</strong> {_text(urgent)}</p>' if urgent else "",
        sections="\n".join(
            f"<h2>{escape(section.title)}</h2>\n{_PARTS[section.part](package, partnership)}"
            for section in partnership.package_page
        ),
        form=_form(package.form),
        purpose=_words(package.purpose),
        agreed=escape(package.agreed_by.person),
        sha256=package.sha256[:16],
    )


def _text(value: Confidential | None) -> str:
    return escape(value.reveal()) if value is not None else ""


def _words(code: str) -> str:
    return escape(code.replace("_", " "))


def _title(titled: Mapping[str, Any], code: str) -> str:
    return escape(titled[code].title) if code in titled else _words(code)


def _name(person: PersonConcerned) -> str:
    parts = [_text(person.given_name), _text(person.family_name)]
    return " ".join(part for part in parts if part) or "name not known"


def _concern(package: PackageIssued, partnership: Partnership) -> str:
    return f"<p>{_text(package.concern)}</p>"


def _people(package: PackageIssued, partnership: Partnership) -> str:
    rows = "\n".join(map(_person, package.people))
    return f"<table><tr><th>Part</th><th>Name</th><th>Born</th><th>Address</th></tr>\n{rows}\n</table>"


def _person(person: PersonConcerned) -> str:
    also = ", ".join(map(_text, person.also_known_as))
    name = _name(person) + (f"<br>also {also}" if also else "")
    cells = (_words(person.part.value), name, _text(person.date_of_birth), _text(person.address))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _released(package: PackageIssued, partnership: Partnership) -> str:
    names = {p.person_id: _name(p) for p in package.people}
    items = []
    for element in package.elements:
        about = ", ".join(names.get(person, "somebody") for person in element.about)
        notes = [f"{_title(partnership.agencies, element.agency)}, {_words(element.kind)}"]
        if element.owner != element.agency:
            notes.append(f"belongs to {_title(partnership.agencies, element.owner)}")
        if element.sanitised:
            notes.append("in sanitised form")
        if element.presumed_usable:
            notes.append("its owner could not tell whether it is relevant")
        conditions = "".join(f"<br><strong>Condition:</strong> {_text(c)}" for c in element.conditions)
        note = "; ".join(notes)
        said = f"<strong>{about}:</strong> {_text(element.text)}{conditions}"
        items.append(f'<li>{said}<br><span class="note">{note}</span></li>')
    return f"<ul>{''.join(items)}</ul>" if items else "<p>Nothing was released.</p>"


def _agencies(package: PackageIssued, partnership: Partnership) -> str:
    rows = "\n".join(_line(line, partnership) for line in package.agencies)
    return (
        f"<table><tr><th>Agency</th><th>Answer</th><th>Left out</th></tr>\n{rows}\n</table>\n"
        f"{_waiting(package.waiting_for, partnership)}"
    )


def _line(line: AgencyLine, partnership: Partnership) -> str:
    left = [
        f"{count} {what}"
        for count, what in ((line.withheld, "withheld"), (line.waiting, "awaiting a decision"))
        if count
    ]
    agency = _title(partnership.agencies, line.agency)
    return f"<tr><td>{agency}</td><td>{ANSWERS[line.state]}</td><td>{', '.join(left) or '–'}</td></tr>"


def _waiting(codes: Iterable[str], partnership: Partnership) -> str:
    titles = ", ".join(_title(partnership.agencies, code) for code in codes)
    if not titles:
        return ""
    return f"<p><strong>Still waiting for:</strong> {titles}. {SILENCE}</p>"


def _form(form: NativeForm | None) -> str:
    """The source's own form as it came; one that is no text has to be opened from the package itself."""
    if form is None:
        return ""
    head = f"<h2>Form {_words(form.form.upper())}</h2>"
    if not form.is_text:
        return f"{head}<p>It comes with the package as {escape(form.media_type)}.</p>"
    return f'{head}<div class="form">{_text(form.document)}</div>'


def _assessment(package: PackageIssued, partnership: Partnership) -> str:
    made = package.suggestion
    if made is None:
        return "<p>None was made.</p>"
    return (
        f"<p><strong>Suggested course: {_words(made.course.value)}</strong>. "
        "It binds nobody: the decision is the teams'.</p>"
        f"<p>{_text(made.rationale.reason)}</p>{_response(package)}"
    )


def _response(package: PackageIssued) -> str:
    """The level of response to a hate crime. [I03]"""
    if package.response is None:
        return ""
    return f"<p><strong>Level of response: {_words(package.response.level)}</strong>.</p>"


def _procedures(package: PackageIssued, partnership: Partnership) -> str:
    """The procedures for cases of this category; one that was not supplied says so, and is no link. [L13]"""
    items = "".join(
        f"<li>{_procedure(slot)}</li>"
        for slot in partnership.references.values()
        if package.category in slot.categories
    )
    return f"<ul>{items}</ul>" if items else "<p>None is referred to.</p>"


def _procedure(slot: ReferenceSlot) -> str:
    title = escape(slot.title)
    return f'<a href="{escape(slot.link)}">{title}</a>' if slot.link else f"{title}: {NOT_SUPPLIED}"


_PARTS: Mapping[PagePart, Callable[[PackageIssued, Partnership], str]] = {
    "concern": _concern,
    "people": _people,
    "released": _released,
    "agencies": _agencies,
    "assessment": _assessment,
    "procedures": _procedures,
}
