"""The settings of one connection, converted to their types."""

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
    """The settings of one connection. InvalidConnection names an invalid setting but never its value."""

    def __init__(self, name: str, raw: Mapping[str, Any]) -> None:
        self._name, self._raw = name, raw

    def _invalid(self, setting: str) -> InvalidConnection:
        return InvalidConnection(InvalidConnection.VALUE, name=self._name, setting=setting, example=EXAMPLES[setting])

    def text(self, setting: str) -> str | None:
        """A text; None when it is missing or blank."""
        value = self._raw.get(setting)
        if value is not None and not isinstance(value, str):
            raise self._invalid(setting)
        if setting == "user" and value and ":" in value:  # HTTP Basic splits at the first colon
            raise self._invalid(setting)
        return value or None

    def base(self, login: bool) -> str:
        """The base address without a trailing slash. With a `login` it must be https, unless it is local."""
        base = (self.text("base") or "").strip().rstrip("/")
        if not base:
            raise InvalidConnection(InvalidConnection.BASE, name=self._name)
        try:
            parts = urlsplit(base)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise self._invalid("base") from None
        if "@" in parts.netloc:
            raise InvalidConnection(InvalidConnection.LOGIN_IN_BASE, name=self._name)
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or " " in base:
            raise self._invalid("base")
        if login and parts.scheme == "http" and host not in LOCAL:
            raise InvalidConnection(InvalidConnection.UNENCRYPTED, name=self._name)
        return base

    def interfaces(self, default: tuple[Interface, ...]) -> tuple[Interface, ...]:
        """The interfaces that may be read."""
        raw = self._raw.get("interfaces", list(default))
        requested = re.split(r"[\s,;]+", raw.strip()) if isinstance(raw, str) else raw
        are_texts = isinstance(requested, list) and all(isinstance(one, str) and one for one in requested)
        if not requested or not are_texts:
            raise self._invalid("interfaces")
        known = ", ".join(INTERFACES)
        for one in requested:
            if one not in INTERFACES:
                raise InvalidConnection(InvalidConnection.INTERFACE, name=self._name, interface=one, known=known)
        if set(requested) == {"instances"}:
            raise InvalidConnection(InvalidConnection.INSTANCES_ALONE, name=self._name)
        return tuple(one for one in INTERFACES if one in requested)

    def audience(self) -> Literal["external", "internal"] | None:
        """The audience of all the e-services; None when it differs or is unknown."""
        match self.text("audience"):
            case None:
                return None
            case "external" | "internal" as audience:
                return audience
        raise self._invalid("audience")

    def month(self, setting: str) -> date | None:
        """The first day of a month; None when the setting is missing."""
        text = self.text(setting)
        try:
            return parse_month(text) if text else None
        except ValueError:
            raise self._invalid(setting) from None

    def seconds(self, setting: str, default: float, minimum: float = 0.1) -> float:
        """A time in seconds, at most an hour."""
        try:
            value = float(self._raw.get(setting, default))
        except (TypeError, ValueError):
            raise self._invalid(setting) from None
        if not minimum <= value <= 3600:
            raise self._invalid(setting)
        return value

    def path(self, setting: str) -> str:
        """The path of an interface below the base address."""
        path = self.text(setting) or PATHS[setting]
        braces = re.findall(r"\{[^{}]*\}|[{}]", path)
        if not path.startswith("/") or path.startswith("//") or re.search(r"[\s?#]", path):
            raise self._invalid(setting)
        if braces != (["{family}"] if setting == "instances_path" else []):
            raise self._invalid(setting)
        return path
