"""``agency.toml``: which files an agency's folder has, and what their columns mean."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from agents.agency.problems import FolderUnsound, key_problems
from messages.words import Code, Id, RiskFlag


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _folded(codes: object) -> object:
    return {str(k).casefold(): v for k, v in codes.items()} if isinstance(codes, dict) else codes


def _inside(name: str) -> str:
    if not name or Path(name).name != name:
        raise ValueError("must be the name of a file in the folder")
    return name


FileName = Annotated[str, AfterValidator(_inside)]
Codes = Annotated[dict[str, Code], BeforeValidator(_folded)]
RiskCodes = Annotated[dict[str, RiskFlag], BeforeValidator(_folded)]


class Table(_Written):
    """A CSV or TSV file."""

    file: FileName
    encoding: str = "utf-8-sig"
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    date_formats: tuple[str, ...] = Field(default=("%Y-%m-%d",), min_length=1)
    unknown: tuple[str, ...] = ("", "unknown", "n/k")

    @property
    def separator(self) -> str:
        """What stands between two values."""
        return self.delimiter or ("\t" if self.file.endswith(".tsv") else ",")


class PeopleColumns(_Written):
    """Headings of the people file."""

    person: str = "person"
    given_name: str = "given_name"
    family_name: str = "family_name"
    also_known_as: tuple[str, ...] = ("also_known_as",)
    date_of_birth: str = "date_of_birth"
    address: tuple[str, ...] = ("address",)
    earlier_addresses: tuple[str, ...] = ("earlier_addresses",)


class RecordColumns(_Written):
    """Headings of the records file."""

    person: str = "person"
    record: str = "record"
    text: str = "text"
    kind: str = "kind"
    owner: str = "owner"
    marking: str = "marking"
    risks: str = "risks"
    source_words: str = "source_words"
    recorded_on: str = "recorded_on"
    sanitised_text: str = "sanitised_text"
    sanitised_transforms: str = "sanitised_transforms"
    sanitised_by: str = "sanitised_by"


class PeopleTable(Table):
    """The people file. ``identifiers`` maps schemes to headings."""

    file: FileName = "people.csv"
    columns: PeopleColumns = PeopleColumns()
    identifiers: dict[Code, str] | None = None


class RecordCodes(_Written):
    """The file's own words, in small letters, and the partnership's codes for them."""

    kind: Codes = Field(default_factory=dict)
    owner: Codes = Field(default_factory=dict)
    marking: Codes = Field(default_factory=dict)
    risks: RiskCodes = Field(default_factory=dict)


class RecordDefaults(_Written):
    """What an empty or missing value means."""

    kind: Code = "record"
    marking: Code | None = None
    sanitised_transforms: Code = "summarised"
    sanitised_by: Id | None = None


class RecordsTable(Table):
    """The records file."""

    file: FileName = "records.csv"
    columns: RecordColumns = RecordColumns()
    codes: RecordCodes = RecordCodes()
    defaults: RecordDefaults = RecordDefaults()
    leave_out_kinds: frozenset[Code] = frozenset()


class WrittenBack(_Written):
    """The file that the worker writes to."""

    file: FileName = "written_back.csv"


class Layout(_Written):
    """The whole of ``agency.toml``."""

    agency: Code
    people: PeopleTable = PeopleTable()
    records: RecordsTable = RecordsTable()
    written_back: WrittenBack = WrittenBack()


def read_layout(file: Path) -> Layout:
    """Read ``agency.toml``.

    Raises
    ------
    FolderUnsound
        with file, key and kind of each problem.
    """
    try:
        return Layout.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError:
        raise FolderUnsound([f"{file.name}: cannot be read; put one into the agency's folder"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise FolderUnsound([f"{file.name}: not TOML in UTF-8; correct the syntax"]) from None
    except ValidationError as error:
        raise FolderUnsound(key_problems(file, error)) from None
