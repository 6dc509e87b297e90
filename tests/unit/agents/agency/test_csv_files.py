"""An agency's folder: what is read from it, and what is said of one that is not sound."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from agents.agency.csv_source import CsvSource
from agents.agency.folder import worker_from
from agents.agency.layout import read_layout
from agents.agency.ports import HeldElement, Keyed
from agents.agency.problems import FolderUnsound
from agents.agency.rules import read_rules
from messages.words import RiskFlag
from tests.support.agencies import PEOPLE, RECORDS, RECORDS_KEY, person, police_folder

GOLDIE = person(given="Marigold", family="Thistlewood", born="2014-03-09")


def source(folder: Path) -> CsvSource:
    return CsvSource.read(folder, read_layout(folder / "agency.toml"), Keyed(RECORDS_KEY))


async def held(folder: Path) -> list[HeldElement]:
    return list((await source(folder).find(GOLDIE)).elements)


def problems(folder: Path) -> str:
    with pytest.raises(FolderUnsound) as unsound:
        worker_from(folder, RECORDS_KEY)
    text = str(unsound.value)
    for value in ("Thistlewood", "Marigold", "Quill", "Officers", "P-77", "31/31/2014", "secretword"):
        assert value not in text
    return text


async def test_standard_columns_need_no_layout(tmp_path: Path) -> None:
    elements = await held(police_folder(tmp_path / "f"))
    attendance, intelligence = elements
    assert attendance.text.reveal() == "Officers called to the address."
    assert attendance.recorded_on == date(2026, 1, 14)
    assert attendance.record.span == (0, 30)
    assert attendance.suggestion is None
    assert [w.reveal() for w in intelligence.source_words] == ["Quill"]
    assert intelligence.suggestion is not None
    assert intelligence.suggestion.text.reveal() == "Shouting was heard."
    assert (intelligence.suggestion.transforms, intelligence.suggestion.author) == (
        ("summarised",),
        "police-records",
    )


async def test_other_headings_words_dates_and_separators_are_mapped(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "agency.toml").write_text(
        """\
