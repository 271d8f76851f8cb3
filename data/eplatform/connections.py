"""The installations to fetch from: the secrets file beside the app, and environment variables, which go before it.

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
from typing import Any, Literal, NoReturn, get_args
from urllib.parse import urlsplit

from data.cover import as_month
from data.eplatform.trouble import WrongConnection
from data.language import translations

SECRETS = Path(__file__).parents[2] / ".streamlit" / "secrets.toml"
TABLE, PREFIX = "open_eplatform", "OPEN_EPLATFORM_"
Interface = Literal["catalogue", "statistics", "instances"]
INTERFACES: tuple[Interface, ...] = get_args(Interface)
LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))
PATHS = {
    "catalogue_path": "/api/v1/getflows/xml",
    "versions_path": "/api/flowinstancestatistics/getflows/xml",
    "statistics_path": "/api/flowinstancestatistics/getflowinstances/xml",
    "instances_path": "/api/instanceapi/getinstances/family/{family}",
}
EXAMPLES = {
    "base": "https://e-tjanster.example.se",
    "interfaces": "catalogue, statistics, instances",
    "user": "…",
    "password": "…",
    "audience": "external / internal",
    "since": "2025-01",
    "pause": "0.5",
    "connect_timeout": "10",
    "read_timeout": "120",
    **PATHS,
}
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_VARIABLE = re.compile(rf"{PREFIX}(\w+?)_({'|'.join(EXAMPLES)})", re.I | re.A)


class Secret:
    """A text that does not show itself in a log, a traceback, a pickle or a format string."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text, for the one place that sends it."""
        return self._text

    def __repr__(self) -> str:
        return "•••"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never written down")


@dataclass(frozen=True)
class Connection:
    """One installation of Open ePlatform, and what may be read there. Who logs in does not show."""

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
        """The name of the machine, as it stands in the addresses of its flows."""
        return urlsplit(self.base).hostname or ""


def connections(secrets: Path | None = None, environment: Mapping[str, str] | None = None) -> tuple[Connection, ...]:
    """Every installation that is set up, in order of name; WrongConnection for the first whose settings are wrong."""
    good, wrong = configured(secrets, environment)
    for error in wrong:
        raise error
    return good


