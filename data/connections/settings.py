"""The settings of one connection as they are written, each turned into its type; what is wrong is said, never its value."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from data.connections.errors import InvalidConnection
from data.coverage import parse_month

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


class Settings:
    """The settings of one connection, each in its type. InvalidConnection says which cannot be used, never its value."""

    def __init__(self, name: str, raw: Mapping[str, Any]) -> None:
        self._name, self._raw = name, raw

    def _wrong(self, setting: str) -> InvalidConnection:
        return InvalidConnection(InvalidConnection.VALUE, name=self._name, setting=setting, example=EXAMPLES[setting])

    def text(self, setting: str) -> str | None:
        """A text; None where nothing is written."""
        value = self._raw.get(setting)
        if value is not None and not isinstance(value, str):
            raise self._wrong(setting)
        if setting == "user" and value and ":" in value:  # Basic would take the rest for the password
            raise self._wrong(setting)
        return value or None

    def base(self, login: bool) -> str:
        """The address, without a slash at its end. With a `login` it must be protected."""
        base = (self.text("base") or "").strip().rstrip("/")
        if not base:
            raise InvalidConnection(InvalidConnection.BASE, name=self._name)
        try:
            parts = urlsplit(base)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise self._wrong("base") from None
        if "@" in parts.netloc:
            raise InvalidConnection(InvalidConnection.LOGIN_IN_BASE, name=self._name)
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or " " in base:
            raise self._wrong("base")
        if login and parts.scheme == "http" and host not in LOCAL:
            raise InvalidConnection(InvalidConnection.PLAIN, name=self._name)
        return base

    def interfaces(self, default: tuple[Interface, ...]) -> tuple[Interface, ...]:
        """The interfaces that may be read."""
        raw = self._raw.get("interfaces", list(default))
        asked = re.split(r"[\s,;]+", raw.strip()) if isinstance(raw, str) else raw
        if not isinstance(asked, list) or not asked or not all(isinstance(one, str) and one for one in asked):
            raise self._wrong("interfaces")
        known = ", ".join(INTERFACES)
        for one in asked:
            if one not in INTERFACES:
                raise InvalidConnection(InvalidConnection.INTERFACE, name=self._name, interface=one, known=known)
        if set(asked) == {"instances"}:
            raise InvalidConnection(InvalidConnection.FAMILIES, name=self._name)
        return tuple(one for one in INTERFACES if one in asked)

    def audience(self) -> Literal["external", "internal"] | None:
        """Whom the e-services are for, where all of them are for the same."""
        match self.text("audience"):
            case None:
                return None
            case "external" | "internal" as told:
                return told
        raise self._wrong("audience")

    def month(self, setting: str) -> date | None:
        """The first day of a month."""
        text = self.text(setting)
        try:
            return parse_month(text) if text else None
        except ValueError:
            raise self._wrong(setting) from None

    def seconds(self, setting: str, default: float, least: float = 0.1) -> float:
        """A time, at most an hour."""
        try:
            value = float(self._raw.get(setting, default))
        except (TypeError, ValueError):
            raise self._wrong(setting) from None
        if not least <= value <= 3600:
            raise self._wrong(setting)
        return value

    def path(self, setting: str) -> str:
        """Where below the address an interface is."""
        path = self.text(setting) or PATHS[setting]
        braces = re.findall(r"\{.*?\}|[{}]", path)
        if not path.startswith("/") or path.startswith("//") or re.search(r"[\s?#]", path):
            raise self._wrong(setting)
        if braces != (["{family}"] if setting == "instances_path" else []):
            raise self._wrong(setting)
        return path