agency = "police"
[people]
file = "nominals.tsv"
encoding = "cp1252"
date_formats = ["%d/%m/%Y", "%d.%m.%y"]
unknown = ["not known"]
[people.columns]
person = "URN"
given_name = "Forename"
family_name = "Surname"
date_of_birth = "DOB"
address = ["Street", "Postcode"]
[people.identifiers]
pnc = "PNC ID"
[records]
file = "log.csv"
delimiter = "|"
[records.columns]
person = "URN"
record = "No"
text = "Entry"
kind = "Type"
marking = "GPMS"
risks = "Flags"
[records.codes.kind]
"Crime Report" = "crime_report"
[records.codes.risks]
"CHIS" = "source_at_risk"
[records.defaults]
marking = "restricted"
""",
        encoding="utf-8",
    )
    (folder / "nominals.tsv").write_text(
        "URN\tForename\tSurname\tDOB\tStreet\tPostcode\tPNC ID\n"
        "1\tZoë\tThistlewood\t09/03/2014\t1 Example Row\tZZ1 1ZZ\t2008/0056560Z\n"
        "2\tMarigold\tThistlewood\t09.03.14\tnot known\t\tNot Known\n",
        encoding="cp1252",
    )
    (folder / "log.csv").write_text(
        "No|URN|Entry|Type|GPMS|Flags\n7|2|One, two.|CRIME REPORT||chis; third_party_harm\n", encoding="utf-8"
    )
    (element,) = await held(folder)
    assert (element.kind, element.marking, element.owner) == ("crime_report", "restricted", "police")
    assert element.risks == (RiskFlag.SOURCE_AT_RISK, RiskFlag.THIRD_PARTY_HARM)
    found = await source(folder).find(person(given="Zoe", family="Thistlewood", pnc="08/56560Z"))
    assert found.held_as == ("1",)


async def test_one_file_may_serve_as_people_and_records(tmp_path: Path) -> None:
    both = (
        "person,given_name,family_name,date_of_birth,record,text,kind,marking\n"
        "P-1,Marigold,Thistlewood,2014-03-09,1,One.,a,protect\n"
        "P-1,Marigold,Thistlewood,2014-03-09,2,Two.,a,protect\n"
    )
    layout = '[people]\nfile = "all.csv"\n[records]\nfile = "all.csv"\n'
    folder = police_folder(tmp_path / "f", layout=layout)
    (folder / "all.csv").write_text(both, encoding="utf-8")
    assert [e.text.reveal() for e in await held(folder)] == ["One.", "Two."]


async def test_rows_of_one_record_are_pieces_of_one_document(tmp_path: Path) -> None:
    rows = "person,record,text,kind,marking\nP-1,7,One.,a,protect\nP-1,7,Two lines.,a,protect\n"
    one, other = await held(police_folder(tmp_path / "f", records=rows))
    assert one.record.document == other.record.document == "7"
    assert one.record.digest == other.record.digest
    assert (one.record.span, other.record.span) == ((0, 3), (5, 14))
    assert one.fingerprint != other.fingerprint


async def test_a_fingerprint_stays_when_a_document_grows_and_goes_when_the_text_changes(
    tmp_path: Path,
) -> None:
    (before, _) = await held(police_folder(tmp_path / "a"))
    grown = RECORDS + "P-1,R-100,They called again.,attendance,,protect,,,,\n"
    assert before.fingerprint in {
        e.fingerprint for e in await held(police_folder(tmp_path / "b", records=grown))
    }
    changed = RECORDS.replace("Officers called", "Nobody called")
    folder = police_folder(tmp_path / "c", records=changed)
    assert await source(folder).recall([before.fingerprint]) == {}


async def test_line_breaks_and_separators_inside_quotation_marks_are_kept(tmp_path: Path) -> None:
    rows = 'person,record,text,kind,marking\nP-1,7,"One, ""two""\nthree.",a,protect\n'
    (element,) = await held(police_folder(tmp_path / "f", records=rows))
    assert element.text.reveal() == 'One, "two"\nthree.'


@pytest.mark.parametrize(
    ("people", "place"),
    [
        (PEOPLE.replace("2014-03-09", "31/31/2014"), "people.csv, line 2, column date_of_birth"),
        (PEOPLE + "P-1,Ivo,Ashe,,,,,\n", "people.csv, line 5, column person: was there before"),
        (PEOPLE + ",Ivo,Ashe,,,,,\n", "people.csv, line 5, column person: is empty"),
        (PEOPLE + "P-9,Ivo\n", "people.csv, line 5: has 2 values for 8 columns"),
        (PEOPLE.replace("person,", "ref,", 1), "people.csv, line 1, column person: is missing"),
        (PEOPLE.replace("family_name", "given_name", 1), "line 1, column given_name: is there twice"),
        (PEOPLE + 'P-9,"Ivo,Ashe,,,,,\n', "people.csv, line 5: quotation marks do not match"),
        ("", "people.csv, line 1, column person: is missing"),
    ],
)
def test_a_problem_in_the_people_file_is_named_by_its_place(tmp_path: Path, people: str, place: str) -> None:
    assert place in problems(police_folder(tmp_path / "f", people=people))


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("P-77,1,Text.,a,,protect,,,,", "line 6, column person: names somebody who is not in the people"),
        (",1,Text.,a,,protect,,,,", "line 6, column person: is empty"),
        ("P-1,,Text.,a,,protect,,,,", "line 6, column record"),
        ("P-1,no spaces,Text.,a,,protect,,,,", "line 6, column record"),
        ("P-1,1,,a,,protect,,,,", "line 6, column text: is empty"),
        ("P-1,1,Text.,Crime Report,,protect,,,,", "line 6, column kind: is not a code"),
        ("P-1,1,Text.,a,The Police,protect,,,,", "line 6, column owner: is not a code"),
        ("P-1,1,Text.,a,,,,,,", "line 6, column marking: is not a code"),
        ("P-1,1,Text.,a,,protect,CHIS,,,", "line 6, column risks: has a word that is no risk flag"),
        ("P-1,1,Text.,a,,protect,,,14/01/2026,", "line 6, column recorded_on: is not a date"),
        (
            "P-1,1,Text.,a,,protect,,secretword,,Secretword said so.",
            "line 6, column sanitised_text: still has",
        ),
        (
            "P-1,1,Gray saw it.,a,,protect,,,,GRAY  saw it",
            "line 6, column sanitised_text: is the text itself",
        ),
        (f"P-1,1,{'x' * 20_001},a,,protect,,,,", "line 6, column text: is longer than 20000"),
        ("P-1,R-100,Officers called to the address.,a,,protect,,,,", "says the same as line 2"),
    ],
)
def test_a_problem_in_the_records_file_is_named_by_its_place(tmp_path: Path, row: str, place: str) -> None:
    text = problems(police_folder(tmp_path / "f", records=f"{RECORDS}{row}\n"))
    assert text.startswith("records.csv")
    assert place in text


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    rows = "".join(f"P-77,{n},Text.,a,,protect,,,,\n" for n in range(30))
    text = problems(police_folder(tmp_path / "f", records=RECORDS + rows))
    assert text.count("line") == 20
    assert text.endswith("and 10 more problems like these")


@pytest.mark.parametrize(
    ("layout", "place"),
    [
        ("nonsense = 1", "agency.toml: nonsense: no such key"),
        ('[people]\nfile = "../people.csv"', "agency.toml: people.file: must be the name of a file"),
        ("[people", "agency.toml: not TOML"),
        ('[people]\nfile = "elsewhere.csv"', "elsewhere.csv: cannot be read"),
        ('[people]\nencoding = "klingon"', "people.csv: its encoding is not known"),
        ('[people.columns]\ngiven_name = "first"', "people.csv, line 1, column first: is missing"),
        ('[people.identifiers]\nupn = "upn"', "people.csv, line 1, column upn: is missing"),
        ('[records.codes.risks]\nCHIS = "spy"', "agency.toml: records.codes.risks.chis: enum"),
    ],
)
def test_a_problem_in_the_layout_is_named_by_its_key(tmp_path: Path, layout: str, place: str) -> None:
    assert place in problems(police_folder(tmp_path / "f", layout=layout))


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    folder = police_folder(tmp_path / "f")
    (folder / "people.csv").write_bytes("person,given_name\nP-1,Zoë\n".encode("cp1252"))
    assert "people.csv: is not utf-8-sig" in problems(folder)


def test_a_folder_without_a_layout_is_told_so(tmp_path: Path) -> None:
    assert "agency.toml: cannot be read" in problems(tmp_path)


def test_the_examples_of_the_reference_can_be_read(tmp_path: Path) -> None:
    reference = Path(__file__).parents[4] / "docs" / "reference" / "agency-folder.md"
    layout, rules = re.findall(r"```toml\n(.*?)```", reference.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "agency.toml").write_text(layout, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(rules, encoding="utf-8")
    assert read_layout(tmp_path / "agency.toml").agency == "police"
    assert len(read_rules(tmp_path / "rules.toml", "police").rules) == 2
