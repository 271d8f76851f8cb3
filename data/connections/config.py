"""The connections to fetch from, configured in the secrets file or in environment variables, which take precedence.

[open_eplatform.extern]                       OPEN_EPLATFORM_EXTERN_BASE=https://e-tjanster.example.se
base = "https://e-tjanster.example.se"        OPEN_EPLATFORM_EXTERN_USER=…
interfaces = ["catalogue", "statistics"]      OPEN_EPLATFORM_EXTERN_INTERFACES=catalogue,statistics
"""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit

from data.base.errors import Notice
from data.connections.errors import InvalidConnection
from data.connections.settings import EXAMPLES, INTERFACES, PATHS, Interface, Settings

SECRETS = Path(__file__).parents[2] / ".streamlit" / "secrets.toml"
TABLE, PREFIX = "open_eplatform", "OPEN_EPLATFORM_"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_VARIABLE = re.compile(rf"{PREFIX}(\w+?)_({'|'.join(EXAMPLES)})", re.I | re.A)


class Secret:
    """A text that is hidden in logs, tracebacks and format strings, and cannot be pickled."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "•••"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")


@dataclass(frozen=True)
class Connection:
    """One installation of Open ePlatform and the interfaces that may be read there. Its repr has no user or password."""

    name: str
    base: str
    interfaces: tuple[Interface, ...] = ("catalogue",)
    user: str | None = field(default=None, repr=False)
    password: Secret | None = field(default=None, repr=False)
    audience: Literal["external", "internal"] | None = None
    since: date | None = None
    pause: float = 0.5
    connect_timeout: float = 10.0
    read_timeout: float = 120.0
    paths: Mapping[str, str] = field(default_factory=lambda: dict(PATHS))

    @property
    def host(self) -> str:
        """The host name of the base address."""
        return urlsplit(self.base).hostname or ""


def load_connections(
    secrets: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[Connection, ...]:
    """All connections, in order of name. InvalidConnection for the first whose settings are invalid."""
    valid, errors = connections_and_errors(secrets, environment)
    for error in errors:
        raise error
    return valid


def connections_and_errors(
    secrets: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[tuple[Connection, ...], tuple[InvalidConnection, ...]]:
    """The connections with valid settings, in order of name, and the errors of the others."""
    valid: list[Connection] = []
    errors: list[InvalidConnection] = []
    try:
        settings = _settings(secrets or SECRETS, os.environ if environment is None else environment)
    except InvalidConnection as error:
        return (), (error,)
    for name in sorted(settings):
        try:
            valid.append(_require_unique_base(_connection(name, settings[name]), valid))
        except InvalidConnection as error:
            errors.append(error)
    return tuple(valid), tuple(errors)


def _settings(secrets: Path, environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The raw settings by connection name. A variable takes precedence over the file."""
    settings = _load_file(secrets)
    names = {name.upper().replace("-", "_"): name for name in settings}  # as part of a variable's name
    for variable, value in environment.items():
        if variable.upper().startswith(PREFIX):
            match = _VARIABLE.fullmatch(variable)
            if not match:
                raise InvalidConnection(InvalidConnection.SETTING, name=TABLE, setting=variable, known=_known())
            name = names.setdefault(match[1].upper(), match[1].lower().replace("_", "-"))
            settings.setdefault(name, {})[match[2].lower()] = value
    return settings


def _known() -> str:
    return ", ".join(EXAMPLES)


def _load_file(path: Path) -> dict[str, dict[str, Any]]:
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig")).get(TABLE, {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # its message may quote the file's content
        line = re.search(r"line (\d+)", str(error))
        place = Notice(InvalidConnection.AT_LINE, {"line": line[1]}) if line else ""
        file = f"{path.parent.name}/{path.name}"
        raise InvalidConnection(InvalidConnection.NOT_TOML, file=file, place=place) from None
    if not isinstance(raw, dict):
        raise InvalidConnection(InvalidConnection.NOT_A_TABLE, name="…")
    for name, value in raw.items():
        if not isinstance(value, dict):
            raise InvalidConnection(InvalidConnection.NOT_A_TABLE, name=name)
    return {name: dict(value) for name, value in raw.items()}


def _connection(name: str, raw: Mapping[str, Any]) -> Connection:
    if not _NAME.fullmatch(name):
        raise InvalidConnection(InvalidConnection.NAME, name=name[:40])
    unknown = next((setting for setting in raw if setting not in EXAMPLES), None)
    if unknown:
        raise InvalidConnection(InvalidConnection.SETTING, name=name, setting=unknown, known=_known())
    values = Settings(name, raw)
    user, password = values.text("user"), values.text("password")
    if bool(user) != bool(password):
        missing = "password" if user else "user"
        raise InvalidConnection(InvalidConnection.INCOMPLETE_LOGIN, name=name, missing=missing)
    return Connection(
        name,
        values.base(bool(password)),
        values.interfaces(INTERFACES if user else INTERFACES[:1]),
        user,
        Secret(password) if password else None,
        values.audience(),
        values.month("since"),
        values.seconds("pause", 0.5, 0.0),
        values.seconds("connect_timeout", 10.0),
        values.seconds("read_timeout", 120.0),
        {setting: values.path(setting) for setting in PATHS},
    )


def _require_unique_base(connection: Connection, others: Sequence[Connection]) -> Connection:
    same = next((other.name for other in others if other.base == connection.base), None)
    if same:
        raise InvalidConnection(InvalidConnection.DUPLICATE_BASE, name=connection.name, other=same)
    return connection
