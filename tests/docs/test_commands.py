"""The commands of the documentation do what their pages say; those that need servers are there at least."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command
from yarl import URL

from ops.cli import app
from tests.support.page_runner import PageRunner
from tests.support.pages import NOT_RUN, PAGES, ROOT, Block, blocks, commands, is_script, name, spoken, words
from tests.support.servers import MongoServer, RabbitServer

SHELLS = ("sh", "console")
COMMAND_BLOCKS = [block for page in PAGES for block in blocks(page) if block.language in SHELLS]
ON_SERVERS = {block.page for block in COMMAND_BLOCKS if block.mark.startswith("test: servers")}
RUN = {block.page for block in COMMAND_BLOCKS if not block.mark.startswith(NOT_RUN)} - ON_SERVERS
_BEFORE = re.compile(r"^(?:[A-Z_]+=\S* )+")
ANY_PORT = {"--port 8765": "--port 0"}
"""Somebody may have a dashboard open while the tests run."""
_AFTER_COMPOSE = {"run": 1, "up": 0, "logs": 0, "restart": 0}


@pytest.mark.parametrize("page", sorted(RUN), ids=name)
def test_a_reader_who_follows_a_page_sees_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _follow(page, PageRunner(tmp_path, monkeypatch, ANY_PORT))


@pytest.mark.parametrize("page", sorted(ON_SERVERS), ids=name)
def test_a_reader_with_servers_of_their_own_sees_what_a_page_says(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rabbitmq_server: RabbitServer,
    mongo_server: MongoServer,
) -> None:
    amqp = URL(rabbitmq_server.amqp_url)
    management = URL(rabbitmq_server.management_url)
    instead = {
        "mq.example:5672/mash": f"{amqp.host}:{amqp.port}/docs-{secrets.token_hex(4)}",
        "admin:PASSWORD@mq.example:15672": (
            f"{rabbitmq_server.user}:{rabbitmq_server.password}@{management.host}:{management.port}"
        ),
        "mongodb://db.example:27017/?replicaSet=mash": str(
            URL(mongo_server.url).with_path(f"/docs-{secrets.token_hex(4)}", keep_query=True)
        ),
    }
    _follow(page, PageRunner(tmp_path, monkeypatch, instead))


def _follow(page: Path, reader: PageRunner) -> None:
    with reader:
        for block in blocks(page):
            if block.language in SHELLS and not block.mark.startswith(NOT_RUN):
                reader.run(block)


@pytest.mark.parametrize("block", COMMAND_BLOCKS, ids=lambda block: block.where)
def test_every_command_of_a_block_exists_with_its_options(block: Block) -> None:
    for command, _ in commands(block) if not is_script(block) else ():
        for part in _parts(command):
            problem = _problem(part)
            assert problem is None, f"{block.where}: {problem}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_in_the_text_exists_with_its_options(page: Path) -> None:
    for code in spoken(page):
        if re.match(r"(mash|make) [a-z]", code):
            problem = _problem(words(code))
            assert problem is None, f"{name(page)}: `{code}`: {problem}"


def _parts(command: str) -> list[list[str]]:
    """What is run one after the other, or into the other."""
    parts: list[list[str]] = [[]]
    for word in words(_BEFORE.sub("", command)):
        if word in ("|", "&&", ";"):
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _problem(said: list[str]) -> str | None:
    """What does not exist of a command, or None."""
    match said:
        case ["mash", *rest]:
            return _no_such_option(rest)
        case ["make", *rest]:
            targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
            missing = [word for word in rest if "=" not in word and word not in targets]
            return f"make has no {', '.join(missing)}" if missing else None
        case ["docker-compose", *rest]:
            return _no_such_service(rest)
    return None


def _no_such_option(said: list[str]) -> str | None:
    command: Any = get_command(app)
    rest = list(said)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        word = rest.pop(0)
        if word not in command.commands:
            return f"mash has no command {word}"
        command = command.commands[word]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in rest if re.match(r"--[a-z]", word) and word.partition("=")[0] not in known]
    return f"mash {' '.join(said)} has no {', '.join(unknown)}" if unknown else None


def _no_such_service(said: list[str]) -> str | None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    plain = list(_without_options(said))
    if not plain or plain[0] not in _AFTER_COMPOSE:
        return None
    named = plain[1:][: _AFTER_COMPOSE[plain[0]] or None]
    missing = [word for word in named if word not in compose["services"]]
    return f"docker-compose.yml has no service {', '.join(missing)}" if missing else None


def _without_options(said: list[str]) -> Iterator[str]:
    values_of = {"--profile", "-e", "--entrypoint", "--scale"}
    skip = False
    for word in said:
        if skip:
            skip = False
        elif word in values_of:
            skip = True
        elif not word.startswith("-"):
            yield word
