"""The settings of a process: from the environment (``MASH_*``), a TOML file and flags, in rising order.

What a flag says counts most, then the file, then the environment. URLs are secret values because they
carry passwords; `shown` says everything that may be shown.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from messages.refusal import field_problems

DEFAULT_FILE = Path("mash.toml")
HIDDEN = "********"
_PASSWORD = re.compile(r"(?<=://)([^/@:\s]*):([^/\s]*)@")

_SCHEMES = {
    "broker_url": ("amqp://", "amqps://", "embedded:"),
    "store_url": ("mongodb://", "mongodb+srv://", "sqlite:///"),
}
"""How the URLs of the engines begin."""


class SettingsInvalid(Exception):
    """Settings that cannot be used: one line for each, with its name and what it takes."""


class Settings(BaseSettings):
    """Everything that differs from one installation, or one process, to the next.

    ``data`` is the folder of everything that a process keeps on disk. A path that is not set lies in it.
    """

    model_config = SettingsConfigDict(
        env_prefix="MASH_",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_default=True,
    )

    broker_url: SecretStr | None = Field(
        default=None,
        description="amqp:// or amqps:// with the party's name and password, or embedded:; "
        "standard: what is in keys, else embedded:",
    )
    store_url: SecretStr | None = Field(
        default=None, description="mongodb://… or sqlite:///folder; standard: the folder store in data"
    )
    mongo_driver: Literal["pymongo", "motor"] = Field(default="pymongo", description="pymongo or motor")
    management_url: SecretStr | None = Field(
        default=None, description="RabbitMQ's management API with an administrator's name and password"
    )
    partnership: str = Field(
        default="staffordshire-2012", description="name of a bundled partnership, or its folder"
    )
    data: Path = Field(default=Path("mash-data"), description="folder of all that is kept on disk")
    keys: Path | None = Field(
        default=None, description="folder of keys and passwords, one folder for each party; standard: in data"
    )
    agencies: Path | None = Field(
        default=None, description="folder with one folder of records for each agency; standard: in data"
    )
    agency_folder: Path | None = Field(default=None, description="the records of this one agency")
    otlp_endpoint: str | None = Field(default=None, description="where spans go, http://host:4318")
    traces: Path | None = Field(default=None, description="folder of the spans kept here; standard: in data")
    traces_mb: int = Field(
        default=64,
        ge=0,
        le=100_000,
        description="megabytes of spans kept here for each party, the latest; 0 keeps none",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    log_format: Literal["json", "text"] = Field(default="json", description="json or text")
    clock: Literal["system", "scaled"] = Field(default="system", description="system or scaled")
    clock_origin: datetime | None = Field(
        default=None, description="scaled: the real moment at which it starts, with a UTC offset"
    )
    clock_start: datetime | None = Field(
        default=None, description="scaled: what it shows at that moment, with a UTC offset"
    )
    clock_factor: float = Field(default=1.0, gt=0, description="scaled: how many times real speed")
    batch: int = Field(default=64, ge=1, le=1000, description="messages taken in one step, 1 to 1000")
    poll: float = Field(default=5.0, gt=0, le=3600, description="seconds between looks for work left behind")
    health_file: Path | None = Field(default=None, description="file that is fresh while the agent is well")
    dashboard_url: str | None = Field(
        default=None, description="where browsers reach the dashboard, https://…; goes with oidc_issuer"
    )
    dashboard_idle: int = Field(
        default=30, ge=1, le=480, description="minutes after which an idle session ends, 1 to 480"
    )
    dashboard_longest: int = Field(
        default=12, ge=1, le=24, description="hours after which every session ends, 1 to 24"
    )
    oidc_issuer: str | None = Field(
        default=None, description="OpenID Connect provider by which people sign in, https://…"
    )
    oidc_client: str | None = Field(
        default=None, description="the dashboard's name at the provider; goes with oidc_issuer"
    )
    oidc_secret_file: Path | None = Field(
        default=None, description="file with its secret at the provider; goes with oidc_issuer"
    )
    oidc_claim: str = Field(
        default="sub", description="claim with the person's id of the register, or PERSON@AGENCY"
    )

    @field_validator("clock_origin", "clock_start")
    @classmethod
    def _has_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.utcoffset() is None:
            raise PydanticCustomError("offset_missing", "needs a UTC offset")
        return value

    @field_validator("broker_url", "store_url")
    @classmethod
    def _has_known_scheme(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        known = _SCHEMES[str(info.field_name)]
        if value is not None and not value.get_secret_value().lower().startswith(known):
            raise PydanticCustomError("scheme_unknown", "begins with no known scheme")
        return value

    @model_validator(mode="after")
    def _scaled_is_whole(self) -> Settings:
        if self.clock == "scaled" and (self.clock_origin is None or self.clock_start is None):
            raise PydanticCustomError("clock_incomplete", "scaled needs clock_origin and clock_start")
        return self

    @property
    def store_at(self) -> str:
        """The store's URL, the standard one when none is set."""
        if self.store_url is not None:
            return self.store_url.get_secret_value()
        return f"sqlite:///{quote(str(self.data / 'store'))}"

    @property
    def keys_at(self) -> Path:
        return self.keys or self.data / "keys"

    @property
    def agencies_at(self) -> Path:
        return self.agencies or self.data / "agencies"

    @property
    def traces_at(self) -> Path:
        return self.traces or self.data / "traces"


def read_settings(file: Path | None = None, **flags: Any) -> Settings:
    """The settings of this process. Flags that are None were not given.

    Raises
    ------
    SettingsInvalid
        naming each setting that is wrong, never its value.
    """
    if file is not None and not file.is_file():
        raise SettingsInvalid(f"no such file: {file}; correct --config")
    toml = file or DEFAULT_FILE

    class FromFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, TomlConfigSettingsSource(settings_cls, toml), env_settings

    lines: list[str] = []
    try:
        return FromFile(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        lines = [_line(problem) for problem in field_problems(error)]
    except ValueError:  # not TOML; said out here, because the text may hold a password
        lines = [f"{toml}: not valid TOML; correct the file"]
    raise SettingsInvalid("\n".join(lines))


def _line(problem: str) -> str:
    where, _, kind = problem.partition(": ")
    name = where.split(".")[0]
    if kind == "extra_forbidden":
        return f"{name}: no such setting; `mash settings` lists them all"
    field = Settings.model_fields.get(name)
    takes = f"takes {field.description}" if field and field.description else kind
    return f"{name}: {takes} ({kind}); set MASH_{name.upper()}, {name} in mash.toml, or a flag"


def without_password(url: str) -> str:
    """A URL as it may be shown: the password, and a query that may hold one, hidden."""
    shown = _PASSWORD.sub(lambda found: f"{found[1]}:{HIDDEN}@", url)
    return re.sub(r"(?i)(password|secret|token|key)=[^&]*", rf"\1={HIDDEN}", shown)


def shown(settings: Settings) -> dict[str, str | int | float | None]:
    """Every setting as it may be shown, by name."""
    found: dict[str, str | int | float | None] = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = without_password(value.get_secret_value())
        found[name] = value if isinstance(value, int | float | None) else str(value)
    return found