def configured(
    secrets: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[tuple[Connection, ...], tuple[WrongConnection, ...]]:
    """The installations that are set up, and what is wrong with the settings of the others."""
    good: list[Connection] = []
    wrong: list[WrongConnection] = []
    try:
        found = _settings(secrets or SECRETS, os.environ if environment is None else environment)
    except WrongConnection as error:
        return (), (error,)
    for name in sorted(found):
        try:
            good.append(_apart(_connection(name, found[name]), good))
        except WrongConnection as error:
            wrong.append(error)
    return tuple(good), tuple(wrong)


def _settings(secrets: Path, environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """By name, the settings as they are written. A variable goes before the file."""
    found = _file(secrets)
    spelt = {_spelt(name): name for name in found}
    for variable, value in environment.items():
        if variable.upper().startswith(PREFIX):
            match = _VARIABLE.fullmatch(variable)
            if not match:
                raise WrongConnection(WrongConnection.SETTING, name=TABLE, setting=variable, known=_known())
            name = spelt.setdefault(match[1].upper(), match[1].lower().replace("_", "-"))
            found.setdefault(name, {})[match[2].lower()] = value
    return found


def _spelt(name: str) -> str:
    return name.upper().replace("-", "_")


def _known() -> str:
    return ", ".join(EXAMPLES)


def _file(path: Path) -> dict[str, dict[str, Any]]:
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig")).get(TABLE, {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # its own words could hold what stands in the file
        line = re.search(r"line (\d+)", str(error))
        raise _NotToml(path, line[1] if line else "") from None
    if not isinstance(raw, dict):
        raise WrongConnection(WrongConnection.TABLE, name="…")
    for name, value in raw.items():
        if not isinstance(value, dict):
            raise WrongConnection(WrongConnection.TABLE, name=name)
    return {name: dict(value) for name, value in raw.items()}


class _NotToml(WrongConnection):
    def __init__(self, path: Path, line: str) -> None:
        self._line = line
        super().__init__(WrongConnection.FILE, file=f"{path.parent.name}/{path.name}", place="")

    def sentence(self, language: str = "sv") -> str:
        place = translations(language).gettext(WrongConnection.PLACE) % {"line": self._line}
        self.params["place"] = place if self._line else ""
        return super().sentence(language)


def _connection(name: str, raw: Mapping[str, Any]) -> Connection:
    if not _NAME.fullmatch(name):
        raise WrongConnection(WrongConnection.NAME, name=name[:40])
    strange = next((setting for setting in raw if setting not in EXAMPLES), None)
    if strange:
        raise WrongConnection(WrongConnection.SETTING, name=name, setting=strange, known=_known())
    values = _Values(name, raw)
    user, password = values.text("user"), values.text("password")
    if bool(user) != bool(password):
        missing = "password" if user else "user"
        raise WrongConnection(WrongConnection.HALF_LOGIN, name=name, missing=missing)
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


def _apart(one: Connection, others: Sequence[Connection]) -> Connection:
    same = next((other.name for other in others if other.base == one.base), None)
    if same:
        raise WrongConnection(WrongConnection.TWICE, name=one.name, other=same)
    return one


class _Values:
    """The settings of one connection, each in its type. WrongConnection says which cannot be used, never its value."""

    def __init__(self, name: str, raw: Mapping[str, Any]) -> None:
        self._name, self._raw = name, raw

    def _wrong(self, setting: str) -> WrongConnection:
        return WrongConnection(WrongConnection.VALUE, name=self._name, setting=setting, example=EXAMPLES[setting])

    def text(self, setting: str) -> str | None:
        value = self._raw.get(setting)
        if value is not None and not isinstance(value, str):
            raise self._wrong(setting)
        if setting == "user" and value and ":" in value:  # Basic would take the rest for the password
            raise self._wrong(setting)
        return value or None

    def base(self, login: bool) -> str:
        base = (self.text("base") or "").strip().rstrip("/")
        if not base:
            raise WrongConnection(WrongConnection.BASE, name=self._name)
        try:
            parts = urlsplit(base)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise self._wrong("base") from None
        if "@" in parts.netloc:
            raise WrongConnection(WrongConnection.LOGIN_IN_BASE, name=self._name)
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or " " in base:
            raise self._wrong("base")
        if login and parts.scheme == "http" and host not in LOCAL:
            raise WrongConnection(WrongConnection.PLAIN, name=self._name)
        return base

    def interfaces(self, default: tuple[Interface, ...]) -> tuple[Interface, ...]:
        raw = self._raw.get("interfaces", list(default))
        asked = re.split(r"[\s,;]+", raw.strip()) if isinstance(raw, str) else raw
        if not isinstance(asked, list) or not asked or not all(isinstance(one, str) and one for one in asked):
            raise self._wrong("interfaces")
        known = ", ".join(INTERFACES)
        for one in asked:
            if one not in INTERFACES:
                raise WrongConnection(WrongConnection.INTERFACE, name=self._name, interface=one, known=known)
        if set(asked) == {"instances"}:
            raise WrongConnection(WrongConnection.FAMILIES, name=self._name)
        return tuple(one for one in INTERFACES if one in asked)

    def audience(self) -> Literal["external", "internal"] | None:
        match self.text("audience"):
            case None:
                return None
            case "external" | "internal" as told:
                return told
        raise self._wrong("audience")

    def month(self, setting: str) -> date | None:
        text = self.text(setting)
        try:
            return as_month(text) if text else None
        except ValueError:
            raise self._wrong(setting) from None

    def seconds(self, setting: str, default: float, least: float = 0.1) -> float:
        try:
            value = float(self._raw.get(setting, default))
        except (TypeError, ValueError):
            raise self._wrong(setting) from None
        if not least <= value <= 3600:
            raise self._wrong(setting)
        return value

    def path(self, setting: str) -> str:
        path = self.text(setting) or PATHS[setting]
        braces = re.findall(r"\{.*?\}|[{}]", path)
        if not path.startswith("/") or path.startswith("//") or re.search(r"[\s?#]", path):
            raise self._wrong(setting)
        if braces != (["{family}"] if setting == "instances_path" else []):
            raise self._wrong(setting)
        return path
