"""The owner's dated rules of disclosure, read from a TOML file and applied. [D23]

The first rule that is in force and fits decides; where none fits, a person does. An element with a risk
flag is released only by a rule that names every flag it carries.
"""

from __future__ import annotations

import string
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agents.agency.ports import ByRule, Circumstances
from agents.agency.problems import FolderUnsound, key_problems
from messages.confidential import Confidential
from messages.words import Choice, Code, ElementChoice, FiveTests, Harm, Id, Moment, OwnersRule, RiskFlag

PLACES = frozenset({"kind", "marking", "purpose", "rule"})
"""What ``$…`` in the owner's texts may stand for."""


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class When(_Written):
    """The conditions of a rule; an empty one always holds."""

    kinds: frozenset[Code] = frozenset()
    markings: frozenset[Code] = frozenset()
    purposes: frozenset[Code] = frozenset()
    risks_present: frozenset[RiskFlag] = frozenset()
    risks_absent: frozenset[RiskFlag] = frozenset()

    def fits(self, element: Circumstances) -> bool:
        """Whether the conditions hold for an element."""
        return (
            (not self.kinds or element.kind in self.kinds)
            and (not self.markings or element.marking in self.markings)
            and (not self.purposes or element.purpose in self.purposes)
            and (not self.risks_present or bool(self.risks_present & element.risks))
            and not self.risks_absent & element.risks
        )


class Tests(_Written):
    """The owner's texts for the five tests. [C10]"""

    relevance: str = Field(min_length=1)
    necessity: str = Field(min_length=1)
    justification: str = Field(min_length=1)
    proportionality: str = Field(min_length=1)
    why: str = Field(min_length=1)


class Considered(_Written):
    """The owner's text on what a release could do to anybody. [C11]"""

    considered: str = Field(min_length=1)


class Rule(_Written):
    """One rule. ``in_force_until`` is the first moment at which it no longer holds."""

    id: Id
    in_force_from: Moment
    in_force_until: Moment | None = None
    approved_by: Id
    choice: Literal[Choice.RELEASE, Choice.RELEASE_SANITISED, Choice.WITHHOLD]
    legal_basis: Code | None = None
    reason: str | None = Field(default=None, min_length=1)
    when: When = When()
    tests: Tests | None = None
    harm: Considered | None = None

    @model_validator(mode="after")
    def _rests_on_enough(self) -> Self:
        if self.choice is Choice.WITHHOLD:
            if self.reason is None:
                raise ValueError("reason is needed to withhold")
        elif self.tests is None or self.harm is None or self.legal_basis is None:
            raise ValueError("tests, harm and legal_basis are needed to release")
        if self.in_force_until is not None and self.in_force_until <= self.in_force_from:
            raise ValueError("in_force_until must be later than in_force_from")
        for text in self._texts():
            template = string.Template(text)
            if not template.is_valid() or set(template.get_identifiers()) - PLACES:
                raise ValueError("texts may use $kind, $marking, $purpose and $rule only")
        return self

    def _texts(self) -> list[str]:
        tests = list(self.tests.model_dump().values()) if self.tests else []
        return [
            *tests,
            *([self.harm.considered] if self.harm else []),
            *([self.reason] if self.reason else []),
        ]

    def in_force(self, now: datetime) -> bool:
        """Whether the rule holds at a moment."""
        return self.in_force_from <= now and (self.in_force_until is None or now < self.in_force_until)

    def fits(self, element: Circumstances) -> bool:
        """Whether the rule speaks of this element: its conditions hold, and to release it, it names every
        risk flag that the element carries."""
        releases = self.choice is not Choice.WITHHOLD
        return self.when.fits(element) and not (releases and element.risks - self.when.risks_present)


class _File(_Written):
    agency: Code
    rule: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len({r.id for r in self.rule}) != len(self.rule):
            raise ValueError("id must differ from rule to rule")
        return self


class OwnersRules:
    """A `agents.agency.ports.DisclosurePolicy` from the owner's rules, in order."""

    def __init__(self, agency: str, rules: tuple[Rule, ...] = ()) -> None:
        self.agency = agency
        self.rules = rules

    def choose(self, element: Circumstances, now: datetime) -> ByRule | None:
        """What the first rule in force that fits says; None leaves it to a person.

        A rule for a sanitised release leaves it to a person when there is no sanitised text: a later rule
        must not release in full what this one wants sanitised.
        """
        for rule in self.rules:
            if rule.in_force(now) and rule.fits(element):
                if rule.choice is Choice.RELEASE_SANITISED and element.suggestion is None:
                    return None
                return ByRule(self._named(rule), _choice(rule, element))
        return None

    def _named(self, rule: Rule) -> OwnersRule:
        return OwnersRule(
            rule=rule.id,
            agency=self.agency,
            in_force_from=rule.in_force_from,
            approved_by=rule.approved_by,
        )


def _choice(rule: Rule, element: Circumstances) -> ElementChoice:
    # People read these texts: codes stand in them as words, the id of the rule as it is.
    places = {
        "kind": element.kind.replace("_", " "),
        "marking": element.marking.replace("_", " "),
        "purpose": element.purpose.replace("_", " "),
        "rule": rule.id,
    }

    def text(template: str) -> Confidential:
        return Confidential(string.Template(template).substitute(places))

    tests = rule.tests and FiveTests(**{name: text(value) for name, value in rule.tests})
    harm = rule.harm and Harm(categories=tuple(sorted(element.risks)), considered=text(rule.harm.considered))
    sanitised = element.suggestion if rule.choice is Choice.RELEASE_SANITISED else None
    return ElementChoice(
        choice=rule.choice,
        tests=tests,
        harm=harm,
        legal_basis=rule.legal_basis,
        purpose=element.purpose,
        sanitised=sanitised,
        reason=text(rule.reason) if rule.reason else None,
    )


def read_rules(file: Path, agency: str) -> OwnersRules:
    """Read an agency's rules; without the file there are none.

    Raises
    ------
    FolderUnsound
        with file, key and kind of each problem.
    """
    if not file.exists():
        return OwnersRules(agency)
    try:
        written = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise FolderUnsound([f"{file.name}: not TOML in UTF-8; correct the syntax"]) from None
    except ValidationError as error:
        raise FolderUnsound(key_problems(file, error)) from None
    if written.agency != agency:
        raise FolderUnsound([f"{file.name}: agency: must be the agency of agency.toml"])
    return OwnersRules(agency, written.rule)
